#ifndef COMPUTESDK_BENCH_COMPARE_H_
#define COMPUTESDK_BENCH_COMPARE_H_

#include <memory>
#include <string>
#include <vector>

#include "bench/contestant.h"
#include "bench/workload.h"
#include "sdk/result.h"

namespace computesdk::bench {

// What one contestant needs to do a workload once.
struct Timing {
  std::string contestant;
  Duration best{};
  Duration median{};
  int rounds = 0;
  int repetitions = 0;  // In each round.
};

struct Row {
  std::string name;
  std::string title;
  std::vector<Timing> timings;  // In the order of the contestants; without who does not do it.
};

// Lets them do it in turns, round by round, so that a machine that slows down slows down all of
// them; each does it often enough that a round can be measured, and is warm before the first. One
// that needs seconds has fewer rounds.
Result<Row> Compare(const Workload& workload,
                    const std::vector<std::unique_ptr<Contestant>>& contestants, int rounds);

// The lower one of two in the middle.
Duration Median(std::vector<Duration> samples);

}  // namespace computesdk::bench

#endif  // COMPUTESDK_BENCH_COMPARE_H_
