#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SHELL_COMMAND_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SHELL_COMMAND_H_

#include <map>
#include <string>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// system(3): `sh -c command`, to its end. `files` replaces descriptors.
ExitStatus RunShell(Process& process, const std::string& command,
                    std::map<int, OpenFilePtr> files = {});

// The same, in the background: its pid.
IoResult<int> StartShell(Process& process, const std::string& command,
                         std::map<int, OpenFilePtr> files);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SHELL_COMMAND_H_
