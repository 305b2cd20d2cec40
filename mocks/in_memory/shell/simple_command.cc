#include <algorithm>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/parser.h"
#include "mocks/in_memory/shell/print_command.h"
#include "mocks/in_memory/shell/shell.h"
#include "mocks/in_memory/shell/stack_guard.h"

namespace computesdk::in_memory::shell {
namespace {

bool IsDeclarationBuiltin(const std::string& name) {
  return name == "declare" || name == "typeset" || name == "local" || name == "export" ||
         name == "readonly";
}

// How `set -x` shows a word.
std::string Traced(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n'\"\\$`&|;<>()*?[]{}!~#=^") == std::string::npos;
    text += plain ? word : QuotePlainly(word);
  }
  return text;
}

// Variables that stand before a command: as they were again when it has ended.
class TemporaryVariables {
 public:
  explicit TemporaryVariables(Interpreter& shell) : shell_(shell) {}
  ~TemporaryVariables() {
    while (!saved_.empty()) {
      auto& [name, before] = saved_.back();
      if (before) {
        shell_.state.variables.Edit(name) = std::move(*before);
      } else {
        shell_.state.variables.Edit(name).readonly = false;
        shell_.state.variables.Erase(name);
      }
      shell_.state.variables.set_environment_changed();
      saved_.pop_back();
    }
  }
  TemporaryVariables(const TemporaryVariables&) = delete;
  TemporaryVariables& operator=(const TemporaryVariables&) = delete;

  void Assign(const Assignment& assignment) {
    const Variable* before = shell_.state.variables.Find(assignment.name);
    saved_.emplace_back(assignment.name,
                        before == nullptr ? std::nullopt : std::optional<Variable>(*before));
    if (!shell_.AssignFrom(assignment)) return;
    if (shell_.state.variables.Find(assignment.name) == nullptr) return;
    shell_.state.variables.Edit(assignment.name).exported = true;
    shell_.state.variables.set_environment_changed();
  }

 private:
  Interpreter& shell_;
  std::vector<std::pair<std::string, std::optional<Variable>>> saved_;
};

// Variables that stand before the call of a function: `local` and `unset` know them.
class TemporaryScope {
 public:
  TemporaryScope(Interpreter& shell, const std::vector<Assignment>& assignments) : shell_(shell) {
    shell.state.variables.PushScope(true);
    try {
      for (const Assignment& assignment : assignments) Assign(assignment);
    } catch (...) {
      shell.state.variables.PopScope();
      throw;
    }
  }
  ~TemporaryScope() { shell_.state.variables.PopScope(); }
  TemporaryScope(const TemporaryScope&) = delete;
  TemporaryScope& operator=(const TemporaryScope&) = delete;

 private:
  void Assign(const Assignment& assignment) {
    Variables& variables = shell_.state.variables;
    if (!shell_.CheckWritable(assignment.name)) return;
    // The value may speak of the variable that it hides.
    std::optional<std::string> value;
    if (!assignment.array) value = shell_.ExpandString(assignment.value);
    variables.MakeLocal(assignment.name, assignment.append || assignment.array);
    if (!(value ? shell_.Assign(assignment.name, *value, assignment.append)
                : shell_.AssignFrom(assignment))) {
      return;
    }
    variables.Edit(assignment.name).exported = true;
    variables.set_environment_changed();
  }

  Interpreter& shell_;
};

}  // namespace

std::vector<std::string> Interpreter::ExpandDeclarationWords(const std::vector<Word>& words) {
  std::vector<std::string> args;
  declaration_arrays.clear();
  for (const Word& word : words) {
    if (word.assignment == nullptr) {
      Expander expander(*this, Expander::Mode::kFields);
      expander.Expand(word);
      for (std::string& field : expander.fields()) args.push_back(std::move(field));
      continue;
    }
    const Assignment& assignment = *word.assignment;
    std::string text = assignment.name;
    if (assignment.subscript != nullptr) text += "[" + ExpandString(*assignment.subscript) + "]";
    if (assignment.array) {
      declaration_arrays[args.size()] = &assignment;
    } else {
      text += (assignment.append ? "+=" : "=") + ExpandString(assignment.value);
    }
    args.push_back(std::move(text));
  }
  return args;
}

