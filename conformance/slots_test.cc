#include "conformance/slots.h"

#include <thread>

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using Answer = SandboxBudget::Answer;
using std::chrono::milliseconds;
using std::chrono::seconds;

SteadyClock::time_point Now() { return SteadyClock::now(); }

TEST(SlotsTest, GivesOutNoMoreThanThereAre) {
  Slots slots(2);
  EXPECT_TRUE(slots.Acquire(Now()));
  EXPECT_TRUE(slots.Acquire(Now()));
  EXPECT_FALSE(slots.Acquire(Now() + milliseconds(5)));
  slots.Release();
  EXPECT_TRUE(slots.Acquire(Now()));
}

TEST(SandboxBudgetTest, WaitsForAFreeOne) {
  SandboxBudget budget(1);
  const int a = 0;
  const int b = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTooLate);
  std::thread other([&] { EXPECT_EQ(budget.Acquire(&b, Now() + seconds(30)), Answer::kTaken); });
  budget.Release(&a);
  other.join();
}

TEST(SandboxBudgetTest, SaysAtOnceThatAHolderOfAllWaitsForItself) {
  SandboxBudget budget(2);
  const int a = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&a, Now() + seconds(60)), Answer::kNeverFree);
}

TEST(SandboxBudgetTest, LetsOnlyOneHolderHaveMany) {
  SandboxBudget budget(100);
  const int a = 0;
  const int b = 0;
  for (int i = 0; i < 10; ++i) ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  for (int i = 0; i < 4; ++i) ASSERT_EQ(budget.Acquire(&b, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTooLate);
  for (int i = 0; i < 10; ++i) budget.Release(&a);
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTaken);
}

}  // namespace
}  // namespace computesdk::conformance
