#include "mocks/in_memory/kernel/turn.h"

namespace computesdk::in_memory {

void Turn::Ask(Waiter& waiter) {
  State state;
  do {
    state = kFree;
    if (state_.compare_exchange_strong(state, kHeld)) {
      clock_.Busy();
      Grant(waiter);
      return;
    }
  } while (state == kHeld && !state_.compare_exchange_strong(state, kWanted));
  waiter.next_ = nullptr;
  (last_ != nullptr ? last_->next_ : first_) = &waiter;
  last_ = &waiter;
}

void Turn::Grant(Waiter& waiter) {
  if (waiter.enlisted_) {
    waiter.enlisted_ = false;
    start_(waiter);
    return;
  }
  waiter.granted_ = true;
  waiter.condition_.notify_one();
}

// Takes the first one that waits off the queue.
Turn::Waiter* Turn::Next() {
  Waiter* next = first_;
  if (next == nullptr) return nullptr;
  first_ = next->next_;
  if (first_ == nullptr) {
    last_ = nullptr;
    state_ = kHeld;
  }
  return next;
}

void Turn::PassOn() {
  owner_.store({}, std::memory_order_relaxed);
  if (Waiter* next = Next()) {
    Grant(*next);
    return;
  }
  state_ = kFree;
  clock_.Idle();
}

void Turn::Await(std::unique_lock<std::mutex>& lock, Waiter& waiter) {
  if (!waiter.granted_) {
    clock_.Pause();
    while (!waiter.granted_) waiter.condition_.wait(lock);
    clock_.Resume();
  }
  waiter.granted_ = false;
  owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void Turn::Acquire(Waiter& waiter) {
  std::unique_lock<std::mutex> lock(mutex_);
  Ask(waiter);
  Await(lock, waiter);
}

bool Turn::TryAcquire() {
  State state = kFree;
  if (!state_.compare_exchange_strong(state, kHeld)) return false;
  clock_.Busy();
  Begin();
  return true;
}

void Turn::Release() {
  owner_.store({}, std::memory_order_relaxed);
  State state = kHeld;
  if (state_.compare_exchange_strong(state, kFree)) {
    clock_.Idle();
    return;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  PassOn();
}

void Turn::Enlist(Waiter& waiter) {
  std::lock_guard<std::mutex> lock(mutex_);
  waiter.enlisted_ = true;
  Ask(waiter);
}

void Turn::Begin() { owner_.store(std::this_thread::get_id(), std::memory_order_relaxed); }

Turn::Waiter* Turn::ReleaseOrTakeOver() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (first_ == nullptr || !first_->enlisted_) {
    PassOn();
    return nullptr;
  }
  Waiter* next = Next();
  next->enlisted_ = false;
  return next;
}

bool Turn::TakeOver(Waiter& waiter) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (first_ != &waiter || !waiter.enlisted_) return false;
  Next()->enlisted_ = false;
  return true;
}

void Turn::Yield(Waiter& waiter) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (first_ == nullptr) return;
  Ask(waiter);
  PassOn();
  Await(lock, waiter);
}

void Turn::Block(Waiter& waiter, ClockTime until) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (waiter.wake_) {
    waiter.wake_ = false;
    return;
  }
  waiter.blocked_ = true;
  // Busy until the clock knows what it waits for: it would jump past that.
  clock_.Busy();
  clock_.Pause();
  PassOn();
  while (waiter.blocked_) {
    if (!clock_.WaitUntil(lock, waiter.condition_, until) || !waiter.blocked_) continue;
    waiter.blocked_ = false;
    Ask(waiter);
  }
  clock_.Resume();
  clock_.Idle();
  Await(lock, waiter);
}

void Turn::Wake(Waiter& waiter) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!waiter.blocked_) {
    waiter.wake_ = true;
    return;
  }
  waiter.blocked_ = false;
  Ask(waiter);
}

}  // namespace computesdk::in_memory
