#ifndef COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/clock.h"
#include "mocks/in_memory/kernel/kernel.h"
#include "sdk/provider.h"

namespace computesdk {

struct InMemoryProviderOptions {
  std::string name = "in-memory";
  std::string workdir = "/workspace";  // Absolute; made in every sandbox.
  int max_concurrency = 64;
  // Has to outlive the provider; nullptr is the machine's clock.
  in_memory::Clock* clock = nullptr;
  in_memory::KernelLimits limits = {};  // Of each sandbox.
  Environment envs = {};                // In every sandbox; CreateSandboxOptions::envs win.
  // Programs of your own, beside the shell and the utilities, or instead of one of them.
  in_memory::ProgramTable programs = {};
};

// Sandboxes inside this process: a file system in memory, a shell and utilities that run on it
// (mocks/in_memory). It needs no network, no credentials and no second process, takes microseconds,
// leaves nothing behind, and keeps every promise of Provider. Everybody in a sandbox is root.
//
// Every call is safe from several threads; sandboxes do not wait for each other.
class InMemoryProvider : public Provider {
 public:
  explicit InMemoryProvider(InMemoryProviderOptions options = {});
  ~InMemoryProvider() override;  // Ends what still runs.

  const ProviderDescription& Describe() const override;

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override;
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override;
  Result<std::vector<SandboxRef>> List() override;
  Status Destroy(const std::string& sandbox_id) override;

  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override;
  // A relative cwd is meant from the workdir.
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override;

  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override;
  // "https://8080-ID.sandbox.test": an address to compare, not one that answers.
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override;

  // Relative paths are meant from the workdir.
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override;
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override;
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override;
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override;
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override;
  Status Remove(const std::string& sandbox_id, const std::string& path) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_H_
