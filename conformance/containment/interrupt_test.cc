// Ctrl-C in the middle of a run: what is alive is destroyed, the reports are whole.

#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "conformance/containment/program.h"
#include "conformance/printable.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr milliseconds kLong{60'000};

class InterruptTest : public testing::Test {
 protected:
  // A run that is well under way.
  Program Start(const std::string& adapter) {
    Program run = place_.Run({"--adapter", adapter, "--jobs", "4"});
    EXPECT_TRUE(Eventually(kLong, [&] { return place_.CreatedInLedger() >= 6; }));
    return run;
  }

  // Both reports parse and have every requirement, and what did not run is not testable.
  void ExpectWholeReports() {
    const nlohmann::json report = place_.ReadJson("r.json");
    ASSERT_FALSE(report.is_discarded()) << place_.Read("r.json");
    EXPECT_EQ(report.at("interrupted"), true);
    EXPECT_EQ(report.at("conformant"), false);
    EXPECT_EQ(report.at("stats").at("sandboxesLeaked"), 0);
    const nlohmann::json& results = report.at("results");
    EXPECT_EQ(results.size(), Requirements());
    const auto unfinished = std::ranges::count_if(
        results, [](const auto& result) { return result.at("status") == "not-testable"; });
    EXPECT_GT(unfinished, 100);
    EXPECT_TRUE(place_.IsXml("r.xml"));
  }

  void ExpectNothingIsLeft() {
    EXPECT_TRUE(Eventually(kLong, [&] { return place_.Processes().empty(); }));
    EXPECT_THAT(place_.Sandboxes(), IsEmpty());
  }

  // What the adapter took with it, the report says.
  void ExpectOnlyUnansweredCreatesAreLeft() {
    const std::vector<std::string> left = place_.Sandboxes();
    const nlohmann::json report = place_.ReadJson("r.json");
    for (const nlohmann::json& life : report.at("timeline")) {
      EXPECT_THAT(left, Not(Contains(life.at("sandboxId")))) << "its create was answered";
    }
    if (left.empty()) return;
    EXPECT_THAT(report.at("problems").get<std::vector<std::string>>(),
                Contains(HasSubstr("not answered when the adapter ended")));
  }

  std::size_t Requirements() {
    Program list = place_.Kit({"list", "--format=json"});
    EXPECT_EQ(list.Wait(kLong).status, 0);
    return place_.ReadJson("out").size();
  }

  const Workplace place_{"interrupt"};
};

class FirstSignalTest : public InterruptTest, public testing::WithParamInterface<int> {};

TEST_P(FirstSignalTest, DestroysWhatIsAliveAndWritesTheReports) {
  Program run = Start(place_.LocalAdapter());
  run.Signal(GetParam());
  EXPECT_EQ(run.Wait(kLong).status, 3) << place_.Read("err");
  ExpectWholeReports();
  ExpectNothingIsLeft();
}

INSTANTIATE_TEST_SUITE_P(Signals, FirstSignalTest, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& signal) { return sigabbrev_np(signal.param); });

TEST_F(InterruptTest, EndsThoughTheAdapterHangs) {
  Program run = Start(place_.LocalAdapter());
  const pid_t adapter = ChildOf(run.pid());
  ASSERT_GT(adapter, 0);
  kill(adapter, SIGSTOP);
  run.Signal(SIGINT);
  EXPECT_EQ(run.Wait(kLong).status, 3) << place_.Read("err");
  ExpectWholeReports();
  EXPECT_TRUE(Eventually(kLong, [&] { return place_.Processes().empty(); }));
  ExpectOnlyUnansweredCreatesAreLeft();
}

TEST_F(InterruptTest, EndsAtOnceAtTheSecondSignalAndLeavesTheRestToCleanUp) {
  Program run =
      Start(ShellQuote(std::filesystem::absolute("conformance/containment/slow_adapter").string()));
  run.Signal(SIGINT);
  EXPECT_FALSE(Eventually(milliseconds(300), [&] { return run.HasEnded(); }));
  run.Signal(SIGINT);
  EXPECT_EQ(run.Wait(milliseconds(10'000)).status, 3);
  EXPECT_THAT(place_.Sandboxes(), Not(IsEmpty()));
  EXPECT_EQ(place_.CleanUp().status, 0) << place_.Read("err");
  ExpectNothingIsLeft();
}

}  // namespace
}  // namespace computesdk::conformance
