#include "conformance/report/report.h"

#include "conformance/report/json.h"
#include "conformance/report/junit.h"
#include "conformance/report/sample_report.h"
#include "conformance/report/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(TextReportTest, ShowsFailuresWithWhatShowsAndMendsThem) {
  EXPECT_EQ(TextReport(SampleReport()), R"(computesdk-conformance 0.1.0: acme 1.2 (--provider acme)
  capabilities  filesystem
  runtimes      bash

filesystem

  FAILED  filesystem.paths.quotes (optional, filesystem)
    asks      A file name with quotes names exactly that file.
    found     the file
      expected  "a<b"
      got       ""
    see it    readFile("sb", "/x") -> "" [1 ms]
    mend      Pass paths as arguments.
    more      conformance explain filesystem.paths.quotes

Recommended, and not met (these do not decide):
  filesystem.slow
      slow )"
                                        "\x1b"
                                        R"([31m

Not testable, as something else failed first:
  url.port
      no `python3`

Passed, with a remark:
  command.runs
      by another way

Capabilities:
                      claimed  measured
  getInfo             no       not selected
  getUrl              no       not selected
  filesystem          yes      broken (0 of 1 passed)
  create.envs         no       not selected
  create.metadata     no       not selected
  create.timeout      no       not selected
  command.cwd         no       not selected
  command.env         no       not selected
  command.timeout     no       not selected
  command.background  no       not selected
What this run would let you claim:
  "capabilities": []

1 passed, 1 failed, 1 warned, 1 unsupported, 1 not testable: NOT CONFORMANT
3 sandboxes created, 0 left behind, at most 2 at once; 17 calls in 1500 ms; seed 42
Repeat one: conformance run --provider acme --seed 42 --filter ID
)");
}

TEST(TextReportTest, LetsNothingBeClaimedAfterAnInterrupt) {
  Report report = SampleReport();
  report.run.interrupted = true;
  EXPECT_THAT(TextReport(report), Not(HasSubstr("let you claim")));
}

TEST(TextReportTest, HasColoursOnlyWhenAskedFor) {
  EXPECT_THAT(TextReport(SampleReport(), {.colours = true}),
              HasSubstr("\033[31mNOT CONFORMANT\033[0m"));
}

TEST(TextReportTest, MarksKnownFailures) {
  const std::string text = TextReport(
      SampleReport({.expectations = {{"filesystem.paths.quotes", {.reason = "ticket 7", .line = 1}},
                                     {"url.port", {.reason = "no python", .line = 2}}},
                    .catalogue = {"filesystem.paths.quotes", "url.port"}}));
  EXPECT_THAT(text, HasSubstr("KNOWN   filesystem.paths.quotes"));
  EXPECT_THAT(text, HasSubstr("known     ticket 7"));
  EXPECT_THAT(text, HasSubstr("NOT CONFORMANT, by known failures only"));
}

TEST(TextReportTest, BreaksProseAtBlanks) {
  EXPECT_EQ(Wrapped("one two three", 2, 9), "one two\n  three");
  EXPECT_EQ(Wrapped("averyveryverylongword", 2, 9), "averyveryverylongword");
  EXPECT_EQ(Wrapped("", 2, 9), "");
}

