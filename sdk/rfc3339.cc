#include "sdk/rfc3339.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace computesdk {
namespace {

// Consumes the digits in front, `count` of them.
std::optional<int> TakeNumber(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  const char* end = text.data() + count;
  if (text[0] == '-' || std::from_chars(text.data(), end, number).ptr != end) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool TakeOneOf(std::string_view& text, std::string_view chars) {
  if (text.empty() || chars.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Milliseconds of a fraction after its dot; nullopt without digits.
std::optional<int> TakeFraction(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nullopt;
  std::string three(text.substr(0, std::min<std::size_t>(digits, 3)));
  three.resize(3, '0');
  text.remove_prefix(digits);
  return std::stoi(three);
}

std::optional<std::chrono::minutes> TakeOffset(std::string_view& text) {
  if (TakeOneOf(text, "Zz")) return std::chrono::minutes(0);
  const bool west = text.starts_with('-');
  if (!TakeOneOf(text, "+-")) return std::nullopt;
  const auto hours = TakeNumber(text, 2);
  if (!hours || *hours > 23 || !TakeOneOf(text, ":")) return std::nullopt;
  const auto minutes = TakeNumber(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<Timestamp> ParseRfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto year_number = TakeNumber(text, 4);
  if (!year_number || !TakeOneOf(text, "-")) return std::nullopt;
  const auto month_number = TakeNumber(text, 2);
  if (!month_number || !TakeOneOf(text, "-")) return std::nullopt;
  const auto day_number = TakeNumber(text, 2);
  if (!day_number || !TakeOneOf(text, "Tt")) return std::nullopt;
  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  if (!date.ok()) return std::nullopt;
  const auto hour = TakeNumber(text, 2);
  if (!hour || *hour > 23 || !TakeOneOf(text, ":")) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || *minute > 59 || !TakeOneOf(text, ":")) return std::nullopt;
  const auto second = TakeNumber(text, 2);
  if (!second || *second > 60) return std::nullopt;  // 60: a leap second.
  int fraction = 0;
  if (TakeOneOf(text, ".")) {
    const auto digits = TakeFraction(text);
    if (!digits) return std::nullopt;
    fraction = *digits;
  }
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Timestamp(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second) +
         milliseconds(fraction) - *offset;
}

std::string FormatRfc3339(Timestamp value) {
  const auto day = std::chrono::floor<std::chrono::days>(value);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(value - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text;
}

}  // namespace computesdk
