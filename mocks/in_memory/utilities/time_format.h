#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_FORMAT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_FORMAT_H_

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {

// A time of any year; FileTime, in nanoseconds, ends in 2262.
struct Moment {
  std::int64_t seconds = 0;  // Since the epoch.
  int nanoseconds = 0;
};
Moment MomentOf(FileTime time);

// The parts of a time; the time zone of a sandbox is UTC.
struct BrokenTime {
  std::tm tm{};
  std::int64_t seconds = 0;  // Since the epoch.
  int nanoseconds = 0;
};
BrokenTime BreakTime(Moment moment);
BrokenTime BreakTime(FileTime time);

// strftime of GNU date: its conversions, flags ("-", "_", "0", "^", "#") and widths.
std::string FormatTime(std::string_view format, Moment moment);
std::string FormatTime(std::string_view format, FileTime time);

// "2024-01-05 10:20:30.000000000 +0000".
std::string FullTime(FileTime time);

// What `date -d` understands, meant at `now`; nullopt for anything else.
std::optional<Moment> ParseMoment(std::string_view text, Moment now);
// The same for a file, where the years before 1678 and after 2261 are cut short.
std::optional<FileTime> ParseTime(std::string_view text, FileTime now);

// touch -t: [[CC]YY]MMDDhhmm[.ss].
std::optional<FileTime> ParseTimeStamp(std::string_view text, FileTime now);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_FORMAT_H_
