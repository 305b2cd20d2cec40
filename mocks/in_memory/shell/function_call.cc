#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

namespace {

// The getopts of dash begins anew in a function; one that does not ask it leaves OPTIND alone.
class FreshOptions {
 public:
  explicit FreshOptions(Interpreter& shell)
      : shell_(shell), index_(shell.GetString("OPTIND")), letter_(shell.state.option_letter) {
    applies_ = !index_.empty() && (index_ != "1" || letter_ != 0);
    if (applies_) shell.Assign("OPTIND", "1");
  }
  ~FreshOptions() {
    if (!applies_ || shell_.GetString("OPTIND") != "1" || shell_.state.option_letter != 0) return;
    shell_.Assign("OPTIND", index_);
    shell_.state.option_letter = letter_;
  }
  FreshOptions(const FreshOptions&) = delete;
  FreshOptions& operator=(const FreshOptions&) = delete;

 private:
  Interpreter& shell_;
  const std::string index_;
  const int letter_;
  bool applies_ = false;
};

}  // namespace

int Interpreter::CallFunction(const FunctionDefinition& function,
                              const std::vector<std::string>& args) {
  if (StackIsLow()) FailNesting();
  const auto limit = ParsePlainNumber(GetString("FUNCNEST"));
  if (limit && *limit > 0 && state.frames.size() >= static_cast<std::size_t>(*limit)) {
    Complain(args[0] + ": maximum function nesting level exceeded (" +
             std::to_string(state.frames.size()) + ")");
    throw ExpansionError{1, false};
  }
  const auto positional_before = state.positional;
  const int loops = std::exchange(state.loop_depth, 0);
  const int line = state.line;
  const int enclosing_line = std::exchange(state.enclosing_line, function.body->line);
  const std::string builtin_before = std::exchange(builtin_name, "");
  SetPositional({args.begin() + 1, args.end()});
  state.frames.push_back({args[0], line, function.file, state.positional, nullptr});
  const auto file = std::exchange(state.file, function.file);
  const int line_base = std::exchange(state.line_base, 0);
  std::optional<FreshOptions> options;
  if (state.plain_sh) options.emplace(*this);
  state.variables.PushScope();
  struct Leave {
    Interpreter& shell;
    decltype(positional_before) positional;
    decltype(function.file) file;
    int loops;
    int line;
    int enclosing_line;
    int line_base;
    std::string builtin_name;
    const Command* command;
    TrapTable traps;
    ~Leave() {
      for (auto& [trap, action] : traps) shell.state.traps.try_emplace(trap, std::move(action));
      if (const auto& options = shell.state.frames.back().options) shell.state.options = *options;
      // With a trap that may ask for it, the last command of the function stays known.
      if (shell.flow != Flow::kExit && shell.state.traps.empty()) shell.state.command = command;
      shell.state.variables.PopScope();
      shell.state.frames.pop_back();
      shell.state.positional = positional;
      shell.state.positional_set = false;
      shell.state.file = file;
      shell.state.loop_depth = loops;
      shell.state.line = line;
      shell.state.enclosing_line = enclosing_line;
      shell.state.line_base = line_base;
      shell.builtin_name = builtin_name;
    }
  } leave{*this,          positional_before, file,           loops,         line,
          enclosing_line, line_base,         builtin_before, state.command, {}};
  bool skips = false;
  if (!state.traps.empty()) {
    leave.traps = TakeFunctionTraps(args[0]);
    state.line = function.body->line;
    skips = RunDebugTrap();
  }
  int status = skips ? 0 : Execute(function.body.get());
  int shown = status;
  // To a trap the end of the body is where it begins.
  if (flow == Flow::kNone && !state.traps.empty()) state.line = function.body->line;
  if (flow == Flow::kReturn) {
    flow = Flow::kNone;
    status = exit_status;
    shown = status_before_return;
  }
  state.last_argument = args.back();
  if (flow == Flow::kNone) {
    state.status = shown;
    RunTrap(kTrapReturn);
  }
  if (!state.traps.empty() || flow == Flow::kExit) kept_functions_.insert(function.body);
  return status;
}

int Interpreter::SourceFile(const std::string& path, const std::string& content) {
  if (StackIsLow()) FailNesting();
  const int line = state.line;
  const auto named = std::make_shared<const std::string>(path);
  state.frames.push_back({"source", line, named, nullptr, nullptr});
  const auto file = std::exchange(state.file, named);
  std::string text = content;
  std::erase(text, '\0');
  EndLastLine(text);
  Lexer lexer(std::move(text), 1, lexer_context());
  const std::string before = std::exchange(builtin_name, "");
  const int line_base = std::exchange(state.line_base, 0);
  ++state.trace_depth;
  int status = RunText(lexer, "");
  --state.trace_depth;
  state.line_base = line_base;
  builtin_name = before;
  state.frames.pop_back();
  state.file = file;
  state.line = line;
  if (flow == Flow::kNone || flow == Flow::kReturn) {
    const Flow before_trap = std::exchange(flow, Flow::kNone);
    if (before_trap == Flow::kReturn) state.status = status_before_return;
    RunTrap(kTrapReturn);
    if (flow == Flow::kNone) flow = before_trap;
  }
  if (flow == Flow::kReturn) {
    flow = Flow::kNone;
    status = exit_status;
  }
  return status;
}

}  // namespace computesdk::in_memory::shell
