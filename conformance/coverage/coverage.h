#ifndef COMPUTESDK_CONFORMANCE_COVERAGE_COVERAGE_H_
#define COMPUTESDK_CONFORMANCE_COVERAGE_COVERAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/requirement.h"
#include "conformance/selftest/sabotage.h"
#include "sdk/result.h"

// Which classes of docs/defects.md the suite reveals, by what the catalogue and the sabotages say.
namespace computesdk::conformance {

struct DefectClass {
  std::string id;          // "C1"
  std::string defect;      // One line.
  std::string det;         // D, T, R or L, as docs/defects.md explains them.
  std::string unrevealed;  // Why no requirement reveals it; empty for one that is revealed.

  // Whether one run can tell: marked D or T.
  bool deterministic() const { return det.starts_with('D') || det.starts_with('T'); }
};

// One of the checks that would have found most, by the audit behind docs/defects.md.
struct HighYieldCheck {
  int rank = 0;
  std::string check;
  std::vector<std::string> requirements;  // Ids or globs.
};

struct CoverageData {
  std::vector<DefectClass> classes;
  std::vector<HighYieldCheck> highest_yield;
};

// From classes.json and highest_yield.json.
Result<CoverageData> ParseCoverageData(std::string_view classes, std::string_view highest_yield);

struct Coverage {
  int classes = 0;
  int revealed = 0;
  int deterministic = 0;
  int deterministic_revealed = 0;
  std::string page;  // Markdown.
  // A line each: a class that is neither revealed nor explained, or both; a class or a requirement
  // that is named and not there.
  std::vector<std::string> problems;
};

Coverage Measure(const CoverageData& data, const std::vector<Requirement>& catalogue,
                 const std::vector<Sabotage>& sabotages);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_COVERAGE_COVERAGE_H_
