#include <chrono>
#include <string>

#include "mocks/in_memory/utilities/time_format.h"
#include "mocks/in_memory/utilities/time_words.h"

namespace computesdk::in_memory {

std::optional<FileTime> ParseTime(std::string_view text, FileTime now, const TimeZone& zone) {
  const auto moment = ParseMoment(text, MomentOf(now), zone);
  if (!moment) return std::nullopt;
  using std::chrono::seconds;
  constexpr auto kLast = std::chrono::floor<seconds>(FileTime::max()).time_since_epoch().count();
  if (moment->seconds >= kLast) return FileTime::max();
  if (moment->seconds <= -kLast) return FileTime::min();
  return FileTime(seconds(moment->seconds)) + std::chrono::nanoseconds(moment->nanoseconds);
}

std::optional<FileTime> ParseTimeStamp(std::string_view text, FileTime now, const TimeZone& zone) {
  std::int64_t second = 0;
  if (text.size() > 3 && text[text.size() - 3] == '.') {
    second = DigitsValue(text.substr(text.size() - 2)).value_or(-1);
    text.remove_suffix(3);
  }
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::string digits(text);
  if (digits.size() == 8) digits.insert(0, std::to_string(BreakTime(now, zone).tm.tm_year + 1900));
  if (digits.size() == 10) {
    digits.insert(0, DigitsValue(text.substr(0, 2)).value_or(-1) < 69 ? "20" : "19");
  }
  if (digits.size() != 12 || second < 0 || second > 60) return std::nullopt;
  const std::string iso = digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" +
                          digits.substr(6, 2) + " " + digits.substr(8, 2) + ":" +
                          digits.substr(10, 2);
  const auto time = ParseTime(iso, now, zone);
  if (!time) return std::nullopt;
  return *time + std::chrono::seconds(second);
}

}  // namespace computesdk::in_memory
