#include "conformance/slots.h"

#include <algorithm>

namespace computesdk::conformance {

bool Slots::Acquire(SteadyClock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!WaitUntil(changed_, lock, deadline, [&] { return free_ > 0; })) return false;
  --free_;
  return true;
}

void Slots::Release() {
  std::lock_guard lock(mutex_);
  ++free_;
  changed_.notify_one();
}

// Below this many, a holder needs no turn of its own.
constexpr int kFew = 4;

bool SandboxBudget::MayTake(const void* holder) const {
  if (in_use_ >= limit_) return false;
  const auto own = held_.find(holder);
  if (own == held_.end() || own->second < kFew) return true;
  return std::ranges::none_of(
      held_, [&](const auto& other) { return other.first != holder && other.second > kFew; });
}

SandboxBudget::Answer SandboxBudget::Acquire(const void* holder, SteadyClock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const auto all_own = [&] {
    const auto own = held_.find(holder);
    return own != held_.end() && own->second >= limit_;
  };
  ++waiting_;
  const bool settled =
      WaitUntil(changed_, lock, deadline, [&] { return MayTake(holder) || all_own(); });
  --waiting_;
  if (!settled) return Answer::kTooLate;
  if (!MayTake(holder)) return Answer::kNeverFree;
  ++held_[holder];
  ++in_use_;
  return Answer::kTaken;
}

void SandboxBudget::Release(const void* holder) {
  std::lock_guard lock(mutex_);
  const auto own = held_.find(holder);
  if (own == held_.end()) return;
  --in_use_;
  if (--own->second == 0) held_.erase(own);
  changed_.notify_all();
}

void SandboxBudget::Move(const void* from, const void* to) {
  std::lock_guard lock(mutex_);
  const auto own = held_.find(from);
  if (own == held_.end()) return;
  if (--own->second == 0) held_.erase(own);
  ++held_[to];
  changed_.notify_all();
}

bool SandboxBudget::wanted() const {
  std::lock_guard lock(mutex_);
  return waiting_ > 0;
}

}  // namespace computesdk::conformance
