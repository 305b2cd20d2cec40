// Finding and running programs: what execve(2) and execvp(3) do.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/base_image.h"
#include "mocks/in_memory/kernel/kernel_impl.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {
namespace {

constexpr int kNotFound = 127;
constexpr int kNotExecutable = 126;
constexpr int kMaxInterpreters = 4;
// Linux reads no more of a script's first line.
constexpr std::size_t kScriptLine = 256;
constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// What stands behind "#!": the interpreter, and everything else as one argument.
std::vector<std::string> InterpreterLine(std::string_view head) {
  std::string_view line = Trim(head.substr(2, head.find('\n') - 2));
  if (line.empty()) return {};
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  std::vector<std::string> words = {std::string(line.substr(0, end))};
  const std::string_view rest = Trim(line.substr(end));
  if (!rest.empty()) words.emplace_back(rest);
  return words;
}

class ProgramFinder {
 public:
  ProgramFinder(FileSystem& files, const ProgramTable& programs, const std::string& cwd)
      : files_(files), programs_(programs), cwd_(cwd) {}

  IoResult<Process::Program> Find(std::string_view name, std::string_view path) const {
    if (name.empty()) return IoError(std::errc::no_such_file_or_directory);
    if (name.find('/') != std::string_view::npos) {
      IoResult<Process::Program> program = Load(name, 0);
      // execve knows no other reason for a directory.
      const bool folder = !program && program.error() == std::errc::is_a_directory;
      return folder ? IoError(std::errc::permission_denied) : std::move(program);
    }
    std::errc error = std::errc::no_such_file_or_directory;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find(':', begin), path.size());
      const std::string_view directory = path.substr(begin, end - begin);
      begin = end + 1;
      const std::string file = JoinPath(directory.empty() ? "." : directory, name);
      IoResult<Process::Program> program = Load(file, 0);
      if (program || program.error() == std::errc::executable_format_error) return program;
      if (program.error() == std::errc::permission_denied) error = program.error();
    }
    return IoError(error);
  }

 private:
  IoResult<Process::Program> Load(std::string_view file, int depth) const {
    const IoResult<InodePtr> inode = files_.Find(JoinPath(cwd_, file));
    if (!inode) return IoError(inode.error());
    const FileStatus status = files_.Stat(**inode);
    if (status.type == FileType::kDirectory) return IoError(std::errc::is_a_directory);
    if (status.type != FileType::kRegular || (status.mode & 0111) == 0) {
      return IoError(std::errc::permission_denied);
    }
    const std::string head = files_.ReadAt(**inode, 0, kScriptLine);
    if (head.starts_with("#!")) return LoadScript(file, head, depth);
    const auto program = programs_.find(ProgramInFile(head));
    if (program == programs_.end()) return IoError(std::errc::executable_format_error);
    return Process::Program{program->second, std::string(file)};
  }

  IoResult<Process::Program> LoadScript(std::string_view file, std::string_view head,
                                        int depth) const {
    std::vector<std::string> words = InterpreterLine(head);
    if (words.empty()) return IoError(std::errc::executable_format_error);
    if (depth >= kMaxInterpreters) return IoError(std::errc::too_many_symbolic_link_levels);
    IoResult<Process::Program> interpreter = Load(words[0], depth + 1);
    if (!interpreter) {
      // What is no program, or a folder, cannot interpret another.
      if (interpreter.error() == std::errc::executable_format_error ||
          interpreter.error() == std::errc::is_a_directory) {
        return IoError(std::errc::permission_denied);
      }
      return interpreter;
    }
    words.emplace_back(file);
    Main main = [words = std::move(words), run = std::move(interpreter->main)](Process& process) {
      std::vector<std::string> args = words;
      if (!process.args.empty()) {
        args.insert(args.end(), process.args.begin() + 1, process.args.end());
      }
      process.args = std::move(args);
      return run(process);
    };
    return Process::Program{std::move(main), std::string(file)};
  }

  FileSystem& files_;
  const ProgramTable& programs_;
  const std::string& cwd_;
};

// "env: ‘NAME’: …". Where `caller` ends in a quotation mark, or a blank, the name follows at once,
// and the mark is closed behind it.
std::string Complaint(std::string_view caller, std::string_view name) {
  std::string text = std::string(caller).append(name);
  if (caller.ends_with("‘")) return text + "’";
  if (caller.ends_with('\'')) return text + "'";
  if (caller.ends_with(' ')) return text;
  return std::string(caller).append(": ‘").append(name) + "’";
}

int Fail(Process& process, std::string_view caller, std::string_view name, std::errc error) {
  (void)process.Write(2, Complaint(caller, name) + ": " + ErrnoText(error) + "\n");
  const bool missing = error == std::errc::no_such_file_or_directory;
  return missing ? kNotFound : kNotExecutable;
}

}  // namespace

IoResult<Process::Program> Process::FindProgram(std::string_view name,
                                                std::string_view path) const {
  Kernel::Impl& kernel = *kernel_.impl_;
  IoResult<Program> program = ProgramFinder(kernel.files, *kernel.programs, cwd).Find(name, path);
  if (!program) return program;
  program->main = [run = std::move(program->main)](Process& process) {
    process.state_->ResetHandledSignals();
    const CharacterSetScope scope(!HasUtf8Locale(process.env));
    return run(process);
  };
  return program;
}

int Process::Exec(std::string_view caller) {
  const std::string name = args.empty() ? std::string() : args[0];
  const auto path = env.find("PATH");
  const std::string search(path == env.end() ? kDefaultPath : std::string_view(path->second));
  IoResult<Program> program = FindProgram(name, search);
  if (!program && program.error() == std::errc::executable_format_error) {
    // execvp(3) takes it for a script of the shell.
    args.insert(args.begin(), "sh");
    program = FindProgram("/bin/sh", {});
  }
  if (!program) return Fail(*this, caller, name, program.error());
  return program->main(*this);
}

ExitStatus Process::Execute(SpawnOptions options, std::string_view caller) {
  const IoResult<ExitStatus> status =
      Call(std::move(options), [caller](Process& child) { return child.Exec(caller); });
  if (status) return *status;
  return {.code = Fail(*this, caller, "fork", status.error()), .signal = 0};
}

}  // namespace computesdk::in_memory
