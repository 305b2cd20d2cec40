#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_LIFECYCLE_SABOTAGES_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_LIFECYCLE_SABOTAGES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/selftest/guarded.h"
#include "conformance/selftest/sabotage.h"
#include "sdk/provider.h"

// What the sabotages of the life of a sandbox, of its options and of its addresses have in common.
namespace computesdk::conformance {

// The parts of LifecycleSabotages.
std::vector<Sabotage> LifecycleCreateSabotages();
std::vector<Sabotage> LifecycleLookupSabotages();
std::vector<Sabotage> LifecycleDestroySabotages();

using Found = Result<std::optional<SandboxRef>>;
using Ids = Guarded<std::set<std::string>>;

inline void Remember(const Ids& ids, const std::string& id) {
  ids.With([&](std::set<std::string>& all) { all.insert(id); });
}

inline bool Knows(const Ids& ids, const std::string& id) {
  return ids.With([&](const std::set<std::string>& all) { return all.contains(id); });
}

// Something that a provider keeps for each sandbox.
template <typename T>
using ById = Guarded<std::map<std::string, T>>;

template <typename T>
void Keep(const ById<T>& all, const std::string& id, T value) {
  all.With([&](std::map<std::string, T>& map) { map[id] = std::move(value); });
}

// What is kept for the id; `otherwise` if nothing is.
template <typename T>
T Kept(const ById<T>& all, const std::string& id, T otherwise = {}) {
  return all.With([&](const std::map<std::string, T>& map) {
    const auto found = map.find(id);
    return found == map.end() ? otherwise : found->second;
  });
}

inline bool IsThere(Provider& provider, const std::string& id) {
  const Found found = provider.GetById(id);
  return found && found->has_value();
}

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_LIFECYCLE_SABOTAGES_H_
