#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_LIMITS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_LIMITS_H_

#include <string_view>

namespace computesdk::in_memory {

// Whether the C library can be given a pattern: it descends into groups on the stack, and writes
// intervals such as "(a{1,200}){1,200}" out, without end in time or memory.
bool RegexWithinLimits(std::string_view pattern, bool extended);

// Whether a parenthesis is closed that is not open.
bool ClosesTooOften(std::string_view pattern, bool extended);

// How deeply back-references nest the search for a match: their number, and one more where a group
// is repeated. 0 without any.
int BackReferenceDepth(std::string_view pattern, bool extended);

// Whether the C library would search a text for a match with back-references "for ever". It tries
// every pair of places that look alike, for each reference within what is left by the one before.
bool BackReferencesTooHard(int depth, std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_LIMITS_H_
