#include "mocks/in_memory/kernel/thread_pool.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {
namespace {

constexpr auto kKeepIdle = std::chrono::seconds(2);

class ThreadPool {
 public:
  bool Reserve() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (idle_.size() == reserved_ && !StartThread()) return false;
    ++reserved_;
    return true;
  }

  void Return() {
    std::lock_guard<std::mutex> lock(mutex_);
    --reserved_;
  }

  void Run(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    --reserved_;
    Worker* worker = TakeIdle();
    worker->task = std::move(task);
    worker->condition.notify_one();
  }

  int Count() {
    std::lock_guard<std::mutex> lock(mutex_);
    return threads_;
  }

 private:
  struct Worker {
    ThreadPool* pool;
    std::function<void()> task;
    std::condition_variable condition;
    int processor = -1;  // Where it ran last.
  };

  // The one that rested last: its stack is still warm, and the others come to their end. Rather one
  // of this processor: the caller will soon wait for it, and the others may be busy with other
  // sandboxes. After a flood of processes thousands rest, so it does not look at all of them.
  Worker* TakeIdle() {
    constexpr std::ptrdiff_t kLooks = 8;
    const int here = sched_getcpu();
    const auto last = idle_.rbegin();
    const auto end = last + std::min<std::ptrdiff_t>(kLooks, std::ssize(idle_));
    auto found = std::find_if(last, end, [&](const Worker* w) { return w->processor == here; });
    if (found == end) found = last;
    Worker* worker = *found;
    idle_.erase(std::next(found).base());
    return worker;
  }

  static void* Main(void* argument) {
    std::unique_ptr<Worker> worker(static_cast<Worker*>(argument));
    worker->pool->Work(*worker);
    return nullptr;
  }

  // std::thread takes the stack size of the environment, which may be anything.
  bool StartThread() {
    auto worker = std::make_unique<Worker>();
    worker->pool = this;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setstacksize(&attributes, kProcessStackBytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    const bool started = pthread_create(&thread, &attributes, &Main, worker.get()) == 0;
    pthread_attr_destroy(&attributes);
    if (!started) return false;
    idle_.push_back(worker.release());
    ++threads_;
    return true;
  }

  void Work(Worker& worker) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (AwaitTask(lock, worker)) {
      std::function<void()> task = std::exchange(worker.task, nullptr);
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
      worker.processor = sched_getcpu();
      idle_.push_back(&worker);
    }
    std::erase(idle_, &worker);
    --threads_;
  }

  // False if nobody needed the thread for a while.
  bool AwaitTask(std::unique_lock<std::mutex>& lock, Worker& worker) {
    while (!worker.task) {
      const bool timed_out = worker.condition.wait_for(lock, kKeepIdle) == std::cv_status::timeout;
      if (timed_out && !worker.task && idle_.size() > reserved_) return false;
    }
    return true;
  }

  std::mutex mutex_;
  std::vector<Worker*> idle_;
  std::size_t reserved_ = 0;  // Of the idle ones.
  int threads_ = 0;
};

// Never destroyed: its threads may rest in it until the program has ended.
ThreadPool& Pool() {
  static ThreadPool* pool = new ThreadPool;
  return *pool;
}

}  // namespace

bool ReservePoolThread() { return Pool().Reserve(); }

void ReturnPoolThread() { Pool().Return(); }

void RunOnPoolThread(std::function<void()> task) { Pool().Run(std::move(task)); }

int PoolThreadCount() { return Pool().Count(); }

}  // namespace computesdk::in_memory
