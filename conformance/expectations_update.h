#ifndef COMPUTESDK_CONFORMANCE_EXPECTATIONS_UPDATE_H_
#define COMPUTESDK_CONFORMANCE_EXPECTATIONS_UPDATE_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/outcome.h"
#include "sdk/result.h"

namespace computesdk::conformance {

// What a run says about the entries of a file of expectations.
struct ExpectationUpdate {
  std::vector<CheckResult> results = {};  // With ApplyRequire applied.
  std::vector<std::string> require = {};  // Recommended requirements that decide: globs.
  std::set<std::string> catalogue = {};   // The ids that there are.
};

// The text of a file of expectations, brought up to date with a run:
// - entries that still fail, or did not run, keep their lines, reasons and comments as they are;
// - entries that pass, or are no requirement, are taken out; a comment goes when the last entry of
//   its paragraph does, so that what stands alone or above others stays;
// - what decides and is not listed is added at the end, each with what was found as a comment and
//   a reason to be filled in, without which the file cannot be used.
// The comments with what was found are made anew for each run, the others are the user's.
std::string UpdatedExpectations(std::string_view text, const ExpectationUpdate& update);

// The same with a file, which need not be there before. It is replaced at once and as a whole: the
// reasons in it were written by people.
Status UpdateExpectationsFile(const std::string& file, const ExpectationUpdate& update);

// Whether it could be, without a change to it: a long run is not to end in vain.
Status CanUpdateExpectationsFile(const std::string& file);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_EXPECTATIONS_UPDATE_H_
