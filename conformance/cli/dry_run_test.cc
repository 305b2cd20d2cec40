#include "conformance/cli/dry_run.h"

#include "conformance/catalogue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;

std::vector<const Requirement*> All() {
  std::vector<const Requirement*> all;
  for (const Requirement& requirement : Catalogue()) all.push_back(&requirement);
  return all;
}

ProviderDescription Claiming(std::vector<std::string> capabilities) {
  return {.name = "far",
          .capabilities = std::move(capabilities),
          .runtimes = {"bash"},
          .max_concurrency = 64};
}

constexpr Milliseconds kLatency{200};

// What providers pay for, and wait for.
TEST(DryRunTest, AFullRunIsCheapAndNearTheLeastThatItCanTake) {
  const CostEstimate cost = RehearseRun(All(), {.jobs = 8}, Claiming(AllCapabilities()), kLatency);
  EXPECT_EQ(cost.requirements, static_cast<int>(Catalogue().size()));
  EXPECT_LE(cost.peak_sandboxes, 24);
  EXPECT_LE(cost.sandboxes, cost.requirements * 3 / 2);
  EXPECT_LE(cost.duration, 2 * cost.lower_bound);
  // Then no order of the checks takes more than twice the least.
  EXPECT_LE(cost.longest_chain * kLatency, cost.calls * kLatency / 8);
}

TEST(DryRunTest, WhatIsNotClaimedCostsNothing) {
  const CostEstimate all = RehearseRun(All(), {.jobs = 8}, Claiming(AllCapabilities()), kLatency);
  const CostEstimate none = RehearseRun(All(), {.jobs = 8}, Claiming({}), kLatency);
  EXPECT_LT(none.calls, all.calls);
  EXPECT_LT(none.duration, all.duration);
}

TEST(DryRunTest, OneCallAtATimeTakesAsLongAsAllCalls) {
  ProviderDescription description = Claiming({});
  description.max_concurrency = 1;
  const CostEstimate cost =
      RehearseRun({FindRequirement("lifecycle.create.id")}, {.jobs = 8}, description, kLatency);
  EXPECT_GE(cost.duration, cost.longest_chain * kLatency);
  EXPECT_EQ(cost.sandboxes, 2);
}

TEST(DryRunTest, KeepsToTheSandboxesThatTheRunMayHave) {
  const RunOptions options{.jobs = 8, .max_sandboxes = 5};
  EXPECT_LE(RehearseRun(All(), options, Claiming({}), kLatency).peak_sandboxes, 5);
}

TEST(CostTextTest, SaysHowManyAndHowLong) {
  EXPECT_EQ(CostText({.requirements = 302,
                      .sandboxes = 160,
                      .peak_sandboxes = 24,
                      .calls = 3640,
                      .duration = Milliseconds(91'600)},
                     kLatency),
            "302 requirements, 160 sandboxes created, at most 24 at once; 3640 calls.\n"
            "With 200 ms for every call about 1 min 32 s.\n");
  EXPECT_THAT(CostText({.duration = Milliseconds(640)}, kLatency), HasSubstr("about 640 ms."));
  EXPECT_THAT(CostText({.duration = Milliseconds(8'400)}, kLatency), HasSubstr("about 8 s."));
}

}  // namespace
}  // namespace computesdk::conformance
