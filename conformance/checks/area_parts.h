#ifndef COMPUTESDK_CONFORMANCE_CHECKS_AREA_PARTS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_AREA_PARTS_H_

#include <vector>

#include "conformance/requirement.h"

// The parts of areas that fill more than one file.
namespace computesdk::conformance {

std::vector<Requirement> LifecycleCreateRequirements();
std::vector<Requirement> LifecycleLookupRequirements();
std::vector<Requirement> LifecycleDestroyRequirements();

std::vector<Requirement> CreateEnvsRequirements();
std::vector<Requirement> CreateMetadataRequirements();
std::vector<Requirement> CreateTimeoutRequirements();

std::vector<Requirement> FileBytesRequirements();
std::vector<Requirement> FileSizeRequirements();
std::vector<Requirement> FileWriteRequirements();
std::vector<Requirement> FileReadRequirements();

std::vector<Requirement> FilePathSyntaxRequirements();
std::vector<Requirement> FileNameRequirements();
std::vector<Requirement> FilePathShapeRequirements();
std::vector<Requirement> FileLinkRequirements();

std::vector<Requirement> FileOutsideRequirements();
std::vector<Requirement> FileSharingRequirements();

std::vector<Requirement> MkdirRequirements();
std::vector<Requirement> RemoveRequirements();
std::vector<Requirement> DirectoryListingRequirements();
std::vector<Requirement> DirectoryEntryRequirements();
std::vector<Requirement> ExistsRequirements();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_AREA_PARTS_H_
