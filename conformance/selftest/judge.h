#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_JUDGE_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_JUDGE_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/candidate.h"
#include "conformance/host_canary.h"
#include "conformance/outcome.h"
#include "conformance/run_options.h"

namespace computesdk::conformance {

// What the problems of a run as a whole (a sandbox left behind, an adapter that crashed) come under
// beside the requirements.
inline constexpr std::string_view kRunAsAWhole = "run";

struct Opinion {
  Verdict verdict = Verdict::kPassed;
  std::string message = {};
};

// How every requirement came out, by its id.
using Judgement = std::map<std::string, Opinion, std::less<>>;

// Whether an id, or kRunAsAWhole, is among those that `only` names; without any, all are.
bool IsJudged(const std::vector<std::string>& only, const std::string& id);

// The suite, or what `only` names of it, on a candidate that nobody else uses. Several may run at
// the same time.
Result<Judgement> Judge(std::unique_ptr<Candidate> candidate, const RunOptions& options,
                        const HostCanary& canary, const std::vector<std::string>& only = {});

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_JUDGE_H_
