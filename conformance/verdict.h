#ifndef COMPUTESDK_CONFORMANCE_VERDICT_H_
#define COMPUTESDK_CONFORMANCE_VERDICT_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/expectations.h"
#include "conformance/outcome.h"

namespace computesdk::conformance {

struct Summary {
  int passed = 0;
  int failed = 0;
  int warned = 0;
  int unsupported = 0;
  int not_testable = 0;

  friend bool operator==(const Summary&, const Summary&) = default;
};

Summary Summarize(const std::vector<CheckResult>& results);

// What a run decides by, besides the results.
struct VerdictRules {
  std::vector<std::string> require = {};  // Recommended requirements that decide: globs.
  Expectations expectations = {};
  // The ids that there are: an expectation must have one of them, if only a part of them ran.
  std::set<std::string> catalogue = {};
};

// Makes the recommended requirements that decide in this run fail where they would only warn.
void ApplyRequire(const std::vector<std::string>& require, std::vector<CheckResult>& results);

// Whether this result alone makes the run not conformant.
bool Decides(const CheckResult& result, const std::vector<std::string>& require);

// What a run comes to.
struct RunVerdict {
  // Nothing that binds failed or could not be tested, and the run itself had no problem.
  bool conformant = false;
  // The same, with the expectations: what is listed may fail and nothing else; 0, 1, or 3.
  int exit_status = 1;
  // Failures that are listed, with their reasons.
  std::map<std::string, std::string> known_failures = {};
  // What is wrong with the expectations: one line each.
  std::vector<std::string> expectation_problems = {};
};

// With results to which ApplyRequire has been applied.
RunVerdict Decide(const RunRecord& record, const VerdictRules& rules);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_VERDICT_H_
