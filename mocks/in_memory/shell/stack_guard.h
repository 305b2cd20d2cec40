#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STACK_GUARD_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STACK_GUARD_H_

namespace computesdk::in_memory::shell {

// True when the thread's stack is too full to nest deeper. Everything in the shell that recurses
// with its input asks here first, so that nesting ends as an error of the shell. What is kept in
// reserve is for the program that is called from the deepest place.
bool StackIsLow();

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STACK_GUARD_H_
