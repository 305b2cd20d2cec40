#ifndef COMPUTESDK_SDK_COMPUTE_H_
#define COMPUTESDK_SDK_COMPUTE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdk/provider.h"

// The way in for applications: sandboxes as handles, whoever provides them.
//
//   Compute compute({.default_provider = &provider});
//   Result<Sandbox> sandbox = compute.CreateSandbox();
//   Result<ExecutionResult> result = sandbox->RunCode("print('Hello')");
//   sandbox->Destroy();
//
// Nothing here owns a provider: it must outlive the Compute and every handle. A handle owns no
// sandbox either: destroying the handle leaves the sandbox alive, as copies of it may be about.
// Handles and Compute are values; they may be used from as many threads as the provider allows.
namespace computesdk {

// The files of one sandbox.
class SandboxFiles {
 public:
  SandboxFiles(Provider& provider, std::string sandbox_id)
      : provider_(&provider), sandbox_id_(std::move(sandbox_id)) {}

  Result<std::string> ReadFile(const std::string& path) const;
  Status WriteFile(const std::string& path, const std::string& content) const;
  Status Mkdir(const std::string& path) const;
  Result<std::vector<FileEntry>> Readdir(const std::string& path) const;
  Result<bool> Exists(const std::string& path) const;
  Status Remove(const std::string& path) const;

 private:
  Provider* provider_;
  std::string sandbox_id_;
};

// A handle on one sandbox of one provider.
class Sandbox {
 public:
  Sandbox(Provider& provider, SandboxRef ref) : provider_(&provider), ref_(std::move(ref)) {}

  const std::string& id() const { return ref_.sandbox_id; }
  Provider& provider() const { return *provider_; }
  // Where one may write in this sandbox.
  const std::string& workdir() const;

  Result<ExecutionResult> RunCode(std::string code, std::optional<std::string> runtime = {}) const;
  // A line for the sandbox's shell.
  Result<ExecutionResult> RunCommand(std::string line, RunCommandOptions options = {}) const;
  // A program; each arg reaches it as it is.
  Result<ExecutionResult> RunCommand(std::string program, std::vector<std::string> args,
                                     RunCommandOptions options = {}) const;
  SandboxFiles filesystem() const { return SandboxFiles(*provider_, id()); }
  Result<SandboxInfo> GetInfo() const;
  Result<std::string> GetUrl(GetUrlRequest request) const;
  Status Destroy() const;

 private:
  Provider* provider_;
  SandboxRef ref_;
};

struct ComputeOptions {
  Provider* default_provider = nullptr;
};

class Compute;

// compute.sandbox(): the operations that have no handle yet. A provider that is given wins over
// the default one; without either, each is kFailedPrecondition.
class SandboxOperations {
 public:
  Result<Sandbox> Create(const CreateSandboxOptions& options = {},
                         Provider* provider = nullptr) const;
  Result<std::optional<Sandbox>> GetById(const std::string& sandbox_id,
                                         Provider* provider = nullptr) const;
  Result<std::vector<Sandbox>> List(Provider* provider = nullptr) const;
  Status Destroy(const std::string& sandbox_id, Provider* provider = nullptr) const;

 private:
  friend class Compute;
  explicit SandboxOperations(Provider* default_provider) : default_provider_(default_provider) {}
  Result<Provider*> Choose(Provider* provider, std::string_view operation) const;

  Provider* default_provider_;
};

class Compute {
 public:
  explicit Compute(ComputeOptions options = {}) : options_(options) {}

  SandboxOperations sandbox() const { return SandboxOperations(options_.default_provider); }
  Provider* default_provider() const { return options_.default_provider; }

  // Short for sandbox().Create(…).
  Result<Sandbox> CreateSandbox(const CreateSandboxOptions& options = {},
                                Provider* provider = nullptr) const {
    return sandbox().Create(options, provider);
  }

 private:
  ComputeOptions options_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_COMPUTE_H_
