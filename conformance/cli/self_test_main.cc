#include <iostream>

#include "conformance/cli/commands.h"
#include "conformance/host_canary.h"
#include "conformance/selftest/self_test.h"

namespace computesdk::conformance {

int SelfTestMain(const std::vector<std::string>& filters, int jobs) {
  const HostCanary canary;
  const Result<SelfTestResult> result =
      RunSelfTest({.filters = filters, .jobs = jobs}, canary,
                  [](const SelfTestCase& one) { std::cout << SelfTestText(one) << std::flush; });
  if (!result) return Unusable(result.error().message);
  std::cout << "\n" << SelfTestSummary(*result) << std::flush;
  return result->Passed() ? kExitConformant : kExitNotConformant;
}

}  // namespace computesdk::conformance
