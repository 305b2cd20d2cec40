#ifndef COMPUTESDK_CONFORMANCE_CHECKS_FILE_PROBES_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_FILE_PROBES_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/requirement.h"

// What only the checks of files share.
namespace computesdk::conformance {

// A requirement of those who claim `filesystem`, given with an id without that word; optional
// unless it is recommended.
Requirement FileRequirement(Requirement requirement);
// The same, without "content." and without "paths." as well.
Requirement FileContentRequirement(Requirement requirement);
Requirement FilePathRequirement(Requirement requirement);

// What `cat` prints of each of the files, in few commands; "(no file)" where there is none.
std::vector<std::string> CatFiles(CheckContext& ctx, const Box& box,
                                  const std::vector<std::string>& paths);

// `cat` prints exactly these bytes of the file. Where it prints the same other bytes of a file that
// commands alone made, it is no witness, and the check is not-testable.
void ExpectCat(CheckContext& ctx, const Box& box, const std::string& path,
               std::string_view content);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_FILE_PROBES_H_
