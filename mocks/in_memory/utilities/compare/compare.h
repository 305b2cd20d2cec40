#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_COMPARE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_COMPARE_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int DiffMain(Process& process);
int Diff3Main(Process& process);
int SdiffMain(Process& process);
int CmpMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_COMPARE_H_
