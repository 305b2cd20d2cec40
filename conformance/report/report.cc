#include "conformance/report/report.h"

#include <utility>

#include "conformance/kit.h"

namespace computesdk::conformance {

Report MakeReport(RunRecord run, const RunVerdict& verdict, const RequirementLookup& lookup) {
  Report report{.kit_name = std::string(kKitName), .kit_version = std::string(kKitVersion)};
  report.conformant = verdict.conformant;
  report.exit_status = verdict.exit_status;
  report.summary = Summarize(run.results);
  report.expectation_problems = verdict.expectation_problems;
  report.capabilities = MeasureCapabilities(run, [&](std::string_view id) {
    const Requirement* requirement = lookup(id);
    return requirement == nullptr ? "" : requirement->capability;
  });
  for (CheckResult& result : run.results) {
    ReportedResult reported;
    reported.area = result.id.substr(0, result.id.find('.'));
    if (const Requirement* requirement = lookup(result.id)) {
      reported.capability = requirement->capability;
      reported.asks = requirement->asks;
      reported.why = requirement->why;
      reported.mend = requirement->mend;
    }
    const auto known = verdict.known_failures.find(result.id);
    if (known != verdict.known_failures.end()) reported.known_failure = known->second;
    reported.result = std::move(result);
    report.results.push_back(std::move(reported));
  }
  run.results.clear();
  report.run = std::move(run);
  return report;
}

std::optional<std::vector<std::string>> Claimable(const Report& report) {
  if (report.run.interrupted) return std::nullopt;
  return ClaimableCapabilities(report.capabilities);
}

}  // namespace computesdk::conformance
