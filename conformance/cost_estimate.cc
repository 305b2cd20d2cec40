#include "conformance/cost_estimate.h"

#include <algorithm>
#include <vector>

namespace computesdk::conformance {

CostEstimate EstimateCost(const RunRecord& rehearsal, int jobs, Milliseconds latency) {
  CostEstimate cost{.requirements = static_cast<int>(rehearsal.results.size()),
                    .sandboxes = rehearsal.stats.sandboxes_created,
                    .peak_sandboxes = rehearsal.stats.peak_sandboxes,
                    .calls = rehearsal.stats.calls};
  // When each worker is done with what it has; the next check goes to the first that is.
  std::vector<Milliseconds> workers(static_cast<std::size_t>(std::max(jobs, 1)));
  for (const CheckResult& result : rehearsal.results) {
    cost.longest_chain = std::max(cost.longest_chain, result.call_chain);
    *std::ranges::min_element(workers) += result.duration + result.call_chain * latency;
  }
  const auto by_calls = cost.calls * latency / static_cast<std::int64_t>(workers.size());
  cost.lower_bound = std::max(cost.longest_chain * latency, by_calls);
  cost.duration = *std::ranges::max_element(workers);
  return cost;
}

}  // namespace computesdk::conformance
