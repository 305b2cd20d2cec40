#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_VIRTUAL_CLOCK_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_VIRTUAL_CLOCK_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

#include "mocks/in_memory/kernel/clock.h"

namespace computesdk::in_memory {

struct VirtualClockOptions {
  ClockTime start = ClockTime(std::chrono::hours(24 * 365 * 50));
  // When everybody waits, to the next event; without it, Advance alone brings what is waited for.
  bool jumps = true;
};

// A clock that stands still while somebody works and, when everybody waits, jumps to the moment
// that the first of them waits for: `sleep 300` takes no time. A loop that never waits takes time
// as well, a little for every bit of work, and more the longer it goes on, so that its deadline
// comes soon. It serves any number of sandboxes, which then share their time.
class VirtualClock : public Clock {
 public:
  explicit VirtualClock(const VirtualClockOptions& options = {});

  ClockTime Now() const override { return now_; }
  bool WaitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                 ClockTime deadline) override;
  void Busy() override;
  void Idle() override;
  void Work() override;

  // A thread outside of the sandboxes may take part: it is counted by Busy before it attends, until
  // it leaves, but for the time that it waits here or for a sandbox. It waits by WaitUntil, and for
  // what it waits for, Notify is called with the mutex of its lock.
  void Attend();
  void Leave();
  bool Attends() const;
  void Notify(std::condition_variable& condition);
  void Pause() override;
  void Resume() override;

  // Lets time pass, which brings what is due by then. On a clock that jumps it is for what no
  // process waits for: the lifetime of a sandbox, say.
  void Advance(std::chrono::nanoseconds duration);
  // On a clock that does not jump: returns when nobody is busy and at least `count` wait for a
  // moment that has not come. The caller does not attend.
  void AwaitSleepers(std::ptrdiff_t count);

 private:
  struct Waiting {
    ClockTime deadline;
    std::condition_variable* condition;
    bool notified = false;  // And busy again, although it has not seen it yet.
  };

  void Pass(std::chrono::nanoseconds duration);
  void Jump();  // These have the mutex.
  void WakeWhoIsDue();
  bool Sleep(std::ptrdiff_t count) const;

  const bool jumps_;
  // Work, which loops of several threads call all the time, takes the mutex only if somebody is
  // due.
  std::atomic<ClockTime> now_;
  std::atomic<std::chrono::nanoseconds> worked_{};  // Since everybody waited the last time.
  std::atomic<ClockTime> none_due_before_{ClockTime::max()};

  std::mutex mutex_;
  std::condition_variable everybody_waits_;
  int busy_ = 0;
  std::list<Waiting> waiting_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_VIRTUAL_CLOCK_H_
