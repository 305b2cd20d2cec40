#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/cost_estimate.h"
#include "conformance/run_order.h"
#include "conformance/runner.h"
#include "mocks/in_memory_provider.h"
#include "mocks/latency_provider.h"

// How near a full run against a slow provider comes to the least that it can take.
namespace computesdk::conformance {
namespace {

struct Measured {
  RunRecord record = {};  // The results in the order in which their checks start.
  Milliseconds duration{0};
};

Measured RunAgainst(Milliseconds latency, int jobs) {
  const HostCanary canary;
  auto candidate = *InProcessCandidate("in-memory", [&] {
    return std::make_unique<LatencyProvider>(std::make_unique<InMemoryProvider>(),
                                             LatencyOptions{.call = latency});
  });
  std::vector<const Requirement*> requirements;
  for (const Requirement& requirement : Catalogue()) requirements.push_back(&requirement);
  Measured measured;
  const SteadyClock::time_point begun = SteadyClock::now();
  Runner runner({.jobs = jobs}, *candidate, candidate->Get()->provider->Describe(), nullptr,
                canary);
  measured.record.results = runner.RunAll(InRunOrder(requirements), nullptr);
  runner.Finish(measured.record);
  measured.duration = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - begun);
  return measured;
}

void PrintLongest(std::vector<CheckResult> results, std::size_t count) {
  std::ranges::sort(results, std::ranges::greater(), &CheckResult::call_chain);
  results.resize(std::min(count, results.size()));
  for (const CheckResult& result : results) {
    std::printf("  %4d calls, %6lld ms  %s\n", result.call_chain,
                static_cast<long long>(result.duration.count()), result.id.c_str());
  }
}

int Main(int argc, char** argv) {
  const Milliseconds latency(argc > 1 ? std::atoi(argv[1]) : 200);
  const int jobs = argc > 2 ? std::atoi(argv[2]) : 8;
  const Measured near = RunAgainst(Milliseconds(0), jobs);
  const CostEstimate estimate = EstimateCost(near.record, jobs, latency);
  const Measured far = RunAgainst(latency, jobs);
  const CostEstimate seen = EstimateCost(far.record, jobs, latency);
  const auto failed =
      std::ranges::count(far.record.results, Verdict::kFailed, &CheckResult::verdict);
  std::printf(
      "latency %lld ms, %d jobs: %d requirements, %lld failed; %d sandboxes, at most %d at once\n",
      static_cast<long long>(latency.count()), jobs, seen.requirements,
      static_cast<long long>(failed), seen.sandboxes, seen.peak_sandboxes);
  std::printf("calls                %8lld\n", static_cast<long long>(seen.calls));
  std::printf("calls / jobs         %8lld ms\n",
              static_cast<long long>(seen.calls * latency.count() / jobs));
  std::printf("longest chain        %8lld ms  (%d calls)\n",
              static_cast<long long>(seen.longest_chain * latency.count()), seen.longest_chain);
  std::printf("lower bound          %8lld ms\n", static_cast<long long>(seen.lower_bound.count()));
  std::printf("the run took         %8lld ms\n", static_cast<long long>(far.duration.count()));
  std::printf("ratio                %8.2f\n", static_cast<double>(far.duration.count()) /
                                                  static_cast<double>(seen.lower_bound.count()));
  std::printf("a dry run says       %8lld ms, %lld calls\n",
              static_cast<long long>(estimate.duration.count()),
              static_cast<long long>(estimate.calls));
  std::printf("without latency      %8lld ms\n", static_cast<long long>(near.duration.count()));
  std::printf("the longest chains:\n");
  PrintLongest(far.record.results, 25);
  return 0;
}

}  // namespace
}  // namespace computesdk::conformance

int main(int argc, char** argv) { return computesdk::conformance::Main(argc, argv); }
