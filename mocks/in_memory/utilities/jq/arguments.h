#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_ARGUMENTS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_ARGUMENTS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {

// How jq ends where it cannot even begin.
inline constexpr int kUsage = 2;

struct JqStyle {
  std::optional<std::string> filter;
  bool raw = false;
  bool join = false;
  bool null_input = false;
  bool slurp = false;
  bool raw_input = false;
  bool exit_status = false;
  bool sequence = false;  // --seq: with the record separator of RFC 7464.
  bool stream = false;
  bool unbuffered = false;
  std::vector<std::string> folders;  // Of -L.
  DumpStyle dump{2, false, false, false};
  std::vector<std::string> files;
  std::vector<std::pair<std::string, Value>> variables;
  Array positional;
  Object named;
};

// Reads jq's arguments; ends the program where they are none.
JqStyle ReadArguments(Process& process);

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_ARGUMENTS_H_
