#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_THREAD_POOL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_THREAD_POOL_H_

#include <functional>

namespace computesdk::in_memory {

// Keeps a thread for a task that is still to come, one from before if there is one that rests.
// False if the machine has no more threads. Each is for one RunOnPoolThread or ReturnPoolThread.
bool ReservePoolThread();
void ReturnPoolThread();

// Runs the task on a thread of its own, which was reserved. Never waits for another task: a task
// may block for as long as it likes.
void RunOnPoolThread(std::function<void()> task);

// Threads alive: working, or kept for a while.
int PoolThreadCount();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_THREAD_POOL_H_
