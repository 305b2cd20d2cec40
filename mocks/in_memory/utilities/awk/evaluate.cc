#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

// --- expressions ------------------------------------------------------------------------------

const Matcher& Interpreter::MatcherOf(const std::string& source) {
  bool fresh = false;
  const auto matcher = matchers_.Get(source, ignore_case_, fresh);
  if (!matcher) Fail("invalid regexp: " + matcher.error());
  if (fresh) {
    for (const char letter : UnknownEscapes(source)) WarnOfEscape({letter, line_, true});
  }
  return **matcher;
}

const Matcher& Interpreter::MatcherOf(const Expression& expression) {
  return MatcherOf(expression.operation == Operation::kRegex ? expression.text
                                                             : Evaluate(expression).Text(convfmt_));
}

std::string Interpreter::EvaluateText(const Expression& expression) {
  return Evaluate(expression).Text(convfmt_);
}

double Interpreter::Arithmetic(Operation operation, double left, double right, bool assigns) {
  switch (operation) {
    case Operation::kAdd:
      return left + right;
    case Operation::kSubtract:
      return left - right;
    case Operation::kMultiply:
      return left * right;
    case Operation::kDivide:
      if (right == 0) Fail(std::string("division by zero attempted") + (assigns ? " in `/='" : ""));
      return left / right;
    case Operation::kModulo:
      if (right == 0)
        Fail(std::string("division by zero attempted in `%") + (assigns ? "='" : "'"));
      return std::fmod(left, right);
    default:
      return std::pow(left, right);
  }
}

int Interpreter::Compare(const Value& a, const Value& b) const {
  if (!ignore_case_ || (a.Numeric() && b.Numeric())) return CompareValues(a, b, convfmt_);
  const auto lower = [this](const Value& value) {
    std::string text = value.Text(convfmt_);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  };
  const int order = lower(a).compare(lower(b));
  return static_cast<int>(order > 0) - static_cast<int>(order < 0);
}

