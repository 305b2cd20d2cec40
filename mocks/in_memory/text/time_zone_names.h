#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_TIME_ZONE_NAMES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_TIME_ZONE_NAMES_H_

#include <string_view>

namespace computesdk::in_memory {

// The POSIX string of "Europe/Berlin" and its like; empty for a name that is not known.
std::string_view KnownZone(std::string_view name);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_TIME_ZONE_NAMES_H_
