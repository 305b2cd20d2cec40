#include "conformance/selftest/comparison.h"

#include <algorithm>
#include <map>
#include <set>

#include "conformance/glob.h"

namespace computesdk::conformance {
namespace {

bool IsRed(Verdict verdict) { return verdict == Verdict::kFailed || verdict == Verdict::kWarned; }

// A recommended requirement warns where another fails.
bool IsAsExpected(Verdict expected, Verdict actual) {
  return expected == actual || (expected == Verdict::kFailed && actual == Verdict::kWarned);
}

std::string Describe(const Opinion& opinion) {
  std::string text(VerdictName(opinion.verdict));
  if (!opinion.message.empty()) text += " (" + opinion.message + ")";
  return text;
}

std::vector<std::string> Matching(const Judgement& clean, const std::string& pattern) {
  std::vector<std::string> ids;
  for (const auto& [id, opinion] : clean) {
    if (GlobMatches(pattern, id)) ids.push_back(id);
  }
  return ids;
}

}  // namespace

Comparison Compare(const Judgement& clean, const Judgement& judged,
                   const ExpectedChanges& expected) {
  Comparison comparison;
  std::map<std::string, Verdict> wanted;
  for (const auto& [pattern, verdict] : expected.changes) {
    const std::vector<std::string> ids = Matching(clean, pattern);
    if (ids.empty()) comparison.problems.push_back("no requirement matches " + pattern);
    for (const std::string& id : ids) wanted[id] = verdict;
  }
  std::set<std::string> free;
  for (const std::string& pattern : expected.free) {
    const std::vector<std::string> ids = Matching(clean, pattern);
    if (ids.empty()) comparison.problems.push_back("no requirement matches " + pattern);
    free.insert(ids.begin(), ids.end());
  }
  for (const auto& [id, before] : clean) {
    const auto found = judged.find(id);
    const Opinion now =
        found == judged.end() ? Opinion{Verdict::kNotTestable, "it did not run"} : found->second;
    if (IsRed(now.verdict) && !IsRed(before.verdict)) comparison.revealed.push_back(id);
    const auto named = wanted.find(id);
    // A glob of what may change does not take back what is named.
    if (named == wanted.end() && free.contains(id)) continue;
    const Verdict right = named == wanted.end() ? before.verdict : named->second;
    if (IsAsExpected(right, now.verdict)) continue;
    comparison.problems.push_back(id + ": expected " + std::string(VerdictName(right)) + ", got " +
                                  Describe(now));
  }
  return comparison;
}

}  // namespace computesdk::conformance
