// Adapters that flood, die, hang or lie: the run ends in time, stays small, and what was found
// before is in the report.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "conformance/containment/program.h"
#include "conformance/printable.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

struct Way {
  std::string name;
  std::string said;         // A part of what the report says of it; empty where it is harmless.
  int timeout_ms = 20'000;  // For one call: short where it has to be waited for.
};

std::ostream& operator<<(std::ostream& os, const Way& way) { return os << way.name; }

class MisbehaviourTest : public testing::TestWithParam<Way> {};

// Well below the gibibyte that is the promise.
constexpr long kMostKibibytes = 600 * 1024;
constexpr milliseconds kLimit{60'000};

TEST_P(MisbehaviourTest, IsContained) {
  const Workplace place("flood");
  const std::string adapter =
      ShellQuote(
          std::filesystem::absolute("conformance/containment/misbehaving_adapter").string()) +
      " " + ShellQuote(GetParam().name) + " 7";
  Program run =
      place.Run({"--adapter", adapter, "--timeout", std::to_string(GetParam().timeout_ms), "--jobs",
                 "2", "--seed", "3", "--filter", "command.exit-code*", "--filter", "command.shell*",
                 "--filter", "filesystem.read*", "--filter", "adapter.*"});
  const ProgramEnd end = run.Wait(kLimit);
  ASSERT_TRUE(end.in_time);
  std::cout << GetParam().name << ": " << end.peak_kibibytes / 1024 << " MiB\n";
  EXPECT_LT(end.peak_kibibytes, kMostKibibytes);
  const nlohmann::json report = place.ReadJson("r.json");
  ASSERT_FALSE(report.is_discarded());
  EXPECT_GT(report.at("summary").at("passed"), 0) << "what was found before is lost";
  EXPECT_TRUE(place.IsXml("r.xml"));
  EXPECT_EQ(end.status, GetParam().said.empty() ? 0 : 1) << place.Read("out");
  EXPECT_THAT(place.Read("out"), testing::HasSubstr(GetParam().said));
  EXPECT_TRUE(Eventually(kLimit, [&] { return place.Processes().empty(); }));
}

INSTANTIATE_TEST_SUITE_P(
    Ways, MisbehaviourTest,
    testing::Values(Way{"long line", "64 MiB"}, Way{"log", ""},
                    Way{"endless line", "unanswered", 800},
                    Way{"endless junk", "Fetching dependencies", 800},
                    Way{"endless notifications", "a request, where only answers may come", 800},
                    Way{"dies", "out of memory"}, Way{"hangs", "no answer within", 800},
                    Way{"garbage", "not a JSON-RPC message"}),
    [](const auto& way) {
      std::string name = way.param.name;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

}  // namespace
}  // namespace computesdk::conformance
