#include "mocks/differential/random_script.h"

#include <cstdint>
#include <cstdlib>
#include <ostream>
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

void CheckScript(const RandomScript& script) {
  const auto difference = FindDifference(script.text, testing::TempDir());
  if (!difference) return;
  std::ostringstream text;
  text << *difference;
  RC_FAIL(text.str());
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
