#include "conformance/verdict.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

CheckResult Make(const std::string& id, Level level, Verdict verdict) {
  return {.id = id, .level = level, .verdict = verdict};
}

struct Row {
  Level level;
  Verdict verdict;
  bool conformant;
};

class VerdictTableTest : public testing::TestWithParam<Row> {};

TEST_P(VerdictTableTest, DecidesByLevelAndVerdict) {
  RunRecord record;
  record.results = {Make("a.b", GetParam().level, GetParam().verdict)};
  const RunVerdict verdict = Decide(record, {.catalogue = {"a.b"}});
  EXPECT_EQ(verdict.conformant, GetParam().conformant);
  EXPECT_EQ(verdict.exit_status, GetParam().conformant ? 0 : 1);
}

INSTANTIATE_TEST_SUITE_P(All, VerdictTableTest,
                         testing::Values(Row{Level::kRequired, Verdict::kPassed, true},
                                         Row{Level::kRequired, Verdict::kFailed, false},
                                         Row{Level::kRequired, Verdict::kUnsupported, true},
                                         Row{Level::kRequired, Verdict::kNotTestable, false},
                                         Row{Level::kOptional, Verdict::kPassed, true},
                                         Row{Level::kOptional, Verdict::kFailed, false},
                                         Row{Level::kOptional, Verdict::kUnsupported, true},
                                         Row{Level::kOptional, Verdict::kNotTestable, false},
                                         Row{Level::kRecommended, Verdict::kPassed, true},
                                         Row{Level::kRecommended, Verdict::kWarned, true},
                                         Row{Level::kRecommended, Verdict::kNotTestable, true}));

TEST(VerdictTest, CountsEveryVerdict) {
  const std::vector<CheckResult> results = {Make("a.a", Level::kRequired, Verdict::kPassed),
                                            Make("a.b", Level::kRequired, Verdict::kPassed),
                                            Make("a.c", Level::kRequired, Verdict::kFailed),
                                            Make("a.d", Level::kRecommended, Verdict::kWarned),
                                            Make("a.e", Level::kOptional, Verdict::kUnsupported),
                                            Make("a.f", Level::kRequired, Verdict::kNotTestable)};
  EXPECT_EQ(Summarize(results), (Summary{2, 1, 1, 1, 1}));
}

TEST(VerdictTest, IsNotConformantWithoutAnyResult) {
  EXPECT_FALSE(Decide({}, {}).conformant);
  EXPECT_EQ(Decide({}, {}).exit_status, 1);
}

TEST(VerdictTest, IsNotConformantWhenTheRunHadAProblem) {
  RunRecord record;
  record.results = {Make("a.b", Level::kRequired, Verdict::kPassed)};
  record.problems = {"1 sandbox is still there"};
  EXPECT_FALSE(Decide(record, {}).conformant);
  EXPECT_EQ(Decide(record, {}).exit_status, 1);
}

TEST(VerdictTest, EndsAnInterruptedRunWithThree) {
  RunRecord record;
  record.results = {Make("a.b", Level::kRequired, Verdict::kPassed)};
  record.interrupted = true;
  EXPECT_FALSE(Decide(record, {}).conformant);
  EXPECT_EQ(Decide(record, {}).exit_status, 3);
}

TEST(VerdictTest, MakesARequiredRecommendationFail) {
  std::vector<CheckResult> results = {Make("a.b", Level::kRecommended, Verdict::kWarned),
                                      Make("c.d", Level::kRecommended, Verdict::kWarned)};
  ApplyRequire({"a.*"}, results);
  EXPECT_EQ(results[0].verdict, Verdict::kFailed);
  EXPECT_EQ(results[1].verdict, Verdict::kWarned);
}

TEST(VerdictTest, LetsARequiredRecommendationThatWasNotTestableDecide) {
  RunRecord record;
  record.results = {Make("a.b", Level::kRecommended, Verdict::kNotTestable)};
  EXPECT_FALSE(Decide(record, {.require = {"a.b"}}).conformant);
}

class ExpectationsVerdictTest : public testing::Test {
 protected:
  RunVerdict DecideWith(Verdict verdict) {
    RunRecord record;
    record.results = {Make("a.b", Level::kRequired, verdict),
                      Make("c.d", Level::kRequired, other_)};
    return Decide(record, {.expectations = expectations_, .catalogue = {"a.b", "c.d", "e.f"}});
  }

  Verdict other_ = Verdict::kPassed;
  Expectations expectations_ = {{"a.b", {.reason = "because", .line = 7}}};
};

TEST_F(ExpectationsVerdictTest, AllowsAListedFailureWithoutCallingItConformant) {
  const RunVerdict verdict = DecideWith(Verdict::kFailed);
  EXPECT_FALSE(verdict.conformant);
  EXPECT_EQ(verdict.exit_status, 0);
  EXPECT_THAT(verdict.known_failures, ElementsAre(Pair("a.b", "because")));
}

TEST_F(ExpectationsVerdictTest, FailsForAnUnlistedFailure) {
  other_ = Verdict::kFailed;
  const RunVerdict verdict = DecideWith(Verdict::kFailed);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(verdict.expectation_problems,
              ElementsAre("c.d failed and is not listed as a known failure"));
}

TEST_F(ExpectationsVerdictTest, FailsForAListedPass) {
  const RunVerdict verdict = DecideWith(Verdict::kPassed);
  EXPECT_TRUE(verdict.conformant);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(verdict.expectation_problems,
              ElementsAre(HasSubstr("a.b (line 7) is listed as a known failure, but passed")));
}

TEST_F(ExpectationsVerdictTest, FailsForAnEntryThatNamesNoRequirement) {
  expectations_["x.y"] = {.reason = "old", .line = 9};
  const RunVerdict verdict = DecideWith(Verdict::kFailed);
  EXPECT_EQ(verdict.exit_status, 1);
  EXPECT_THAT(verdict.expectation_problems,
              ElementsAre(HasSubstr("x.y (line 9) is listed as a known failure, but there is no")));
}

TEST_F(ExpectationsVerdictTest, PassesOverAnEntryThatWasFilteredOut) {
  expectations_["e.f"] = {.reason = "slow", .line = 9};
  const RunVerdict verdict = DecideWith(Verdict::kFailed);
  EXPECT_EQ(verdict.exit_status, 0);
  EXPECT_THAT(verdict.expectation_problems, IsEmpty());
}

}  // namespace
}  // namespace computesdk::conformance
