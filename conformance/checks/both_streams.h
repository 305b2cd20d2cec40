#ifndef COMPUTESDK_CONFORMANCE_CHECKS_BOTH_STREAMS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_BOTH_STREAMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/values.h"

// How the checks of output look at both streams. Commands are plain ASCII, and make the bytes by
// printf's octal escapes, so that no mistake on the way in undoes one on the way out.
namespace computesdk::conformance {

// Runs `print`, which prints `expected` on stdout, once as it is and once into stderr; the other
// stream has to stay empty, and the exit code 0.
void ExpectOnBothStreams(CheckContext& ctx, const std::string& print, std::string_view expected);

// Each value printed to each stream comes back as it is.
void ExpectValuesKept(CheckContext& ctx, const std::vector<NamedValue>& values);

// Both streams and the exit code of one result.
void ExpectResult(CheckContext& ctx, const ExecutionResult& result, std::string_view out,
                  std::string_view err, int exit_code);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_BOTH_STREAMS_H_
