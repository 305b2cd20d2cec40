#include "mocks/in_memory/kernel/virtual_clock.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/testing.h"

namespace computesdk::in_memory {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class VirtualClockTest : public testing::Test {
 protected:
  Kernel::Outcome Run(const Main& main, ClockTime deadline = ClockTime::max()) {
    return kernel_.Run(TestProgram(), main, deadline);
  }

  VirtualClock clock_;
  Kernel kernel_{clock_, {}, std::make_shared<ProgramTable>()};
};

TEST_F(VirtualClockTest, SleepTakesNoRealTime) {
  const auto real = std::chrono::steady_clock::now();
  const ClockTime begin = clock_.Now();
  (void)Run(SleepLong);
  EXPECT_EQ(clock_.Now() - begin, hours(1));
  EXPECT_LT(std::chrono::steady_clock::now() - real, seconds(20));
}

TEST_F(VirtualClockTest, SleepersWakeInOrder) {
  for (int round = 0; round < 50; ++round) {
    const Kernel::Outcome outcome = Run([](Process& process) {
      for (int i : {3, 1, 2}) {
        (void)process.Spawn({}, [i](Process& child) {
          child.Sleep(minutes(i));
          Print(child, std::to_string(child.Elapsed() / minutes(1)));
          return 0;
        });
      }
      while (process.WaitAny()) {
      }
      return 0;
    });
    EXPECT_EQ(outcome.stdout_bytes, "123");
  }
}

TEST_F(VirtualClockTest, DeadlineComesForSleepersAndLoops) {
  const ClockTime begin = clock_.Now();
  EXPECT_TRUE(Run(SleepLong, begin + minutes(5)).deadline_exceeded);
  EXPECT_EQ(clock_.Now() - begin, minutes(5));
  EXPECT_TRUE(Run(BusyLoop, clock_.Now() + seconds(1)).deadline_exceeded);
}

TEST_F(VirtualClockTest, TimeOfALoopPassesEverFaster) {
  // Takes the test's whole limit otherwise.
  EXPECT_TRUE(Run(BusyLoop, clock_.Now() + hours(1)).deadline_exceeded);
}

TEST_F(VirtualClockTest, LoopsBesideOneAnotherComeToTheirDeadline) {
  Kernel other(clock_, {}, std::make_shared<ProgramTable>());
  const ClockTime deadline = clock_.Now() + minutes(5);
  std::thread thread(
      [&] { EXPECT_TRUE(other.Run(TestProgram(), BusyLoop, deadline).deadline_exceeded); });
  EXPECT_TRUE(Run(BusyLoop, deadline).deadline_exceeded);
  thread.join();
}

TEST_F(VirtualClockTest, WorkBetweenPausesTakesItsUsualTime) {
  const ClockTime begin = clock_.Now();
  (void)Run([](Process& process) {
    for (int i = 0; i < 20; ++i) {
      for (int step = 0; step < 1'000'000; ++step) process.Checkpoint();
      process.Sleep(seconds(1));
    }
    return 0;
  });
  const auto worked = clock_.Now() - begin - seconds(20);
  EXPECT_NEAR(std::chrono::duration<double>(worked).count(), 20 * 1'000'000 / 64 * 1e-4, 0.1);
}

TEST_F(VirtualClockTest, StandsStillUntilAdvanced) {
  const ClockTime begin = clock_.Now();
  EXPECT_EQ(clock_.Now(), begin);
  clock_.Advance(hours(2));
  EXPECT_EQ(clock_.Now(), begin + hours(2));
}

TEST(ManualClockTest, OnlyAdvanceBringsWhatIsWaitedFor) {
  VirtualClock clock({.jumps = false});
  Kernel kernel(clock, {}, std::make_shared<ProgramTable>());
  const ClockTime begin = clock.Now();
  std::atomic<bool> done = false;
  std::thread thread([&] {
    (void)kernel.Run(TestProgram(), SleepLong);
    done = true;
  });
  clock.AwaitSleepers(1);
  EXPECT_EQ(clock.Now(), begin);
  clock.Advance(hours(1) - seconds(1));
  clock.AwaitSleepers(1);
  EXPECT_FALSE(done);
  clock.Advance(seconds(1));
  thread.join();
  EXPECT_EQ(clock.Now(), begin + hours(1));
}

TEST_F(VirtualClockTest, ServesSeveralSandboxes) {
  Kernel other(clock_, {}, std::make_shared<ProgramTable>());
  std::thread thread([&] { (void)other.Run(TestProgram(), SleepLong); });
  (void)Run(SleepLong);
  thread.join();
}

// A thread outside of the sandboxes, which Busy has counted, that attends while `body` runs.
template <typename Body>
std::thread Attending(VirtualClock& clock, Body body) {
  return std::thread([&clock, body] {
    clock.Attend();
    body();
    clock.Leave();
  });
}

TEST_F(VirtualClockTest, TimeStandsStillWhileAThreadThatAttendsIsBusy) {
  const ClockTime begin = clock_.Now();
  clock_.Busy();
  clock_.Attend();
  std::thread sleeper([&] { (void)Run(SleepLong); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(clock_.Now(), begin);
  clock_.Leave();
  sleeper.join();
  EXPECT_EQ(clock_.Now(), begin + hours(1));
}

TEST_F(VirtualClockTest, AThreadThatAttendsWaitsForASandbox) {
  const ClockTime begin = clock_.Now();
  clock_.Busy();
  Attending(clock_, [&] { (void)Run(SleepLong); }).join();
  EXPECT_EQ(clock_.Now(), begin + hours(1));
}

TEST_F(VirtualClockTest, NoTimePassesBetweenANotificationAndItsWaiter) {
  std::mutex mutex;
  std::condition_variable turned;
  constexpr int kTurns = 2'000;
  int turns = 0;
  const ClockTime begin = clock_.Now();
  const auto play = [&](int mine) {
    std::unique_lock<std::mutex> lock(mutex);
    while (turns < kTurns) {
      while (turns < kTurns && turns % 2 != mine) {
        ASSERT_FALSE(clock_.WaitUntil(lock, turned, begin + hours(1)));
      }
      ++turns;
      clock_.Notify(turned);
    }
  };
  clock_.Busy();
  clock_.Busy();
  std::thread one = Attending(clock_, [&] { play(0); });
  std::thread two = Attending(clock_, [&] { play(1); });
  one.join();
  two.join();
  EXPECT_EQ(clock_.Now(), begin);
}

}  // namespace
}  // namespace computesdk::in_memory
