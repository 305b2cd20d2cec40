#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_TREE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

enum class TreeOrder { kName, kVersion, kTime, kChange, kSize, kNone };

struct TreeStyle {
  bool all = false;
  bool directories_only = false;
  bool full_path = false;
  bool follow = false;
  bool classify = false;
  bool human = false;
  bool si = false;
  bool size = false;
  bool protections = false;
  bool owner = false;
  bool group = false;
  bool inodes = false;
  bool times = false;
  bool no_indent = false;
  bool no_report = false;
  bool usage = false;
  bool fields_first = false;  // Before the lines that join the names.
  bool directories_first = false;
  bool files_first = false;
  bool reverse = false;
  bool json = false;
  bool quote = false;
  bool color = false;  // With the escapes of a terminal, in the colours it has built in.
  bool raw_names = false;
  bool prune = false;
  bool match_directories = false;
  bool ignore_case = false;
  bool utf8 = false;
  TreeOrder order = TreeOrder::kName;
  std::string time_format;
  std::string output;  // The file that is written instead of standard output.
  std::size_t level = SIZE_MAX;
  std::size_t file_limit = SIZE_MAX;
  std::vector<std::string> wanted;
  std::vector<std::string> ignored;
};

// Prints what tree prints for these folders; its exit code.
int PrintTree(Process& process, const TreeStyle& style, const std::vector<std::string>& roots);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_TREE_H_
