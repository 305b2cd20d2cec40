#include <malloc.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "mocks/in_memory_provider.h"

namespace computesdk {
namespace {

// A number that comes from a failing call means nothing.
void Require(benchmark::State& state, bool good) {
  if (!good) state.SkipWithError("the call failed");
}

void BM_CreateAndDestroy(benchmark::State& state) {
  InMemoryProvider provider;
  for (auto _ : state) {
    const auto sandbox = provider.Create({});
    Require(state, sandbox && provider.Destroy(sandbox->sandbox_id));
  }
}
BENCHMARK(BM_CreateAndDestroy);

void BM_EchoHi(benchmark::State& state) {
  InMemoryProvider provider;
  const std::string id = provider.Create({})->sandbox_id;
  for (auto _ : state) {
    const auto result = provider.RunCommand(id, {.command = "echo hi"});
    Require(state, result && result->stdout_bytes == "hi\n");
  }
}
BENCHMARK(BM_EchoHi);

void BM_ProgramWithArgs(benchmark::State& state) {
  InMemoryProvider provider;
  const std::string id = provider.Create({})->sandbox_id;
  for (auto _ : state) {
    const auto result = provider.RunCommand(id, {.command = "true", .args = {{}}});
    Require(state, result && result->exit_code == 0);
  }
}
BENCHMARK(BM_ProgramWithArgs);

void BM_WriteAndReadOneKiB(benchmark::State& state) {
  InMemoryProvider provider;
  const std::string id = provider.Create({})->sandbox_id;
  const std::string content(1024, 'k');
  for (auto _ : state) {
    Require(state, provider.WriteFile(id, "/workspace/file", content).has_value());
    Require(state, provider.ReadFile(id, "/workspace/file") == content);
  }
}
BENCHMARK(BM_WriteAndReadOneKiB);

void BM_SortPipeline(benchmark::State& state) {
  InMemoryProvider provider;
  const std::string id = provider.Create({})->sandbox_id;
  for (auto _ : state) {
    const auto result = provider.RunCommand(id, {.command = "seq 100000 | sort -rn | head -1"});
    Require(state, result && result->stdout_bytes == "100000\n");
  }
}
BENCHMARK(BM_SortPipeline)->Unit(benchmark::kMillisecond);

std::size_t HeapInUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// The argument says whether each sandbox has run a command before it rests.
void BM_TenThousandIdle(benchmark::State& state) {
  constexpr int kSandboxes = 10'000;
  for (auto _ : state) {
    InMemoryProvider provider;
    const std::size_t before = HeapInUse();
    for (int i = 0; i < kSandboxes; ++i) {
      const std::string id = provider.Create({})->sandbox_id;
      if (state.range(0) != 0) {
        Require(state, provider.RunCommand(id, {.command = "true", .args = {{}}}).has_value());
      }
    }
    state.counters["bytes_per_sandbox"] = static_cast<double>(HeapInUse() - before) / kSandboxes;
  }
}
BENCHMARK(BM_TenThousandIdle)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace computesdk

BENCHMARK_MAIN();
