#ifndef COMPUTESDK_CONFORMANCE_CHECKS_PARTS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_PARTS_H_

#include <vector>

#include "conformance/requirement.h"

// The areas of the catalogue that fill more than one file, in their parts.
namespace computesdk::conformance {

std::vector<Requirement> CommandLineRequirements();
std::vector<Requirement> CommandArgumentRequirements();
std::vector<Requirement> CommandOutcomeRequirements();
std::vector<Requirement> CommandStateRequirements();

std::vector<Requirement> OutputByteRequirements();
std::vector<Requirement> OutputTextRequirements();
std::vector<Requirement> OutputStreamRequirements();
std::vector<Requirement> OutputSizeRequirements();

std::vector<Requirement> CommandCwdRequirements();
std::vector<Requirement> CommandEnvRequirements();
std::vector<Requirement> CommandTimeoutRequirements();
std::vector<Requirement> CommandBackgroundRequirements();

std::vector<Requirement> CodeRuntimeRequirements();
std::vector<Requirement> CodeRunRequirements();
std::vector<Requirement> CodeTextRequirements();
std::vector<Requirement> CodeOutputRequirements();
std::vector<Requirement> CodeOutcomeRequirements();

std::vector<Requirement> SandboxDataRequirements();
std::vector<Requirement> SandboxProcessRequirements();
std::vector<Requirement> SandboxPortRequirements();
std::vector<Requirement> HostIsolationRequirements();

// One list after the other.
template <typename... Parts>
std::vector<Requirement> Join(Parts... parts) {
  std::vector<Requirement> all;
  (all.insert(all.end(), parts.begin(), parts.end()), ...);
  return all;
}

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_PARTS_H_
