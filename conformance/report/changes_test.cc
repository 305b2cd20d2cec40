#include "conformance/report/changes.h"

#include "conformance/report/matrix.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Report MakeRun(const std::string& provider,
               const std::vector<std::pair<std::string, Verdict>>& verdicts) {
  Report report{.kit_name = "kit", .kit_version = "1"};
  report.run.provider.name = provider;
  for (const auto& [id, verdict] : verdicts) {
    ReportedResult reported{.result = {.id = id, .verdict = verdict}};
    reported.area = id.substr(0, id.find('.'));
    if (verdict == Verdict::kFailed) reported.result.findings = {{"it", "1", "2", {"call()"}}};
    report.results.push_back(reported);
  }
  return report;
}

const Report& Before() {
  static const auto* const report = new Report(MakeRun("acme", {{"a.same", Verdict::kPassed},
                                                                {"a.mended", Verdict::kFailed},
                                                                {"a.worse", Verdict::kPassed},
                                                                {"b.other", Verdict::kPassed},
                                                                {"b.old", Verdict::kWarned}}));
  return *report;
}

const Report& After() {
  static const auto* const report = new Report(MakeRun("acme", {{"a.same", Verdict::kPassed},
                                                                {"a.mended", Verdict::kPassed},
                                                                {"a.worse", Verdict::kNotTestable},
                                                                {"b.other", Verdict::kUnsupported},
                                                                {"b.fresh", Verdict::kFailed}}));
  return *report;
}

TEST(ChangesTest, SaysWhatWasBrokenMendedAddedAndTakenAway) {
  EXPECT_EQ(ChangesAsText(CompareRuns(Before(), After())),
            "Broken (1)\n  a.worse  passed -> not-testable\n"
            "Fixed (1)\n  a.mended  failed -> passed\n"
            "Otherwise changed (1)\n  b.other  passed -> unsupported\n"
            "New (1)\n  b.fresh  new: failed\n"
            "Gone (1)\n  b.old  gone; it was warned\n");
}

TEST(ChangesTest, SaysThatNothingChanged) {
  EXPECT_TRUE(CompareRuns(Before(), Before()).empty());
  EXPECT_EQ(ChangesAsText(CompareRuns(Before(), Before())), "Nothing changed.\n");
}

TEST(ChangesTest, AreOfTwoRunsOfOneProvider) {
  EXPECT_TRUE(AreRunsOfOne({Before(), After()}));
  EXPECT_FALSE(AreRunsOfOne({Before(), MakeRun("other", {})}));
  EXPECT_FALSE(AreRunsOfOne({Before(), After(), After()}));
}

TEST(HtmlMatrixTest, HasARowForEachRequirementAndAColumnForEachRun) {
  const std::string page =
      HtmlMatrix({Before(), MakeRun("other", {{"c.alone", Verdict::kPassed}})});
  for (const char* id : {"a.same", "b.old", "c.alone"}) {
    EXPECT_THAT(page, HasSubstr("<tr id=\"" + std::string(id) + "\""));
  }
  EXPECT_THAT(page, HasSubstr(R"(<th scope="col"><b>acme</b>)"));
  EXPECT_THAT(page, HasSubstr(R"(<th scope="col"><b>other</b>)"));
  EXPECT_THAT(page, HasSubstr(R"(data-status="passed not-run")"));
}

TEST(HtmlMatrixTest, MarksTheRowsThatDiffer) {
  const std::string page = HtmlMatrix({Before(), After()});
  const auto row = [&](const std::string& id) {
    const std::size_t at = page.find("<tr id=\"" + id + "\"");
    return page.substr(at, page.find('>', at) - at);
  };
  EXPECT_THAT(row("a.same"), HasSubstr(R"(data-differs="0")"));
  EXPECT_THAT(row("a.mended"), HasSubstr(R"(data-differs="1")"));
  EXPECT_THAT(row("b.fresh"), HasSubstr(R"(data-differs="1")"));
}

TEST(HtmlMatrixTest, LinksWhatIsNotMetToItsDetails) {
  const std::string page = HtmlMatrix({Before(), After()});
  EXPECT_THAT(page, HasSubstr(R"(<a class="chip failed" href="#details-of-a.mended">)"));
  EXPECT_THAT(page, HasSubstr(R"(id="details-of-a.mended")"));
  EXPECT_THAT(page, Not(HasSubstr(R"(id="details-of-a.same")")));
}

TEST(HtmlMatrixTest, BeginsWithWhatChangedBetweenTwoRunsOfOneProvider) {
  const std::string page = HtmlMatrix({Before(), After()});
  EXPECT_LT(page.find("What changed"), page.find("<table"));
  EXPECT_THAT(page, HasSubstr("<b>acme #2</b>"));
  EXPECT_THAT(HtmlMatrix({Before(), MakeRun("other", {})}), Not(HasSubstr("What changed")));
}

TEST(HtmlMatrixTest, TakesWhatAProviderSaysForData) {
  const std::string attack = "<script>alert(1)</script><!--";
  const Report hostile = MakeRun(attack, {{attack, Verdict::kFailed}});
  const std::string page = HtmlMatrix({hostile, hostile});
  EXPECT_EQ(page.find("<script"), page.rfind("<script"));
  EXPECT_THAT(page, Not(HasSubstr("<!--")));
}

}  // namespace
}  // namespace computesdk::conformance
