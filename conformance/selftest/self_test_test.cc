#include "conformance/selftest/self_test.h"

#include <iostream>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::IsEmpty;

// A filter means one of them, and --as-adapter as well.
TEST(SelfTest, HasANameForEachSabotageAndVariation) {
  std::set<std::string> names;
  for (const Sabotage& one : Sabotages()) EXPECT_TRUE(names.insert(one.name).second) << one.name;
  for (const Variation& one : Variations()) EXPECT_TRUE(names.insert(one.name).second) << one.name;
}

// The table of defects and requirements, whole.
TEST(SelfTest, SeesEveryDefectAndNothingElse) {
  const HostCanary canary;
  const Result<SelfTestResult> result =
      RunSelfTest({.program = "conformance/conformance"}, canary, [](const SelfTestCase& one) {
        EXPECT_THAT(one.problems, IsEmpty()) << one.name;
        EXPECT_FALSE(one.unseen()) << one.name;
        std::cout << SelfTestText(one) << std::flush;
      });
  ASSERT_TRUE(result) << result.error();
  EXPECT_THAT(result->never_red, IsEmpty());
  std::cout << SelfTestSummary(*result);
}

}  // namespace
}  // namespace computesdk::conformance
