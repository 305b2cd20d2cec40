#include "conformance/report/timeline.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

SandboxLife Life(int created, int destroyed) {
  return {"sb", "command.runs", Milliseconds(created), Milliseconds(destroyed)};
}

std::string Written(const RunRecord& run) {
  HtmlWriter html;
  WriteTimeline(html, run);
  return html.Finish();
}

TEST(TimelineRowsTest, PutsLivesThatDoNotOverlapInOneRow) {
  EXPECT_THAT(TimelineRows({Life(0, 10), Life(10, 20), Life(25, 30)}), ElementsAre(0, 0, 0));
}

TEST(TimelineRowsTest, PutsThoseThatOverlapInSeveral) {
  EXPECT_THAT(TimelineRows({Life(0, 10), Life(5, 20), Life(12, 30), Life(15, 16)}),
              ElementsAre(0, 1, 0, 2));
}

TEST(TimelineRowsTest, KeepsTheRowOfOneThatNeverEnded) {
  SandboxLife left = Life(0, 0);
  left.destroyed.reset();
  EXPECT_THAT(TimelineRows({left, Life(100, 200)}), ElementsAre(0, 1));
}

TEST(TimelineRowsTest, TakesThemInAnyOrder) {
  EXPECT_THAT(TimelineRows({Life(10, 20), Life(0, 10)}), ElementsAre(0, 0));
}

TEST(TimelineTest, DrawsEachLifeAndTellsItInATable) {
  RunRecord run{.duration = Milliseconds(1000)};
  run.timeline = {{"sb-1", "command.<runs>", Milliseconds(250), Milliseconds(500)}};
  const std::string html = Written(run);
  EXPECT_THAT(html, HasSubstr(R"(x="250" y="1" width="250")"));
  EXPECT_THAT(html, HasSubstr("<title>command.&lt;runs&gt;, 250 ms, lived 250 ms</title>"));
  EXPECT_THAT(html, HasSubstr("<td>command.&lt;runs&gt;</td><td>250 ms</td><td>250 ms</td>"));
}

TEST(TimelineTest, ShowsOneThatWasLeftBehind) {
  RunRecord run{.duration = Milliseconds(1000)};
  run.timeline = {{"sb-1", "shared", Milliseconds(250), std::nullopt}};
  const std::string html = Written(run);
  EXPECT_THAT(html, HasSubstr(R"(<rect class="left" x="250" y="1" width="750")"));
  EXPECT_THAT(html, HasSubstr("not destroyed"));
}

TEST(TimelineTest, BoundsThePicture) {
  RunRecord run{.duration = Milliseconds(1)};
  run.timeline = std::vector<SandboxLife>(100'000, Life(0, 1));
  const std::string html = Written(run);
  EXPECT_THAT(html, HasSubstr("Only the first 2000 are shown"));
  EXPECT_LT(html.size(), 2'000'000u);
}

TEST(TimelineTest, IsLeftOutWithoutSandboxes) {
  EXPECT_THAT(Written({}), Not(HasSubstr("timeline")));
}

}  // namespace
}  // namespace computesdk::conformance
