#include "conformance/expectations_update.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/expectations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

CheckResult ResultOf(const std::string& id, Verdict verdict, const std::string& message = "") {
  return {.id = id, .verdict = verdict, .message = message};
}

ExpectationUpdate Update(std::vector<CheckResult> results) {
  return {.results = std::move(results),
          .catalogue = {"a.fails", "a.passes", "a.warned", "b.fails", "b.idle"}};
}

TEST(ExpectationsUpdateTest, ListsWhatDecidesWithWhatWasFound) {
  const std::string text =
      UpdatedExpectations("", Update({ResultOf("a.fails", Verdict::kFailed, "expected 1, got 2"),
                                      ResultOf("a.passes", Verdict::kPassed),
                                      ResultOf("a.warned", Verdict::kWarned, "slow"),
                                      ResultOf("b.fails", Verdict::kNotTestable, "no `cat`")}));
  EXPECT_THAT(text, AllOf(StartsWith("# Known failures: "), EndsWith(R"(
# found: expected 1, got 2
a.fails  TODO: why this fails

# found: no `cat`
b.fails  TODO: why this fails
)")));
}

TEST(ExpectationsUpdateTest, CannotBeUsedBeforeTheReasonsAreFilledIn) {
  const std::string text = UpdatedExpectations("", Update({ResultOf("a.fails", Verdict::kFailed)}));
  const auto unfilled = ParseExpectations(text, "known.txt");
  ASSERT_FALSE(unfilled);
  EXPECT_THAT(unfilled.error().message,
              AllOf(StartsWith("known.txt:5: "), HasSubstr("a.fails is still to be filled in")));
  std::string filled = text;
  filled.replace(filled.find("TODO"), std::string::npos, "ticket 7\n");
  EXPECT_TRUE(ParseExpectations(filled, "known.txt"));
}

TEST(ExpectationsUpdateTest, KeepsReasonsAndCommentsOfWhatStillFails) {
  const std::string text = "# Ours.\n\n# Tracked in ticket 7.\na.fails  ticket 7  # since May\n";
  EXPECT_EQ(UpdatedExpectations(text, Update({ResultOf("a.fails", Verdict::kFailed, "1 is 2")})),
            "# Ours.\n\n# Tracked in ticket 7.\n# found: 1 is 2\na.fails  ticket 7  # since May\n");
}

TEST(ExpectationsUpdateTest, TakesOutWhatPassesWithItsComment) {
  const std::string text =
      "# Ours.\n\n# Gone soon.\na.passes  ticket 6\n\n# Stays.\na.fails  ticket 7\n";
  const std::string updated = UpdatedExpectations(
      text,
      Update({ResultOf("a.passes", Verdict::kPassed), ResultOf("a.fails", Verdict::kFailed)}));
  EXPECT_EQ(updated, "# Ours.\n\n# Stays.\n# found: failed\na.fails  ticket 7\n");
}

TEST(ExpectationsUpdateTest, KeepsACommentThatStandsAboveOtherEntries) {
  const std::string text = "# All of them: ticket 6.\na.passes  so\na.fails  so\n";
  EXPECT_THAT(UpdatedExpectations(text, Update({ResultOf("a.passes", Verdict::kPassed)})),
              StartsWith("# All of them: ticket 6.\na.fails  so\n"));
}

TEST(ExpectationsUpdateTest, TakesOutWhatIsNoRequirement) {
  EXPECT_THAT(UpdatedExpectations("x.y  gone\n", Update({})), Not(HasSubstr("x.y")));
}

TEST(ExpectationsUpdateTest, KeepsWhatDidNotRunAndWhatIsOnlyWarnedOf) {
  const std::string text = "# found: older\nb.idle  so\na.warned  so\n";
  EXPECT_EQ(UpdatedExpectations(text, Update({ResultOf("a.warned", Verdict::kWarned, "slow")})),
            "# found: older\nb.idle  so\n# found: slow\na.warned  so\n");
}

TEST(ExpectationsUpdateTest, ComesToRestAfterOneUpdate) {
  const ExpectationUpdate update = Update({ResultOf("a.fails", Verdict::kFailed, "1 is 2"),
                                           ResultOf("b.fails", Verdict::kFailed, "2 is 3")});
  const std::string once = UpdatedExpectations("", update);
  EXPECT_EQ(UpdatedExpectations(once, update), once);
}

TEST(ExpectationsUpdateTest, WritesOneLineWhateverAProviderSays) {
  const std::string text =
      UpdatedExpectations("", Update({ResultOf("a.fails", Verdict::kFailed,
                                               "x\na.passes  so\n" + std::string(5000, 'y'))}));
  EXPECT_THAT(text, HasSubstr("# found: x a.passes  so yyy"));
  EXPECT_LT(text.size(), 1000u);
}

TEST(ExpectationsUpdateTest, ReplacesTheFile) {
  const std::string file = testing::TempDir() + "/known_failures.txt";
  std::ofstream(file) << "a.fails  ticket 7\n";
  ASSERT_TRUE(UpdateExpectationsFile(file, Update({ResultOf("b.fails", Verdict::kFailed)})));
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), "a.fails  ticket 7\n\n# found: failed\nb.fails  TODO: why this fails\n");
  EXPECT_FALSE(std::filesystem::exists(file + ".new"));
  std::filesystem::remove(file);
}

TEST(ExpectationsUpdateTest, SaysThatAFileCannotBeWritten) {
  const Status written = UpdateExpectationsFile("/nonexistent/known", Update({}));
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("/nonexistent/known: cannot be written"));
  EXPECT_FALSE(CanUpdateExpectationsFile("/nonexistent/known"));
  EXPECT_FALSE(CanUpdateExpectationsFile(testing::TempDir()));
  EXPECT_TRUE(CanUpdateExpectationsFile(testing::TempDir() + "/known"));
  EXPECT_FALSE(std::filesystem::exists(testing::TempDir() + "/known"));
}

}  // namespace
}  // namespace computesdk::conformance
