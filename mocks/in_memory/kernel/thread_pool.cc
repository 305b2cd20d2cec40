#include "mocks/in_memory/kernel/thread_pool.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
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
  bool Run(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (idle_.empty()) return StartThread(std::move(task));
    // The one that rested last: its stack is still warm, and the others come to their end.
    Worker* worker = idle_.back();
    idle_.pop_back();
    worker->task = std::move(task);
    worker->condition.notify_one();
    return true;
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
  };

  static void* Main(void* argument) {
    std::unique_ptr<Worker> worker(static_cast<Worker*>(argument));
    worker->pool->Work(*worker);
    return nullptr;
  }

  // std::thread takes the stack size of the environment, which may be anything.
  bool StartThread(std::function<void()> task) {
    auto worker = std::make_unique<Worker>();
    worker->pool = this;
    worker->task = std::move(task);
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setstacksize(&attributes, kProcessStackBytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    const bool started = pthread_create(&thread, &attributes, &Main, worker.get()) == 0;
    pthread_attr_destroy(&attributes);
    if (!started) return false;
    (void)worker.release();
    ++threads_;
    return true;
  }

  void Work(Worker& worker) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (worker.task) {
      std::function<void()> task = std::exchange(worker.task, nullptr);
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
      idle_.push_back(&worker);
      worker.condition.wait_for(lock, kKeepIdle, [&] { return worker.task != nullptr; });
      if (!worker.task) std::erase(idle_, &worker);
    }
    --threads_;
  }

  std::mutex mutex_;
  std::vector<Worker*> idle_;
  int threads_ = 0;
};

// Never destroyed: its threads may rest in it until the program has ended.
ThreadPool& Pool() {
  static ThreadPool* pool = new ThreadPool;
  return *pool;
}

}  // namespace

bool RunOnPoolThread(std::function<void()> task) { return Pool().Run(std::move(task)); }

int PoolThreadCount() { return Pool().Count(); }

}  // namespace computesdk::in_memory
