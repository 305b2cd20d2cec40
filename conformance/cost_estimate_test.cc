#include "conformance/cost_estimate.h"

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

RunRecord Rehearsal(const std::vector<int>& chains, std::int64_t calls) {
  RunRecord record;
  for (int chain : chains) record.results.push_back({.call_chain = chain});
  record.stats = {.sandboxes_created = 7, .peak_sandboxes = 3, .calls = calls};
  return record;
}

TEST(CostEstimateTest, SaysWhatTheRehearsalCost) {
  const CostEstimate cost = EstimateCost(Rehearsal({1, 2, 3}, 9), 1, Milliseconds(100));
  EXPECT_EQ(cost.requirements, 3);
  EXPECT_EQ(cost.sandboxes, 7);
  EXPECT_EQ(cost.peak_sandboxes, 3);
  EXPECT_EQ(cost.calls, 9);
  EXPECT_EQ(cost.longest_chain, 3);
}

TEST(CostEstimateTest, ChecksOfOneWorkerFollowEachOther) {
  EXPECT_EQ(EstimateCost(Rehearsal({1, 2, 3}, 6), 1, Milliseconds(100)).duration,
            Milliseconds(600));
}

TEST(CostEstimateTest, TheNextCheckGoesToTheWorkerThatIsFree) {
  // 4 and 3 start; 2 follows 3, and 1 follows 4.
  EXPECT_EQ(EstimateCost(Rehearsal({4, 3, 2, 1}, 10), 2, Milliseconds(100)).duration,
            Milliseconds(500));
}

TEST(CostEstimateTest, TheTimeOfTheCheckItselfCounts) {
  RunRecord record = Rehearsal({2}, 2);
  record.results[0].duration = Milliseconds(50);
  EXPECT_EQ(EstimateCost(record, 8, Milliseconds(100)).duration, Milliseconds(250));
}

TEST(CostEstimateTest, NoRunIsShorterThanItsLongestChain) {
  EXPECT_EQ(EstimateCost(Rehearsal({10, 1, 1}, 16), 8, Milliseconds(100)).lower_bound,
            Milliseconds(1000));
}

TEST(CostEstimateTest, NoRunIsShorterThanItsCallsDividedByThoseAtOnce) {
  EXPECT_EQ(EstimateCost(Rehearsal({10, 10, 10}, 160), 8, Milliseconds(100)).lower_bound,
            Milliseconds(2000));
}

}  // namespace
}  // namespace computesdk::conformance
