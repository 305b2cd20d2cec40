#include <cctype>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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

constexpr char kDifferences[] = "mocks/differential/differences.txt";

const std::vector<Script>& Scripts() {
  static const auto* const scripts =
      new std::vector<Script>(LoadScripts("mocks/differential/scripts"));
  return *scripts;
}

const std::map<std::string, std::string>& Differences() {
  static const auto* const differences =
      new std::map<std::string, std::string>(LoadDifferences(kDifferences));
  return *differences;
}

class DifferentialTest : public testing::TestWithParam<Script> {};

// On a busy machine bash does not always do the same: what it does in one of some runs counts.
constexpr int kRunsOfBash = 3;

TEST_P(DifferentialTest, DoesTheSameAsBash) {
  Outcome bash = RunOnHost(GetParam().text, testing::TempDir());
  const Outcome ours = RunInMemory(GetParam().text);
  if (Differences().contains(GetParam().name)) {
    EXPECT_FALSE(Agree(bash, ours))
        << "agrees now: take '" << GetParam().name << "' out of " << kDifferences;
    return;
  }
  for (int run = 1; run < kRunsOfBash && !Agree(bash, ours); ++run) {
    bash = RunOnHost(GetParam().text, testing::TempDir());
  }
  EXPECT_TRUE(Agree(bash, ours)) << "=== the script\n"
                                 << GetParam().text << "=== bash: " << bash
                                 << "=== in memory: " << ours;
}

INSTANTIATE_TEST_SUITE_P(Scripts, DifferentialTest, testing::ValuesIn(Scripts()), TestName);

// How many of a set there have to be, and what part of them may differ, in percent.
struct Aim {
  std::string_view set;
  std::size_t scripts;
  double differing;
};

TEST(DifferentialTableTest, SetsAreLargeEnoughAndAgree) {
  for (const Aim& aim : {Aim{"everyday/", 900, 0}, Aim{"utilities/", 1000, 4},
                         Aim{"corners/", 1600, 2}, Aim{"real/", 250, 3}}) {
    const std::string set(aim.set);
    std::size_t scripts = 0;
    std::size_t differing = 0;
    for (const Script& script : Scripts()) {
      if (!script.name.starts_with(set)) continue;
      ++scripts;
      differing += Differences().count(script.name);
    }
    EXPECT_GE(scripts, aim.scripts) << set;
    EXPECT_LE(100.0 * static_cast<double>(differing) / static_cast<double>(scripts), aim.differing)
        << set << ": " << differing << " of " << scripts << " differ";
  }
}

TEST(DifferentialTableTest, ListsScriptsThatAreThereAndWhy) {
  std::set<std::string> names;
  for (const Script& script : Scripts()) {
    EXPECT_TRUE(names.insert(script.name).second) << "twice: " << script.name;
  }
  for (const auto& [name, reason] : Differences()) {
    EXPECT_TRUE(names.contains(name)) << "no such script: " << name;
    EXPECT_FALSE(reason.empty()) << "no reason: " << name;
  }
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
