#include "conformance/verdict.h"

#include <algorithm>

#include "conformance/glob.h"

namespace computesdk::conformance {
namespace {

constexpr int kConformant = 0;
constexpr int kNotConformant = 1;
constexpr int kInterrupted = 3;

bool Broken(const CheckResult& result) {
  return result.verdict == Verdict::kFailed || result.verdict == Verdict::kWarned ||
         result.verdict == Verdict::kNotTestable;
}

bool IsRequiredByRun(const std::vector<std::string>& require, const std::string& id) {
  return std::ranges::any_of(require, [&](const auto& glob) { return GlobMatches(glob, id); });
}

}  // namespace

Summary Summarize(const std::vector<CheckResult>& results) {
  Summary summary;
  for (const CheckResult& result : results) {
    switch (result.verdict) {
      case Verdict::kPassed:
        ++summary.passed;
        break;
      case Verdict::kFailed:
        ++summary.failed;
        break;
      case Verdict::kWarned:
        ++summary.warned;
        break;
      case Verdict::kUnsupported:
        ++summary.unsupported;
        break;
      case Verdict::kNotTestable:
        ++summary.not_testable;
        break;
    }
  }
  return summary;
}

void ApplyRequire(const std::vector<std::string>& require, std::vector<CheckResult>& results) {
  for (CheckResult& result : results) {
    if (result.verdict == Verdict::kWarned && IsRequiredByRun(require, result.id)) {
      result.verdict = Verdict::kFailed;
    }
  }
}

bool Decides(const CheckResult& result, const std::vector<std::string>& require) {
  switch (result.verdict) {
    case Verdict::kPassed:
    case Verdict::kWarned:
    case Verdict::kUnsupported:
      return false;
    case Verdict::kFailed:
      return true;
    case Verdict::kNotTestable:
      return result.level != Level::kRecommended || IsRequiredByRun(require, result.id);
  }
  return true;
}

RunVerdict Decide(const RunRecord& record, const VerdictRules& rules) {
  RunVerdict verdict;
  bool unlisted = false;
  verdict.conformant = record.problems.empty() && !record.results.empty();
  std::map<std::string, const CheckResult*, std::less<>> seen;
  for (const CheckResult& result : record.results) {
    seen[result.id] = &result;
    if (!Decides(result, rules.require)) continue;
    verdict.conformant = false;
    const auto known = rules.expectations.find(result.id);
    if (known == rules.expectations.end()) {
      unlisted = true;
      if (!rules.expectations.empty()) {
        verdict.expectation_problems.push_back(result.id + " " +
                                               std::string(VerdictName(result.verdict)) +
                                               " and is not listed as a known failure");
      }
    }
  }
  for (const auto& [id, expectation] : rules.expectations) {
    const std::string where = id + " (line " + std::to_string(expectation.line) + ") ";
    const auto result = seen.find(id);
    if (!rules.catalogue.contains(id)) {
      verdict.expectation_problems.push_back(
          where + "is listed as a known failure, but there is no such requirement");
    } else if (result == seen.end()) {
      continue;  // Filtered out.
    } else if (Broken(*result->second)) {
      verdict.known_failures[id] = expectation.reason;
    } else {
      verdict.expectation_problems.push_back(where + "is listed as a known failure, but " +
                                             std::string(VerdictName(result->second->verdict)) +
                                             "; take it out of the list");
    }
  }
  const bool accepted = record.problems.empty() && !record.results.empty() && !unlisted &&
                        verdict.expectation_problems.empty();
  verdict.exit_status = accepted ? kConformant : kNotConformant;
  if (record.interrupted) {
    verdict.conformant = false;
    verdict.exit_status = kInterrupted;
  }
  return verdict;
}

}  // namespace computesdk::conformance
