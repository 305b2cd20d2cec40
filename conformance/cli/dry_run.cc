#include "conformance/cli/dry_run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "conformance/candidate.h"
#include "conformance/host_canary.h"
#include "conformance/run_order.h"
#include "conformance/runner.h"
#include "mocks/forwarding_provider.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::conformance {
namespace {

Error NotClaimed() { return {ErrorCode::kUnimplemented, "not claimed"}; }

// The in-memory provider with the claims of another one. What is not claimed is not there.
class StandIn : public ForwardingProvider {
 public:
  explicit StandIn(const ProviderDescription& claims)
      : ForwardingProvider(std::make_unique<InMemoryProvider>()), description_(inner().Describe()) {
    description_.capabilities = claims.capabilities;
    description_.max_concurrency = claims.max_concurrency;
  }

  const ProviderDescription& Describe() const override { return description_; }

  Result<SandboxInfo> GetInfo(const std::string& id) override {
    if (!description_.Claims(capability::kGetInfo)) return tl::unexpected<Error>(NotClaimed());
    return inner().GetInfo(id);
  }
  Result<std::string> GetUrl(const std::string& id, const GetUrlRequest& request) override {
    if (!description_.Claims(capability::kGetUrl)) return tl::unexpected<Error>(NotClaimed());
    return inner().GetUrl(id, request);
  }
  Result<std::string> ReadFile(const std::string& id, const std::string& path) override {
    return File<std::string>([&] { return inner().ReadFile(id, path); });
  }
  Status WriteFile(const std::string& id, const std::string& path,
                   const std::string& content) override {
    return File<void>([&] { return inner().WriteFile(id, path, content); });
  }
  Status Mkdir(const std::string& id, const std::string& path) override {
    return File<void>([&] { return inner().Mkdir(id, path); });
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& id, const std::string& path) override {
    return File<std::vector<FileEntry>>([&] { return inner().Readdir(id, path); });
  }
  Result<bool> Exists(const std::string& id, const std::string& path) override {
    return File<bool>([&] { return inner().Exists(id, path); });
  }
  Status Remove(const std::string& id, const std::string& path) override {
    return File<void>([&] { return inner().Remove(id, path); });
  }

 private:
  template <typename T, typename Call>
  Result<T> File(Call call) {
    if (!description_.Claims(capability::kFilesystem)) return tl::unexpected<Error>(NotClaimed());
    return call();
  }

  ProviderDescription description_;
};

// "1 min 35 s", "8 s", "300 ms".
std::string Lasting(Milliseconds duration) {
  if (duration < Milliseconds{1000}) return std::to_string(duration.count()) + " ms";
  const auto seconds = (duration.count() + 500) / 1000;
  if (seconds < 60) return std::to_string(seconds) + " s";
  return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
}

}  // namespace

CostEstimate RehearseRun(const std::vector<const Requirement*>& requirements,
                         const RunOptions& options, const ProviderDescription& description,
                         Milliseconds latency) {
  const HostCanary canary;
  const auto candidate =
      InProcessCandidate("in-memory", [&] { return std::make_unique<StandIn>(description); });
  RunOptions rehearsed = options;
  // These say where and for how long the candidate works, and not how much there is to do.
  rehearsed.workdir.reset();
  rehearsed.call_timeout = RunOptions().call_timeout;
  rehearsed.check_timeout = RunOptions().check_timeout;
  rehearsed.run_timeout = RunOptions().run_timeout;
  RunRecord record;
  Runner runner(rehearsed, **candidate, (*candidate)->Get()->provider->Describe(), nullptr, canary);
  record.results = runner.RunAll(InRunOrder(requirements), nullptr);
  runner.Finish(record);
  return EstimateCost(record, std::min(options.jobs, description.max_concurrency), latency);
}

std::string CostText(const CostEstimate& cost, Milliseconds latency) {
  return std::to_string(cost.requirements) + " requirements, " + std::to_string(cost.sandboxes) +
         " sandboxes created, at most " + std::to_string(cost.peak_sandboxes) + " at once; " +
         std::to_string(cost.calls) + " calls.\n" + "With " + std::to_string(latency.count()) +
         " ms for every call about " + Lasting(cost.duration) + ".\n";
}

}  // namespace computesdk::conformance
