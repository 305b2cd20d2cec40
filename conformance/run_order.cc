#include "conformance/run_order.h"

#include <algorithm>
#include <string>

#include "sdk/types.h"

namespace computesdk::conformance {
namespace {

// Which checks start first. Those of the lifecycle: what fails there is the reason of failures
// elsewhere. Then those that mostly wait, so that the others run meanwhile. At the end those of the
// adapter.
enum class Turn { kLifecycle, kWaits, kAny, kAdapter };

Turn TurnOf(const Requirement& requirement) {
  if (ComesLast(requirement)) return Turn::kAdapter;
  if (requirement.area() == "lifecycle") return Turn::kLifecycle;
  const std::string& claimed = requirement.capability;
  const bool waits = claimed == capability::kCommandTimeout ||
                     claimed == capability::kCommandBackground ||
                     claimed == capability::kCreateTimeout;
  return waits ? Turn::kWaits : Turn::kAny;
}

}  // namespace

bool ComesLast(const Requirement& requirement) { return requirement.area() == "adapter"; }

std::vector<const Requirement*> InRunOrder(std::vector<const Requirement*> requirements) {
  std::ranges::stable_sort(requirements, {},
                           [](const Requirement* requirement) { return TurnOf(*requirement); });
  return requirements;
}

}  // namespace computesdk::conformance
