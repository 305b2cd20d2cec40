#ifndef COMPUTESDK_CONFORMANCE_CHECKS_ADAPTER_PARTS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_ADAPTER_PARTS_H_

#include <vector>

#include "conformance/check_context.h"
#include "conformance/requirement.h"

// The area `adapter`, in its parts. These checks run last and one by one, and judge the whole run.
namespace computesdk::conformance {

// What it answers; how its process lives and ends; what it makes of odd requests.
std::vector<Requirement> AdapterAnswerRequirements();
std::vector<Requirement> AdapterProcessRequirements();
std::vector<Requirement> AdapterRequestRequirements();

// The one in use; the runner starts these checks only where there is one.
inline AdapterProvider& Adapter(CheckContext& ctx) {
  if (ctx.adapter() == nullptr) ctx.NotTestable("the candidate runs in process");
  return *ctx.adapter();
}

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_ADAPTER_PARTS_H_
