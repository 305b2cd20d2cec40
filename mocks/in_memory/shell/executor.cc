#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expansion/pattern.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

// Everything but simple commands and pipelines.
namespace computesdk::in_memory::shell {
namespace {

// While it lives, a command that fails does not end the shell under `set -e`.
class ConditionScope {
 public:
  explicit ConditionScope(int& depth, bool active = true) : depth_(depth), active_(active) {
    depth_ += active_;
  }
  ~ConditionScope() { depth_ -= active_; }
  ConditionScope(const ConditionScope&) = delete;
  ConditionScope& operator=(const ConditionScope&) = delete;

 private:
  int& depth_;
  bool active_;
};

class LoopScope {
 public:
  explicit LoopScope(int& depth) : depth_(depth) { ++depth_; }
  ~LoopScope() { --depth_; }
  LoopScope(const LoopScope&) = delete;
  LoopScope& operator=(const LoopScope&) = delete;

 private:
  int& depth_;
};

// While it lives, a command with a line of its own is run.
class EnclosingLine {
 public:
  EnclosingLine(State& state, int line) : state_(state), before_(state.enclosing_line) {
    state.line = state.enclosing_line = line + state.line_base;
  }
  ~EnclosingLine() { state_.enclosing_line = before_; }
  EnclosingLine(const EnclosingLine&) = delete;
  EnclosingLine& operator=(const EnclosingLine&) = delete;

 private:
  State& state_;
  const int before_;
};

}  // namespace

int Interpreter::Execute(const Command* command) {
  if (command == nullptr || state.options.no_execute) return 0;
  process.Checkpoint();
  if (state.variables.TakeLocaleChange()) FollowLocale();
  if (StackIsLow()) return OnExpansionError(UsedUpStack());
  const int status = ExecuteKind(*command);
  state.status = status;
  if (!state.traps.empty() && flow != Flow::kExit) RunPendingTraps();
  return status;
}

int Interpreter::ExecuteKind(const Command& command) {
  switch (command.kind) {
    case CommandKind::kSimple:
      return ExecuteSimple(static_cast<const SimpleCommand&>(command));
    case CommandKind::kPipeline:
      return ExecutePipeline(static_cast<const Pipeline&>(command));
    case CommandKind::kAndOr:
      return ExecuteAndOr(static_cast<const AndOr&>(command));
    case CommandKind::kList:
      return ExecuteList(static_cast<const List&>(command));
    case CommandKind::kFunction: {
      const auto& function = static_cast<const FunctionDefinition&>(command);
      if (!state.plain_sh) state.line = command.line + state.line_base;
      if (state.options.posix && !CheckPosixFunction(function.name)) {
        return OnExpansionError({2, true});
      }
      if (function.name.find_first_of("$`'\"\\") != std::string::npos) {
        Complain("`" + function.name + "': not a valid identifier");
        return 1;
      }
      if (!state.readonly_functions.empty() && state.readonly_functions.count(function.name) != 0) {
        Complain(function.name + ": readonly function");
        return 1;
      }
      // The definition shares the body with the tree that it stands in.
      auto defined = std::make_shared<FunctionDefinition>(function);
      defined->file = state.file;
      state.functions[function.name] = std::move(defined);
      if (state.options.all_export) {
        state.exported_functions.insert(function.name);
        state.variables.set_environment_changed();
      }
      return 0;
    }
    default:
      break;
  }
  // A subshell's own process applies its redirections.
  if (command.redirections.empty() || command.kind == CommandKind::kSubshell) {
    const int status = ExecuteCompound(command);
    if (killed_) ReportKilledNow();
    return status;
  }
  const int line = command.line + state.line_base;
  const std::size_t files = process_files_.size();
  const int status = Guard([&] {
    RedirectionScope scope(process);
    state.line = state.plain_sh ? line : state.enclosing_line;
    if (!ApplyRedirections(command.redirections, scope)) {
      state.line = line;
      refused_ = &command;
      CheckErrexit(command, RedirectionFailure());
      return RedirectionFailure();
    }
    const InputScope input(state.input_is_given, command);
    return ExecuteCompound(command);
  });
  CloseProcessSubstitutions(files);
  if (killed_) ReportKilledNow();
  return status;
}

// POSIX wants a name, and none of a special builtin.
bool Interpreter::CheckPosixFunction(const std::string& name) {
  const bool special = IsSpecialBuiltin(name);
  if (IsName(name) && !special) return true;
  Complain("`" + name + (special ? "': is a special builtin" : "': not a valid identifier"));
  return false;
}

int Interpreter::ExecuteCompound(const Command& command) {
  return Guard([&] {
    switch (command.kind) {
      case CommandKind::kSubshell:
        return ExecuteSubshell(static_cast<const Compound&>(command));
      case CommandKind::kGroup:
        return Execute(static_cast<const Compound&>(command).body.get());
      case CommandKind::kIf:
        return ExecuteIf(static_cast<const If&>(command));
      case CommandKind::kWhile:
        return ExecuteWhile(static_cast<const While&>(command));
      case CommandKind::kFor:
        return ExecuteFor(static_cast<const For&>(command));
      case CommandKind::kSelect:
        return ExecuteSelect(static_cast<const For&>(command));
      case CommandKind::kArithmeticFor:
        return ExecuteArithmeticFor(static_cast<const ArithmeticFor&>(command));
      case CommandKind::kCase:
        return ExecuteCase(static_cast<const Case&>(command));
      case CommandKind::kConditional:
        return ExecuteConditional(static_cast<const Conditional&>(command));
      case CommandKind::kCoprocess:
        return StartCoprocess(static_cast<const Coprocess&>(command));
      case CommandKind::kArithmetic:
        return ExecuteArithmetic(static_cast<const Arithmetic&>(command));
      default:
        return 0;
    }
  });
}

int Interpreter::ExecuteAndOr(const AndOr& list) {
  int status = 0;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const AndOr::Item& item = list.items[i];
    if (i != 0 && item.is_and != (status == 0)) continue;
    const ConditionScope scope(condition_depth, i + 1 != list.items.size());
    status = Execute(item.command.get());
    if (flow != Flow::kNone) break;
  }
  return status;
}

