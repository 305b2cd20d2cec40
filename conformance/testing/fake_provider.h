#ifndef COMPUTESDK_CONFORMANCE_TESTING_FAKE_PROVIDER_H_
#define COMPUTESDK_CONFORMANCE_TESTING_FAKE_PROVIDER_H_

#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sdk/provider.h"

namespace computesdk::conformance {

// A provider whose behaviour a test changes piece by piece. Commands do nothing and succeed, so
// that the kit can set up what it needs. Safe from several threads.
class FakeProvider : public Provider {
 public:
  // Instead of what is done otherwise.
  std::function<Result<SandboxRef>()> on_create;
  std::function<Result<ExecutionResult>(const std::string& id, const std::string& line)> on_run;
  std::function<Status(const std::string& id)> on_destroy;
  std::function<Result<std::vector<SandboxRef>>()> on_list;
  ProviderDescription description{
      .name = "fake", .runtimes = {"bash"}, .max_concurrency = 8, .workdir = "/w"};

  const ProviderDescription& Describe() const override { return description; }

  Result<SandboxRef> Create(const CreateSandboxOptions&) override {
    Result<SandboxRef> ref = SandboxRef{};
    {
      std::lock_guard lock(mutex_);
      ref->sandbox_id = "sb-" + std::to_string(++count_);
    }
    if (on_create) ref = on_create();
    std::lock_guard lock(mutex_);
    if (ref) alive_.push_back(ref->sandbox_id);
    return ref;
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& id) override {
    std::lock_guard lock(mutex_);
    if (std::ranges::find(alive_, id) == alive_.end()) return std::nullopt;
    return SandboxRef{.sandbox_id = id};
  }
  Result<std::vector<SandboxRef>> List() override {
    if (on_list) return on_list();
    std::vector<SandboxRef> refs;
    for (const std::string& id : alive()) refs.push_back({.sandbox_id = id});
    return refs;
  }
  Status Destroy(const std::string& id) override {
    if (on_destroy) {
      if (Status status = on_destroy(id); !status) return status;
    }
    std::lock_guard lock(mutex_);
    if (std::erase(alive_, id) == 0) return MakeError(ErrorCode::kNotFound, id);
    destroyed_.push_back(id);
    return {};
  }
  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) override {
    return RunCommand(id, {.command = request.code});
  }
  Result<ExecutionResult> RunCommand(const std::string& id,
                                     const RunCommandRequest& request) override {
    if (on_run) return on_run(id, request.command);
    return ExecutionResult{.sandbox_id = id, .provider = "fake"};
  }

  std::vector<std::string> alive() const {
    std::lock_guard lock(mutex_);
    return alive_;
  }
  std::vector<std::string> destroyed() const {
    std::lock_guard lock(mutex_);
    return destroyed_;
  }
  // A sandbox that somebody else made.
  void AddForeign(const std::string& id) {
    std::lock_guard lock(mutex_);
    alive_.push_back(id);
  }

 private:
  mutable std::mutex mutex_;
  int count_ = 0;
  std::vector<std::string> alive_;
  std::vector<std::string> destroyed_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_TESTING_FAKE_PROVIDER_H_
