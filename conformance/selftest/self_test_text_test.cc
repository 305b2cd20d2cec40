#include "conformance/selftest/self_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(SelfTestTextTest, SaysWhyACaseDidNotRun) {
  const SelfTestCase skipped{.name = "local-dash", .variation = true, .skipped = "no dash here"};
  EXPECT_EQ(SelfTestText(skipped), "skipped   local-dash: no dash here\n");
  const std::string summary = SelfTestSummary({.cases = {skipped}});
  EXPECT_THAT(summary, HasSubstr("0 of 0 legal variations conform; "));
  EXPECT_THAT(summary, HasSubstr("1 skipped; "));
}

TEST(SelfTestTextTest, SaysThatACaseWasJudgedAgain) {
  const SelfTestCase again{.name = "racy", .revealed = {"command.concurrent.output"}, .looks = 2};
  EXPECT_THAT(SelfTestText(again), StartsWith("seen      racy (look 2) "));
  EXPECT_THAT(SelfTestSummary({.cases = {again}}), HasSubstr("1 judged more than once; "));
}

TEST(SelfTestTextTest, CallsADefectThatNothingSawByItsName) {
  EXPECT_THAT(SelfTestText({.name = "quiet"}), StartsWith("NOT SEEN  quiet"));
}

}  // namespace
}  // namespace computesdk::conformance
