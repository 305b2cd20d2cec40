#ifndef COMPUTESDK_BENCH_CONTESTANT_H_
#define COMPUTESDK_BENCH_CONTESTANT_H_

#include <chrono>
#include <memory>
#include <string>

#include "bench/workload.h"
#include "sdk/result.h"

namespace computesdk::bench {

using Duration = std::chrono::duration<double, std::nano>;

// Somebody who does the work of the benchmark.
class Contestant {
 public:
  virtual ~Contestant() = default;

  virtual std::string name() const = 0;
  virtual bool Does(const Workload& workload) const = 0;
  // The wall time of doing it that often, one after the other; what it needs beforehand is not
  // counted. An error unless each time the answer is the workload's.
  virtual Result<Duration> Measure(const Workload& workload, int repetitions) = 0;
};

// This project's provider, through its public interface, in this process.
std::unique_ptr<Contestant> MakeInMemory(const Workloads& workloads);
// The npm package, in a Node.js process that `driver` runs in. kUnavailable if that cannot start.
Result<std::unique_ptr<Contestant>> MakeJustBash(const std::string& driver);
// /bin/bash and the programs of this machine, a process for each script, in a temporary folder.
Result<std::unique_ptr<Contestant>> MakeBash(const Workloads& workloads);

// "NAME answers …, not …"
Error WrongAnswer(const std::string& who, const Workload& workload, const std::string& answer);

}  // namespace computesdk::bench

#endif  // COMPUTESDK_BENCH_CONTESTANT_H_
