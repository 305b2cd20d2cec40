#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_CLOCK_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_CLOCK_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace computesdk::in_memory {

using ClockTime = std::chrono::sys_time<std::chrono::nanoseconds>;

// Where the in-memory provider's time comes from. Safe to use from several threads.
class Clock {
 public:
  virtual ~Clock() = default;

  // Never goes back.
  virtual ClockTime Now() const = 0;

  // Waits on `condition` until it is notified or `deadline` has come, whichever is first; it may
  // also wake without either. ClockTime::max() waits for the notification alone. True if the
  // deadline has come. The caller counts as busy, but for the time that it waits here.
  virtual bool WaitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                         ClockTime deadline) = 0;

  // For a clock that passes no time while somebody is busy: one more is; one less; one of them has
  // done a bit of work.
  virtual void Busy() {}
  virtual void Idle() {}
  virtual void Work() {}

  // This thread waits for another that counts; and goes on. For a thread that counts by itself,
  // whether or not it is in a sandbox.
  virtual void Pause() {}
  virtual void Resume() {}
};

// The machine's clock: the wall time of the start, and the steady clock from there.
Clock& RealClock();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_CLOCK_H_
