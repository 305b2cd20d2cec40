#include "sdk/define_provider.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Everything that is required.
ProviderDefinition Minimal() {
  return {
      .name = "p",
      .runtimes = {"bash"},
      .create = [](const CreateSandboxOptions&) { return SandboxRef{"sb"}; },
      .get_by_id = [](const std::string& id) { return SandboxRef{id}; },
      .list = [] { return std::vector<SandboxRef>{{"sb"}}; },
      .destroy = [](const std::string&) { return Status(); },
      .run_code =
          [](const std::string&, const RunCodeRequest& request) {
            return ExecutionResult{.stdout_bytes = request.code};
          },
      .run_command =
          [](const std::string& id, const RunCommandRequest& request) {
            return ExecutionResult{.stdout_bytes = request.command, .sandbox_id = id};
          },
  };
}

FileSystemFunctions Files() {
  return {
      .read_file = [](const std::string&, const std::string& path) { return path; },
      .write_file = [](const std::string&, const std::string&,
                       const std::string&) { return Status(); },
      .mkdir = [](const std::string&, const std::string&) { return Status(); },
      .readdir = [](const std::string&, const std::string&) { return std::vector<FileEntry>(); },
      .exists = [](const std::string&, const std::string&) { return true; },
      .remove = [](const std::string&, const std::string&) { return Status(); },
  };
}

std::unique_ptr<Provider> Defined(ProviderDefinition definition) {
  auto provider = DefineProvider(std::move(definition));
  if (!provider) {
    ADD_FAILURE() << provider.error();
    return nullptr;
  }
  return std::move(*provider);
}

std::string ErrorFor(ProviderDefinition definition) {
  const auto provider = DefineProvider(std::move(definition));
  return provider ? "none" : provider.error().ToString();
}

// What is said of a definition that lacks one member.
template <typename Member>
std::string ErrorWithout(Member ProviderDefinition::*member) {
  ProviderDefinition definition = Minimal();
  definition.*member = {};
  return ErrorFor(std::move(definition));
}

template <typename Member>
std::string ErrorWithout(Member FileSystemFunctions::*member) {
  FileSystemFunctions files = Files();
  files.*member = {};
  ProviderDefinition definition = Minimal();
  definition.filesystem = std::move(files);
  return ErrorFor(std::move(definition));
}

std::string Missing(const std::string& member) {
  return "INVALID_ARGUMENT: DefineProvider: " + member + " is missing";
}

TEST(DefineProviderTest, NamesWhatIsRequiredAndMissing) {
  using Def = ProviderDefinition;
  EXPECT_EQ(ErrorFor({}), Missing("name"));
  EXPECT_EQ(ErrorWithout(&Def::runtimes), Missing("runtimes"));
  EXPECT_EQ(ErrorWithout(&Def::create), Missing("create"));
  EXPECT_EQ(ErrorWithout(&Def::get_by_id), Missing("get_by_id"));
  EXPECT_EQ(ErrorWithout(&Def::list), Missing("list"));
  EXPECT_EQ(ErrorWithout(&Def::destroy), Missing("destroy"));
  EXPECT_EQ(ErrorWithout(&Def::run_code), Missing("run_code"));
  EXPECT_EQ(ErrorWithout(&Def::run_command), Missing("run_command"));
}

TEST(DefineProviderTest, NamesAFileMethodThatIsMissing) {
  using Files = FileSystemFunctions;
  EXPECT_EQ(ErrorWithout(&Files::read_file), Missing("filesystem.read_file"));
  EXPECT_EQ(ErrorWithout(&Files::write_file), Missing("filesystem.write_file"));
  EXPECT_EQ(ErrorWithout(&Files::mkdir), Missing("filesystem.mkdir"));
  EXPECT_EQ(ErrorWithout(&Files::readdir), Missing("filesystem.readdir"));
  EXPECT_EQ(ErrorWithout(&Files::exists), Missing("filesystem.exists"));
  EXPECT_EQ(ErrorWithout(&Files::remove), Missing("filesystem.remove"));
}

