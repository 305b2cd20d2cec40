#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <utility>

#include "mocks/in_memory/utilities/awk_format.h"
#include "mocks/in_memory/utilities/awk_interpreter.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/utf8.h"

namespace computesdk::in_memory::awk {
namespace {

constexpr double kMaxBits = 9007199254740992.0;  // 2^53: whole numbers are exact up to here.

double StringToNumber(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return 0;
  const bool negative = text[begin] == '-';
  const std::string digits = text.substr(begin + (negative ? 1 : 0));
  double value = NumberOf(digits);
  if (digits.size() > 1 && digits[0] == '0') {
    const bool hexadecimal = digits[1] == 'x' || digits[1] == 'X';
    const bool octal = digits.find_first_of("89.eE") == std::string::npos;
    if (hexadecimal || octal) {
      value = static_cast<double>(std::strtoull(digits.c_str(), nullptr, hexadecimal ? 16 : 8));
    }
  }
  return negative ? -value : value;
}

std::string Cased(const std::string& text, bool upper) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Character found = DecodeUtf8(std::string_view(text).substr(i));
    if (found.valid) {
      AppendUtf8(result, upper ? ToUpper(found.code) : ToLower(found.code));
    } else {
      result.push_back(text[i]);
    }
    i += found.length;
  }
  return result;
}

}  // namespace

Value Interpreter::CallBuiltin(const Expression& call) {
  if (const auto number = CallMath(call)) return Value(*number);
  const auto& operands = call.operands;
  switch (call.builtin) {
    case Builtin::kAsort:
    case Builtin::kAsorti:
      return SortArray(call, call.builtin == Builtin::kAsorti);
    case Builtin::kClose:
      return Value(static_cast<double>(streams_.Close(EvaluateText(*operands[0]))));
    case Builtin::kFflush:
      if (operands.empty() || EvaluateText(*operands[0]).empty()) {
        streams_.FlushAll();
        return Value(0.0);
      }
      return Value(static_cast<double>(streams_.Flush(EvaluateText(*operands[0]))));
    case Builtin::kSystem:
      return Value(static_cast<double>(streams_.System(EvaluateText(*operands[0]))));
    case Builtin::kSystime:
      return Value(static_cast<double>(
          std::chrono::floor<std::chrono::seconds>(process_.clock().Now().time_since_epoch())
              .count()));
    case Builtin::kStrftime:
      return Strftime(call);
    case Builtin::kMktime:
      return Mktime(call);
    case Builtin::kStrtonum: {
      const Value value = Evaluate(*operands[0]);
      return value.is_number() ? value : Value(StringToNumber(value.Text(convfmt_)));
    }
    case Builtin::kTolower:
      return Value(Cased(EvaluateText(*operands[0]), false));
    case Builtin::kToupper:
      return Value(Cased(EvaluateText(*operands[0]), true));
    case Builtin::kLength:
      return Value(Length(call));
    default:
      return CallTextBuiltin(call);
  }
}

std::optional<double> Interpreter::CallMath(const Expression& call) {
  const auto number = [&](std::size_t i) { return EvaluateNumber(*call.operands[i]); };
  const auto bits = [&](std::size_t i) {
    const double value = number(i);
    if (value < 0 || value > kMaxBits) Fail(call.text + ": argument is out of range");
    return static_cast<std::uint64_t>(value);
  };
  const auto fold = [&](auto combine) {
    std::uint64_t result = bits(0);
    for (std::size_t i = 1; i < call.operands.size(); ++i) result = combine(result, bits(i));
    return static_cast<double>(result);
  };
  switch (call.builtin) {
    case Builtin::kAtan2: {
      const double y = number(0);
      return std::atan2(y, number(1));
    }
    case Builtin::kCos:
      return std::cos(number(0));
    case Builtin::kSin:
      return std::sin(number(0));
    case Builtin::kExp:
      return std::exp(number(0));
    case Builtin::kInt:
      return std::trunc(number(0));
    case Builtin::kLog: {
      const double value = number(0);
      if (value < 0) Warn("log: received negative argument " + FormatNumber(value, "%g"));
      return std::log(value);
    }
    case Builtin::kSqrt: {
      const double value = number(0);
      if (value < 0) Warn("sqrt: called with negative argument " + FormatNumber(value, "%g"));
      return std::sqrt(value);
    }
    case Builtin::kRand:
      return static_cast<double>(random_() - std::minstd_rand::min()) /
             (static_cast<double>(std::minstd_rand::max() - std::minstd_rand::min()) + 1.0);
    case Builtin::kSrand:
      return SeedRandom(call);
    case Builtin::kAnd:
      return fold([](std::uint64_t a, std::uint64_t b) { return a & b; });
    case Builtin::kOr:
      return fold([](std::uint64_t a, std::uint64_t b) { return a | b; });
    case Builtin::kXor:
      return fold([](std::uint64_t a, std::uint64_t b) { return a ^ b; });
    case Builtin::kLshift:
      return fold([](std::uint64_t a, std::uint64_t b) { return b < 64 ? a << b : 0; });
    case Builtin::kRshift:
      return fold([](std::uint64_t a, std::uint64_t b) { return b < 64 ? a >> b : 0; });
    case Builtin::kCompl:
      return static_cast<double>(~bits(0) & (static_cast<std::uint64_t>(kMaxBits) - 1));
    default:
      return std::nullopt;
  }
}

