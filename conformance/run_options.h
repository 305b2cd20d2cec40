#ifndef COMPUTESDK_CONFORMANCE_RUN_OPTIONS_H_
#define COMPUTESDK_CONFORMANCE_RUN_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "sdk/types.h"

namespace computesdk::conformance {

// What bounds a run, and what varies it.
struct RunOptions {
  int jobs = 12;           // Checks at once; never more than the candidate's max_concurrency.
  int max_sandboxes = 24;  // Alive at once, whoever in the run made them.
  Milliseconds call_timeout{60'000};
  Milliseconds check_timeout{120'000};
  Milliseconds run_timeout{1'800'000};
  Milliseconds consistency_window{2'000};
  std::optional<std::string> workdir = {};  // Instead of the candidate's own.
  std::uint64_t seed = 0;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_RUN_OPTIONS_H_
