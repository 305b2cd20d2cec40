#include "conformance/report/html_writer.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(CutMiddleTest, KeepsWhatIsShortEnough) {
  EXPECT_EQ(CutMiddle("abcd", 4), "abcd");
  EXPECT_EQ(CutMiddle("", 4), "");
}

TEST(CutMiddleTest, SaysHowManyBytesItLeftOut) {
  EXPECT_EQ(CutMiddle("aaaaXXXXXXzzzz", 8), "aaaa … [6 bytes left out] … zzzz");
}

TEST(CutMiddleTest, KeepsCharactersWhole) {
  EXPECT_EQ(CutMiddle("aaéXXXXXé", 6), "aa … [6 bytes left out] … Xé");
  EXPECT_EQ(CutMiddle("aaéXXXXXé", 2), "a … [10 bytes left out] … ");
}

TEST(CutMiddleTest, CutsWhatIsNoUtf8) {
  EXPECT_THAT(CutMiddle(std::string(1000, '\x80'), 100), HasSubstr("bytes left out"));
}

TEST(EscapeMarkupTest, LeavesNoMarkup) {
  EXPECT_EQ(EscapeMarkup(R"(<a href="x" title='y'>&)"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
}

TEST(EscapeMarkupTest, ShowsBytesThatNoDocumentMayHold) {
  EXPECT_EQ(EscapeMarkup(std::string("a\0\x1b\xff", 4)), R"(a\000\033\377)");
}

TEST(HtmlWriterTest, NestsElements) {
  HtmlWriter html;
  html.Open("p", {{"class", "x"}}).Text("a").Element("b", "c").Close().Void("br");
  EXPECT_EQ(html.Finish(), "<!DOCTYPE html><p class=\"x\">a<b>c</b></p><br>\n");
}

TEST(HtmlWriterTest, ClosesWhatIsOpenAtTheEnd) {
  HtmlWriter html;
  html.Open("p").Open("b").Text("a");
  EXPECT_THAT(html.Finish(), EndsWith("a</b></p>\n"));
}

TEST(HtmlWriterTest, EscapesAndCutsTextAndAttributes) {
  HtmlWriter html;
  html.Open("p", {{"title", "\"><script>"}}).Text("</p><!--").Close();
  html.Element("p", {{"title", std::string(1'000'000, 'a')}}, std::string(1'000'000, 'b'));
  const std::string out = html.Finish();
  EXPECT_THAT(out, HasSubstr("title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;&lt;!--</p>"));
  EXPECT_LT(out.size(), 10'000u);
}

TEST(PageAssetsTest, AreNamedByTheirHash) {
  for (const PageAsset& asset : {kPageCss, kPageJs}) {
    EXPECT_THAT(asset.content, Not(SizeIs(0)));
    EXPECT_THAT(asset.sha256, StartsWith("sha256-"));
    EXPECT_THAT(asset.sha256, SizeIs(7 + 44));
  }
}

}  // namespace
}  // namespace computesdk::conformance
