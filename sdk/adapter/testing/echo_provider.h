#ifndef COMPUTESDK_SDK_ADAPTER_TESTING_ECHO_PROVIDER_H_
#define COMPUTESDK_SDK_ADAPTER_TESTING_ECHO_PROVIDER_H_

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sdk/provider.h"

namespace computesdk::adapter {

// Shows what reached it: what a request had comes back in its result. The one sandbox is "sb"; any
// other id is kNotFound. It remembers files in a map.
class EchoProvider : public Provider {
 public:
  static ProviderDescription Description();

  const ProviderDescription& Describe() const override { return description_; }
  // The sandbox's workdir is the template's id.
  Result<SandboxRef> Create(const CreateSandboxOptions& options) override;
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override;
  Result<std::vector<SandboxRef>> List() override;
  Status Destroy(const std::string& sandbox_id) override;
  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override;
  // stdout is the command, stderr the args with a NUL after each, exit_code the number of
  // variables. "sleep" takes the timeout's time; "throw" throws.
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override;
  // The metadata and the timeout of the last create.
  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override;
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override;
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override;
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override;
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override;
  // Every file; size and last_modified only of those that are not empty.
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override;
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override;
  Status Remove(const std::string& sandbox_id, const std::string& path) override;

 private:
  const ProviderDescription description_ = Description();
  std::mutex mutex_;
  CreateSandboxOptions options_;
  std::map<std::string, std::string> files_;
};

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_TESTING_ECHO_PROVIDER_H_
