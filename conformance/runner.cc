#include "conformance/runner.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "conformance/call_chain.h"
#include "conformance/call_text.h"
#include "conformance/run_order.h"
#include "conformance/unclaimed.h"

namespace computesdk::conformance {
namespace {

// How long the run's end waits for the answer to a create that was given up.
constexpr Milliseconds kLateCreates{10'000};

std::string MissingCapability(const Requirement& requirement,
                              const ProviderDescription& description) {
  for (const std::string& need : requirement.needs) {
    if (!description.Claims(need)) return need;
  }
  return "";
}

}  // namespace

Runner::Runner(RunOptions options, Candidate& candidate, ProviderDescription description,
               std::unique_ptr<Ledger> ledger, const HostCanary& canary)
    : state_(std::move(options), candidate, std::move(description), std::move(ledger), canary),
      shared_(state_) {
  state_.make_room = [this] { return shared_.MakeRoom(); };
  for (const std::string& name : AllCapabilities()) probes_[name];
}

Runner::~Runner() {
  const Attendance attendance(state_.clock);
  if (!finished_) shared_.Clear();
}

CheckResult Runner::NotTestable(const Requirement& requirement, std::string reason) const {
  return {.id = requirement.id,
          .level = requirement.level,
          .verdict = Verdict::kNotTestable,
          .message = std::move(reason)};
}

CheckResult Runner::RunOne(const Requirement& requirement) {
  const Attendance attendance(state_.clock);
  if (state_.interrupted) return NotTestable(requirement, "the run was interrupted");
  if (state_.Over()) {
    return NotTestable(requirement, "the run's limit (--run-timeout) was used up before its turn");
  }
  if (!requirement.capability.empty() && !state_.description.Claims(requirement.capability)) {
    return RunUnclaimed(requirement);
  }
  if (const std::string missing = MissingCapability(requirement, state_.description);
      !missing.empty()) {
    return {.id = requirement.id,
            .level = requirement.level,
            .verdict = Verdict::kUnsupported,
            .message = "it cannot be looked at without " + missing + ", which is not claimed"};
  }
  const Result<Incarnation> incarnation = state_.candidate.Get();
  if (!incarnation) return NotTestable(requirement, incarnation.error().message);
  if (requirement.area() == "adapter" && incarnation->adapter == nullptr) {
    return {.id = requirement.id,
            .level = requirement.level,
            .verdict = Verdict::kUnsupported,
            .message = "the candidate runs in process, without an adapter"};
  }
  return RunClaimed(requirement, *incarnation);
}

CheckResult Runner::RunUnclaimed(const Requirement& requirement) {
  const std::string& name = requirement.capability;
  CheckResult result{.id = requirement.id,
                     .level = requirement.level,
                     .verdict = Verdict::kUnsupported,
                     .message = name + " is not claimed"};
  if (!IsMethodCapability(name)) return result;

  const auto probe = probes_.find(name);
  if (probe == probes_.end()) return NotTestable(requirement, "unknown capability " + name);
  std::call_once(probe->second.once, [&] {
    std::map<std::string, bool, std::less<>> answered;
    const Requirement check =
        UnclaimedMethodsRequirement(name, [&](std::string_view method, bool succeeded) {
          bool& any = answered[std::string(method)];
          any = any || succeeded;
        });
    const Result<Incarnation> incarnation = state_.candidate.Get();
    probe->second.result = incarnation ? RunClaimed(check, *incarnation)
                                       : NotTestable(check, incarnation.error().message);
    result.call_chain = probe->second.result.call_chain;
    std::lock_guard lock(mutex_);
    probed_.push_back({.capability = name,
                       .verdict = probe->second.result.verdict,
                       .methods = static_cast<int>(answered.size()),
                       .answered = static_cast<int>(std::ranges::count_if(
                           answered, [](const auto& method) { return method.second; }))});
  });
  const CheckResult& probed = probe->second.result;
  switch (probed.verdict) {
    case Verdict::kPassed:
      result.message += ", and answers UNIMPLEMENTED";
      break;
    case Verdict::kFailed:
      result.verdict =
          requirement.level == Level::kRecommended ? Verdict::kWarned : Verdict::kFailed;
      result.message = probed.message;
      result.findings = probed.findings;
      break;
    default:
      result.verdict = Verdict::kNotTestable;
      result.message += "; whether it answers UNIMPLEMENTED: " + probed.message;
  }
  return result;
}

std::optional<std::string> Runner::Equip(const Requirement& requirement, CheckRun& check,
                                         std::optional<SharedSandbox>& shared) {
  if (requirement.sandbox == SandboxNeed::kNone) {
    // Checks that create for themselves measure how long that takes.
    const std::optional<Error> full = check.tracked().PrepareRoom();
    return full ? std::optional(full->message) : std::nullopt;
  }
  Result<SandboxRef> ref = MakeError(ErrorCode::kUnknown, "");
  if (requirement.sandbox == SandboxNeed::kShared) {
    Result<SharedSandbox> taken = shared_.Take(check.tracked());
    if (!taken) return "no sandbox: create failed: " + ShowError(taken.error());
    shared = std::move(*taken);
    ref = shared->ref;
  } else {
    ref = check.tracked().Create({});
    if (!ref) return "no sandbox: create failed: " + ShowError(ref.error());
    if (ref->sandbox_id.empty()) return "no sandbox: create gave an empty id";
  }
  Result<Box> box = MakeBox(state_, check.provider(), *ref);
  if (!box) return "no directory to work in: " + ShowError(box.error());
  check.set_box(std::move(*box));
  return std::nullopt;
}

CheckResult Runner::RunClaimed(const Requirement& requirement, const Incarnation& incarnation) {
  CallChain() = 0;
  CheckRun check(state_, requirement, incarnation);
  std::optional<SharedSandbox> shared;
  CheckResult result;
  if (std::optional<std::string> missing = Equip(requirement, check, shared)) {
    result = check.Abort(std::move(*missing));
  } else {
    result = check.Run();
  }
  NoteProblems(check);
  if (shared) TakeBack(std::move(*shared), check, result);
  result.call_chain = CallChain();
  return result;
}

void Runner::TakeBack(SharedSandbox shared, CheckRun& check, const CheckResult& result) {
  bool usable = !check.tracked().saw_hang() && check.tracked().crash().empty() && !state_.Over();
  if (usable && check.has_box()) {
    // Large files would add up over a run; and one that cannot run this serves no other check.
    const std::string line = "rm -rf " + ShellQuote(check.box().dir);
    const Result<ExecutionResult> cleaned = shared.owner->RunCommand(
        shared.ref.sandbox_id, {.command = line, .args = {}, .options = {}});
    usable = cleaned.has_value() && (result.verdict == Verdict::kPassed || cleaned->exit_code == 0);
  }
  shared_.Return(std::move(shared), usable && check.has_box());
}

void Runner::NoteProblems(const CheckRun& check) {
  const std::string crash = check.tracked().crash();
  std::lock_guard lock(mutex_);
  for (const std::string& failure : check.clean_up_failures()) problems_.push_back(failure);
  // Several checks may have been in flight: one crash is told once.
  if (!crash.empty() && crashed_.insert(check.started_with()).second) {
    problems_.push_back("the adapter crashed: " + crash);
  }
}

int Runner::jobs() const {
  return std::max(1, std::min(state_.options.jobs, state_.description.max_concurrency));
}

void Runner::RunBatch(const std::vector<const Requirement*>& batch, int jobs,
                      std::map<const Requirement*, CheckResult*>& results,
                      const Observer& observer) {
  std::atomic<std::size_t> next{0};
  const auto work = [&](int) {
    for (std::size_t i = next++; i < batch.size(); i = next++) {
      CheckResult& result = *results.at(batch[i]);
      result = RunOne(*batch[i]);
      std::lock_guard lock(observer_mutex_);
      ++done_;
      if (observer) observer(result, done_, all_);
    }
  };
  RunAtOnce(state_.clock, std::min(jobs, static_cast<int>(batch.size())), work);
}

std::vector<CheckResult> Runner::RunAll(const std::vector<const Requirement*>& requirements,
                                        const Observer& observer) {
  const Attendance attendance(state_.clock);
  std::vector<CheckResult> results(requirements.size());
  std::map<const Requirement*, CheckResult*> places;
  for (std::size_t i = 0; i < requirements.size(); ++i) places[requirements[i]] = &results[i];
  const std::vector<const Requirement*> order = InRunOrder(requirements);
  const auto last = std::ranges::find_if(order, [](const auto* r) { return ComesLast(*r); });
  done_ = 0;
  all_ = static_cast<int>(requirements.size());
  RunBatch({order.begin(), last}, jobs(), places, observer);
  // One by one: what the adapter does wrong is blamed on the check that is in flight.
  RunBatch({last, order.end()}, 1, places, observer);
  return results;
}

// A create that was given up may have made a sandbox all the same. Who asked is forgotten.
void Runner::DestroyLateSandboxes() {
  const Result<Incarnation> now = state_.candidate.Get();
  if (!now || now->adapter == nullptr) return;
  TrackedProvider hands(state_, *now, state_.options.check_timeout);
  hands.IgnoreRunEnd();
  const Milliseconds patience = std::min(kLateCreates, state_.options.call_timeout);
  for (const std::string& id : now->adapter->TakeLateSandboxes(patience)) {
    state_.sandboxes->Created(id, std::string(kSharedMaker));
    hands.Destroy(id);
  }
}

int Runner::CountLeaks() {
  const std::set<std::string> ever = state_.sandboxes->Ever();
  if (ever.empty()) return 0;
  const Result<Incarnation> now = state_.candidate.Get();
  const std::vector<std::string> alive = state_.sandboxes->Alive();
  if (!now) return static_cast<int>(alive.size());

  TrackedProvider eyes(state_, *now, state_.options.check_timeout);
  eyes.IgnoreRunEnd();
  std::set<std::string> left;
  // Both may lag behind the last destroy.
  const SteadyClock::time_point latest = state_.clock.Now() + state_.options.consistency_window;
  bool last_look = false;
  do {
    last_look = state_.clock.Now() >= latest;
    left.clear();
    const Result<std::vector<SandboxRef>> listed = eyes.List();
    if (listed) {
      for (const SandboxRef& ref : *listed) {
        if (ever.contains(ref.sandbox_id)) left.insert(ref.sandbox_id);
      }
    }
    // What no destroy confirmed counts unless the candidate says that it is gone.
    for (const std::string& id : alive) {
      const Result<std::optional<SandboxRef>> there = eyes.GetById(id);
      if (!there || *there) left.insert(id);
    }
    if (!left.empty() && !last_look) state_.clock.Sleep(Milliseconds{50});
  } while (!left.empty() && !last_look);
  return static_cast<int>(left.size());
}

void Runner::Finish(RunRecord& record) {
  const Attendance attendance(state_.clock);
  finished_ = true;
  shared_.Clear();
  DestroyLateSandboxes();
  record.stats.sandboxes_leaked = CountLeaks();
  record.stats.sandboxes_created = state_.sandboxes->created();
  record.stats.peak_sandboxes = state_.sandboxes->peak();
  record.stats.calls = state_.calls;
  record.timeline = state_.sandboxes->Lives();
  record.interrupted = state_.interrupted;
  record.probes = probed_;
  record.problems = problems_;
  for (const std::string& failure : shared_.failures()) record.problems.push_back(failure);
  if (const int leaked = record.stats.sandboxes_leaked; leaked > 0) {
    record.problems.push_back(
        std::to_string(leaked) +
        (leaked == 1 ? " sandbox that the run made is" : " sandboxes that the run made are") +
        " still there at its end");
  }
  if (const int lost = state_.creates_lost; lost > 0) {
    record.problems.push_back(
        std::to_string(lost) + (lost == 1 ? " create was" : " creates were") +
        " not answered when the adapter ended, and may have made sandboxes that nobody knows: look "
        "at what the provider itself lists");
  }
  if (const std::string failure = state_.sandboxes->ledger_failure(); !failure.empty()) {
    record.problems.push_back(failure);
  }
  if (const Status shut = state_.candidate.Shutdown(); !shut) {
    record.problems.push_back("the adapter's end: " + ShowError(shut.error()));
  }
}

}  // namespace computesdk::conformance
