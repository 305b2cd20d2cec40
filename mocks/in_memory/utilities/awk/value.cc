#include "mocks/in_memory/utilities/awk/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/awk/order.h"

namespace computesdk::in_memory::awk {
namespace {

struct Scan {
  double number = 0;
  std::size_t end = 0;  // 0: no number.
};

Scan ScanNumber(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && IsSpace(text[i])) ++i;
  bool negative = false;
  bool sign = false;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) {
    negative = text[i++] == '-';
    sign = true;
  }
  const std::size_t begin = i;
  const std::string_view rest = text.substr(i);
  // "+inf" and "-nan" are numbers to gawk, "inf" is not.
  for (const char* word : {"inf", "nan"}) {
    if (sign && rest.size() >= 3 && (rest[0] | 32) == word[0] && (rest[1] | 32) == word[1] &&
        (rest[2] | 32) == word[2]) {
      const double magnitude = word[0] == 'i' ? HUGE_VAL : std::nan("");
      return {negative ? -magnitude : magnitude, i + 3};
    }
  }
  while (i < text.size() && IsDigit(text[i])) ++i;
  std::size_t digits = i - begin;
  if (i < text.size() && text[i] == '.') {
    ++i;
    const std::size_t fraction = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    digits += i - fraction;
  }
  if (digits == 0) return {};
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t exponent = i + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && IsDigit(text[exponent])) {
      while (exponent < text.size() && IsDigit(text[exponent])) ++exponent;
      i = exponent;
    }
  }
  double number = 0;
  const auto result = std::from_chars(text.data() + begin, text.data() + i, number);
  if (result.ec == std::errc::result_out_of_range) {
    // Too large, or too small to tell from 0.
    const std::string_view digits_only = text.substr(begin, i - begin);
    number = digits_only.find("e-") != std::string_view::npos ||
                     digits_only.find("E-") != std::string_view::npos
                 ? 0
                 : HUGE_VAL;
  }
  return {negative ? -number : number, i};
}

}  // namespace

double NumberOf(std::string_view text) { return ScanNumber(text).number; }

bool LooksNumeric(std::string_view text) {
  const Scan scan = ScanNumber(text);
  if (scan.end == 0) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(scan.end), text.end(), IsSpace);
}

std::string FormatNumber(double number, const std::string& format) {
  if (std::isnan(number)) return std::signbit(number) ? "-nan" : "+nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "+inf";
  char buffer[400];
  if (number == std::trunc(number)) {
    if (std::fabs(number) < 1e15) {
      const auto end =
          std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(number)).ptr;
      return {buffer, end};
    }
    const int length = std::snprintf(buffer, sizeof buffer, "%.0f", number);
    return {buffer, static_cast<std::size_t>(length)};
  }
  // CONVFMT comes from the program: only what formats one double is passed on.
  const auto letter = format.find_first_not_of("0123456789.+-# ", 1);
  const bool sound = format.size() > 1 && format[0] == '%' && letter == format.size() - 1 &&
                     std::string_view("eEfFgGaA").find(format[letter]) != std::string_view::npos;
  if (format == "%d" || format == "%i") return FormatNumber(std::trunc(number), format);
  const int length = std::snprintf(buffer, sizeof buffer, sound ? format.c_str() : "%.6g", number);
  return {buffer, std::min<std::size_t>(static_cast<std::size_t>(length), sizeof buffer - 1)};
}

Value Value::Key(std::string_view text) {
  Value value{std::string(text)};
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool integer = !digits.empty() && digits.size() <= 18 &&
                       std::all_of(digits.begin(), digits.end(), IsDigit) &&
                       (digits[0] != '0' || text == "0");
  if (integer) value.kind_ = Kind::kKey;
  return value;
}

const char* Value::TypeName() const {
  switch (kind_) {
    case Kind::kUnset:
    case Kind::kMissing:
      return "unassigned";
    case Kind::kNumber:
      return boolean_ ? "number|bool" : "number";
    case Kind::kString:
    case Kind::kKey:
      return "string";
    case Kind::kPattern:
      return "regexp";
    default:
      return Numeric() ? "strnum" : "string";
  }
}

int CompareValues(const Value& a, const Value& b, const std::string& format) {
  if (a.Numeric() && b.Numeric()) {
    const double x = a.Number();
    const double y = b.Number();
    return static_cast<int>(x > y) - static_cast<int>(x < y);
  }
  const int order = a.Text(format).compare(b.Text(format));
  return static_cast<int>(order > 0) - static_cast<int>(order < 0);
}

std::size_t Array::Bytes() const {
  std::size_t bytes = 0;
  for (const auto& [key, element] : elements_) {
    bytes += kElementBytes + key.size() + element.value.Bytes();
    if (element.array != nullptr) bytes += element.array->Bytes();
  }
  return bytes;
}

std::vector<std::string> Array::Keys() const {
  std::vector<std::pair<std::uint64_t, const std::string*>> ordered;
  ordered.reserve(elements_.size());
  for (const auto& [key, element] : elements_) ordered.emplace_back(element.order, &key);
  std::sort(ordered.begin(), ordered.end());
  std::vector<std::string> keys;
  keys.reserve(ordered.size());
  for (const auto& [order, key] : ordered) keys.push_back(*key);
  return TableOrder(keys);
}

}  // namespace computesdk::in_memory::awk