int Interpreter::ExecuteList(const List& list) {
  int status = 0;
  for (const List::Item& item : list.items) {
    status = item.background ? StartBackground(item.command) : Execute(item.command.get());
    if (flow != Flow::kNone) break;
    state.status = status;
  }
  return status;
}

int Interpreter::ExecuteSubshell(const Compound& command) {
  State child_state = MakeSubshellState();
  child_state.input_is_given = false;
  const auto result = process.Call(MakeChildOptions(), [&](Process& child) {
    Interpreter shell(child, std::move(child_state));
    shell.condition_depth = condition_depth;
    shell.state.line = command.line + state.line_base;
    shell.SetTail(command.body);
    const int status = shell.RunRedirected(command);
    if (shell.refused_ == &command) refused_ = &command;
    return status;
  });
  if (!result) {
    Complain("fork: retry: " + ErrnoText(result.error()));
    return 254;
  }
  if (result->signal != 0) ReportKilledLater(*result, process.pid(), PrintCommand(command));
  const int status = result->ShellCode();
  state.pipe_status.assign(1, status);
  if (!jobs.empty()) NotifyJobs();
  if (status != 0) {
    // The ERR trap speaks of the subshell.
    state.command = &command;
    state.line = command.line + state.line_base;
  }
  CheckErrexit(command, status, &command != whole_);
  return status;
}

int Interpreter::ExecuteIf(const If& command) {
  for (const auto& [condition, body] : command.clauses) {
    int status = 0;
    {
      const ConditionScope scope(condition_depth);
      status = Execute(condition.get());
    }
    if (flow != Flow::kNone) return status;
    if (status == 0) return Execute(body.get());
  }
  return command.otherwise == nullptr ? 0 : Execute(command.otherwise.get());
}

// True if the loop is to be left: by what the flow still says, or for good.
bool Interpreter::LoopEnds() {
  if (flow == Flow::kNone) return false;
  if (flow == Flow::kBreak || flow == Flow::kContinue) {
    const bool is_break = flow == Flow::kBreak;
    if (--flow_count > 0) return true;
    flow = Flow::kNone;
    return is_break;
  }
  return true;
}

int Interpreter::ExecuteWhile(const While& command) {
  const LoopScope loop(state.loop_depth);
  int status = 0;
  while (true) {
    process.Checkpoint();
    int condition = 0;
    {
      const ConditionScope scope(condition_depth);
      condition = Execute(command.condition.get());
    }
    if (LoopEnds()) break;
    if ((condition == 0) == command.until) break;
    status = Execute(command.body.get());
    if (LoopEnds()) break;
  }
  return flow == Flow::kExit || flow == Flow::kReturn ? exit_status : status;
}

