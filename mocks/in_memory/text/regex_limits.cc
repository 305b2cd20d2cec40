#include "mocks/in_memory/text/regex_limits.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kMaxDepth = 250;
constexpr std::size_t kMaxStates = 50'000;  // RE_DUP_MAX, 32767, is still within.

// Adds up how many states a pattern has, once its intervals are written out.
class StateCounter {
 public:
  StateCounter(std::string_view pattern, bool extended) : pattern_(pattern), extended_(extended) {}

  bool WithinLimits() {
    while (at_ < pattern_.size()) {
      Step();
      if (groups_.size() > kMaxDepth || groups_.back() + last_ > kMaxStates) return false;
    }
    return true;
  }

 private:
  void Step() {
    const char c = pattern_[at_];
    const bool escaped = c == '\\' && at_ + 1 < pattern_.size();
    const char symbol = escaped ? pattern_[at_ + 1] : c;
    if (c == '[') {
      Atom(BracketEnd());
    } else if (symbol == '(' && escaped != extended_) {
      EndAtom();
      groups_.push_back(0);
      at_ += escaped ? 2 : 1;
    } else if (symbol == ')' && escaped != extended_ && groups_.size() > 1) {
      EndAtom();
      last_ = groups_.back() + 1;
      groups_.pop_back();
      at_ += escaped ? 2 : 1;
    } else if (symbol == '{' && escaped != extended_) {
      last_ *= std::max<std::size_t>(Repetitions(at_ + (escaped ? 2 : 1)), 1);
      at_ += escaped ? 2 : 1;
    } else {
      Atom(at_ + (escaped ? 2 : 1));
    }
  }

  void EndAtom() {
    groups_.back() += last_;
    last_ = 0;
  }

  void Atom(std::size_t end) {
    EndAtom();
    last_ = 1;
    at_ = end;
  }

  std::size_t BracketEnd() const {
    std::size_t i = at_ + 1;
    if (i < pattern_.size() && pattern_[i] == '^') ++i;
    if (i < pattern_.size() && pattern_[i] == ']') ++i;
    while (i < pattern_.size() && pattern_[i] != ']') {
      const bool named = pattern_[i] == '[' && i + 1 < pattern_.size() &&
                         std::string_view(".:=").find(pattern_[i + 1]) != std::string_view::npos;
      if (named) {
        const char closing[] = {pattern_[i + 1], ']'};
        const auto end = pattern_.find(std::string_view(closing, 2), i + 2);
        if (end != std::string_view::npos) i = end + 1;
      }
      ++i;
    }
    return std::min(i + 1, pattern_.size());
  }

  // The larger number of the interval at `at`.
  std::size_t Repetitions(std::size_t at) const {
    std::size_t most = 0;
    std::size_t number = 0;
    for (; at < pattern_.size(); ++at) {
      const char c = pattern_[at];
      if (c >= '0' && c <= '9') {
        number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(c - '0'), kMaxStates);
      } else if (c == ',') {
        number = 0;
      } else {
        break;
      }
      most = std::max(most, number);
    }
    return most;
  }

  std::string_view pattern_;
  const bool extended_;
  std::size_t at_ = 0;
  std::vector<std::size_t> groups_ = {0};  // States of the groups that are open, the whole first.
  std::size_t last_ = 0;                   // Of what an interval would repeat.
};

}  // namespace

bool RegexWithinLimits(std::string_view pattern, bool extended) {
  return StateCounter(pattern, extended).WithinLimits();
}

}  // namespace computesdk::in_memory
