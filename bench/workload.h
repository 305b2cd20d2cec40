#ifndef COMPUTESDK_BENCH_WORKLOAD_H_
#define COMPUTESDK_BENCH_WORKLOAD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "sdk/result.h"

namespace computesdk::bench {

enum class WorkloadKind {
  kCreate,  // A sandbox made and destroyed.
  kFile,    // A file of `bytes` bytes written and read.
  kScript,  // The script, in a sandbox in which setup.sh was run before.
  kMany,    // The script in each of `sandboxes` sandboxes that are all there at once.
};

// The same work for every contestant.
struct Workload {
  std::string name;
  std::string title;
  WorkloadKind kind = WorkloadKind::kScript;
  std::size_t bytes = 0;
  int sandboxes = 0;
  std::string script = {};
  std::string answer = {};  // What the script prints.
};

struct Workloads {
  std::string setup;  // A script that makes what the others read.
  std::vector<Workload> all;
};

// Reads workloads.json in the folder, and for a script without a text of its own NAME.sh and
// NAME.out. kNotFound for a file that is missing, kInvalidArgument for one that is wrong.
Result<Workloads> ReadWorkloads(const std::string& folder);

}  // namespace computesdk::bench

#endif  // COMPUTESDK_BENCH_WORKLOAD_H_
