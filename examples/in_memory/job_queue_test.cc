// A queue runs jobs one after the other, each for five minutes at most, and tries one that was cut
// off again. On a virtual clock the five minutes take no time.

#include <chrono>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/virtual_clock.h"
#include "mocks/in_memory_provider.h"
#include "mocks/sandbox_matchers.h"
#include "sdk/compute.h"

namespace {

using computesdk::ErrorCode;
using computesdk::ExecutionResult;
using computesdk::ExitedWith;
using computesdk::HasFile;
using computesdk::InMemoryProvider;
using computesdk::IsError;
using computesdk::Result;
using computesdk::Sandbox;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

// The code under test.
class JobQueue {
 public:
  explicit JobQueue(Sandbox sandbox) : sandbox_(std::move(sandbox)) {}

  void Add(std::string command) { jobs_.push_back(std::move(command)); }

  std::vector<Result<ExecutionResult>> RunAll() {
    std::vector<Result<ExecutionResult>> results;
    for (const std::string& job : jobs_) {
      Result<ExecutionResult> result = Run(job);
      if (!result && result.error().code == ErrorCode::kDeadlineExceeded) result = Run(job);
      results.push_back(std::move(result));
    }
    jobs_.clear();
    return results;
  }

 private:
  Result<ExecutionResult> Run(const std::string& job) {
    return sandbox_.RunCommand(job, {.timeout = 5min});
  }

  Sandbox sandbox_;
  std::vector<std::string> jobs_;
};

class JobQueueTest : public testing::Test {
 protected:
  computesdk::in_memory::VirtualClock clock_;
  InMemoryProvider provider_{{.clock = &clock_}};
  Sandbox sandbox_{provider_, *provider_.Create({.timeout = 1h})};
  JobQueue queue_{sandbox_};
};

TEST_F(JobQueueTest, LetsAJobTakeItsTime) {
  queue_.Add("sleep 299; echo done > result");
  EXPECT_THAT(queue_.RunAll(), ElementsAre(ExitedWith(0)));
  EXPECT_THAT(sandbox_, HasFile("result", "done\n"));
}

TEST_F(JobQueueTest, CutsOffAJobThatHangsAndGoesOn) {
  queue_.Add("sleep 10000");
  queue_.Add("exit 3");
  EXPECT_THAT(queue_.RunAll(), ElementsAre(IsError(ErrorCode::kDeadlineExceeded), ExitedWith(3)));
  EXPECT_THAT(*provider_.Commands(sandbox_.id()), SizeIs(3));
}

TEST_F(JobQueueTest, TriesAgainWhatWasCutOff) {
  queue_.Add("if [ -e tried ]; then echo ok; else touch tried; sleep 10000; fi");
  EXPECT_THAT(queue_.RunAll(), ElementsAre(ExitedWith(0)));
}

TEST_F(JobQueueTest, ToldWhenItsSandboxIsOver) {
  clock_.Advance(1h);
  queue_.Add("true");
  EXPECT_THAT(queue_.RunAll(), Each(IsError(ErrorCode::kNotFound)));
}

}  // namespace
