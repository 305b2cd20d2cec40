#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_TIME_ZONE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_TIME_ZONE_H_

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// A time zone as the variable TZ names it. A sandbox has no zone files: POSIX strings
// ("EST5EDT,M3.2.0,M11.1.0") are understood, and the zones that are met most by their names, with
// the rules that hold today.
class TimeZone {
 public:
  // UTC.
  TimeZone() = default;
  // What `tz` names, a leading ":" or none. As with the C library, what is no zone is UTC under the
  // letters that it begins with.
  static TimeZone FromName(std::string_view tz);

  struct Offset {
    int seconds_east = 0;
    bool daylight = false;
    std::string name;  // "EST"
  };
  // What holds at a moment, in seconds since the epoch.
  Offset At(std::int64_t moment) const;
  // The moment of a local time, given in seconds as if it were UTC; of two, the one that mktime(3)
  // chooses. nullopt for a time that the clocks skip. `daylight` is its tm_isdst: meant by the
  // clock of summer or of winter, whichever holds then.
  std::optional<std::int64_t> FromLocal(std::int64_t local,
                                        std::optional<bool> daylight = std::nullopt) const;
  // localtime(3). The fields tm_gmtoff and tm_isdst are set; tm_zone is left null, since it would
  // outlive the name.
  std::tm Break(std::int64_t moment) const;

 private:
  friend class TimeZoneParser;

  // When a year's change comes, on the clock that holds before it.
  struct Change {
    enum class Kind { kMonthWeekDay, kJulian, kZeroBased } kind = Kind::kMonthWeekDay;
    int month = 0;
    int week = 0;
    int day = 0;
    int seconds = 7200;
  };
  static std::int64_t SecondsOf(const Change& change, std::int64_t year);

  std::string name_ = "UTC";
  std::string daylight_name_;  // Empty where the clocks are never changed.
  int offset_ = 0;             // Seconds east.
  int daylight_offset_ = 0;
  Change start_;
  Change end_;
};

// strftime(3), in the C locale, of a moment in a zone: %Z and %z are the zone's.
std::string FormatIn(const TimeZone& zone, std::int64_t moment, const std::string& format);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_TIME_ZONE_H_
