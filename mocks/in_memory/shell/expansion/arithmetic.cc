#include "mocks/in_memory/shell/expansion/arithmetic.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <list>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expansion/arithmetic_number.h"
#include "mocks/in_memory/shell/syntax/lexer.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"

namespace computesdk::in_memory::shell {
namespace {

using Number = std::int64_t;

// What an operand is: a value, and where it came from if it can be assigned to. The texts are parts
// of the expression.
struct Operand {
  Number value = 0;
  std::string_view name = {};
  std::optional<std::string_view> subscript = {};
};

struct BinaryOperator {
  std::string_view text;
  int precedence;
};

// Assignments and ?: are parsed apart.
constexpr BinaryOperator kPower = {"**", 11};
constexpr BinaryOperator kTimes = {"*", 10};
constexpr BinaryOperator kDivide = {"/", 10};
constexpr BinaryOperator kRemainder = {"%", 10};
constexpr BinaryOperator kPlus = {"+", 9};
constexpr BinaryOperator kMinus = {"-", 9};
constexpr BinaryOperator kShiftLeft = {"<<", 8};
constexpr BinaryOperator kShiftRight = {">>", 8};
constexpr BinaryOperator kLess = {"<", 7};
constexpr BinaryOperator kLessOrEqual = {"<=", 7};
constexpr BinaryOperator kGreater = {">", 7};
constexpr BinaryOperator kGreaterOrEqual = {">=", 7};
constexpr BinaryOperator kEqual = {"==", 6};
constexpr BinaryOperator kNotEqual = {"!=", 6};
constexpr BinaryOperator kBitAnd = {"&", 5};
constexpr BinaryOperator kBitXor = {"^", 4};
constexpr BinaryOperator kBitOr = {"|", 3};
constexpr BinaryOperator kAnd = {"&&", 2};
constexpr BinaryOperator kOr = {"||", 1};

constexpr std::array<bool, 256> kBeginsToken = [] {
  std::array<bool, 256> begins = {};
  for (const char c : std::string_view("+-*/%<>=!&|^~?:,()[]_0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    begins[static_cast<unsigned char>(c)] = true;
  }
  return begins;
}();

constexpr int kMostVariables = 1023;  // A variable that names itself has no value.

Number Wrap(std::uint64_t value) { return static_cast<Number>(value); }

class Evaluator {
 public:
  Evaluator(std::string_view text, ArithmeticVariables& variables, int depth, bool plain)
      : text_(text), variables_(variables), depth_(depth), plain_(plain) {}

  Number Evaluate() {
    SkipBlanks();
    if (at_ >= text_.size() && plain_ && depth_ == 0) Fail("syntax error: operand expected");
    if (at_ >= text_.size()) return 0;
    const Number value = Comma();
    SkipBlanks();
    if (at_ < text_.size()) Fail("syntax error in expression");
    return value;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) {
      ++at_;
    }
    if (at_ < text_.size()) token_ = at_;  // At the end the last token stays the one at fault.
  }

  static std::string Shown(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
    return std::string(text);
  }

  [[noreturn]] void Fail(const std::string& message) const {
    if (plain_) FailPlainly(message);
    throw ArithmeticError{Shown(text_) + ": " + message + " (error token is \"" +
                          std::string(text_.substr(std::min(token_, text_.size()))) + "\")"};
  }

  [[noreturn]] void FailPlainly(const std::string& message) const {
    const std::string problem = message == "division by 0"                    ? "division by zero"
                                : message == "syntax error: operand expected" ? "expecting primary"
                                : message == "missing `)'"                    ? "expecting ')'"
                                : message.starts_with("`:'")                  ? "expecting ':'"
                                                                              : "expecting EOF";
    throw ArithmeticError{"arithmetic expression: " + problem + ": \"" + std::string(text_) + "\""};
  }

  bool Take(char op) {
    SkipBlanks();
    if (At(at_) != op) return false;
    ++at_;
    return true;
  }

  Number Comma() {
    Number value = Assignment();
    while (!plain_ && Take(',')) value = Assignment();
    return value;
  }

  char At(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::string_view AssignmentAhead() {
    SkipBlanks();
    switch (At(at_)) {
      case '=':
        return At(at_ + 1) == '=' ? std::string_view() : text_.substr(at_, 1);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '&':
      case '^':
      case '|':
        return At(at_ + 1) == '=' ? text_.substr(at_, 2) : std::string_view();
      case '<':
      case '>':
        return At(at_ + 1) == At(at_) && At(at_ + 2) == '=' ? text_.substr(at_, 3)
                                                            : std::string_view();
      default:
        return {};
    }
  }

  Number Assignment() {
    Operand left = Conditional();
    const std::string_view op = AssignmentAhead();
    if (op.empty()) return left.value;
    if (left.name.empty()) Fail("attempted assignment to non-variable");
    at_ += op.size();
    Number value = Assignment();
    if (op.size() > 1) value = Apply(op.substr(0, op.size() - 1), left.value, value);
    Store(left, value);
    return value;
  }

  void Store(const Operand& target, Number value) {
    if (skip_ != 0) return;
    if (!target.subscript) return variables_.Set(target.name, nullptr, value);
    const std::string subscript(*target.subscript);
    variables_.Set(target.name, &subscript, value);
  }

  const std::string& Load(const Operand& source) {
    if (!source.subscript) return variables_.Get(source.name, nullptr);
    const std::string subscript(*source.subscript);
    return variables_.Get(source.name, &subscript);
  }

  Operand Conditional() {
    Operand condition = Binary(1);
    if (!Take('?')) return condition;
    const bool chosen = condition.value != 0;
    SkipBlanks();
    if (at_ >= text_.size() || text_[at_] == ':') Fail("expression expected");
    skip_ += !chosen;
    const Number first = Comma();
    skip_ -= !chosen;
    if (!Take(':')) Fail("`:' expected for conditional expression");
    SkipBlanks();
    if (at_ >= text_.size()) Fail("expression expected");
    skip_ += chosen;
    const Number second = Conditional().value;
    skip_ -= chosen;
    condition = {chosen ? first : second};
    return condition;
  }

  // "--x" or "++x" is one token, even behind an operand.
  bool BeginsStep() const {
    if (plain_ || At(at_ + 1) != At(at_)) return false;
    std::size_t ahead = at_ + 2;
    while (At(ahead) == ' ') ++ahead;
    return IsNameStart(At(ahead));
  }

  // nullptr for none; a += 1 is no addition.
  const BinaryOperator* OperatorAhead() {
    SkipBlanks();
    const char next = At(at_ + 1);
    const auto unless_assigned = [](char after, const BinaryOperator& op) {
      return after == '=' ? nullptr : &op;
    };
    switch (At(at_)) {
      case '*':
        return next == '*' && !plain_ ? &kPower : unless_assigned(next, kTimes);
      case '/':
        return unless_assigned(next, kDivide);
      case '%':
        return unless_assigned(next, kRemainder);
      case '+':
        return BeginsStep() ? nullptr : unless_assigned(next, kPlus);
      case '-':
        return BeginsStep() ? nullptr : unless_assigned(next, kMinus);
      case '<':
        if (next == '<') return unless_assigned(At(at_ + 2), kShiftLeft);
        return next == '=' ? &kLessOrEqual : &kLess;
      case '>':
        if (next == '>') return unless_assigned(At(at_ + 2), kShiftRight);
        return next == '=' ? &kGreaterOrEqual : &kGreater;
      case '=':
        return next == '=' ? &kEqual : nullptr;
      case '!':
        return next == '=' ? &kNotEqual : nullptr;
      case '&':
        return next == '&' ? &kAnd : unless_assigned(next, kBitAnd);
      case '^':
        return unless_assigned(next, kBitXor);
      case '|':
        return next == '|' ? &kOr : unless_assigned(next, kBitOr);
      default:
        return nullptr;
    }
  }

  Operand Binary(int lowest) {
    Operand left = Unary();
    while (const BinaryOperator* op = OperatorAhead()) {
      if (op->precedence < lowest) break;
      at_ += op->text.size();
      const bool decided = (op == &kAnd && left.value == 0) || (op == &kOr && left.value != 0);
      skip_ += decided;
      SkipBlanks();
      const std::size_t operand_at = at_;
      // ** groups to the right; everything else to the left.
      const Operand right = Binary(op == &kPower ? op->precedence : op->precedence + 1);
      skip_ -= decided;
      if (op != &kPower) token_ = operand_at;
      left = {Apply(op->text, left.value, right.value)};
    }
    return left;
  }

  Number Apply(std::string_view op, Number a, Number b) {
    const auto ua = static_cast<std::uint64_t>(a);
    const auto ub = static_cast<std::uint64_t>(b);
    switch (op[0]) {
      case '+':
        return Wrap(ua + ub);
      case '-':
        return Wrap(ua - ub);
      case '*':
        return op.size() == 2 ? Power(a, b) : Wrap(ua * ub);
      case '/':
      case '%':
        if (b == 0) {
          if (skip_ != 0) return 0;
          Fail("division by 0");
        }
        if (b == -1) return op[0] == '/' ? Wrap(0 - ua) : 0;
        return op[0] == '/' ? a / b : a % b;
      case '<':
        if (op == "<<") return Wrap(ua << (ub & 63));
        return op == "<=" ? a <= b : a < b;
      case '>':
        if (op == ">>") return a >> (ub & 63);
        return op == ">=" ? a >= b : a > b;
      case '=':
        return a == b;
      case '!':
        return a != b;
      case '&':
        return op.size() == 2 ? a != 0 && b != 0 : a & b;
      case '|':
        return op.size() == 2 ? a != 0 || b != 0 : a | b;
      default:
        return a ^ b;
    }
  }

  Number Power(Number base, Number exponent) {
    if (exponent < 0) Fail("exponent less than 0");  // Even in what is not evaluated.
    std::uint64_t result = 1;
    auto factor = static_cast<std::uint64_t>(base);
    for (; exponent > 0; exponent >>= 1) {
      if ((exponent & 1) != 0) result *= factor;
      factor *= factor;
    }
    return Wrap(result);
  }

  // Whatever nests comes through here.
  Operand Unary() {
    if (StackIsLow()) Fail("expression recursion level exceeded");
    SkipBlanks();
    if (at_ >= text_.size()) Fail("syntax error: operand expected");
    const char c = text_[at_];
    if ((c == '+' || c == '-') && BeginsStep()) {
      at_ += 2;
      const Operand operand = Unary();
      if (operand.name.empty()) return {operand.value};
      const Number value = Apply(c == '+' ? "+" : "-", operand.value, 1);
      Store(operand, value);
      return {value};
    }
    switch (c) {
      case '+':
        ++at_;
        return {Unary().value};
      case '-':
        ++at_;
        return {Wrap(0 - static_cast<std::uint64_t>(Unary().value))};
      case '!':
        ++at_;
        return {Unary().value == 0};
      case '~':
        ++at_;
        return {~Unary().value};
      default:
        return Postfix();
    }
  }

  // The token behind an operand is read with it: one that is none fails before anything is
  // assigned.
  void RequireToken() {
    SkipBlanks();
    if (at_ < text_.size() && !kBeginsToken[static_cast<unsigned char>(text_[at_])]) {
      Fail("syntax error: invalid arithmetic operator");
    }
  }

  Operand Postfix() {
    Operand operand = Primary();
    RequireToken();
    if (operand.name.empty() || plain_) return operand;
    const bool up = At(at_) == '+';
    if ((!up && At(at_) != '-') || At(at_ + 1) != At(at_)) return operand;
    at_ += 2;
    Store(operand, Apply(up ? "+" : "-", operand.value, 1));
    operand = {operand.value};
    return operand;
  }

  Operand Primary() {
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      const Number value = Comma();
      if (!Take(')')) Fail("missing `)'");
      return {value};
    }
    if (c >= '0' && c <= '9') return {ReadNumber()};
    if (IsNameStart(c)) return ReadVariable();
    Fail("syntax error: operand expected");
  }

  [[noreturn]] void FailNumber(const std::string& message, std::string_view number) const {
    if (plain_) FailPlainly(message);
    // What stands behind the number is not shown.
    throw ArithmeticError{Shown(text_.substr(0, at_)) + ": " + message + " (error token is \"" +
                          std::string(number) + "\")"};
  }

  Number ReadNumber() {
    const std::size_t start = at_;
    token_ = start;
    while (at_ < text_.size() &&
           (IsNameChar(text_[at_]) || text_[at_] == '@' || text_[at_] == '#')) {
      ++at_;
    }
    const std::string_view digits = text_.substr(start, at_ - start);
    if (const auto plain = ParsePlainNumber(digits)) return *plain;
    const auto number = ParseNumber(digits, plain_);
    if (number) return *number;
    FailNumber(number.error().message, digits);
  }

  Number EvaluateSubscript(std::string_view text) {
    try {
      return Evaluator(text, variables_, depth_ + 1, plain_).Evaluate();
    } catch (ArithmeticError& error) {
      error.of_subscript = true;
      throw;
    }
  }

  // a[i++] += 1 reads and writes the same element.
  void EvaluateOnce(Operand& operand) {
    const std::string_view text = *operand.subscript;
    const bool changes = text.find("++") != std::string_view::npos ||
                         text.find("--") != std::string_view::npos ||
                         text.find('=') != std::string_view::npos;
    if (!changes || variables_.HasKeys(operand.name)) return;
    const Number index = EvaluateSubscript(text);
    operand.subscript = indices_.emplace_back(std::to_string(index));
  }

  // What sh takes a variable for: a number, with blanks around it, or nothing at all.
  static Number PlainValue(const std::string& value) {
    char* end = nullptr;
    errno = 0;
    const auto number = std::strtoll(value.c_str(), &end, 0);
    const bool whole =
        std::string_view(end).find_first_not_of(" \t\n\v\f\r") == std::string_view::npos;
    if (!whole || errno == ERANGE) throw ArithmeticError{"Illegal number: " + value};
    return number;
  }

  Operand ReadVariable() {
    const std::size_t start = at_;
    token_ = start;
    while (at_ < text_.size() && IsNameChar(text_[at_])) ++at_;
    Operand operand;
    operand.name = text_.substr(start, at_ - start);
    if (!plain_ && at_ < text_.size() && text_[at_] == '[') {
      const std::size_t end = FindClosingBracket(text_, at_);
      if (end == std::string_view::npos) Fail("bad array subscript");
      operand.subscript = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      if (skip_ == 0) EvaluateOnce(operand);
    }
    RequireToken();
    // The value is not wanted where it is only assigned to: it may be no expression.
    const bool assigned = AssignmentAhead().size() == 1;
    if (skip_ != 0 || assigned) return operand;
    const std::string& value = Load(operand);
    if (const auto number = ParsePlainNumber(value)) {
      operand.value = *number;
    } else if (plain_) {
      operand.value = PlainValue(value);
    } else if (depth_ >= kMostVariables || StackIsLow()) {
      token_ = start;
      Fail("expression recursion level exceeded");
    } else {
      const std::string expression = value;
      operand.value = Evaluator(expression, variables_, depth_ + 1, plain_).Evaluate();
    }
    return operand;
  }

  std::string_view text_;
  ArithmeticVariables& variables_;
  int depth_;
  bool plain_;
  std::size_t at_ = 0;
  std::size_t token_ = 0;
  std::list<std::string> indices_;  // What stands for subscripts that change something.
  int skip_ = 0;                    // Inside what is not evaluated: the right side of 0 && …
};

}  // namespace

std::int64_t EvaluateArithmetic(std::string_view expression, ArithmeticVariables& variables,
                                bool plain) {
  if (const auto number = ParsePlainNumber(expression)) return *number;
  return Evaluator(expression, variables, 0, plain).Evaluate();
}

}  // namespace computesdk::in_memory::shell
