#include "conformance/call_pool.h"

#include <atomic>
#include <thread>
#include <utility>

namespace computesdk::conformance {

struct CallPool::Stragglers {
  std::atomic<int> count{0};
};

struct CallPool::Worker {
  explicit Worker(RunClock& run_clock) : clock(run_clock) {}

  RunClock& clock;
  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> call;
  std::optional<SteadyClock::time_point> interrupted;
  bool finished = false;
  bool left_behind = false;
  bool stop = false;
  std::thread thread;

  // The body of the thread.
  void Serve(Stragglers& stragglers) {
    clock.Attend();
    ServeUntilStopped(stragglers);
    clock.Leave();
  }

 private:
  void ServeUntilStopped(Stragglers& stragglers) {
    std::unique_lock lock(mutex);
    while (true) {
      clock.WaitUntil(changed, lock, SteadyClock::time_point::max(), [&] { return stop || call; });
      if (!call) return;
      std::function<void()> taken = std::exchange(call, nullptr);
      lock.unlock();
      taken();
      taken = nullptr;
      lock.lock();
      finished = true;
      clock.Notify(changed);
      if (left_behind) {
        --stragglers.count;
        return;
      }
    }
  }
};

CallPool::CallPool(RunClock& clock) : clock_(clock), stragglers_(std::make_shared<Stragglers>()) {}

CallPool::~CallPool() {
  for (const std::shared_ptr<Worker>& worker : idle_) {
    {
      std::lock_guard lock(worker->mutex);
      worker->stop = true;
      clock_.Notify(worker->changed);
    }
    worker->thread.join();
  }
}

std::shared_ptr<CallPool::Worker> CallPool::TakeWorker() {
  std::lock_guard lock(mutex_);
  std::shared_ptr<Worker> worker;
  if (idle_.empty()) {
    worker = std::make_shared<Worker>(clock_);
    clock_.Announce();
    // It may outlive the pool: it keeps alive what it uses.
    worker->thread =
        std::thread([worker, stragglers = stragglers_] { worker->Serve(*stragglers); });
  } else {
    worker = std::move(idle_.back());
    idle_.pop_back();
  }
  worker->interrupted = interrupted_;
  busy_.push_back(worker);
  return worker;
}

bool CallPool::Await(Worker& worker, SteadyClock::time_point deadline,
                     std::chrono::milliseconds grace) {
  std::unique_lock lock(worker.mutex);
  const bool was_interrupted = worker.interrupted.has_value();
  const auto settled = [&] {
    return worker.finished || worker.interrupted.has_value() != was_interrupted;
  };
  if (was_interrupted) deadline = std::min(deadline, clock_.Now() + grace);
  clock_.WaitUntil(worker.changed, lock, deadline, settled);
  if (!worker.finished && !was_interrupted && worker.interrupted) {
    clock_.WaitUntil(worker.changed, lock, std::min(deadline, *worker.interrupted + grace),
                     [&] { return worker.finished; });
  }
  if (worker.finished) return true;
  worker.left_behind = true;
  ++stragglers_->count;
  worker.thread.detach();
  return false;
}

bool CallPool::Run(std::function<void()> call, SteadyClock::time_point deadline,
                   std::chrono::milliseconds grace) {
  const std::shared_ptr<Worker> worker = TakeWorker();
  {
    std::lock_guard lock(worker->mutex);
    worker->finished = false;
    worker->call = std::move(call);
    clock_.Notify(worker->changed);
  }
  const bool done = Await(*worker, deadline, grace);
  std::lock_guard lock(mutex_);
  std::erase(busy_, worker);
  if (done) idle_.push_back(worker);
  return done;
}

void CallPool::Interrupt() {
  std::lock_guard lock(mutex_);
  if (interrupted_) return;
  interrupted_ = clock_.Now();
  for (const std::shared_ptr<Worker>& worker : busy_) {
    std::lock_guard worker_lock(worker->mutex);
    worker->interrupted = interrupted_;
    clock_.Notify(worker->changed);
  }
}

bool CallPool::HasStragglers() const { return stragglers_->count > 0; }

}  // namespace computesdk::conformance
