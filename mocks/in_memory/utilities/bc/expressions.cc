#include <utility>

#include "mocks/in_memory/utilities/bc/compiler.h"

namespace computesdk::in_memory {
namespace {

struct Infix {
  std::string_view text;
  int precedence;
  BcOp op;
};

}  // namespace

// An expression whose value is wanted.
void BcCompiler::Value() {
  if (Expression(kLowest).is_void) Reject("void expression");
}

BcCompiler::Kind BcCompiler::Expression(int least) {
  if (++depth_ > kMaxBcDepth) {
    Fail("memory exhausted");
    return {};
  }
  Kind kind = Prefix();
  while (!failed_ && Infixed(kind, least)) {
  }
  --depth_;
  return kind;
}

// One infix operator that binds as strongly as `least`, and its right side.
bool BcCompiler::Infixed(Kind& left, int least) {
  static constexpr Infix kInfixes[] = {
      {"||", kOr, BcOp::kPop},          {"&&", kAnd, BcOp::kPop},
      {"==", kRelation, BcOp::kEqual},  {"!=", kRelation, BcOp::kUnequal},
      {"<", kRelation, BcOp::kLess},    {"<=", kRelation, BcOp::kLessOrEqual},
      {">", kRelation, BcOp::kGreater}, {">=", kRelation, BcOp::kGreaterOrEqual},
      {"+", kSum, BcOp::kAdd},          {"-", kSum, BcOp::kSubtract},
      {"*", kProduct, BcOp::kMultiply}, {"/", kProduct, BcOp::kDivide},
      {"%", kProduct, BcOp::kModulo},   {"^", kPower, BcOp::kRaise}};
  for (const Infix& infix : kInfixes) {
    if (infix.precedence < least || !At(infix.text)) continue;
    if (left.is_void) Reject("void expression with " + std::string(infix.text));
    Advance();
    if (infix.precedence == kOr) {
      OrOperator();
    } else if (infix.precedence == kAnd) {
      AndOperator();
    } else {
      const Kind right = Expression(infix.precedence == kPower ? kPower : infix.precedence + 1);
      if (right.is_void) Reject("void expression with " + std::string(infix.text));
      Emit(infix.op);
    }
    left = Kind{.comparison = infix.precedence == kRelation};
    return true;
  }
  return false;
}

void BcCompiler::OrOperator() {
  Warn("|| operator");
  const std::size_t first = Emit(BcOp::kJumpIfTrue);
  Expression(kOr + 1);
  const std::size_t second = Emit(BcOp::kJumpIfTrue);
  EmitConstant("0");
  const std::size_t end = Emit(BcOp::kJump);
  JumpHere(first);
  JumpHere(second);
  EmitConstant("1");
  JumpHere(end);
}

void BcCompiler::AndOperator() {
  Warn("&& operator");
  Emit(BcOp::kDuplicate);
  const std::size_t first = Emit(BcOp::kJumpIfFalse);
  Emit(BcOp::kPop);
  Expression(kAnd + 1);
  Emit(BcOp::kDuplicate);
  const std::size_t second = Emit(BcOp::kJumpIfFalse);
  Emit(BcOp::kPop);
  EmitConstant("1");
  JumpHere(first);
  JumpHere(second);
}

BcCompiler::Kind BcCompiler::Prefix() {
  if (Accept("-")) {
    Expression(kUnary);
    Emit(BcOp::kNegate);
    return {};
  }
  if (Accept("!")) {
    Expression(kRelation);
    Emit(BcOp::kNot);
    Warn("! operator");
    return {};
  }
  if (At("++") || At("--")) return StepBefore();
  return Primary();
}

BcCompiler::Kind BcCompiler::StepBefore() {
  const bool up = At("++");
  Advance();
  const std::optional<Place> place = ParsePlace();
  if (!place) {
    SyntaxError();
    return {};
  }
  EmitStep(*place, up);
  EmitLoad(*place);
  return {};
}

// Leaves the index of an element for the load that follows.
void BcCompiler::EmitStep(const Place& place, bool up) {
  if (place.element) {
    Emit(BcOp::kDuplicate);
    Emit(up ? BcOp::kIncrementElement : BcOp::kDecrementElement, place.id);
  } else {
    Emit(up ? BcOp::kIncrement : BcOp::kDecrement, place.id);
  }
}

BcCompiler::Kind BcCompiler::Primary() {
  if (token_.kind == BcTokenKind::kNumber) {
    EmitConstant(token_.text);
    Advance();
    return {};
  }
  if (Accept("(")) {
    const Kind inner = Expression(kLowest);
    Expect(")");
    return {.is_void = inner.is_void};
  }
  if (token_.kind == BcTokenKind::kName) {
    const std::string name = token_.text;
    NameToken();
    return Named(name);
  }
  if (token_.kind == BcTokenKind::kKeyword) return KeywordPrimary();
  SyntaxError();
  return {};
}

BcCompiler::Kind BcCompiler::Named(const std::string& name) {
  if (At("(")) return Call(name);
  return AfterPlace(PlaceOf(name));
}

BcCompiler::Kind BcCompiler::KeywordPrimary() {
  static constexpr std::pair<std::string_view, BcOp> kFunctions[] = {
      {"length", BcOp::kLength}, {"sqrt", BcOp::kSquareRoot}, {"scale", BcOp::kScale}};
  const std::string name = token_.text;
  if (name == "read" || name == "random") {
    Advance();
    Expect("(");
    Expect(")");
    Warn(name + " function");
    Emit(name == "read" ? BcOp::kRead : BcOp::kRandom);
    return {};
  }
  // "scale" is a variable, too.
  std::optional<Place> place = ParsePlace();
  if (place && !(name == "scale" && At("("))) return AfterPlace(*place);
  for (const auto& [function, op] : kFunctions) {
    if (name != function) continue;
    if (!place) Advance();
    Expect("(");
    Value();
    Expect(")");
    Emit(op);
    return {};
  }
  SyntaxError();
  return {};
}

// An assignment, a step, or the value.
BcCompiler::Kind BcCompiler::AfterPlace(const Place& place) {
  static constexpr std::pair<std::string_view, BcOp> kAssignments[] = {
      {"=", BcOp::kPop},       {"+=", BcOp::kAdd},    {"-=", BcOp::kSubtract},
      {"*=", BcOp::kMultiply}, {"/=", BcOp::kDivide}, {"%=", BcOp::kModulo},
      {"^=", BcOp::kRaise}};
  for (const auto& [text, op] : kAssignments) {
    if (!At(text)) continue;
    Advance();
    if (op != BcOp::kPop) {
      if (place.element) Emit(BcOp::kDuplicate);
      EmitLoad(place);
    }
    if (Expression(kSum).is_void) Reject("Assignment of a void expression");
    if (op != BcOp::kPop) Emit(op);
    Emit(place.element ? BcOp::kStoreElement : BcOp::kStore, place.id);
    return {.assignment = true};
  }
  if (At("++") || At("--")) {
    const bool up = At("++");
    Advance();
    if (place.element) Emit(BcOp::kDuplicate);
    EmitLoad(place);
    if (place.element) {
      Emit(BcOp::kExchange);
      Emit(up ? BcOp::kIncrementElement : BcOp::kDecrementElement, place.id);
    } else {
      EmitStep(place, up);
    }
    return {};
  }
  EmitLoad(place);
  return {};
}

BcCompiler::Kind BcCompiler::Call(const std::string& name) {
  BcCall call;
  call.function = program_.function_names.IdOf(name);
  Advance();
  if (!At(")")) {
    do {
      Argument(call);
    } while (Accept(","));
  }
  Expect(")");
  const bool is_void = program_.functions[call.function].is_void;
  function_->calls.push_back(std::move(call));
  Emit(BcOp::kCall, static_cast<int>(function_->calls.size()) - 1);
  return {.is_void = is_void};
}

void BcCompiler::Argument(BcCall& call) {
  call.arrays.push_back(false);
  if (token_.kind != BcTokenKind::kName) return Value();
  const std::string name = token_.text;
  NameToken();
  Kind kind;
  if (!Accept("[")) {
    kind = Named(name);
  } else if (Accept("]")) {
    Emit(BcOp::kArray, program_.arrays.IdOf(name));
    call.arrays.back() = true;
    return;
  } else {
    kind = AfterPlace(ElementOf(name));
  }
  while (!failed_ && Infixed(kind, kLowest)) {
  }
  if (kind.is_void) Reject("void argument");
}

}  // namespace computesdk::in_memory
