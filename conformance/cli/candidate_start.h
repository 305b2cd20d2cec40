#ifndef COMPUTESDK_CONFORMANCE_CLI_CANDIDATE_START_H_
#define COMPUTESDK_CONFORMANCE_CLI_CANDIDATE_START_H_

#include <memory>
#include <string>

#include "conformance/candidate.h"
#include "conformance/cli/commands.h"

namespace computesdk::conformance {

// The candidate that the command line names, started. The error is the line for the user.
Result<std::unique_ptr<Candidate>> StartCandidate(const CandidateArguments& arguments,
                                                  Milliseconds call_timeout);

// The candidate that a ledger names.
Result<std::unique_ptr<Candidate>> StartCandidate(const CandidateKey& key);

// How a person calls a candidate: the options that name it.
std::string CandidateOptions(const CandidateArguments& arguments);
std::string CandidateOptions(const CandidateKey& key);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_CANDIDATE_START_H_
