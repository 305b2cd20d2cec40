#ifndef COMPUTESDK_CONFORMANCE_CHECKS_TIMEOUTS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_TIMEOUTS_H_

#include "conformance/check_context.h"

// What the checks of the option `timeout` share.
namespace computesdk::conformance {

inline constexpr Milliseconds kTimeout{300};
// Far above what a loaded machine adds, far below what the commands take that are to be ended.
inline constexpr Milliseconds kMargin{4000};

// Six seconds without end in sight; nothing is left over where the timeout is ignored.
inline constexpr const char* kForSixSeconds =
    "i=0; while [ $i -lt 60 ]; do sleep 0.1 || sleep 6; i=$((i+1)); done";

// The command must have been ended: DEADLINE_EXCEEDED, or (tolerated) a non-zero exit code.
void ExpectEnded(CheckContext& ctx, const Result<ExecutionResult>& result);

// For checks of what comes after a timeout.
void NeedEnded(CheckContext& ctx, const Result<ExecutionResult>& result);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_TIMEOUTS_H_
