#include "conformance/ledger.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() { std::filesystem::remove_all(directory_); }
  ~LedgerTest() override { std::filesystem::remove_all(directory_); }

  // What `body` does in another process that ends without a word, as by `kill -9`.
  template <typename Body>
  void InProcessThatIsKilled(Body body) {
    const pid_t child = fork();
    if (child == 0) {
      body();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
  }

  std::vector<Leftover> Leftovers() {
    const auto read = ReadLeftovers(path_);
    EXPECT_TRUE(read) << read.error();
    return read.value_or(std::vector<Leftover>());
  }

  const std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) / ("ledger-" + std::to_string(getpid()));
  const std::string path_ = directory_ / "deep" / "ledger.jsonl";
  const CandidateKey key_{.adapter = {"node", "a b"}, .working_directory = "/x"};
};

TEST_F(LedgerTest, ShowsWhatAKilledRunLeftBehind) {
  InProcessThatIsKilled([&] {
    auto ledger = Ledger::Open(path_, key_);
    static_cast<void>((*ledger)->Created("one"));
    static_cast<void>((*ledger)->Created("two \"quoted\""));
    static_cast<void>((*ledger)->Created("three"));
    static_cast<void>((*ledger)->Destroyed("three"));
    static_cast<void>(ledger->release());
  });
  const std::vector<Leftover> left = Leftovers();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].key, key_);
  EXPECT_THAT(left[0].sandbox_ids, ElementsAre("one", "two \"quoted\""));
}

TEST_F(LedgerTest, IsOnDiskBeforeCreatedReturns) {
  auto ledger = Ledger::Open(path_, key_);
  ASSERT_TRUE(ledger) << ledger.error();
  ASSERT_TRUE((*ledger)->Created("sb-1"));
  std::ifstream file(path_);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(text, testing::HasSubstr("sb-1"));
}

TEST_F(LedgerTest, LeavesTheSandboxesOfALiveRunAlone) {
  auto ledger = Ledger::Open(path_, key_);
  ASSERT_TRUE((*ledger)->Created("sb-1"));
  EXPECT_THAT(Leftovers(), IsEmpty());
}

TEST_F(LedgerTest, IsGoneAfterARunThatLeftNothing) {
  {
    auto ledger = Ledger::Open(path_, key_);
    ASSERT_TRUE((*ledger)->Created("sb-1"));
    ASSERT_TRUE((*ledger)->Destroyed("sb-1"));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(LedgerTest, SharesAFileBetweenRuns) {
  InProcessThatIsKilled([&] {
    auto ledger = Ledger::Open(path_, {.provider = "dead"});
    static_cast<void>((*ledger)->Created("sb-1"));
    static_cast<void>(ledger->release());
  });
  {
    auto first = Ledger::Open(path_, {.provider = "a"});
    auto second = Ledger::Open(path_, {.provider = "b"});
    ASSERT_TRUE((*first)->Created("sb-1"));
    ASSERT_TRUE((*second)->Created("sb-1"));
    ASSERT_TRUE((*first)->Destroyed("sb-1"));
    ASSERT_TRUE((*second)->Destroyed("sb-1"));
  }
  const std::vector<Leftover> left = Leftovers();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].key.provider, "dead");
  ASSERT_TRUE(CrossOut(path_, left[0], "sb-1"));
  EXPECT_THAT(Leftovers(), IsEmpty());
  Compact(path_);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(LedgerTest, PassesOverALineThatWasCutShort) {
  InProcessThatIsKilled([&] {
    auto ledger = Ledger::Open(path_, key_);
    static_cast<void>((*ledger)->Created("sb-1"));
    static_cast<void>(ledger->release());
  });
  std::ofstream(path_, std::ios::app) << "{\"run\": \"1-2";
  EXPECT_EQ(Leftovers().size(), 1u);
}

TEST_F(LedgerTest, FindsNothingInAMissingFile) { EXPECT_THAT(Leftovers(), IsEmpty()); }

TEST_F(LedgerTest, RefusesAPathThatCannotBeOpened) {
  const auto ledger = Ledger::Open("/proc/no/ledger", key_);
  ASSERT_FALSE(ledger);
  EXPECT_THAT(ledger.error().message, testing::HasSubstr("/proc/no/ledger"));
}

TEST_F(LedgerTest, LiesInTheStateDirectoryUnlessToldOtherwise) {
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(DefaultLedgerPath(), "/state/computesdk-conformance/ledger.jsonl");
  unsetenv("XDG_STATE_HOME");
  setenv("HOME", "/home/u", 1);
  EXPECT_EQ(DefaultLedgerPath(), "/home/u/.local/state/computesdk-conformance/ledger.jsonl");
}

}  // namespace
}  // namespace computesdk::conformance
