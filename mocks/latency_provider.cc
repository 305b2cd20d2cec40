#include "mocks/latency_provider.h"

#include <thread>
#include <utility>

namespace computesdk {
namespace {

LatencyOptions WithWait(LatencyOptions options) {
  if (!options.wait) {
    options.wait = [](Milliseconds duration) { std::this_thread::sleep_for(duration); };
  }
  return options;
}

}  // namespace

LatencyProvider::LatencyProvider(std::unique_ptr<Provider> inner, LatencyOptions options)

    : ForwardingProvider(std::move(inner)), options_(WithWait(std::move(options))) {}

Provider& LatencyProvider::Reached() const {
  options_.wait(options_.call);
  return inner();
}

Result<SandboxRef> LatencyProvider::Create(const CreateSandboxOptions& options) {
  options_.wait(options_.create.value_or(options_.call));
  return inner().Create(options);
}

Result<std::optional<SandboxRef>> LatencyProvider::GetById(const std::string& sandbox_id) {
  return Reached().GetById(sandbox_id);
}

Result<std::vector<SandboxRef>> LatencyProvider::List() { return Reached().List(); }

Status LatencyProvider::Destroy(const std::string& sandbox_id) {
  return Reached().Destroy(sandbox_id);
}

Result<ExecutionResult> LatencyProvider::RunCode(const std::string& sandbox_id,
                                                 const RunCodeRequest& request) {
  return Reached().RunCode(sandbox_id, request);
}

Result<ExecutionResult> LatencyProvider::RunCommand(const std::string& sandbox_id,
                                                    const RunCommandRequest& request) {
  return Reached().RunCommand(sandbox_id, request);
}

Result<SandboxInfo> LatencyProvider::GetInfo(const std::string& sandbox_id) {
  return Reached().GetInfo(sandbox_id);
}

Result<std::string> LatencyProvider::GetUrl(const std::string& sandbox_id,
                                            const GetUrlRequest& request) {
  return Reached().GetUrl(sandbox_id, request);
}

Result<std::string> LatencyProvider::ReadFile(const std::string& sandbox_id,
                                              const std::string& path) {
  return Reached().ReadFile(sandbox_id, path);
}

Status LatencyProvider::WriteFile(const std::string& sandbox_id, const std::string& path,
                                  const std::string& content) {
  return Reached().WriteFile(sandbox_id, path, content);
}

Status LatencyProvider::Mkdir(const std::string& sandbox_id, const std::string& path) {
  return Reached().Mkdir(sandbox_id, path);
}

Result<std::vector<FileEntry>> LatencyProvider::Readdir(const std::string& sandbox_id,
                                                        const std::string& path) {
  return Reached().Readdir(sandbox_id, path);
}

Result<bool> LatencyProvider::Exists(const std::string& sandbox_id, const std::string& path) {
  return Reached().Exists(sandbox_id, path);
}

Status LatencyProvider::Remove(const std::string& sandbox_id, const std::string& path) {
  return Reached().Remove(sandbox_id, path);
}

}  // namespace computesdk
