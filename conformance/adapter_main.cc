#include "conformance/conformance_suite.h"

int main(int argc, char** argv) {
  using computesdk::conformance::AdapterCandidate;
  using computesdk::conformance::SuiteOptions;
  return computesdk::conformance::RunConformanceSuite(argc, argv, [](const SuiteOptions& options) {
    computesdk::AdapterOptions adapter;
    adapter.command = options.adapter;
    adapter.call_timeout = options.run.call_timeout;
    return AdapterCandidate(std::move(adapter));
  });
}
