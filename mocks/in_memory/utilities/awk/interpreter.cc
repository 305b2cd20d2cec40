#include "mocks/in_memory/utilities/awk/interpreter.h"

#include <fcntl.h>

#include <cctype>
#include <utility>

#include "mocks/in_memory/utilities/awk/lexer.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

Interpreter::Interpreter(Process& process, ParsedProgram program,
                         std::vector<std::string> arguments)
    : process_(process),
      parsed_(std::move(program)),
      program_(parsed_.program),
      globals_(program_.globals.size()),
      ranges_(program_.rules.size()),
      streams_(process) {
  const auto set = [this](Special slot, std::string text) {
    globals_[slot].value = Value(std::move(text));
  };
  set(kConvfmt, convfmt_);
  set(kOfmt, ofmt_);
  set(kFs, " ");
  set(kOfs, ofs_);
  set(kOrs, ors_);
  set(kRs, "\n");
  set(kRt, "");
  set(kSubsep, subsep_);
  set(kFilename, "");
  set(kErrno, "");
  set(kFieldwidths, "");
  set(kFpat, "[^[:space:]]+");
  globals_[kIgnorecase].value = Value(0.0);
  globals_[kArgind].value = Value(0.0);
  globals_[kRstart].value = Value(0.0);
  globals_[kRlength].value = Value(0.0);
  globals_[kArgc].value = Value(static_cast<double>(arguments.size()));
  Array& argv = ArrayOf(kArgv);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    argv[std::to_string(i)] = Value::Input(arguments[i]);
  }
  Array& environment = ArrayOf(kEnviron);
  for (const auto& [name, value] : process.env) environment[name] = Value::Input(value);
  Array& info = ArrayOf(kProcinfo);
  info["version"] = Value(std::string("5.2.1"));
  info["pid"] = Value(static_cast<double>(process.pid()));
  info["ppid"] = Value(static_cast<double>(process.parent_pid()));
  info["FS"] = Value(std::string("FS"));
  info["strftime"] = Value(std::string("%a %b %e %H:%M:%S %Z %Y"));
  for (const char* name : {"uid", "euid", "gid", "egid"}) info[name] = Value(0.0);
  for (const Rule& rule : program_.rules) {
    has_file_rules_ |= rule.kind == Rule::Kind::kBeginFile;
  }
}

bool Interpreter::AssignArgument(const std::string& argument) {
  constexpr std::string_view kSuffix = "inplace::suffix=";
  if (in_place_ && argument.starts_with(kSuffix)) {
    in_place_suffix_ = argument.substr(kSuffix.size());
    return true;
  }
  const auto equals = argument.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  if (std::isdigit(static_cast<unsigned char>(argument[0])) != 0) return false;
  for (char c : argument.substr(0, equals)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  const auto slot = parsed_.slots.find(argument.substr(0, equals));
  // A variable that the program does not know makes no difference to it.
  if (slot == parsed_.slots.end()) return true;
  std::string unknown;
  globals_[static_cast<std::size_t>(slot->second)].value =
      Value::Input(Unescape(argument.substr(equals + 1), &unknown));
  for (char letter : unknown) WarnOfEscape({letter});
  SpecialChanged(slot->second);
  return true;
}

void Interpreter::Warn(const std::string& message) {
  streams_.standard().Flush();
  Complain(process_, Place() + "warning: " + message);
}

std::string Interpreter::Place() const {
  if (line_ == 0) return "";
  std::string place = source_name_ + ":" + std::to_string(line_) + ": ";
  if (fnr_ > 0) {
    place += "(FILENAME=" + globals_[kFilename].value.Text(convfmt_) +
             " FNR=" + FormatNumber(fnr_, "%d") + ") ";
  }
  return place;
}

void Interpreter::WarnOfEscape(UnknownEscape escape) {
  const char letter = escape.letter;
  std::string& warned = escape.of_regex ? warned_regex_escapes_ : warned_escapes_;
  if (warned.find(letter) != std::string::npos) return;
  warned.push_back(letter);
  const int line = std::exchange(line_, escape.line);
  const std::string sequence = std::string("escape sequence `\\") + letter + "' ";
  Warn(escape.of_regex ? "regexp " + sequence + "is not a known regexp operator"
                       : sequence + "treated as plain `" + letter + "'");
  line_ = line;
}

int Interpreter::Run() {
  try {
    RunProgram();
    streams_.CloseAll();
  } catch (const Fatal& fatal) {
    streams_.FlushAll();
    Complain(process_, Place() + "fatal: " + fatal.message);
    streams_.CloseAll();
    return 2;
  }
  return streams_.standard().Finish(exit_code_ & 0xff);
}

void Interpreter::RunProgram() {
  bool reads = false;
  bool has_end = false;
  for (const Rule& rule : program_.rules) {
    reads = reads || rule.kind != Rule::Kind::kBegin;
    has_end = has_end || rule.kind == Rule::Kind::kEnd;
  }
  bool exited = RunRules(Rule::Kind::kBegin) == Flow::kExit;
  std::string text;
  const auto read = [&] {
    try {
      return ReadMain(text);
    } catch (const Jump& jump) {
      exited = jump.flow == Flow::kExit;
      return false;
    }
  };
  while (!exited && reads && read()) {
    process_.Checkpoint();
    record_.Set(std::exchange(text, {}));
    const Flow flow = RunRecord();
    exited = flow == Flow::kExit;
    if (flow == Flow::kNextFile) EndFile();
    if (!streams_.standard().ok()) return;
  }
  if (!edited_.empty()) EndInPlace();
  if (has_end) RunRules(Rule::Kind::kEnd);
}

Interpreter::Flow Interpreter::ExecuteAction(const Statement* action) {
  try {
    if (action != nullptr) return Execute(*action);
    streams_.standard() << record_.text() << ors_;
    return Flow::kNormal;
  } catch (const Jump& jump) {
    frame_ = nullptr;
    return jump.flow;
  }
}

Interpreter::Flow Interpreter::RunRules(Rule::Kind kind) {
  for (const Rule& rule : program_.rules) {
    if (rule.kind != kind) continue;
    if (ExecuteAction(rule.action.get()) == Flow::kExit) return Flow::kExit;
  }
  return Flow::kNormal;
}

bool Interpreter::PatternHolds(std::size_t index) {
  const Rule& rule = program_.rules[index];
  if (rule.pattern) line_ = rule.line;
  if (rule.kind == Rule::Kind::kPattern) return !rule.pattern || EvaluateTruth(*rule.pattern);
  if (rule.kind != Rule::Kind::kRange) return false;
  Range& range = ranges_[index];
  if (!range.active && !EvaluateTruth(*rule.pattern)) return false;
  range.active = !EvaluateTruth(*rule.end);
  return true;
}

Interpreter::Flow Interpreter::RunRecord() {
  for (std::size_t i = 0; i < program_.rules.size(); ++i) {
    Flow flow = Flow::kNormal;
    try {
      if (!PatternHolds(i)) continue;
      flow = ExecuteAction(program_.rules[i].action.get());
    } catch (const Jump& jump) {
      flow = jump.flow;
    }
    if (flow == Flow::kNext) return Flow::kNormal;
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

}  // namespace computesdk::in_memory::awk
