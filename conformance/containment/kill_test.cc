// kill -9 at random moments of a run, and then `cleanup`: nothing is left, each time.
//
// More moments, and later ones, by hand (CONTAINMENT_SEED repeats a run):
//   CONTAINMENT_KILLS=200 CONTAINMENT_LATEST_MS=20000 bazel-bin/conformance/containment/kill_test

#include <signal.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "conformance/containment/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::IsEmpty;

int Setting(const char* name, int fallback) {
  const char* value = std::getenv(name);
  return value == nullptr ? fallback : std::atoi(value);
}

TEST(KillTest, CleanUpLeavesNothingWheneverTheRunWasKilled) {
  const int kills = Setting("CONTAINMENT_KILLS", 20);
  const int latest_ms = Setting("CONTAINMENT_LATEST_MS", 1500);
  const auto seed = static_cast<unsigned>(
      Setting("CONTAINMENT_SEED", static_cast<int>(std::random_device{}() % 1'000'000)));
  std::cout << "CONTAINMENT_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> moment(20, latest_ms);
  int with_sandboxes = 0;
  for (int i = 0; i < kills; ++i) {
    const Workplace place("kill");
    const int ms = moment(random);
    SCOPED_TRACE("killed after " + std::to_string(ms) + " ms");
    {
      Program run = place.Run({"--adapter", place.LocalAdapter(), "--jobs", "4"});
      std::this_thread::sleep_for(milliseconds(ms));
      run.Signal(SIGKILL);
      ASSERT_EQ(run.Wait(milliseconds(10'000)).status, 128 + SIGKILL);
    }
    if (place.CreatedInLedger() > 0) ++with_sandboxes;
    const ProgramEnd cleaned = place.CleanUp();
    EXPECT_EQ(cleaned.status, 0) << place.Read("err");
    // The adapter may be about a create, or a destroy, when its input ends.
    EXPECT_TRUE(Eventually(milliseconds(20'000), [&] { return place.Processes().empty(); }));
    EXPECT_THAT(place.Sandboxes(), IsEmpty());
    if (HasFailure()) break;
  }
  EXPECT_GT(with_sandboxes, 0) << "no kill met a sandbox: they came too early";
}

}  // namespace
}  // namespace computesdk::conformance
