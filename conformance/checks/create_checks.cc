#include "conformance/catalogue.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/parts.h"

namespace computesdk::conformance {

std::vector<Requirement> CreateRequirements() {
  return Join(CreateEnvsRequirements(), CreateMetadataRequirements(), CreateTimeoutRequirements());
}

}  // namespace computesdk::conformance
