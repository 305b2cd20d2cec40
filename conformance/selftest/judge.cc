#include "conformance/selftest/judge.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/glob.h"
#include "conformance/runner.h"

namespace computesdk::conformance {
namespace {

std::vector<const Requirement*> Judged(const std::vector<std::string>& only) {
  std::vector<const Requirement*> judged;
  for (const Requirement& requirement : Catalogue()) {
    if (IsJudged(only, requirement.id)) judged.push_back(&requirement);
  }
  return judged;
}

Opinion OfTheRun(const RunRecord& record) {
  if (record.problems.empty()) return {};
  return {Verdict::kFailed, record.problems.front()};
}

}  // namespace

bool IsJudged(const std::vector<std::string>& only, const std::string& id) {
  return only.empty() || id == kRunAsAWhole ||
         std::ranges::any_of(only, [&](const auto& glob) { return GlobMatches(glob, id); });
}

Result<Judgement> Judge(std::unique_ptr<Candidate> candidate, const RunOptions& options,
                        const HostCanary& canary, const std::vector<std::string>& only) {
  const Result<Incarnation> first = candidate->Get();
  if (!first) return tl::unexpected(first.error());
  Judgement judgement;
  RunRecord record;
  bool stragglers = false;
  {
    Runner runner(options, *candidate, first->provider->Describe(), nullptr, canary);
    for (CheckResult& result : runner.RunAll(Judged(only), {})) {
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
