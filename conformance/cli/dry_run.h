#ifndef COMPUTESDK_CONFORMANCE_CLI_DRY_RUN_H_
#define COMPUTESDK_CONFORMANCE_CLI_DRY_RUN_H_

#include <string>
#include <vector>

#include "conformance/cost_estimate.h"
#include "conformance/requirement.h"
#include "conformance/run_options.h"
#include "sdk/types.h"

namespace computesdk::conformance {

// Runs the checks against the in-memory provider, which claims what `description` does, and says
// what the same run costs for a provider that takes `latency` for every call. The checks of an
// adapter are left out: there is none.
CostEstimate RehearseRun(const std::vector<const Requirement*>& requirements,
                         const RunOptions& options, const ProviderDescription& description,
                         Milliseconds latency);

// That, in a few lines of text.
std::string CostText(const CostEstimate& cost, Milliseconds latency);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_DRY_RUN_H_
