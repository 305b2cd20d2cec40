#include "bench/compare.h"

#include <algorithm>
#include <utility>

namespace computesdk::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRound = milliseconds(30);
constexpr Duration kBudget = seconds(4);  // Of all rounds of one contestant.
constexpr double kMostGrowth = 10;

struct Series {
  Contestant* contestant;
  int repetitions = 1;
  int rounds = 0;
  std::vector<Duration> samples = {};  // For doing it once.
};

// Finds how often to do it; what a slow one needed for that counts.
Status WarmUp(const Workload& workload, int rounds, Series& series) {
  while (true) {
    const Result<Duration> took = series.contestant->Measure(workload, series.repetitions);
    if (!took) return tl::unexpected(took.error());
    if (*took >= kRound) {
      series.rounds = std::clamp(static_cast<int>(kBudget / *took), 1, rounds);
      if (*took >= kBudget) series.samples.push_back(*took / series.repetitions);
      return {};
    }
    const double growth = std::clamp(kRound / *took * 1.2, 1.5, kMostGrowth);
    series.repetitions = static_cast<int>(series.repetitions * growth) + 1;
  }
}

Timing TimingOf(const Series& series) {
  return {.contestant = series.contestant->name(),
          .best = *std::min_element(series.samples.begin(), series.samples.end()),
          .median = Median(series.samples),
          .rounds = static_cast<int>(series.samples.size()),
          .repetitions = series.repetitions};
}

}  // namespace

Duration Median(std::vector<Duration> samples) {
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>((samples.size() - 1) / 2);
  std::nth_element(samples.begin(), middle, samples.end());
  return *middle;
}

Result<Row> Compare(const Workload& workload,
                    const std::vector<std::unique_ptr<Contestant>>& contestants, int rounds) {
  std::vector<Series> all;
  for (const std::unique_ptr<Contestant>& contestant : contestants) {
    if (!contestant->Does(workload)) continue;
    Series series{contestant.get()};
    const Status warm = WarmUp(workload, rounds, series);
    if (!warm) return tl::unexpected(warm.error());
    all.push_back(std::move(series));
  }
  for (int round = 0; round < rounds; ++round) {
    for (Series& series : all) {
      if (static_cast<int>(series.samples.size()) >= series.rounds) continue;
      const Result<Duration> took = series.contestant->Measure(workload, series.repetitions);
      if (!took) return tl::unexpected(took.error());
      series.samples.push_back(*took / series.repetitions);
    }
  }
  Row row{.name = workload.name, .title = workload.title, .timings = {}};
  for (const Series& series : all) row.timings.push_back(TimingOf(series));
  return row;
}

}  // namespace computesdk::bench
