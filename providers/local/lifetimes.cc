#include "providers/local/lifetimes.h"

#include <chrono>
#include <utility>

namespace computesdk::local {

Lifetimes::~Lifetimes() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Lifetimes::Set(const std::string& id, Timestamp ends_at) {
  const std::lock_guard lock(mutex_);
  ends_.emplace(ends_at, id);
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  changed_.notify_all();
}

void Lifetimes::Work() {
  std::unique_lock lock(mutex_);
  while (!leaving_) {
    if (ends_.empty()) {
      changed_.wait(lock);
    } else if (std::chrono::system_clock::now() < ends_.begin()->first) {
      changed_.wait_until(lock, ends_.begin()->first);
    } else {
      const std::string id = ends_.extract(ends_.begin()).mapped();
      lock.unlock();
      end_(id);
      lock.lock();
    }
  }
}

}  // namespace computesdk::local
