#ifndef COMPUTESDK_MOCKS_FORWARDING_PROVIDER_H_
#define COMPUTESDK_MOCKS_FORWARDING_PROVIDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sdk/provider.h"

namespace computesdk {

// Hands every call on to another provider: the base of decorators, which override what they change.
// As safe from several threads as the inner one.
class ForwardingProvider : public Provider {
 public:
  explicit ForwardingProvider(std::unique_ptr<Provider> inner) : inner_(std::move(inner)) {}

  const ProviderDescription& Describe() const override { return inner_->Describe(); }
  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    return inner_->Create(options);
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override {
    return inner_->GetById(sandbox_id);
  }
  Result<std::vector<SandboxRef>> List() override { return inner_->List(); }
  Status Destroy(const std::string& sandbox_id) override { return inner_->Destroy(sandbox_id); }
  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override {
    return inner_->RunCode(sandbox_id, request);
  }
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override {
    return inner_->RunCommand(sandbox_id, request);
  }
  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override {
    return inner_->GetInfo(sandbox_id);
  }
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override {
    return inner_->GetUrl(sandbox_id, request);
  }
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override {
    return inner_->ReadFile(sandbox_id, path);
  }
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override {
    return inner_->WriteFile(sandbox_id, path, content);
  }
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override {
    return inner_->Mkdir(sandbox_id, path);
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override {
    return inner_->Readdir(sandbox_id, path);
  }
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override {
    return inner_->Exists(sandbox_id, path);
  }
  Status Remove(const std::string& sandbox_id, const std::string& path) override {
    return inner_->Remove(sandbox_id, path);
  }

 protected:
  Provider& inner() const { return *inner_; }

 private:
  const std::unique_ptr<Provider> inner_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_FORWARDING_PROVIDER_H_
