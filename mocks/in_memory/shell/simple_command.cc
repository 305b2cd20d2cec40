#include <algorithm>
#include <set>

#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/shell.h"
#include "mocks/in_memory/shell/syntax/parser.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

namespace computesdk::in_memory::shell {
namespace {

bool IsDeclarationBuiltin(const std::string& name) {
  return name == "declare" || name == "typeset" || name == "local" || name == "export" ||
         name == "readonly";
}

// `y=3 export y` assigns for good, and so does `declare -x`.
bool KeepsVariable(const std::vector<std::string>& args, const std::string& name) {
  const bool marks = args[0] == "export" || args[0] == "readonly" ||
                     ((args[0] == "declare" || args[0] == "typeset") &&
                      std::any_of(args.begin() + 1, args.end(), [](const std::string& arg) {
                        return arg[0] == '-' && arg.find_first_of("xr") != std::string::npos &&
                               arg.find('p') == std::string::npos;
                      }));
  return marks && std::any_of(args.begin() + 1, args.end(), [&](const std::string& arg) {
           return arg.starts_with(name) && (arg.size() == name.size() || arg[name.size()] == '=');
         });
}

// `export -p` and its like show nothing that stands before them.
bool ListsVariables(const std::vector<std::string>& args) {
  return IsDeclarationBuiltin(args[0]) &&
         std::all_of(args.begin() + 1, args.end(), [](const auto& arg) { return arg[0] == '-'; });
}

// Before a command there are no arrays: a=(p q) is a text.
std::string TemporaryValue(Interpreter& shell, const Assignment& assignment) {
  if (!assignment.array) return shell.ExpandString(assignment.value);
  std::string text;
  for (const ArrayElement& element : assignment.elements) {
    if (!text.empty()) text += ' ';
    if (element.subscript != nullptr) {
      text += '[' + shell.ExpandString(*element.subscript) + (element.append ? "]+=" : "]=");
    }
    text += shell.ExpandString(element.value);
  }
  return '(' + text + ')';
}

// In POSIX mode the shell ends where one cannot.
bool MayStandBefore(Interpreter& shell, const Assignment& assignment) {
  if (assignment.subscript != nullptr) {
    shell.Complain("`" + assignment.name + "[" + PrintWord(*assignment.subscript) +
                   "]': not a valid identifier");
    return false;
  }
  if (shell.CheckWritable(assignment.name)) return true;
  if (shell.state.options.posix) {
    throw ExpansionError{.status = 1, .fatal = true, .keeps_status = true};
  }
  return false;
}

// What a builtin is called in messages while it runs. In sh that takes the place of the name of
// `eval`.
class BuiltinScope {
 public:
  BuiltinScope(Interpreter& shell, const std::string& name)
      : shell_(shell), outer_(std::exchange(shell.builtin_name, name)) {
    shell_.write_failed = shell_.builtin_failed = false;
    if (name != "command") label_.swap(shell_.state.plain_label);
  }
  ~BuiltinScope() {
    if (IsDeclarationBuiltin(shell_.builtin_name)) shell_.declaration_arrays.clear();
    if (!label_.empty()) label_.swap(shell_.state.plain_label);
    shell_.builtin_name = outer_;
  }
  BuiltinScope(const BuiltinScope&) = delete;
  BuiltinScope& operator=(const BuiltinScope&) = delete;

 private:
  Interpreter& shell_;
  const std::string outer_;
  std::string label_;
};

// What a reference means is what it stands for; of an element there is no variable of its own.
std::string TemporaryName(Interpreter& shell, const Assignment& assignment) {
  std::string target = shell.ResolveReference(assignment.name);
  return target.find('[') == std::string::npos ? target : assignment.name;
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
    // The value of one that cannot be written to is not even expanded.
    if (!MayStandBefore(shell_, assignment)) return;
    const std::string name = TemporaryName(shell_, assignment);
    // What it assigns on the way stays: y=$((x++)).
    std::string value = TemporaryValue(shell_, assignment);
    const Variable* before = shell_.state.variables.Find(name);
    saved_.emplace_back(name, before == nullptr ? std::nullopt : std::optional<Variable>(*before));
    // It is another variable, without the attributes of the one that it hides.
    const bool plain =
        assignment.append || before == nullptr || before->readonly || before->reference;
    if (!plain) shell_.state.variables.Edit(name) = {};
    if (!shell_.Assign(name, std::move(value), assignment.append)) return;
    if (shell_.state.variables.Find(name) == nullptr) return;
    shell_.state.variables.Edit(name).exported = true;
    shell_.state.variables.set_environment_changed();
  }

