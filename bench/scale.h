#ifndef COMPUTESDK_BENCH_SCALE_H_
#define COMPUTESDK_BENCH_SCALE_H_

#include <string>
#include <vector>

#include "bench/contestant.h"
#include "sdk/result.h"

namespace computesdk::bench {

// What something costs in a small world and in a large one.
struct ScaleRow {
  std::string name;
  std::string title;
  Duration small{};
  Duration large{};
  double ratio() const { return large / small; }
};

struct Scale {
  int many = 0;                // Sandboxes, and files, of the large world.
  std::vector<ScaleRow> rows;  // The costs that must not grow.
  // Of two threads with a sandbox each, against one thread.
  double two_threads = 0;
  // On the heap, for each of `many` sandboxes that rest.
  double idle_bytes = 0;
  double idle_bytes_after_command = 0;
};

// How the in-memory provider grows. `work` is a script of some length that needs no file.
Result<Scale> MeasureScale(const Workload& work, int many, int rounds);

}  // namespace computesdk::bench

#endif  // COMPUTESDK_BENCH_SCALE_H_