int Interpreter::ExecuteSimple(const SimpleCommand& command) {
  state.line = command.line;
  state.command = &command;
  if (!state.traps.empty()) {
    RunTrap(kTrapDebug);
    if (flow != Flow::kNone) return exit_status;
  }
  substituted_ = false;
  const std::size_t files = process_files_.size();
  const int status = Guard([&] {
    if (command.words.empty()) return ExecuteAssignments(command);
    const bool declaration =
        std::any_of(command.words.begin(), command.words.end(),
                    [](const Word& word) { return word.assignment != nullptr; });
    std::vector<std::string> args =
        declaration ? ExpandDeclarationWords(command.words) : ExpandWords(command.words);
    if (args.empty()) return ExecuteAssignments(command);
    return ExecuteWords(command, std::move(args));
  });
  if (process_files_.size() != files) CloseProcessSubstitutions(files);
  if (killed_) ReportKilledNow();
  state.pipe_status = {status};
  state.status = status;
  CheckErrexit(status);
  return status;
}

int Interpreter::ExecuteAssignments(const SimpleCommand& command) {
  for (const Assignment& assignment : command.assignments) {
    if (!AssignFrom(assignment)) throw ExpansionError{1, false};
    if (state.options.trace && !assignment.array) {
      Trace(assignment.name + "=" + Traced({GetString(assignment.name)}));
    }
  }
  // The status is that of the last substitution, if there was one.
  const int status = substituted_ ? state.status : 0;
  state.last_argument.clear();
  RedirectionScope scope(process);
  if (!command.redirections.empty() && !ApplyRedirections(command.redirections, scope)) return 1;
  return status;
}

int Interpreter::ExecuteWords(const SimpleCommand& command, std::vector<std::string> args) {
  if (state.options.trace) {
    for (const Assignment& assignment : command.assignments) {
      if (!assignment.array) {
        Trace(assignment.name + "=" + Traced({ExpandString(assignment.value)}));
      }
    }
    Trace(Traced(args));
  }
  const auto function =
      state.functions.empty() ? state.functions.end() : state.functions.find(args[0]);
  const Builtin builtin = function == state.functions.end() ? FindBuiltin(args[0]) : nullptr;
  if (builtin != nullptr && command.redirections.empty() && command.assignments.empty()) {
    return RunSpecial(command, builtin, args);
  }
  RedirectionScope scope(process);
  if (!command.redirections.empty() && !ApplyRedirections(command.redirections, scope)) return 1;
  if (args[0] == "exec" && builtin != nullptr && args.size() == 1) scope.Keep();
  if (builtin == nullptr && function == state.functions.end()) {
    return RunProgramWith(command.assignments, args);
  }
  if (builtin != nullptr) {
    TemporaryVariables temporary(*this);
    for (const Assignment& assignment : command.assignments) temporary.Assign(assignment);
    return RunSpecial(command, builtin, args);
  }
  const auto keep_alive = function->second;
  if (command.assignments.empty()) return CallFunction(*keep_alive, args);
  const TemporaryScope temporary(*this, command.assignments);
  return CallFunction(*keep_alive, args);
}

int Interpreter::RunProgramWith(const std::vector<Assignment>& assignments,
                                const std::vector<std::string>& args) {
  const bool alone = assignments.size() == 1 && !assignments[0].append;
  std::vector<std::pair<std::string, std::string>> extra;
  TemporaryVariables temporary(*this);
  for (const Assignment& assignment : assignments) {
    if (IsReadonly(assignment.name)) {
      Complain(assignment.name + ": readonly variable");
    } else if (assignment.array) {
      continue;
    } else if (alone) {
      extra.emplace_back(assignment.name, ExpandString(assignment.value));
    } else {
      temporary.Assign(assignment);  // The next value may speak of it.
    }
  }
  state.last_argument = args.back();
  return RunProgram(args, extra);
}

