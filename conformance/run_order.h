#ifndef COMPUTESDK_CONFORMANCE_RUN_ORDER_H_
#define COMPUTESDK_CONFORMANCE_RUN_ORDER_H_

#include <vector>

#include "conformance/requirement.h"

namespace computesdk::conformance {

// The same requirements in the order in which their checks are started.
std::vector<const Requirement*> InRunOrder(std::vector<const Requirement*> requirements);

// Whether it looks at what the others made the candidate do: it is started when they have ended.
bool ComesLast(const Requirement& requirement);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_RUN_ORDER_H_
