#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_DISCARD_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_DISCARD_H_

#include <cstddef>
#include <vector>

namespace computesdk::in_memory::diff {

// Which of the lines are changes for certain, before anything is compared: those that the other
// file does not have, and among many of these such as it has all over the place (blank ones,
// braces), which would only lead astray. As GNU diff sees it.
std::vector<bool> DiscardedLines(const std::vector<std::size_t>& lines,
                                 const std::vector<std::size_t>& other);

}  // namespace computesdk::in_memory::diff

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_DISCARD_H_
