#include "bench/scale.h"

#include <malloc.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include "bench/compare.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Done in each round; enough of them that the clock's own cost does not show.
constexpr int kRepetitions = 200;
// The sandboxes that are used, spread over all: few enough that the processor's caches hold them,
// so that what is compared is the work and not the memory of the machine.
constexpr std::size_t kUsed = 32;

double HeapInUse() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

// A provider, and the sandboxes in it that are used.
struct World {
  InMemoryProvider provider;
  std::vector<std::string> ids;
  SandboxSnapshot snapshot = {};

  explicit World(int sandboxes) {
    for (int i = 0; i < sandboxes; ++i) ids.push_back(provider.Create({})->sandbox_id);
  }

  const std::string& Id(int repetition) const {
    const std::size_t used = std::min(kUsed, ids.size());
    return ids[static_cast<std::size_t>(repetition) % used * (ids.size() / used)];
  }

  bool Run(const std::string& id, const std::string& command) {
    const Result<ExecutionResult> result = provider.RunCommand(id, {.command = command});
    return result && result->exit_code == 0;
  }
};

// Something that is done to a world; false if it fails.
using Deed = std::function<bool(World&, int repetition)>;

class Comparison {
 public:
  Comparison(World& small, World& large, int rounds)
      : small_(small), large_(large), rounds_(rounds) {}

  void Add(std::string name, std::string title, const Deed& deed) {
    std::vector<Duration> small;
    std::vector<Duration> large;
    for (int round = -1; round < rounds_; ++round) {
      const Duration in_small = Time(small_, deed);
      const Duration in_large = Time(large_, deed);
      if (round < 0) continue;  // To get warm.
      small.push_back(in_small);
      large.push_back(in_large);
    }
    rows_.push_back({std::move(name), std::move(title), Best(small), Best(large)});
  }

  bool failed() const { return failed_; }
  std::vector<ScaleRow> Take() { return std::move(rows_); }

 private:
  static Duration Best(const std::vector<Duration>& samples) {
    return *std::min_element(samples.begin(), samples.end());
  }

  Duration Time(World& world, const Deed& deed) {
    const SteadyClock::time_point begin = SteadyClock::now();
    for (int i = 0; i < kRepetitions; ++i) failed_ |= !deed(world, i);
    return Duration(SteadyClock::now() - begin) / kRepetitions;
  }

  World& small_;
  World& large_;
  const int rounds_;
  bool failed_ = false;
  std::vector<ScaleRow> rows_;
};

void CompareSandboxes(Comparison& comparison) {
  comparison.Add("sandboxes_create", "create + destroy", [](World& world, int) {
    const Result<SandboxRef> made = world.provider.Create({});
    return made && world.provider.Destroy(made->sandbox_id);
  });
  comparison.Add("sandboxes_get", "GetById", [](World& world, int i) {
    const auto found = world.provider.GetById(world.Id(i));
    return found && found->has_value();
  });
  comparison.Add("sandboxes_exists", "Exists", [](World& world, int i) {
    return world.provider.Exists(world.Id(i), "/usr/bin/ls") == true;
  });
  comparison.Add("sandboxes_command", "echo hi",
                 [](World& world, int i) { return world.Run(world.Id(i), "echo hi"); });
}

// `files` of them in one folder, and as many again in folders of folders.
bool MakeFiles(World& world, int files) {
  const std::string& id = world.ids[0];
  for (int i = 0; i < files; ++i) {
    const std::string name = std::to_string(i);
    const std::string folder = std::to_string(i / 1000) + "/" + std::to_string(i / 10 % 100);
    if (!world.provider.WriteFile(id, "flat/" + name, "x")) return false;
    if (!world.provider.WriteFile(id, "spread/" + folder + "/" + name, "x")) return false;
  }
  return true;
}

