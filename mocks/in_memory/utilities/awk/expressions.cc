#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/awk/parser_impl.h"
#include "mocks/in_memory/utilities/awk/regex.h"

namespace computesdk::in_memory::awk {
namespace {

ExpressionPtr Make(Operation operation) {
  auto expression = std::make_unique<Expression>();
  expression->operation = operation;
  return expression;
}

struct BuiltinEntry {
  Builtin builtin;
  std::size_t least;
  std::size_t most;
};

const std::map<std::string, BuiltinEntry, std::less<>>& Builtins() {
  static const std::map<std::string, BuiltinEntry, std::less<>> kTable = {
      {"and", {Builtin::kAnd, 2, 99}},
      {"asort", {Builtin::kAsort, 1, 3}},
      {"asorti", {Builtin::kAsorti, 1, 3}},
      {"atan2", {Builtin::kAtan2, 2, 2}},
      {"close", {Builtin::kClose, 1, 2}},
      {"compl", {Builtin::kCompl, 1, 1}},
      {"cos", {Builtin::kCos, 1, 1}},
      {"exp", {Builtin::kExp, 1, 1}},
      {"fflush", {Builtin::kFflush, 0, 1}},
      {"gensub", {Builtin::kGensub, 3, 4}},
      {"gsub", {Builtin::kGsub, 2, 3}},
      {"index", {Builtin::kIndex, 2, 2}},
      {"int", {Builtin::kInt, 1, 1}},
      {"isarray", {Builtin::kIsarray, 1, 1}},
      {"length", {Builtin::kLength, 0, 1}},
      {"log", {Builtin::kLog, 1, 1}},
      {"lshift", {Builtin::kLshift, 2, 2}},
      {"match", {Builtin::kMatch, 2, 3}},
      {"mkbool", {Builtin::kMkbool, 1, 1}},
      {"mktime", {Builtin::kMktime, 1, 2}},
      {"or", {Builtin::kOr, 2, 99}},
      {"patsplit", {Builtin::kPatsplit, 2, 4}},
      {"rand", {Builtin::kRand, 0, 0}},
      {"rshift", {Builtin::kRshift, 2, 2}},
      {"sin", {Builtin::kSin, 1, 1}},
      {"split", {Builtin::kSplit, 2, 4}},
      {"sprintf", {Builtin::kSprintf, 1, 999}},
      {"sqrt", {Builtin::kSqrt, 1, 1}},
      {"srand", {Builtin::kSrand, 0, 1}},
      {"strftime", {Builtin::kStrftime, 0, 3}},
      {"strtonum", {Builtin::kStrtonum, 1, 1}},
      {"sub", {Builtin::kSub, 2, 3}},
      {"substr", {Builtin::kSubstr, 2, 3}},
      {"system", {Builtin::kSystem, 1, 1}},
      {"systime", {Builtin::kSystime, 0, 0}},
      {"tolower", {Builtin::kTolower, 1, 1}},
      {"toupper", {Builtin::kToupper, 1, 1}},
      {"typeof", {Builtin::kTypeof, 1, 1}},
      {"xor", {Builtin::kXor, 2, 99}}};
  return kTable;
}

// As it is written: what stands in parentheses is found out when it is computed.
bool IsZero(const Expression& expression) {
  if (expression.grouped) return false;
  if (expression.operation == Operation::kNegate) return IsZero(*expression.operands[0]);
  return expression.operation == Operation::kNumber && expression.number == 0;
}

}  // namespace

std::optional<Builtin> FindBuiltin(std::string_view name, std::size_t arguments) {
  const auto found = Builtins().find(name);
  if (found == Builtins().end()) return std::nullopt;
  const BuiltinEntry& entry = found->second;
  if (arguments < entry.least || arguments > entry.most) return std::nullopt;
  return entry.builtin;
}

ExpressionPtr Parser::Binary(Operation operation, ExpressionPtr left, ExpressionPtr right) {
  for (const ExpressionPtr* operand : {&left, &right}) {
    if ((*operand)->operation == Operation::kGroup) Fail("syntax error: a list has no value");
  }
  const bool divides = operation == Operation::kDivide || operation == Operation::kModulo;
  if (divides && IsZero(*right)) {
    Fail(operation == Operation::kModulo ? "error: division by zero attempted in `%'"
                                         : "error: division by zero attempted");
  }
  ExpressionPtr expression = Make(operation);
  expression->depth = 1 + std::max(left->depth, right->depth);
  if (expression->depth > kMaxTreeDepth) Fail("expression is too long");
  expression->operands.push_back(std::move(left));
  expression->operands.push_back(std::move(right));
  return expression;
}

ExpressionPtr Parser::ParseExpression() {
  const DepthGuard guard(*this);
  ExpressionPtr left = ParseTernary();
  static const std::map<std::string, Operation, std::less<>> kComputing = {
      {"+=", Operation::kAdd},    {"-=", Operation::kSubtract}, {"*=", Operation::kMultiply},
      {"/=", Operation::kDivide}, {"%=", Operation::kModulo},   {"^=", Operation::kPower}};
  if (Peek().kind != TokenKind::kSymbol) return left;
  const bool plain = IsSymbol("=");
  const auto computing = kComputing.find(Peek().text);
  if (!plain && computing == kComputing.end()) return left;

  // "a && b = c" assigns to the place nearest to the left.
  ExpressionPtr* place = &left;
  while ((*place)->operation >= Operation::kOr && (*place)->operation <= Operation::kGreaterEqual &&
         (*place)->operation != Operation::kIn && !(*place)->grouped) {
    place = &(*place)->operands.back();
  }
  if (!IsPlace(**place) || (*place)->grouped)
    Fail("syntax error: assignment to something that is no variable");
  Take();
  SkipNewlines();
  ExpressionPtr value = ParseExpression();
  ExpressionPtr assignment = Binary(plain ? Operation::kAssign : Operation::kAssignCompute,
                                    std::move(*place), std::move(value));
  if (plain) {
    MakeAppend(*assignment);
  } else {
    assignment->binary = computing->second;
  }
  *place = std::move(assignment);
  return left;
}

ExpressionPtr Parser::ParseTernary() {
  ExpressionPtr condition = ParseOr();
  if (!TakeSymbol("?")) return condition;
  const DepthGuard guard(*this);
  ExpressionPtr expression = Make(Operation::kConditional);
  expression->operands.push_back(std::move(condition));
  SkipNewlines();
  expression->operands.push_back(ParseExpression());
  SkipNewlines();
  ExpectSymbol(":");
  SkipNewlines();
  expression->operands.push_back(ParseExpression());
  return expression;
}

ExpressionPtr Parser::ParseOr() {
  ExpressionPtr left = ParseAnd();
  while (TakeSymbol("||")) {
    SkipNewlines();
    left = Binary(Operation::kOr, std::move(left), ParseAnd());
  }
  return left;
}

ExpressionPtr Parser::ParseAnd() {
  ExpressionPtr left = ParseIn();
  while (TakeSymbol("&&")) {
    SkipNewlines();
    left = Binary(Operation::kAnd, std::move(left), ParseIn());
  }
  return left;
}

ExpressionPtr Parser::ParseIn() {
  ExpressionPtr left = ParseMatch();
  while (!no_in_ && TakeKeyword("in")) {
    const Token name = Take();
    if (name.kind != TokenKind::kName) Fail("syntax error: array expected after in");
    ExpressionPtr expression = Make(Operation::kIn);
    ExpressionPtr array = ParseSubscripts(name);
    expression->slot = array->slot;
    expression->local = array->local;
    if (array->operation == Operation::kElement) expression->target = std::move(array);
    if (left->operation == Operation::kGroup) {
      expression->operands = std::move(left->operands);
    } else {
      expression->operands.push_back(std::move(left));
    }
    left = std::move(expression);
  }
  return left;
}

ExpressionPtr Parser::ParseMatch() {
  ExpressionPtr left = ParseComparison();
  while (IsSymbol("~") || IsSymbol("!~")) {
    const Operation operation = Take().text == "~" ? Operation::kMatch : Operation::kNoMatch;
    left = Binary(operation, std::move(left), ParseComparison());
  }
  return left;
}

ExpressionPtr Parser::ParseComparison() {
  static const std::map<std::string, Operation, std::less<>> kTable = {
      {"<", Operation::kLess},    {"<=", Operation::kLessEqual},
      {"==", Operation::kEqual},  {"!=", Operation::kNotEqual},
      {">", Operation::kGreater}, {">=", Operation::kGreaterEqual}};
  ExpressionPtr left = ParsePipes();
  if (Peek().kind != TokenKind::kSymbol) return left;
  const auto found = kTable.find(Peek().text);
  if (found == kTable.end() || (no_greater_ && found->first == ">")) return left;
  Take();
  return Binary(found->second, std::move(left), ParsePipes());
}

// "cmd" | getline binds weaker than concatenation.
ExpressionPtr Parser::ParsePipes() {
  ExpressionPtr left = ParseConcatenation();
  while ((IsSymbol("|") || IsSymbol("|&")) && IsKeyword("getline", 1)) {
    const bool both = Take().text == "|&";
    Take();
    ExpressionPtr expression = Make(both ? Operation::kGetlineBoth : Operation::kGetlinePipe);
    expression->operands.push_back(std::move(left));
    expression->target = ParseOptionalTarget();
    left = std::move(expression);
  }
  return left;
}

bool Parser::StartsOperand() const {
  switch (Peek().kind) {
    case TokenKind::kNumber:
    case TokenKind::kString:
    case TokenKind::kRegex:
    case TokenKind::kName:
    case TokenKind::kCallName:
    case TokenKind::kBuiltin:
      return true;
    case TokenKind::kSymbol:
      return IsSymbol("$") || IsSymbol("@") || IsSymbol("!") || IsSymbol("(") || IsSymbol("-") ||
             IsSymbol("+") || IsSymbol("++") || IsSymbol("--");
    default:
      return false;
  }
}

ExpressionPtr Parser::ParseConcatenation() {
  ExpressionPtr left = ParseAdditive();
  while (StartsOperand()) {
    left = Binary(Operation::kConcatenate, std::move(left), ParseAdditive());
  }
  return left;
}

ExpressionPtr Parser::ParseAdditive() {
  ExpressionPtr left = ParseMultiplicative();
  while (IsSymbol("+") || IsSymbol("-")) {
    const Operation operation = Take().text == "+" ? Operation::kAdd : Operation::kSubtract;
    left = Binary(operation, std::move(left), ParseMultiplicative());
  }
  return left;
}

ExpressionPtr Parser::ParseMultiplicative() {
  ExpressionPtr left = ParseUnary();
  while (IsSymbol("*") || IsSymbol("/") || IsSymbol("%")) {
    const Operation operation = IsSymbol("*")   ? Operation::kMultiply
                                : IsSymbol("/") ? Operation::kDivide
                                                : Operation::kModulo;
    Take();
    left = Binary(operation, std::move(left), ParseUnary());
  }
  return left;
}

ExpressionPtr Parser::ParseUnary() {
  static const std::map<std::string, Operation, std::less<>> kTable = {
      {"!", Operation::kNot}, {"-", Operation::kNegate}, {"+", Operation::kPlus}};
  if (Peek().kind == TokenKind::kSymbol) {
    if (const auto found = kTable.find(Peek().text); found != kTable.end()) {
      const DepthGuard guard(*this);
      Take();
      ExpressionPtr expression = Make(found->second);
      expression->operands.push_back(ParseUnary());
      return expression;
    }
  }
  return ParsePower();
}

ExpressionPtr Parser::ParsePower() {
  ExpressionPtr base = ParsePostfix();
  if (!TakeSymbol("^")) return base;
  const DepthGuard guard(*this);
  // To the right, and with a sign: 2 ^ -3 ^ 2.
  return Binary(Operation::kPower, std::move(base), ParseUnary());
}

ExpressionPtr Parser::ParsePostfix() {
  ExpressionPtr operand = ParsePrimary();
  if (!IsPlace(*operand) || operand->grouped) return operand;
  if (!IsSymbol("++") && !IsSymbol("--")) return operand;
  ExpressionPtr expression =
      Make(Take().text == "++" ? Operation::kPostIncrement : Operation::kPostDecrement);
  expression->operands.push_back(std::move(operand));
  return expression;
}

std::vector<ExpressionPtr> Parser::ParseList(std::string_view closing) {
  const bool outer_greater = std::exchange(no_greater_, false);
  const bool outer_in = std::exchange(no_in_, false);
  std::vector<ExpressionPtr> list;
  SkipNewlines();
  while (!IsSymbol(closing)) {
    list.push_back(ParseExpression());
    SkipNewlines();
    if (IsSymbol(closing)) break;
    ExpectSymbol(",");
    SkipNewlines();
    if (IsSymbol(closing)) Fail("syntax error: expression expected");
  }
  ExpectSymbol(closing);
  no_greater_ = outer_greater;
  no_in_ = outer_in;
  return list;
}

ExpressionPtr Parser::ParseGroup() {
  const DepthGuard guard(*this);
  Take();
  std::vector<ExpressionPtr> list = ParseList(")");
  if (list.empty()) Fail("syntax error: empty parentheses");
  if (list.size() == 1) {
    list[0]->grouped = true;
    return std::move(list[0]);
  }
  ExpressionPtr group = Make(Operation::kGroup);
  group->operands = std::move(list);
  return group;
}

ExpressionPtr Parser::ParseName() {
  const Token name = Take();
  if (name.kind == TokenKind::kCallName) {
    ExpressionPtr call = Make(Operation::kCall);
    call->slot = FunctionSlot(name.text);
    call->text = name.text;
    Take();
    call->operands = ParseList(")");
    return call;
  }
  return ParseSubscripts(name);
}

ExpressionPtr Parser::ParseSubscripts(const Token& name) {
  if (name.kind != TokenKind::kName) Fail("syntax error: array expected");
  ExpressionPtr place = Make(Operation::kVariable);
  place->text = name.text;
  Resolve(name.text, place->slot, place->local);
  while (TakeSymbol("[")) {
    ExpressionPtr element = Make(Operation::kElement);
    element->text = place->text;
    element->slot = place->slot;
    element->local = place->local;
    element->operands = ParseList("]");
    if (element->operands.empty()) Fail("syntax error: subscript expected");
    if (place->operation == Operation::kElement) {
      element->depth = place->depth + 1;
      if (element->depth > kMaxTreeDepth) Fail("expression is too long");
      element->target = std::move(place);
    }
    place = std::move(element);
  }
  return place;
}

// @/re/ and @name(…).
ExpressionPtr Parser::ParseIndirect() {
  if (Peek().kind == TokenKind::kRegex) {
    ExpressionPtr pattern = ParsePrimary();
    pattern->operation = Operation::kPattern;
    return pattern;
  }
  const Token name = Take();
  if (name.kind != TokenKind::kCallName) Fail("syntax error near '@'");
  ExpressionPtr call = Make(Operation::kCallByName);
  call->target = ParseSubscripts({TokenKind::kName, name.text, 0, name.line});
  Take();
  call->operands = ParseList(")");
  return call;
}

ExpressionPtr Parser::ParseBuiltin() {
  const std::string name = Take().text;
  const BuiltinEntry& entry = Builtins().find(name)->second;
  ExpressionPtr call = Make(Operation::kBuiltin);
  call->builtin = entry.builtin;
  call->text = name;
  if (IsSymbol("(")) {
    Take();
    call->operands = ParseList(")");
  } else if (entry.builtin != Builtin::kLength) {
    Fail("syntax error: '(' expected after " + name);
  }
  if (call->operands.size() < entry.least || call->operands.size() > entry.most) {
    FailAt(tokens_[at_ - 1], std::to_string(call->operands.size()) +
                                 " is invalid as number of arguments for " + name);
  }
  if (entry.builtin == Builtin::kIndex && call->operands[1]->operation == Operation::kRegex) {
    Fail("fatal: index: regexp constant as second argument is not allowed");
  }
  return call;
}

ExpressionPtr Parser::ParseOptionalTarget() {
  if (Peek().kind == TokenKind::kName) return ParseName();
  return IsSymbol("$") ? ParsePrimary() : nullptr;
}

ExpressionPtr Parser::ParseGetline() {
  Take();
  ExpressionPtr expression = Make(Operation::kGetline);
  expression->target = ParseOptionalTarget();
  if (TakeSymbol("<")) {
    expression->operation = Operation::kGetlineFile;
    expression->operands.push_back(ParsePostfix());
  }
  return expression;
}

ExpressionPtr Parser::ParsePrimary() {
  const DepthGuard guard(*this);
  const Token& token = Peek();
  switch (token.kind) {
    case TokenKind::kNumber: {
      ExpressionPtr number = Make(Operation::kNumber);
      number->number = Take().number;
      return number;
    }
    case TokenKind::kString: {
      ExpressionPtr string = Make(Operation::kString);
      string->text = Take().text;
      return string;
    }
    case TokenKind::kRegex: {
      ExpressionPtr regex = Make(Operation::kRegex);
      regex->text = Take().text;
      if (const auto matcher = Matcher::Compile(regex->text, false); !matcher) {
        Fail("error: " + matcher.error());
      }
      return regex;
    }
    case TokenKind::kName:
    case TokenKind::kCallName:
      return ParseName();
    case TokenKind::kBuiltin:
      return ParseBuiltin();
    case TokenKind::kKeyword:
      if (IsKeyword("getline")) return ParseGetline();
      break;
    case TokenKind::kSymbol:
      if (IsSymbol("(")) return ParseGroup();
      if (TakeSymbol("@")) return ParseIndirect();
      if (TakeSymbol("$")) {
        ExpressionPtr field = Make(Operation::kField);
        // $i++ is ($i)++, $++i is $(++i), $-1 is an error when it runs.
        if (IsSymbol("-") || IsSymbol("+") || IsSymbol("!")) {
          field->operands.push_back(ParseUnary());
        } else {
          field->operands.push_back(ParsePrimary());
        }
        return field;
      }
      if (IsSymbol("++") || IsSymbol("--")) {
        ExpressionPtr expression =
            Make(Take().text == "++" ? Operation::kPreIncrement : Operation::kPreDecrement);
        expression->operands.push_back(ParsePrimary());
        if (!IsPlace(*expression->operands[0])) Fail("syntax error: variable expected");
        return expression;
      }
      break;
    default:
      break;
  }
  Fail(token.kind == TokenKind::kNewline ? "syntax error: unexpected newline or end of string"
                                         : "syntax error near '" + token.text + "'");
}

}  // namespace computesdk::in_memory::awk
