#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_COMPARISON_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_COMPARISON_H_

#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/judge.h"

namespace computesdk::conformance {

// Which requirements come out otherwise than for the clean provider. The patterns are ids or globs.
struct ExpectedChanges {
  // A pattern, and the verdict of everything that matches it. A failure is kWarned where the
  // requirement is recommended.
  std::vector<std::pair<std::string, Verdict>> changes = {};
  // These may change or not.
  std::vector<std::string> free = {};
};

struct Comparison {
  // Failed or warned, and neither for the clean provider; in order.
  std::vector<std::string> revealed = {};
  // A line each: what did not come out as it had to. Empty is well.
  std::vector<std::string> problems = {};
};

// Every requirement is looked at: those that are named must come out as named, all others as for
// the clean provider. A pattern that matches nothing is a problem.
Comparison Compare(const Judgement& clean, const Judgement& judged,
                   const ExpectedChanges& expected);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_COMPARISON_H_
