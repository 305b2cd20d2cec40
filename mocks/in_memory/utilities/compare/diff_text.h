#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_TEXT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/compare/diff_algorithm.h"
#include "mocks/in_memory/utilities/compare/diff_style.h"

namespace computesdk::in_memory::diff {

// A file that is compared, line by line. The lines point into the content.
struct Text {
  Text() = default;
  explicit Text(std::string bytes);
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  // Whether the line is the last and has no end.
  bool IsEndless(std::size_t line) const { return line + 1 == lines.size() && !ended; }

  std::string content = {};
  std::vector<std::string_view> lines = {};
  bool ended = true;  // Whether the last line has its end.
};

// What differs, by what the style lets count.
std::vector<Change> ChangesOf(Process& process, const Text& first, const Text& second,
                              const Style& style);

// Whether a change is only of lines that do not count: blank ones with -B, those of -I.
bool IsIgnorable(const Change& change, const Text& first, const Text& second, const Style& style);

}  // namespace computesdk::in_memory::diff

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_TEXT_H_
