#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SHELL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SHELL_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// The programs `bash` and `sh`: `bash [-euxc…] [-o option] [SCRIPT | -c LINE] [NAME] [ARG…]`, or
// a script on standard input.
int ShellMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SHELL_H_
