#include "mocks/differential/random_script.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "mocks/differential/outcome.h"
#include "rapidcheck.h"

// Holds the in-memory provider's shell and utilities to bash with scripts that nobody has written.
// SCRIPTS and SEED in the environment give another number of them, and others.
namespace computesdk::differential {

struct RandomScript {
  std::string text;
};

void showValue(const RandomScript& script, std::ostream& os) { os << "\n" << script.text; }

namespace {

constexpr int kScriptsOfATest = 100;

// What no script may have, as a regular expression, and what differs there.
struct Avoided {
  const char* text;
  const char* why;
};
constexpr Avoided kAvoided[] = {
    {R"(\$\w+\{)",
     "bash makes $a{x,y} of $a, then {x,y}, where nothing else has braces behind a name"},
    {R"(DEBUG[\s\S]*& wait|& wait[\s\S]*DEBUG)",
     "a trap on DEBUG writes while a command in the background does"},
    {R"(=\S* export -p)", "bash does not list what stands before `export -p` itself"},
    {R"(\(\[.*\]=\S*\{)", "bash expands braces in a=([1]={x,y}), and its elements are texts then"},
};

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

rc::Gen<RandomScript> Scripts() {
  constexpr int kFullRange = 100;
  constexpr int kMostChoices = 60;
  constexpr int kMostLines = 9;
  const auto choice = rc::gen::resize(kFullRange, rc::gen::inRange<std::uint16_t>(0, 10'000));
  const auto line = rc::gen::resize(kMostChoices, rc::gen::container<Choices>(choice));
  const auto lines = rc::gen::resize(kMostLines, rc::gen::container<std::vector<Choices>>(line));
  return rc::gen::map(
      lines, [](const std::vector<Choices>& all) { return RandomScript{MakeRandomScript(all)}; });
}

bool IsAvoided(const std::string& script) {
  static const auto* const patterns = [] {
    auto* made = new std::vector<std::regex>;
    for (const Avoided& avoided : kAvoided) made->emplace_back(avoided.text);
    return made;
  }();
  return std::any_of(patterns->begin(), patterns->end(),
                     [&](const std::regex& pattern) { return std::regex_search(script, pattern); });
}

void CheckScript(const RandomScript& script) {
  if (IsAvoided(script.text)) return;
  // On a busy machine a script may run into the time limit: only what differs every time counts.
  constexpr int kTries = 3;
  for (int i = 1; i <= kTries; ++i) {
    const Outcome bash = RunOnHost(script.text, testing::TempDir());
    const Outcome ours = RunInMemory(script.text);
    if (Agree(bash, ours)) return;
    if (i < kTries) continue;
    std::ostringstream difference;
    difference << "=== bash: " << bash << "=== in memory: " << ours;
    RC_FAIL(difference.str());
  }
}

class RandomScriptTest : public testing::TestWithParam<int> {};

TEST_P(RandomScriptTest, DoesTheSameAsBash) {
  const std::uint64_t seed = FromEnvironment("SEED", 1);
  rc::detail::TestParams params;
  params.seed = seed * 1'000'003 + static_cast<std::uint64_t>(GetParam());
  params.maxSuccess = kScriptsOfATest;
  const auto result = rc::detail::checkTestable([] { CheckScript(*Scripts()); },
                                                rc::detail::TestMetadata(), params);
  if (result.is<rc::detail::SuccessResult>()) return;
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  FAIL() << text.str() << "\nrun it again: ./bazelw test //mocks/differential:random_script_test"
         << " --test_env=SEED=" << seed << " --test_filter='*/" << GetParam() << "'";
}

INSTANTIATE_TEST_SUITE_P(Scripts, RandomScriptTest,
                         testing::Range(0, static_cast<int>(FromEnvironment("SCRIPTS", 2'000) /
                                                            kScriptsOfATest)));

}  // namespace
}  // namespace computesdk::differential
