#include "conformance/selftest/comparison.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Opinion kPass{Verdict::kPassed};
const Judgement kClean = {{"a.one", kPass}, {"a.two", kPass}, {"b.three", kPass}};

Judgement With(const std::string& id, Verdict verdict) {
  Judgement judgement = kClean;
  judgement[id] = {verdict, "because"};
  return judgement;
}

TEST(ComparisonTest, TakesWhatIsNamed) {
  const Comparison comparison =
      Compare(kClean, With("a.one", Verdict::kFailed), {.changes = {{"a.one", Verdict::kFailed}}});
  EXPECT_THAT(comparison.revealed, ElementsAre("a.one"));
  EXPECT_THAT(comparison.problems, IsEmpty());
}

TEST(ComparisonTest, TakesAWarningForAFailure) {
  const Comparison comparison =
      Compare(kClean, With("a.one", Verdict::kWarned), {.changes = {{"a.one", Verdict::kFailed}}});
  EXPECT_THAT(comparison.problems, IsEmpty());
}

TEST(ComparisonTest, TellsWhatChangedWithoutBeingNamed) {
  const Comparison comparison = Compare(kClean, With("b.three", Verdict::kFailed), {});
  EXPECT_THAT(comparison.problems, ElementsAre("b.three: expected passed, got failed (because)"));
}

TEST(ComparisonTest, TellsWhatIsNamedAndDidNotChange) {
  const Comparison comparison =
      Compare(kClean, kClean, {.changes = {{"b.three", Verdict::kFailed}}});
  EXPECT_THAT(comparison.problems, ElementsAre("b.three: expected failed, got passed"));
  EXPECT_THAT(comparison.revealed, IsEmpty());
}

TEST(ComparisonTest, AsksEverythingThatAGlobMatches) {
  const Comparison comparison =
      Compare(kClean, With("a.one", Verdict::kFailed), {.changes = {{"a.*", Verdict::kFailed}}});
  EXPECT_THAT(comparison.problems, ElementsAre(HasSubstr("a.two: expected failed, got passed")));
}

TEST(ComparisonTest, TellsAPatternThatMatchesNothing) {
  const Comparison comparison =
      Compare(kClean, kClean, {.changes = {{"c.*", Verdict::kFailed}}, .free = {"d.four"}});
  EXPECT_THAT(comparison.problems,
              ElementsAre("no requirement matches c.*", "no requirement matches d.four"));
}

TEST(ComparisonTest, LeavesFreeWhatMayChange) {
  const Comparison comparison =
      Compare(kClean, With("a.one", Verdict::kFailed), {.free = {"a.one"}});
  EXPECT_THAT(comparison.problems, IsEmpty());
  EXPECT_THAT(comparison.revealed, ElementsAre("a.one"));
}

TEST(ComparisonTest, TellsWhatIsMissing) {
  const Comparison comparison = Compare(kClean, {{"a.one", kPass}, {"a.two", kPass}}, {});
  EXPECT_THAT(comparison.problems,
              ElementsAre("b.three: expected passed, got not-testable (it did not run)"));
}

}  // namespace
}  // namespace computesdk::conformance
