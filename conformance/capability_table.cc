#include "conformance/capability_table.h"

#include <algorithm>
#include <map>

namespace computesdk::conformance {
namespace {

constexpr Measured kAllMeasured[] = {
    Measured::kWorks,   Measured::kBroken,     Measured::kNotTestable, Measured::kUnimplemented,
    Measured::kAnswers, Measured::kMisbehaves, Measured::kNotSent,     Measured::kNotSelected};

// Those that are not claimed are judged by what their methods answer: the results of their
// requirements all say the same.
void JudgeUnclaimed(const RunRecord& record, CapabilityRow& row) {
  const auto probe = std::ranges::find(record.probes, row.name, &MethodProbe::capability);
  if (probe == record.probes.end()) {
    row.measured = row.of > 0 ? Measured::kNotSent : Measured::kNotSelected;
    row.of = 0;
    return;
  }
  row.of = probe->methods;
  row.passed = probe->answered;
  if (probe->verdict == Verdict::kPassed) {
    row.measured = Measured::kUnimplemented;
  } else if (probe->verdict == Verdict::kNotTestable) {
    row.measured = Measured::kNotTestable;
  } else if (probe->answered == probe->methods) {
    row.measured = Measured::kAnswers;
  } else {
    row.measured = Measured::kMisbehaves;
  }
}

}  // namespace

std::string_view MeasuredName(Measured measured) {
  switch (measured) {
    case Measured::kWorks:
      return "works";
    case Measured::kBroken:
      return "broken";
    case Measured::kNotTestable:
      return "not testable";
    case Measured::kUnimplemented:
      return "answers UNIMPLEMENTED";
    case Measured::kAnswers:
      return "works though not claimed";
    case Measured::kMisbehaves:
      return "neither works nor answers UNIMPLEMENTED";
    case Measured::kNotSent:
      return "not sent";
    case Measured::kNotSelected:
      return "not selected";
  }
  return "";
}

std::optional<Measured> MeasuredFromName(std::string_view name) {
  const auto found = std::ranges::find(kAllMeasured, name, MeasuredName);
  if (found == std::end(kAllMeasured)) return std::nullopt;
  return *found;
}

std::vector<CapabilityRow> MeasureCapabilities(const RunRecord& record,
                                               const CapabilityLookup& capability_of) {
  std::vector<CapabilityRow> rows;
  for (const std::string& name : AllCapabilities()) {
    CapabilityRow row{.name = name, .claimed = record.provider.Claims(name)};
    bool failed = false;
    bool unseen = false;
    for (const CheckResult& result : record.results) {
      if (capability_of(result.id) != name) continue;
      ++row.of;
      const bool binds = result.level != Level::kRecommended;
      if (result.verdict == Verdict::kPassed) ++row.passed;
      // With --require a recommended one may fail, and decides then.
      if (result.verdict == Verdict::kFailed) failed = true;
      if (binds && result.verdict == Verdict::kNotTestable) unseen = true;
    }
    if (!row.claimed) {
      JudgeUnclaimed(record, row);
    } else if (row.of > 0) {
      row.measured = failed   ? Measured::kBroken
                     : unseen ? Measured::kNotTestable
                              : Measured::kWorks;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<std::vector<std::string>> ClaimableCapabilities(
    const std::vector<CapabilityRow>& rows) {
  std::vector<std::string> claimable;
  bool differs = false;
  for (const CapabilityRow& row : rows) {
    const bool works = row.measured == Measured::kWorks || row.measured == Measured::kAnswers ||
                       (row.claimed && row.measured == Measured::kNotSelected);
    if (works) claimable.push_back(row.name);
    differs = differs || works != row.claimed;
  }
  if (!differs) return std::nullopt;
  return claimable;
}

}  // namespace computesdk::conformance
