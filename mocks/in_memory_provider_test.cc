#include "mocks/in_memory_provider.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/virtual_clock.h"
#include "nlohmann/json.hpp"

namespace computesdk {
namespace {

using in_memory::Main;
using in_memory::Process;

// Programs of the test's own: what the provider does must not depend on what a shell makes of it.
int PrintArgs(Process& process) {
  for (const std::string& arg : process.args) (void)process.Write(1, "[" + arg + "]");
  (void)process.Write(2, "errors");
  return 3;
}

int PrintEnv(Process& process) {
  for (const auto& [name, value] : process.env) (void)process.Write(1, name + "=" + value + "\n");
  return 0;
}

int PrintCwd(Process& process) {
  (void)process.Write(1, process.cwd);
  return 0;
}

int WaitForever(Process& process) {
  (void)process.Write(1, "so far");
  (void)process.Spawn({}, [](Process& child) {
    while (true) child.Checkpoint();
    return 0;
  });
  process.Sleep(std::chrono::hours(1));
  return 0;
}

int Touch(Process& process) {
  process.Sleep(std::chrono::milliseconds(20));
  const auto fd = process.Open(process.args[1], O_CREAT | O_WRONLY | O_APPEND);
  return fd && process.Write(*fd, "x") ? 0 : 1;
}

InMemoryProviderOptions TestOptions() {
  InMemoryProviderOptions options;
  options.programs = {{"bash", PrintArgs}, {"args", PrintArgs},   {"printenv", PrintEnv},
                      {"pwd", PrintCwd},   {"wait", WaitForever}, {"touch", Touch}};
  return options;
}

ErrorCode CodeOf(const Status& status) {
  return status ? ErrorCode::kUnknown : status.error().code;
}

template <typename T>
ErrorCode CodeOf(const Result<T>& result) {
  return result ? ErrorCode::kUnknown : result.error().code;
}

class InMemoryProviderTest : public testing::Test {
 protected:
  std::string Create(const CreateSandboxOptions& options = {}) {
    return provider_.Create(options).value().sandbox_id;
  }

  Result<ExecutionResult> Run(const std::string& command, std::vector<std::string> args,
                              RunCommandOptions options = {}) {
    return provider_.RunCommand(
        id_, {.command = command, .args = std::move(args), .options = std::move(options)});
  }

  std::string Output(const std::string& command, RunCommandOptions options = {}) {
    return Run(command, {}, std::move(options)).value().stdout_bytes;
  }

  bool Soon(const std::function<bool()>& condition) {
    for (int i = 0; i < 5000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(Milliseconds(1));
    }
    return false;
  }

  InMemoryProvider provider_{TestOptions()};
  std::string id_ = Create();
};

// --- lifecycle ----------------------------------------------------------------------------------

TEST_F(InMemoryProviderTest, ClaimsEverything) {
  EXPECT_EQ(provider_.Describe().capabilities, AllCapabilities());
  EXPECT_EQ(provider_.Describe().name, "in-memory");
  EXPECT_EQ(provider_.Describe().runtimes, std::vector<std::string>{"bash"});
}

TEST_F(InMemoryProviderTest, IdsAreNeverUsedAgain) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = Create();
    EXPECT_TRUE(ids.insert(id).second);
    EXPECT_TRUE(provider_.Destroy(id));
  }
}

TEST_F(InMemoryProviderTest, FindsAndListsWhatLives) {
  const std::string second = Create();
  EXPECT_EQ(provider_.GetById(second).value()->sandbox_id, second);
  EXPECT_EQ(provider_.List()->size(), 2u);
  EXPECT_TRUE(provider_.Destroy(second));
  EXPECT_EQ(provider_.GetById(second).value(), std::nullopt);
  EXPECT_EQ(provider_.List()->size(), 1u);
  EXPECT_EQ(provider_.GetById("never was").value(), std::nullopt);
}