 private:
  Interpreter& shell_;
  std::vector<std::pair<std::string, std::optional<Variable>>> saved_;
};

// Variables that stand before the call of a function, or before `eval`: `local` and `unset` know
// them.
class TemporaryScope {
 public:
  TemporaryScope(Interpreter& shell, const std::vector<Assignment>& assignments,
                 Variables::ScopeKind kind)
      : shell_(shell) {
    shell.state.variables.PushScope(kind);
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
    if (!MayStandBefore(shell_, assignment)) return;
    // The value may speak of the variable that it hides.
    const std::string value = TemporaryValue(shell_, assignment);
    const std::string name = TemporaryName(shell_, assignment);
    variables.MakeTemporary(name, assignment.append);
    if (!shell_.Assign(name, value, assignment.append)) return;
    Variable& variable = variables.Edit(name);
    variable.exported = variable.temporary = true;
    variables.set_environment_changed();
  }

  Interpreter& shell_;
};

bool RunsText(std::string_view builtin) {
  return builtin == "eval" || builtin == "source" || builtin == ".";
}

// `set -k`: every word that looks like an assignment is one. Null where nothing changes.
std::shared_ptr<const SimpleCommand> WithKeywords(const SimpleCommand& command) {
  auto changed = std::make_shared<SimpleCommand>(command);
  changed->words.clear();
  for (const Word& word : command.words) {
    const auto* first = word.parts.empty() ? nullptr : std::get_if<Literal>(&word.parts[0].value);
    const std::size_t equals = first == nullptr ? std::string::npos : first->text.find('=');
    if (changed->words.empty() || !word.looks_like_assignment || equals == std::string::npos) {
      changed->words.push_back(word);
      continue;
    }
    Assignment assignment;
    assignment.append = equals > 0 && first->text[equals - 1] == '+';
    assignment.name = first->text.substr(0, equals - (assignment.append ? 1 : 0));
    assignment.value = word;
    std::get<Literal>(assignment.value.parts[0].value).text.erase(0, equals + 1);
    changed->assignments.push_back(std::move(assignment));
  }
  return changed->words.size() == command.words.size() ? nullptr : changed;
}

// Whether the expansion of a redirection may change a variable, or fail.
bool MayAssign(const Redirection& redirection) {
  const auto* here = redirection.here.get();
  const Word& word = here != nullptr ? here->body : redirection.target;
  return !redirection.variable.empty() ||
         std::any_of(word.parts.begin(), word.parts.end(), [](const WordPart& part) {
           return !std::holds_alternative<Literal>(part.value) &&
                  !std::holds_alternative<Tilde>(part.value);
         });
}

}  // namespace

// The redirections of a program belong to its process: what they assign is lost, and where they
// cannot be expanded only the program is not run.
bool Interpreter::ApplyProgramRedirections(const std::vector<Redirection>& redirections,
                                           RedirectionScope& scope, int& status) {
  status = RedirectionFailure();
  if (std::none_of(redirections.begin(), redirections.end(), MayAssign)) {
    return ApplyRedirections(redirections, scope);
  }
  const Variables before = state.variables;
  bool done = false;
  try {
    done = ApplyRedirections(redirections, scope);
  } catch (const ExpansionError& error) {
    status = FatalStatus(error);
  } catch (const ArithmeticError& error) {
    Complain(error.message);
  }
  state.variables = before;
  return done;
}

