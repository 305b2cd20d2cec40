// One class tested against three kinds of provider: one that works and is in memory, one that is
// told call by call what to do, and one that is a few functions.

#include "examples/unit_test/snippet_runner.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory_provider.h"
#include "mocks/mock_provider.h"
#include "sdk/define_provider.h"

namespace {

using computesdk::CreateSandboxOptions;
using computesdk::ErrorCode;
using computesdk::ExecutionResult;
using computesdk::InMemoryProvider;
using computesdk::MakeError;
using computesdk::MockProvider;
using computesdk::Result;
using computesdk::RunCodeRequest;
using computesdk::RunCommandRequest;
using computesdk::SandboxRef;
using computesdk::Status;
using testing::_;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Return;
using testing::SizeIs;
using testing::StrictMock;

// --- in memory: the snippets really run ---------------------------------------------------------

TEST(SnippetRunnerTest, RunsSnippets) {
  InMemoryProvider provider;
  SnippetRunner runner(provider);
  EXPECT_EQ(runner.Run("for i in 1 2 3; do echo $((i * i)); done"), "1\n4\n9\n");
}

TEST(SnippetRunnerTest, RunsEachSnippetOnceAndAllInOneSandbox) {
  InMemoryProvider provider;
  SnippetRunner runner(provider);
  EXPECT_EQ(runner.Run("echo x >>runs; wc -l <runs"), "1\n");
  EXPECT_EQ(runner.Run("echo x >>runs; wc -l <runs"), "1\n");
  EXPECT_EQ(runner.Run("cat runs"), "x\n");
  EXPECT_THAT(*provider.List(), SizeIs(1));
}

TEST(SnippetRunnerTest, ReplacesASandboxThatIsGone) {
  InMemoryProvider provider;
  SnippetRunner runner(provider);
  EXPECT_TRUE(runner.Run("echo 1"));
  EXPECT_TRUE(provider.Destroy(provider.List()->at(0).sandbox_id));
  EXPECT_EQ(runner.Run("echo 2"), "2\n");
}

TEST(SnippetRunnerTest, LeavesNoSandbox) {
  InMemoryProvider provider;
  { EXPECT_TRUE(SnippetRunner(provider).Run("true")); }
  EXPECT_THAT(*provider.List(), IsEmpty());
}

// --- the mock: what is asked of the provider, and what a real one does only on bad days ---------

TEST(SnippetRunnerTest, AsksForNothingBeforeItIsNeeded) {
  StrictMock<MockProvider> provider;
  SnippetRunner runner(provider);
}

TEST(SnippetRunnerTest, GivesUpWhenTheNewSandboxIsGoneToo) {
  StrictMock<MockProvider> provider;
  EXPECT_CALL(provider, Create(Field(&CreateSandboxOptions::runtime, "bash"))).Times(2);
  EXPECT_CALL(provider, RunCode("mock-sandbox-1", _))
      .WillOnce(Return(MakeError(ErrorCode::kNotFound, "expired")));
  EXPECT_CALL(provider, RunCode("mock-sandbox-2", _))
      .WillOnce(Return(MakeError(ErrorCode::kNotFound, "expired")));
  EXPECT_CALL(provider, Destroy("mock-sandbox-2"));
  SnippetRunner runner(provider);
  EXPECT_EQ(runner.Run("echo 1").error().code, ErrorCode::kNotFound);
}

TEST(SnippetRunnerTest, DoesNotRetryWhatIsNoLostSandbox) {
  StrictMock<MockProvider> provider;
  EXPECT_CALL(provider, Create);
  EXPECT_CALL(provider, RunCode).WillOnce(Return(MakeError(ErrorCode::kUnavailable, "down")));
  EXPECT_CALL(provider, Destroy);
  SnippetRunner runner(provider);
  EXPECT_EQ(runner.Run("echo 1").error().message, "down");
}

TEST(SnippetRunnerTest, PassesOnThatNoSandboxCanBeHad) {
  StrictMock<MockProvider> provider;
  EXPECT_CALL(provider, Create).WillOnce(Return(MakeError(ErrorCode::kResourceExhausted, "quota")));
  SnippetRunner runner(provider);
  EXPECT_EQ(runner.Run("echo 1").error().code, ErrorCode::kResourceExhausted);
}

// --- functions: a provider with one peculiarity -------------------------------------------------

TEST(SnippetRunnerTest, RunsAFailedSnippetAgain) {
  int runs = 0;
  const std::unique_ptr<computesdk::Provider> provider = *computesdk::DefineProvider({
      .name = "succeeds-at-last",
      .runtimes = {"bash"},
      .create = [](const CreateSandboxOptions&) { return SandboxRef{.sandbox_id = "sb"}; },
      .get_by_id = [](const std::string& id) { return SandboxRef{.sandbox_id = id}; },
      .list = [] { return std::vector<SandboxRef>(); },
      .destroy = [](const std::string&) { return Status(); },
      .run_code =
          [&](const std::string&, const RunCodeRequest&) {
            if (++runs == 1) return ExecutionResult{.stderr_bytes = "no luck", .exit_code = 3};
            return ExecutionResult{.stdout_bytes = "luck"};
          },
      .run_command = [](const std::string&, const RunCommandRequest&) { return ExecutionResult(); },
  });
  SnippetRunner runner(*provider);
  const Result<std::string> failed = runner.Run("try");
  EXPECT_EQ(failed.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(failed.error().message, HasSubstr("exit code 3: no luck"));
  EXPECT_EQ(runner.Run("try"), "luck");
}

}  // namespace
