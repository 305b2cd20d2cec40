#include "conformance/tracked_provider.h"

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "conformance/testing/fake_provider.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TrackedProviderTest : public testing::Test {
 protected:
  // The provider is made by the candidate; the fixture keeps a way to it.
  void Start() {
    candidate_ = std::move(*InProcessCandidate("fake", [this] {
      auto fake = std::make_unique<FakeProvider>();
      fake_ = fake.get();
      fake_->description.max_concurrency = max_concurrency_;
      return fake;
    }));
    run_ = std::make_unique<RunState>(options_, *candidate_, fake_->description, nullptr, canary_);
  }
  std::unique_ptr<TrackedProvider> Track() {
    return std::make_unique<TrackedProvider>(*run_, *candidate_->Get(), options_.check_timeout);
  }

  const HostCanary canary_;
  RunOptions options_;
  int max_concurrency_ = 8;
  FakeProvider* fake_ = nullptr;
  std::unique_ptr<Candidate> candidate_;
  std::unique_ptr<RunState> run_;
  // Shared with calls that outlive the test.
  std::shared_ptr<std::promise<void>> release_ = std::make_shared<std::promise<void>>();
};

TEST_F(TrackedProviderTest, DestroysWhatItCreatedLastFirstAndNothingElse) {
  Start();
  fake_->AddForeign("theirs");
  const auto tracked = Track();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(tracked->Create({}));
  EXPECT_THAT(tracked->CleanUp(), IsEmpty());
  EXPECT_THAT(fake_->destroyed(), ElementsAre("sb-3", "sb-2", "sb-1"));
  EXPECT_THAT(fake_->alive(), ElementsAre("theirs"));
}

TEST_F(TrackedProviderTest, CreatesInTheRoomThatWasPrepared) {
  options_.max_sandboxes = 2;
  Start();
  const auto tracked = Track();
  ASSERT_FALSE(tracked->PrepareRoom());
  EXPECT_TRUE(tracked->Create({}));
  EXPECT_TRUE(tracked->Create({}));
  EXPECT_FALSE(tracked->Create({}));
}

TEST_F(TrackedProviderTest, GivesBackTheRoomThatItDidNotUse) {
  options_.max_sandboxes = 1;
  Start();
  const auto first = Track();
  ASSERT_FALSE(first->PrepareRoom());
  EXPECT_THAT(first->CleanUp(), IsEmpty());
  EXPECT_FALSE(Track()->PrepareRoom());
}

TEST_F(TrackedProviderTest, WhatCouldNotBeDestroyedTakesRoom) {
  options_.max_sandboxes = 2;
  Start();
  fake_->on_destroy = [](const std::string&) -> Status {
    return MakeError(ErrorCode::kInternal, "no power");
  };
  const auto first = Track();
  ASSERT_TRUE(first->Create({}));
  first->CleanUp();
  const auto second = Track();
  EXPECT_TRUE(second->Create({}));
  const auto refused = second->Create({});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("1 could not be destroyed"));
}

TEST_F(TrackedProviderTest, ACreateThatWasNotAnsweredTakesRoomUntilItsSandboxIsGone) {
  options_.max_sandboxes = 1;
  options_.call_timeout = Milliseconds(30);
  Start();
  fake_->on_create = [release = release_->get_future().share()]() -> Result<SandboxRef> {
    release.wait();
    return SandboxRef{.sandbox_id = "late"};
  };
  ASSERT_FALSE(Track()->Create({}));
  EXPECT_EQ(run_->budget->lost(), 1);
  release_->set_value();
  for (int i = 0; i < 500 && run_->budget->lost() > 0; ++i) {
    std::this_thread::sleep_for(Milliseconds(10));
  }
  EXPECT_EQ(run_->budget->lost(), 0);
  EXPECT_THAT(fake_->destroyed(), ElementsAre("late"));
}

TEST_F(TrackedProviderTest, TakesNotFoundForTheEndOfWhatItCreatedAndOfNothingElse) {
  Start();
  auto tracked = Track();
  fake_->on_destroy = [](const std::string& id) -> Status {
    return MakeError(ErrorCode::kNotFound, id);
  };
  ASSERT_TRUE(tracked->Create({}));
  EXPECT_TRUE(tracked->Destroy("sb-1"));
  EXPECT_FALSE(tracked->Destroy("sb-1"));
  EXPECT_FALSE(tracked->Destroy("of somebody else"));
}

TEST_F(TrackedProviderTest, DestroysNothingTwice) {
  Start();
  const auto tracked = Track();
  ASSERT_TRUE(tracked->Create({}));
  ASSERT_TRUE(tracked->Destroy("sb-1"));
  EXPECT_THAT(tracked->CleanUp(), IsEmpty());
  EXPECT_THAT(fake_->destroyed(), ElementsAre("sb-1"));
  EXPECT_THAT(run_->sandboxes->Alive(), IsEmpty());
}

TEST_F(TrackedProviderTest, ReportsACleanUpThatFailed) {
  Start();
  fake_->on_destroy = [](const std::string&) -> Status {
    return MakeError(ErrorCode::kInternal, "no power");
  };
  const auto tracked = Track();
  ASSERT_TRUE(tracked->Create({}));
  EXPECT_THAT(tracked->CleanUp(), ElementsAre(HasSubstr("sb-1 could not be destroyed")));
}

