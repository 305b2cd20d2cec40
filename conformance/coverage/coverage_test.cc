#include "conformance/coverage/coverage.h"

#include <fstream>
#include <sstream>

#include "conformance/catalogue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Coverage MeasureTheSuite() {
  const Result<CoverageData> data =
      ParseCoverageData(ReadFile("conformance/coverage/classes.json"),
                        ReadFile("conformance/coverage/highest_yield.json"));
  EXPECT_TRUE(data);
  return Measure(*data, Catalogue(), Sabotages());
}

TEST(CoverageTest, RevealsOrExplainsEveryClass) {
  const Coverage coverage = MeasureTheSuite();
  EXPECT_EQ(coverage.classes, 216);
  EXPECT_THAT(coverage.problems, IsEmpty());
}

TEST(CoverageTest, RevealsMostOfWhatOneRunCanTell) {
  const Coverage coverage = MeasureTheSuite();
  EXPECT_GE(coverage.deterministic_revealed, 0.85 * coverage.deterministic);
}

TEST(CoverageTest, HasAFreshPage) {
  EXPECT_TRUE(ReadFile("docs/coverage.md") == MeasureTheSuite().page)
      << "docs/coverage.md is stale; make it anew with\n"
         "  bazel run //conformance/coverage:page > docs/coverage.md";
}

const CoverageData kData = {.classes = {{"C1", "joined | args", "D", ""}, {"C2", "slow", "L", ""}},
                            .highest_yield = {{1, "args", {"command.*"}}}};

Requirement Named(const std::string& id, std::vector<std::string> defects) {
  Requirement requirement;
  requirement.id = id;
  requirement.defects = std::move(defects);
  return requirement;
}

TEST(CoverageTest, CountsWhatIsRevealed) {
  const Coverage coverage = Measure(kData, {Named("command.args", {"C1"})}, {});
  EXPECT_EQ(coverage.revealed, 1);
  EXPECT_EQ(coverage.deterministic, 1);
  EXPECT_EQ(coverage.deterministic_revealed, 1);
  EXPECT_THAT(coverage.page, HasSubstr("| C1 | D | joined \\| args | "
                                       "[command.args](requirements.md#commandargs) |  |\n"));
}

TEST(CoverageTest, TellsAClassThatIsNeitherRevealedNorExplained) {
  EXPECT_THAT(Measure(kData, {Named("command.args", {"C1"})}, {}).problems,
              ElementsAre("C2: no requirement names it, and no reason is given"));
}

TEST(CoverageTest, TellsAClassThatIsNotThere) {
  EXPECT_THAT(Measure(kData, {Named("command.args", {"C1", "C2", "C9"})}, {}).problems,
              ElementsAre("there is no class C9, which command.args names"));
}

TEST(CoverageTest, TellsAReasonThatIsStale) {
  CoverageData data = kData;
  data.classes[0].unrevealed = "no way to see it";
  EXPECT_THAT(Measure(data, {Named("command.args", {"C1", "C2"})}, {}).problems,
              ElementsAre(HasSubstr("C1: a requirement names it, and a reason is given")));
}

TEST(CoverageTest, TellsAHighYieldCheckWithoutARequirement) {
  EXPECT_THAT(Measure(kData, {Named("output.bytes", {"C1", "C2"})}, {}).problems,
              ElementsAre("check 1: no requirement is command.*"));
}

}  // namespace
}  // namespace computesdk::conformance
