#include <algorithm>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/shell.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

// Commands that are programs.
namespace computesdk::in_memory::shell {

namespace {

bool IsFolder(Process& process, const std::string& path) {
  const auto status = process.files().Stat(process.AbsolutePath(path));
  return status && status->type == FileType::kDirectory;
}

// As a script learns it that `exec` runs: "./f" below the current folder.
std::string WholePath(const Process& process, std::string_view name) {
  if (name.starts_with("./"))
    name.remove_prefix(std::min(name.find_first_not_of('/', 1), name.size()));
  return process.AbsolutePath(std::string(name));
}

// A file that is neither a program nor begins with "#!" is a script of this shell.
int RunPlainScript(Process& child) {
  child.args.insert(child.args.begin(), "bash");
  return ShellMain(child);
}

bool StartsWithHash(Process& process, const std::string& path) {
  const auto content = process.files().ReadFile(process.AbsolutePath(path));
  return content && content->compare(0, 2, "#!") == 0;
}

// The next shell adds one to SHLVL.
void LowerShellLevel(std::map<std::string, std::string>& environment) {
  const auto found = environment.find("SHLVL");
  if (found == environment.end()) return;
  const auto level = ParsePlainNumber(found->second);
  if (level) found->second = std::to_string(std::max<std::int64_t>(*level - 1, 0));
}

bool LooksBinary(Process& process, const std::string& path) {
  const auto content = process.files().ReadFile(process.AbsolutePath(path));
  return content && IsBinaryText(*content);
}

// What a name may stand for along a path, in its order.
std::vector<std::string> FilesAlong(const std::string& path, const std::string& name) {
  std::vector<std::string> files;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string folder = path.substr(at, end - at);
    files.push_back(folder.empty() ? name : name.empty() ? folder : JoinPath(folder, name));
    at = end + 1;
  }
  return files;
}

// The first one of that name along a path that may be executed; empty if there is none.
std::string FirstFile(Process& process, const std::string& name, const std::string& path) {
  for (std::string& file : FilesAlong(path, name)) {
    const auto status = process.files().Stat(process.AbsolutePath(file));
    if (status && status->type == FileType::kRegular && (status->mode & 0111) != 0) {
      return std::move(file);
    }
  }
  return "";
}

// What bash would have run for want of something that may be executed: the first thing of that
// name, unless it is a folder.
std::string UnfitFile(Process& process, const std::string& name, const std::string& path) {
  std::string fit = FirstFile(process, name, path);
  if (!fit.empty()) return fit;
  for (std::string& file : FilesAlong(path, name)) {
    const auto status = process.files().Stat(process.AbsolutePath(file));
    if (!status) continue;
    if (status->type == FileType::kDirectory) return "";
    return file == name ? "./" + name : std::move(file);
  }
  return "";
}

// Whether the path has nothing of that name but what cannot be executed, be it a folder.
bool OnlyUnfit(Process& process, const std::string& name, const std::string& path) {
  if (!FirstFile(process, name, path).empty()) return false;
  const std::vector<std::string> files = FilesAlong(path, name);
  return std::any_of(files.begin(), files.end(), [&](const std::string& file) {
    return process.files().Stat(process.AbsolutePath(file)).has_value();
  });
}

// The first file of that name in `path` that may be executed; the name itself for none.
std::string ExecutableFile(Process& process, const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) return name;
  const std::string file = FirstFile(process, name, path);
  return file.empty() ? name : file;
}

}  // namespace

bool IsBinaryText(std::string_view text) {
  std::size_t end = text.find('\n');
  if (text.starts_with("#!") && end != std::string_view::npos) end = text.find('\n', end + 1);
  const std::string_view line = text.substr(0, end);
  const bool elf = line.substr(0, 4) == "\177ELF";
  return elf || line.substr(0, 80).find('\0') != std::string_view::npos;
}

int Interpreter::CallInChild(const FunctionDefinition& function,
                             const std::vector<std::string>& words) {
  const auto result = process.Call(
      MakeChildOptions(), [&, child_state = MakeSubshellState()](Process& child) mutable {
        Interpreter shell(child, std::move(child_state));
        shell.condition_depth = condition_depth;
        int status = shell.Guard([&] { return shell.CallFunction(function, words); });
        if (shell.flow == Flow::kExit) status = shell.exit_status;
        return shell.Finish(status);
      });
  return result ? result->ShellCode() : 254;
}

