#ifndef COMPUTESDK_CONFORMANCE_CHECKS_FILE_STAGE_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_FILE_STAGE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/values.h"

namespace computesdk::conformance {

// What the checks of names write into the file number i.
std::string StageContent(std::size_t i);

// All six methods act on exactly the files of these names, and on nothing else beside them.
void ExpectExactNames(CheckContext& ctx, const std::vector<NamedValue>& names);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_FILE_STAGE_H_
