#include "conformance/report/changes.h"

#include <map>
#include <sstream>
#include <string_view>

#include "conformance/printable.h"

namespace computesdk::conformance {
namespace {

using Verdicts = std::map<std::string, Verdict, std::less<>>;

Verdicts VerdictsOf(const Report& report) {
  Verdicts verdicts;
  for (const ReportedResult& reported : report.results) {
    verdicts[reported.result.id] = reported.result.verdict;
  }
  return verdicts;
}

bool IsUnmet(Verdict verdict) {
  return verdict == Verdict::kFailed || verdict == Verdict::kWarned ||
         verdict == Verdict::kNotTestable;
}

void Section(std::ostream& out, std::string_view title, const std::vector<Change>& changes) {
  if (changes.empty()) return;
  out << title << " (" << changes.size() << ")\n";
  for (const Change& change : changes) {
    out << "  " << CleanText(change.id) << "  " << ChangeInWords(change) << "\n";
  }
}

}  // namespace

Changes CompareRuns(const Report& before, const Report& after) {
  Changes changes;
  const Verdicts earlier = VerdictsOf(before);
  const Verdicts later = VerdictsOf(after);
  for (const ReportedResult& reported : after.results) {
    const CheckResult& now = reported.result;
    const auto was = earlier.find(now.id);
    if (was == earlier.end()) {
      changes.added.push_back({now.id, std::nullopt, now.verdict});
    } else if (was->second != now.verdict) {
      const Change change{now.id, was->second, now.verdict};
      if (IsUnmet(was->second) && now.verdict == Verdict::kPassed) {
        changes.fixed.push_back(change);
      } else if (!IsUnmet(was->second) && IsUnmet(now.verdict)) {
        changes.broken.push_back(change);
      } else {
        changes.altered.push_back(change);
      }
    }
  }
  for (const ReportedResult& reported : before.results) {
    if (later.contains(reported.result.id)) continue;
    changes.gone.push_back({reported.result.id, reported.result.verdict, std::nullopt});
  }
  return changes;
}

bool AreRunsOfOne(const std::vector<Report>& reports) {
  return reports.size() == 2 && reports[0].run.provider.name == reports[1].run.provider.name;
}

std::string ChangesAsText(const Changes& changes) {
  if (changes.empty()) return "Nothing changed.\n";
  std::ostringstream out;
  Section(out, "Broken", changes.broken);
  Section(out, "Fixed", changes.fixed);
  Section(out, "Otherwise changed", changes.altered);
  Section(out, "New", changes.added);
  Section(out, "Gone", changes.gone);
  return out.str();
}

std::string ChangeInWords(const Change& change) {
  if (!change.before) return "new: " + std::string(VerdictName(*change.after));
  if (!change.after) return "gone; it was " + std::string(VerdictName(*change.before));
  return std::string(VerdictName(*change.before)) + " -> " +
         std::string(VerdictName(*change.after));
}

}  // namespace computesdk::conformance
