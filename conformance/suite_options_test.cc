#include "conformance/conformance_suite.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ErrorOf(const std::string& argument) {
  const auto parsed = ParseSuiteOptions({argument});
  return parsed ? "no error" : parsed.error().message;
}

TEST(SuiteOptionsTest, ReadsTheWordsOfAnAdapterOneByOne) {
  const auto options = ParseSuiteOptions({"--adapter=node", "--adapter=a b=c", "--adapter="});
  ASSERT_TRUE(options);
  EXPECT_THAT(options->adapter, ElementsAre("node", "a b=c", ""));
}

TEST(SuiteOptionsTest, ReadsTheOptionsOfARun) {
  const auto options = ParseSuiteOptions({"--timeout=5", "--seed=0", "--max-sandboxes=3",
                                          "--workdir=/x", "--require=a.*", "--expectations=f"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->run.call_timeout, Milliseconds(5));
  EXPECT_EQ(options->run.seed, 0u);
  EXPECT_EQ(options->run.max_sandboxes, 3);
  EXPECT_EQ(options->run.workdir, "/x");
  EXPECT_THAT(options->require, ElementsAre("a.*"));
  EXPECT_EQ(options->expectations, "f");
}

TEST(SuiteOptionsTest, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(ErrorOf("--tiemout=5"), HasSubstr("--tiemout=5"));
  EXPECT_THAT(ErrorOf("word"), HasSubstr("word"));
  EXPECT_THAT(ErrorOf("--timeout=0"), HasSubstr("--timeout"));
  EXPECT_THAT(ErrorOf("--timeout=5s"), HasSubstr("'5s'"));
}

}  // namespace
}  // namespace computesdk::conformance