// Whether it is the interpreter of a script that does not let it run, after saying so.
bool Interpreter::RefuseInterpreter(const std::string& file, std::errc error) {
  if (error == std::errc::no_such_file_or_directory) return false;
  const std::string path = process.AbsolutePath(file);
  const auto status = process.files().Stat(path);
  if (!status || (status->mode & 0111) == 0) return false;
  const auto content = process.files().ReadFile(path);
  if (!content || !content->starts_with("#!")) return false;
  const std::size_t start = std::min(content->find_first_not_of(" \t", 2), content->size());
  const std::size_t end = std::min(content->find_first_of(" \t\n", start), content->size());
  const std::string interpreter = content->substr(start, end - start);
  const std::string source = state.frames.empty() ? "" : FileOf(state.frames.back());
  (void)process.Write(2, (source.empty() ? state.name : source) + ": " + file + ": " + interpreter +
                             ": bad interpreter: " + ErrnoText(error) + "\n");
  return true;
}

// dash looks for what may be executed once more, along the path.
int Interpreter::RefusePlainProgram(const std::string& name, const std::string& path,
                                    bool remembers, std::errc error) {
  const bool along = name.find('/') == std::string::npos;
  const std::string fit = along ? FirstFile(process, name, path) : name;
  if (error == std::errc::no_such_file_or_directory && along) {
    if (OnlyUnfit(process, name, path)) error = std::errc::permission_denied;
    if (!fit.empty() && remembers) EditHash().commands[name] = {fit, 1};
  }
  const bool denied = error == std::errc::permission_denied;
  const bool lost = error == std::errc::no_such_file_or_directory ||
                    error == std::errc::not_a_directory || error == std::errc::filename_too_long;
  Complain(name + ": " + (lost ? "not found" : ErrnoText(error)));
  return lost || (denied && fit.empty()) ? 127 : 126;
}

// What the path, or the table of `hash`, has of that name cannot run; nullopt if it has nothing.
std::optional<int> Interpreter::RefuseUnfit(const std::string& name, const std::string& path,
                                            bool remembers, std::errc error) {
  const HashedCommand* hashed = remembers ? FindHashed(name) : nullptr;
  std::string file = hashed != nullptr ? hashed->file : UnfitFile(process, name, path);
  if (file.starts_with("./") && file.find('/', 2) != std::string::npos) file.erase(0, 2);
  if (file.empty() || !process.files().Stat(process.AbsolutePath(file))) return std::nullopt;
  if (RefuseInterpreter(file, error)) return 126;
  if (hashed == nullptr && remembers && state.options.hash_all && file[0] == '/') {
    EditHash().commands[name] = {file, 1};
  }
  const bool missing = error == std::errc::no_such_file_or_directory;
  Complain(file + ": " + (missing ? "cannot execute: required file not found" : ErrnoText(error)));
  return missing ? 127 : 126;
}

// A name with a slash, or one that no path is asked for.
int Interpreter::RefuseFile(const std::string& name, std::errc error) {
  const bool missing = error == std::errc::no_such_file_or_directory;
  const bool folder = IsFolder(process, name);
  if (!folder && RefuseInterpreter(name, error)) return 126;
  const bool there = missing && process.files().Stat(process.AbsolutePath(name)).has_value();
  Complain(name + ": " +
           (folder  ? "Is a directory"
            : there ? "cannot execute: required file not found"
                    : ErrnoText(error)));
  return missing ? 127 : 126;
}

// Why it cannot run, and the exit code for it.
int Interpreter::RefuseProgram(const std::vector<std::string>& args, const std::string* searched,
                               std::errc error) {
  const std::string& name = args[0];
  const std::string path = searched == nullptr ? GetString("PATH") : *searched;
  const bool remembers = searched == nullptr;
  if (state.plain_sh) return RefusePlainProgram(name, path, remembers, error);
  const bool missing = error == std::errc::no_such_file_or_directory;
  if (!path.empty() && !name.empty() && name.find('/') == std::string::npos) {
    if (const auto status = RefuseUnfit(name, path, remembers, error)) return *status;
  } else if (!missing || name.find('/') != std::string::npos) {
    return RefuseFile(name, error);
  }
  if (path.empty()) {
    Complain(name + ": " + ErrnoText(error));
    return 127;
  }
  const auto handler = state.functions.find("command_not_found_handle");
  if (handler != state.functions.end()) {
    const auto keep_alive = handler->second;
    std::vector<std::string> words = args;
    words.insert(words.begin(), handler->first);
    return CallInChild(*keep_alive, words);
  }
  const HashedCommand* hashed = remembers ? FindHashed(name) : nullptr;
  Complain(hashed != nullptr
               ? hashed->file + ": " + ErrnoText(error)
               : (AllPrintable(name) ? name : QuoteForShell(name)) + ": command not found");
  return 127;
}

