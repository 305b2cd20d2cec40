#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_INSPECT_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_INSPECT_PROGRAMS_H_

#include <string>
#include <string_view>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int TreeMain(Process& process);
int FileMain(Process& process);

// What file(1) says of a file's bytes.
struct ContentKind {
  std::string description;
  std::string mime_type;
  std::string encoding;  // "us-ascii", "utf-8", "binary".
};
ContentKind KindOfContent(std::string_view content);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_INSPECT_PROGRAMS_H_
