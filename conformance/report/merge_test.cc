#include "conformance/report/merge.h"

#include <algorithm>

#include "conformance/capability_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<Requirement>& Two() {
  static const auto* const catalogue = [] {
    auto* all = new std::vector<Requirement>(2);
    (*all)[0].id = "a.first";
    (*all)[1].id = "b.second";
    return all;
  }();
  return *catalogue;
}

// The shard of a run with one result.
Report Shard1Of(const std::string& id, Verdict verdict, Shard shard = {}) {
  Report report{.kit_name = "kit", .kit_version = "1"};
  report.run.provider.name = "acme";
  report.run.shard = shard;
  report.run.started_at = Timestamp(Milliseconds(1'000'000 + 100 * shard.index));
  report.run.duration = Milliseconds(50);
  report.run.stats = {.sandboxes_created = 2, .peak_sandboxes = 2, .calls = 10};
  report.run.timeline = {{"sb-" + id, id, Milliseconds(0), Milliseconds(50)}};
  report.results = {{.result = {.id = id, .verdict = verdict}, .area = id.substr(0, 1)}};
  return report;
}

TEST(MergeTest, JoinsShardsAndJudgesAnew) {
  const auto whole = MergeShards({Shard1Of("b.second", Verdict::kPassed, {1, 2}),
                                  Shard1Of("a.first", Verdict::kPassed, {0, 2})},
                                 Two());
  ASSERT_TRUE(whole) << whole.error();
  EXPECT_TRUE(whole->conformant);
  EXPECT_EQ(whole->exit_status, 0);
  EXPECT_EQ(whole->summary, Summary{.passed = 2});
  ASSERT_THAT(whole->results, SizeIs(2));
  EXPECT_EQ(whole->results[0].result.id, "a.first");
  EXPECT_EQ(whole->run.stats.sandboxes_created, 4);
  EXPECT_EQ(whole->run.stats.calls, 20);
  EXPECT_EQ(whole->run.started_at, Timestamp(Milliseconds(1'000'000)));
  EXPECT_EQ(whole->run.duration, Milliseconds(150));
  EXPECT_EQ(whole->run.timeline[1].created, Milliseconds(100));
  EXPECT_THAT(whole->run.notes, IsEmpty());
}

TEST(MergeTest, CountsTheSandboxesThatShardsHadAtOnce) {
  Report one = Shard1Of("a.first", Verdict::kPassed);
  Report other = Shard1Of("b.second", Verdict::kPassed);
  one.run.timeline.push_back({"sb-3", "shared", Milliseconds(10), Milliseconds(20)});
  other.run.timeline.push_back({"sb-4", "shared", Milliseconds(15), std::nullopt});
  EXPECT_EQ(MergeShards({one, other}, Two())->run.stats.peak_sandboxes, 4);
}

TEST(MergeTest, FailsForAFailureOfOneShard) {
  const auto whole = MergeShards(
      {Shard1Of("a.first", Verdict::kPassed), Shard1Of("b.second", Verdict::kFailed)}, Two());
  EXPECT_FALSE(whole->conformant);
  EXPECT_EQ(whole->exit_status, 1);
}

TEST(MergeTest, AcceptsKnownFailures) {
  Report known = Shard1Of("b.second", Verdict::kFailed);
  known.results[0].known_failure = "ticket 7";
  const auto whole = MergeShards({Shard1Of("a.first", Verdict::kPassed), known}, Two());
  EXPECT_FALSE(whole->conformant);
  EXPECT_EQ(whole->exit_status, 0);
}

TEST(MergeTest, FailsForAnExpectationThatAShardFoundStale) {
  Report stale = Shard1Of("b.second", Verdict::kPassed);
  stale.expectation_problems = {"b.second is listed as a known failure, but passed"};
  const auto whole = MergeShards({Shard1Of("a.first", Verdict::kPassed), stale}, Two());
  EXPECT_EQ(whole->exit_status, 1);
  EXPECT_THAT(whole->expectation_problems, SizeIs(1));
}

TEST(MergeTest, TakesTheWorseOfAContradictionAndSaysSo) {
  Report first = Shard1Of("a.first", Verdict::kPassed);
  first.results.push_back(Shard1Of("b.second", Verdict::kFailed).results[0]);
  const auto whole = MergeShards({Shard1Of("b.second", Verdict::kPassed), first}, Two());
  EXPECT_EQ(whole->results[1].result.verdict, Verdict::kFailed);
  EXPECT_THAT(whole->run.notes, ElementsAre("b.second: one shard says passed, another failed; "
                                            "the worse counts"));
}