// The seed before.
double Interpreter::SeedRandom(const Expression& call) {
  double fresh = 0;
  if (call.operands.empty()) {
    fresh = static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(process_.clock().Now().time_since_epoch())
            .count());
  } else {
    fresh = EvaluateNumber(*call.operands[0]);
  }
  const auto mixed = static_cast<std::uint64_t>(std::fmod(std::fabs(fresh), 2147483646.0));
  random_.seed(static_cast<std::uint32_t>(mixed + 1));
  // Neighbouring seeds begin alike: the first numbers are of no use.
  random_.discard(10);
  return std::exchange(seed_, fresh);
}

double Interpreter::Length(const Expression& call) {
  if (call.operands.empty()) return static_cast<double>(Utf8Length(record_.text()));
  const Expression& operand = *call.operands[0];
  if (operand.operation == Operation::kVariable) {
    const Cell* cell = &CellOf(operand.slot, operand.local);
    while (!cell->array && cell->origin != nullptr) cell = cell->origin;
    if (cell->array) return static_cast<double>(cell->array->size());
  }
  return static_cast<double>(Utf8Length(EvaluateText(operand)));
}

Value Interpreter::Sprintf(const std::vector<ExpressionPtr>& list) {
  std::vector<Value> values;
  values.reserve(list.size());
  for (const ExpressionPtr& expression : list) values.push_back(Evaluate(*expression));
  auto text = FormatValues(values, convfmt_);
  if (!text) Fail(text.error());
  return Value(std::move(*text));
}

// Numbers before strings; the result is an array from 1 on.
Value Interpreter::SortArray(const Expression& call, bool by_index) {
  Array& source = ArrayOf(*call.operands[0]);
  std::vector<Value> values;
  for (const std::string& key : source.Keys()) {
    values.push_back(by_index ? Value(key) : *source.Find(key));
  }
  const std::string how = call.operands.size() > 2 ? EvaluateText(*call.operands[2]) : "";
  const bool as_numbers = how.find("_num_") != std::string::npos;
  const bool as_text = how.find("_str_") != std::string::npos;
  const auto less = [&](const Value& a, const Value& b) {
    process_.Checkpoint();
    if (as_numbers) return a.Number() < b.Number();
    if (as_text) return a.Text(convfmt_) < b.Text(convfmt_);
    if (a.Numeric() != b.Numeric()) return a.Numeric();
    return CompareValues(a, b, convfmt_) < 0;
  };
  const bool descending = how.ends_with("_desc");
  std::stable_sort(values.begin(), values.end(), [&](const Value& a, const Value& b) {
    return descending ? less(b, a) : less(a, b);
  });
  Array& target = call.operands.size() > 1 ? ArrayOf(*call.operands[1]) : source;
  target.Clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    target[std::to_string(i + 1)] = std::move(values[i]);
  }
  return Value(static_cast<double>(values.size()));
}

// The sandbox's time zone is UTC.
Value Interpreter::Strftime(const Expression& call) {
  const auto& operands = call.operands;
  std::string format = "%a %b %e %H:%M:%S %Z %Y";
  if (!operands.empty()) format = EvaluateText(*operands[0]);
  std::time_t when =
      std::chrono::floor<std::chrono::seconds>(process_.clock().Now().time_since_epoch()).count();
  if (operands.size() > 1) when = static_cast<std::time_t>(EvaluateNumber(*operands[1]));
  if (format.empty()) return Value(std::string());
  std::tm fields = {};
  gmtime_r(&when, &fields);
  fields.tm_zone = "UTC";
  std::string text(format.size() * 64 + 256, '\0');
  text.resize(std::strftime(text.data(), text.size(), format.c_str(), &fields));
  return Value(std::move(text));
}

Value Interpreter::Mktime(const Expression& call) {
  std::vector<std::string> parts;
  const std::size_t count = SplitFields(EvaluateText(*call.operands[0]), FieldStyle{}, parts);
  if (count < 6) return Value(-1.0);
  const auto number = [&](std::size_t i) { return static_cast<int>(NumberOf(parts[i])); };
  std::tm fields = {};
  fields.tm_year = number(0) - 1900;
  fields.tm_mon = number(1) - 1;
  fields.tm_mday = number(2);
  fields.tm_hour = number(3);
  fields.tm_min = number(4);
  fields.tm_sec = number(5);
  return Value(static_cast<double>(timegm(&fields)));
}

}  // namespace computesdk::in_memory::awk
