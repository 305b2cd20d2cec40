#include "conformance/check_run.h"

#include <exception>
#include <string_view>

#include "conformance/call_text.h"

namespace computesdk::conformance {
namespace {

constexpr std::size_t kMostFindings = 40;

// The same requirement draws the same numbers in every run with that seed, whatever runs beside it.
std::uint64_t SeedFor(std::uint64_t seed, std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash ^ (seed * 0x9e3779b97f4a7c15u);
}

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return text;
}

bool IsGarbage(const ProtocolViolation& violation) {
  return violation.kind == ProtocolViolation::Kind::kNotJsonRpc ||
         violation.kind == ProtocolViolation::Kind::kLineTooLong;
}

std::size_t CountViolations(const AdapterProvider* adapter) {
  return adapter == nullptr ? 0 : adapter->violations().size();
}

}  // namespace

Result<Box> MakeBox(RunState& run, Provider& provider, const SandboxRef& ref) {
  std::string workdir = run.options.workdir.value_or(ref.workdir.value_or(run.description.workdir));
  while (workdir.size() > 1 && workdir.ends_with('/')) workdir.pop_back();
  Box box{ref.sandbox_id, (workdir == "/" ? "" : workdir) + "/" + run.words.Next(), workdir};
  const std::string line = "mkdir -p " + ShellQuote(box.dir);
  const Result<ExecutionResult> made =
      provider.RunCommand(ref.sandbox_id, {.command = line, .args = {}, .options = {}});
  if (!made) return MakeError(made.error().code, "`" + line + "`: " + ShowError(made.error()));
  if (made->exit_code != 0) {
    return MakeError(ErrorCode::kFailedPrecondition,
                     "`" + line + "`: exit code " + std::to_string(made->exit_code) + ", stderr " +
                         Printable(made->stderr_bytes));
  }
  return box;
}

CheckRun::CheckRun(RunState& run, const Requirement& requirement, Incarnation incarnation)
    : run_(run),
      requirement_(requirement),
      started_with_(incarnation.number),
      tracked_(std::make_unique<TrackedProvider>(run, std::move(incarnation),
                                                 run.options.check_timeout, requirement.id)),
      random_(SeedFor(run.options.seed, requirement.id)) {}

std::unique_ptr<AdapterProvider> CheckRun::StartAdapter(Milliseconds call_timeout) {
  if (std::optional<Error> full = tracked_->TakeRoom()) NotTestable(full->message);
  ++rooms_;
  if (std::optional<Error> full = tracked_->AwaitPlace()) NotTestable(full->message);
  Result<std::unique_ptr<AdapterProvider>> started = run_.candidate.StartAnother(call_timeout);
  if (!started) NotTestable("another adapter: " + started.error().message);
  return std::move(*started);
}

const Box& CheckRun::box() {
  if (!box_) NotTestable("the requirement asks for no sandbox");
  return *box_;
}

Box CheckRun::CreateBox(const CreateSandboxOptions& options) {
  return Adopt(Need(provider().Create(options), "create"));
}

Box CheckRun::Adopt(const SandboxRef& ref) {
  return Need(MakeBox(run_, provider(), ref), "a directory to work in");
}

void CheckRun::AddFinding(Finding finding) {
  // What comes after the kit itself refused a call says nothing about the candidate.
  if (!tracked_->hindrance().empty()) return;
  finding.steps = tracked_->RecentCalls();
  finding.subject = OneLine(CleanText(finding.subject));
  finding.expected = OneLine(CleanText(finding.expected));
  finding.actual = OneLine(CleanText(finding.actual));
  std::lock_guard lock(mutex_);
  if (findings_.size() < kMostFindings) {
    findings_.push_back(std::move(finding));
  } else {
    ++unlisted_findings_;
  }
}

void CheckRun::AddNote(std::string note) {
  std::lock_guard lock(mutex_);
  for (const std::string& known : notes_) {
    if (known == note) return;
  }
  notes_.push_back(std::move(note));
}

std::vector<ProtocolViolation> CheckRun::AdapterViolations() { return run_.candidate.Violations(); }

