#ifndef COMPUTESDK_CONFORMANCE_RUNNER_H_
#define COMPUTESDK_CONFORMANCE_RUNNER_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "conformance/check_run.h"
#include "conformance/outcome.h"
#include "conformance/run_state.h"
#include "conformance/shared_sandboxes.h"

namespace computesdk::conformance {

// Runs checks against a candidate, several at once, and keeps the books. RunOne and Interrupt may
// be called from several threads.
class Runner {
 public:
  // `candidate` and `canary` outlive it; without a ledger nothing is written.
  Runner(RunOptions options, Candidate& candidate, ProviderDescription description,
         std::unique_ptr<Ledger> ledger, const HostCanary& canary);
  // Destroys what Finish did not.
  ~Runner();

  // One requirement, whatever it needs included.
  CheckResult RunOne(const Requirement& requirement);

  // Called as each result is there, one at a time.
  using Observer = std::function<void(const CheckResult& result, int done, int all)>;

  // All of them, up to options.jobs at once; the results are in the order asked for. The checks of
  // the adapter itself come last, as they look at what the others made it do.
  std::vector<CheckResult> RunAll(const std::vector<const Requirement*>& requirements,
                                  const Observer& observer);

  // Ends the run early: what did not run is not-testable.
  void Interrupt() { state_.Interrupt(); }
  bool interrupted() const { return state_.interrupted; }

  // Destroys the shared sandboxes, looks for what is left of those that the run made, and ends
  // the candidate. Adds the numbers and the problems to the record.
  void Finish(RunRecord& record);

  // Whether a call never returned: its thread may still use the provider.
  bool HasStragglers() const { return state_.pool.HasStragglers(); }

 private:
  CheckResult RunClaimed(const Requirement& requirement, const Incarnation& incarnation);
  CheckResult RunUnclaimed(const Requirement& requirement);
  CheckResult NotTestable(const Requirement& requirement, std::string reason) const;
  void RunBatch(const std::vector<const Requirement*>& batch, int jobs,
                std::map<const Requirement*, CheckResult*>& results, const Observer& observer);
  // Makes the sandbox that the requirement asks for; nullopt, or why it cannot be had.
  std::optional<std::string> Equip(const Requirement& requirement, CheckRun& check,
                                   std::optional<SharedSandbox>& shared);
  void TakeBack(SharedSandbox shared, CheckRun& check, const CheckResult& result);
  void NoteProblems(const CheckRun& check);
  void DestroyLateSandboxes();
  int CountLeaks();
  int jobs() const;

  RunState state_;
  SharedSandboxes shared_;
  std::mutex mutex_;
  std::vector<std::string> problems_;
  std::set<int> crashed_;
  struct Probe {
    std::once_flag once;
    CheckResult result;
  };
  std::map<std::string, Probe> probes_;
  std::vector<MethodProbe> probed_;
  std::mutex observer_mutex_;
  int done_ = 0;
  int all_ = 0;
  bool finished_ = false;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_RUNNER_H_
