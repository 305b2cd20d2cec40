#ifndef COMPUTESDK_CONFORMANCE_CHECKS_PROGRAMS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_PROGRAMS_H_

#include <string_view>

#include "conformance/check_context.h"

namespace computesdk::conformance {

// For a check that looks at something by `sh -c SCRIPT` as a program with args: not-testable where
// the script does not arrive in one piece. The requirements command.args.* are about that.
void NeedPrograms(CheckContext& ctx, const Box& box);

// The command under test must exit with 0 and print exactly this to stdout.
void ExpectPrints(CheckContext& ctx, const Result<ExecutionResult>& run, std::string_view expected);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_PROGRAMS_H_
