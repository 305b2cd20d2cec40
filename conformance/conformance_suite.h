#ifndef COMPUTESDK_CONFORMANCE_CONFORMANCE_SUITE_H_
#define COMPUTESDK_CONFORMANCE_CONFORMANCE_SUITE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/candidate.h"
#include "conformance/run_options.h"

namespace computesdk::conformance {

// What the command line of a conformance test says, besides GoogleTest's own flags. Each is
// written --name=value.
struct SuiteOptions {
  std::vector<std::string> adapter = {};  // --adapter=WORD, once for each word of the command.
  std::string expectations = {};          // --expectations=FILE
  std::vector<std::string> require = {};  // --require=GLOB, repeatable.
  RunOptions run = {};                    // --timeout, --seed and the others of `conformance run`.
};

Result<SuiteOptions> ParseSuiteOptions(const std::vector<std::string>& arguments);

using CandidateFactory = std::function<Result<std::unique_ptr<Candidate>>(const SuiteOptions&)>;

// The main function of a conformance test: every requirement is one test, against the candidate
// that `make` gives, which is asked for once a test needs it.
int RunConformanceSuite(int argc, char** argv, CandidateFactory make);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CONFORMANCE_SUITE_H_
