#include "conformance/virtual_run_clock.h"

namespace computesdk::conformance {

using in_memory::ClockTime;

VirtualRunClock::VirtualRunClock() : clock_({.start = std::chrono::system_clock::now()}) {}

SteadyClock::time_point VirtualRunClock::Now() const {
  return SteadyClock::time_point(clock_.Now().time_since_epoch());
}

Timestamp VirtualRunClock::WallTime() const {
  return std::chrono::floor<Milliseconds>(clock_.Now());
}

void VirtualRunClock::WaitOnce(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                               SteadyClock::time_point deadline) {
  clock_.WaitUntil(lock, changed, ClockTime(deadline.time_since_epoch()));
}

}  // namespace computesdk::conformance
