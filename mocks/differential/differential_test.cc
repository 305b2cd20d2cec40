#include <cctype>
#include <cstdlib>

#include "gtest/gtest.h"
#include "mocks/differential/outcome.h"
#include "mocks/differential/script_file.h"

// Holds the in-memory provider's shell and utilities to bash and the GNU utilities: every script
// of scripts/ does the same in both.
namespace computesdk::differential {
namespace {

std::string TestName(const testing::TestParamInfo<Script>& info) {
  std::string name;
  for (const char c : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  return name;
}

class DifferentialTest : public testing::TestWithParam<Script> {};

TEST_P(DifferentialTest, DoesTheSameAsBash) {
  const Outcome bash = RunOnHost(GetParam().text, testing::TempDir());
  const Outcome ours = RunInMemory(GetParam().text);
  const bool same_stderr = bash.stderr_bytes.empty() == ours.stderr_bytes.empty();
  EXPECT_TRUE(bash.stdout_bytes == ours.stdout_bytes && bash.exit_code == ours.exit_code &&
              same_stderr)
      << "=== the script\n"
      << GetParam().text << "=== bash: " << bash << "=== in memory: " << ours;
}

INSTANTIATE_TEST_SUITE_P(Scripts, DifferentialTest,
                         testing::ValuesIn(LoadScripts("mocks/differential/scripts")), TestName);

TEST(DifferentialTableTest, HoldsAtLeastFourHundredScripts) {
  EXPECT_GE(LoadScripts("mocks/differential/scripts").size(), 400U);
}

TEST(ScriptFileTest, SplitsAtTheMarksAndKeepsTheRest) {
  const auto scripts = ParseScripts("a comment\n=== one\na\n\n=== two \nb", "x");
  ASSERT_EQ(scripts.size(), 2U);
  EXPECT_EQ(scripts[0].name, "x: one");
  EXPECT_EQ(scripts[0].text, "a\n\n");
  EXPECT_EQ(scripts[1].name, "x: two");
  EXPECT_EQ(scripts[1].text, "b");
}

}  // namespace
}  // namespace computesdk::differential
