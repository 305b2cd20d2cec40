#include "conformance/selftest/judge.h"

#include <memory>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/runner.h"

namespace computesdk::conformance {
namespace {

std::vector<const Requirement*> All() {
  std::vector<const Requirement*> all;
  for (const Requirement& requirement : Catalogue()) all.push_back(&requirement);
  return all;
}

Opinion OfTheRun(const RunRecord& record) {
  if (record.problems.empty()) return {};
  return {Verdict::kFailed, record.problems.front()};
}

}  // namespace

Result<Judgement> Judge(std::unique_ptr<Candidate> candidate, const RunOptions& options,
                        const HostCanary& canary) {
  const Result<Incarnation> first = candidate->Get();
  if (!first) return tl::unexpected(first.error());
  Judgement judgement;
  RunRecord record;
  bool stragglers = false;
  {
    Runner runner(options, *candidate, first->provider->Describe(), nullptr, canary);
    for (CheckResult& result : runner.RunAll(All(), {})) {
      judgement[result.id] = {result.verdict, std::move(result.message)};
    }
    runner.Finish(record);
    stragglers = runner.HasStragglers();
  }
  judgement[std::string(kRunAsAWhole)] = OfTheRun(record);
  // A call that never returned still runs in the provider, which must not be destroyed under it.
  // One to an adapter comes back when the process ends.
  if (stragglers && first->adapter == nullptr) static_cast<void>(candidate.release());
  return judgement;
}

}  // namespace computesdk::conformance
