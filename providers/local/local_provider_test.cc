#include "providers/local/local_provider.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace computesdk {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class LocalProviderTest : public testing::Test {
 protected:
  ~LocalProviderTest() override {
    owned_.reset();
    LocalProvider last(options_);
    const std::vector<SandboxRef> left = last.List().value();
    for (const SandboxRef& ref : left) EXPECT_TRUE(last.Destroy(ref.sandbox_id));
    fs::remove_all(options_.root);
  }

  static Result<ExecutionResult> Sh(Provider& provider, const SandboxRef& sandbox,
                                    const std::string& line, RunCommandOptions options = {}) {
    return provider.RunCommand(sandbox.sandbox_id,
                               {.command = line, .args = {}, .options = std::move(options)});
  }

  static std::string File(const SandboxRef& sandbox, const std::string& name) {
    return *sandbox.workdir + "/" + name;
  }

  // The process id that a command wrote to a file of its sandbox.
  static pid_t PidIn(const SandboxRef& sandbox, const std::string& name) {
    pid_t pid = 0;
    for (int look = 0; look < 2000 && !(std::ifstream(File(sandbox, name)) >> pid); ++look) {
      std::this_thread::sleep_for(Milliseconds(5));
    }
    return pid;
  }

  // Whether it runs: a zombie does not.
  static bool Runs(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(stat, line)) return false;
    return line[line.rfind(')') + 2] != 'Z';
  }

  const LocalProviderOptions options_{.root = testing::TempDir() + "/local provider " +
                                              std::to_string(::getpid())};
  std::unique_ptr<LocalProvider> owned_ = std::make_unique<LocalProvider>(options_);
  LocalProvider& provider_ = *owned_;
};

TEST_F(LocalProviderTest, MakesTheEnvironmentFromNothing) {
  ::setenv("COMPUTESDK_TEST_SECRET", "of the provider's own", 1);
  const SandboxRef sandbox = provider_.Create({.envs = {{"OF_CREATE", "1"}}}).value();
  const auto result = provider_.RunCommand(sandbox.sandbox_id, {.command = "env", .args = {{}}});
  EXPECT_THAT(result->stdout_bytes,
              AllOf(HasSubstr("HOME=" + *sandbox.workdir + "\n"), HasSubstr("OF_CREATE=1\n"),
                    HasSubstr("COMPUTESDK_SANDBOX=" + sandbox.sandbox_id + "\n"),
                    Not(HasSubstr("COMPUTESDK_TEST_SECRET"))));
}

TEST_F(LocalProviderTest, FindsTheSandboxesOfAnEarlierOne) {
  const SandboxRef sandbox = provider_
                                 .Create({.envs = {{"KEPT", "yes"}},
                                          .metadata = Metadata(nlohmann::json{{"owner", "me"}})})
                                 .value();
  const SandboxInfo info = provider_.GetInfo(sandbox.sandbox_id).value();
  LocalProvider later(options_);
  EXPECT_EQ(later.GetById(sandbox.sandbox_id).value(), sandbox);
  EXPECT_EQ(later.List().value(), std::vector<SandboxRef>{sandbox});
  EXPECT_EQ(later.GetInfo(sandbox.sandbox_id).value(), info);
  EXPECT_EQ(Sh(later, sandbox, "printf $KEPT")->stdout_bytes, "yes");
  EXPECT_TRUE(later.Destroy(sandbox.sandbox_id));
  EXPECT_EQ(provider_.GetById(sandbox.sandbox_id).value(), std::nullopt);
  EXPECT_EQ(Sh(provider_, sandbox, "true").error().code, ErrorCode::kNotFound);
}

TEST_F(LocalProviderTest, DestroyEndsWhatAnotherProviderStartedWhereverItWent) {
  const SandboxRef sandbox = provider_.Create({}).value();
  ASSERT_TRUE(Sh(provider_, sandbox, "echo $$ > plain; exec sleep 300", {.background = true}));
  ASSERT_TRUE(Sh(provider_, sandbox, "setsid sh -c 'echo $$ > session; cd /; exec sleep 300' &"));
  ASSERT_TRUE(Sh(provider_, sandbox,
                 "env -i /bin/sh -c 'echo $$ > bare; sleep 300; :'; :", {.background = true}));
  const pid_t pids[] = {PidIn(sandbox, "plain"), PidIn(sandbox, "session"), PidIn(sandbox, "bare")};
  for (const pid_t pid : pids) ASSERT_TRUE(Runs(pid));
  LocalProvider other(options_);
  ASSERT_TRUE(other.Destroy(sandbox.sandbox_id));
  for (const pid_t pid : pids) EXPECT_FALSE(Runs(pid));
}

