#ifndef COMPUTESDK_CONFORMANCE_WAIT_H_
#define COMPUTESDK_CONFORMANCE_WAIT_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace computesdk::conformance {

using SteadyClock = std::chrono::steady_clock;

// Waits until `condition` holds or `deadline` has passed; whether it holds.
// Through the system clock: ThreadSanitizer does not know the call behind a wait on the steady one.
// The loop keeps to the steady clock even if the system's is set meanwhile.
template <typename Condition>
bool WaitUntil(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
               SteadyClock::time_point deadline, Condition condition) {
  constexpr std::chrono::seconds kSlice{1};
  while (!condition()) {
    const SteadyClock::duration left = deadline - SteadyClock::now();
    if (left <= SteadyClock::duration::zero()) return false;
    const auto step = std::min<SteadyClock::duration>(left, kSlice);
    changed.wait_until(lock, std::chrono::system_clock::now() +
                                 std::chrono::ceil<std::chrono::system_clock::duration>(step));
  }
  return true;
}

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_WAIT_H_
