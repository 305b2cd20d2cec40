// The same work in the in-memory provider, in just-bash and in bash: README.md.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "bench/compare.h"
#include "bench/contestant.h"
#include "bench/report.h"
#include "bench/scale.h"
#include "bench/workload.h"

namespace computesdk::bench {
namespace {

struct Options {
  std::string folder;
  std::vector<std::string> only;
  int rounds = 7;
  int many = 100'000;
  bool json = false;
  bool no_scale = false;
  bool no_just_bash = false;
};

Result<std::vector<std::unique_ptr<Contestant>>> Contestants(const Options& options,
                                                             const Workloads& workloads) {
  std::vector<std::unique_ptr<Contestant>> all;
  all.push_back(MakeInMemory(workloads));
  if (!options.no_just_bash) {
    if (!std::filesystem::exists(options.folder + "/node_modules/just-bash")) {
      return MakeError(ErrorCode::kFailedPrecondition,
                       "just-bash is not installed: npm ci --prefix " + options.folder +
                           ", or leave it out with --no-just-bash");
    }
    Result<std::unique_ptr<Contestant>> just_bash = MakeJustBash(options.folder + "/just_bash.mjs");
    if (!just_bash) return tl::unexpected(just_bash.error());
    all.push_back(std::move(*just_bash));
  }
  Result<std::unique_ptr<Contestant>> bash = MakeBash(workloads);
  if (!bash) return tl::unexpected(bash.error());
  all.push_back(std::move(*bash));
  return all;
}

bool Wanted(const Options& options, const std::string& name) {
  return options.only.empty() ||
         std::find(options.only.begin(), options.only.end(), name) != options.only.end();
}

Result<std::vector<Row>> CompareAll(const Options& options, const Workloads& workloads) {
  Result<std::vector<std::unique_ptr<Contestant>>> contestants = Contestants(options, workloads);
  if (!contestants) return tl::unexpected(contestants.error());
  std::vector<Row> rows;
  for (const Workload& workload : workloads.all) {
    if (!Wanted(options, workload.name)) continue;
    std::cerr << workload.title << "\n";
    Result<Row> row = Compare(workload, *contestants, options.rounds);
    if (!row) return tl::unexpected(row.error());
    rows.push_back(std::move(*row));
  }
  return rows;
}

Result<std::optional<Scale>> ScaleAll(const Options& options, const Workloads& workloads) {
  if (options.no_scale || !Wanted(options, "scale")) return std::nullopt;
  for (const Workload& workload : workloads.all) {
    if (workload.name != "script") continue;
    std::cerr << "scale\n";
    Result<Scale> scale = MeasureScale(workload, options.many, options.rounds);
    if (!scale) return tl::unexpected(scale.error());
    return std::optional(std::move(*scale));
  }
  return MakeError(ErrorCode::kNotFound, "no workload is called script");
}

int Fail(const Error& error) {
  std::cerr << "bench: " << error.message << "\n";
  return 1;
}

int Run(const Options& options) {
  const Result<Workloads> workloads = ReadWorkloads(options.folder + "/workloads");
  if (!workloads) return Fail(workloads.error());
  const Result<std::vector<Row>> rows = CompareAll(options, *workloads);
  if (!rows) return Fail(rows.error());
  const Result<std::optional<Scale>> scale = ScaleAll(options, *workloads);
  if (!scale) return Fail(scale.error());
  if (options.json) {
    std::cout << ReportJson(*rows, *scale ? &**scale : nullptr);
    return 0;
  }
  std::cout << CompareText(*rows);
  if (*scale) std::cout << "\n" << ScaleText(**scale);
  return 0;
}

int Main(int argc, char** argv) {
  // A driver that dies is an error, not the end.
  std::signal(SIGPIPE, SIG_IGN);
  Options options;
  // `bazel run` says where the workspace is: node_modules is in its folder.
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  options.folder = (workspace != nullptr ? std::string(workspace) + "/" : "") + "bench";
  CLI::App app("The same work in the in-memory provider, in just-bash and in bash.", "bench");
  app.add_flag("--json", options.json, "Print JSON, times in nanoseconds.");
  app.add_option("--only", options.only, "These workloads (and `scale`) alone.")->delimiter(',');
  app.add_option("--rounds", options.rounds, "How often each is measured.")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--many", options.many, "Sandboxes, and files, of the large world of `scale`.")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--no-scale", options.no_scale, "Without the figures of how costs grow.");
  app.add_flag("--no-just-bash", options.no_just_bash, "Without just-bash, which needs Node.js.");
  CLI11_PARSE(app, argc, argv);
  return Run(options);
}

}  // namespace
}  // namespace computesdk::bench

int main(int argc, char** argv) {
  try {
    return computesdk::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << "\n";
    return 1;
  }
}