TEST_F(LocalProviderTest, DestroySettlesACallInFlight) {
  const SandboxRef sandbox = provider_.Create({}).value();
  std::thread call([&] { (void)Sh(provider_, sandbox, "echo $$ > pid; exec sleep 300"); });
  ASSERT_GT(PidIn(sandbox, "pid"), 0);
  EXPECT_TRUE(provider_.Destroy(sandbox.sandbox_id));
  call.join();
}

// A race: it repeats, and says how often it was lost.
TEST_F(LocalProviderTest, DestroyLeavesNothingOfACommandThatJustStarts) {
  constexpr int kRounds = 150;
  int left_behind = 0;
  for (int round = 0; round < kRounds; ++round) {
    const SandboxRef sandbox = provider_.Create({}).value();
    const std::string line = "mkdir -p '" + File(sandbox, "late") + "'";
    std::vector<std::thread> commands;
    for (int i = 0; i < 3; ++i) commands.emplace_back([&] { (void)Sh(provider_, sandbox, line); });
    std::this_thread::sleep_for(std::chrono::microseconds(20 * round));
    EXPECT_TRUE(provider_.Destroy(sandbox.sandbox_id));
    for (std::thread& command : commands) command.join();
    if (fs::exists(options_.root + "/" + sandbox.sandbox_id)) ++left_behind;
  }
  EXPECT_EQ(left_behind, 0) << "of " << kRounds;
}

TEST_F(LocalProviderTest, LeavesOtherSandboxesRunning) {
  const SandboxRef one = provider_.Create({}).value();
  const SandboxRef two = provider_.Create({}).value();
  ASSERT_TRUE(Sh(provider_, two, "echo $$ > pid; exec sleep 300", {.background = true}));
  const pid_t pid = PidIn(two, "pid");
  ASSERT_TRUE(provider_.Destroy(one.sandbox_id));
  EXPECT_TRUE(Runs(pid));
}

TEST_F(LocalProviderTest, DoesNotWaitForWhoHoldsThePipe) {
  const SandboxRef sandbox = provider_.Create({}).value();
  const auto begun = steady_clock::now();
  const auto result = Sh(provider_, sandbox, "sleep 300 & echo $! > pid; printf done");
  EXPECT_EQ(result->stdout_bytes, "done");
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(60));
  EXPECT_TRUE(Runs(PidIn(sandbox, "pid")));
}

TEST_F(LocalProviderTest, DoesNotReadOnForOneThatNeverStopsPrinting) {
  const SandboxRef sandbox = provider_.Create({}).value();
  const auto result = Sh(provider_, sandbox, "(while :; do echo y; done) & exit 7");
  EXPECT_EQ(result->exit_code, 7);
}

TEST_F(LocalProviderTest, ATimeoutEndsTheStragglersOfThatCommandAlone) {
  const SandboxRef sandbox = provider_.Create({}).value();
  ASSERT_TRUE(Sh(provider_, sandbox, "echo $$ > other; exec sleep 300", {.background = true}));
  const auto result = Sh(provider_, sandbox,
                         "setsid sh -c 'echo $$ > straggler; exec sleep 300' & echo early; wait",
                         {.timeout = Milliseconds(500)});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(result.error().message, AllOf(HasSubstr("500 ms"), HasSubstr("early")));
  EXPECT_FALSE(Runs(PidIn(sandbox, "straggler")));
  EXPECT_TRUE(Runs(PidIn(sandbox, "other")));
}

TEST_F(LocalProviderTest, ATimeoutEndsABackgroundCommand) {
  const SandboxRef sandbox = provider_.Create({}).value();
  ASSERT_TRUE(Sh(provider_, sandbox, "echo $$ > pid; exec sleep 300",
                 {.timeout = Milliseconds(300), .background = true}));
  const pid_t pid = PidIn(sandbox, "pid");
  for (int look = 0; look < 2000 && Runs(pid); ++look) {
    std::this_thread::sleep_for(Milliseconds(5));
  }
  EXPECT_FALSE(Runs(pid));
}

