#include "conformance/slots.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using Answer = SandboxBudget::Answer;
using std::chrono::milliseconds;
using std::chrono::seconds;

SteadyClock::time_point Now() { return SteadyClock::now(); }

TEST(SlotsTest, GivesOutNoMoreThanThereAre) {
  Slots slots(RealRunClock(), 2);
  EXPECT_TRUE(slots.Acquire(Now()));
  EXPECT_TRUE(slots.Acquire(Now()));
  EXPECT_FALSE(slots.Acquire(Now() + milliseconds(5)));
  slots.Release();
  EXPECT_TRUE(slots.Acquire(Now()));
}

TEST(SandboxBudgetTest, WaitsForAFreeOne) {
  SandboxBudget budget(RealRunClock(), 1);
  const int a = 0;
  const int b = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTooLate);
  std::thread other([&] { EXPECT_EQ(budget.Acquire(&b, Now() + seconds(30)), Answer::kTaken); });
  budget.Release(&a);
  other.join();
}

TEST(SandboxBudgetTest, SaysAtOnceThatAHolderOfAllWaitsForItself) {
  SandboxBudget budget(RealRunClock(), 2);
  const int a = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&a, Now() + seconds(60)), Answer::kNeverFree);
}

TEST(SandboxBudgetTest, AHolderOfManyHasToReserveThem) {
  SandboxBudget budget(RealRunClock(), 100);
  const int a = 0;
  for (int i = 0; i < 4; ++i) ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&a, Now() + seconds(60)), Answer::kNeverFree);
  EXPECT_EQ(budget.Reserve(&a, 30), 30);
  EXPECT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  budget.Forget(&a);
  EXPECT_EQ(budget.Acquire(&a, Now() + seconds(60)), Answer::kNeverFree);
}

TEST(SandboxBudgetTest, ReservesNoMoreThanThereCanBe) {
  SandboxBudget budget(RealRunClock(), 24);
  const int a = 0;
  EXPECT_EQ(budget.Reserve(&a, 30), 24);
  for (int i = 0; i < 24; ++i) ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&a, Now() + seconds(60)), Answer::kNeverFree);
}

TEST(SandboxBudgetTest, LetsNobodyInWhoCouldHoldUpTheOthersForEver) {
  SandboxBudget budget(RealRunClock(), 3);
  const int a = 0;
  const int b = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  // With one each, neither could come to three.
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTooLate);
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  for (int i = 0; i < 3; ++i) budget.Release(&a);
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTaken);
}

// As a check does: it takes what it may, one by one, and gives everything back at its end.
void Exhaust(SandboxBudget& budget, int holdings, std::atomic<int>& alive, std::atomic<int>& peak) {
  const int self = 0;
  if (holdings > SandboxBudget::kUnreserved) holdings = budget.Reserve(&self, holdings);
  for (int i = 0; i < holdings; ++i) {
    ASSERT_EQ(budget.Acquire(&self, Now() + seconds(60)), Answer::kTaken);
    int now = ++alive;
    for (int most = peak; most < now && !peak.compare_exchange_weak(most, now);) {
    }
    std::this_thread::yield();
  }
  for (int i = 0; i < holdings; ++i) {
    --alive;
    budget.Release(&self);
  }
  budget.Forget(&self);
}

TEST(SandboxBudgetTest, EveryHolderComesToItsEndWithinTheLimit) {
  SandboxBudget budget(RealRunClock(), 24);
  std::atomic<int> alive = 0;
  std::atomic<int> peak = 0;
  std::vector<std::thread> holders;
  for (int i = 0; i < 12; ++i) {
    holders.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        Exhaust(budget, i < 3 ? 30 - 11 * i : 1 + (i + round) % 4, alive, peak);
      }
    });
  }
  for (std::thread& holder : holders) holder.join();
  EXPECT_LE(peak, 24);
}

TEST(SandboxBudgetTest, IdleOnesTakeAPlaceAndHoldNobodyBack) {
  SandboxBudget budget(RealRunClock(), 4);
  const int a = 0;
  const int b = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  budget.MakeIdle(&a);
  for (int i = 0; i < 4; ++i) ASSERT_EQ(budget.Acquire(&b, Now()), Answer::kTaken);
  EXPECT_FALSE(budget.AwaitPlace(Now() + milliseconds(5)));
  budget.EndIdle();
  EXPECT_TRUE(budget.AwaitPlace(Now()));
}

TEST(SandboxBudgetTest, ALostOneCountsUntilItIsGone) {
  SandboxBudget budget(RealRunClock(), 2);
  const int a = 0;
  const int b = 0;
  ASSERT_EQ(budget.Acquire(&a, Now()), Answer::kTaken);
  budget.Lose(&a);
  EXPECT_EQ(budget.lost(), 1);
  ASSERT_EQ(budget.Acquire(&b, Now()), Answer::kTaken);
  EXPECT_EQ(budget.Acquire(&b, Now() + seconds(60)), Answer::kNeverFree);
  budget.Recover();
  EXPECT_EQ(budget.Acquire(&b, Now()), Answer::kTaken);
}

}  // namespace
}  // namespace computesdk::conformance
