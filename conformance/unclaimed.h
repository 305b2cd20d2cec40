#ifndef COMPUTESDK_CONFORMANCE_UNCLAIMED_H_
#define COMPUTESDK_CONFORMANCE_UNCLAIMED_H_

#include <functional>
#include <string_view>

#include "conformance/requirement.h"

namespace computesdk::conformance {

// Whether a capability stands for methods, and not for options of one.
bool IsMethodCapability(std::string_view capability);

// Notes a call of a method that is not claimed, and whether it succeeded.
using NoteCall = std::function<void(std::string_view method, bool succeeded)>;

// That the methods of a capability that is not claimed answer UNIMPLEMENTED at once, and do
// nothing.
Requirement UnclaimedMethodsRequirement(std::string_view capability, NoteCall note);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_UNCLAIMED_H_
