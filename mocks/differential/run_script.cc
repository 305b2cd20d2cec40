// Runs a script in the in-memory provider, for people at work on its shell:
//   bazel run //mocks/differential:run_script -- -c 'echo hi | tr a-z A-Z'
//   bazel run //mocks/differential:run_script -- --compare -c '…'     and in /bin/bash beside it
// Without -c the script is read from standard input.
#include <cstring>
#include <iostream>
#include <iterator>
#include <optional>

#include "mocks/differential/outcome.h"

int main(int argc, char** argv) {
  using computesdk::differential::Outcome;
  bool compare = false;
  std::optional<std::string> script;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--compare") == 0) {
      compare = true;
    } else if (std::strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
      script = argv[++i];
    } else {
      std::cerr << "usage: run_script [--compare] [-c SCRIPT]\n";
      return 2;
    }
  }
  if (!script)
    script.emplace(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  const Outcome ours = computesdk::differential::RunInMemory(*script);
  if (compare) {
    const Outcome bash = computesdk::differential::RunOnHost(*script, "/tmp");
    const bool same = computesdk::differential::Agree(bash, ours);
    std::cout << (same ? "same\n" : "DIFFERENT\n") << "=== bash: " << bash
              << "=== in memory: " << ours;
    return same ? 0 : 1;
  }
  std::cout << ours.stdout_bytes << std::flush;
  std::cerr << ours.stderr_bytes;
  return ours.exit_code;
}
