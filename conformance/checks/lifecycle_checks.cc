#include "conformance/catalogue.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/parts.h"

namespace computesdk::conformance {

std::vector<Requirement> LifecycleRequirements() {
  return Join(LifecycleCreateRequirements(), LifecycleLookupRequirements(),
              LifecycleDestroyRequirements());
}

}  // namespace computesdk::conformance
