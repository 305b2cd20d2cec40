#include "conformance/checks/tally.h"

#include <utility>

namespace computesdk::conformance {

void Tally::Add(std::string wrong) {
  const std::lock_guard lock(mutex_);
  ++tries_;
  if (wrong.empty()) return;
  if (wrong_++ == 0) first_ = std::move(wrong);
}

void Tally::Report(CheckContext& ctx, std::string_view subject, std::string_view expected) const {
  const std::lock_guard lock(mutex_);
  if (wrong_ == 0) return;
  ctx.Fail({std::string(subject),
            std::string(expected) + " each of " + std::to_string(tries_) + " times",
            "something else " + std::to_string(wrong_) + " times; the first: " + first_});
}

}  // namespace computesdk::conformance
