#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <ctime>
#include <utility>

#include "mocks/in_memory/text/time_zone.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/awk/format.h"
#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

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

Value Interpreter::CallBuiltin(Builtin builtin, const Expression& call) {
  if (const auto number = CallMath(builtin, call)) return Value(*number);
  const auto& operands = call.operands;
  switch (builtin) {
    case Builtin::kAsort:
    case Builtin::kAsorti:
      return SortArray(call, builtin == Builtin::kAsorti);
    case Builtin::kClose: {
      const std::string name = EvaluateText(*operands[0]);
      const int status = operands.size() > 1 ? streams_.CloseEnd(name, EvaluateText(*operands[1]))
                                             : streams_.Close(name);
      if (status < 0) {
        globals_[kErrno].value = Value("close of redirection that was never opened");
      }
      return Value(static_cast<double>(status));
    }
    case Builtin::kIsarray:
      return Value(KnownArray(*operands[0]) ? 1.0 : 0.0);
    case Builtin::kTypeof:
      return Typeof(call);
    case Builtin::kMkbool:
      return Value::Boolean(EvaluateTruth(*operands[0]));
    case Builtin::kPatsplit:
      return Patsplit(call);
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
      return CallTextBuiltin(builtin, call);
  }
}

std::optional<double> Interpreter::CallMath(Builtin builtin, const Expression& call) {
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
  switch (builtin) {
    case Builtin::kAtan2: {
      const double y = number(0);
      return std::atan2(y, number(1));
    }
    case Builtin::kCos:
      return std::cos(number(0));
    case Builtin::kSin:
      return std::sin(number(0));
    case Builtin::kExp: {
      const double value = number(0);
      errno = 0;
      const double result = std::exp(value);
      if (errno == ERANGE) Warn("exp: argument " + FormatNumber(value, "%g") + " is out of range");
      return result;
    }
    case Builtin::kInt:
      return std::trunc(number(0));
    case Builtin::kLog: {
      const double value = number(0);
      if (value < 0) Warn("log: received negative argument " + FormatNumber(value, "%g"));
      return std::log(value);
    }
    case Builtin::kSqrt: {
      const double value = number(0);
      if (value < 0) Warn("sqrt: received negative argument " + FormatNumber(value, "%g"));
      return std::sqrt(value);
    }
    case Builtin::kRand:
      return random_.Next();
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
  constexpr double kFarthest = 9e18;
  const auto whole =
      static_cast<std::int64_t>(std::isnan(fresh) ? 0 : std::clamp(fresh, -kFarthest, kFarthest));
  random_.Seed(static_cast<std::uint32_t>(whole));
  return std::exchange(seed_, static_cast<double>(whole));
}

double Interpreter::Length(const Expression& call) {
  if (call.operands.empty()) return static_cast<double>(Utf8Length(record_.text()));
  const Expression& operand = *call.operands[0];
  if (const std::shared_ptr<Array> array = KnownArray(operand)) {
    return static_cast<double>(array->size());
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

// asort and asorti: an array from 1 on, in the order that the third argument names, a function of
// the program or one of those of PROCINFO["sorted_in"].
Value Interpreter::SortArray(const Expression& call, bool by_index) {
  const std::shared_ptr<Array> source = SharedArrayOf(*call.operands[0]);
  const std::string usual = by_index ? "@ind_str_asc" : "@val_type_asc";
  const std::string how = call.operands.size() > 2 ? EvaluateText(*call.operands[2]) : usual;
  std::vector<Value> values;
  for (const std::string& key : SortedKeys(*source, how)) {
    values.push_back(by_index ? Value(key) : *source->Find(key));
  }
  const std::shared_ptr<Array> target =
      call.operands.size() > 1 ? SharedArrayOf(*call.operands[1]) : source;
  target->Clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    (*target)[std::to_string(i + 1)] = std::move(values[i]);
  }
  return Value(static_cast<double>(values.size()));
}

Value Interpreter::Typeof(const Expression& call) {
  const Expression& operand = *call.operands[0];
  if (KnownArray(operand)) return Value(std::string("array"));
  // What was never touched, neither as a value nor as an array.
  if (operand.operation == Operation::kVariable && Load(operand).unset()) {
    return Value(std::string("untyped"));
  }
  if (operand.operation == Operation::kElement) {
    const std::string key = KeyOf(operand.operands);
    const Value* const found = BaseOf(operand)->Find(key);
    if (found == nullptr || found->unset()) return Value(std::string("untyped"));
  }
  return Value(std::string(Evaluate(operand).TypeName()));
}

Value Interpreter::Strftime(const Expression& call) {
  const auto& operands = call.operands;
  std::string format = ArrayOf(kProcinfo)["strftime"].Text(convfmt_);
  if (!operands.empty()) format = EvaluateText(*operands[0]);
  std::int64_t when =
      std::chrono::floor<std::chrono::seconds>(process_.clock().Now().time_since_epoch()).count();
  if (operands.size() > 1) {
    constexpr double kFarthest = 6e16;  // Years that an int holds.
    when =
        static_cast<std::int64_t>(std::clamp(EvaluateNumber(*operands[1]), -kFarthest, kFarthest));
  }
  const bool utc = operands.size() > 2 && EvaluateTruth(*operands[2]);
  return Value(FormatIn(utc ? TimeZone::FromName("GMT0") : Zone(), when, format));
}

// The zone of ENVIRON["TZ"], which a program may change.
TimeZone Interpreter::Zone() {
  const Value* const name = ArrayOf(kEnviron).Find("TZ");
  return name == nullptr ? TimeZone() : TimeZone::FromName(name->Text(convfmt_));
}

Value Interpreter::Mktime(const Expression& call) {
  std::vector<std::string> parts;
  const std::size_t count = SplitFields(EvaluateText(*call.operands[0]), FieldStyle{}, parts);
  constexpr std::size_t kLeast = 6;
  if (count < kLeast) return Value(-1.0);
  const auto number = [&](std::size_t i) {
    constexpr double kMost = 1e9;
    return static_cast<int>(std::clamp(NumberOf(parts[i]), -kMost, kMost));
  };
  std::tm fields = {};
  fields.tm_year = number(0) - 1900;
  fields.tm_mon = number(1) - 1;
  fields.tm_mday = number(2);
  fields.tm_hour = number(3);
  fields.tm_min = number(4);
  fields.tm_sec = number(5);
  const std::int64_t local = timegm(&fields);
  if (call.operands.size() > 1 && EvaluateTruth(*call.operands[1])) {
    return Value(static_cast<double>(local));
  }
  std::optional<bool> daylight;
  if (count > kLeast && number(kLeast) >= 0) daylight = number(kLeast) > 0;
  const TimeZone zone = Zone();
  constexpr std::int64_t kDay = 86400;
  const auto moment = zone.FromLocal(local, daylight);
  // A time that the clocks skip is meant by the offset before.
  return Value(static_cast<double>(moment.value_or(local - zone.At(local - kDay).seconds_east)));
}

}  // namespace computesdk::in_memory::awk
