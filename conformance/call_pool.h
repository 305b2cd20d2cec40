#ifndef COMPUTESDK_CONFORMANCE_CALL_POOL_H_
#define COMPUTESDK_CONFORMANCE_CALL_POOL_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "conformance/run_clock.h"

namespace computesdk::conformance {

// Runs calls on threads of its own, so that one that never returns can be left behind. May be used
// from several threads.
class CallPool {
 public:
  // The clock has to outlive every call.
  explicit CallPool(RunClock& clock);
  // Ends the idle threads. One that was left behind goes on, and ends when its call returns.
  ~CallPool();
  CallPool(const CallPool&) = delete;
  CallPool& operator=(const CallPool&) = delete;

  // Runs `call` and waits for it until `deadline`; false if it was left behind. A call owns what
  // it touches, as it may outlive this pool. Once the pool is interrupted, a call has `grace` left.
  bool Run(std::function<void()> call, SteadyClock::time_point deadline,
           std::chrono::milliseconds grace = {});

  // Ends the waits of all calls, those in flight too.
  void Interrupt();

  // Whether a call was left behind and has not returned since.
  bool HasStragglers() const;

 private:
  struct Worker;
  struct Stragglers;

  std::shared_ptr<Worker> TakeWorker();
  bool Await(Worker& worker, SteadyClock::time_point deadline, std::chrono::milliseconds grace);

  RunClock& clock_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Worker>> idle_;
  std::vector<std::shared_ptr<Worker>> busy_;
  std::optional<SteadyClock::time_point> interrupted_;
  std::shared_ptr<Stragglers> stragglers_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CALL_POOL_H_
