#ifndef COMPUTESDK_MOCKS_DIFFERENTIAL_OUTCOME_H_
#define COMPUTESDK_MOCKS_DIFFERENTIAL_OUTCOME_H_

#include <map>
#include <optional>
#include <ostream>
#include <string>

namespace computesdk::differential {

// What a script did.
struct Outcome {
  std::string stdout_bytes;
  std::string stderr_bytes;
  int exit_code = 0;
  // What it left in its folder: by relative path, the kind, the permission bits and the bytes.
  std::map<std::string, std::string> files;
  bool timed_out = false;
};

// Standard output byte for byte, exit code, whether there was standard error, the files left.
bool Agree(const Outcome& one, const Outcome& other);

// Did bash lose a child of its own, or run out of time? Then there is nothing to compare with.
bool BashFailed(const Outcome& bash);

std::ostream& operator<<(std::ostream& os, const Outcome& outcome);

// Runs a script with /bin/bash and the GNU utilities, in a new folder below `scratch` that is
// removed afterwards: a clean environment, empty input, gawk as awk, UTC, C.UTF-8. It is killed
// after 20 s.
Outcome RunOnHost(const std::string& script, const std::string& scratch);

// Runs it in a new sandbox of an in-memory provider, in an empty folder.
Outcome RunInMemory(const std::string& script);

struct Difference {
  Outcome bash;
  Outcome ours;
};
std::ostream& operator<<(std::ostream& os, const Difference& difference);

// Runs it in both, up to `tries` times: only what differs every time counts, as on a busy machine a
// script may run into the time limit.
std::optional<Difference> FindDifference(const std::string& script, const std::string& scratch,
                                         int tries = 3);

}  // namespace computesdk::differential

#endif  // COMPUTESDK_MOCKS_DIFFERENTIAL_OUTCOME_H_
