#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SORT_SORT_OPTIONS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SORT_SORT_OPTIONS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/sort/sort_order.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

struct SortKey {
  std::size_t start_field = 0;
  std::size_t start_character = 0;
  std::optional<std::size_t> end_field;  // None: the end of the line.
  std::size_t end_character = 0;         // 0: the end of the field.
  SortOrder order;
};

struct SortStyle {
  std::vector<SortKey> keys;
  SortOrder order;
  std::optional<char> tab;
  bool stable = false;
  bool unique = false;
  bool merge = false;
  char check = 0;  // c or C.
  char end = '\n';
  std::optional<std::string> output;
};

// Complains, and ends sort.
[[noreturn]] void FailSort(Process& process, const std::string& message);
// What sort takes, for Options.
extern const std::string_view kSortLetters;
const std::vector<Options::Long>& SortLongs();
// Keys in their former form, "+1 -2", become those of -k.
void ModernizeKeys(Process& process);
// Reads the options; `list` is the file of --files0-from.
SortStyle ParseSort(Process& process, Options& options, std::optional<std::string>& list);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SORT_SORT_OPTIONS_H_
