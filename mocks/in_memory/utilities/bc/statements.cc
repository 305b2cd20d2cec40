#include <utility>

#include "mocks/in_memory/utilities/bc/compiler.h"

namespace computesdk::in_memory {

// Up to the end of the line, or to the end of a block in braces.
void BcCompiler::StatementList(bool block) {
  while (!failed_) {
    if (At(";")) {
      Advance();
      continue;
    }
    if (token_.kind == BcTokenKind::kNewline) {
      if (!block) return;
      Advance();
      continue;
    }
    // Whoever called reads on behind the brace.
    if (block && At("}")) return;
    Statement();
    const bool ends = token_.kind == BcTokenKind::kNewline || At(";") || (block && At("}"));
    if (!ends) SyntaxError();
  }
}

void BcCompiler::Statement() {
  if (++depth_ > kMaxBcDepth) return Fail("memory exhausted");
  if (token_.kind == BcTokenKind::kString) {
    Emit(BcOp::kString, AddText(token_.text));
    Advance();
  } else if (At("{")) {
    Advance();
    StatementList(true);
    Advance();
  } else if (At("if")) {
    IfStatement();
  } else if (At("while")) {
    WhileStatement();
  } else if (At("for")) {
    ForStatement();
  } else {
    SimpleStatement();
  }
  --depth_;
}

void BcCompiler::SimpleStatement() {
  if (At("print")) return PrintStatement();
  if (At("return")) return ReturnStatement();
  if (At("break")) return LoopExit(true);
  if (At("continue")) return LoopExit(false);
  if (At("quit")) {
    // Takes effect where it is read, even inside an "if" that does not hold.
    quit_ = failed_ = true;
    token_ = {BcTokenKind::kFailed, ""};
  } else if (At("halt")) {
    Emit(BcOp::kHalt);
    Advance();
  } else if (At("limits")) {
    out_ << "BC_BASE_MAX     = 2147483647\nBC_DIM_MAX      = 16777215\n"
            "BC_SCALE_MAX    = 2147483647\nBC_STRING_MAX   = 2147483647\n"
            "MAX Exponent    = 9223372036854775807\nNumber of vars  = 32767\n";
    Advance();
  } else {
    ExpressionStatement();
  }
}

void BcCompiler::ExpressionStatement() {
  const Kind kind = Expression(kLowest);
  if (kind.comparison) Warn("comparison in expression");
  Emit(kind.is_void || kind.assignment ? BcOp::kPop : BcOp::kPrintLine);
}

void BcCompiler::PrintStatement() {
  Warn("print statement");
  do {
    Advance();
    if (token_.kind == BcTokenKind::kString) {
      Emit(BcOp::kEscapedString, AddText(token_.text));
      Advance();
    } else {
      Value();
      Emit(BcOp::kPrint);
    }
  } while (At(","));
}

void BcCompiler::ReturnStatement() {
  Advance();
  const bool empty = token_.kind == BcTokenKind::kNewline || At(";") || At("}");
  if (empty) {
    EmitConstant("0");
  } else {
    if (!At("(")) Warn("return expression requires parenthesis");
    Value();
    if (in_function_ && function_->is_void) Reject("Return expression in a void function.");
  }
  if (!in_function_) Reject("Return outside of a function.");
  Emit(BcOp::kReturn);
}

void BcCompiler::LoopExit(bool is_break) {
  if (!is_break) Warn("Continue statement");
  if (loops_.empty()) {
    Reject(is_break ? "Break outside a for/while" : "Continue outside a for");
  } else {
    auto& exits = is_break ? loops_.back().breaks : loops_.back().continues;
    exits.push_back(Emit(BcOp::kJump));
  }
  Advance();
}

void BcCompiler::IfStatement() {
  Advance();
  Expect("(");
  Value();
  Expect(")");
  SkipNewline();
  const std::size_t otherwise = Emit(BcOp::kJumpIfFalse);
  Statement();
  if (!At("else")) return JumpHere(otherwise);
  Warn("else clause in if statement");
  Advance();
  SkipNewline();
  const std::size_t end = Emit(BcOp::kJump);
  JumpHere(otherwise);
  Statement();
  JumpHere(end);
}

void BcCompiler::CloseLoop(std::size_t continue_target) {
  const Loop loop = std::move(loops_.back());
  loops_.pop_back();
  for (const std::size_t jump : loop.breaks) JumpHere(jump);
  for (const std::size_t jump : loop.continues) JumpTo(jump, continue_target);
}

void BcCompiler::WhileStatement() {
  Advance();
  Expect("(");
  const std::size_t start = function_->code.size();
  Value();
  Expect(")");
  SkipNewline();
  loops_.emplace_back();
  loops_.back().breaks.push_back(Emit(BcOp::kJumpIfFalse));
  Statement();
  JumpTo(Emit(BcOp::kJump), start);
  CloseLoop(start);
}

void BcCompiler::ForStatement() {
  Advance();
  Expect("(");
  if (!ForPart(";")) Emit(BcOp::kPop);
  const std::size_t condition = function_->code.size();
  if (ForPart(";")) EmitConstant("1");
  loops_.emplace_back();
  const std::size_t body = Emit(BcOp::kJumpIfTrue);
  loops_.back().breaks.push_back(Emit(BcOp::kJump));
  const std::size_t step = function_->code.size();
  if (!ForPart(")")) Emit(BcOp::kPop);
  JumpTo(Emit(BcOp::kJump), condition);
  SkipNewline();
  JumpHere(body);
  Statement();
  JumpTo(Emit(BcOp::kJump), step);
  CloseLoop(step);
}

// One of the three expressions of a "for", and what ends it; whether it is left out.
bool BcCompiler::ForPart(std::string_view end) {
  const bool empty = At(end);
  if (empty) {
    Warn("Missing expression in for statement");
  } else {
    Value();
  }
  Expect(end);
  return empty;
}

}  // namespace computesdk::in_memory
