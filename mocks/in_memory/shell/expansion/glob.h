#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_GLOB_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_GLOB_H_

#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory::shell {

struct GlobOptions {
  bool extglob = false;
  bool dotglob = false;
  bool globstar = false;
  bool ignore_case = false;
  bool skip_dots = true;  // "." and ".." match nothing.
};

// The paths that match, in the order of their bytes; a name that begins with a dot only where the
// pattern says so.
std::vector<std::string> Glob(Process& process, std::string_view pattern,
                              const GlobOptions& options);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_GLOB_H_
