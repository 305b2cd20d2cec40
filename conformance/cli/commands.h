#ifndef COMPUTESDK_CONFORMANCE_CLI_COMMANDS_H_
#define COMPUTESDK_CONFORMANCE_CLI_COMMANDS_H_

#include <optional>
#include <string>
#include <vector>

#include "conformance/run_options.h"

namespace computesdk::conformance {

inline constexpr int kExitConformant = 0;
inline constexpr int kExitNotConformant = 1;
inline constexpr int kExitUnusable = 2;

// What names a candidate on the command line.
struct CandidateArguments {
  std::string provider = "in-memory";
  std::string adapter = {};  // Wins over the provider where it is not empty.
  int startup_timeout_ms = 10'000;
};

struct RunArguments {
  CandidateArguments candidate = {};
  RunOptions options = {};
  std::optional<std::uint64_t> seed = {};
  std::vector<std::string> filters = {};
  std::vector<std::string> require = {};
  std::string expectations = {};
  std::string ledger = {};
  std::string write_expectations = {};
  std::string json = {};
  std::string junit = {};
  std::string html = {};
  // Says what the run would cost with that time for every call, and makes none.
  bool dry_run = false;
  Milliseconds latency{200};
};

// What `report` makes of reports that `run --json` wrote. Without any of these it shows them.
struct ReportArguments {
  std::vector<std::string> files = {};
  std::string merge = {};  // The shards of one run become this one report.
  std::string html = {};
  std::string markdown = {};
  std::string junit = {};
  std::string badge = {};
};

// The commands. Each gives the exit status of the program.
int RunMain(const RunArguments& arguments);
int ServeMain(const std::string& provider);
int ListMain(const std::string& format);
int ExplainMain(const std::string& id);
int CleanUpMain(const std::string& ledger);
int ReportMain(const ReportArguments& arguments);
int SelfTestMain(const std::vector<std::string>& filters, bool all, int jobs);
// What the self-test starts as a child: an adapter with that habit or defect.
int AsAdapterMain(const std::string& behaviour);

// One line on standard error; the exit status for what cannot be done.
int Unusable(const std::string& message);

// A path of the command line, from where the user stands: `bazel run` starts the program
// elsewhere, and says where that was.
std::string UserPath(const std::string& path);
// That place; empty for this process's own working directory.
std::string UserDirectory();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_COMMANDS_H_
