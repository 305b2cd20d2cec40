#include "mocks/in_memory/shell/interpreter.h"

#include <algorithm>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/expansion/pattern.h"
#include "mocks/in_memory/shell/plain_messages.h"
#include "mocks/in_memory/shell/syntax/parser.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

namespace computesdk::in_memory::shell {
namespace {

// What a stage of a pipeline wrote before the next one began: a pipe that is already full.
class WrittenPipe : public OpenFile {
 public:
  explicit WrittenPipe(std::string content) : content_(std::move(content)) {}
  IoResult<std::size_t> Read(Process&, char* buffer, std::size_t size) override {
    const std::size_t count = content_.copy(buffer, size, at_);
    at_ += count;
    return count;
  }
  IoResult<std::size_t> Write(Process&, std::string_view) override {
    return IoError(std::errc::bad_file_descriptor);
  }
  FileStatus Stat() const override {
    FileStatus status;
    status.type = FileType::kFifo;
    status.mode = 0600;
    return status;
  }

 private:
  std::string content_;
  std::size_t at_ = 0;
};

}  // namespace

OpenFilePtr MakeWrittenPipe(std::string content) {
  return std::make_shared<WrittenPipe>(std::move(content));
}

Interpreter::Interpreter(Process& p, State s) : process(p), state(std::move(s)) {}

// --- messages ----------------------------------------------------------------------------------

void Interpreter::Complain(const std::string& message) {
  const std::string file = state.frames.empty() ? "" : FileOf(state.frames.back());
  const std::string start = (file.empty() ? state.name : file) + ": ";
  if (!state.plain_sh) {
    (void)process.Write(2, start + "line " + std::to_string(state.line) + ": " + message + "\n");
    return;
  }
  const std::string plain = PlainMessage(message);
  if (plain.empty()) return;
  (void)process.Write(
      2, state.name + ": " + std::to_string(state.line) + ": " + state.plain_label + plain + "\n");
}

void Interpreter::ComplainAs(const std::string& who, const std::string& message) {
  Complain(who + ": " + message);
}

void Interpreter::ReportError(const std::string& message) {
  Complain(message);
  if (!state.options.exit_on_error) return;
  // The shell ends on the spot: its EXIT trap writes where the command would.
  (void)Finish(1);
  throw ExpansionError{.status = 1, .fatal = true, .keeps_status = true};
}

void Interpreter::FailExpansion(const std::string& message, bool fatal) {
  ReportError(message);
  throw ExpansionError{1, fatal};
}

ExpansionError Interpreter::UsedUpStack() {
  Complain("maximum nesting exceeded");
  return {.status = 1, .fatal = true, .keeps_status = true};
}

bool Interpreter::WriteOutput(std::string_view text) {
  if (text.empty()) return true;
  if (write_failed) return false;
  if (process.File(1) == nullptr) {
    ComplainAs(builtin_name, "write error: Bad file descriptor");
    write_failed = true;
    return false;
  }
  const IoStatus written = process.Write(1, text);
  if (written) return true;
  ComplainAs(builtin_name, state.plain_sh ? builtin_name + ": I/O error"
                                          : "write error: " + ErrnoText(written.error()));
  write_failed = true;
  return false;
}

std::string Interpreter::FileOf(const FunctionFrame& frame) const {
  return frame.file == nullptr ? "environment" : *frame.file;
}

std::vector<FunctionFrame> Interpreter::CallStack() const {
  std::vector<FunctionFrame> stack(state.frames.rbegin(), state.frames.rend());
  if (state.from_file) {
    stack.push_back({"main", 0, std::make_shared<const std::string>(state.name)});
  }
  return stack;
}

int Interpreter::FatalStatus(const ExpansionError& error) const {
  if (!error.fatal) return error.status;
  if (state.plain_sh) return 2;
  const bool of_command = state.options.from_command && !state.options.exit_on_error &&
                          state.subshell_level == (state.is_stage ? 1 : 0);
  return of_command && error.status == 1 && !error.keeps_status ? 127 : error.status;
}

int Interpreter::OnExpansionError(const ExpansionError& error) {
  flow = Flow::kExit;
  ended_by_error = true;
  discarding = !error.fatal && (error.only_line || !state.options.exit_on_error);
  discards_all = error.leaves_all;
  exit_status = FatalStatus(error);
  state.status = exit_status;
  state.pipe_status.assign(1, exit_status);
  return exit_status;
}

// --- running text ------------------------------------------------------------------------------

bool RedirectsInput(const Command& command) {
  return std::any_of(command.redirections.begin(), command.redirections.end(), [](const auto& r) {
    const bool reads = r.op == RedirectOp::kInput || r.op == RedirectOp::kReadWrite ||
                       r.op == RedirectOp::kDuplicateInput || r.op == RedirectOp::kHereDocument ||
                       r.op == RedirectOp::kHereString;
    return r.variable.empty() && (r.fd == 0 || (r.fd < 0 && reads));
  });
}

namespace {

CommandPtr LastCommand(const CommandPtr& command) {
  if (command->kind != CommandKind::kList) return command;
  const List::Item& last = static_cast<const List&>(*command).items.back();
  return last.background ? command : last.command;
}

}  // namespace

int Interpreter::RunText(Lexer& lexer, const std::string& label) {
  Parser parser(lexer);
  int status = 0;
  const Command* const command_before = state.command;
  const CommandPtr last_line_before = last_line_;
  const int enclosing_line = state.enclosing_line;
  // dash shows what it reads, and the text of -c and eval is not read.
  const bool silent = state.plain_sh && (label == "-c" || label == "eval");
  const bool is_main = label.empty() && state.frames.empty();
  while (flow == Flow::kNone) {
    lexer_context();
    const std::size_t start = lexer.position();
    const auto line = parser.ParseLine();
    state.enclosing_line = lexer.line() - 1 + state.line_base;
    if (state.options.verbose && !silent) (void)process.Write(2, lexer.TextFrom(start));
    for (const std::string& warning : lexer.TakeWarnings()) {
      if (state.plain_sh) continue;
      const bool outside = state.frames.empty();
      (void)process.Write(2, (outside ? state.name : FileOf(state.frames.back())) + ": " +
                                 (label.empty() && !state.from_file && outside
                                      ? ""
                                      : "line " + std::to_string(lexer.line() - 1) + ": ") +
                                 warning + "\n");
    }
    if (!line) {
      status = ReportSyntaxError(lexer, line.error(), label);
      if (!line.error().in_list || line.error().in_substitution) return status;
      lexer.SkipLine();
      continue;
    }
    if (*line == nullptr) break;
    if (state.options.no_execute) continue;
    if (state.options.history && (label.empty() || label == "-c")) Remember(lexer.TextFrom(start));
    if (label == "-c" && lexer.AtEndOfInput()) SetTail(LastCommand(*line));
    const Command* const last_command = state.command;
    status = Execute(line->get());
    if (state.command != last_command) last_line_ = *line;
    if (flow == Flow::kExit) kept_.push_back(*line);
    if (flow == Flow::kExit && discarding && (!discards_all || is_main)) {
      flow = Flow::kNone;
      discarding = false;
      status = state.status = exit_status;
    }
    if (state.options.one_command && label.empty() && flow == Flow::kNone) {
      flow = Flow::kExit;
      exit_status = status;
    }
  }
  state.enclosing_line = enclosing_line;
  // The EXIT trap may ask for the last command.
  if (flow != Flow::kExit && command_before != nullptr) {
    state.command = command_before;
    last_line_ = last_line_before;
  }
  return flow == Flow::kExit || flow == Flow::kReturn ? exit_status : status;
}

void Interpreter::Remember(std::string_view text) {
  while (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty()) state.history.emplace_back(text);
}

int Interpreter::RunString(std::string text, int line, const std::string& label) {
  if (StackIsLow()) FailNesting();
  EndLastLine(text);
  Lexer lexer(std::move(text), line, lexer_context());
  const int line_base = std::exchange(state.line_base, 0);
  const bool nested = label == "eval" || label == "trap" || label == "fc";
  if (nested) ++state.trace_depth;
  const int line_before = std::exchange(text_line_, line);
  const int status = RunText(lexer, label);
  text_line_ = line_before;
  if (nested) --state.trace_depth;
  state.line_base = line_base;
  return status;
}

void EndLastLine(std::string& text) {
  std::erase(text, '\0');
  std::size_t backslashes = 0;
  while (backslashes < text.size() && text[text.size() - 1 - backslashes] == '\\') ++backslashes;
  if (!text.empty() && text.back() != '\n' && backslashes % 2 == 0) text += '\n';
}

int Interpreter::RunStage(const CommandPtr& command) {
  announced_ = command.get();
  if (command == nullptr || command->kind != CommandKind::kSubshell) {
    has_pipe_ = true;
    return RunSubshell(command);
  }
  return RunRedirected(static_cast<const Compound&>(*command));
}

int Interpreter::RunRedirected(const Compound& subshell) {
  RedirectionScope scope(process);
  bool applied = true;
  // An error in them ends the shell as one in a stage of a pipeline does.
  const bool was_stage = std::exchange(state.is_stage, true);
  Guard([&] {
    applied = ApplyRedirections(subshell.redirections, scope);
    return applied ? 0 : 1;
  });
  state.is_stage = was_stage;
  if (flow != Flow::kNone) return Finish(exit_status);
  if (!applied) {
    refused_ = &subshell;
    return Finish(RedirectionFailure());
  }
  if (RedirectsInput(subshell)) state.input_is_given = true;
  whole_ = subshell.body.get();
  return RunSubshell(subshell.body);
}

int Interpreter::RunSubshell(const CommandPtr& body) {
  int status = body == nullptr ? 0 : Execute(body.get());
  if (flow == Flow::kExit || flow == Flow::kReturn) status = exit_status;
  return Finish(status);
}

int Interpreter::Finish(int status) {
  const auto trap = state.traps.find(kTrapExit);
  if (trap == state.traps.end() || trap->second.empty()) return status;
  const std::string action = trap->second;
  state.traps.erase(trap);
  if (state.running_traps == 0) state.trap_command = CommandText();
  state.running_traps = 1;
  flow = Flow::kNone;
  discarding = false;
  condition_depth = 0;
  state.status = status;
  state.ending_status = status;
  finishing = true;
  state.line = 1;
  RunString(action, 1, "exit trap");
  return flow == Flow::kExit && !discarding ? exit_status : status;
}

State Interpreter::MakeSubshellState() const {
  State copy = state;
  copy.command = nullptr;
  copy.ending_status = std::nullopt;
  ++copy.subshell_level;
  copy.loop_depth = 0;
  copy.is_stage = false;
  copy.stage_traps.clear();
  copy.stage_levels = 0;
  if (copy.parent_traps.empty()) copy.parent_traps = copy.traps;
  // A subshell keeps what is ignored; what is handled goes back to its default.
  for (auto it = copy.traps.begin(); it != copy.traps.end();) {
    const bool keeps =
        it->second.empty() || (it->first == kTrapError && state.options.trace_errors) ||
        ((it->first == kTrapDebug || it->first == kTrapReturn) && state.options.function_trace);
    it = keeps ? std::next(it) : copy.traps.erase(it);
  }
  return copy;
}

// The process of a simple command is not quite a subshell yet when it expands the words: a failure
// there runs the EXIT trap of the shell that it comes from, and ends with the status of that shell.
State Interpreter::MakeStageState(const Command& command) const {
  State copy = MakeSubshellState();
  copy.is_stage = command.kind == CommandKind::kSimple;
  if (copy.is_stage) copy.loop_depth = state.loop_depth;
  if (copy.is_stage && state.traps.find(kTrapExit) != state.traps.end()) {
    copy.stage_traps = state.traps;
  }
  return copy;
}

SpawnOptions Interpreter::MakeChildOptions() {
  SyncEnvironment();
  SpawnOptions options;
  options.args = process.args;
  for (const CoprocessFiles& coprocess : coprocesses) {
    options.files[coprocess.read_fd] = nullptr;
    options.files[coprocess.write_fd] = nullptr;
  }
  return options;
}

void Interpreter::SyncEnvironment() {
  if (state.variables.environment_changed()) {
    process.env = state.variables.Environment();
    for (const std::string& name : state.exported_functions) {
      const auto found = state.functions.find(name);
      if (found != state.functions.end()) {
        process.env["BASH_FUNC_" + name + "%%"] = PrintExportedFunction(*found->second);
      }
    }
  }
}

// --- expansion ---------------------------------------------------------------------------------

std::vector<std::string> Interpreter::ExpandWords(const std::vector<Word>& words) {
  Expander expander(*this, Expander::Mode::kFields);
  for (const Word& word : words) expander.Expand(word);
  return std::move(expander.fields());
}

std::string Interpreter::ExpandString(const Word& word) {
  if (word.parts.size() == 1) {
    if (const auto* literal = std::get_if<Literal>(&word.parts[0].value)) return literal->text;
  }
  Expander expander(*this, Expander::Mode::kString);
  expander.Expand(word);
  return std::move(expander.text());
}

std::string Interpreter::ExpandPattern(const Word& word) {
  Expander expander(*this, Expander::Mode::kPattern);
  expander.Expand(word);
  return state.plain_sh ? EscapeCarets(expander.text()) : std::move(expander.text());
}

std::string Interpreter::ExpandRegex(const Word& word) {
  Expander expander(*this, Expander::Mode::kRegex);
  expander.Expand(word);
  return std::move(expander.text());
}

// Where a subscript has no value, all that is being run is left.
void Interpreter::FailSubscript(const std::string& message) {
  Complain(message);
  throw ExpansionError{.status = 1, .leaves_all = true};
}

std::int64_t Interpreter::EvaluateText(const std::string& text) {
  try {
    return EvaluateArithmetic(text, *this, state.plain_sh);
  } catch (const ArithmeticError& error) {
    if (!error.of_subscript) throw;
    FailSubscript(error.message);
  }
}

std::int64_t Interpreter::EvaluateWord(const Word& word) {
  if (word.parts.size() == 1) {
    if (const auto* literal = std::get_if<Literal>(&word.parts[0].value)) {
      return EvaluateText(literal->text);
    }
  }
  return EvaluateText(ExpandArithmetic(word));
}

std::int64_t Interpreter::EvaluateTraced(const Word& word) {
  const std::string text = ExpandArithmetic(word);
  Trace("(( " + text + " ))");
  return EvaluateText(text);
}

std::string Interpreter::ExpandArithmetic(const Word& word) {
  Expander expander(*this, Expander::Mode::kString);
  expander.ExpandArithmetic(word);
  return std::move(expander.text());
}

}  // namespace computesdk::in_memory::shell
