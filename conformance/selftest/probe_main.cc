#include <cstdio>
#include "conformance/host_canary.h"
#include "conformance/selftest/self_test.h"
using namespace computesdk::conformance;
int main(int argc, char** argv) {
  const HostCanary canary;
  SelfTestOptions options{.jobs = 2};
  for (int i = 1; i < argc; ++i) options.filters.push_back(argv[i]);
  const auto result = RunSelfTest(options, canary, [](const SelfTestCase& one) {
    std::fputs(SelfTestText(one).c_str(), stdout);
    std::fflush(stdout);
  });
  if (!result) std::puts(result.error().ToString().c_str());
  if (result) std::fputs(SelfTestSummary(*result).c_str(), stdout);
}
