#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>

#include "bench/child.h"
#include "bench/contestant.h"

namespace computesdk::bench {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

// What is not there when everything else is needed to be the same: who runs the script is in its
// folder, and has no profile.
Result<std::string> Run(const std::string& script) {
  Result<Child> child = Child::Start({"/bin/bash", "-c", script});
  if (!child) return tl::unexpected(child.error());
  int status = 0;
  std::string answer = child->Finish(status);
  if (status == 0) return answer;
  return MakeError(ErrorCode::kInternal, "bash ended with wait status " + std::to_string(status));
}

class Bash : public Contestant {
 public:
  explicit Bash(fs::path folder) : folder_(std::move(folder)), before_(fs::current_path()) {}

  ~Bash() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  Bash(const Bash&) = delete;
  Bash& operator=(const Bash&) = delete;

  std::string name() const override { return "bash"; }
  bool Does(const Workload& workload) const override {
    return workload.kind == WorkloadKind::kScript;
  }

  Result<Duration> Measure(const Workload& workload, int repetitions) override {
    std::error_code error;
    fs::current_path(folder_, error);
    if (error) return MakeError(ErrorCode::kUnavailable, folder_.string() + ": " + error.message());
    Result<Duration> measured = MeasureHere(workload, repetitions);
    fs::current_path(before_, error);
    return measured;
  }

 private:
  Result<Duration> MeasureHere(const Workload& workload, int repetitions) {
    const SteadyClock::time_point begin = SteadyClock::now();
    for (int i = 0; i < repetitions; ++i) {
      const Result<std::string> answer = Run(workload.script);
      if (!answer) return tl::unexpected(answer.error());
      if (*answer != workload.answer) {
        return tl::unexpected(WrongAnswer(name(), workload, *answer));
      }
    }
    return SteadyClock::now() - begin;
  }

  const fs::path folder_;
  const fs::path before_;
};

}  // namespace

Result<std::unique_ptr<Contestant>> MakeBash(const Workloads& workloads) {
  std::string folder = (fs::temp_directory_path() / "bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    return MakeError(ErrorCode::kUnavailable, "no temporary folder can be made");
  }
  auto bash = std::make_unique<Bash>(folder);
  const Result<Duration> prepared = bash->Measure(
      {.name = "setup", .title = {}, .kind = WorkloadKind::kScript, .script = workloads.setup}, 1);
  if (!prepared) return tl::unexpected(prepared.error());
  return std::unique_ptr<Contestant>(std::move(bash));
}

}  // namespace computesdk::bench
