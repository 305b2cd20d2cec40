#include "conformance/glob.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<Requirement>& Three() {
  static const auto* const all = [] {
    auto* requirements = new std::vector<Requirement>(3);
    (*requirements)[0].id = "command.args.empty";
    (*requirements)[1].id = "command.exit-code";
    (*requirements)[2].id = "filesystem.paths.quotes";
    return requirements;
  }();
  return *all;
}

std::vector<std::string> Ids(const std::vector<std::string>& filters) {
  std::vector<std::string> ids;
  const auto selected = Select(Three(), filters);
  if (!selected) return {selected.error().message};
  for (const Requirement* requirement : *selected) ids.push_back(requirement->id);
  return ids;
}

TEST(GlobTest, SelectsEverythingWithoutAFilter) { EXPECT_EQ(Ids({}).size(), 3u); }

TEST(GlobTest, LetsAStarRunOverDots) {
  EXPECT_THAT(Ids({"command*"}), ElementsAre("command.args.empty", "command.exit-code"));
}

TEST(GlobTest, ExcludesWithALeadingDash) {
  EXPECT_THAT(Ids({"-command.*"}), ElementsAre("filesystem.paths.quotes"));
  EXPECT_THAT(Ids({"command.*", "-*.empty"}), ElementsAre("command.exit-code"));
}

TEST(GlobTest, RefusesAFilterThatMatchesNothingAndNamesTheNearest) {
  EXPECT_THAT(Ids({"command.exit-cod"}),
              ElementsAre(HasSubstr("'command.exit-cod'; did you mean command.exit-code?")));
}

TEST(GlobTest, RefusesFiltersThatLeaveNothing) {
  EXPECT_THAT(Ids({"command.*", "-*"}), ElementsAre(HasSubstr("no requirement to check")));
}

TEST(GlobTest, FindsTheNearestIdByEditsOrByAPart) {
  EXPECT_EQ(NearestId(Three(), "filesystem.path.quote"), "filesystem.paths.quotes");
  EXPECT_EQ(NearestId(Three(), "quotes"), "filesystem.paths.quotes");
  EXPECT_EQ(NearestId(Three(), "zzzzzzzz"), "");
}

}  // namespace
}  // namespace computesdk::conformance
