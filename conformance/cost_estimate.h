#ifndef COMPUTESDK_CONFORMANCE_COST_ESTIMATE_H_
#define COMPUTESDK_CONFORMANCE_COST_ESTIMATE_H_

#include <cstdint>

#include "conformance/outcome.h"
#include "sdk/types.h"

namespace computesdk::conformance {

// What a run costs.
struct CostEstimate {
  int requirements = 0;
  int sandboxes = 0;
  int peak_sandboxes = 0;
  std::int64_t calls = 0;
  int longest_chain = 0;  // Calls of one check that wait for each other.
  // What a run is measured by: the longest chain, or all calls, `jobs` at a time. One whose checks
  // have several calls in flight may be a little quicker.
  Milliseconds lower_bound{0};
  Milliseconds duration{0};
};

// What a run like `rehearsal` costs with that many checks at once where every call takes `latency`
// longer. The results of the rehearsal are in the order in which their checks start.
CostEstimate EstimateCost(const RunRecord& rehearsal, int jobs, Milliseconds latency);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_COST_ESTIMATE_H_
