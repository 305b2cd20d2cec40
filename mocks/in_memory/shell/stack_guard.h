#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STACK_GUARD_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STACK_GUARD_H_

#include <cstdint>

namespace computesdk::in_memory::shell {

// The lowest address that the shell's own frames may reach on this thread.
std::uintptr_t FindStackFloor();

// True when the thread's stack is too full to nest deeper. Everything in the shell that recurses
// with its input asks here first, so that nesting ends as an error of the shell. What is kept in
// reserve is for the program that is called from the deepest place.
inline bool StackIsLow() {
  thread_local const std::uintptr_t floor = FindStackFloor();
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) < floor;
}

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STACK_GUARD_H_
