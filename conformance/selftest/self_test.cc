#include "conformance/selftest/self_test.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "conformance/catalogue.h"
#include "conformance/glob.h"
#include "conformance/run_clock.h"
#include "conformance/selftest/comparison.h"
#include "conformance/selftest/judge.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::conformance {
namespace {

// Defects that hang, or never show what was made, cost these limits and not those of a real run.
RunOptions SabotageOptions() {
  return {.jobs = 8,
          .call_timeout = Milliseconds{5'000},
          .check_timeout = Milliseconds{20'000},
          .consistency_window = Milliseconds{250},
          .seed = 1};
}

// One provider to judge, and how it must come out.
struct Subject {
  std::string name;
  bool variation = false;
  ProviderFactory make = {};
  std::string adapter = {};  // The name of what a served provider does.
  std::string program = {};  // Without which it cannot be.
  bool waits = false;        // It takes longer than what it computes.
  RunOptions options;
  ExpectedChanges expected = {};
  std::vector<std::string> only = {};  // What is judged, one at a time; empty for all.
};

void Expect(ExpectedChanges& expected, const std::vector<std::string>& patterns, Verdict verdict) {
  for (const std::string& pattern : patterns) expected.changes.emplace_back(pattern, verdict);
}

Subject FromSabotage(const Sabotage& sabotage) {
  Subject subject{.name = sabotage.name,
                  .make = sabotage.make,
                  .adapter = sabotage.adapter,
                  .options = SabotageOptions()};
  Expect(subject.expected, sabotage.reveals, Verdict::kFailed);
  Expect(subject.expected, sabotage.blinds, Verdict::kNotTestable);
  subject.expected.free = sabotage.may_change;
  subject.only = sabotage.alone;
  if (!subject.only.empty()) subject.options.jobs = 1;
  return subject;
}

// What hangs on a capability that is not claimed is unsupported, and nothing else is.
void ExpectUnsupported(const ProviderDescription& description, ExpectedChanges& expected) {
  const auto claims = [&](const std::string& name) {
    return name.empty() || description.Claims(name);
  };
  for (const Requirement& requirement : Catalogue()) {
    if (claims(requirement.capability) && std::ranges::all_of(requirement.needs, claims)) continue;
    expected.changes.emplace_back(requirement.id, Verdict::kUnsupported);
  }
}

Subject FromVariation(const Variation& variation) {
  Subject subject{.name = variation.name,
                  .variation = true,
                  .make = variation.make,
                  .adapter = variation.adapter,
                  .program = variation.program,
                  .waits = variation.waits,
                  .options = variation.options};
  subject.options.seed = 1;
  Expect(subject.expected, variation.warns, Verdict::kWarned);
  if (variation.make) ExpectUnsupported(variation.make()->Describe(), subject.expected);
  Expect(subject.expected, variation.not_testable, Verdict::kNotTestable);
  subject.expected.free = variation.may_change;
  return subject;
}

bool IsWanted(const std::vector<std::string>& filters, const std::string& name) {
  return filters.empty() || std::ranges::any_of(filters, [&](const std::string& filter) {
           return GlobMatches(filter, name);
         });
}

// Whether the sabotage reveals a requirement that is not in `covered` yet; it is then.
bool CoversMore(const Sabotage& sabotage, std::set<std::string>& covered) {
  bool more = false;
  for (const Requirement& requirement : Catalogue()) {
    const bool reveals = std::ranges::any_of(sabotage.reveals, [&](const std::string& pattern) {
      return GlobMatches(pattern, requirement.id);
    });
    if (reveals) more = covered.insert(requirement.id).second || more;
  }
  return more;
}

// Some that turn every requirement red between them, and enough of the others, from all over the
// list, that they are kEnough together.
std::set<std::string> EnoughSabotages() {
  constexpr std::size_t kEnough = 200;
  std::set<std::string> chosen;
  std::set<std::string> covered;
  std::vector<std::string> others;
  for (const Sabotage& sabotage : Sabotages()) {
    if (CoversMore(sabotage, covered)) {
      chosen.insert(sabotage.name);
    } else {
      others.push_back(sabotage.name);
    }
  }
  if (chosen.size() >= kEnough || others.empty()) return chosen;
  const std::size_t missing = std::min(kEnough - chosen.size(), others.size());
  for (std::size_t i = 0; i < missing; ++i) chosen.insert(others[i * others.size() / missing]);
  return chosen;
}

std::vector<Subject> Wanted(const SelfTestOptions& options) {
  const std::vector<std::string>& filters = options.filters;
  const bool every = options.all || !filters.empty();
  const std::set<std::string> enough = every ? std::set<std::string>() : EnoughSabotages();
  std::vector<Subject> wanted;
  for (const Sabotage& sabotage : Sabotages()) {
    const bool chosen = every || enough.contains(sabotage.name);
    if (chosen && IsWanted(filters, sabotage.name)) wanted.push_back(FromSabotage(sabotage));
  }
  for (const Variation& variation : Variations()) {
    const bool chosen = every || variation.program.empty();
    if (chosen && IsWanted(filters, variation.name)) wanted.push_back(FromVariation(variation));
  }
  return wanted;
}

// A variation conforms: nothing that decides fails, whatever its lists say.
void AddWhatFailsAVariation(const Judgement& judged, std::vector<std::string>& problems) {
  for (const auto& [id, opinion] : judged) {
    const Requirement* requirement = FindRequirement(id);
    const bool decides = requirement == nullptr || requirement->level != Level::kRecommended;
    const bool bad = opinion.verdict == Verdict::kFailed ||
                     (opinion.verdict == Verdict::kNotTestable && decides);
    if (bad) problems.push_back("a legal variation does not conform: " + id);
  }
}

Judgement Only(Judgement judgement, const std::vector<std::string>& only) {
  std::erase_if(judgement, [&](const auto& entry) { return !IsJudged(only, entry.first); });
  return judgement;
}

// How the clean provider comes out: in this process, and behind an adapter.
struct CleanJudgements {
  Judgement in_process = {};
  Judgement served = {};
};

Result<std::unique_ptr<Candidate>> Start(const Subject& subject, const std::string& program) {
  if (subject.adapter.empty()) return InProcessCandidate("self-test", subject.make);
  return AdapterCandidate({.command = {program, "selftest", "--as-adapter", subject.adapter},
                           .call_timeout = subject.options.call_timeout});
}

Result<Judgement> JudgeSubject(const Subject& subject, const std::string& program,
                               const HostCanary& canary) {
  Result<std::unique_ptr<Candidate>> candidate = Start(subject, program);
  if (!candidate) return tl::unexpected(candidate.error());
  return Judge(std::move(*candidate), subject.options, canary, subject.only);
}

SelfTestCase Test(const Subject& subject, const CleanJudgements& clean, const std::string& program,
                  const HostCanary& canary) {
  SelfTestCase result{.name = subject.name, .variation = subject.variation};
  if (!subject.program.empty() && !std::filesystem::exists(subject.program)) {
    result.skipped = subject.program + " is not installed";
    return result;
  }
  const Result<Judgement> judged = JudgeSubject(subject, program, canary);
  if (!judged) {
    result.problems.push_back(judged.error().ToString());
    return result;
  }
  const Judgement& before = subject.adapter.empty() ? clean.in_process : clean.served;
  Comparison comparison = Compare(Only(before, subject.only), *judged, subject.expected);
  result.revealed = std::move(comparison.revealed);
  result.problems = std::move(comparison.problems);
  if (subject.variation) AddWhatFailsAVariation(*judged, result.problems);
  return result;
}

Result<Judgement> JudgeClean(const Subject& subject, const std::string& program,
                             const HostCanary& canary) {
  Result<Judgement> clean = JudgeSubject(subject, program, canary);
  if (!clean) return clean;
  for (const auto& [id, opinion] : *clean) {
    if (opinion.verdict == Verdict::kFailed || opinion.verdict == Verdict::kWarned) {
      return MakeError(ErrorCode::kFailedPrecondition,
                       "the clean provider does not keep " + id + ": " + opinion.message);
    }
  }
  return clean;
}

// The served one only where something is compared with it.
Result<CleanJudgements> JudgeClean(const std::vector<Subject>& subjects, const std::string& program,
                                   const HostCanary& canary) {
  const Subject in_process{.name = "clean",
                           .make = [] { return std::make_unique<InMemoryProvider>(); },
                           .options = SabotageOptions()};
  const Subject served{.name = "clean", .adapter = "clean", .options = SabotageOptions()};
  CleanJudgements clean;
  const bool needs_served =
      std::ranges::any_of(subjects, [](const Subject& one) { return !one.adapter.empty(); });
  for (const auto& [subject, judgement] :
       {std::pair{&in_process, &clean.in_process}, {&served, &clean.served}}) {
    if (subject == &served && !needs_served) continue;
    Result<Judgement> judged = JudgeClean(*subject, program, canary);
    if (!judged) return tl::unexpected(judged.error());
    *judgement = std::move(*judged);
  }
  return clean;
}

std::vector<std::string> NeverRed(const std::vector<SelfTestCase>& cases) {
  std::set<std::string> red;
  for (const SelfTestCase& one : cases) {
    if (!one.variation) red.insert(one.revealed.begin(), one.revealed.end());
  }
  std::vector<std::string> never;
  for (const Requirement& requirement : Catalogue()) {
    if (!red.contains(requirement.id)) never.push_back(requirement.id);
  }
  return never;
}

// Calls `test` with each index, `jobs` at a time, and with those that wait one by one besides.
void ForEachOf(const std::vector<Subject>& subjects, int jobs,
               const std::function<void(std::size_t)>& test) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < std::max(1, jobs); ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < subjects.size(); at = next++) {
        if (!subjects[at].waits) test(at);
      }
    });
  }
  for (std::size_t at = 0; at < subjects.size(); ++at) {
    if (subjects[at].waits) test(at);
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

bool SelfTestResult::Passed() const {
  return std::ranges::all_of(cases, &SelfTestCase::well) && (!whole || never_red.empty());
}

Result<SelfTestResult> RunSelfTest(const SelfTestOptions& options, const HostCanary& canary,
                                   const std::function<void(const SelfTestCase&)>& observer) {
  const SteadyClock::time_point begun = SteadyClock::now();
  const std::vector<Subject> subjects = Wanted(options);
  if (subjects.empty()) {
    return MakeError(ErrorCode::kInvalidArgument, "no sabotage has such a name");
  }
  const Result<CleanJudgements> clean = JudgeClean(subjects, options.program, canary);
  if (!clean) return tl::unexpected(clean.error());

  SelfTestResult result{.requirements = static_cast<int>(Catalogue().size()),
                        .whole = options.filters.empty()};
  result.cases.resize(subjects.size());
  std::mutex observing;
  std::vector<std::size_t> again;
  ForEachOf(subjects, options.jobs, [&](std::size_t i) {
    result.cases[i] = Test(subjects[i], *clean, options.program, canary);
    const std::lock_guard lock(observing);
    if (result.cases[i].well()) {
      observer(result.cases[i]);
    } else {
      again.push_back(i);
    }
  });
  // Time is part of what is judged, and a busy machine has its own: what came out otherwise is
  // judged again, alone, up to twice.
  constexpr int kLooks = 3;
  for (const std::size_t i : again) {
    for (int look = 2; look <= kLooks && !result.cases[i].well(); ++look) {
      result.cases[i] = Test(subjects[i], *clean, options.program, canary);
      result.cases[i].looks = look;
    }
    observer(result.cases[i]);
  }
  result.never_red = NeverRed(result.cases);
  result.duration = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - begun);
  return result;
}

}  // namespace computesdk::conformance
