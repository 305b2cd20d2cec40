#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_ALGORITHM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_ALGORITHM_H_

#include <cstddef>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory::diff {

// Lines [old_begin, old_end) became lines [new_begin, new_end).
struct Change {
  std::size_t old_begin = 0;
  std::size_t old_end = 0;
  std::size_t new_begin = 0;
  std::size_t new_end = 0;
  friend bool operator==(const Change&, const Change&) = default;
};

// What is looked for: changes that look right to a person, or the fewest there are.
enum class Effort { kUsual, kMinimal };

// The smallest set of changes, by Myers' algorithm in linear space; usually without lines that
// would lead astray (diff_discard.h). Lines are the same where their numbers are. Where there is a
// choice, changes stand as late as they can and merge with their neighbours, as those of GNU diff.
std::vector<Change> Compare(Process& process, const std::vector<std::size_t>& old_lines,
                            const std::vector<std::size_t>& new_lines, Effort effort);

}  // namespace computesdk::in_memory::diff

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_ALGORITHM_H_
