#ifndef COMPUTESDK_CONFORMANCE_CHECKS_ISOLATION_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_ISOLATION_H_

#include <string>

#include "conformance/check_context.h"

namespace computesdk::conformance {

// Whether the sandbox sees the file that the kit planted on its own machine: it runs there, with
// nothing in between. Providers do so by design; isolation.host-files says it.
bool SeesTheHost(CheckContext& ctx, const Box& box);

// The command lines of the processes that the sandbox shows, by /proc or by `ps`; empty where it
// has neither.
std::string ListProcesses(CheckContext& ctx, const Box& box);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_ISOLATION_H_
