#include <string>
#include <utility>

#include "conformance/tracked_provider.h"

// Room for sandboxes: waiting for it, and giving it back.
namespace computesdk::conformance {

// Looks again and again; the time that it takes does not count.
template <typename Attempt>
std::optional<Error> TrackedProvider::WaitForRoom(Attempt attempt) {
  constexpr Milliseconds kLook{100};
  for (Milliseconds look{0}; !attempt(run_.clock.Now() + look); look = kLook) {
    if (std::optional<Error> refusal = Refusal("create")) return refusal;
    std::lock_guard lock(mutex_);
    deadline_ += look;
  }
  return std::nullopt;
}

std::optional<Error> TrackedProvider::TakeRoom() {
  SandboxBudget::Answer answer = SandboxBudget::Answer::kTooLate;
  std::optional<Error> refusal = WaitForRoom([&](SteadyClock::time_point latest) {
    answer = run_.budget->Acquire(holder_, latest);
    return answer != SandboxBudget::Answer::kTooLate;
  });
  if (refusal || answer == SandboxBudget::Answer::kTaken) return refusal;
  const int lost = run_.budget->lost();
  std::string reason = "no room for another sandbox of this check: at most " +
                       std::to_string(run_.budget->limit()) +
                       " are alive at once (--max-sandboxes)";
  if (lost > 0) reason += ", and " + std::to_string(lost) + " could not be destroyed";
  return Hindered(ErrorCode::kResourceExhausted, std::move(reason));
}

// Idle ones make way.
std::optional<Error> TrackedProvider::AwaitPlace() {
  return WaitForRoom([&](SteadyClock::time_point latest) {
    return run_.budget->AwaitPlace(run_.clock.Now()) || (run_.make_room(), false) ||
           run_.budget->AwaitPlace(latest);
  });
}

void TrackedProvider::GiveRoom() { run_.budget->Release(this); }

int TrackedProvider::ReserveSandboxes(int wanted) { return run_.budget->Reserve(this, wanted); }

void TrackedProvider::EndRoom() {
  if (holder_ == nullptr) {
    run_.budget->EndIdle();
  } else {
    run_.budget->Release(holder_);
  }
}

void TrackedProvider::LoseRoom() { run_.budget->Lose(holder_); }

std::optional<Error> TrackedProvider::PrepareRoom() {
  if (std::optional<Error> full = TakeRoom()) return full;
  {
    std::lock_guard lock(mutex_);
    has_room_ = true;
  }
  return AwaitPlace();
}

bool TrackedProvider::UsePreparedRoom() {
  std::lock_guard lock(mutex_);
  return std::exchange(has_room_, false);
}

void TrackedProvider::MakeIdle() { run_.budget->MakeIdle(std::exchange(holder_, nullptr)); }

void TrackedProvider::TakeUp(TrackedProvider& user) {
  run_.budget->EndIdle();
  holder_ = &user;
}

}  // namespace computesdk::conformance
