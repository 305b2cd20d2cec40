#include <string>
#include <vector>

#include "bench/contestant.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

Result<std::string> Run(InMemoryProvider& provider, const std::string& id,
                        const std::string& script) {
  Result<ExecutionResult> result = provider.RunCommand(id, {.command = script});
  if (!result) return tl::unexpected(result.error());
  if (result->exit_code == 0 && result->stderr_bytes.empty()) return result->stdout_bytes;
  return MakeError(ErrorCode::kInternal,
                   "exit code " + std::to_string(result->exit_code) + ": " + result->stderr_bytes);
}

class InMemory : public Contestant {
 public:
  explicit InMemory(const Workloads& workloads) : setup_(workloads.setup) {}

  std::string name() const override { return "in-memory"; }
  bool Does(const Workload&) const override { return true; }

  Result<Duration> Measure(const Workload& workload, int repetitions) override {
    if (id_.empty()) {
      const Result<SandboxRef> sandbox = provider_.Create({});
      if (!sandbox) return tl::unexpected(sandbox.error());
      const Result<std::string> done = Run(provider_, sandbox->sandbox_id, setup_);
      if (!done) return tl::unexpected(done.error());
      id_ = sandbox->sandbox_id;
    }
    content_.assign(workload.bytes, 'k');
    Result<std::string> answer;
    const SteadyClock::time_point begin = SteadyClock::now();
    for (int i = 0; i < repetitions; ++i) {
      answer = Once(workload);
      if (!answer) return tl::unexpected(answer.error());
    }
    const Duration needed = SteadyClock::now() - begin;
    if (workload.kind == WorkloadKind::kFile) answer = *answer == content_ ? "" : "other bytes";
    if (*answer != workload.answer) return tl::unexpected(WrongAnswer(name(), workload, *answer));
    return needed;
  }

 private:
  Result<std::string> Once(const Workload& workload) {
    switch (workload.kind) {
      case WorkloadKind::kCreate:
        return Create();
      case WorkloadKind::kFile:
        return WriteAndRead();
      case WorkloadKind::kScript:
        return Run(provider_, id_, workload.script);
      case WorkloadKind::kMany:
        return Many(workload);
    }
    return MakeError(ErrorCode::kInternal, "a workload of no kind");
  }

  Result<std::string> Create() {
    const Result<SandboxRef> sandbox = provider_.Create({});
    if (!sandbox) return tl::unexpected(sandbox.error());
    const Status destroyed = provider_.Destroy(sandbox->sandbox_id);
    if (!destroyed) return tl::unexpected(destroyed.error());
    return std::string();
  }

  Result<std::string> WriteAndRead() {
    const Status written = provider_.WriteFile(id_, "/workspace/file", content_);
    if (!written) return tl::unexpected(written.error());
    return provider_.ReadFile(id_, "/workspace/file");
  }

  Result<std::string> Many(const Workload& workload) {
    std::vector<std::string> ids;
    for (int i = 0; i < workload.sandboxes; ++i) {
      const Result<SandboxRef> sandbox = provider_.Create({});
      if (!sandbox) return tl::unexpected(sandbox.error());
      ids.push_back(sandbox->sandbox_id);
    }
    Result<std::string> answer = std::string();
    for (const std::string& id : ids) {
      answer = Run(provider_, id, workload.script);
      if (!answer || *answer != workload.answer) return answer;
    }
    for (const std::string& id : ids) {
      const Status destroyed = provider_.Destroy(id);
      if (!destroyed) return tl::unexpected(destroyed.error());
    }
    return answer;
  }

  const std::string setup_;
  InMemoryProvider provider_;
  std::string id_;
  std::string content_;
};

}  // namespace

std::unique_ptr<Contestant> MakeInMemory(const Workloads& workloads) {
  return std::make_unique<InMemory>(workloads);
}

Error WrongAnswer(const std::string& who, const Workload& workload, const std::string& answer) {
  return {ErrorCode::kInternal,
          workload.name + ": " + who + " answers '" + answer + "', not '" + workload.answer + "'"};
}

}  // namespace computesdk::bench
