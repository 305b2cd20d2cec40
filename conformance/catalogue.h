#ifndef COMPUTESDK_CONFORMANCE_CATALOGUE_H_
#define COMPUTESDK_CONFORMANCE_CATALOGUE_H_

#include <string_view>
#include <vector>

#include "conformance/requirement.h"

namespace computesdk::conformance {

// Every requirement, area by area, in the order of the reports.
const std::vector<Requirement>& Catalogue();

// The one with that id; nullptr without one.
const Requirement* FindRequirement(std::string_view id);

// The areas, each in a file of its own in checks/.
std::vector<Requirement> LifecycleRequirements();
std::vector<Requirement> CreateRequirements();
std::vector<Requirement> CommandRequirements();
std::vector<Requirement> OutputRequirements();
std::vector<Requirement> CommandOptionRequirements();
std::vector<Requirement> EnvironmentRequirements();
std::vector<Requirement> CodeRequirements();
std::vector<Requirement> FileContentRequirements();
std::vector<Requirement> FilePathRequirements();
std::vector<Requirement> DirectoryRequirements();
std::vector<Requirement> FileSafetyRequirements();
std::vector<Requirement> InfoRequirements();
std::vector<Requirement> UrlRequirements();
std::vector<Requirement> IsolationRequirements();
std::vector<Requirement> AdapterRequirements();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CATALOGUE_H_
