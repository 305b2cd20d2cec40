#include "conformance/conformance_suite.h"
#include "conformance/provider_under_test.h"

int main(int argc, char** argv) {
  using computesdk::conformance::InProcessCandidate;
  using computesdk::conformance::SuiteOptions;
  return computesdk::conformance::RunConformanceSuite(argc, argv, [](const SuiteOptions&) {
    return InProcessCandidate("under test", &computesdk::MakeProviderUnderTest);
  });
}
