#include "mocks/in_memory/kernel/clock.h"

namespace computesdk::in_memory {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

class RealClockImpl : public Clock {
 public:
  ClockTime Now() const override {
    return wall_start_ + (std::chrono::steady_clock::now() - steady_start_);
  }

  bool WaitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                 ClockTime deadline) override {
    // What is too far away for the machine's clock never comes.
    if (deadline - wall_start_ > std::chrono::hours(24 * 365 * 50)) {
      condition.wait(lock);
      return false;
    }
    const SteadyTime until = steady_start_ + (deadline - wall_start_);
    return condition.wait_until(lock, until) == std::cv_status::timeout;
  }

 private:
  const ClockTime wall_start_ = std::chrono::system_clock::now();
  const SteadyTime steady_start_ = std::chrono::steady_clock::now();
};

}  // namespace

Clock& RealClock() {
  static RealClockImpl* clock = new RealClockImpl;
  return *clock;
}

}  // namespace computesdk::in_memory