void CompareFiles(Comparison& comparison) {
  comparison.Add("files_exists", "Exists in one folder", [](World& world, int) {
    return world.provider.Exists(world.ids[0], "flat/0") == true;
  });
  comparison.Add("files_exists_spread", "Exists in a tree", [](World& world, int) {
    return world.provider.Exists(world.ids[0], "spread/0/0/0") == true;
  });
  comparison.Add("files_write", "write + remove in one folder", [](World& world, int i) {
    const std::string path = "flat/new" + std::to_string(i);
    return world.provider.WriteFile(world.ids[0], path, "x") &&
           world.provider.Remove(world.ids[0], path);
  });
  comparison.Add("files_command", "cat in one folder",
                 [](World& world, int) { return world.Run(world.ids[0], "cat flat/0"); });
  comparison.Add("files_snapshot", "Snapshot, then a write", [](World& world, int i) {
    return world.provider.Snapshot(world.ids[0]) &&
           world.provider.WriteFile(world.ids[0], "spread/0/0/0", std::to_string(i));
  });
  comparison.Add("files_restore", "Restore, Exists + destroy", [](World& world, int) {
    const Result<SandboxRef> copy = world.provider.Restore(world.snapshot);
    return copy && world.provider.Exists(copy->sandbox_id, "flat/0") == true &&
           world.provider.Destroy(copy->sandbox_id);
  });
}

// How many times the work of one thread two of them do in the same time. Both are measured one
// right after the other, and each pair is a figure of its own: the machine's own speed changes by
// more than what is looked for. Each lasts much longer than the system needs to give a new thread a
// processor of its own.
Result<double> CompareThreads(const Workload& work, int rounds) {
  World world(2);
  bool failed[2] = {};
  const auto run = [&](std::size_t sandbox) {
    for (int i = 0; i < kRepetitions / 2; ++i) {
      if (!world.Run(world.ids[sandbox], work.script)) failed[sandbox] = true;
    }
  };
  std::vector<double> factors;
  for (int round = -1; round < 2 * rounds; ++round) {
    const SteadyClock::time_point begin = SteadyClock::now();
    run(0);
    const SteadyClock::time_point middle = SteadyClock::now();
    std::thread other(run, 1);
    run(0);
    other.join();
    const SteadyClock::time_point end = SteadyClock::now();
    if (round >= 0) factors.push_back(2 * Duration(middle - begin) / Duration(end - middle));
  }
  if (failed[0] || failed[1]) {
    return MakeError(ErrorCode::kInternal, "two threads: " + work.name + " failed");
  }
  const auto median = factors.begin() + static_cast<std::ptrdiff_t>(factors.size() / 2);
  std::nth_element(factors.begin(), median, factors.end());
  return *median;
}

Error Failed(const std::string& what) { return {ErrorCode::kInternal, what + " failed"}; }

Status MeasureSandboxes(int many, int rounds, Scale& scale) {
  World small(1);
  const double before = HeapInUse();
  World large(many);
  scale.idle_bytes = (HeapInUse() - before) / many;
  Comparison comparison(small, large, rounds);
  CompareSandboxes(comparison);
  if (comparison.failed()) return tl::unexpected(Failed("a call in one of many sandboxes"));
  for (const std::string& id : large.ids) {
    if (!large.Run(id, "echo hi")) return tl::unexpected(Failed("echo hi"));
  }
  scale.idle_bytes_after_command = (HeapInUse() - before) / many;
  scale.rows = comparison.Take();
  return {};
}

Status MeasureFiles(int many, int rounds, Scale& scale) {
  World small(1);
  World large(1);
  if (!MakeFiles(small, 1) || !MakeFiles(large, many)) return tl::unexpected(Failed("WriteFile"));
  small.snapshot = *small.provider.Snapshot(small.ids[0]);
  large.snapshot = *large.provider.Snapshot(large.ids[0]);
  Comparison comparison(small, large, rounds);
  CompareFiles(comparison);
  if (comparison.failed()) return tl::unexpected(Failed("a call beside many files"));
  for (ScaleRow& row : comparison.Take()) scale.rows.push_back(std::move(row));
  return {};
}

}  // namespace

Result<Scale> MeasureScale(const Workload& work, int many, int rounds) {
  Scale scale;
  scale.many = many;
  Status measured = MeasureSandboxes(many, rounds, scale);
  if (measured) measured = MeasureFiles(many, rounds, scale);
  if (!measured) return tl::unexpected(measured.error());
  const Result<double> threads = CompareThreads(work, rounds);
  if (!threads) return tl::unexpected(threads.error());
  scale.two_threads = *threads;
  return scale;
}

}  // namespace computesdk::bench
