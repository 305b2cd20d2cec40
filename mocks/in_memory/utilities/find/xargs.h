#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FIND_XARGS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FIND_XARGS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int XargsMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FIND_XARGS_H_
