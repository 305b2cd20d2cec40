#include "mocks/in_memory/utilities/bc/compiler.h"

#include <utility>

namespace computesdk::in_memory {
namespace {

int SizeOfId(int id) { return id < 128 ? 1 : 2; }

// How much of GNU's code an instruction takes.
int SizeOf(const BcFunction& function, const BcInstruction& instruction) {
  const auto operand = static_cast<std::size_t>(instruction.operand);
  switch (instruction.op) {
    case BcOp::kConstant: {
      const std::string& text = function.texts[operand];
      return text == "0" || text == "1" ? 1 : static_cast<int>(text.size()) + 2;
    }
    case BcOp::kString:
    case BcOp::kEscapedString:
      return static_cast<int>(function.texts[operand].size()) + 2;
    case BcOp::kJump:
    case BcOp::kJumpIfTrue:
    case BcOp::kJumpIfFalse:
      return 3;
    case BcOp::kLoad:
    case BcOp::kStore:
    case BcOp::kIncrement:
    case BcOp::kDecrement:
    case BcOp::kLoadElement:
    case BcOp::kStoreElement:
    case BcOp::kIncrementElement:
    case BcOp::kDecrementElement:
      return 1 + SizeOfId(instruction.operand);
    case BcOp::kArray:
      return instruction.operand == 1 ? 1 : static_cast<int>(std::to_string(operand).size()) + 2;
    case BcOp::kCall:
      return 2 + SizeOfId(function.calls[operand].function) +
             static_cast<int>(function.calls[operand].arrays.size());
    case BcOp::kLength:
    case BcOp::kScale:
    case BcOp::kSquareRoot:
    case BcOp::kRead:
    case BcOp::kRandom:
      return 2;
    default:
      return 1;
  }
}

}  // namespace

int BcNames::IdOf(std::string_view name) {
  if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
  const int id = end();
  ids_.emplace(name, id);
  names_.emplace_back(name);
  return id;
}

BcCompiler::BcCompiler(Process& process, BcSource& source, BcProgram& program, Output& out,
                       BcDialect dialect)
    : process_(process),
      source_(source),
      program_(program),
      out_(out),
      dialect_(dialect),
      lexer_(process, source, [this](const std::string& what) {
        Report("illegal character: " + what);
        rejected_ = true;
      }) {}

// --- tokens
// ---------------------------------------------------------------------------------------

void BcCompiler::Advance() {
  if (failed_) return;
  if (quiet_tokens_ > 0) --quiet_tokens_;
  token_ = lexer_.Next();
}

bool BcCompiler::At(std::string_view text) const {
  return (token_.kind == BcTokenKind::kOperator || token_.kind == BcTokenKind::kKeyword) &&
         token_.text == text;
}

bool BcCompiler::Accept(std::string_view text) {
  if (!At(text)) return false;
  Advance();
  return true;
}

void BcCompiler::Expect(std::string_view text) {
  if (!Accept(text)) SyntaxError();
}

void BcCompiler::SkipNewline() {
  if (token_.kind != BcTokenKind::kNewline) return;
  Warn("newline not allowed");
  Advance();
}

void BcCompiler::Report(const std::string& message) {
  out_.Flush();
  (void)process_.Write(
      2, source_.name() + " " + std::to_string(source_.line()) + ": " + message + "\n");
}

void BcCompiler::Fail(const std::string& message) {
  if (failed_) return;
  // One mistake often looks like several: the next ones are told only after three good tokens.
  if (quiet_tokens_ == 0) Report(message);
  quiet_tokens_ = 3;
  at_line_end_ = token_.kind == BcTokenKind::kNewline || token_.kind == BcTokenKind::kEnd;
  failed_ = true;
  // Nothing is made of this token: whatever is being read comes to its end.
  token_ = {BcTokenKind::kFailed, ""};
}

void BcCompiler::Reject(const std::string& message) {
  if (failed_) return;
  Report(message);
  rejected_ = true;
}

void BcCompiler::Warn(const std::string& construct) {
  if (failed_ || dialect_ == BcDialect::kGnu) return;
  if (dialect_ == BcDialect::kStandard) return Reject("Error: " + construct);
  Report("(Warning) " + construct);
}

void BcCompiler::RecoverFromError() {
  failed_ = false;
  if (at_line_end_) return;
  do {
    token_ = lexer_.Next();
  } while (token_.kind != BcTokenKind::kNewline && token_.kind != BcTokenKind::kEnd);
}

// --- code
// -----------------------------------------------------------------------------------------

std::size_t BcCompiler::Emit(BcOp op, int operand) {
  std::vector<BcInstruction>& code = function_->code;
  BcInstruction instruction{op, operand, code.empty() ? 0 : code.back().address};
  if (op == BcOp::kCall) {
    BcCall& call = function_->calls[static_cast<std::size_t>(operand)];
    call.first_address = instruction.address + 1 + SizeOfId(call.function);
  }
  instruction.address += SizeOf(*function_, instruction);
  RequireMemory(process_, (code.size() + 1) * sizeof instruction);
  code.push_back(instruction);
  return code.size() - 1;
}

int BcCompiler::AddText(const std::string& text) {
  function_->texts.push_back(text);
  return static_cast<int>(function_->texts.size()) - 1;
}

void BcCompiler::EmitConstant(const std::string& text) { Emit(BcOp::kConstant, AddText(text)); }

void BcCompiler::JumpTo(std::size_t jump, std::size_t target) {
  function_->code[jump].operand = static_cast<int>(target);
}

void BcCompiler::JumpHere(std::size_t jump) { JumpTo(jump, function_->code.size()); }

// --- lines and functions
// ----------------------------------------------------------------------------

std::optional<BcFunction> BcCompiler::Next() {
  failed_ = rejected_ = in_function_ = false;
  depth_ = 0;
  loops_.clear();
  BcFunction line;
  line.name = "(main)";
  function_ = &line;
  Advance();
  if (token_.kind == BcTokenKind::kEnd) return std::nullopt;
  if (At("define")) {
    Definition();
  } else {
    StatementList(false);
  }
  if (quit_) return std::nullopt;
  if (failed_) {
    RecoverFromError();
    rejected_ = true;
  }
  if (rejected_) line.code.clear();
  return line;
}

void BcCompiler::ReadLibrary(std::string_view text) {
  in_library_ = true;
  source_.Prepend(text);
  while (source_.HasText() && Next()) {
  }
  in_library_ = false;
  source_.ResetLines();
}

void BcCompiler::Definition() {
  Advance();
  BcFunction function;
  if (At("void")) {
    Warn("void functions");
    Advance();
    function.is_void = true;
  }
  function.name = token_.text;
  if (token_.kind != BcTokenKind::kName) return SyntaxError();
  NameToken();
  const int id = program_.function_names.IdOf(function.name);
  Expect("(");
  if (!At(")")) LocalList(function.parameters, true);
  Expect(")");
  SkipNewline();
  if (!At("{")) return SyntaxError();
  // The body may call its function.
  program_.functions[id].is_void = function.is_void;
  function_ = &function;
  in_function_ = true;
  Advance();
  if (token_.kind != BcTokenKind::kNewline) Warn("End of line required");
  while (token_.kind == BcTokenKind::kNewline) Advance();
  if (Accept("auto")) {
    LocalList(function.autos, false);
    if (token_.kind != BcTokenKind::kNewline && !At(";")) return SyntaxError();
    CheckLocals(function);
    Advance();
  } else {
    CheckLocals(function);
  }
  StatementList(true);
  if (failed_ || rejected_) return;
  EmitConstant("0");
  Emit(BcOp::kReturn);
  function.defined = true;
  function.in_library = in_library_;
  program_.functions[id] = std::move(function);
}

BcLocal BcCompiler::Local(bool parameter) {
  BcLocal local;
  if (parameter && (At("*") || At("&"))) {
    Warn("Call by variable arrays");
    Advance();
    local.by_reference = true;
  }
  local.name = token_.text;
  if (token_.kind != BcTokenKind::kName) {
    SyntaxError();
    return local;
  }
  NameToken();
  if (Accept("[")) {
    Expect("]");
    local.array = true;
    local.id = program_.arrays.IdOf(local.name);
    if (local.by_reference) Warn("Variable array parameter");
  } else {
    if (local.by_reference) SyntaxError();
    local.id = program_.variables.IdOf(local.name);
  }
  return local;
}

void BcCompiler::LocalList(std::vector<BcLocal>& locals, bool parameters) {
  do {
    locals.push_back(Local(parameters));
  } while (Accept(","));
}

void BcCompiler::CheckLocals(const BcFunction& function) {
  const auto same = [](const BcLocal& a, const BcLocal& b) {
    return a.id == b.id && a.array == b.array;
  };
  const auto repeats = [&](const std::vector<BcLocal>& one, const std::vector<BcLocal>& other,
                           bool itself) {
    for (std::size_t i = 0; i < one.size(); ++i) {
      for (std::size_t j = itself ? i + 1 : 0; j < other.size(); ++j) {
        if (same(one[i], other[j])) return true;
      }
    }
    return false;
  };
  if (repeats(function.parameters, function.parameters, true)) Reject("duplicate parameter names");
  if (repeats(function.autos, function.autos, true)) Reject("duplicate auto variable names");
  if (repeats(function.parameters, function.autos, false)) {
    Reject("variable in both parameter and auto lists");
  }
}

// A name that stands at the token: goes behind it.
void BcCompiler::NameToken() {
  if (token_.text.size() > 1) Warn("multiple letter name - " + token_.text);
  Advance();
}

// --- places
// ---------------------------------------------------------------------------------------

void BcCompiler::EmitLoad(const Place& place) {
  Emit(place.element ? BcOp::kLoadElement : BcOp::kLoad, place.id);
}

// What a variable of the language is called by; the code of an index goes first.
std::optional<BcCompiler::Place> BcCompiler::ParsePlace() {
  static constexpr std::pair<std::string_view, BcSpecial> kSpecials[] = {{"ibase", kBcIbase},
                                                                         {"obase", kBcObase},
                                                                         {"scale", kBcScale},
                                                                         {"history", kBcHistory},
                                                                         {"last", kBcLast}};
  if (token_.kind == BcTokenKind::kName) {
    const std::string name = token_.text;
    NameToken();
    return PlaceOf(name);
  }
  for (const auto& [name, id] : kSpecials) {
    if (!At(name)) continue;
    Advance();
    if (id == kBcLast) Warn("Last variable");
    if (id == kBcHistory) Warn("History variable");
    return Place{id, false};
  }
  return std::nullopt;
}

// A variable whose name has just been read, or an element of an array.
BcCompiler::Place BcCompiler::PlaceOf(const std::string& name) {
  if (!Accept("[")) return {program_.variables.IdOf(name), false};
  return ElementOf(name);
}

BcCompiler::Place BcCompiler::ElementOf(const std::string& name) {
  Value();
  Expect("]");
  return {program_.arrays.IdOf(name), true};
}

}  // namespace computesdk::in_memory
