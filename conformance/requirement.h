#ifndef COMPUTESDK_CONFORMANCE_REQUIREMENT_H_
#define COMPUTESDK_CONFORMANCE_REQUIREMENT_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace computesdk::conformance {

class CheckContext;

enum class Level {
  kRequired,     // Binds every provider.
  kOptional,     // Binds a provider that claims the capability.
  kRecommended,  // Reported; decides only with --require.
};

std::string_view LevelName(Level level);  // "required", "optional", "recommended"

// What a check runs in.
enum class SandboxNeed {
  kNone,    // It creates what it needs, or needs nothing.
  kShared,  // A sandbox that other checks use too, with a scratch directory of its own.
  kFresh,   // A sandbox that nobody else uses.
};

// One sentence of the contract, and how it is checked. The catalogue of these is the only place
// that names a requirement: the program, the GoogleTest front, the reports and the docs read it.
struct Requirement {
  // Area first, lower case, words joined by "-": "filesystem.paths.quotes". Never changes.
  std::string id;
  Level level = Level::kRequired;
  // Binds only those who claim it; empty for all. A recommended one may have one too.
  std::string capability = {};
  // The sentence that it asks: "A file name with quotes names exactly that file."
  std::string asks;
  // Why it matters to somebody who uses sandboxes.
  std::string why;
  // What usually breaks it: the habit or the shortcut, so that an author knows their own code in
  // it.
  std::string breaks = {};
  // A few lines of a provider (TypeScript, as most are written in it) that break it, and that keep
  // it; without a newline at the ends.
  std::string wrong = {};
  std::string right = {};
  // Classes of the defect catalogue that it is for: {"F27", "C2"}.
  std::vector<std::string> defects = {};
  // What the provider's author does about a failure.
  std::string mend;
  SandboxNeed sandbox = SandboxNeed::kShared;
  // Further capabilities without which the check has no way to look: it is not-testable then.
  std::vector<std::string> needs = {};
  std::function<void(CheckContext&)> check;

  // "filesystem" of "filesystem.paths.quotes".
  std::string_view area() const { return std::string_view(id).substr(0, id.find('.')); }
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REQUIREMENT_H_
