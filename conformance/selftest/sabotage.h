#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_SABOTAGE_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_SABOTAGE_H_

#include <string>
#include <vector>

#include "conformance/candidate.h"

namespace computesdk::conformance {

// One defect in a provider that has none otherwise: the proof that checks can fail, and that no
// other check fails with them. The lists hold ids of requirements, or globs for all that match; a
// requirement that none of them names comes out as for the clean provider.
struct Sabotage {
  std::string name;    // Lower case, words joined by "-": "args-joined-with-blanks".
  std::string defect;  // What is wrong, in a sentence.
  std::vector<std::string> classes = {};  // Of the defect catalogue: {"C1"}.
  // What fails, or is warned of where it is recommended.
  std::vector<std::string> reveals = {};
  // What can no longer be tested, as the defect takes away what its check looks with.
  std::vector<std::string> blinds = {};
  // What comes out either way, with the reason in a comment: the defect is a race, or random.
  std::vector<std::string> may_change = {};
  ProviderFactory make = {};
};

// All of them, area by area.
const std::vector<Sabotage>& Sabotages();

// The areas, each in a file of its own.
std::vector<Sabotage> CommandSabotages();
std::vector<Sabotage> DirectorySabotages();
std::vector<Sabotage> EnvironmentSabotages();
std::vector<Sabotage> FileContentSabotages();
std::vector<Sabotage> FilePathSabotages();
std::vector<Sabotage> FileSafetySabotages();
std::vector<Sabotage> FileWriteSabotages();
std::vector<Sabotage> ReaddirSabotages();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_SABOTAGE_H_
