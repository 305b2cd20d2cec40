#include "conformance/call_pool.h"

#include <atomic>
#include <future>
#include <thread>

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

SteadyClock::time_point In(milliseconds delay) { return SteadyClock::now() + delay; }

TEST(CallPoolTest, RunsACallOnAnotherThreadAndWaitsForIt) {
  CallPool pool(RealRunClock());
  std::thread::id ran_on;
  EXPECT_TRUE(pool.Run([&] { ran_on = std::this_thread::get_id(); }, In(seconds(10))));
  EXPECT_NE(ran_on, std::thread::id());
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(CallPoolTest, LeavesACallBehindThatDoesNotEnd) {
  auto release = std::make_shared<std::promise<void>>();
  CallPool pool(RealRunClock());
  EXPECT_FALSE(pool.Run([release] { release->get_future().wait(); }, In(milliseconds(20))));
  EXPECT_TRUE(pool.HasStragglers());
  EXPECT_TRUE(pool.Run([] {}, In(seconds(10))));
  release->set_value();
  while (pool.HasStragglers()) std::this_thread::yield();
}

TEST(CallPoolTest, DiesWithoutWaitingForWhatWasLeftBehind) {
  auto release = std::make_shared<std::promise<void>>();
  {
    CallPool pool(RealRunClock());
    EXPECT_FALSE(pool.Run([release] { release->get_future().wait(); }, In(milliseconds(5))));
  }
  release->set_value();
}

TEST(CallPoolTest, EndsTheWaitsWhenItIsInterrupted) {
  auto release = std::make_shared<std::promise<void>>();
  CallPool pool(RealRunClock());
  auto started = std::make_shared<std::promise<void>>();
  std::thread interrupter([&pool, started] {
    started->get_future().wait();
    pool.Interrupt();
  });
  const auto begun = SteadyClock::now();
  EXPECT_FALSE(pool.Run(
      [release, started] {
        started->set_value();
        release->get_future().wait();
      },
      In(seconds(60))));
  EXPECT_LT(SteadyClock::now() - begun, seconds(30));
  interrupter.join();
  release->set_value();
}

TEST(CallPoolTest, GivesACallItsGraceAfterAnInterrupt) {
  CallPool pool(RealRunClock());
  pool.Interrupt();
  EXPECT_TRUE(pool.Run([] { std::this_thread::sleep_for(milliseconds(10)); }, In(seconds(60)),
                       seconds(20)));
}

TEST(CallPoolTest, ServesManyCallersAtOnce) {
  CallPool pool(RealRunClock());
  std::atomic<int> count{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int k = 0; k < 200; ++k) {
        if (!pool.Run([&] { ++count; }, In(seconds(60)))) return;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(count, 1600);
}

}  // namespace
}  // namespace computesdk::conformance
