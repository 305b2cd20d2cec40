#include "conformance/catalogue.h"
#include "conformance/checks/adapter_parts.h"
#include "conformance/checks/parts.h"

namespace computesdk::conformance {

std::vector<Requirement> AdapterRequirements() {
  return Join(AdapterAnswerRequirements(), AdapterProcessRequirements(),
              AdapterRequestRequirements());
}

}  // namespace computesdk::conformance
