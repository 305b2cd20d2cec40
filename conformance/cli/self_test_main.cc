#include <iostream>

#include "conformance/cli/commands.h"
#include "conformance/host_canary.h"
#include "conformance/selftest/broken_adapter.h"
#include "conformance/selftest/self_test.h"

namespace computesdk::conformance {

int SelfTestMain(const std::vector<std::string>& filters, bool all, int jobs) {
  const HostCanary canary;
  const Result<SelfTestResult> result =
      RunSelfTest({.filters = filters, .all = all, .jobs = jobs}, canary,
                  [](const SelfTestCase& one) { std::cout << SelfTestText(one) << std::flush; });
  if (!result) return Unusable(result.error().message);
  std::cout << "\n" << SelfTestSummary(*result) << std::flush;
  return result->Passed() ? kExitConformant : kExitNotConformant;
}

int AsAdapterMain(const std::string& behaviour) {
  const Result<int> served = ServeAsAdapter(behaviour);
  return served ? *served : Unusable(served.error().message);
}

}  // namespace computesdk::conformance
