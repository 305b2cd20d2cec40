#ifndef COMPUTESDK_CONFORMANCE_UNCLAIMED_H_
#define COMPUTESDK_CONFORMANCE_UNCLAIMED_H_

#include <string_view>

#include "conformance/requirement.h"

namespace computesdk::conformance {

// Whether a capability stands for methods, and not for options of one.
bool IsMethodCapability(std::string_view capability);

// That the methods of a capability that is not claimed answer UNIMPLEMENTED, and do nothing.
Requirement UnclaimedMethodsRequirement(std::string_view capability);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_UNCLAIMED_H_
