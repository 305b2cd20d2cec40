#ifndef COMPUTESDK_CONFORMANCE_RUN_STATE_H_
#define COMPUTESDK_CONFORMANCE_RUN_STATE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "conformance/call_pool.h"
#include "conformance/candidate.h"
#include "conformance/hang_guard.h"
#include "conformance/host_canary.h"
#include "conformance/run_clock.h"
#include "conformance/run_options.h"
#include "conformance/sandbox_register.h"
#include "conformance/slots.h"
#include "conformance/unique_words.h"

namespace computesdk::conformance {

// What all checks of a run share.
struct RunState {
  RunState(RunOptions run_options, Candidate& tested, ProviderDescription told,
           std::unique_ptr<Ledger> ledger, const HostCanary& canary)
      : options(std::move(run_options)),
        candidate(tested),
        description(std::move(told)),
        host_canary(canary),
        clock(tested.clock()),
        sandboxes(std::make_shared<SandboxRegister>(std::move(ledger))),
        gate(clock, description.max_concurrency < 1 ? 1 : description.max_concurrency),
        budget(std::make_shared<SandboxBudget>(clock, options.max_sandboxes)),
        pool(clock),
        end(clock.Now() + options.run_timeout) {}

  // Ends the run early: calls in flight are not waited for, further ones fail at once.
  void Interrupt() {
    {
      std::lock_guard lock(mutex);
      interrupted = true;
      clock.Notify(changed);
    }
    pool.Interrupt();
  }
  bool Over() const { return interrupted || clock.Now() >= end; }

  const RunOptions options;
  Candidate& candidate;
  const ProviderDescription description;
  const HostCanary& host_canary;
  RunClock& clock;
  // Shared with calls that were left behind, which may create a sandbox after all.
  const std::shared_ptr<SandboxRegister> sandboxes;
  Slots gate;
  const std::shared_ptr<SandboxBudget> budget;  // Shared with them, too.
  HangGuard hangs;
  CallPool pool;
  const SteadyClock::time_point end;
  UniqueWords words;
  std::atomic<std::int64_t> calls{0};
  std::atomic<int> creates_in_flight{0};
  // Those that an adapter took with it when it ended: nobody knows whether they made a sandbox.
  std::atomic<int> creates_lost{0};
  std::atomic<bool> interrupted{false};

  // Destroys a shared sandbox that nobody uses now, for somebody who waits for one; whether there
  // was any.
  std::function<bool()> make_room = [] { return false; };

  // For those who wait for the end of a pause.
  std::mutex mutex;
  std::condition_variable changed;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_RUN_STATE_H_