TEST(JsonReportTest, HoldsTheFieldsOfTheSchema) {
  const auto json = nlohmann::json::parse(JsonReport(SampleReport()));
  EXPECT_EQ(json.at("schemaVersion"), 1);
  EXPECT_EQ(json.at("kit").at("name"), "computesdk-conformance");
  EXPECT_EQ(json.at("provider").at("capabilities"), nlohmann::json({"filesystem"}));
  EXPECT_EQ(json.at("startedAt"), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(json.at("durationMs"), 1500);
  EXPECT_EQ(json.at("seed"), 42);
  EXPECT_EQ(json.at("conformant"), false);
  EXPECT_EQ(json.at("summary").dump(),
            R"({"failed":1,"notTestable":1,"passed":1,"unsupported":1,"warned":1})");
  EXPECT_EQ(json.at("stats").dump(),
            R"({"calls":17,"peakSandboxes":2,"sandboxesCreated":3,"sandboxesLeaked":0})");
  EXPECT_EQ(json.at("capabilities").at(2).dump(),
            R"({"claimed":true,"measured":"broken","name":"filesystem","of":1,"passed":0})");
  const auto& failed = json.at("results").at(1);
  EXPECT_EQ(failed.at("status"), "failed");
  EXPECT_EQ(failed.at("level"), "optional");
  EXPECT_EQ(failed.at("findings").at(0).at("expected"), "\"a<b\"");
  EXPECT_EQ(json.at("results").at(4).at("status"), "not-testable");
}

TEST(JsonReportTest, GivesTheSameTextAfterItIsReadAgain) {
  const Report report = SampleReport();
  const auto read = ParseJsonReport(JsonReport(report));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(TextReport(*read), TextReport(report));
  EXPECT_EQ(JsonReport(*read), JsonReport(report));
}

TEST(JsonReportTest, KeepsWhoseSandboxesLivedWhen) {
  Report report = SampleReport();
  report.run.timeline = {{"sb-1", "shared", Milliseconds(5), Milliseconds(900)},
                         {"sb-2", "command.runs", Milliseconds(10), std::nullopt}};
  const auto json = nlohmann::json::parse(JsonReport(report));
  EXPECT_EQ(json.at("timeline").dump(),
            R"([{"createdMs":5,"destroyedMs":900,"madeBy":"shared","sandboxId":"sb-1"},)"
            R"({"createdMs":10,"destroyedMs":null,"madeBy":"command.runs","sandboxId":"sb-2"}])");
  const auto read = ParseJsonReport(JsonReport(report));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->run.timeline, report.run.timeline);
}

TEST(JsonReportTest, KeepsWhatPartOfTheCatalogueRan) {
  Report report = SampleReport();
  report.run.filters = {"command.*"};
  report.run.require = {"filesystem.slow"};
  report.run.shard = {1, 3};
  const auto read = ParseJsonReport(JsonReport(report));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->run.filters, report.run.filters);
  EXPECT_EQ(read->run.require, report.run.require);
  EXPECT_EQ(read->run.shard, report.run.shard);
}

TEST(JsonReportTest, NamesAFieldThatIsMissing) {
  EXPECT_THAT(ParseJsonReport("{}").error().message, HasSubstr("schemaVersion"));
  EXPECT_THAT(ParseJsonReport(R"({"schemaVersion": 2})").error().message,
              HasSubstr("schemaVersion"));
  EXPECT_FALSE(ParseJsonReport("not json"));
}

TEST(JunitReportTest, HasATestCaseForEachRequirement) {
  const std::string xml = JunitReport(SampleReport());
  EXPECT_THAT(xml, HasSubstr(R"(<testsuites name="acme" tests="5" failures="1" errors="1" )"
                             R"(time="1.500">)"));
  EXPECT_THAT(xml, HasSubstr(R"(<testcase classname="filesystem" name="filesystem.paths.quotes" )"
                             R"(time="0.020">)"));
  EXPECT_THAT(
      xml,
      HasSubstr(R"(<failure type="failed" message="the file: expected &quot;a&lt;b&quot;, got)"));
  EXPECT_THAT(xml, HasSubstr(R"(<skipped message="getInfo is not claimed"/>)"));
  EXPECT_THAT(xml,
              HasSubstr(R"(<error type="not-testable" message="not testable: no `python3`"/>)"));
}

TEST(JunitReportTest, EscapesWhatXmlCannotHold) {
  const std::string xml = JunitReport(SampleReport());
  EXPECT_THAT(xml, HasSubstr("slow \\033[31m"));
  EXPECT_THAT(xml, Not(HasSubstr("\x1b")));
}

TEST(JunitReportTest, ShowsAProblemOfTheRun) {
  Report report = SampleReport();
  report.run.problems = {"1 sandbox is still there"};
  EXPECT_THAT(JunitReport(report),
              HasSubstr(R"(<error type="run" message="1 sandbox is still there">)"));
}

}  // namespace
}  // namespace computesdk::conformance
