#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_BC_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_BC_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int BcMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_BC_H_
