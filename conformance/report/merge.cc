#include "conformance/report/merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "conformance/capability_table.h"
#include "conformance/report/json.h"

namespace computesdk::conformance {
namespace {

int Badness(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return 0;
    case Verdict::kUnsupported:
      return 1;
    case Verdict::kWarned:
      return 2;
    case Verdict::kNotTestable:
      return 3;
    case Verdict::kFailed:
      return 4;
  }
  return 4;
}

template <typename T>
void AddUnique(std::vector<T>& all, const std::vector<T>& more) {
  for (const T& one : more) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
}

// A shard to which no test fell never asked the provider who it is.
bool SaysNothing(const Report& shard) {
  return shard.run.provider.name.empty() && shard.results.empty();
}

std::string Different(const Report& a, const Report& b) {
  const auto parted = [](const std::string& what, const std::string& x, const std::string& y) {
    return what + " '" + x + "' and '" + y + "'";
  };
  if (a.run.provider.name != b.run.provider.name) {
    return parted("the providers", a.run.provider.name, b.run.provider.name);
  }
  if (a.run.provider.version != b.run.provider.version) {
    return parted("the versions", a.run.provider.version.value_or(""),
                  b.run.provider.version.value_or(""));
  }
  if (a.kit_version != b.kit_version) {
    return parted("the kit's versions", a.kit_version, b.kit_version);
  }
  if (a.run.provider.capabilities != b.run.provider.capabilities) return "other capabilities";
  if (a.run.provider.runtimes != b.run.provider.runtimes) return "other runtimes";
  if (a.run.shard.total != b.run.shard.total) {
    return parted("the numbers of shards", std::to_string(a.run.shard.total),
                  std::to_string(b.run.shard.total));
  }
  return "";
}

// A file that was given twice counts once.
void DropCopies(std::vector<Report>& shards) {
  std::set<std::string> seen;
  std::erase_if(shards,
                [&](const Report& shard) { return !seen.insert(JsonReport(shard)).second; });
}

// What a call of methods that are not claimed showed; a shard may not have made one.
int Weight(Measured measured) {
  switch (measured) {
    case Measured::kMisbehaves:
      return 4;
    case Measured::kAnswers:
      return 3;
    case Measured::kNotTestable:
      return 2;
    case Measured::kUnimplemented:
      return 1;
    default:
      return 0;
  }
}

int PeakOf(const std::vector<SandboxLife>& lives) {
  // Ends before beginnings at the same time, as one may make room for the other.
  std::vector<std::pair<Milliseconds, int>> steps;
  for (const SandboxLife& life : lives) {
    steps.emplace_back(life.created, 1);
    if (life.destroyed) steps.emplace_back(*life.destroyed, -1);
  }
  std::ranges::sort(steps);
  int now = 0;
  int peak = 0;
  for (const auto& step : steps) peak = std::max(peak, now += step.second);
  return peak;
}

class Merger {
 public:
  Merger(std::vector<Report> shards, const std::vector<Requirement>& catalogue)
      : shards_(std::move(shards)), catalogue_(catalogue) {}

  Report Merge() {
    const auto speaking =
        std::ranges::find_if(shards_, [](const Report& shard) { return !SaysNothing(shard); });
    const Report& first = speaking == shards_.end() ? shards_.front() : *speaking;
    all_.provider = first.run.provider;
    all_.candidate = first.run.candidate;
    all_.seed = first.run.seed;
    all_.started_at = first.run.started_at;
    for (const Report& shard : shards_) {
      if (!SaysNothing(shard)) all_.started_at = std::min(all_.started_at, shard.run.started_at);
    }
    for (const Report& shard : shards_) AddRun(shard);
    for (const Report& shard : shards_) AddResults(shard);
    all_.stats.peak_sandboxes = std::max(all_.stats.peak_sandboxes, PeakOf(all_.timeline));
    std::ranges::stable_sort(all_.timeline, {}, &SandboxLife::created);
    NameMissingShards();
    TakeFilters();
    OrderResults();
    return Conclude();
  }

 private:
  void AddRun(const Report& shard) {
    const RunRecord& run = shard.run;
    all_.interrupted = all_.interrupted || run.interrupted;
    all_.stats.sandboxes_created += run.stats.sandboxes_created;
    all_.stats.sandboxes_leaked += run.stats.sandboxes_leaked;
    all_.stats.calls += run.stats.calls;
    all_.stats.peak_sandboxes = std::max(all_.stats.peak_sandboxes, run.stats.peak_sandboxes);
    AddUnique(all_.problems, run.problems);
    AddUnique(all_.notes, run.notes);
    AddUnique(all_.require, run.require);
    AddUnique(expectation_problems_, shard.expectation_problems);
    if (SaysNothing(shard)) return;
    if (run.seed != all_.seed) {
      AddUnique(all_.notes, {"the shards had different seeds; that of the first is given"});
    }
    const Milliseconds later = run.started_at - all_.started_at;
    all_.duration = std::max(all_.duration, later + run.duration);
    for (SandboxLife life : run.timeline) {
      life.created += later;
      if (life.destroyed) *life.destroyed += later;
      all_.timeline.push_back(std::move(life));
    }
  }

