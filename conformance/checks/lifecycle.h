#ifndef COMPUTESDK_CONFORMANCE_CHECKS_LIFECYCLE_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_LIFECYCLE_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"

namespace computesdk::conformance {

// The parts of the area beside those in area_parts.h.
std::vector<Requirement> LifecycleNewSandboxRequirements();
std::vector<Requirement> LifecycleGetByIdRequirements();
std::vector<Requirement> LifecycleAfterwardsRequirements();

// A create, which must succeed and give an id.
SandboxRef CreateOne(CheckContext& ctx, const CreateSandboxOptions& options = {});

// What two sandboxes of one user may well have in common: the same name and owner, as far as
// metadata and variables may be sent.
CreateSandboxOptions OptionsInCommon(const CheckContext& ctx, const std::string& name);

// The provider's first runtime by its name, which means the same as none.
CreateSandboxOptions NamingTheRuntime(const CheckContext& ctx);

// body(0) … body(count - 1) of at most 4, each of which has one sandbox at a time: side by side
// where there is room for so many, one after the other otherwise.
void ForEachSandbox(CheckContext& ctx, int count, const std::function<void(int)>& body);

// A sandbox that was there and is destroyed; it had the file `file`.
Box CreateAndDestroy(CheckContext& ctx, const CreateSandboxOptions& options = {});

// The ids in list, which must succeed.
std::set<std::string> ListedIds(CheckContext& ctx);

// A handle that says where one may work must be right.
void ExpectWorkdirIsThere(CheckContext& ctx, const SandboxRef& handle, std::string_view whose);

// What getById says of a live id, which may lag behind its create.
SandboxRef FindLive(CheckContext& ctx, const std::string& id);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_LIFECYCLE_H_
