#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_STACK_GUARD_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_STACK_GUARD_H_

#include <cstdint>

namespace computesdk::in_memory {

// The lowest addresses that frames may reach on a thread.
struct StackFloors {
  std::uintptr_t shell;
  std::uintptr_t program;
};

StackFloors FindStackFloors();

inline const StackFloors& ThreadStackFloors() {
  thread_local const StackFloors floors = FindStackFloors();
  return floors;
}

// True when the thread's stack is too full to nest deeper. What recurses with its input asks here
// first, so that nesting ends as an error and not with the stack. The shell leaves more of it than
// a program: that is for the program that is called from the deepest place.
inline bool StackIsLow() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) < ThreadStackFloors().shell;
}
inline bool StackIsLowForProgram() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) < ThreadStackFloors().program;
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_STACK_GUARD_H_
