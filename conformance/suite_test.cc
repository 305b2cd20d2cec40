// A conformance test as Bazel runs it, of a provider whose commands do nothing: exit codes are
// lost, and args never arrive.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/printable.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kBroken[] = "command.exit-code.values";
constexpr char kUnclaimed[] = "command.cwd.names";

struct Outcome {
  int status = -1;
  std::string out;
};

class SuiteTest : public testing::Test {
 protected:
  ~SuiteTest() override { std::filesystem::remove(Path("known")); }

  static std::string Path(const std::string& name) {
    return testing::TempDir() + "/suite-" + std::to_string(getpid()) + "-" + name;
  }

  // Runs the tests of those requirements (names of tests, parted by colons).
  static Outcome Run(const std::string& tests, const std::string& known = "",
                     const std::string& environment = "", const std::string& more = "") {
    std::ofstream(Path("known")) << known;
    const std::string out = Path("out");
    // Without this test's own shard, filter and report.
    const std::string line = "env -i PATH=\"$PATH\" " + environment +
                             " conformance/fake_suite --gtest_filter=" + ShellQuote(tests) +
                             " --expectations=" + ShellQuote(Path("known")) + " " + more + " >" +
                             ShellQuote(out) + " 2>&1";
    const int status = std::system(line.c_str());
    std::ostringstream text;
    text << std::ifstream(out).rdbuf();
    std::filesystem::remove(out);
    return {WEXITSTATUS(status), text.str()};
  }
};

TEST_F(SuiteTest, FailsWithWhatWasExpectedAndHowToMendIt) {
  const Outcome outcome = Run("*command_exit_code_values");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(kBroken), HasSubstr("expected"), HasSubstr("mend"),
                                 HasSubstr("[  FAILED  ]")));
}

TEST_F(SuiteTest, SkipsAKnownFailureWithItsReason) {
  const Outcome outcome = Run("*command_exit_code_values", std::string(kBroken) + " ticket 12\n");
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("[  SKIPPED ]"), HasSubstr("ticket 12")));
}

TEST_F(SuiteTest, FailsForAKnownFailureThatDoesNotFail) {
  const Outcome outcome = Run("*command_cwd_names", std::string(kUnclaimed) + " broken\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("take it out of the list"));
}

TEST_F(SuiteTest, FailsForAnExpectationThatNamesNoRequirement) {
  const Outcome outcome = Run("Expectations.*", "no.such-requirement gone\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("no.such-requirement (line 1) is no requirement"));
}

TEST_F(SuiteTest, SkipsWhatIsNotClaimed) {
  const Outcome outcome = Run("*command_cwd_names");
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("unsupported: command.cwd is not claimed"));
}

TEST_F(SuiteTest, RefusesArgumentsAndExpectationsThatMakeNoSense) {
  EXPECT_EQ(Run("*", "???\n").status, 2);
  EXPECT_EQ(Run("*", "", "", "--nonsense").status, 2);
}

TEST_F(SuiteTest, LeavesTheReportOfItsShardAmongTheOutputsOfTheTest) {
  const std::string folder = Path("outputs");
  std::filesystem::create_directories(folder);
  for (const int index : {0, 1}) {
    Run("*command_cwd_names:*command_exit_code_values", std::string(kBroken) + " ticket 12\n",
        "TEST_UNDECLARED_OUTPUTS_DIR=" + ShellQuote(folder) +
            " GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=" + std::to_string(index));
  }
  const auto read = [&](const std::string& name) {
    std::ifstream file(folder + "/" + name);
    return nlohmann::json::parse(file, nullptr, false);
  };
  const auto first = read("conformance-shard-1-of-2.json");
  const auto second = read("conformance-shard-2-of-2.json");
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(first.is_discarded() || second.is_discarded());
  EXPECT_EQ(first.at("results").size() + second.at("results").size(), 2u);
  const auto& broken = first.at("results").at(0).at("id") == kBroken ? first : second;
  EXPECT_EQ(broken.at("provider").at("name"), "fake");
  EXPECT_EQ(broken.at("results").at(0).at("status"), "failed");
  EXPECT_EQ(broken.at("results").at(0).at("knownFailure"), "ticket 12");
  EXPECT_EQ(broken.at("conformant"), false);
  EXPECT_EQ(broken.at("filters").size(), 1u);
  EXPECT_EQ(second.at("shard").dump(), R"({"index":1,"total":2})");
}

TEST_F(SuiteTest, ReportsAWholeRunInOneFile) {
  const std::string folder = Path("outputs");
  std::filesystem::create_directories(folder);
  Run("*command_cwd_names", "", "TEST_UNDECLARED_OUTPUTS_DIR=" + ShellQuote(folder));
  EXPECT_TRUE(std::filesystem::exists(folder + "/conformance.json"));
  std::filesystem::remove_all(folder);
}

TEST_F(SuiteTest, SplitsTheRequirementsOverShards) {
  const std::string two = "*command_cwd_names:*command_exit_code_values";
  const auto shard = [&](int index) {
    return Run(two, "", "GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=" + std::to_string(index)).status;
  };
  EXPECT_EQ(shard(0) + shard(1), 1);
}

}  // namespace
}  // namespace computesdk::conformance
