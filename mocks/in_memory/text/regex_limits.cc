#include "mocks/in_memory/text/regex_limits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kMaxDepth = 250;
constexpr std::size_t kMaxStates = 50'000;  // RE_DUP_MAX, 32767, is still within.
// What may be empty takes the library the longer the deeper it is repeated: "((a*)+)+" five times
// as long for each "+".
constexpr std::size_t kRepeatedEmpty = 5;
// With an anchor before them, each such repetition takes it twice as long as the one before; with
// two anchors in a loop, four times.
constexpr std::size_t kMaxAnchoredLoops = 12;
// Where a loop repeats what may be empty it follows every way to match nothing that leads to the
// loop and through it, one by one: "((a*){1,9}){9}" has 9 to the power of 9.
constexpr double kMaxEmptyWays = 20'000;
// Of each state it keeps those that are reached from it by matching nothing, eight bytes each:
// "a{,4000}" has half of 4000 times 4000. On each of the ways to a loop it goes through them.
constexpr double kMaxClosure = 2e7;
constexpr double kMaxClosureWays = 2e8;
constexpr double kManyWays = 1e9;  // More are not told apart.

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

// One symbol, a backslash with what it escapes, or a bracket expression.
struct Token {
  char symbol = '\0';  // The first; behind a backslash the one that it escapes.
  bool escaped = false;
  std::size_t end = 0;
};

Token TokenAt(std::string_view pattern, std::size_t at) {
  if (pattern[at] == '[') return {'[', false, BracketEnd(pattern, at)};
  const bool escaped = pattern[at] == '\\' && at + 1 < pattern.size();
  if (escaped) return {pattern[at + 1], true, at + 2};
  return {pattern[at], false, at + 1};
}

// Adds up how many states a pattern has, once its intervals are written out, and counts those more
// that the library has a hard time with.
class StateCounter {
 public:
  StateCounter(std::string_view pattern, bool extended) : pattern_(pattern), extended_(extended) {}

  bool WithinLimits() {
    while (at_ < pattern_.size()) {
      Step();
      const std::size_t states = groups_.back().cost.states + last_.states;
      const double closure = groups_.back().cost.closure + last_.closure;
      if (groups_.size() > kMaxDepth || states > kMaxStates || closure > kMaxClosure || too_hard_) {
        return false;
      }
    }
    EndAtom();
    const Cost& all = groups_.back().cost;
    return all.anchors == 0 || all.empty_loops <= kMaxAnchoredLoops;
  }

 private:
  struct Cost {
    std::size_t states = 0;
    std::size_t anchors = 0;
    std::size_t empty_loops = 0;  // Repetitions of what may be empty already.
    bool cycle = false;           // One of these is a loop.
    std::size_t references = 0;   // To groups: what they match may be nothing.
    double size = 0;              // States, as they are.
    double closure = 0;           // Pairs of states, the one reached from the other by nothing.
  };

  struct Group {
    Cost cost = {};
    double ways = 1;         // In how many ways the branch that is read can match nothing.
    double branch_ways = 0;  // Those before it.
    double lead = 1;         // The ways to its beginning from what consumed something last.
    double tail = 1;         // The same, to its end so far.
    double branch_tail = 1;  // The most of those branches before it.
    double skipped = 0;      // States of what may be empty, from what may not to the end so far.
  };

  void Step() {
    const auto [symbol, escaped, next] = TokenAt(pattern_, at_);
    const bool special = escaped != extended_;  // For the symbols that the two syntaxes swap.
    if (symbol == '[' && !escaped) {
      Atom(next, false);
    } else if (symbol == '(' && special) {
      EndAtom();
      const double lead = groups_.back().tail;
      groups_.push_back({.lead = lead, .tail = lead});
      at_ = next;
    } else if (symbol == ')' && special && groups_.size() > 1) {
      EndBranch();
      last_ = groups_.back().cost;
      ++last_.states;
      ++last_.size;
      last_ways_ = groups_.back().branch_ways;
      last_tail_ = groups_.back().branch_tail;
      groups_.pop_back();
      at_ = next;
    } else if (symbol == '|' && special) {
      EndBranch();
      at_ = next;
    } else if (symbol == '{' && special) {
      const Interval interval = ReadInterval(next);
      if (interval.end == 0) return Atom(next, false);
      Repeat(interval.most, interval.open, interval.most - interval.least);
      last_ways_ = WaysOf(interval.least, interval.most);
      at_ = interval.end;
    } else if (symbol == '+' && special) {
      Repeat(2, true);  // "a+" is written out as "aa*".
      at_ = next;
    } else if (symbol == '*' && !escaped) {
      Repeat(1, true);
      last_ways_ = 1;
      at_ = next;
    } else if (symbol == '?' && special) {
      Repeat(1, false);
      last_ways_ = WaysOf(0, 1);
      at_ = next;
    } else {
      const std::string_view anchors = escaped ? "bB<>`'" : "^$";
      const bool anchor = anchors.find(symbol) != std::string_view::npos;
      const bool reference = escaped && symbol >= '1' && symbol <= '9';
      Atom(next, anchor || reference);
      if (reference) last_.references = 1;
      if (anchor) last_.anchors = symbol == 'b' || symbol == 'B' ? 3 : 1;
    }
  }