bool Interpreter::Comparison(const Expression& expression) {
  const Value left = Evaluate(*expression.operands[0]);
  const Value right = Evaluate(*expression.operands[1]);
  const int order = Compare(left, right);
  switch (expression.operation) {
    case Operation::kLess:
      return order < 0;
    case Operation::kLessEqual:
      return order <= 0;
    case Operation::kEqual:
      return order == 0;
    case Operation::kNotEqual:
      return order != 0;
    case Operation::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool Interpreter::EvaluateTruth(const Expression& expression) {
  const auto& operands = expression.operands;
  switch (expression.operation) {
    case Operation::kRegex:
      return MatcherOf(expression.text).Matches(record_.text());
    case Operation::kOr:
      return EvaluateTruth(*operands[0]) || EvaluateTruth(*operands[1]);
    case Operation::kAnd:
      return EvaluateTruth(*operands[0]) && EvaluateTruth(*operands[1]);
    case Operation::kNot:
      return !EvaluateTruth(*operands[0]);
    case Operation::kMatch:
    case Operation::kNoMatch: {
      const std::string text = EvaluateText(*operands[0]);
      return MatcherOf(*operands[1]).Matches(text) == (expression.operation == Operation::kMatch);
    }
    case Operation::kIn: {
      const std::string key = KeyOf(operands);
      return BaseOf(expression)->Contains(key);
    }
    case Operation::kLess:
    case Operation::kLessEqual:
    case Operation::kEqual:
    case Operation::kNotEqual:
    case Operation::kGreater:
    case Operation::kGreaterEqual:
      return Comparison(expression);
    default:
      return Evaluate(expression).True();
  }
}

double Interpreter::Increment(const Expression& expression) {
  const Located place = Locate(*expression.operands[0]);
  const double before = Load(place).Number();
  const bool up = expression.operation == Operation::kPreIncrement ||
                  expression.operation == Operation::kPostIncrement;
  const double after = up ? before + 1 : before - 1;
  Store(place, Value(after));
  const bool prefix = expression.operation == Operation::kPreIncrement ||
                      expression.operation == Operation::kPreDecrement;
  return prefix ? after : before;
}

double Interpreter::EvaluateNumber(const Expression& expression) {
  const auto& operands = expression.operands;
  switch (expression.operation) {
    case Operation::kNumber:
      return expression.number;
    case Operation::kAdd:
    case Operation::kSubtract:
    case Operation::kMultiply:
    case Operation::kDivide:
    case Operation::kModulo:
    case Operation::kPower: {
      const double left = EvaluateNumber(*operands[0]);
      return Arithmetic(expression.operation, left, EvaluateNumber(*operands[1]));
    }
    case Operation::kNegate:
      return -EvaluateNumber(*operands[0]);
    case Operation::kPlus:
      return EvaluateNumber(*operands[0]);
    case Operation::kPreIncrement:
    case Operation::kPreDecrement:
    case Operation::kPostIncrement:
    case Operation::kPostDecrement:
      return Increment(expression);
    case Operation::kVariable:
      if (!expression.local && expression.slot == kNf) {
        return static_cast<double>(record_.count());
      }
      if (const Value* key = UnusedKey(expression)) return key->Number();
      return Load(expression).Number();
    default:
      return Evaluate(expression).Number();
  }
}

Value Interpreter::Assign(const Expression& expression) {
  if (expression.operation == Operation::kAssign) {
    Value value = Evaluate(*expression.operands[1]);
    Store(*expression.operands[0], value);
    return value;
  }
  const double right = EvaluateNumber(*expression.operands[1]);
  const Located place = Locate(*expression.operands[0]);
  const double result = Arithmetic(expression.binary, Load(place).Number(), right, true);
  Store(place, Value(result));
  return Value(result);
}

const Value& Interpreter::Append(const Expression& expression) {
  const Expression& place = *expression.operands[0];
  const std::string text = EvaluateText(*expression.operands[1]);
  Cell& cell = CellOf(place.slot, place.local);
  if (cell.array) Fail("attempt to use array `" + place.text + "' in a scalar context");
  RequireMemory(process_, cell.value.Bytes() + text.size());
  cell.value.Append(text, convfmt_);
  return cell.value;
}

Value Interpreter::Evaluate(const Expression& expression) {
  const auto& operands = expression.operands;
  switch (expression.operation) {
    case Operation::kString:
      return Value(expression.text);
    case Operation::kVariable:
    case Operation::kElement:
    case Operation::kField:
      return Load(expression);
    case Operation::kGroup:
      Fail("a list in parentheses has no value");
    case Operation::kAssign:
    case Operation::kAssignCompute:
      return Assign(expression);
    case Operation::kAppend:
      return Append(expression);
    case Operation::kConditional:
      return Evaluate(*operands[EvaluateTruth(*operands[0]) ? 1 : 2]);
    case Operation::kConcatenate: {
      std::string text = EvaluateText(*operands[0]);
      text += EvaluateText(*operands[1]);
      RequireMemory(process_, text.size());
      return Value(std::move(text));
    }
    case Operation::kPattern:
      return Value::Pattern(expression.text);
    case Operation::kCall:
      return CallFunction(expression);
    case Operation::kCallByName:
      return CallByName(expression);
    case Operation::kBuiltin:
      return CallBuiltin(expression.builtin, expression);
    case Operation::kGetline:
    case Operation::kGetlineFile:
    case Operation::kGetlinePipe:
    case Operation::kGetlineBoth:
      return EvaluateGetline(expression);
    case Operation::kRegex:
    case Operation::kOr:
    case Operation::kAnd:
    case Operation::kIn:
    case Operation::kMatch:
    case Operation::kNoMatch:
    case Operation::kLess:
    case Operation::kLessEqual:
    case Operation::kEqual:
    case Operation::kNotEqual:
    case Operation::kGreater:
    case Operation::kGreaterEqual:
    case Operation::kNot:
      return Value(EvaluateTruth(expression) ? 1.0 : 0.0);
    default:
      return Value(EvaluateNumber(expression));
  }
}

Value Interpreter::EvaluateGetline(const Expression& expression) {
  std::string text;
  std::string terminator;
  if (expression.operation == Operation::kGetline) {
    if (!ReadMain(text)) return Value(0.0);
  } else {
    const bool command = expression.operation == Operation::kGetlinePipe;
    const std::string name = EvaluateText(*expression.operands[0]);
    if (name.empty()) FailOnNoName(command ? "|" : "<");
    const auto reader = expression.operation == Operation::kGetlineBoth
                            ? streams_.CoprocessReader(name)
                            : streams_.Reader(command, name);
    globals_[kErrno].value = Value(reader ? "" : ErrnoText(reader.error()));
    if (!reader) return Value(-1.0);
    auto next = (*reader)->Read(record_style_, terminator);
    if (!next) return Value((*reader)->error() ? -1.0 : 0.0);
    text = std::move(*next);
    globals_[kRt].value = Value(std::move(terminator));
  }
  if (expression.target) {
    Store(*expression.target, Value::Input(text));
  } else {
    record_.Set(std::move(text));
  }
  return Value(1.0);
}

}  // namespace computesdk::in_memory::awk
