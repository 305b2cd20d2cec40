#include "conformance/hang_guard.h"

namespace computesdk::conformance {

void HangGuard::Answered(const std::string& method) {
  std::lock_guard lock(mutex_);
  methods_[method].answered = true;
  all_.answered = true;
}

void HangGuard::Unanswered(const std::string& method) {
  std::lock_guard lock(mutex_);
  ++methods_[method].unanswered;
  ++all_.unanswered;
}

std::optional<std::string> HangGuard::Objection(const std::string& method) const {
  std::lock_guard lock(mutex_);
  if (all_.Hopeless()) {
    return "not sent: of " + std::to_string(all_.unanswered) + " calls none was answered";
  }
  const auto count = methods_.find(method);
  if (count == methods_.end() || !count->second.Hopeless()) return std::nullopt;
  return "not sent: of " + std::to_string(count->second.unanswered) + " calls of " + method +
         " none was answered";
}

}  // namespace computesdk::conformance