int Interpreter::ExecuteSimple(const SimpleCommand& command) {
  state.line = command.line + state.line_base;
  state.command = &command;
  if (!state.traps.empty() && &command != announced_) {
    const bool skips = RunDebugTrap();
    if (flow != Flow::kNone) return exit_status;
    if (skips) return 0;
  }
  substituted_ = false;
  is_program_ = false;
  takes_place_ = &command == tail_;
  const std::size_t files = process_files_.size();
  // A trap on ERR that the command itself sets is not for its own failure.
  const bool has_trap = state.traps.find(kTrapError) != state.traps.end();
  const int status = Guard([&] {
    if (command.words.empty()) return ExecuteAssignments(command);
    if (state.options.keyword) {
      if (const auto changed = WithKeywords(command)) {
        std::vector<std::string> args = ExpandWords(changed->words);
        return args.empty() ? ExecuteAssignments(*changed)
                            : ExecuteWords(*changed, std::move(args));
      }
    }
    std::vector<std::string> args = ExpandCommandWords(command.words);
    if (args.empty()) return ExecuteAssignments(command);
    return ExecuteWords(command, std::move(args));
  });
  if (process_files_.size() != files) CloseProcessSubstitutions(files);
  if (killed_) ReportKilledNow();
  state.pipe_status.assign(1, status);
  state.status = status;
  // A program that is all of ( … ) takes the place of the subshell, and of its trap.
  const bool replaces = is_program_ && &command == whole_;
  CheckErrexit(command, status, has_trap && &command != quiet_ && !replaces);
  return status;
}

int Interpreter::ExecuteAssignments(const SimpleCommand& command) {
  std::string traced;
  RedirectionScope scope(process);
  const auto redirects = [&] {
    return command.redirections.empty() || ApplyRedirections(command.redirections, scope);
  };
  // In sh they come first.
  if (state.plain_sh && !redirects()) return RedirectionFailure();
  for (const Assignment& assignment : command.assignments) {
    if (state.options.trace) {
      const std::string value = assignment.array ? "" : ExpandString(assignment.value);
      if (state.plain_sh) {
        traced += (traced.empty() ? "" : " ") + assignment.name + "=" + value;
      } else {
        TraceAssignment(assignment, value);
      }
      const bool done =
          assignment.array ? AssignFrom(assignment) : AssignExpanded(assignment, value);
      if (!done) throw ExpansionError{1, state.options.posix};
    } else if (!AssignFrom(assignment)) {
      throw ExpansionError{1, state.options.posix};
    }
  }
  if (!traced.empty()) Trace(traced);
  // The status is that of the last substitution, if there was one.
  const int status = substituted_ ? substitution_status_ : 0;
  state.last_argument.clear();
  if (!state.plain_sh && !redirects()) return RedirectionFailure();
  return status;
}

int Interpreter::ExecuteWords(const SimpleCommand& command, std::vector<std::string> args) {
  if (state.options.trace) TraceWords(command, args);
  // Elsewhere the command runs without the assignment.
  const bool writable = !state.options.exit_on_error ||
                        std::all_of(command.assignments.begin(), command.assignments.end(),
                                    [&](const Assignment& one) { return CheckWritable(one.name); });
  if (!writable) throw ExpansionError{1, true};
  const bool special = state.options.posix && IsSpecialBuiltin(args[0]);
  const auto function =
      state.functions.empty() || special ? state.functions.end() : state.functions.find(args[0]);
  const Builtin builtin = function == state.functions.end() ? EnabledBuiltin(args[0]) : nullptr;
  if (builtin != nullptr && command.redirections.empty() && command.assignments.empty()) {
    return special ? RunPosixSpecial(command, builtin, args) : RunBuiltin(builtin, args);
  }
  RedirectionScope scope(process);
  if (builtin == nullptr && function == state.functions.end()) {
    is_program_ = true;
    int status = 0;
    if (!command.redirections.empty() &&
        !ApplyProgramRedirections(command.redirections, scope, status)) {
      state.last_argument = args.back();
      return status;
    }
    return RunProgramWith(command.assignments, args);
  }
  if (!command.redirections.empty() && !ApplyRedirections(command.redirections, scope)) {
    if (special) throw ExpansionError{.status = 1, .fatal = true, .keeps_status = true};
    state.last_argument = args.back();
    return RedirectionFailure();
  }
  const bool keeps =
      (args[0] == "exec" && (args.size() == 1 || (args.size() == 2 && args[1] == "--"))) ||
      (args.size() == 2 && args[0] == "command" && args[1] == "exec");
  if (builtin != nullptr && keeps) scope.Keep();
  const InputScope input(state.input_is_given, command);
  if (special) return RunPosixSpecial(command, builtin, args);
  if (builtin != nullptr && !command.assignments.empty() && RunsText(args[0])) {
    const TemporaryScope temporary(*this, command.assignments, Variables::ScopeKind::kEval);
    if (state.variables.TakeLocaleChange()) FollowLocale();
    return RunBuiltin(builtin, args);
  }
  if (builtin != nullptr) {
    TemporaryVariables temporary(*this);
    const bool lists = ListsVariables(args);
    for (const Assignment& assignment : command.assignments) {
      if (lists) {
        (void)ExpandString(assignment.value);
      } else if (KeepsVariable(args, assignment.name)) {
        if (AssignFrom(assignment)) state.variables.Edit(assignment.name).exported = true;
      } else {
        temporary.Assign(assignment);
      }
    }
    if (state.variables.TakeLocaleChange()) FollowLocale();
    return RunBuiltin(builtin, args);
  }
  const auto keep_alive = function->second;
  if (command.assignments.empty()) return CallFunction(*keep_alive, args);
  const TemporaryScope temporary(*this, command.assignments, Variables::ScopeKind::kCall);
  return CallFunction(*keep_alive, args);
}

