#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_MACHINE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_MACHINE_H_

#include <string_view>

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

inline constexpr std::string_view kKernelRelease = "6.1.0-sandbox";
inline constexpr std::string_view kKernelVersion = "#1 SMP";
inline constexpr int kProcessors = 1;  // One process of a sandbox runs at a time.

// When the machine of a sandbox was made.
ClockTime StartOf(Kernel& kernel);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_MACHINE_H_
