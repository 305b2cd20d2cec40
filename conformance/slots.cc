#include "conformance/slots.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace computesdk::conformance {

bool Slots::Acquire(SteadyClock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!clock_.WaitUntil(changed_, lock, deadline, [&] { return free_ > 0; })) return false;
  --free_;
  return true;
}

void Slots::Release() {
  std::lock_guard lock(mutex_);
  ++free_;
  clock_.Notify(changed_);
}

int SandboxBudget::Reserve(Holder holder, int wanted) {
  std::lock_guard lock(mutex_);
  return reserved_[holder] = std::clamp(wanted, 0, Usable());
}

void SandboxBudget::Forget(Holder holder) {
  std::lock_guard lock(mutex_);
  reserved_.erase(holder);
  clock_.Notify(changed_);
}

int SandboxBudget::Claim(Holder holder) const {
  const auto reserved = reserved_.find(holder);
  return std::min(Usable(), reserved == reserved_.end() ? kUnreserved : reserved->second);
}

int SandboxBudget::Held(Holder holder) const {
  const auto held = held_.find(holder);
  return held == held_.end() ? 0 : held->second;
}

int SandboxBudget::AllHeld() const {
  int all = 0;
  for (const auto& [holder, count] : held_) all += count;
  return all;
}

// Whether all holders can come to what they may hold: those who lack the least first, each of which
// gives back what it had.
bool SandboxBudget::IsSafe() const {
  int free = Usable() - AllHeld();
  if (free < 0) return false;
  std::vector<std::pair<int, int>> holders;  // What it lacks, what it holds.
  for (const auto& [holder, count] : held_) holders.emplace_back(Claim(holder) - count, count);
  std::ranges::sort(holders);
  for (const auto& [lacks, count] : holders) {
    if (lacks > free) return false;
    free += count;
  }
  return true;
}

bool SandboxBudget::MayTake(Holder holder) {
  if (Held(holder) >= Claim(holder)) return false;
  ++held_[holder];
  const bool safe = IsSafe();
  Drop(holder);
  return safe;
}

void SandboxBudget::Drop(Holder holder) {
  const auto held = held_.find(holder);
  if (held != held_.end() && --held->second == 0) held_.erase(held);
}

SandboxBudget::Answer SandboxBudget::Acquire(Holder holder, SteadyClock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const bool first = Held(holder) > 0 || reserved_.contains(holder);
  const auto never = [&] { return Held(holder) >= Claim(holder); };
  const auto may = [&] { return (first || first_in_line_ == 0) && MayTake(holder); };
  if (first) ++first_in_line_;
  const bool settled = clock_.WaitUntil(changed_, lock, deadline, [&] { return never() || may(); });
  if (first && --first_in_line_ == 0) clock_.Notify(changed_);
  if (!settled) return Answer::kTooLate;
  if (never()) return Answer::kNeverFree;
  ++held_[holder];
  return Answer::kTaken;
}

void SandboxBudget::Release(Holder holder) {
  std::lock_guard lock(mutex_);
  Drop(holder);
  clock_.Notify(changed_);
}

void SandboxBudget::MakeIdle(Holder holder) {
  std::lock_guard lock(mutex_);
  Drop(holder);
  ++idle_;
  clock_.Notify(changed_);
}

void SandboxBudget::EndIdle() {
  std::lock_guard lock(mutex_);
  --idle_;
  clock_.Notify(changed_);
}

bool SandboxBudget::AwaitPlace(SteadyClock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return clock_.WaitUntil(changed_, lock, deadline, [&] { return AllHeld() + idle_ <= Usable(); });
}

void SandboxBudget::Lose(Holder holder) {
  std::lock_guard lock(mutex_);
  if (holder == nullptr) {
    --idle_;
  } else {
    Drop(holder);
  }
  ++lost_;
  clock_.Notify(changed_);
}

void SandboxBudget::Recover() {
  std::lock_guard lock(mutex_);
  --lost_;
  clock_.Notify(changed_);
}

int SandboxBudget::lost() const {
  std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace computesdk::conformance