bool CheckRun::Pause(Milliseconds duration) {
  const SteadyClock::time_point wanted = run_.clock.Now() + duration;
  const SteadyClock::time_point latest = std::min(tracked_->deadline(), run_.end);
  std::unique_lock lock(run_.mutex);
  const bool interrupted = run_.clock.WaitUntil(run_.changed, lock, std::min(wanted, latest),
                                                [&] { return run_.interrupted.load(); });
  return !interrupted && wanted <= latest;
}

CheckRun::Ending CheckRun::RunBody() {
  Ending ending;
  try {
    requirement_.check(*this);
  } catch (const CheckEnded& ended) {
    ending.not_testable = ended.not_testable;
  } catch (const std::exception& e) {
    ending.exception = e.what();
  } catch (...) {
    ending.exception = "something that is no std::exception";
  }
  return ending;
}

void CheckRun::AddCandidateFindings(std::size_t violations_before) {
  if (const std::string crash = tracked_->crash(); !crash.empty()) {
    AddFinding({"the adapter", "an adapter that stays alive", "it crashed: " + crash});
  }
  if (adapter() == nullptr) return;
  const std::vector<ProtocolViolation> violations = adapter()->violations();
  for (std::size_t i = violations_before; i < violations.size(); ++i) {
    if (!IsGarbage(violations[i])) continue;
    AddFinding({"the adapter's standard output", "JSON-RPC messages and nothing else",
                violations[i].description});
    return;
  }
}

CheckResult CheckRun::Run() {
  const SteadyClock::time_point begun = SteadyClock::now();
  const std::size_t violations = CountViolations(adapter());
  return Finish(RunBody(), violations, begun);
}

CheckResult CheckRun::Abort(std::string reason) {
  return Finish({.not_testable = std::move(reason)}, CountViolations(adapter()),
                SteadyClock::now());
}

CheckResult CheckRun::Finish(const Ending& ending, std::size_t violations_before,
                             SteadyClock::time_point begun) {
  AddCandidateFindings(violations_before);
  CheckResult result = Conclude(ending);
  clean_up_failures_ = tracked_->CleanUp();
  for (; rooms_ > 0; --rooms_) tracked_->GiveRoom();
  result.duration = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - begun);
  return result;
}

CheckResult CheckRun::Conclude(const Ending& ending) {
  CheckResult result{.id = requirement_.id, .level = requirement_.level};
  const bool late = tracked_->out_of_time() || run_.clock.Now() >= tracked_->deadline();
  if (late && tracked_->hindrance().empty()) {
    AddFinding({"the check",
                "an end within " + std::to_string(run_.options.check_timeout.count()) +
                    " ms (--check-timeout)",
                "that limit was used up"});
  }
  std::lock_guard lock(mutex_);
  result.findings = std::move(findings_);
  if (!result.findings.empty()) {
    const bool decides = requirement_.level != Level::kRecommended;
    result.verdict = decides ? Verdict::kFailed : Verdict::kWarned;
    const Finding& first = result.findings.front();
    result.message = first.subject + ": expected " + first.expected + ", got " + first.actual;
    const std::size_t more = result.findings.size() - 1 + unlisted_findings_;
    if (more > 0) result.message += " (and " + std::to_string(more) + " more)";
    return result;
  }
  result.verdict = Verdict::kNotTestable;
  if (const std::string hindrance = tracked_->hindrance(); !hindrance.empty()) {
    result.message = hindrance;
  } else if (run_.Over()) {
    result.message =
        run_.interrupted ? "the run was interrupted" : "the run's limit (--run-timeout) is used up";
  } else if (ending.not_testable) {
    result.message = OneLine(CleanText(*ending.not_testable));
  } else if (ending.exception) {
    result.message = "the check itself failed: " + OneLine(CleanText(*ending.exception));
  } else {
    result.verdict = Verdict::kPassed;
    for (const std::string& note : notes_) {
      result.message += (result.message.empty() ? "" : "; ") + OneLine(CleanText(note));
    }
  }
  return result;
}

}  // namespace computesdk::conformance