TEST_F(InMemoryProviderTest, DestroyedSandboxIsNotFound) {
  EXPECT_TRUE(provider_.Destroy(id_));
  EXPECT_EQ(CodeOf(provider_.Destroy(id_)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Run("args", {})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.RunCode(id_, {.code = "x"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.ReadFile(id_, "/etc/passwd")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.WriteFile(id_, "/tmp/x", "")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.Exists(id_, "/tmp")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.GetInfo(id_)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.GetUrl(id_, {.port = 80})), ErrorCode::kNotFound);
}

TEST_F(InMemoryProviderTest, DestroyEndsWhatRuns) {
  std::thread command([&] { EXPECT_EQ(CodeOf(Run("wait", {})), ErrorCode::kNotFound); });
  std::this_thread::sleep_for(Milliseconds(5));
  EXPECT_TRUE(provider_.Destroy(id_));
  const auto begin = std::chrono::steady_clock::now();
  command.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(InMemoryProviderTest, RefusesWhatCannotBeCreated) {
  EXPECT_EQ(CodeOf(provider_.Create({.runtime = "cobol"})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(provider_.Create({.timeout = Milliseconds(-1)})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(provider_.Create({.envs = {{"A=B", "x"}}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(provider_.List()->size(), 1u);
}

TEST_F(InMemoryProviderTest, SandboxEndsAfterItsTime) {
  in_memory::VirtualClock clock;
  InMemoryProviderOptions options = TestOptions();
  options.clock = &clock;
  InMemoryProvider provider(std::move(options));
  const std::string id = provider.Create({.timeout = std::chrono::minutes(5)}).value().sandbox_id;
  EXPECT_EQ(provider.GetInfo(id)->timeout, std::chrono::minutes(5));
  clock.Advance(std::chrono::minutes(4));
  EXPECT_TRUE(provider.Exists(id, "/tmp"));
  const auto ended = provider.RunCommand(id, {.command = "wait", .args = {{}}});
  EXPECT_EQ(CodeOf(ended), ErrorCode::kNotFound);
  EXPECT_EQ(provider.GetById(id).value(), std::nullopt);
  EXPECT_TRUE(provider.List()->empty());
}

TEST_F(InMemoryProviderTest, InfoIsWhatWasCreated) {
  const nlohmann::json metadata = {{"a", {{"b", {1, 2.5, nullptr, "x"}}}}};
  const std::string id = Create({.runtime = "bash", .metadata = Metadata(metadata)});
  const SandboxInfo info = provider_.GetInfo(id).value();
  EXPECT_EQ(info.id, id);
  EXPECT_EQ(info.provider, "in-memory");
  EXPECT_EQ(info.runtime, "bash");
  EXPECT_EQ(info.metadata, Metadata(metadata));
  EXPECT_EQ(info.timeout, std::nullopt);
  EXPECT_LT(std::chrono::system_clock::now() - info.created_at, std::chrono::minutes(1));
  EXPECT_EQ(provider_.GetInfo(id)->created_at, info.created_at);
}

TEST_F(InMemoryProviderTest, UrlsTellPortSandboxAndProtocol) {
  EXPECT_EQ(provider_.GetUrl(id_, {.port = 8080}), "https://8080-" + id_ + ".sandbox.test");
  EXPECT_EQ(provider_.GetUrl(id_, {.port = 1, .protocol = "ws"}),
            "ws://1-" + id_ + ".sandbox.test");
  EXPECT_EQ(CodeOf(provider_.GetUrl(id_, {.port = 0})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(provider_.GetUrl(id_, {.port = 65536})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(provider_.GetUrl(id_, {.port = 80, .protocol = "gopher"})),
            ErrorCode::kInvalidArgument);
}

// --- commands -----------------------------------------------------------------------------------

TEST_F(InMemoryProviderTest, LineGoesToTheShellAsItIs) {
  const ExecutionResult result = provider_.RunCommand(id_, {.command = "-x 'a' $B\n"}).value();
  EXPECT_EQ(result.stdout_bytes, "[bash][-c][--][-x 'a' $B\n]");
  EXPECT_EQ(result.stderr_bytes, "errors");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.sandbox_id, id_);
  EXPECT_EQ(result.provider, "in-memory");
}

TEST_F(InMemoryProviderTest, ArgumentsAreData) {
  EXPECT_EQ(Run("args", {"", "a b", "$HOME", "*", ";", "-n", "\n", "'\"`"})->stdout_bytes,
            "[args][][a b][$HOME][*][;][-n][\n]['\"`]");
}

TEST_F(InMemoryProviderTest, MissingProgramIsAResult) {
  const ExecutionResult result = Run("no-such", {}).value();
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_EQ(result.stderr_bytes, "in-memory: ‘no-such’: No such file or directory\n");
  EXPECT_EQ(Run("/etc/passwd", {})->exit_code, 126);
  EXPECT_EQ(Run("", {})->exit_code, 127);
}

TEST_F(InMemoryProviderTest, RefusesWhatCanNeverRun) {
  const std::string nul("a\0b", 3);
  EXPECT_EQ(CodeOf(provider_.RunCommand(id_, {.command = nul})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Run("args", {nul})), ErrorCode::kInvalidArgument);
  for (int ms : {0, -5}) {
    EXPECT_EQ(CodeOf(Run("args", {}, {.timeout = Milliseconds(ms)})), ErrorCode::kInvalidArgument);
  }
  for (const std::string& name : {std::string(), std::string("A B"), std::string("1A"),
                                  std::string("A=B"), std::string("A;x"), nul}) {
    EXPECT_EQ(CodeOf(Run("args", {}, {.env = {{name, "v"}}})), ErrorCode::kInvalidArgument) << name;
  }
}

TEST_F(InMemoryProviderTest, CwdIsUsedOrRefused) {
  ASSERT_TRUE(provider_.Mkdir(id_, "sub dir/x"));
  ASSERT_TRUE(provider_.WriteFile(id_, "file", ""));
  EXPECT_EQ(Output("pwd"), "/workspace");
  EXPECT_EQ(Output("pwd", {.cwd = "/tmp/"}), "/tmp");
  EXPECT_EQ(Output("pwd", {.cwd = "sub dir"}), "/workspace/sub dir");
  EXPECT_EQ(Output("pwd", {.cwd = "sub dir/x/../.."}), "/workspace");
  EXPECT_EQ(CodeOf(Run("pwd", {}, {.cwd = "/none"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Run("pwd", {}, {.cwd = "file"})), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(Run("pwd", {}, {.cwd = ""})), ErrorCode::kInvalidArgument);
}

TEST_F(InMemoryProviderTest, VariablesComeFromSandboxAndCommand) {
  id_ = Create({.envs = {{"A", "sandbox"}, {"B", "sandbox"}}});
  const std::string output = Output("printenv", {.env = {{"B", "a='$x'\n"}}});
  for (const char* line : {"A=sandbox\n", "B=a='$x'\n\n", "HOME=/root\n", "LANG=C.UTF-8\n"}) {
    EXPECT_NE(output.find(line), std::string::npos) << line;
  }
  EXPECT_NE(Output("printenv").find("B=sandbox\n"), std::string::npos);
  EXPECT_EQ(provider_.Exists(id_, "/root"), true);
}

TEST_F(InMemoryProviderTest, TimeoutEndsTheCommandAndKeepsItsOutput) {
  const auto result = Run("wait", {}, {.timeout = Milliseconds(20)});
  ASSERT_EQ(CodeOf(result), ErrorCode::kDeadlineExceeded);
  EXPECT_NE(result.error().message.find("so far"), std::string::npos) << result.error();
  EXPECT_EQ(Run("args", {})->exit_code, 3);
}

TEST_F(InMemoryProviderTest, BackgroundReturnsAtOnceAndRunsOnce) {
  const ExecutionResult result = Run("touch", {"done"}, {.background = true}).value();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.is_background, true);
  EXPECT_TRUE(result.pid.has_value());
  EXPECT_TRUE(Soon([&] { return provider_.ReadFile(id_, "done") == "x"; }));
}

TEST_F(InMemoryProviderTest, TimeOfACommandIsWithinTheCallers) {
  const auto begin = std::chrono::steady_clock::now();
  const Milliseconds measured = Run("touch", {"f"})->execution_time;
  EXPECT_GE(measured, Milliseconds(20));
  EXPECT_LE(measured, std::chrono::steady_clock::now() - begin);
}

TEST_F(InMemoryProviderTest, CodeGoesToBashWhole) {
  const std::string code = std::string(1 << 20, '#') + "\n'\"$`";
  EXPECT_EQ(provider_.RunCode(id_, {.code = code})->stdout_bytes, "[bash][-c][--][" + code + "]");
  EXPECT_EQ(provider_.RunCode(id_, {.code = "", .runtime = "bash"})->exit_code, 3);
  EXPECT_EQ(CodeOf(provider_.RunCode(id_, {.code = "", .runtime = "python"})),
            ErrorCode::kInvalidArgument);
}

// --- files --------------------------------------------------------------------------------------

TEST_F(InMemoryProviderTest, FilesKeepTheirBytes) {
  const std::string bytes("\0\xff\r\n", 4);
  ASSERT_TRUE(provider_.WriteFile(id_, "/new/deep/f", bytes));
  EXPECT_EQ(provider_.ReadFile(id_, "/new/deep/f"), bytes);
  ASSERT_TRUE(provider_.WriteFile(id_, "/new/deep/f", ""));
  EXPECT_EQ(provider_.ReadFile(id_, "/new//deep/./f"), "");
}

TEST_F(InMemoryProviderTest, FileErrorsTellWhatIsWrong) {
  ASSERT_TRUE(provider_.WriteFile(id_, "/tmp/f", "x"));
  EXPECT_EQ(CodeOf(provider_.ReadFile(id_, "/tmp/none")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.ReadFile(id_, "/tmp/f/below")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.ReadFile(id_, "/tmp")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(provider_.WriteFile(id_, "/tmp", "")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(provider_.WriteFile(id_, "/tmp/f/below", "")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(provider_.Mkdir(id_, "/tmp/f")), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(provider_.Mkdir(id_, "/tmp/f/below")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(provider_.Readdir(id_, "/tmp/f")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(provider_.Readdir(id_, "/none")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.Remove(id_, "/none")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(provider_.ReadFile(id_, std::string("/a\0b", 4))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(provider_.ReadFile(id_, "/tmp/f"), "x");
  EXPECT_EQ(provider_.ReadFile(id_, "/none").error().message,
            "sandbox " + id_ + ": /none: No such file or directory");
}

TEST_F(InMemoryProviderTest, ListsChildrenWithTheirFacts) {
  ASSERT_TRUE(provider_.WriteFile(id_, "/d/.hidden", "12345"));
  ASSERT_TRUE(provider_.Mkdir(id_, "/d/sub"));
  const std::vector<FileEntry> entries = provider_.Readdir(id_, "/d").value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].name, ".hidden");
  EXPECT_EQ(entries[0].path, "/d/.hidden");
  EXPECT_EQ(entries[0].size, 5);
  EXPECT_FALSE(entries[0].is_directory);
  EXPECT_TRUE(entries[1].is_directory);
  EXPECT_LT(std::chrono::system_clock::now() - *entries[0].last_modified, std::chrono::minutes(1));
}

TEST_F(InMemoryProviderTest, ExistsIsNeverAnErrorForWhatIsMissing) {
  ASSERT_TRUE(provider_.WriteFile(id_, "/tmp/f", "x"));
  EXPECT_EQ(provider_.Exists(id_, "/tmp/f"), true);
  EXPECT_EQ(provider_.Exists(id_, "/tmp"), true);
  EXPECT_EQ(provider_.Exists(id_, "/tmp/f/below"), false);
  EXPECT_EQ(provider_.Exists(id_, "/none/x"), false);
  EXPECT_TRUE(provider_.Remove(id_, "/tmp/f"));
  EXPECT_EQ(provider_.Exists(id_, "/tmp/f"), false);
}

TEST_F(InMemoryProviderTest, SandboxesShareNoFiles) {
  const std::string other = Create();
  ASSERT_TRUE(provider_.WriteFile(id_, "/tmp/f", "mine"));
  ASSERT_TRUE(provider_.Remove(id_, "/usr"));
  EXPECT_EQ(provider_.Exists(other, "/tmp/f"), false);
  EXPECT_EQ(provider_.Exists(other, "/usr/bin/args"), true);
}

TEST_F(InMemoryProviderTest, ThreadsMayUseOneSandboxAtOnce) {
  auto work = [&](const std::string& name) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(provider_.WriteFile(id_, name, std::to_string(i)));
      EXPECT_EQ(provider_.ReadFile(id_, name), std::to_string(i));
      EXPECT_EQ(Run("args", {name})->stdout_bytes, "[args][" + name + "]");
      const std::string id = Create();
      EXPECT_TRUE(provider_.Destroy(id));
    }
  };
  std::thread other([&] { work("one"); });
  work("two");
  other.join();
}

TEST_F(InMemoryProviderTest, DestroyRacesWithEveryCall) {
  for (int i = 0; i < 100; ++i) {
    id_ = Create();
    std::thread command([&] {
      const auto result = Run("args", {});
      EXPECT_TRUE(result || result.error().code == ErrorCode::kNotFound);
      (void)provider_.WriteFile(id_, "f", "x");
    });
    EXPECT_TRUE(provider_.Destroy(id_));
    command.join();
  }
}

}  // namespace
}  // namespace computesdk
