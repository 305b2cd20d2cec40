#ifndef COMPUTESDK_SDK_RFC3339_H_
#define COMPUTESDK_SDK_RFC3339_H_

#include <optional>
#include <string>
#include <string_view>

#include "sdk/types.h"

namespace computesdk {

// "2026-11-24T20:15:30.125Z": in UTC, with milliseconds.
std::string FormatRfc3339(Timestamp time);

// A date and time with an offset, or "Z"; fractions of a second are cut to milliseconds. nullopt
// for anything else.
std::optional<Timestamp> ParseRfc3339(std::string_view text);

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_RFC3339_H_