TEST(MergeTest, IsNotTestableWhatNoShardRan) {
  const auto whole = MergeShards({Shard1Of("a.first", Verdict::kPassed)}, Two());
  EXPECT_FALSE(whole->conformant);
  EXPECT_EQ(whole->results[1].result.verdict, Verdict::kNotTestable);
  EXPECT_THAT(whole->run.notes, ElementsAre("no shard ran 1 requirement: b.second"));
}

TEST(MergeTest, NamesWhatAChosenPartLeavesOut) {
  Report part = Shard1Of("a.first", Verdict::kPassed);
  part.run.filters = {"a.*"};
  const auto whole = MergeShards({part}, Two());
  EXPECT_TRUE(whole->conformant);
  EXPECT_THAT(whole->results, SizeIs(1));
  EXPECT_THAT(whole->run.filters, ElementsAre("a.*"));
  EXPECT_THAT(whole->run.notes, ElementsAre(HasSubstr("b.second")));
}

TEST(MergeTest, JoinsPartsThatWereChosenByHand) {
  Report one = Shard1Of("a.first", Verdict::kPassed);
  one.run.filters = {"a.*"};
  Report other = Shard1Of("b.second", Verdict::kPassed);
  other.run.filters = {"-a.*"};
  const auto whole = MergeShards({one, other}, Two());
  EXPECT_TRUE(whole->conformant);
  EXPECT_THAT(whole->run.filters, IsEmpty());
}

TEST(MergeTest, MissesAShard) {
  Report only = Shard1Of("a.first", Verdict::kPassed, {0, 2});
  only.run.filters = {"a.*"};
  const auto whole = MergeShards({only}, Two());
  EXPECT_FALSE(whole->conformant);
  EXPECT_THAT(whole->run.problems, ElementsAre("shard 2 of 2 is missing"));
}

TEST(MergeTest, TakesAShardToWhichNoTestFell) {
  Report idle{.kit_name = "kit", .kit_version = "1"};
  idle.run.shard = {1, 2};
  Report both = Shard1Of("a.first", Verdict::kPassed, {0, 2});
  both.results.push_back(Shard1Of("b.second", Verdict::kPassed).results[0]);
  const auto whole = MergeShards({idle, both}, Two());
  ASSERT_TRUE(whole) << whole.error();
  EXPECT_TRUE(whole->conformant);
  EXPECT_EQ(whole->run.provider.name, "acme");
}

TEST(MergeTest, CountsAReportThatIsGivenTwiceOnce) {
  const Report shard = Shard1Of("a.first", Verdict::kPassed);
  EXPECT_EQ(MergeShards({shard, shard}, Two())->run.stats.calls, 10);
}

TEST(MergeTest, RefusesRunsOfDifferentProviders) {
  Report other = Shard1Of("b.second", Verdict::kPassed);
  other.run.provider.name = "other";
  const auto whole = MergeShards({Shard1Of("a.first", Verdict::kPassed), other}, Two());
  ASSERT_FALSE(whole);
  EXPECT_THAT(whole.error().message, HasSubstr("'acme' and 'other'"));
}

TEST(MergeTest, MeasuresCapabilitiesOverAllShards) {
  Report one = Shard1Of("a.first", Verdict::kPassed);
  one.run.provider.capabilities = {"getInfo"};
  one.results[0].capability = "getInfo";
  one.capabilities = {{.name = "getInfo", .claimed = true, .measured = Measured::kWorks},
                      {.name = "getUrl", .measured = Measured::kNotSelected},
                      {.name = "filesystem", .measured = Measured::kMisbehaves}};
  Report other = Shard1Of("b.second", Verdict::kFailed);
  other.run.provider.capabilities = {"getInfo"};
  other.results[0].capability = "getInfo";
  other.capabilities = {{.name = "getUrl", .measured = Measured::kUnimplemented},
                        {.name = "filesystem", .measured = Measured::kNotSelected}};
  const auto whole = MergeShards({one, other}, Two());
  ASSERT_TRUE(whole) << whole.error();
  const auto row = [&](const std::string& name) {
    return *std::ranges::find(whole->capabilities, name, &CapabilityRow::name);
  };
  EXPECT_EQ(row("getInfo").measured, Measured::kBroken);
  EXPECT_EQ(row("getInfo").of, 2);
  EXPECT_EQ(row("getUrl").measured, Measured::kUnimplemented);
  EXPECT_EQ(row("filesystem").measured, Measured::kMisbehaves);
}

TEST(MergeTest, KeepsProblemsAndInterruptions) {
  Report bad = Shard1Of("b.second", Verdict::kPassed);
  bad.run.problems = {"1 sandbox is still there"};
  bad.run.interrupted = true;
  const auto whole = MergeShards({Shard1Of("a.first", Verdict::kPassed), bad}, Two());
  EXPECT_EQ(whole->exit_status, 3);
  EXPECT_THAT(whole->run.problems, Contains("1 sandbox is still there"));
}

}  // namespace
}  // namespace computesdk::conformance
