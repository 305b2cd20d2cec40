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
  // The only requirements that are judged, one at a time (ids or globs): for a defect that hits
  // whoever happens to be in flight, so that beside others anything might go red. Empty: all.
  std::vector<std::string> alone = {};
  ProviderFactory make = {};
  // Instead of a factory: the defect of an adapter process; see broken_adapter.h.
  std::string adapter = {};
};

// All of them, area by area.
const std::vector<Sabotage>& Sabotages();

// The areas, each in a file of its own.
std::vector<Sabotage> LifecycleSabotages();
std::vector<Sabotage> CreateSabotages();
std::vector<Sabotage> CommandSabotages();
std::vector<Sabotage> InfoSabotages();
std::vector<Sabotage> UrlSabotages();
std::vector<Sabotage> AdapterSabotages();
std::vector<Sabotage> EnvironmentSabotages();
std::vector<Sabotage> OutputByteSabotages();
std::vector<Sabotage> OutputSabotages();
std::vector<Sabotage> CodeSabotages();
std::vector<Sabotage> CodeOutcomeSabotages();
std::vector<Sabotage> IsolationSabotages();
std::vector<Sabotage> DirectorySabotages();
std::vector<Sabotage> FileContentSabotages();
std::vector<Sabotage> FilePathSabotages();
std::vector<Sabotage> FileSafetySabotages();
std::vector<Sabotage> FileWriteSabotages();
std::vector<Sabotage> ReaddirSabotages();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_SABOTAGE_H_
