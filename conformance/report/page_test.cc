#include "conformance/report/page.h"

#include "conformance/capability_table.h"
#include "conformance/report/page_parts.h"
#include "conformance/report/sample_report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(HtmlPageTest, BeginsWithTheVerdict) {
  const std::string page = HtmlPage(SampleReport());
  EXPECT_LT(page.find("Not conformant"), page.find("<main"));
  EXPECT_THAT(page, HasSubstr("1 of 5 requirements passed, 1 failed, 1 could not be tested."));
}

TEST(HtmlPageTest, ShowsAFailureWithWhatShowsAndMendsIt) {
  const std::string page = HtmlPage(SampleReport());
  for (const char* part :
       {R"(<article id="filesystem.paths.quotes")", "A file name with quotes names exactly that",
        "<dt>Expected</dt><dd><code>&quot;a&lt;b&quot;</code>",
        "<dt>Got</dt><dd><code>&quot;&quot;</code>", "readFile(&quot;sb&quot;",
        "Names come from users.", "Pass paths as arguments.",
        "conformance explain filesystem.paths.quotes"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST(HtmlPageTest, FoldsWhatPassedAndWhatIsUnsupported) {
  const std::string page = HtmlPage(SampleReport());
  const std::size_t fold = page.find("<details data-fold");
  EXPECT_LT(fold, page.find(R"(<li id="command.runs")"));
  EXPECT_LT(fold, page.find(R"(<li id="info.id")"));
  EXPECT_GT(fold, page.find(R"(<article id="filesystem.slow")"));
  EXPECT_GT(fold, page.find(R"(<article id="url.port")"));
}

TEST(HtmlPageTest, LetsNothingBeFetchedAndRunsItsOwnScriptAlone) {
  const std::string page = HtmlPage(SampleReport());
  EXPECT_THAT(page, HasSubstr("default-src &#39;none&#39;; style-src &#39;" +
                              EscapeMarkup(kPageCss.sha256) + "&#39;; script-src &#39;" +
                              EscapeMarkup(kPageJs.sha256) + "&#39;"));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("src=\"")), Not(HasSubstr(" style=")),
                          Not(HasSubstr("unsafe-inline")), Not(HasSubstr("http://"))));
}

TEST(HtmlPageTest, TakesWhatAProviderSaysForData) {
  const std::string attack = "<script>alert(1)</script><!--\"'</style>";
  Report report = SampleReport();
  report.run.provider.name = attack;
  report.run.provider.version = attack;
  report.run.provider.capabilities = {attack};
  report.run.candidate = attack;
  report.run.problems = {attack};
  report.run.notes = {attack};
  report.run.filters = {attack};
  report.run.timeline = {{attack, attack, Milliseconds(0), Milliseconds(1)}};
  report.expectation_problems = {attack};
  for (ReportedResult& reported : report.results) {
    reported.area = reported.capability = reported.known_failure = attack;
    reported.asks = reported.why = reported.mend = attack;
    reported.result.id = reported.result.message = attack;
    reported.result.findings = {{attack, attack, attack, {attack}}};
  }
  const std::string page = HtmlPage(report);
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<!--"))));
  // The style and the script of the page itself.
  EXPECT_EQ(page.find("</style>"), page.rfind("</style>"));
  EXPECT_EQ(page.find("<script"), page.rfind("<script"));
}

TEST(HtmlPageTest, StaysSmallWhateverAProviderSays) {
  Report report = SampleReport();
  const std::string flood(1 << 20, '<');
  // Enough of each to be cut, and few enough to fit into the memory of a test.
  const std::string cut = flood.substr(0, 5000);
  const ReportedResult failure = report.results[1];
  for (int i = 0; i < 200; ++i) {
    report.results.push_back(failure);
    CheckResult& result = report.results.back().result;
    result.message = flood;
    result.findings.assign(40, {cut, cut, cut, {"create()", cut}});
  }
  report.results[1].result.findings = {{flood, flood, flood, {flood}}};
  const std::string page = HtmlPage(report);
  EXPECT_LT(page.size(), 32u << 20);
  EXPECT_THAT(page, HasSubstr("[1044480 bytes left out]"));
  EXPECT_THAT(page, HasSubstr("findings left out here; the JSON report has them all."));
}

TEST(HtmlPageTest, ShowsWhatIsClaimedBesideWhatWasMeasured) {
  Report report = SampleReport();
  report.capabilities = {
      {.name = "filesystem", .claimed = true, .measured = Measured::kBroken, .of = 9, .passed = 7},
      {.name = "getUrl", .measured = Measured::kAnswers}};
  const std::string page = HtmlPage(report);
  EXPECT_THAT(page, HasSubstr("<code>filesystem</code></th><td class=\"\">yes</td>"
                              "<td class=\"bad\">broken</td><td>7 of 9</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"none\">no</td>"
                              "<td class=\"tolerable\">works though not claimed</td><td></td>"));
  EXPECT_THAT(page, HasSubstr("<code>&quot;capabilities&quot;: [&quot;getUrl&quot;]</code>"));
}

TEST(HtmlPageTest, SaysThatOnlyAPartRan) {
  Report report = SampleReport();
  EXPECT_THAT(HtmlPage(report), Not(HasSubstr("Only a part")));
  report.run.filters = {"command.*"};
  EXPECT_THAT(HtmlPage(report), HasSubstr("chosen by command.*."));
}

TEST(HtmlPageTest, LeavesOutHowToRunWhatTheProgramDidNot) {
  Report report = SampleReport();
  EXPECT_THAT(HtmlPage(report), HasSubstr("conformance run --provider acme --seed 42"));
  report.run.candidate.clear();
  EXPECT_THAT(HtmlPage(report), Not(HasSubstr("conformance run")));
}

TEST(PagePartsTest, TellsTimeAsPeopleDo) {
  EXPECT_EQ(Duration(Milliseconds(7)), "7 ms");
  EXPECT_EQ(Duration(Milliseconds(1500)), "1.5 s");
  EXPECT_EQ(Duration(Milliseconds(123'000)), "2 min 3 s");
  EXPECT_EQ(Moment(Timestamp(Milliseconds(1'700'000'000'123))), "2023-11-14 22:13:20 UTC");
}

TEST(PagePartsTest, NamesWhatARunCameTo) {
  Report report = SampleReport();
  EXPECT_EQ(ConcludeRun(report).words, "Not conformant");
  report.exit_status = 0;
  EXPECT_EQ(ConcludeRun(report).kind, "tolerable");
  report.conformant = true;
  EXPECT_EQ(ConcludeRun(report).kind, "good");
  report.run.interrupted = true;
  EXPECT_EQ(ConcludeRun(report).words, "Interrupted");
}

}  // namespace
}  // namespace computesdk::conformance
