#ifndef COMPUTESDK_CONFORMANCE_OUTCOME_H_
#define COMPUTESDK_CONFORMANCE_OUTCOME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/finding.h"
#include "conformance/requirement.h"
#include "sdk/types.h"

namespace computesdk::conformance {

// How a requirement came out.
enum class Verdict {
  kPassed,
  kFailed,       // Broken, and it binds.
  kWarned,       // A recommended one, broken.
  kUnsupported,  // It does not bind: what it is about is not claimed.
  kNotTestable,  // What the check needs failed first. Never a pass.
};

std::string_view VerdictName(Verdict verdict);  // "passed", …, "not-testable"

// What a check said of a requirement.
struct CheckResult {
  std::string id = {};
  Level level = Level::kRequired;
  Verdict verdict = Verdict::kPassed;
  std::string message = {};  // One line; empty for a plain pass.
  std::vector<Finding> findings = {};
  Milliseconds duration{0};
  // The most calls of the check that waited for each other, without those that looked in vain while
  // it waited for something to happen.
  int call_chain = 0;
};

// What the methods of a capability that is not claimed did when they were called.
struct MethodProbe {
  std::string capability = {};
  // Passed: each answered UNIMPLEMENTED and did nothing.
  Verdict verdict = Verdict::kPassed;
  int methods = 0;
  int answered = 0;  // Those that succeeded.

  friend bool operator==(const MethodProbe&, const MethodProbe&) = default;
};

struct RunStats {
  int sandboxes_created = 0;
  int sandboxes_leaked = 0;  // Made by the run, and there at its end.
  int peak_sandboxes = 0;
  std::int64_t calls = 0;
};

// When a sandbox of the run was there, from the run's start on.
struct SandboxLife {
  std::string sandbox_id = {};
  std::string made_by = {};  // The requirement's id, or kSharedMaker.
  Milliseconds created{0};
  std::optional<Milliseconds> destroyed = {};  // None: it was never seen to be gone.

  friend bool operator==(const SandboxLife&, const SandboxLife&) = default;
};

// Made the sandboxes that serve one check after another.
inline constexpr std::string_view kSharedMaker = "shared";

// Which shard of a run a record is of; `total` is 1 for a whole run.
struct Shard {
  int index = 0;
  int total = 1;

  friend bool operator==(const Shard&, const Shard&) = default;
};

// Everything that a report says.
struct RunRecord {
  ProviderDescription provider = {};
  std::string candidate = {};  // The options that name it: `--provider in-memory`.
  std::uint64_t seed = 0;
  Timestamp started_at{};
  Milliseconds duration{0};
  bool interrupted = false;
  std::vector<CheckResult> results = {};  // In the order of the catalogue.
  std::vector<MethodProbe> probes = {};   // Of the capabilities that are not claimed.
  RunStats stats = {};
  std::vector<SandboxLife> timeline = {};  // In the order in which they were made.
  std::vector<std::string> filters = {};   // What chose the requirements; empty for all of them.
  std::vector<std::string> require = {};   // Recommended requirements that decided: globs.
  Shard shard = {};
  std::vector<std::string> problems = {};  // Of the run as a whole; each makes it not conformant.
  std::vector<std::string> notes = {};     // Worth saying, and harmless.
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_OUTCOME_H_
