#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_THREAD_POOL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_THREAD_POOL_H_

#include <functional>

namespace computesdk::in_memory {

// Runs the task on a thread of its own, one kept from before if there is one. Never waits for
// another task: a task may block for as long as it likes. False if the machine has no more threads.
bool RunOnPoolThread(std::function<void()> task);

// Threads alive: working, or kept for a while.
int PoolThreadCount();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_THREAD_POOL_H_
