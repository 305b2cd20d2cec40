#ifndef COMPUTESDK_CONFORMANCE_GLOB_H_
#define COMPUTESDK_CONFORMANCE_GLOB_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/requirement.h"
#include "sdk/result.h"

namespace computesdk::conformance {

// Whether an id matches a pattern of `*`, `?` and `[…]`; `*` runs over dots.
bool GlobMatches(const std::string& pattern, const std::string& id);

// The requirements whose id matches one of the filters and none of those that begin with "-", in
// the order of the catalogue. Without a positive filter all match. A filter that matches nothing
// is an error, as is a choice of nothing.
Result<std::vector<const Requirement*>> Select(const std::vector<Requirement>& catalogue,
                                               const std::vector<std::string>& filters);

// The id that `wrong` was probably meant to be; empty where nothing is near.
std::string NearestId(const std::vector<Requirement>& catalogue, std::string_view wrong);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_GLOB_H_