TEST_F(TrackedProviderTest, LeavesAHangingCallBehindAtItsLimit) {
  options_.call_timeout = Milliseconds(30);
  Start();
  fake_->on_run = [release = release_](const std::string&, const std::string&) {
    release->get_future().wait();
    return ExecutionResult{};
  };
  const auto tracked = Track();
  const auto result = tracked->RunCommand("sb", {.command = "x"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(result.error().message, HasSubstr("the kit's limit of 30 ms"));
  EXPECT_TRUE(tracked->saw_hang());
  release_->set_value();
}

TEST_F(TrackedProviderTest, FailsEveryCallOnceTheChecksLimitIsUsedUp) {
  options_.check_timeout = Milliseconds(20);
  Start();
  const auto tracked = Track();
  std::this_thread::sleep_for(Milliseconds(25));
  const auto listed = tracked->List();
  ASSERT_FALSE(listed);
  EXPECT_THAT(listed.error().message, HasSubstr("--check-timeout"));
  EXPECT_TRUE(tracked->out_of_time());
}

TEST_F(TrackedProviderTest, TurnsAnExceptionIntoAnError) {
  Start();
  fake_->on_list = []() -> Result<std::vector<SandboxRef>> { throw std::runtime_error("oops"); };
  const auto listed = Track()->List();
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, ErrorCode::kInternal);
  EXPECT_THAT(listed.error().message, HasSubstr("oops"));
}

TEST_F(TrackedProviderTest, SurvivesEmptyAndDuplicateIds) {
  Start();
  int count = 0;
  fake_->on_create = [&]() -> Result<SandboxRef> {
    return SandboxRef{.sandbox_id = count++ == 0 ? "" : "same"};
  };
  const auto tracked = Track();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(tracked->Create({}));
  EXPECT_THAT(tracked->CleanUp(), IsEmpty());
  EXPECT_THAT(run_->sandboxes->Alive(), IsEmpty());
}

TEST_F(TrackedProviderTest, NeverHasMoreCallsInFlightThanTheProviderTakes) {
  max_concurrency_ = 2;
  Start();
  std::atomic<int> in_flight{0};
  std::atomic<int> most{0};
  fake_->on_run = [&](const std::string&, const std::string&) {
    const int now = ++in_flight;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(Milliseconds(2));
    --in_flight;
    return ExecutionResult{};
  };
  const auto tracked = Track();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(tracked->RunCommand("sb", {.command = "x"})); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 2);
}

TEST_F(TrackedProviderTest, RefusesASandboxThatTheBudgetCanNeverHold) {
  options_.max_sandboxes = 2;
  Start();
  const auto tracked = Track();
  ASSERT_TRUE(tracked->Create({}));
  ASSERT_TRUE(tracked->Create({}));
  const auto third = tracked->Create({});
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(tracked->hindrance(), HasSubstr("--max-sandboxes"));
  EXPECT_THAT(tracked->CleanUp(), IsEmpty());
  EXPECT_TRUE(Track()->Create({}));
}

TEST_F(TrackedProviderTest, DestroysASandboxThatCameTooLate) {
  options_.call_timeout = Milliseconds(20);
  Start();
  fake_->on_create = [release = release_]() -> Result<SandboxRef> {
    release->get_future().wait();
    return SandboxRef{.sandbox_id = "late"};
  };
  EXPECT_FALSE(Track()->Create({}));
  release_->set_value();
  while (fake_->destroyed().empty()) std::this_thread::yield();
  EXPECT_THAT(fake_->destroyed(), ElementsAre("late"));
  while (run_->pool.HasStragglers()) std::this_thread::yield();
  EXPECT_THAT(run_->sandboxes->Alive(), IsEmpty());
}

TEST_F(TrackedProviderTest, FailsCallsAtOnceAfterAnInterruptButCleansUp) {
  Start();
  const auto tracked = Track();
  ASSERT_TRUE(tracked->Create({}));
  run_->Interrupt();
  EXPECT_FALSE(tracked->List());
  EXPECT_EQ(tracked->hindrance(), "the run was interrupted");
  EXPECT_THAT(tracked->CleanUp(), IsEmpty());
  EXPECT_THAT(fake_->destroyed(), ElementsAre("sb-1"));
}

TEST_F(TrackedProviderTest, RemembersTheLastCallsWithTheirOutcome) {
  Start();
  const auto tracked = Track();
  static_cast<void>(tracked->RunCommand("sb", {.command = "printf 'x\n'", .args = {}}));
  static_cast<void>(tracked->ReadFile("sb", "/a b"));
  const std::vector<std::string> calls = tracked->RecentCalls();
  ASSERT_THAT(calls, SizeIs(2));
  EXPECT_THAT(calls[0], HasSubstr(R"(runCommand("sb", "printf 'x\n'") -> exit code 0 [)"));
  EXPECT_THAT(calls[1], HasSubstr(R"(readFile("sb", "/a b") -> UNIMPLEMENTED)"));
}

}  // namespace
}  // namespace computesdk::conformance
