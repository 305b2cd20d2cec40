#include "conformance/report/markdown.h"

#include "conformance/report/badge.h"
#include "conformance/report/sample_report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(MarkdownReportTest, BeginsWithTheVerdictAndTheCounts) {
  EXPECT_THAT(MarkdownReport(SampleReport()),
              StartsWith("### ❌ Sandbox conformance of ` acme 1.2 `: Not conformant\n\n"
                         "| passed | failed | warned | unsupported | not testable |\n"
                         "| ---: | ---: | ---: | ---: | ---: |\n"
                         "| 1 | 1 | 1 | 1 | 1 |\n"));
}

TEST(MarkdownReportTest, FoldsEachFailure) {
  EXPECT_THAT(MarkdownReport(SampleReport()), HasSubstr(R"(
**Failed** (1)

<details><summary><code>filesystem.paths.quotes</code> (optional)</summary>

```text
asks      A file name with quotes names exactly that file.
found     the file
expected  "a<b"
got       ""
see it    readFile("sb", "/x") -> "" [1 ms]
mend      Pass paths as arguments.
more      conformance explain filesystem.paths.quotes
```

</details>
)"));
}

TEST(MarkdownReportTest, KeepsWhatAProviderSaysInsideOfCode) {
  Report report = SampleReport();
  report.run.provider.name = "`@team` ```\n# title";
  report.run.problems = {"``` @everyone <img src=x>"};
  report.results[1].result.findings = {{"```\n</details>\n@team", "````", "a\nb", {"`````\nc"}}};
  const std::string text = MarkdownReport(report);
  EXPECT_THAT(text, HasSubstr("of ```` `@team` ``` # title 1.2 ````:"));
  EXPECT_THAT(text, HasSubstr("- ```` ``` @everyone <img src=x> ````\n"));
  EXPECT_THAT(text, HasSubstr("\n``````text\n"));
  EXPECT_THAT(text, HasSubstr("found     ``` </details> @team\n"));
}

TEST(MarkdownReportTest, EscapesAnIdInASummary) {
  Report report = SampleReport();
  report.results[1].result.id = "<b>@team";
  EXPECT_THAT(MarkdownReport(report), HasSubstr("<summary><code>&lt;b&gt;@team</code>"));
}

TEST(MarkdownReportTest, FitsIntoAComment) {
  Report report = SampleReport();
  const ReportedResult failure = report.results[1];
  for (int i = 0; i < 300; ++i) {
    report.results.push_back(failure);
    const std::string flood(5000, i % 2 == 0 ? '`' : 'x');
    report.results.back().result.findings = {{flood, flood, flood, {flood, flood}}};
    report.run.problems.push_back(flood);
  }
  const std::string text = MarkdownReport(report);
  EXPECT_LE(text.size(), kMostMarkdownBytes);
  EXPECT_THAT(text, HasSubstr(" more did not fit into this comment"));
}

TEST(BadgeTest, SaysTheVerdictInWordsAndColour) {
  Report report = SampleReport();
  const std::string bad = BadgeSvg(report);
  EXPECT_THAT(bad, AllOf(StartsWith("<svg "), HasSubstr("role=\"img\""), HasSubstr("#c2312d"),
                         HasSubstr("<title>sandbox conformance: 1 of 5 passed (Not conformant)"),
                         HasSubstr(">1 of 5 passed</text>")));
  report.exit_status = 0;
  EXPECT_THAT(BadgeSvg(report), HasSubstr("#8f5b00"));
  report.conformant = true;
  EXPECT_THAT(BadgeSvg(report), AllOf(HasSubstr("#1b7f4d"), HasSubstr("(Conformant)")));
}

TEST(BadgeTest, HoldsNothingOfTheProvider) {
  Report report = SampleReport();
  report.run.provider.name = "<script>alert(1)</script>";
  EXPECT_THAT(BadgeSvg(report), Not(HasSubstr("alert")));
}

}  // namespace
}  // namespace computesdk::conformance