  void AddResults(const Report& shard) {
    for (const ReportedResult& reported : shard.results) {
      const std::string& id = reported.result.id;
      if (!reported.known_failure.empty()) {
        known_.try_emplace(id, Expectation{.reason = reported.known_failure});
      }
      const auto [there, fresh] = results_.try_emplace(id, reported);
      if (fresh) {
        order_.push_back(id);
        continue;
      }
      const Verdict one = there->second.result.verdict;
      const Verdict other = reported.result.verdict;
      if (one == other) continue;
      all_.notes.push_back(id + ": one shard says " + std::string(VerdictName(one)) + ", another " +
                           std::string(VerdictName(other)) + "; the worse counts");
      if (Badness(other) > Badness(one)) there->second = reported;
    }
  }

  void NameMissingShards() {
    std::set<int> there;
    for (const Report& shard : shards_) there.insert(shard.run.shard.index);
    const int total = shards_.front().run.shard.total;
    for (int index = 0; total > 1 && index < total; ++index) {
      if (there.contains(index)) continue;
      all_.problems.push_back("shard " + std::to_string(index + 1) + " of " +
                              std::to_string(total) + " is missing");
    }
  }

  // Shards with different filters are parts of one whole; with the same, they are a chosen part.
  void TakeFilters() {
    const bool same = std::ranges::all_of(shards_, [&](const Report& shard) {
      return shard.run.filters == shards_.front().run.filters;
    });
    if (same) all_.filters = shards_.front().run.filters;
    std::string missing;
    int count = 0;
    for (const Requirement& requirement : catalogue_) {
      if (results_.contains(requirement.id)) continue;
      missing += (count++ == 0 ? "" : ", ") + requirement.id;
      if (all_.filters.empty()) AddUnrun(requirement);
    }
    if (count == 0) return;
    all_.notes.push_back("no shard ran " + std::to_string(count) +
                         (count == 1 ? " requirement: " : " requirements: ") + missing);
  }

  void AddUnrun(const Requirement& requirement) {
    ReportedResult unrun{.result = {.id = requirement.id,
                                    .level = requirement.level,
                                    .verdict = Verdict::kNotTestable,
                                    .message = "no shard ran it"},
                         .area = std::string(requirement.area()),
                         .capability = requirement.capability,
                         .asks = requirement.asks,
                         .why = requirement.why,
                         .mend = requirement.mend};
    results_.emplace(requirement.id, std::move(unrun));
  }

  // That of the catalogue; what it does not have comes last.
  void OrderResults() {
    std::vector<std::string> ordered;
    std::set<std::string> listed;
    for (const Requirement& requirement : catalogue_) {
      if (!results_.contains(requirement.id)) continue;
      ordered.push_back(requirement.id);
      listed.insert(requirement.id);
    }
    for (const std::string& id : order_) {
      if (!listed.contains(id)) ordered.push_back(id);
    }
    order_ = std::move(ordered);
  }

  // Of those that are claimed the results say it, of the others what shards saw.
  std::vector<CapabilityRow> Capabilities() const {
    std::vector<CapabilityRow> rows = MeasureCapabilities(
        all_, [this](std::string_view id) { return results_.at(std::string(id)).capability; });
    for (CapabilityRow& row : rows) {
      for (const Report& shard : shards_) {
        const auto seen = std::ranges::find(shard.capabilities, row.name, &CapabilityRow::name);
        const bool there = !row.claimed && seen != shard.capabilities.end();
        if (there && Weight(seen->measured) > Weight(row.measured)) row = *seen;
      }
    }
    return rows;
  }

  Report Conclude() {
    VerdictRules rules{.require = all_.require, .expectations = known_};
    for (const std::string& id : order_) {
      rules.catalogue.insert(id);
      all_.results.push_back(results_.at(id).result);
    }
    const RunVerdict verdict = Decide(all_, rules);
    std::vector<CapabilityRow> capabilities = Capabilities();
    all_.results.clear();
    // The same failure was told by the shard that ran it.
    AddUnique(expectation_problems_, verdict.expectation_problems);
    Report report{.kit_name = shards_.front().kit_name,
                  .kit_version = shards_.front().kit_version,
                  .conformant = verdict.conformant,
                  .exit_status = verdict.exit_status,
                  .expectation_problems = expectation_problems_};
    if (report.exit_status == 0 && !expectation_problems_.empty()) report.exit_status = 1;
    std::vector<CheckResult> plain;
    for (const std::string& id : order_) {
      report.results.push_back(results_.at(id));
      plain.push_back(results_.at(id).result);
    }
    report.summary = Summarize(plain);
    report.capabilities = std::move(capabilities);
    report.run = std::move(all_);
    return report;
  }

  const std::vector<Report> shards_;
  const std::vector<Requirement>& catalogue_;
  RunRecord all_;
  std::vector<std::string> expectation_problems_;
  Expectations known_;
  std::map<std::string, ReportedResult> results_;
  std::vector<std::string> order_;
};

}  // namespace

Result<Report> MergeShards(std::vector<Report> shards, const std::vector<Requirement>& catalogue) {
  if (shards.empty()) return MakeError(ErrorCode::kInvalidArgument, "there is nothing to merge");
  DropCopies(shards);
  for (const Report& shard : shards) {
    for (const Report& other : shards) {
      if (SaysNothing(shard) || SaysNothing(other)) continue;
      if (const std::string what = Different(shard, other); !what.empty()) {
        return MakeError(ErrorCode::kInvalidArgument, "these are not shards of one run: " + what);
      }
    }
  }
  return Merger(std::move(shards), catalogue).Merge();
}

}  // namespace computesdk::conformance
