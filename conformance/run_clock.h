#ifndef COMPUTESDK_CONFORMANCE_RUN_CLOCK_H_
#define COMPUTESDK_CONFORMANCE_RUN_CLOCK_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "sdk/types.h"

namespace computesdk::conformance {

using SteadyClock = std::chrono::steady_clock;

// Where a run's time comes from, and how its threads wait for one another and for time: a clock
// that jumps when everybody waits has to know of every thread and of every wait. Safe to use from
// several threads.
class RunClock {
 public:
  virtual ~RunClock() = default;

  // Never goes back.
  virtual SteadyClock::time_point Now() const = 0;
  // What a sandbox's own clock is compared with.
  virtual Timestamp WallTime() const = 0;

  // Waits until `condition` holds or `deadline` has passed; whether it holds. The thread attends.
  template <typename Condition>
  bool WaitUntil(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                 SteadyClock::time_point deadline, Condition condition) {
    while (!condition()) {
      if (Now() >= deadline) return false;
      WaitOnce(changed, lock, deadline);
    }
    return true;
  }
  // Wakes all who wait for `changed`; the caller holds the mutex that they wait with.
  virtual void Notify(std::condition_variable& changed) = 0;

  // Lets that much time pass.
  void Sleep(Milliseconds duration);

  // A call was made: who makes one after another, without a pause, comes to a deadline as well.
  virtual void Work() {}

  // This thread takes part in the run, as one that was announced; and does so no longer.
  virtual void Attend() {}
  virtual void Leave() {}
  virtual bool Attends() const { return true; }
  // A thread that is about to start will attend.
  virtual void Announce() {}

 private:
  // May come back for no reason.
  virtual void WaitOnce(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                        SteadyClock::time_point deadline) = 0;
};

// The machine's time.
RunClock& RealRunClock();

// While it is in scope this thread attends, whether or not it did before.
class Attendance {
 public:
  explicit Attendance(RunClock& clock);
  ~Attendance();
  Attendance(const Attendance&) = delete;
  Attendance& operator=(const Attendance&) = delete;

 private:
  RunClock* const joined_;
};

// Runs body(0) to body(count - 1), each on a thread of its own, and waits for all of them.
void RunAtOnce(RunClock& clock, int count, const std::function<void(int)>& body);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_RUN_CLOCK_H_
