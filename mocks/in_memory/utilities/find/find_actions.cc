#include <fcntl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/find/find_expression.h"

namespace computesdk::in_memory {
namespace {

// As many bytes of arguments as one command of "-exec … +" gets.
constexpr std::size_t kMostArguments = std::size_t{128} * 1024;

std::string ReplaceBraces(std::string text, const std::string& path) {
  for (std::size_t at = 0; (at = text.find("{}", at)) != std::string::npos; at += path.size()) {
    text.replace(at, 2, path);
  }
  return text;
}

// What -execdir calls a file, from the folder that it is in.
std::string NameInFolder(const std::string& path) {
  if (path.find_first_not_of('/') == std::string::npos) return "/";
  return "./" + LastComponent(path) + (path.ends_with('/') ? "/" : "");
}

int RunCommand(FindRun& run, std::vector<std::string> args, std::optional<std::string> folder) {
  run.out.Flush();
  SpawnOptions options;
  options.args = std::move(args);
  options.cwd = std::move(folder);
  return run.process.Execute(std::move(options), run.process.args[0]).ShellCode();
}

// Collects names for "-exec … +".
struct Batch {
  std::vector<std::string> command;
  std::vector<std::string> names;
  std::size_t bytes = 0;

  void Run(FindRun& run) {
    if (names.empty()) return;
    std::vector<std::string> args = command;
    args.insert(args.end(), names.begin(), names.end());
    names.clear();
    bytes = 0;
    if (RunCommand(run, std::move(args), std::nullopt) != 0) run.status = 1;
  }
};

// A command that is looked for where the files are could be one of them.
void CheckPath(FindArguments& arguments, const std::string& primary) {
  const auto variable = arguments.process().env.find("PATH");
  if (variable == arguments.process().env.end()) return;
  std::string_view rest = variable->second;
  for (bool more = true; more;) {
    const std::size_t end = rest.find(':');
    const std::string folder(rest.substr(0, end));
    more = end != std::string_view::npos;
    if (more) rest.remove_prefix(end + 1);
    if (folder.empty() || folder == ".") {
      arguments.Fail(
          "The current directory is included in the PATH environment variable, which is insecure "
          "in combination with the " +
          primary +
          " action of find.  Please remove the current directory from your $PATH (that is, remove "
          "\".\", doubled colons, or leading or trailing colons)");
    }
    if (folder[0] != '/') {
      arguments.Fail("The relative path " + QuotedWord(folder) +
                     " is included in the PATH environment variable, which is insecure in "
                     "combination with the " +
                     primary + " action of find.  Please remove that entry from $PATH");
    }
  }
}

// "{}" may stand before the "+" only, and alone.
void CheckBraces(FindArguments& arguments, const std::string& primary,
                 const std::vector<std::string>& command) {
  const auto has_braces = [](const std::string& word) {
    return word.find("{}") != std::string::npos;
  };
  if (std::count_if(command.begin(), command.end(), has_braces) > 1) {
    arguments.Fail("Only one instance of {} is supported with " + primary + " ... +");
  }
  if (command.back() != "{}") {
    arguments.Fail("In " + QuotedWord(primary + " ... {} +") + " the " + QuotedWord("{}") +
                   " must appear by itself, but you specified " + QuotedWord(command.back()));
  }
}

FindTest ExecAction(FindRun& run, FindArguments& arguments, const std::string& primary) {
  const bool in_folder = primary.ends_with("dir");
  const bool asks = primary.starts_with("-ok");
  if (in_folder) CheckPath(arguments, primary);
  std::vector<std::string> command;
  bool plus = false;
  while (true) {
    if (arguments.AtEnd()) arguments.Fail("missing argument to `" + primary + "'");
    std::string word = arguments.Take();
    if (word == ";") break;
    plus =
        word == "+" && !asks && !command.empty() && command.back().find("{}") != std::string::npos;
    if (plus) {
      CheckBraces(arguments, primary, command);
      command.pop_back();
      break;
    }
    command.push_back(std::move(word));
  }
  if (command.empty()) arguments.Fail("invalid argument `;' to `" + primary + "'");
  if (plus && !in_folder) {
    auto batch = std::make_shared<Batch>();
    batch->command = std::move(command);
    run.at_end.emplace_back([&run, batch] { batch->Run(run); });
    return [&run, batch](FindFile& file) {
      batch->names.push_back(file.path);
      batch->bytes += file.path.size() + 1;
      if (batch->bytes > kMostArguments) batch->Run(run);
      return true;
    };
  }
  if (plus) command.emplace_back("{}");
  return [&run, command, in_folder, asks](FindFile& file) {
    const std::string name = in_folder ? NameInFolder(file.path) : file.path;
    std::vector<std::string> args;
    args.reserve(command.size());
    for (const std::string& word : command) args.push_back(ReplaceBraces(word, name));
    if (asks) {
      run.out.Flush();
      if (!Confirm(run.process, "< " + args[0] + " ... " + file.path + " > ? ")) return false;
    }
    std::optional<std::string> folder;
    if (in_folder) folder = run.process.AbsolutePath(ParentPath(file.path));
    return RunCommand(run, std::move(args), std::move(folder)) == 0;
  };
}

bool Delete(FindRun& run, const FindFile& file) {
  if (file.path == "." || file.path == "..") return true;
  const std::string path = run.process.AbsolutePath(file.path);
  const IoStatus removed = file.status.type == FileType::kDirectory
                               ? run.process.files().RemoveDirectory(path)
                               : run.process.files().Unlink(path);
  if (!removed) {
    run.Trouble("cannot delete " + QuotedWord(file.path) + ": " + ErrnoText(removed.error()));
  }
  return removed.has_value();
}

// The file that -fprint and the like write to, made empty; the same for the same name.
std::shared_ptr<Output> OpenOutput(FindRun& run, FindArguments& arguments,
                                   const std::string& name) {
  auto& outputs = run.outputs;
  const auto found = outputs.find(name);
  if (found != outputs.end()) return found->second;
  const auto fd = run.process.Open(name, O_WRONLY | O_CREAT | O_TRUNC);
  if (!fd) arguments.Fail(QuotedWord(name) + ": " + ErrnoText(fd.error()));
  auto output = std::make_shared<Output>(run.process, *fd);
  outputs.emplace(name, output);
  return output;
}

// -fprint, -fprint0, -fprintf and -fls.
std::optional<FindTest> ParseFileAction(FindRun& run, FindArguments& arguments,
                                        const std::string& primary) {
  if (primary != "-fprint" && primary != "-fprint0" && primary != "-fprintf" && primary != "-fls") {
    return std::nullopt;
  }
  auto output = OpenOutput(run, arguments, arguments.ValueOf(primary));
  if (primary == "-fls") {
    return [&run, output](FindFile& file) {
      *output << FindListing(run, file);
      return true;
    };
  }
  if (primary == "-fprintf") {
    const std::string format = arguments.ValueOf(primary);
    CheckFindFormat(run.process, arguments, format);
    return [&run, output, format](FindFile& file) {
      bool stopped = false;
      *output << FormatFindFile(run, file, format, stopped);
      if (stopped) output->Flush();
      return true;
    };
  }
  return [output, end = primary == "-fprint" ? '\n' : '\0'](FindFile& file) {
    *output << file.path;
    output->Put(end);
    return true;
  };
}

}  // namespace

std::optional<FindTest> ParseFindAction(FindRun& run, FindArguments& arguments,
                                        const std::string& primary) {
  if (primary == "-print" || primary == "-print0") {
    const char end = primary == "-print" ? '\n' : '\0';
    return [&run, end](FindFile& file) {
      run.out << file.path;
      run.out.Put(end);
      return true;
    };
  }
  if (primary == "-printf") {
    const std::string format = arguments.ValueOf(primary);
    CheckFindFormat(run.process, arguments, format);
    return [&run, format](FindFile& file) {
      bool stopped = false;
      run.out << FormatFindFile(run, file, format, stopped);
      if (stopped) run.out.Flush();
      return true;
    };
  }
  if (primary.starts_with("-f") && primary != "-false") {
    if (auto action = ParseFileAction(run, arguments, primary)) return action;
  }
  if (primary == "-ls") {
    return [&run](FindFile& file) {
      run.out << FindListing(run, file);
      return true;
    };
  }
  if (primary == "-exec" || primary == "-execdir" || primary == "-ok" || primary == "-okdir") {
    return ExecAction(run, arguments, primary);
  }
  if (primary == "-delete") {
    run.contents_first = true;
    return [&run](FindFile& file) { return Delete(run, file); };
  }
  if (primary == "-prune") {
    return [&run](FindFile&) {
      run.prune = true;
      return true;
    };
  }
  if (primary == "-quit") {
    return [&run](FindFile&) {
      run.quit = true;
      return true;
    };
  }
  return std::nullopt;
}

}  // namespace computesdk::in_memory