bool Interpreter::CheckLoopVariable(const For& command) {
  if (IsName(command.name)) return true;
  Complain("`" + command.name + "': not a valid identifier");
  if (state.options.posix && command.kind == CommandKind::kFor) {
    throw ExpansionError{.status = 2, .fatal = true, .keeps_status = true};
  }
  CheckErrexit(command, 1);
  return false;
}

// Its variable cannot be written to.
int Interpreter::FailLoop(const For& command) {
  if (state.options.posix) throw ExpansionError{.status = 1, .fatal = true};
  CheckErrexit(command, 1);
  return 1;
}

int Interpreter::ExecuteFor(const For& command) {
  const EnclosingLine enclosing(state, command.line);
  if (!CheckLoopVariable(command)) return 1;
  const std::vector<std::string> words = !command.has_words ? positional()
                                         : state.plain_sh   ? ExpandPlainWords(command.words)
                                                            : ExpandWords(command.words);
  const LoopScope loop(state.loop_depth);
  const Variable* variable = state.variables.Find(command.name);
  const bool reference = variable != nullptr && variable->reference;
  int status = 0;
  for (const std::string& word : words) {
    process.Checkpoint();
    state.line = command.line + state.line_base;
    if (state.options.trace) TraceHeader(command);
    const bool skips = Announce(command);
    if (flow != Flow::kNone) break;
    if (skips) continue;
    if (!(reference ? SetReference(command.name, word) : Assign(command.name, word))) {
      return FailLoop(command);
    }
    status = Execute(command.body.get());
    if (LoopEnds()) break;
  }
  return flow == Flow::kExit || flow == Flow::kReturn ? exit_status : status;
}

namespace {

// To the column `to` from `from`, with tabs as bash does.
std::string MenuIndent(std::size_t from, std::size_t to) {
  constexpr std::size_t kTab = 8;
  std::string text;
  while (from < to) {
    const bool tab = to / kTab > from / kTab;
    text += tab ? '\t' : ' ';
    from += tab ? kTab - from % kTab : 1;
  }
  return text;
}

// The menu of select: down the columns of a screen that is so wide; one column where a row would
// hold all.
std::string MenuOf(const std::vector<std::string>& words, std::size_t screen) {
  constexpr std::size_t kMark = 2;  // ") "
  std::size_t longest = 0;
  for (const std::string& word : words) longest = std::max(longest, CountCharacters(word));
  const std::size_t digits = std::to_string(words.size()).size();
  const std::size_t width = longest + digits + kMark + 2;
  const std::size_t columns = std::max<std::size_t>(screen / width, 1);
  std::size_t rows = (words.size() + columns - 1) / columns;
  if (rows == 1) rows = words.size();
  std::string menu;
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t at = 0;
    for (std::size_t i = row; i < words.size(); i += rows) {
      const std::string index = std::to_string(i + 1);
      const std::size_t wide = i == row ? std::to_string(rows).size() : digits;
      menu.append(wide - std::min(wide, index.size()), ' ');
      menu += index + ") " + words[i];
      if (i + rows >= words.size()) break;
      menu += MenuIndent(at + wide + kMark + CountCharacters(words[i]), at + width);
      at += width;
    }
    menu += '\n';
  }
  return menu;
}

}  // namespace

int Interpreter::ExecuteSelect(const For& command) {
  const EnclosingLine enclosing(state, command.line);
  if (!CheckLoopVariable(command)) return 1;
  if (state.options.trace) TraceHeader(command);
  if (Announce(command)) return 0;
  const std::vector<std::string> words =
      command.has_words ? ExpandWords(command.words) : positional();
  if (words.empty()) return 0;
  const LoopScope loop(state.loop_depth);
  int status = 0;
  bool show = true;
  while (true) {
    process.Checkpoint();
    constexpr std::int64_t kUsualColumns = 80;
    const std::int64_t columns = ParsePlainNumber(GetString("COLUMNS")).value_or(0);
    std::string prompt =
        show ? MenuOf(words, static_cast<std::size_t>(columns > 0 ? columns : kUsualColumns)) : "";
    const Variable* given = FindVariable("PS3");
    prompt += given != nullptr && given->IsSet() ? *given->Scalar() : "#? ";
    (void)process.Write(2, prompt);
    if (FindBuiltin("read")(*this, {"read", "-r", "REPLY"}) != 0) {
      Print("\n");
      status = 1;
      break;
    }
    const std::string reply = GetString("REPLY");
    show = reply.empty();
    if (reply.empty()) continue;
    const auto choice = ParsePlainNumber(reply);
    const bool valid = choice && *choice >= 1 && *choice <= static_cast<std::int64_t>(words.size());
    if (!Assign(command.name, valid ? words[static_cast<std::size_t>(*choice - 1)] : "")) {
      return FailLoop(command);
    }
    status = Execute(command.body.get());
    if (LoopEnds()) break;
  }
  return flow == Flow::kExit || flow == Flow::kReturn ? exit_status : status;
}

