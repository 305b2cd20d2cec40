#ifndef COMPUTESDK_MOCKS_LATENCY_PROVIDER_H_
#define COMPUTESDK_MOCKS_LATENCY_PROVIDER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/forwarding_provider.h"

namespace computesdk {

struct LatencyOptions {
  Milliseconds call{0};                         // Of every call.
  std::optional<Milliseconds> create = {};      // Of create, where it differs.
  std::function<void(Milliseconds)> wait = {};  // Instead of sleeping: for tests.
};

// Another provider, far away: every call takes so much longer, and has its effect at the end of
// that time, as with a request that travels. Calls that overlap wait side by side. May be used from
// several threads where the inner one may.
class LatencyProvider : public ForwardingProvider {
 public:
  LatencyProvider(std::unique_ptr<Provider> inner, LatencyOptions options);

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override;
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override;
  Result<std::vector<SandboxRef>> List() override;
  Status Destroy(const std::string& sandbox_id) override;

  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override;
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override;

  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override;
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override;

  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override;
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override;
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override;
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override;
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override;
  Status Remove(const std::string& sandbox_id, const std::string& path) override;

 private:
  // The inner provider, once a call's time has passed.
  Provider& Reached() const;

  const LatencyOptions options_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_LATENCY_PROVIDER_H_
