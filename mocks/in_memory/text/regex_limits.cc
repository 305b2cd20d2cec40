#include "mocks/in_memory/text/regex_limits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kMaxDepth = 250;
constexpr std::size_t kMaxStates = 50'000;  // RE_DUP_MAX, 32767, is still within.

// Where the bracket expression that begins at `at` ends.
std::size_t BracketEnd(std::string_view pattern, std::size_t at) {
  std::size_t i = at + 1;
  if (i < pattern.size() && pattern[i] == '^') ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;
  while (i < pattern.size() && pattern[i] != ']') {
    const bool named = pattern[i] == '[' && i + 1 < pattern.size() &&
                       std::string_view(".:=").find(pattern[i + 1]) != std::string_view::npos;
    if (named) {
      const char closing[] = {pattern[i + 1], ']'};
      const auto end = pattern.find(std::string_view(closing, 2), i + 2);
      if (end != std::string_view::npos) i = end + 1;
    }
    ++i;
  }
  return std::min(i + 1, pattern.size());
}

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
      Atom(BracketEnd(pattern_, at_));
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
    } else if (symbol == '+' && escaped != extended_) {
      // "a+" is written out as "aa*".
      last_ *= 2;
      at_ += escaped ? 2 : 1;
    } else if ((symbol == '*' && !escaped) || (symbol == '?' && escaped != extended_)) {
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

int BackReferenceDepth(std::string_view pattern, bool extended) {
  int references = 0;
  bool repeats = false;
  bool after_group = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const bool escaped = pattern[i] == '\\' && i + 1 < pattern.size();
    const char c = escaped ? pattern[i + 1] : pattern[i];
    if (pattern[i] == '[') {
      i = BracketEnd(pattern, i);
      after_group = false;
      continue;
    }
    if (escaped && c >= '1' && c <= '9') ++references;
    const bool repetition = c == '*' ? !escaped : (c == '+' || c == '{') && escaped != extended;
    repeats = repeats || (after_group && repetition);
    after_group = c == ')' && escaped != extended;
    i += escaped ? 2 : 1;
  }
  return references == 0 ? 0 : references + (repeats ? 1 : 0);
}

bool BackReferencesTooHard(int depth, std::string_view text) {
  if (depth == 0) return false;
  // Pairs of places, times the length of the text: what takes a few tenths of a second.
  constexpr std::array<double, 3> kMost = {2e7, 1e5, 8e3};
  std::vector<std::uint16_t> places;
  for (std::size_t i = 1; i < text.size(); ++i) {
    places.push_back(static_cast<std::uint16_t>(static_cast<unsigned char>(text[i - 1]) << 8 |
                                                static_cast<unsigned char>(text[i])));
  }
  std::sort(places.begin(), places.end());
  double pairs = 0;
  for (std::size_t i = 1, alike = 0; i < places.size(); ++i) {
    alike = places[i] == places[i - 1] ? alike + 1 : 0;
    pairs += static_cast<double>(alike);
  }
  const std::size_t step = std::min<std::size_t>(static_cast<std::size_t>(depth), kMost.size()) - 1;
  return pairs * static_cast<double>(text.size()) > kMost[step];
}

}  // namespace computesdk::in_memory
