#include <iterator>

#include "conformance/selftest/sabotage.h"

namespace computesdk::conformance {

const std::vector<Sabotage>& Sabotages() {
  static const auto* const all = [] {
    auto* sabotages = new std::vector<Sabotage>();
    for (const auto area :
         {CommandSabotages, EnvironmentSabotages, FileContentSabotages, FileWriteSabotages,
          FilePathSabotages, DirectorySabotages, ReaddirSabotages, FileSafetySabotages}) {
      std::vector<Sabotage> some = area();
      std::ranges::move(some, std::back_inserter(*sabotages));
    }
    return sabotages;
  }();
  return *all;
}

}  // namespace computesdk::conformance
