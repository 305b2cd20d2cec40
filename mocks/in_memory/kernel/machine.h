#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_MACHINE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_MACHINE_H_

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

// When the machine of a sandbox was made.
ClockTime StartOf(Kernel& kernel);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_MACHINE_H_
