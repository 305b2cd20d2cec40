#include "conformance/shared_sandboxes.h"

#include <utility>

namespace computesdk::conformance {

constexpr int kTries = 3;

std::optional<SharedSandbox> SharedSandboxes::TakeIdle(int incarnation) {
  std::vector<SharedSandbox> stale;
  std::optional<SharedSandbox> found;
  {
    std::lock_guard lock(mutex_);
    while (!idle_.empty() && !found) {
      SharedSandbox sandbox = std::move(idle_.back());
      idle_.pop_back();
      // One of an adapter that crashed may be gone, or half gone.
      if (sandbox.owner->incarnation().number == incarnation) {
        found = std::move(sandbox);
      } else {
        stale.push_back(std::move(sandbox));
      }
    }
  }
  for (SharedSandbox& sandbox : stale) Destroy(std::move(sandbox));
  return found;
}

Result<SharedSandbox> SharedSandboxes::Take(TrackedProvider& user) {
  {
    std::lock_guard lock(mutex_);
    if (idle_.empty() && errors_in_a_row_ >= kTries) return tl::unexpected<Error>(*last_error_);
  }
  // The room first: whoever had an idle one and waited for room would keep it from the others.
  if (std::optional<Error> full = user.TakeRoom()) return tl::unexpected<Error>(*full);
  if (std::optional<SharedSandbox> found = TakeIdle(user.incarnation().number)) {
    found->owner->TakeUp(user);
    return std::move(*found);
  }
  return Make(user);
}

Result<SharedSandbox> SharedSandboxes::Make(TrackedProvider& user) {
  auto owner =
      std::make_unique<TrackedProvider>(run_, user.incarnation(), run_.options.check_timeout);
  Result<SandboxRef> ref = owner->CreateFor(user, {});
  std::lock_guard lock(mutex_);
  if (ref && ref->sandbox_id.empty()) {
    ref = MakeError(ErrorCode::kInternal, "create gave an empty id");
  }
  if (!ref) {
    // The kit's own refusals (no room, the end of the run) are no failure of the candidate.
    if (owner->hindrance().empty()) ++errors_in_a_row_;
    last_error_ = ref.error();
    return tl::unexpected<Error>(ref.error());
  }
  errors_in_a_row_ = 0;
  return SharedSandbox{std::move(*ref), std::move(owner)};
}

void SharedSandboxes::Destroy(SharedSandbox sandbox) {
  const std::vector<std::string> failed = sandbox.owner->CleanUp();
  std::lock_guard lock(mutex_);
  failures_.insert(failures_.end(), failed.begin(), failed.end());
}

void SharedSandboxes::Return(SharedSandbox sandbox, bool usable) {
  if (!usable) return Destroy(std::move(sandbox));
  std::lock_guard lock(mutex_);
  sandbox.owner->MakeIdle();
  idle_.push_back(std::move(sandbox));
}

bool SharedSandboxes::MakeRoom() {
  std::optional<SharedSandbox> sandbox;
  {
    std::lock_guard lock(mutex_);
    if (idle_.empty()) return false;
    sandbox = std::move(idle_.back());
    idle_.pop_back();
  }
  Destroy(std::move(*sandbox));
  return true;
}

void SharedSandboxes::Clear() {
  while (MakeRoom()) {
  }
}

std::vector<std::string> SharedSandboxes::failures() const {
  std::lock_guard lock(mutex_);
  return failures_;
}

}  // namespace computesdk::conformance
