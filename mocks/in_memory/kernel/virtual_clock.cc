#include "mocks/in_memory/kernel/virtual_clock.h"

#include <algorithm>

namespace computesdk::in_memory {
namespace {

// What a shell needs for the steps between two calls of Work.
constexpr auto kWork = std::chrono::microseconds(100);

// Work that goes on for longer than this without a pause is most likely a loop that never ends:
// its time then passes ever faster, so that a deadline of minutes or hours comes in less than a
// second.
constexpr auto kUsualWork = std::chrono::seconds(10);

// A waiter may miss the notification, which comes without its mutex: it looks again by itself.
constexpr auto kLookAgain = std::chrono::milliseconds(2);

// The clock that this thread attends.
thread_local const VirtualClock* attended = nullptr;

}  // namespace

VirtualClock::VirtualClock(const VirtualClockOptions& options)
    : jumps_(options.jumps), now_(options.start) {}

bool VirtualClock::WaitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                             ClockTime deadline) {
  std::unique_lock<std::mutex> guard(mutex_);
  const auto self =
      waiting_.insert(waiting_.end(), {.deadline = deadline, .condition = &condition});
  none_due_before_ = std::min(none_due_before_.load(), deadline);
  if (--busy_ == 0) Jump();
  if (Now() < deadline) {
    guard.unlock();
    if (deadline == ClockTime::max()) {
      condition.wait(lock);
    } else {
      condition.wait_for(lock, kLookAgain);
    }
    guard.lock();
  }
  // One that is due stays listed until it is busy again, so that nobody jumps past it.
  if (!self->notified) ++busy_;
  waiting_.erase(self);
  return Now() >= deadline;
}

void VirtualClock::Busy() {
  std::lock_guard<std::mutex> lock(mutex_);
  ++busy_;
}

void VirtualClock::Idle() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (--busy_ == 0) Jump();
}

void VirtualClock::Attend() { attended = this; }

void VirtualClock::Leave() {
  attended = nullptr;
  Idle();
}

bool VirtualClock::Attends() const { return attended == this; }

void VirtualClock::Notify(std::condition_variable& condition) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (Waiting& waiting : waiting_) {
    if (waiting.condition != &condition || waiting.notified) continue;
    waiting.notified = true;
    ++busy_;
  }
  condition.notify_all();
}

void VirtualClock::Pause() {
  if (Attends()) Idle();
}

void VirtualClock::Resume() {
  if (Attends()) Busy();
}

void VirtualClock::Pass(std::chrono::nanoseconds duration) {
  ClockTime before = now_;
  while (!now_.compare_exchange_weak(before, before + duration)) {
  }
}

void VirtualClock::Work() {
  const std::chrono::nanoseconds worked = worked_;
  const auto work = std::max<std::chrono::nanoseconds>(kWork, worked / (kUsualWork / kWork));
  worked_ = worked + work;
  Pass(work);
  if (Now() < none_due_before_.load()) return;
  std::lock_guard<std::mutex> lock(mutex_);
  WakeWhoIsDue();
}

void VirtualClock::Advance(std::chrono::nanoseconds duration) {
  std::lock_guard<std::mutex> lock(mutex_);
  Pass(duration);
  WakeWhoIsDue();
}

bool VirtualClock::Sleep(std::ptrdiff_t count) const {
  const auto due = [&](const Waiting& waiting) { return waiting.deadline <= Now(); };
  const auto sleeps = [](const Waiting& waiting) { return waiting.deadline != ClockTime::max(); };
  return busy_ == 0 && std::ranges::none_of(waiting_, due) &&
         std::ranges::count_if(waiting_, sleeps) >= count;
}

void VirtualClock::AwaitSleepers(std::ptrdiff_t count) {
  std::unique_lock<std::mutex> lock(mutex_);
  everybody_waits_.wait(lock, [&] { return Sleep(count); });
}

void VirtualClock::Jump() {
  worked_ = std::chrono::nanoseconds{};
  everybody_waits_.notify_all();
  if (waiting_.empty() || !jumps_) return;
  const auto first =
      std::min_element(waiting_.begin(), waiting_.end(),
                       [](const Waiting& a, const Waiting& b) { return a.deadline < b.deadline; });
  if (first->deadline == ClockTime::max()) return;
  now_ = std::max(Now(), first->deadline);
  WakeWhoIsDue();
}

void VirtualClock::WakeWhoIsDue() {
  const ClockTime now = Now();
  ClockTime next = ClockTime::max();
  for (const Waiting& waiting : waiting_) {
    if (waiting.deadline <= now) {
      waiting.condition->notify_all();
    } else {
      next = std::min(next, waiting.deadline);
    }
  }
  none_due_before_ = next;
}

}  // namespace computesdk::in_memory
