#include "mocks/in_memory/utilities/sort/sort_order.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <functional>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/version_order.h"

namespace computesdk::in_memory {
namespace {

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::string_view SkipBlanks(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && IsBlankOrNewline(text[i])) ++i;
  return text.substr(i);
}

int Sign(int value) { return (value > 0) - (value < 0); }

// The parts of a number that decide its order.
struct Decimal {
  bool negative = false;
  std::string_view whole;     // Without leading zeros.
  std::string_view fraction;  // Without trailing zeros.
  std::size_t end = 0;        // Where the number ends in the text.

  bool zero() const { return whole.empty() && fraction.empty(); }
};

Decimal ParseDecimal(std::string_view text) {
  Decimal result;
  std::size_t i = text.size() - SkipBlanks(text).size();
  if (i < text.size() && text[i] == '-') {
    result.negative = true;
    ++i;
  }
  while (i < text.size() && text[i] == '0') ++i;
  std::size_t begin = i;
  while (i < text.size() && IsDigit(text[i])) ++i;
  result.whole = text.substr(begin, i - begin);
  if (i < text.size() && text[i] == '.') {
    begin = ++i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    result.fraction = text.substr(begin, i - begin);
    while (!result.fraction.empty() && result.fraction.back() == '0') {
      result.fraction.remove_suffix(1);
    }
  }
  result.end = i;
  return result;
}

int CompareDecimals(const Decimal& a, const Decimal& b) {
  const int sign_a = a.zero() ? 0 : a.negative ? -1 : 1;
  const int sign_b = b.zero() ? 0 : b.negative ? -1 : 1;
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  int magnitude = 0;
  if (a.whole.size() != b.whole.size()) {
    magnitude = a.whole.size() < b.whole.size() ? -1 : 1;
  } else if (const int whole = a.whole.compare(b.whole); whole != 0) {
    magnitude = Sign(whole);
  } else {
    magnitude = Sign(a.fraction.compare(b.fraction));
  }
  return sign_a < 0 ? -magnitude : magnitude;
}

int CompareGeneral(std::string_view a, std::string_view b) {
  const std::string text_a(a);
  const std::string text_b(b);
  char* end_a = nullptr;
  char* end_b = nullptr;
  const long double x = std::strtold(text_a.c_str(), &end_a);
  const long double y = std::strtold(text_b.c_str(), &end_b);
  const bool none_a = end_a == text_a.c_str();
  const bool none_b = end_b == text_b.c_str();
  // What is no number comes first, then what is "not a number", then the numbers.
  if (none_a || none_b) return static_cast<int>(none_b) - static_cast<int>(none_a);
  const bool nan_a = std::isnan(x);
  const bool nan_b = std::isnan(y);
  if (nan_a && nan_b) {
    return static_cast<int>(std::signbit(x)) - static_cast<int>(std::signbit(y));
  }
  if (nan_a || nan_b) return static_cast<int>(nan_b) - static_cast<int>(nan_a);
  return static_cast<int>(x > y) - static_cast<int>(x < y);
}

// The power of a size's suffix.
int HumanUnit(std::string_view text, const Decimal& number) {
  if (number.end >= text.size()) return 0;
  const char c = text[number.end] == 'k' ? 'K' : text[number.end];
  const auto at = std::string_view("KMGTPEZYRQ").find(c);
  return at == std::string_view::npos ? 0 : static_cast<int>(at) + 1;
}

int CompareHuman(std::string_view a, std::string_view b) {
  const Decimal x = ParseDecimal(a);
  const Decimal y = ParseDecimal(b);
  const auto unit = [](std::string_view text, const Decimal& number) {
    const int power = number.zero() ? 0 : HumanUnit(text, number);
    return number.negative ? -power : power;
  };
  const int unit_a = unit(a, x);
  const int unit_b = unit(b, y);
  if (unit_a != unit_b) return unit_a < unit_b ? -1 : 1;
  return CompareDecimals(x, y);
}

int Month(std::string_view text) {
  static constexpr std::string_view kMonths = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  text = SkipBlanks(text);
  if (text.size() < 3) return 0;
  const char name[3] = {Upper(text[0]), Upper(text[1]), Upper(text[2])};
  for (std::size_t i = 0; i < kMonths.size(); i += 3) {
    if (kMonths.substr(i, 3) == std::string_view(name, 3)) return static_cast<int>(i / 3) + 1;
  }
  return 0;
}

std::string Translated(const SortOrder& order, std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (order.dictionary && !IsAlpha(c) && !IsDigit(c) && !IsBlankOrNewline(c)) continue;
    if (order.printable && (byte < 0x20 || byte >= 0x7f)) continue;
    result.push_back(order.fold_case ? Upper(c) : c);
  }
  return result;
}

}  // namespace

int CompareNumeric(std::string_view a, std::string_view b) {
  return CompareDecimals(ParseDecimal(a), ParseDecimal(b));
}

std::optional<double> ExactNumber(std::string_view text) {
  const Decimal number = ParseDecimal(text);
  if (number.whole.size() + number.fraction.size() > 15) return std::nullopt;
  // Two different decimals of so few digits are never the same double.
  char digits[40];
  std::size_t length = 0;
  if (number.negative) digits[length++] = '-';
  digits[length++] = '0';
  for (char c : number.whole) digits[length++] = c;
  digits[length++] = '.';
  for (char c : number.fraction) digits[length++] = c;
  digits[length] = '\0';
  return std::strtod(digits, nullptr);
}

int CompareBy(const SortOrder& order, std::string_view a, std::string_view b) {
  std::string translated_a;
  std::string translated_b;
  if (order.translates()) {
    translated_a = Translated(order, a);
    translated_b = Translated(order, b);
    a = translated_a;
    b = translated_b;
  }
  switch (order.kind) {
    case SortKind::kNumeric:
      return CompareNumeric(a, b);
    case SortKind::kGeneral:
      return CompareGeneral(a, b);
    case SortKind::kHuman:
      return CompareHuman(a, b);
    case SortKind::kMonth:
      return Month(a) - Month(b);
    case SortKind::kVersion:
      return CompareVersions(a, b);
    case SortKind::kRandom: {
      const std::hash<std::string_view> hash;
      const std::size_t x = hash(a);
      const std::size_t y = hash(b);
      if (x != y) return x < y ? -1 : 1;
      break;
    }
    case SortKind::kText:
      break;
  }
  return Sign(a.compare(b));
}

}  // namespace computesdk::in_memory
