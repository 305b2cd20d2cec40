#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_SELF_TEST_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_SELF_TEST_H_

#include <functional>
#include <string>
#include <vector>

#include "conformance/host_canary.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/variation.h"
#include "sdk/types.h"

namespace computesdk::conformance {

// How the suite judged one sabotage or variation.
struct SelfTestCase {
  std::string name = {};
  bool variation = false;
  std::vector<std::string> revealed = {};  // Requirements that failed or warned.
  std::vector<std::string> problems = {};  // A line each; empty is well.
  std::string skipped = {};                // Why it did not run; empty where it did.
  int looks = 1;                           // How often it was judged: until it was as expected.

  // A defect that nothing saw.
  bool unseen() const { return skipped.empty() && !variation && revealed.empty(); }
  bool well() const { return problems.empty() && !unseen(); }
};

struct SelfTestOptions {
  std::vector<std::string> filters = {};  // Globs of names; empty for all.
  // Every sabotage there is, and not only so many that each requirement turns red; and what runs
  // real processes, too.
  bool all = false;
  int jobs = 6;  // Cases at once; about half of the time of one goes by in waiting.
  // The program of the kit, which is started again to be an adapter.
  std::string program = "/proc/self/exe";
};

struct SelfTestResult {
  std::vector<SelfTestCase> cases = {};     // In the order of the lists.
  std::vector<std::string> never_red = {};  // Requirements that no sabotage turned red.
  int requirements = 0;
  bool whole = true;  // Nothing was filtered out.
  Milliseconds duration{0};

  bool Passed() const;
};

// Runs the whole suite on the clean provider, on each with a sabotage and on each variation, and
// holds every verdict against what is expected. `observer` is called as each case is there, one at
// a time. An error if the clean provider does not conform, or no name matches a filter.
Result<SelfTestResult> RunSelfTest(const SelfTestOptions& options, const HostCanary& canary,
                                   const std::function<void(const SelfTestCase&)>& observer);

// A line for each case, then the score.
std::string SelfTestText(const SelfTestCase& one);
std::string SelfTestSummary(const SelfTestResult& result);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_SELF_TEST_H_
