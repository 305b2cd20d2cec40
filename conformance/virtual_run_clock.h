#ifndef COMPUTESDK_CONFORMANCE_VIRTUAL_RUN_CLOCK_H_
#define COMPUTESDK_CONFORMANCE_VIRTUAL_RUN_CLOCK_H_

#include "conformance/run_clock.h"
#include "mocks/in_memory/kernel/virtual_clock.h"

namespace computesdk::conformance {

// A run in the time of an in-memory provider that was given `clock()`: what a check waits for comes
// at once. Nobody may wait outside of it: a call that does, and never ends, is never given up.
class VirtualRunClock : public RunClock {
 public:
  // Its time begins now.
  VirtualRunClock();

  in_memory::VirtualClock& clock() { return clock_; }

  SteadyClock::time_point Now() const override;
  Timestamp WallTime() const override;
  void Notify(std::condition_variable& changed) override { clock_.Notify(changed); }
  void Work() override { clock_.Work(); }
  void Attend() override { clock_.Attend(); }
  void Leave() override { clock_.Leave(); }
  bool Attends() const override { return clock_.Attends(); }
  void Announce() override { clock_.Busy(); }

 private:
  void WaitOnce(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                SteadyClock::time_point deadline) override;

  in_memory::VirtualClock clock_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_VIRTUAL_RUN_CLOCK_H_
