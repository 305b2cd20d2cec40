#include "conformance/run_clock.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "conformance/virtual_run_clock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

constexpr Milliseconds kHour{3'600'000};

TEST(RealRunClockTest, WaitsForAConditionOrADeadline) {
  RunClock& clock = RealRunClock();
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock(mutex);
  EXPECT_FALSE(clock.WaitUntil(changed, lock, clock.Now() + Milliseconds{1}, [] { return false; }));
  EXPECT_TRUE(clock.WaitUntil(changed, lock, clock.Now() - kHour, [] { return true; }));
}

TEST(RealRunClockTest, RunsAllAtOnce) {
  std::atomic<int> sum{0};
  RunAtOnce(RealRunClock(), 5, [&](int i) { sum += i; });
  EXPECT_EQ(sum, 0 + 1 + 2 + 3 + 4);
  RunAtOnce(RealRunClock(), 0, [](int) { FAIL(); });
}

TEST(VirtualRunClockTest, ASleepTakesNoTimeOfOurs) {
  VirtualRunClock clock;
  const Attendance attendance(clock);
  const SteadyClock::time_point begin = clock.Now();
  const Timestamp wall = clock.WallTime();
  clock.Sleep(kHour);
  EXPECT_EQ(clock.Now() - begin, kHour);
  EXPECT_EQ(clock.WallTime() - wall, kHour);
}

TEST(VirtualRunClockTest, ThreadsSleepBesideOneAnother) {
  VirtualRunClock clock;
  const Attendance attendance(clock);
  const SteadyClock::time_point begin = clock.Now();
  RunAtOnce(clock, 8, [&](int i) {
    clock.Sleep(i * kHour);
    EXPECT_EQ(clock.Now() - begin, i * kHour);
  });
  EXPECT_EQ(clock.Now() - begin, 7 * kHour);
}

TEST(VirtualRunClockTest, AttendanceInsideOfAnotherChangesNothing) {
  VirtualRunClock clock;
  EXPECT_FALSE(clock.Attends());
  {
    const Attendance outer(clock);
    { const Attendance inner(clock); }
    EXPECT_TRUE(clock.Attends());
  }
  EXPECT_FALSE(clock.Attends());
}

}  // namespace
}  // namespace computesdk::conformance
