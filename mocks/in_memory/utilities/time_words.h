#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_WORDS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_WORDS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mocks/in_memory/text/time_zone.h"

namespace computesdk::in_memory {

// Units of a relative date, in the order in which a date is put together.
enum class TimeUnit { kYear, kMonth, kDay, kSecond };

// A part of what `date -d` reads.
struct TimeToken {
  enum Kind {
    kUnsigned,  // 12: value, digits.
    kSigned,    // +12, - 12: value with its sign, digits.
    kFraction,  // 1.5, -1.5: value and nanoseconds, 0 and more of them; digits is 0 without a sign.
    kMeridian,  // am: 0, pm: 12.
    kMonth,     // 1 to 12.
    kWeekday,   // From Sunday, 0.
    kOrdinal,   // last: -1, this: 0, next: 1, third: 3.
    kUnit,      // `value` times the unit.
    kDayShift,  // today: 0, tomorrow: 1.
    kAgo,       // -1; hence: 1.
    kZone,      // Seconds east.
    kLocalZone,    // A name of the zone that holds here; value: whether it is its summer's.
    kDaylight,     // The word DST.
    kT,            // Between a date and a time; alone a zone.
    kPunctuation,  // value: the character.
    kUnknown,
    kEnd,
  };
  Kind kind = kEnd;
  std::int64_t value = 0;
  int digits = 0;  // As they stand, leading zeros counted.
  bool negative = false;
  int nanoseconds = 0;
  TimeUnit unit = TimeUnit::kDay;
};

// Parts a date into its tokens, kEnd last. Text in parentheses is left out.
std::vector<TimeToken> TimeTokens(std::string_view text, const TimeZone& zone, std::int64_t now);

// Decimal digits; nullopt for nothing, something else or more than 17 of them.
std::optional<std::int64_t> DigitsValue(std::string_view digits);
// The nanoseconds that the digits after a point mean.
int FractionNanoseconds(std::string_view digits);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TIME_WORDS_H_
