// A build server installs the dependencies of a project once for each lock file, and starts every
// build from a copy. `install-deps` is a command of the test's own that counts its runs.

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory_provider.h"
#include "mocks/sandbox_matchers.h"
#include "sdk/compute.h"

namespace {

using computesdk::ErrorCode;
using computesdk::ExecutionResult;
using computesdk::ExitedWith;
using computesdk::InMemoryProvider;
using computesdk::IsError;
using computesdk::MakeError;
using computesdk::Result;
using computesdk::Sandbox;
using computesdk::SandboxRef;
using computesdk::SandboxSnapshot;
using computesdk::StdoutIs;

// The code under test.
class BuildServer {
 public:
  explicit BuildServer(InMemoryProvider& provider) : provider_(provider) {}

  Result<ExecutionResult> Build(const std::string& lock, const std::string& command) {
    if (!installed_.contains(lock)) {
      const Result<SandboxSnapshot> fresh = Install(lock);
      if (!fresh) return tl::unexpected(fresh.error());
      installed_[lock] = *fresh;
    }
    const Result<SandboxRef> copy = provider_.Restore(installed_[lock]);
    if (!copy) return tl::unexpected(copy.error());
    const Sandbox sandbox(provider_, *copy);
    Result<ExecutionResult> result = sandbox.RunCommand(command);
    (void)sandbox.Destroy();
    return result;
  }

 private:
  Result<SandboxSnapshot> Install(const std::string& lock) {
    const Sandbox sandbox(provider_, *provider_.Create({}));
    (void)sandbox.filesystem().WriteFile("lock", lock);
    const Result<ExecutionResult> run = sandbox.RunCommand("install-deps < lock");
    Result<SandboxSnapshot> snapshot = provider_.Snapshot(sandbox.id());
    (void)sandbox.Destroy();
    if (!run) return tl::unexpected(run.error());
    if (run->exit_code == 0) return snapshot;
    return MakeError(ErrorCode::kFailedPrecondition, run->stderr_bytes);
  }

  InMemoryProvider& provider_;
  std::map<std::string, SandboxSnapshot> installed_;
};

class BuildCacheTest : public testing::Test {
 protected:
  BuildCacheTest() {
    (void)provider_.RegisterCommand(
        "install-deps", [this](computesdk::in_memory::Process& process) {
          ++installs_;
          const auto lock = process.ReadAll(0);
          if (!lock || lock->empty()) return process.Write(2, "an empty lock file") ? 1 : 2;
          return process.files().WriteFile(process.AbsolutePath("deps"), *lock) ? 0 : 1;
        });
  }

  int installs_ = 0;
  InMemoryProvider provider_;
  BuildServer server_{provider_};
};

TEST_F(BuildCacheTest, InstallsOnceForEachLockFile) {
  EXPECT_THAT(server_.Build("zlib 1.3", "cat deps"), StdoutIs("zlib 1.3"));
  EXPECT_THAT(server_.Build("zlib 1.3", "wc -c < deps"), StdoutIs("8\n"));
  EXPECT_EQ(installs_, 1);
  EXPECT_THAT(server_.Build("zlib 1.4", "cat deps"), StdoutIs("zlib 1.4"));
  EXPECT_EQ(installs_, 2);
}

TEST_F(BuildCacheTest, OneBuildDoesNotSpoilTheNext) {
  EXPECT_THAT(server_.Build("a", "rm deps && touch broken"), ExitedWith(0));
  EXPECT_THAT(server_.Build("a", "ls"), StdoutIs("deps\nlock\n"));
}

TEST_F(BuildCacheTest, AFailedInstallIsNotKept) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(server_.Build("", "true"),
                IsError(ErrorCode::kFailedPrecondition, "an empty lock file"));
  }
  EXPECT_EQ(installs_, 2);
}

}  // namespace
