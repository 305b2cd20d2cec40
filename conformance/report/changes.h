#ifndef COMPUTESDK_CONFORMANCE_REPORT_CHANGES_H_
#define COMPUTESDK_CONFORMANCE_REPORT_CHANGES_H_

#include <optional>
#include <string>
#include <vector>

#include "conformance/report/report.h"

namespace computesdk::conformance {

// A requirement that came out otherwise in a later run.
struct Change {
  std::string id = {};
  std::optional<Verdict> before = {};
  std::optional<Verdict> after = {};
};

// What differs between two runs of one provider.
struct Changes {
  std::vector<Change> broken = {};  // It was met or did not bind, and is not met any more.
  std::vector<Change> fixed = {};   // It was not met, and passes.
  std::vector<Change> altered =
      {};  // Otherwise: warned that was failed, unsupported that was passed.
  std::vector<Change> added = {};  // Only the later run has it.
  std::vector<Change> gone = {};   // Only the earlier one has.

  bool empty() const {
    return broken.empty() && fixed.empty() && altered.empty() && added.empty() && gone.empty();
  }
};

// Each list in the order of the report that has the requirement.
Changes CompareRuns(const Report& before, const Report& after);

// Whether they are two runs of one provider, whatever its version.
bool AreRunsOfOne(const std::vector<Report>& reports);

// The changes for a terminal, a requirement a line.
std::string ChangesAsText(const Changes& changes);

// "failed -> passed"; "new" and "gone" stand for a run that has none.
std::string ChangeInWords(const Change& change);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_CHANGES_H_
