#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_LIMITS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_LIMITS_H_

#include <string_view>

namespace computesdk::in_memory {

// Whether the C library can be given a pattern: it descends into groups on the stack, and writes
// intervals such as "(a{1,200}){1,200}" out, without end in time or memory.
bool RegexWithinLimits(std::string_view pattern, bool extended);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_LIMITS_H_