int Interpreter::RunProgram(const std::vector<std::string>& args,
                            const std::vector<std::pair<std::string, std::string>>& extra,
                            const std::string* searched) {
  const std::string& name = args[0];
  if (StackIsLow()) FailNesting();
  is_program_ = true;
  if (state.options.restricted && name.find('/') != std::string::npos) {
    Complain(name + ": restricted: cannot specify `/' in command names");
    return 1;
  }
  const auto own_path = std::find_if(extra.begin(), extra.end(),
                                     [](const auto& entry) { return entry.first == "PATH"; });
  if (own_path != extra.end()) searched = &own_path->second;
  IoResult<Process::Program> program = FindProgram(name, searched);
  SpawnOptions options = MakeChildOptions();
  options.args = args;
  if (!program && program.error() == std::errc::executable_format_error) {
    const HashedCommand* hashed = searched == nullptr ? FindHashed(name) : nullptr;
    const std::string file =
        hashed != nullptr
            ? hashed->file
            : ExecutableFile(process, name, searched == nullptr ? GetString("PATH") : *searched);
    if (hashed == nullptr && searched == nullptr && file != name && state.options.hash_all) {
      EditHash().commands[name] = {HashedName(file), 1};
    }
    if (LooksBinary(process, file)) {
      const std::string binary = ": cannot execute binary file: Exec format error";
      Complain(state.plain_sh ? name + ": Exec format error" : file + binary);
      return 126;
    }
    options.args[0] = file;
    program = Process::Program{RunPlainScript, file};
  }
  if (!program) return RefuseProgram(args, searched, program.error());
  process.env["_"] = program->file;
  // Somebody has to wait for the jobs.
  const bool becomes = takes_place_ && state.traps.empty() && jobs.empty();
  if (becomes) {
    if (!has_pipe_) LowerShellLevel(process.env);
    for (const auto& [key, value] : extra) process.env[key] = value;
    return BecomeProgram(std::move(options), *program);
  }
  if (!extra.empty()) {
    options.env = process.env;
    for (const auto& [key, value] : extra) (*options.env)[key] = value;
  }
  const auto result = RunChild(std::move(options), *program);
  if (!result) {
    Complain("fork: retry: " + ErrnoText(result.error()));
    return 254;
  }
  if (result->signal != 0) ReportKilledLater(*result, process.pid(), TracedWords(args));
  if (!jobs.empty()) NotifyJobs();
  return result->ShellCode();
}

// A signal that has a trap waits until the program has ended; one that ends a shell with an EXIT
// trap does so at once. Where nobody can send one, the program runs on this thread.
IoResult<ExitStatus> Interpreter::RunChild(SpawnOptions options, const Process::Program& program) {
  const bool signalled = !state.traps.empty() && (process.parent_pid() > 1 || !jobs.empty());
  if (!signalled) return process.Call(std::move(options), program.main);
  const auto pid = process.Spawn(std::move(options), program.main);
  if (!pid) return IoError(pid.error());
  std::vector<int> trapped;
  while (true) {
    const auto status = process.Wait(*pid);
    if (status && status->has_value()) {
      for (const int signal : trapped) RunTrap(signal);
      return **status;
    }
    if (!status && status.error() != std::errc::interrupted) return IoError(status.error());
    const int signal = process.TakeSignal();
    if (signal == 0) continue;
    if (state.traps.find(signal) != state.traps.end()) {
      trapped.push_back(signal);
    } else {
      RunTrap(signal);
    }
  }
}

