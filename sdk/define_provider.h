#ifndef COMPUTESDK_SDK_DEFINE_PROVIDER_H_
#define COMPUTESDK_SDK_DEFINE_PROVIDER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sdk/file_system_functions.h"
#include "sdk/provider.h"
#include "sdk/shell_file_system.h"

namespace computesdk {

// A provider as functions. What each promises stands in provider.h, beside the method it becomes.
struct ProviderDefinition {
  std::string name = {};
  std::optional<std::string> version = {};
  std::vector<std::string> runtimes = {};
  // The options that it honours: names of namespace capability that begin with "create." or
  // "command.". getInfo, getUrl and filesystem follow from what is given below.
  std::vector<std::string> capabilities = {};
  int max_concurrency = 1;
  std::string workdir = "/tmp";

  // Required.
  std::function<Result<SandboxRef>(const CreateSandboxOptions&)> create = {};
  std::function<Result<std::optional<SandboxRef>>(const std::string& sandbox_id)> get_by_id = {};
  std::function<Result<std::vector<SandboxRef>>()> list = {};
  std::function<Status(const std::string& sandbox_id)> destroy = {};
  std::function<Result<ExecutionResult>(const std::string& sandbox_id, const RunCodeRequest&)>
      run_code = {};
  RunCommandFunction run_command = {};

  // Optional.
  std::function<Result<SandboxInfo>(const std::string& sandbox_id)> get_info = {};
  std::function<Result<std::string>(const std::string& sandbox_id, const GetUrlRequest&)> get_url =
      {};
  // None, six functions, or one that is made of commands.
  std::variant<std::monostate, FileSystemFunctions, ShellFileSystem> filesystem = {};
};

// The provider of these functions. A runtime that is not declared is refused before create or
// run_code is called; an exception that leaves a function becomes kInternal.
// kInvalidArgument, naming the member, if something required is missing or cannot be meant.
Result<std::unique_ptr<Provider>> DefineProvider(ProviderDefinition definition);

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_DEFINE_PROVIDER_H_
