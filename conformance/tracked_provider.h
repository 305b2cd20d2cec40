#ifndef COMPUTESDK_CONFORMANCE_TRACKED_PROVIDER_H_
#define COMPUTESDK_CONFORMANCE_TRACKED_PROVIDER_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "conformance/run_state.h"
#include "sdk/provider.h"

namespace computesdk::conformance {

// The candidate as one check sees it. Every call has a limit, waits for its turn, and is noted;
// every sandbox that is created is in the ledger before it is used, and is destroyed by CleanUp,
// last first, and no other. A provider that hangs is left behind; one that throws is an error.
class TrackedProvider : public Provider {
 public:
  // `limit` bounds all calls together; the time that they wait for a turn does not count.
  // `maker` is whom the sandboxes are for: a requirement's id, or kSharedMaker.
  TrackedProvider(RunState& run, Incarnation incarnation, Milliseconds limit,
                  std::string maker = std::string(kSharedMaker));
  ~TrackedProvider() override;

  const ProviderDescription& Describe() const override { return run_.description; }
  Result<SandboxRef> Create(const CreateSandboxOptions& options) override;
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override;
  Result<std::vector<SandboxRef>> List() override;
  Status Destroy(const std::string& sandbox_id) override;
  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override;
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override;
  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override;
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override;
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override;
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override;
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override;
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override;
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override;
  Status Remove(const std::string& sandbox_id, const std::string& path) override;

  // From now on as many as `wanted` may be alive at once, or as many as the answer says.
  int ReserveSandboxes(int wanted);
  // Waits for the room of the first sandbox that is created here, so that its create does not.
  std::optional<Error> PrepareRoom();
  // Room for a sandbox that is created elsewhere, until GiveRoom; waits for it. The error is why
  // there is none. It can be created after AwaitPlace, once idle ones have made way.
  std::optional<Error> TakeRoom();
  std::optional<Error> AwaitPlace();
  void GiveRoom();
  // Creates one in room that `user` took. It is the user's until MakeIdle; an idle one is taken up
  // by another user that took room for it.
  Result<SandboxRef> CreateFor(TrackedProvider& user, const CreateSandboxOptions& options);
  void MakeIdle();
  void TakeUp(TrackedProvider& user);

  // Destroys what was created here and is still there, last first, each within the limit for a
  // call. Those that could not be destroyed are named in the answer.
  std::vector<std::string> CleanUp();
  // From now on the end of the run and the limit hold nothing up: for looking after it.
  void IgnoreRunEnd();

  // The last few calls, each a line, with their outcome; those of this thread if it made any.
  std::vector<std::string> RecentCalls() const;

  // Why a call was refused or cut short, where the candidate is not to blame: the run's end, a
  // guard, no room for a sandbox. Empty without one.
  std::string hindrance() const;
  // Whether the limit was used up.
  bool out_of_time() const;
  // Whether a call used up its own limit.
  bool saw_hang() const;
  // How the adapter ended, if a call came back after it had; empty otherwise.
  std::string crash() const;

  SteadyClock::time_point deadline() const;
  const Incarnation& incarnation() const { return incarnation_; }

 private:
  struct LoggedCall {
    std::thread::id thread;
    std::string text;
  };

  // Sets `left_behind`, and counts the room as lost, where a create may still come.
  template <typename T, typename F>
  Result<T> Call(std::string_view method, const std::string& arguments, F call,
                 bool* left_behind = nullptr);
  template <typename T, typename F>
  Result<T> Send(std::string_view method, F call, bool* left_behind);
  template <typename T>
  Result<T> Unanswered(const std::string& method, SteadyClock::time_point sent);
  template <typename T>
  Result<T> Judge(const std::string& method, SteadyClock::time_point sent, Result<T> result);

  std::optional<Error> Refusal(const std::string& method);
  template <typename Attempt>
  std::optional<Error> WaitForRoom(Attempt attempt);
  Result<SandboxRef> CreateInRoom(const CreateSandboxOptions& options);
  bool UsePreparedRoom();
  void EndRoom();   // Of one that is gone.
  void LoseRoom();  // Of one that could not be destroyed.
  Error Hindered(ErrorCode code, std::string reason);
  Error OutOfTime();
  void FreeBusyAdapter();
  // Whether the adapter has ended, and another process of it runs now.
  bool TakeNextIncarnation();
  void Forget(const std::string& sandbox_id);
  Milliseconds Since(SteadyClock::time_point begun) const;
  void Log(std::string_view method, const std::string& arguments, const std::string& outcome,
           SteadyClock::time_point begun);
  Milliseconds CallLimit() const { return run_.options.call_timeout; }

  RunState& run_;
  Incarnation incarnation_;
  const Milliseconds limit_;
  const std::string maker_;
  // Who holds the room of what was created here; nullptr while it is idle.
  SandboxBudget::Holder holder_ = this;

  mutable std::mutex mutex_;
  SteadyClock::time_point deadline_;
  std::vector<LoggedCall> log_;
  std::vector<std::string> created_;
  std::string hindrance_;
  std::string crash_;
  bool out_of_time_ = false;
  bool saw_hang_ = false;
  bool cleaning_up_ = false;
  bool has_room_ = false;  // Prepared, and not used yet.
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_TRACKED_PROVIDER_H_
