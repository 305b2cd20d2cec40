#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ORDER_ORDER_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ORDER_ORDER_PROGRAMS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int CsplitMain(Process& process);
int TsortMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ORDER_ORDER_PROGRAMS_H_
