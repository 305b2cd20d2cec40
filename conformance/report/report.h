#ifndef COMPUTESDK_CONFORMANCE_REPORT_REPORT_H_
#define COMPUTESDK_CONFORMANCE_REPORT_REPORT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/capability_table.h"
#include "conformance/outcome.h"
#include "conformance/requirement.h"
#include "conformance/verdict.h"

namespace computesdk::conformance {

// A result, with what its requirement says.
struct ReportedResult {
  CheckResult result = {};
  std::string area = {};
  std::string capability = {};
  std::string asks = {};
  std::string why = {};
  std::string mend = {};
  std::string known_failure = {};  // The reason, where the expectations list it.
};

// What every form of the report shows.
struct Report {
  std::string kit_name = {};
  std::string kit_version = {};
  RunRecord run = {};  // Its results are below, with what their requirements say.
  bool conformant = false;
  int exit_status = 1;
  Summary summary = {};
  std::vector<std::string> expectation_problems = {};
  std::vector<ReportedResult> results = {};
  std::vector<CapabilityRow> capabilities = {};
};

// What could be claimed, where the run shows that it is not what is; an interrupted run does not.
std::optional<std::vector<std::string>> Claimable(const Report& report);

// Finds a requirement by its id; nullptr without one.
using RequirementLookup = std::function<const Requirement*(std::string_view id)>;

Report MakeReport(RunRecord run, const RunVerdict& verdict, const RequirementLookup& lookup);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_REPORT_H_
