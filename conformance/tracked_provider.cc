#include "conformance/tracked_provider.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "conformance/call_chain.h"
#include "conformance/call_text.h"

namespace computesdk::conformance {
namespace {

// How long a `create` or the clean-up has left when the run is interrupted: a sandbox whose id
// never came can not be destroyed.
constexpr Milliseconds kGrace{10'000};
// An adapter's own limit for a call comes first, as it knows more about the silence.
constexpr Milliseconds kAdapterSlack{500};
constexpr std::size_t kLogged = 400;
constexpr std::size_t kSteps = 6;

// What a call that may be left behind shares with the one who waits for it.
template <typename T>
struct InFlight {
  std::mutex mutex;
  std::optional<Result<T>> result;
  bool left_behind = false;
};

template <typename T, typename F>
Result<T> WithoutException(F& call, Provider& provider) {
  try {
    return call(provider);
  } catch (const std::exception& e) {
    return MakeError(ErrorCode::kInternal, std::string("the provider threw: ") + e.what());
  } catch (...) {
    return MakeError(ErrorCode::kInternal, "the provider threw something");
  }
}

// A sandbox that came after nobody waited for it any more; false if it is still there.
bool DestroyLate(const Result<SandboxRef>& ref, Provider& provider, SandboxRegister& sandboxes,
                 const std::string& maker) {
  if (!ref || ref->sandbox_id.empty()) return true;
  sandboxes.Created(ref->sandbox_id, maker);
  auto destroy = [&](Provider& p) { return p.Destroy(ref->sandbox_id); };
  const Status status = WithoutException<void>(destroy, provider);
  if (!status && status.error().code != ErrorCode::kNotFound) return false;
  sandboxes.Destroyed(ref->sandbox_id);
  return true;
}

template <typename T>
std::string ShowResult(const Result<T>& result) {
  if (!result) return ShowError(result.error());
  if constexpr (std::is_void_v<T>) {
    return "done";
  } else {
    return ShowOutcome(*result);
  }
}

}  // namespace

TrackedProvider::TrackedProvider(RunState& run, Incarnation incarnation, Milliseconds limit,
                                 std::string maker)
    : run_(run),
      incarnation_(std::move(incarnation)),
      limit_(limit),
      maker_(std::move(maker)),
      deadline_(run.clock.Now() + limit) {}

Milliseconds TrackedProvider::Since(SteadyClock::time_point begun) const {
  return std::chrono::duration_cast<Milliseconds>(run_.clock.Now() - begun);
}

TrackedProvider::~TrackedProvider() { run_.budget->Forget(this); }

Error TrackedProvider::Hindered(ErrorCode code, std::string reason) {
  std::lock_guard lock(mutex_);
  if (hindrance_.empty()) hindrance_ = reason;
  return {code, std::move(reason)};
}

Error TrackedProvider::OutOfTime() {
  std::lock_guard lock(mutex_);
  out_of_time_ = true;
  return {ErrorCode::kDeadlineExceeded, "the check's limit of " + std::to_string(limit_.count()) +
                                            " ms (--check-timeout) is used up"};
}

std::optional<Error> TrackedProvider::Refusal(const std::string& method) {
  if (std::optional<std::string> objection = run_.hangs.Objection(method)) {
    return Hindered(ErrorCode::kDeadlineExceeded, std::move(*objection));
  }
  bool cleaning_up = false;
  {
    std::lock_guard lock(mutex_);
    cleaning_up = cleaning_up_;
  }
  if (cleaning_up) return std::nullopt;
  if (run_.interrupted) return Hindered(ErrorCode::kUnavailable, "the run was interrupted");
  const SteadyClock::time_point now = run_.clock.Now();
  if (now >= run_.end) {
    return Hindered(ErrorCode::kUnavailable, "the run's limit (--run-timeout) is used up");
  }
  if (now >= deadline()) return OutOfTime();
  return std::nullopt;
}

template <typename T>
Result<T> TrackedProvider::Unanswered(const std::string& method, SteadyClock::time_point sent) {
  if (run_.interrupted) {
    return tl::unexpected<Error>(Hindered(ErrorCode::kUnavailable, "the run was interrupted"));
  }
  if (run_.clock.Now() >= run_.end) {
    return tl::unexpected<Error>(
        Hindered(ErrorCode::kUnavailable, "the run's limit (--run-timeout) is used up"));
  }
  {
    std::lock_guard lock(mutex_);
    saw_hang_ = true;
  }
  if (Since(sent) < CallLimit()) return tl::unexpected<Error>(OutOfTime());
  run_.hangs.Unanswered(method);
  if (incarnation_.adapter != nullptr) {
    run_.candidate.ReportUnanswered(incarnation_, method);
    // It is not ended while it answers a plain list: some calls are still worth sending.
    if (incarnation_.adapter->alive()) run_.hangs.Answered("list");
  }
  return MakeError(ErrorCode::kDeadlineExceeded,
                   method + " gave no answer within the kit's limit of " +
                       std::to_string(CallLimit().count()) + " ms (--timeout)");
}

template <typename T>
Result<T> TrackedProvider::Judge(const std::string& method, SteadyClock::time_point sent,
                                 Result<T> result) {
  if (result || incarnation_.adapter == nullptr) {
    run_.hangs.Answered(method);
    return result;
  }
  if (result.error().code == ErrorCode::kDeadlineExceeded && Since(sent) >= CallLimit()) {
    result = Unanswered<T>(method, sent);
  } else if (incarnation_.adapter->alive()) {
    run_.hangs.Answered(method);
  } else if (std::is_same_v<T, SandboxRef> && result.error().code == ErrorCode::kUnavailable) {
    ++run_.creates_lost;
  }
  std::string cause = run_.candidate.CauseOfDeath(incarnation_);
  if (!cause.empty() && !run_.interrupted) {
    std::lock_guard lock(mutex_);
    if (crash_.empty()) crash_ = std::move(cause);
  }
  return result;
}

template <typename T, typename F>
Result<T> TrackedProvider::Send(std::string_view method_name, F call, bool* left_behind) {
  const std::string method(method_name);
  if (std::optional<Error> refusal = Refusal(method)) return tl::unexpected<Error>(*refusal);

  const SteadyClock::time_point queued = run_.clock.Now();
  if (!run_.gate.Acquire(run_.end + CallLimit())) {
    return tl::unexpected<Error>(
        Hindered(ErrorCode::kUnavailable, "the run's limit (--run-timeout) is used up"));
  }
  constexpr bool kCreates = std::is_same_v<T, SandboxRef>;
  // Counted before the last look at the interrupt: whoever ends a busy adapter then waits for it.
  if (kCreates && (++run_.creates_in_flight, run_.interrupted)) {
    --run_.creates_in_flight;
    run_.gate.Release();
    return tl::unexpected<Error>(Hindered(ErrorCode::kUnavailable, "the run was interrupted"));
  }
  const SteadyClock::time_point sent = run_.clock.Now();
  SteadyClock::time_point latest = sent + CallLimit();
  if (incarnation_.adapter != nullptr) latest += kAdapterSlack;
  Milliseconds grace{0};
  {
    std::lock_guard lock(mutex_);
    deadline_ += sent - queued;
    if (kCreates || cleaning_up_) grace = kGrace;
    if (!cleaning_up_) latest = std::min({latest, deadline_, run_.end});
  }

  ++run_.calls;
  ++CallChain();
  run_.clock.Work();
  auto flight = std::make_shared<InFlight<T>>();
  const bool done = run_.pool.Run(
      [flight, call = std::move(call), provider = incarnation_.provider, sandboxes = run_.sandboxes,
       budget = run_.budget, maker = maker_]() mutable {
        Result<T> result = WithoutException<T>(call, *provider);
        std::unique_lock lock(flight->mutex);
        if (!flight->left_behind) {
          flight->result = std::move(result);
          return;
        }
        lock.unlock();
        if constexpr (kCreates) {
          if (DestroyLate(result, *provider, *sandboxes, maker)) budget->Recover();
        }
      },
      latest, grace);
  if (kCreates) --run_.creates_in_flight;
  run_.gate.Release();

  std::optional<Result<T>> result;
  {
    std::lock_guard lock(flight->mutex);
    result = std::move(flight->result);
    flight->left_behind = !done;
    // It may still come.
    if (left_behind != nullptr && !result) {
      LoseRoom();
      *left_behind = true;
      // The adapter is ended before it gets to answer.
      if (run_.interrupted && incarnation_.adapter != nullptr) ++run_.creates_lost;
    }
  }
  if (!result) return Unanswered<T>(method, sent);
  return Judge<T>(method, sent, std::move(*result));
}

template <typename T, typename F>
Result<T> TrackedProvider::Call(std::string_view method, const std::string& arguments, F call,
                                bool* left_behind) {
  const SteadyClock::time_point begun = run_.clock.Now();
  Result<T> result = Send<T>(method, std::move(call), left_behind);
  Log(method, arguments, ShowResult(result), begun);
  return result;
}

void TrackedProvider::Log(std::string_view method, const std::string& arguments,
                          const std::string& outcome, SteadyClock::time_point begun) {
  std::string text(method);
  text +=
      "(" + arguments + ") -> " + outcome + " [" + std::to_string(Since(begun).count()) + " ms]";
  std::lock_guard lock(mutex_);
  if (log_.size() >= kLogged) log_.erase(log_.begin(), log_.begin() + kLogged / 2);
  log_.push_back({std::this_thread::get_id(), std::move(text)});
}

Result<SandboxRef> TrackedProvider::Create(const CreateSandboxOptions& options) {
  if (!UsePreparedRoom()) {
    if (std::optional<Error> full = TakeRoom()) return tl::unexpected<Error>(*full);
  }
  return CreateInRoom(options);
}

Result<SandboxRef> TrackedProvider::CreateFor(TrackedProvider& user,
                                              const CreateSandboxOptions& options) {
  holder_ = &user;
  return CreateInRoom(options);
}

Result<SandboxRef> TrackedProvider::CreateInRoom(const CreateSandboxOptions& options) {
  if (std::optional<Error> full = AwaitPlace()) {
    EndRoom();
    return tl::unexpected<Error>(*full);
  }
  bool left_behind = false;
  Result<SandboxRef> ref = Call<SandboxRef>(
      "create", Show(options), [options](Provider& p) { return p.Create(options); }, &left_behind);
  if (!ref || ref->sandbox_id.empty()) {
    if (!left_behind) EndRoom();
    return ref;
  }
  run_.sandboxes->Created(ref->sandbox_id, maker_);
  std::lock_guard lock(mutex_);
  created_.push_back(ref->sandbox_id);
  return ref;
}

Status TrackedProvider::Destroy(const std::string& sandbox_id) {
  Status status = Call<void>("destroy", Show(sandbox_id),
                             [sandbox_id](Provider& p) { return p.Destroy(sandbox_id); });
  if (!status && status.error().code != ErrorCode::kNotFound) return status;
  run_.sandboxes->Destroyed(sandbox_id);
  std::size_t owned = 0;
  {
    std::lock_guard lock(mutex_);
    owned = std::erase(created_, sandbox_id);
  }
  // NOT_FOUND is as good an answer: on the way, a retry of the same destroy may have come first.
  if (owned > 0) status = Status();
  for (; owned > 0; --owned) EndRoom();
  return status;
}

void TrackedProvider::IgnoreRunEnd() {
  std::lock_guard lock(mutex_);
  cleaning_up_ = true;
}

void TrackedProvider::Forget(const std::string& sandbox_id) {
  std::lock_guard lock(mutex_);
  std::erase(created_, sandbox_id);
}

Result<std::optional<SandboxRef>> TrackedProvider::GetById(const std::string& sandbox_id) {
  return Call<std::optional<SandboxRef>>(
      "getById", Show(sandbox_id), [sandbox_id](Provider& p) { return p.GetById(sandbox_id); });
}

Result<std::vector<SandboxRef>> TrackedProvider::List() {
  return Call<std::vector<SandboxRef>>("list", "", [](Provider& p) { return p.List(); });
}

Result<ExecutionResult> TrackedProvider::RunCode(const std::string& sandbox_id,
                                                 const RunCodeRequest& request) {
  return Call<ExecutionResult>(
      "runCode", Show(sandbox_id) + ", " + Show(request),
      [sandbox_id, request](Provider& p) { return p.RunCode(sandbox_id, request); });
}

Result<ExecutionResult> TrackedProvider::RunCommand(const std::string& sandbox_id,
                                                    const RunCommandRequest& request) {
  return Call<ExecutionResult>(
      "runCommand", Show(sandbox_id) + ", " + Show(request),
      [sandbox_id, request](Provider& p) { return p.RunCommand(sandbox_id, request); });
}

Result<SandboxInfo> TrackedProvider::GetInfo(const std::string& sandbox_id) {
  return Call<SandboxInfo>("getInfo", Show(sandbox_id),
                           [sandbox_id](Provider& p) { return p.GetInfo(sandbox_id); });
}

Result<std::string> TrackedProvider::GetUrl(const std::string& sandbox_id,
                                            const GetUrlRequest& request) {
  return Call<std::string>(
      "getUrl", Show(sandbox_id) + ", " + Show(request),
      [sandbox_id, request](Provider& p) { return p.GetUrl(sandbox_id, request); });
}

Result<std::string> TrackedProvider::ReadFile(const std::string& sandbox_id,
                                              const std::string& path) {
  return Call<std::string>(
      "readFile", Show(sandbox_id) + ", " + Show(path),
      [sandbox_id, path](Provider& p) { return p.ReadFile(sandbox_id, path); });
}

Status TrackedProvider::WriteFile(const std::string& sandbox_id, const std::string& path,
                                  const std::string& content) {
  return Call<void>(
      "writeFile", Show(sandbox_id) + ", " + Show(path) + ", " + Show(content),
      [sandbox_id, path, content](Provider& p) { return p.WriteFile(sandbox_id, path, content); });
}

Status TrackedProvider::Mkdir(const std::string& sandbox_id, const std::string& path) {
  return Call<void>("mkdir", Show(sandbox_id) + ", " + Show(path),
                    [sandbox_id, path](Provider& p) { return p.Mkdir(sandbox_id, path); });
}

Result<std::vector<FileEntry>> TrackedProvider::Readdir(const std::string& sandbox_id,
                                                        const std::string& path) {
  return Call<std::vector<FileEntry>>(
      "readdir", Show(sandbox_id) + ", " + Show(path),
      [sandbox_id, path](Provider& p) { return p.Readdir(sandbox_id, path); });
}

Result<bool> TrackedProvider::Exists(const std::string& sandbox_id, const std::string& path) {
  return Call<bool>("exists", Show(sandbox_id) + ", " + Show(path),
                    [sandbox_id, path](Provider& p) { return p.Exists(sandbox_id, path); });
}

Status TrackedProvider::Remove(const std::string& sandbox_id, const std::string& path) {
  return Call<void>("remove", Show(sandbox_id) + ", " + Show(path),
                    [sandbox_id, path](Provider& p) { return p.Remove(sandbox_id, path); });
}

// An adapter that is busy with calls that the interrupt cut short would not get to the clean-up.
void TrackedProvider::FreeBusyAdapter() {
  if (incarnation_.adapter == nullptr || !run_.pool.HasStragglers()) return;
  const SteadyClock::time_point latest = run_.clock.Now() + kGrace;
  while (run_.creates_in_flight > 0 && run_.clock.Now() < latest) {
    run_.clock.Sleep(Milliseconds{5});
  }
  run_.candidate.Replace(incarnation_);
}

bool TrackedProvider::TakeNextIncarnation() {
  if (incarnation_.adapter == nullptr || incarnation_.adapter->alive()) return false;
  Result<Incarnation> next = run_.candidate.Get();
  if (next) incarnation_ = std::move(*next);
  return next.has_value();
}

std::vector<std::string> TrackedProvider::CleanUp() {
  std::vector<std::string> mine;
  {
    std::lock_guard lock(mutex_);
    cleaning_up_ = true;
    mine = created_;
  }
  if (UsePreparedRoom()) EndRoom();
  if (mine.empty()) return {};
  if (run_.interrupted) FreeBusyAdapter();
  // After a crash the maker is dead: the one that lives now knows the sandboxes, or they are gone.
  TakeNextIncarnation();
  std::vector<std::string> failures;
  for (auto id = mine.rbegin(); id != mine.rend(); ++id) {
    Status destroyed = Destroy(*id);
    // The clean-up of another check may have ended the adapter meanwhile, as it was busy.
    for (int again = 0; again < 2 && !destroyed && TakeNextIncarnation(); ++again) {
      destroyed = Destroy(*id);
    }
    if (destroyed || destroyed.error().code == ErrorCode::kNotFound) continue;
    // Its room is lost to the run only if it is really still there.
    const Result<std::optional<SandboxRef>> there = GetById(*id);
    Forget(*id);
    if (there && !*there) {
      EndRoom();
      run_.sandboxes->Destroyed(*id);
    } else {
      LoseRoom();
      failures.push_back("sandbox " + *id +
                         " could not be destroyed: " + ShowError(destroyed.error()));
    }
  }
  return failures;
}

std::vector<std::string> TrackedProvider::RecentCalls() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> own;
  for (auto call = log_.rbegin(); call != log_.rend() && own.size() < kSteps; ++call) {
    if (call->thread == std::this_thread::get_id()) own.push_back(call->text);
  }
  for (auto call = log_.rbegin(); own.empty() && call != log_.rend(); ++call) {
    own.push_back(call->text);
    if (own.size() == kSteps) break;
  }
  std::ranges::reverse(own);
  return own;
}

std::string TrackedProvider::hindrance() const {
  std::lock_guard lock(mutex_);
  return hindrance_;
}

bool TrackedProvider::out_of_time() const {
  std::lock_guard lock(mutex_);
  return out_of_time_;
}

bool TrackedProvider::saw_hang() const {
  std::lock_guard lock(mutex_);
  return saw_hang_;
}

std::string TrackedProvider::crash() const {
  std::lock_guard lock(mutex_);
  return crash_;
}

SteadyClock::time_point TrackedProvider::deadline() const {
  std::lock_guard lock(mutex_);
  return deadline_;
}

}  // namespace computesdk::conformance
