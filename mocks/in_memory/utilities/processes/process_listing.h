#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PROCESS_LISTING_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PROCESS_LISTING_H_

#include <algorithm>
#include <cstddef>
#include <string>

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

using ProcessInfo = Kernel::ProcessInfo;

// What Linux keeps of a program's name.
inline constexpr std::size_t kCommandLength = 15;

// The program without its folder.
inline std::string CommandName(const ProcessInfo& info) {
  if (info.args.empty()) return "";
  const std::string& path = info.args[0];
  return path.substr(path.find_last_of('/') + 1).substr(0, kCommandLength);
}

inline std::string CommandLine(const ProcessInfo& info) {
  std::string line;
  for (const std::string& arg : info.args) line += (line.empty() ? "" : " ") + arg;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PROCESS_LISTING_H_