int Interpreter::RunSpecial(const SimpleCommand&, Builtin builtin,
                            const std::vector<std::string>& args) {
  const std::string before = std::exchange(builtin_name, args[0]);
  write_failed = false;
  int status = 0;
  try {
    status = builtin(*this, args);
  } catch (...) {
    builtin_name = before;
    declaration_arrays.clear();
    throw;
  }
  builtin_name = before;
  if (IsDeclarationBuiltin(args[0])) declaration_arrays.clear();
  state.last_argument = args.back();
  if (write_failed && status == 0) status = 1;
  return status;
}

int Interpreter::CallFunction(const FunctionDefinition& function,
                              const std::vector<std::string>& args) {
  const auto limit = ParsePlainNumber(GetString("FUNCNEST"));
  if (StackIsLow() ||
      (limit && *limit > 0 && state.frames.size() >= static_cast<std::size_t>(*limit))) {
    Complain(args[0] + ": maximum function nesting level exceeded (" +
             std::to_string(state.frames.size()) + ")");
    throw ExpansionError{1, false};
  }
  const auto positional_before = state.positional;
  const int loops = std::exchange(state.loop_depth, 0);
  const int line = state.line;
  const std::string builtin_before = std::exchange(builtin_name, "");
  SetPositional({args.begin() + 1, args.end()});
  state.frames.push_back({args[0], line, function.file});
  const auto file = std::exchange(state.file, function.file);
  state.variables.PushScope();
  struct Leave {
    Interpreter& shell;
    decltype(positional_before) positional;
    decltype(function.file) file;
    int loops;
    int line;
    std::string builtin_name;
    const Command* command;
    TrapTable traps;
    ~Leave() {
      for (auto& [trap, action] : traps) shell.state.traps.try_emplace(trap, std::move(action));
      if (shell.flow != Flow::kExit) shell.state.command = command;
      shell.state.variables.PopScope();
      shell.state.frames.pop_back();
      shell.state.positional = positional;
      shell.state.file = file;
      shell.state.loop_depth = loops;
      shell.state.line = line;
      shell.builtin_name = builtin_name;
    }
  } leave{*this, positional_before, file, loops, line, builtin_before, state.command, {}};
  if (!state.traps.empty()) {
    leave.traps = TakeFunctionTraps();
    RunTrap(kTrapDebug);
  }
  int status = Execute(function.body.get());
  if (flow == Flow::kReturn) {
    flow = Flow::kNone;
    status = exit_status;
  }
  state.last_argument = args.back();
  if (flow == Flow::kNone) {
    state.status = status;
    RunTrap(kTrapReturn);
  } else if (flow == Flow::kExit) {
    kept_.push_back(function.body);
  }
  return status;
}

IoResult<Process::Program> Interpreter::FindProgram(const std::string& name) {
  const Variable* path = state.variables.Find("PATH");
  return process.FindProgram(name, path != nullptr && path->IsSet() ? *path->Scalar() : "");
}

namespace {

// A file that is neither a program nor begins with "#!" is a script of this shell.
int RunPlainScript(Process& child) {
  child.args.insert(child.args.begin(), "bash");
  return ShellMain(child);
}

bool LooksBinary(Process& process, const std::string& path) {
  const auto content = process.files().ReadFile(process.AbsolutePath(path));
  if (!content) return false;
  const std::string_view line = std::string_view(*content).substr(0, content->find('\n'));
  return line.substr(0, 80).find('\0') != std::string_view::npos;
}

}  // namespace

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

