// The first steps of ComputeSDK's provider guide, in C++: what is shown here is what a reader of
// the guide would write.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sdk/compute.h"
#include "sdk/define_provider.h"

namespace computesdk {
namespace {

using testing::HasSubstr;

// The backend that the guide leaves to its reader.
struct Backend {
  std::map<std::string, std::map<std::string, std::string>> files = {};
  int created = 0;

  Result<ExecutionResult> Run(const std::string& id, const std::string& code) const {
    constexpr std::string_view kPrint = "print(\"";
    return ExecutionResult{
        .stdout_bytes = code.substr(kPrint.size(), code.size() - kPrint.size() - 2) + "\n",
        .sandbox_id = id,
        .provider = "my-provider"};
  }
};

Result<std::unique_ptr<Provider>> MyProvider(Backend& backend) {
  return DefineProvider({
      .name = "my-provider",
      .runtimes = {"python"},
      .create =
          [&](const CreateSandboxOptions&) {
            const std::string id = "sandbox-" + std::to_string(++backend.created);
            backend.files[id] = {};
            return SandboxRef{.sandbox_id = id};
          },
      .get_by_id = [&](const std::string& id) -> Result<std::optional<SandboxRef>> {
        if (!backend.files.contains(id)) return std::nullopt;
        return SandboxRef{.sandbox_id = id};
      },
      .list =
          [&] {
            std::vector<SandboxRef> refs;
            for (const auto& [id, files] : backend.files) refs.push_back({.sandbox_id = id});
            return refs;
          },
      .destroy = [&](const std::string& id) -> Status {
        backend.files.erase(id);
        return {};
      },
      .run_code = [&](const std::string& id,
                      const RunCodeRequest& request) { return backend.Run(id, request.code); },
      .run_command =
          [&](const std::string& id, const RunCommandRequest& request) {
            return ExecutionResult{.stdout_bytes = request.command,
                                   .exit_code = request.args ? 1 : 0,
                                   .sandbox_id = id};
          },
      .get_info = [&](const std::string& id) { return SandboxInfo{.id = id}; },
      .get_url =
          [&](const std::string& id, const GetUrlRequest& request) {
            return "https://" + std::to_string(request.port) + "-" + id + ".example.com";
          },
      .filesystem =
          FileSystemFunctions{
              .read_file = [&](const std::string& id,
                               const std::string& path) { return backend.files[id][path]; },
              .write_file = [&](const std::string& id, const std::string& path,
                                const std::string& content) -> Status {
                backend.files[id][path] = content;
                return {};
              },
              .mkdir = [](const std::string&, const std::string&) { return Status(); },
              .readdir =
                  [&](const std::string& id, const std::string& directory) {
                    std::vector<FileEntry> entries;
                    for (const auto& [path, content] : backend.files[id]) {
                      entries.push_back({.name = path.substr(directory.size() + 1), .path = path});
                    }
                    return entries;
                  },
              .exists = [&](const std::string& id,
                            const std::string& path) { return backend.files[id].contains(path); },
              .remove = [&](const std::string& id, const std::string& path) -> Status {
                backend.files[id].erase(path);
                return {};
              },
          },
  });
}

class GuideTest : public testing::Test {
 protected:
  Backend backend_;
  std::unique_ptr<Provider> provider_ = *MyProvider(backend_);
  Compute compute_{{.default_provider = provider_.get()}};
};

TEST_F(GuideTest, RunsCodeInASandbox) {
  const Compute compute({.default_provider = provider_.get()});

  const Result<Sandbox> sandbox = compute.sandbox().Create();
  ASSERT_TRUE(sandbox) << sandbox.error();
  const Result<ExecutionResult> result = sandbox->RunCode("print(\"Hello\")");
  ASSERT_TRUE(result) << result.error();
  EXPECT_EQ(result->stdout_bytes, "Hello\n");
  EXPECT_TRUE(sandbox->Destroy());

  EXPECT_TRUE(backend_.files.empty());
}

TEST_F(GuideTest, FindsSandboxesAgain) {
  const Sandbox first = *compute_.CreateSandbox();
  const Sandbox second = *compute_.CreateSandbox();
  EXPECT_EQ(compute_.sandbox().GetById(first.id())->value().id(), first.id());
  EXPECT_FALSE(compute_.sandbox().GetById("none")->has_value());
  EXPECT_EQ(compute_.sandbox().List()->size(), 2u);
  EXPECT_TRUE(compute_.sandbox().Destroy(second.id()));
  EXPECT_EQ(compute_.sandbox().List()->size(), 1u);
}

TEST_F(GuideTest, RunsLinesAndPrograms) {
  const Sandbox sandbox = *compute_.CreateSandbox();
  EXPECT_EQ(sandbox.RunCommand("ls | wc -l")->exit_code, 0);
  EXPECT_EQ(sandbox.RunCommand("ls", {"-l", "my file"})->exit_code, 1);
  EXPECT_EQ(sandbox.RunCommand("ls", std::vector<std::string>{})->exit_code, 1);
  EXPECT_EQ(sandbox.RunCommand("ls", {.cwd = "/tmp"})->exit_code, 0);
}

TEST_F(GuideTest, ReadsAndWritesFiles) {
  const Sandbox sandbox = *compute_.CreateSandbox();
  EXPECT_TRUE(sandbox.filesystem().Mkdir("/tmp"));
  EXPECT_TRUE(sandbox.filesystem().WriteFile("/tmp/hello.txt", "Hello"));
  EXPECT_EQ(sandbox.filesystem().ReadFile("/tmp/hello.txt"), "Hello");
  EXPECT_EQ(sandbox.filesystem().Readdir("/tmp")->at(0).name, "hello.txt");
  EXPECT_TRUE(sandbox.filesystem().Remove("/tmp/hello.txt"));
  EXPECT_EQ(sandbox.filesystem().Exists("/tmp/hello.txt"), false);
}

TEST_F(GuideTest, TellsAboutASandbox) {
  const Sandbox sandbox = *compute_.CreateSandbox();
  EXPECT_EQ(sandbox.GetInfo()->id, sandbox.id());
  EXPECT_EQ(sandbox.GetUrl({.port = 3000}), "https://3000-sandbox-1.example.com");
  EXPECT_EQ(sandbox.workdir(), "/tmp");
  EXPECT_EQ(&sandbox.provider(), provider_.get());
}

TEST_F(GuideTest, TakesAnotherProviderForOneCall) {
  Backend other_backend;
  const std::unique_ptr<Provider> other = *MyProvider(other_backend);
  const Sandbox sandbox = *compute_.CreateSandbox({}, other.get());
  EXPECT_EQ(&sandbox.provider(), other.get());
  EXPECT_EQ(compute_.sandbox().List()->size(), 0u);
  EXPECT_EQ(compute_.sandbox().List(other.get())->size(), 1u);
}

TEST(ComputeTest, SaysThatThereIsNoProvider) {
  const Compute compute;
  const auto created = compute.CreateSandbox();
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(created.error().message, HasSubstr("Create: there is no provider"));
  EXPECT_EQ(compute.sandbox().GetById("x").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(compute.sandbox().List().error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(compute.sandbox().Destroy("x").error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(GuideTest, PassesOnTheProvidersErrors) {
  ProviderDefinition failing{.name = "failing", .runtimes = {"bash"}};
  const auto error = [] { return MakeError(ErrorCode::kUnavailable, "down"); };
  failing.create = [=](const auto&) -> Result<SandboxRef> { return error(); };
  failing.get_by_id = [=](const auto&) -> Result<std::optional<SandboxRef>> { return error(); };
  failing.list = [=]() -> Result<std::vector<SandboxRef>> { return error(); };
  failing.destroy = [=](const auto&) -> Status { return error(); };
  failing.run_code = [=](const auto&, const auto&) -> Result<ExecutionResult> { return error(); };
  failing.run_command = [=](const auto&, const auto&) -> Result<ExecutionResult> {
    return error();
  };
  const std::unique_ptr<Provider> provider = *DefineProvider(std::move(failing));
  const Compute compute({.default_provider = provider.get()});
  EXPECT_EQ(compute.CreateSandbox().error().message, "down");
  EXPECT_EQ(compute.sandbox().GetById("x").error().message, "down");
  EXPECT_EQ(compute.sandbox().List().error().message, "down");
}

}  // namespace
}  // namespace computesdk
