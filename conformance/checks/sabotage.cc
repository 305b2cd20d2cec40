#include "conformance/checks/sabotage.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "conformance/candidate.h"
#include "conformance/catalogue.h"
#include "conformance/host_canary.h"
#include "conformance/runner.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::conformance {
namespace {

class SabotagedProvider : public Provider {
 public:
  SabotagedProvider(std::unique_ptr<Provider> inner, Replacements replacements)
      : inner_(std::move(inner)), replacements_(std::move(replacements)) {}

  const ProviderDescription& Describe() const override { return inner_->Describe(); }
  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    return replacements_.create ? replacements_.create(*inner_, options) : inner_->Create(options);
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& id) override {
    return inner_->GetById(id);
  }
  Result<std::vector<SandboxRef>> List() override { return inner_->List(); }
  Status Destroy(const std::string& id) override { return inner_->Destroy(id); }
  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) override {
    return replacements_.run_code ? replacements_.run_code(*inner_, id, request)
                                  : inner_->RunCode(id, request);
  }
  Result<ExecutionResult> RunCommand(const std::string& id,
                                     const RunCommandRequest& request) override {
    return replacements_.run_command ? replacements_.run_command(*inner_, id, request)
                                     : inner_->RunCommand(id, request);
  }

 private:
  std::unique_ptr<Provider> inner_;
  Replacements replacements_;
};

// It changes the environment, and so is made once, before there are threads.
const HostCanary& Canary() {
  static const HostCanary canary;
  return canary;
}

}  // namespace

std::unique_ptr<Provider> Sabotaged(std::unique_ptr<Provider> inner, Replacements replacements) {
  return std::make_unique<SabotagedProvider>(std::move(inner), std::move(replacements));
}

Replacements WithResult(std::function<void(ExecutionResult&)> change) {
  const auto changed = [change](Result<ExecutionResult> result) {
    if (result) change(*result);
    return result;
  };
  return {.run_command =
              [changed](Provider& inner, const std::string& id, RunCommandRequest request) {
                return changed(inner.RunCommand(id, request));
              },
          .run_code = [changed](
                          Provider& inner, const std::string& id,
                          RunCodeRequest request) { return changed(inner.RunCode(id, request)); }};
}

Replacements WithRequest(std::function<void(RunCommandRequest&)> change) {
  return {
      .run_command = [change](Provider& inner, const std::string& id, RunCommandRequest request) {
        change(request);
        return inner.RunCommand(id, request);
      }};
}

std::vector<std::string> Judge(const Replacements& replacements,
                               const std::vector<std::string>& ids) {
  const HostCanary& canary = Canary();
  const Result<std::unique_ptr<Candidate>> candidate = InProcessCandidate(
      "sabotaged", [&] { return Sabotaged(std::make_unique<InMemoryProvider>(), replacements); });
  if (!candidate) return {candidate.error().ToString()};
  const Result<Incarnation> first = (*candidate)->Get();
  if (!first) return {first.error().ToString()};
  std::vector<const Requirement*> requirements;
  std::vector<std::string> outcome;
  for (const std::string& id : ids) {
    if (const Requirement* requirement = FindRequirement(id); requirement != nullptr) {
      requirements.push_back(requirement);
    } else {
      outcome.push_back(id + " is no requirement");
    }
  }
  Runner runner({.jobs = 4}, **candidate, first->provider->Describe(), nullptr, canary);
  for (const CheckResult& result :
       runner.RunAll(requirements, [](const CheckResult&, int, int) {})) {
    outcome.push_back(result.id + " " + std::string(VerdictName(result.verdict)));
  }
  RunRecord record;
  runner.Finish(record);
  std::sort(outcome.begin(), outcome.end());
  return outcome;
}

}  // namespace computesdk::conformance