int Interpreter::ExecuteArithmeticFor(const ArithmeticFor& command) {
  const LoopScope loop(state.loop_depth);
  int status = 0;
  bool failed = false;
  const auto evaluate = [&](const Word& word, int part) -> std::int64_t {
    state.line = command.line + state.line_base;
    if (Announce(command, part)) return 0;
    if (word.parts.empty()) return 1;
    try {
      return state.options.trace ? EvaluateTraced(word) : EvaluateWord(word);
    } catch (const ArithmeticError& error) {
      Complain("((: " + error.message);
    } catch (const ExpansionError& error) {
      if (error.fatal || error.leaves_all) throw;  // A readonly variable: only this command fails.
    }
    failed = true;
    return 0;
  };
  evaluate(command.initial, 0);
  while (!failed && evaluate(command.condition, 1) != 0) {
    process.Checkpoint();
    status = Execute(command.body.get());
    if (LoopEnds()) break;
    evaluate(command.step, 2);
  }
  if (failed) return 1;
  return flow == Flow::kExit || flow == Flow::kReturn ? exit_status : status;
}

int Interpreter::ExecuteCase(const Case& command) {
  const EnclosingLine enclosing(state, command.line);
  if (state.options.trace) TraceHeader(command);
  if (Announce(command)) return 0;
  const std::string subject = ExpandString(command.word);
  if (state.plain_sh) state.status = 0;
  int status = 0;
  bool matched = false;
  for (const Case::Clause& clause : command.clauses) {
    for (std::size_t i = 0; i < clause.patterns.size() && !matched; ++i) {
      const Pattern pattern(ExpandPattern(clause.patterns[i]), state.shopt.extglob,
                            state.shopt.nocasematch);
      matched = pattern.Matches(subject);
    }
    if (!matched) continue;
    status = Execute(clause.body.get());
    if (flow != Flow::kNone || clause.next == Case::Next::kEnd) return status;
    matched = clause.next == Case::Next::kFallThrough;
  }
  return status;
}

int Interpreter::ExecuteConditional(const Conditional& command) {
  state.line = command.line + state.line_base;
  if (Announce(command)) return 0;
  const int status = EvaluateConditional(*this, *command.expression);
  state.pipe_status.assign(1, status);
  CheckErrexit(command, status);
  return status;
}

int Interpreter::ExecuteArithmetic(const Arithmetic& command) {
  state.line = command.line + state.line_base;
  if (Announce(command)) return 0;
  int status = 0;
  try {
    const Word& word = command.expression;
    status = (state.options.trace ? EvaluateTraced(word) : EvaluateWord(word)) != 0 ? 0 : 1;
  } catch (const ArithmeticError& error) {
    Complain("((: " + error.message);
    status = 1;
  } catch (const ExpansionError& error) {
    if (error.fatal || error.leaves_all) throw;
    status = error.status;  // A readonly variable: only this command fails.
  }
  state.pipe_status.assign(1, status);
  CheckErrexit(command, status);
  return status;
}

void Interpreter::CheckErrexit(const Command& command, int status, bool runs_trap) {
  if (status == 0 || condition_depth > 0 || flow != Flow::kNone || &command == inverted_) return;
  if (runs_trap && !state.traps.empty()) {
    state.status = status;
    RunTrap(kTrapError);
  }
  if (!state.options.exit_on_error || flow != Flow::kNone) return;
  flow = Flow::kExit;
  discarding = false;
  exit_status = status;
}

}  // namespace computesdk::in_memory::shell