// In the POSIX mode the assignments before a special builtin stay, and an error ends the shell.
int Interpreter::RunPosixSpecial(const SimpleCommand& command, Builtin builtin,
                                 const std::vector<std::string>& args) {
  const bool exports = !state.plain_sh || (args[0] == "exec" && args.size() > 1);
  for (const Assignment& assignment : command.assignments) {
    if (!AssignFrom(assignment)) throw ExpansionError{1, true};
    if (!exports) continue;
    state.variables.Edit(assignment.name).exported = true;
    state.variables.set_environment_changed();
  }
  const int status = RunBuiltin(builtin, args);
  const bool sources = args[0] == "." || args[0] == "source";
  static const std::set<std::string_view> strict = {"export", "readonly", "unset", "shift"};
  if (state.plain_sh && status != 0 && flow == Flow::kNone && strict.count(args[0]) != 0) {
    throw ExpansionError{2, true};
  }
  if (builtin_failed && (status == 2 || (sources && status == 1)) && flow == Flow::kNone) {
    flow = Flow::kExit;
    ended_by_error = true;
    discarding = false;
    exit_status = state.plain_sh ? 2 : status;
  }
  return status;
}

int Interpreter::RunProgramWith(const std::vector<Assignment>& assignments,
                                const std::vector<std::string>& args) {
  const bool alone = assignments.size() == 1 && !assignments[0].append;
  std::vector<std::pair<std::string, std::string>> extra;
  TemporaryVariables temporary(*this);
  for (const Assignment& assignment : assignments) {
    if (IsReadonly(assignment.name)) {
      Complain(assignment.name + ": readonly variable");
      if (state.plain_sh) throw ExpansionError{2, true};
    } else if (alone && assignment.subscript == nullptr) {
      extra.emplace_back(TemporaryName(*this, assignment), TemporaryValue(*this, assignment));
    } else {
      temporary.Assign(assignment);  // The next value may speak of it.
    }
  }
  state.last_argument = args.back();
  return RunProgram(args, extra);
}

int Interpreter::RunBuiltin(Builtin builtin, const std::vector<std::string>& args) {
  int status = 0;
  {
    const BuiltinScope scope(*this, args[0]);
    const bool asks_help = args.size() > 1 && args[1].size() == sizeof "--help" - 1 &&
                           args[1] == "--help" && AnswersHelp(args[0]);
    status = asks_help ? ShowBuiltinHelp(*this, args[0]) : builtin(*this, args);
  }
  state.last_argument = args.back();
  if (std::exchange(write_failed, false) && status == 0) status = 1;
  return status;
}

}  // namespace computesdk::in_memory::shell
