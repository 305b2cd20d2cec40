#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_FORMAT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_FORMAT_H_

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/text/time_zone.h"

namespace computesdk::in_memory {

// A time of any year; FileTime, in nanoseconds, ends in 2262.
struct Moment {
  std::int64_t seconds = 0;  // Since the epoch.
  int nanoseconds = 0;
};
Moment MomentOf(FileTime time);

// The time zone that a process's TZ names; UTC without one.
TimeZone ZoneOf(const Process& process);

// The parts of a time in a zone.
struct BrokenTime {
  std::tm tm{};
  std::int64_t seconds = 0;  // Since the epoch.
  int nanoseconds = 0;
  int offset = 0;  // Seconds east of Greenwich.
  std::string zone;
};
BrokenTime BreakTime(Moment moment, const TimeZone& zone = {});
BrokenTime BreakTime(FileTime time, const TimeZone& zone = {});

// strftime of GNU date: its conversions, flags ("-", "_", "0", "+", "^", "#") and widths.
std::string FormatTime(std::string_view format, Moment moment, const TimeZone& zone = {});
std::string FormatTime(std::string_view format, FileTime time, const TimeZone& zone = {});

// "2024-01-05 10:20:30.000000000 +0000".
std::string FullTime(FileTime time, const TimeZone& zone = {});

// What `date -d` understands, meant at `now` in `zone` (or in the one that it names itself, as
// TZ="Europe/Berlin" before the rest); nullopt for anything else.
std::optional<Moment> ParseMoment(std::string_view text, Moment now, const TimeZone& zone = {});
// The same for a file, where the years before 1678 and after 2261 are cut short.
std::optional<FileTime> ParseTime(std::string_view text, FileTime now, const TimeZone& zone = {});

// touch -t: [[CC]YY]MMDDhhmm[.ss].
std::optional<FileTime> ParseTimeStamp(std::string_view text, FileTime now,
                                       const TimeZone& zone = {});

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_FORMAT_H_