int Interpreter::RunProgram(const std::vector<std::string>& args,
                            const std::vector<std::pair<std::string, std::string>>& extra) {
  const std::string& name = args[0];
  if (StackIsLow()) FailExpansion("maximum nesting exceeded");
  const auto own_path = std::find_if(extra.begin(), extra.end(),
                                     [](const auto& entry) { return entry.first == "PATH"; });
  IoResult<Process::Program> program =
      own_path == extra.end() ? FindProgram(name) : process.FindProgram(name, own_path->second);
  const bool has_slash = name.find('/') != std::string::npos;
  SpawnOptions options = MakeChildOptions();
  options.args = args;
  if (!program && program.error() == std::errc::executable_format_error) {
    std::string file = name;
    const std::string path = own_path == extra.end() ? GetString("PATH") : own_path->second;
    for (std::size_t at = 0; !has_slash && at <= path.size();) {
      const std::size_t end = std::min(path.find(':', at), path.size());
      const std::string candidate = JoinPath(path.substr(at, end - at), name);
      const auto status = process.files().Stat(process.AbsolutePath(candidate));
      if (status && status->type == FileType::kRegular && (status->mode & 0111) != 0) {
        file = candidate;
        break;
      }
      at = end + 1;
    }
    if (LooksBinary(process, file)) {
      Complain(name + ": cannot execute binary file: Exec format error");
      return 126;
    }
    options.args[0] = file;
    program = Process::Program{RunPlainScript, file};
  }
  if (!program) {
    const bool missing = program.error() == std::errc::no_such_file_or_directory;
    if (missing && !has_slash) {
      const auto handler = state.functions.find("command_not_found_handle");
      if (handler != state.functions.end()) {
        const auto keep_alive = handler->second;
        std::vector<std::string> words = args;
        words.insert(words.begin(), handler->first);
        return CallInChild(*keep_alive, words);
      }
      Complain(name + ": command not found");
    } else {
      Complain(name + ": " + ErrnoText(program.error()));
    }
    return missing ? 127 : 126;
  }
  process.env["_"] = program->file;
  if (!extra.empty()) {
    options.env = process.env;
    for (const auto& [key, value] : extra) (*options.env)[key] = value;
  }
  const auto result = process.Call(std::move(options), program->main);
  if (!result) {
    Complain("fork: retry: " + ErrnoText(result.error()));
    return 254;
  }
  if (result->signal != 0) ReportKilledLater(*result, process.pid(), Traced(args));
  return result->ShellCode();
}

int Interpreter::RunCommandWords(std::vector<std::string> args, bool functions, bool programs) {
  if (functions) {
    const auto found = state.functions.find(args[0]);
    if (found != state.functions.end()) {
      const auto keep_alive = found->second;
      return CallFunction(*keep_alive, args);
    }
  }
  if (const Builtin builtin = FindBuiltin(args[0])) return RunSpecial({}, builtin, args);
  if (programs) return RunProgram(args, {});
  Complain("builtin: " + args[0] + ": not a shell builtin");
  return 1;
}

int Interpreter::SourceFile(const std::string& path, const std::string& content) {
  if (StackIsLow()) FailExpansion("maximum nesting exceeded");
  const int line = state.line;
  const auto named = std::make_shared<const std::string>(path);
  state.frames.push_back({"source", line, named});
  const auto file = std::exchange(state.file, named);
  Lexer lexer(content, 1, lexer_context());
  const std::string before = std::exchange(builtin_name, "");
  int status = RunText(lexer, "");
  builtin_name = before;
  state.frames.pop_back();
  state.file = file;
  state.line = line;
  if (flow == Flow::kNone || flow == Flow::kReturn) {
    const Flow before_trap = std::exchange(flow, Flow::kNone);
    RunTrap(kTrapReturn);
    if (flow == Flow::kNone) flow = before_trap;
  }
  if (flow == Flow::kReturn) {
    flow = Flow::kNone;
    status = exit_status;
  }
  return status;
}

void Interpreter::Replace(const std::vector<std::string>& args, bool clear_environment,
                          const std::optional<std::string>& name) {
  std::map<std::string, std::string> environment;
  SyncEnvironment();
  if (!clear_environment) environment = process.env;
  const auto program = FindProgram(args[0]);
  const bool script = !program && program.error() == std::errc::executable_format_error;
  if (!program && !script) {
    const bool missing = program.error() == std::errc::no_such_file_or_directory;
    const bool has_slash = args[0].find('/') != std::string::npos;
    Complain("exec: " + args[0] + ": " +
             (missing && !has_slash ? "not found" : ErrnoText(program.error())));
    flow = Flow::kExit;
    discarding = false;
    exit_status = missing ? 127 : 126;
    return;
  }
  process.args = args;
  if (name) process.args[0] = *name;
  process.env = std::move(environment);
  // The EXIT trap goes with the shell that is replaced.
  state.traps.clear();
  flow = Flow::kExit;
  discarding = false;
  exit_status = script ? RunPlainScript(process) : program->main(process);
}

}  // namespace computesdk::in_memory::shell