TEST_F(LocalProviderTest, RefusesToHoldAFlood) {
  LocalProviderOptions options = options_;
  options.max_output_bytes = 1 << 20;
  LocalProvider small(options);
  const SandboxRef sandbox = small.Create({}).value();
  const auto result = Sh(small, sandbox, "while :; do echo flood; done");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(Sh(small, sandbox, "printf usable")->stdout_bytes, "usable");
}

TEST_F(LocalProviderTest, RunsALineLongerThanAnArgumentMayBe) {
  const SandboxRef sandbox = provider_.Create({}).value();
  const std::string text(300'000, 'x');
  EXPECT_EQ(Sh(provider_, sandbox, "printf %s '" + text + "'")->stdout_bytes, text);
}

TEST_F(LocalProviderTest, TellsAMissingProgramFromOneThatCannotRun) {
  const SandboxRef sandbox = provider_.Create({}).value();
  const auto run = [&](const std::string& program) {
    return provider_.RunCommand(sandbox.sandbox_id, {.command = program, .args = {{}}})->exit_code;
  };
  ASSERT_TRUE(provider_.WriteFile(sandbox.sandbox_id, "script", "exit 42"));
  EXPECT_EQ(run("no-such-program"), 127);
  EXPECT_EQ(run("./script"), 126);
  ASSERT_TRUE(Sh(provider_, sandbox, "chmod +x script"));
  EXPECT_EQ(run("./script"), 42) << "a script that names no interpreter";
  EXPECT_EQ(run("/"), 126);
}

TEST_F(LocalProviderTest, RefusesNamesThatAreNoIdentifiers) {
  const SandboxRef sandbox = provider_.Create({}).value();
  for (const std::string name : {"", "1A", "A-B", "A=B", "A B"}) {
    const auto result = Sh(provider_, sandbox, "touch ran", {.env = {{name, "x"}}});
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(fs::exists(File(sandbox, "ran")));
}

TEST_F(LocalProviderTest, ASandboxEndsWithItsTimeAlsoWithoutACall) {
  const SandboxRef sandbox = provider_.Create({.timeout = Milliseconds(400)}).value();
  ASSERT_TRUE(Sh(provider_, sandbox, "echo $$ > pid; exec sleep 300", {.background = true}));
  const pid_t pid = PidIn(sandbox, "pid");
  for (int look = 0; look < 2000 && fs::exists(*sandbox.workdir); ++look) {
    std::this_thread::sleep_for(Milliseconds(5));
  }
  EXPECT_FALSE(fs::exists(*sandbox.workdir));
  owned_.reset();  // Whose thread may be about it still.
  EXPECT_FALSE(Runs(pid));
}

TEST_F(LocalProviderTest, GivesEachSandboxAndPortItsOwnAddress) {
  const SandboxRef one = provider_.Create({}).value();
  const SandboxRef two = provider_.Create({}).value();
  const auto url = [&](const SandboxRef& sandbox, int port) {
    return provider_.GetUrl(sandbox.sandbox_id, {.port = port}).value();
  };
  EXPECT_EQ(url(one, 80), "http://" + one.sandbox_id + ".localhost:80");
  EXPECT_NE(url(one, 80), url(one, 81));
  EXPECT_NE(url(one, 80), url(two, 80));
  EXPECT_EQ(provider_.GetUrl(one.sandbox_id, {.port = 65536}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(LocalProviderTest, SaysWhatIsNotInstalled) {
  LocalProviderOptions options = options_;
  options.shell = {"/nonexistent/sh"};
  LocalProvider without(options);
  const auto created = without.Create({});
  ASSERT_FALSE(created);
  EXPECT_THAT(created.error().message, HasSubstr("/nonexistent/sh"));
  EXPECT_FALSE(without.List());
  options = options_;
  options.runtimes = {{"cobol", {"no-such-cobol"}}, {"sh", {"sh"}}};
  EXPECT_THAT(LocalProvider(options).Describe().runtimes, testing::ElementsAre("sh"));
}

}  // namespace
}  // namespace computesdk