TEST(DefineProviderTest, RefusesWhatCannotBeMeant) {
  ProviderDefinition definition = Minimal();
  definition.capabilities = {"command.speed"};
  EXPECT_THAT(ErrorFor(definition), HasSubstr("none with the name command.speed"));
  definition.capabilities = {"getInfo"};
  EXPECT_THAT(ErrorFor(definition), HasSubstr("getInfo follows from the functions"));
  definition = Minimal();
  definition.max_concurrency = 0;
  EXPECT_THAT(ErrorFor(definition), HasSubstr("max_concurrency"));
  definition = Minimal();
  definition.workdir = "tmp";
  EXPECT_THAT(ErrorFor(definition), HasSubstr("workdir"));
}

TEST(DefineProviderTest, CallsTheFunctions) {
  const auto provider = Defined(Minimal());
  EXPECT_EQ(provider->Describe().name, "p");
  EXPECT_EQ(provider->Create({})->sandbox_id, "sb");
  EXPECT_EQ((*provider->GetById("x"))->sandbox_id, "x");
  EXPECT_EQ(provider->List()->size(), 1u);
  EXPECT_TRUE(provider->Destroy("sb"));
  EXPECT_EQ(provider->RunCode("sb", {.code = "1"})->stdout_bytes, "1");
  EXPECT_EQ(provider->RunCommand("sb", {.command = "ls"})->sandbox_id, "sb");
}

TEST(DefineProviderTest, RefusesAnUndeclaredRuntimeAndCallsNothing) {
  int calls = 0;
  ProviderDefinition definition = Minimal();
  definition.create = [&](const CreateSandboxOptions&) {
    ++calls;
    return SandboxRef{"sb"};
  };
  definition.run_code = [&](const std::string&, const RunCodeRequest&) {
    ++calls;
    return ExecutionResult{};
  };
  const auto provider = Defined(std::move(definition));
  EXPECT_EQ(provider->Create({.runtime = "cobol"}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(provider->RunCode("sb", {.code = "x", .runtime = "cobol"}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(provider->RunCode("sb", {.code = "x", .runtime = "bash"}));
  EXPECT_EQ(calls, 1);
}

TEST(DefineProviderTest, AnswersUnimplementedWhereNothingIsGiven) {
  const auto provider = Defined(Minimal());
  EXPECT_THAT(provider->Describe().capabilities, IsEmpty());
  EXPECT_EQ(provider->GetInfo("sb").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->GetUrl("sb", {}).error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->ReadFile("sb", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->WriteFile("sb", "/a", "").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->Mkdir("sb", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->Readdir("sb", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->Exists("sb", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider->Remove("sb", "/a").error().code, ErrorCode::kUnimplemented);
}

TEST(DefineProviderTest, ClaimsWhatIsGiven) {
  ProviderDefinition definition = Minimal();
  definition.capabilities = {"command.cwd"};
  definition.get_info = [](const std::string& id) { return SandboxInfo{.id = id}; };
  definition.get_url = [](const std::string&, const GetUrlRequest&) { return "http://h"; };
  definition.filesystem = Files();
  const auto provider = Defined(std::move(definition));
  EXPECT_THAT(provider->Describe().capabilities,
              ElementsAre("command.cwd", "getInfo", "getUrl", "filesystem"));
  EXPECT_EQ(provider->GetInfo("sb")->id, "sb");
  EXPECT_EQ(provider->GetUrl("sb", {}), "http://h");
  EXPECT_EQ(provider->ReadFile("sb", "/a"), "/a");
}

TEST(DefineProviderTest, DerivesFilesFromCommands) {
  ProviderDefinition definition = Minimal();
  definition.filesystem = ShellFileSystem{.shell = "ash"};
  definition.run_command = [](const std::string&, const RunCommandRequest& request) {
    return ExecutionResult{.exit_code = request.command == "ash" ? 0 : 1};
  };
  const auto provider = Defined(std::move(definition));
  EXPECT_TRUE(provider->Describe().Claims(capability::kFilesystem));
  EXPECT_EQ(provider->Exists("sb", "/a"), true);
}

TEST(DefineProviderTest, TurnsAnExceptionIntoAnError) {
  ProviderDefinition definition = Minimal();
  definition.list = []() -> Result<std::vector<SandboxRef>> { throw std::out_of_range("oops"); };
  definition.destroy = [](const std::string&) -> Status { throw 7; };
  const auto provider = Defined(std::move(definition));
  EXPECT_EQ(provider->List().error().code, ErrorCode::kInternal);
  EXPECT_THAT(provider->List().error().message, HasSubstr("oops"));
  EXPECT_EQ(provider->Destroy("sb").error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace computesdk