  // What is written out `times` times, the last one a loop or left out at will.
  void Repeat(std::size_t times, bool loop, std::size_t left_out = 0) {
    const bool may_be_empty = last_ways_ > 0;
    if (last_.empty_loops * last_.anchors > kMaxAnchoredLoops) too_hard_ = true;
    const double ways =
        groups_.back().tail * std::max(last_ways_, static_cast<double>(last_.empty_loops));
    const bool too_many_ways = ways > kMaxEmptyWays || ways * last_.closure > kMaxClosureWays;
    if (loop && may_be_empty && too_many_ways) too_hard_ = true;
    // The library goes from one reference that matches nothing to the other without end.
    if (loop && may_be_empty && last_.references > 1) too_hard_ = true;
    if (last_.cycle && times > 1 &&
        groups_.back().tail * std::pow(last_ways_, times - 1) > kMaxEmptyWays) {
      too_hard_ = true;
    }
    if (may_be_empty) ++last_.empty_loops;
    last_.cycle = last_.cycle || (loop && may_be_empty);
    last_.size *= static_cast<double>(std::max<std::size_t>(times, 1));
    const double reached = may_be_empty ? last_.size : static_cast<double>(left_out);
    last_.closure = std::max(last_.closure * static_cast<double>(times), last_.size * reached);
    if (times <= 1) return;
    last_.states *= times;
    last_.anchors *= times;
    last_.empty_loops *= times;
    last_.references *= times;
    if (last_ways_ > 0) last_.states = last_.states * kRepeatedEmpty / 2;
  }

  // In how many ways so many repetitions match nothing.
  double WaysOf(std::size_t least, std::size_t most) const {
    double ways = 0;
    for (std::size_t i = least; i <= most && ways <= kMaxEmptyWays; ++i) {
      ways += std::pow(last_ways_, static_cast<double>(i));
    }
    return std::min(ways, kManyWays);
  }

  void EndAtom() {
    if (last_.states == 0) return;
    Group& group = groups_.back();
    group.cost.states += last_.states;
    group.cost.anchors += last_.anchors;
    group.cost.empty_loops += last_.empty_loops;
    group.cost.cycle = group.cost.cycle || last_.cycle;
    group.cost.references += last_.references;
    group.cost.size += last_.size;
    group.cost.closure += last_.closure + group.skipped * last_.size;
    group.skipped = last_ways_ > 0 ? group.skipped + last_.size : 0;
    group.ways = std::min(group.ways * last_ways_, kManyWays);
    group.tail = last_ways_ > 0 ? std::min(group.tail * last_ways_, kManyWays) : last_tail_;
    last_ = {};
  }

  void EndBranch() {
    EndAtom();
    Group& group = groups_.back();
    if (group.ways > 0 && group.branch_ways > 0) ++group.cost.empty_loops;
    group.branch_ways += group.ways;
    group.branch_tail = std::max(group.branch_tail, group.tail);
    group.ways = 1;
    group.tail = group.lead;
    group.skipped = 0;
  }

  void Atom(std::size_t end, bool empty) {
    EndAtom();
    last_ = {.states = 1, .size = 1};
    last_ways_ = empty ? 1 : 0;
    last_tail_ = 1;
    at_ = end;
  }

  struct Interval {
    std::size_t least = 0;
    std::size_t most = 0;
    std::size_t end = 0;  // Behind its closing brace; 0 if it is none.
    bool open = false;    // "{2,}"
  };

  // The interval whose numbers begin at `at`.
  Interval ReadInterval(std::size_t at) const {
    const std::string_view closing = extended_ ? "}" : "\\}";
    const std::size_t end = pattern_.find(closing, at);
    if (end == std::string_view::npos) return {};
    const std::string_view text = pattern_.substr(at, end - at);
    if (text.find_first_not_of("0123456789,") != std::string_view::npos) return {};
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::size_t least = Number(text.substr(0, comma));
    const std::size_t most = comma == text.size() ? least : Number(text.substr(comma + 1));
    return {least, std::max(least, most), end + closing.size(), text.ends_with(',')};
  }

  static std::size_t Number(std::string_view digits) {
    std::size_t number = 0;
    for (const char c : digits) {
      number = std::min(number * 10 + static_cast<std::size_t>(c - '0'), kMaxStates + 1);
    }
    return number;
  }

  std::string_view pattern_;
  const bool extended_;
  std::size_t at_ = 0;
  std::vector<Group> groups_ = {{}};  // Those that are open, the whole first.
  Cost last_;                         // Of what an interval would repeat.
  double last_ways_ = 0;              // In how many ways that can match nothing.
  double last_tail_ = 1;              // Where it cannot: the ways from what it consumes last.
  bool too_hard_ = false;
};

}  // namespace

bool RegexWithinLimits(std::string_view pattern, bool extended) {
  return StateCounter(pattern, extended).WithinLimits();
}

bool ClosesTooOften(std::string_view pattern, bool extended) {
  int open = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const Token token = TokenAt(pattern, at);
    at = token.end;
    if (token.escaped == extended) continue;
    if (token.symbol == '(') ++open;
    if (token.symbol == ')' && --open < 0) return true;
  }
  return false;
}

int BackReferenceDepth(std::string_view pattern, bool extended) {
  int references = 0;
  bool repeats = false;
  bool after_group = false;
  for (std::size_t at = 0; at < pattern.size();) {
    const auto [symbol, escaped, end] = TokenAt(pattern, at);
    at = end;
    const bool special = escaped != extended;
    if (escaped && symbol >= '1' && symbol <= '9') ++references;
    const bool repetition = symbol == '*' ? !escaped : (symbol == '+' || symbol == '{') && special;
    repeats = repeats || (after_group && repetition);
    after_group = symbol == ')' && special;
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
