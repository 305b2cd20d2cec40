#ifndef COMPUTESDK_CONFORMANCE_CHECKS_COMMAND_PARTS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_COMMAND_PARTS_H_

#include <vector>

#include "conformance/requirement.h"

// Parts of the area `command`, beside those of parts.h.
namespace computesdk::conformance {

std::vector<Requirement> CommandProgramRequirements();
std::vector<Requirement> CommandResultRequirements();

std::vector<Requirement> CommandEnvScopeRequirements();
std::vector<Requirement> CommandEnvValueRequirements();
std::vector<Requirement> CommandTimeoutEndRequirements();
std::vector<Requirement> CommandTimeoutAftermathRequirements();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_COMMAND_PARTS_H_