// What a subshell runs last needs no process of its own: signals reach it by the shell's pid.
int Interpreter::BecomeProgram(SpawnOptions options, const Process::Program& program) {
  takes_place_ = false;
  process.args = std::move(options.args);
  for (auto& [fd, file] : options.files) process.SetFile(fd, std::move(file));
  flow = Flow::kExit;
  discarding = false;
  return exit_status = program.main(process);
}

int Interpreter::RunCommandWords(std::vector<std::string> args, bool functions, bool programs,
                                 const std::string* path) {
  if (functions) {
    const auto found = state.functions.find(args[0]);
    if (found != state.functions.end()) {
      const auto keep_alive = found->second;
      return CallFunction(*keep_alive, args);
    }
  }
  if (const Builtin builtin = EnabledBuiltin(args[0])) return RunBuiltin(builtin, args);
  if (programs) return RunProgram(args, {}, path);
  Complain("builtin: " + args[0] + ": not a shell builtin");
  return 1;
}

// Why `exec` cannot run it, and the exit code for it.
int Interpreter::RefuseExec(const std::string& name, std::errc error) {
  const bool missing = error == std::errc::no_such_file_or_directory;
  const bool has_slash = name.find('/') != std::string::npos;
  const bool folder = IsFolder(process, name);
  if (state.plain_sh) {
    const bool unfit = missing && !has_slash && OnlyUnfit(process, name, GetString("PATH"));
    const bool denied = folder || name.empty() || unfit;
    const bool lost = missing || error == std::errc::not_a_directory;
    const bool looped = error == std::errc::too_many_symbolic_link_levels;
    const std::string why = denied ? "Permission denied" : lost ? "not found" : ErrnoText(error);
    Complain("exec: " + name + ": " + why);
    return (lost || looped) && !denied ? 127 : 126;
  }
  const std::string path = GetString("PATH");
  const bool as_it_is = has_slash || (path.empty() && !name.empty() && !folder);
  const std::string found = as_it_is  ? name
                            : missing ? FirstFile(process, name, path)
                                      : UnfitFile(process, name, path);
  if (found.empty() && folder) {
    Complain("exec: " + name + ": cannot execute: Is a directory");
    return 126;
  }
  if (found.empty()) {
    Complain("exec: " + name + ": not found");
    return 127;
  }
  // It has tried to run it, by its whole name; no EXIT trap is left then.
  const std::string file = WholePath(process, found);
  const std::string why = folder && has_slash ? "Is a directory" : ErrnoText(error);
  state.traps.erase(kTrapExit);
  if (missing && !folder) {
    const bool there = process.files().Stat(file).has_value();
    Complain(file + ": " + (there ? "cannot execute: required file not found" : why));
    return 127;
  }
  Complain(file + ": " + why);
  Complain("exec: " + file + ": cannot execute: " + why);
  return 126;
}

void Interpreter::Replace(const std::vector<std::string>& args, bool clear_environment,
                          const std::optional<std::string>& name) {
  std::map<std::string, std::string> environment;
  SyncEnvironment();
  if (!clear_environment) environment = process.env;
  if (state.options.restricted) {
    Complain("exec: restricted");
    exit_status = 1;
    return;
  }
  const auto program = FindProgram(args[0]);
  const bool script = !program && program.error() == std::errc::executable_format_error;
  if (!program && !script) {
    exit_status = RefuseExec(args[0], program.error());
    if (state.shopt.execfail && state.subshell_level == 0) return;
    flow = Flow::kExit;
    discarding = false;
    return;
  }
  process.args = args;
  if (script && args[0].find('/') == std::string::npos) {
    const std::string file = ExecutableFile(process, args[0], GetString("PATH"));
    process.args[0] = state.plain_sh ? file : WholePath(process, file);
  }
  // A script learns its whole path.
  const bool text = script || StartsWithHash(process, args[0]);
  if (text && args[0].find('/') != std::string::npos) {
    process.args[0] = WholePath(process, args[0]);
  }
  if (name) process.args[0] = *name;
  process.env = std::move(environment);
  if (state.subshell_level == 0) LowerShellLevel(process.env);
  // The EXIT trap goes with the shell that is replaced.
  state.traps.clear();
  flow = Flow::kExit;
  discarding = false;
  exit_status = script ? RunPlainScript(process) : program->main(process);
}

}  // namespace computesdk::in_memory::shell
