#include "conformance/run_clock.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace computesdk::conformance {
namespace {

constexpr SteadyClock::time_point kNever = SteadyClock::time_point::max();

class MachineClock : public RunClock {
 public:
  SteadyClock::time_point Now() const override { return SteadyClock::now(); }
  Timestamp WallTime() const override {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  }
  void Notify(std::condition_variable& changed) override { changed.notify_all(); }

 private:
  // Through the system clock: ThreadSanitizer does not know the call behind a wait on the steady
  // one. In slices, as the system's may be set meanwhile.
  void WaitOnce(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                SteadyClock::time_point deadline) override {
    if (deadline == kNever) {
      changed.wait(lock);
      return;
    }
    constexpr std::chrono::seconds kSlice{1};
    const auto step = std::min<SteadyClock::duration>(deadline - Now(), kSlice);
    changed.wait_until(lock, std::chrono::system_clock::now() +
                                 std::chrono::ceil<std::chrono::system_clock::duration>(step));
  }
};

}  // namespace

RunClock& RealRunClock() {
  static auto* const clock = new MachineClock();
  return *clock;
}

void RunClock::Sleep(Milliseconds duration) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  WaitUntil(never, lock, Now() + duration, [] { return false; });
}

Attendance::Attendance(RunClock& clock) : joined_(clock.Attends() ? nullptr : &clock) {
  if (joined_ == nullptr) return;
  joined_->Announce();
  joined_->Attend();
}

Attendance::~Attendance() {
  if (joined_ != nullptr) joined_->Leave();
}

void RunAtOnce(RunClock& clock, int count, const std::function<void(int)>& body) {
  std::mutex mutex;
  std::condition_variable done;
  int running = std::max(count, 0);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(running));
  for (int i = 0; i < count; ++i) {
    clock.Announce();
    threads.emplace_back([&, i] {
      clock.Attend();
      body(i);
      {
        const std::lock_guard lock(mutex);
        if (--running == 0) clock.Notify(done);
      }
      clock.Leave();
    });
  }
  {
    // A join would be a wait that the clock does not see.
    std::unique_lock lock(mutex);
    clock.WaitUntil(done, lock, kNever, [&] { return running == 0; });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace computesdk::conformance
