#ifndef COMPUTESDK_CONFORMANCE_REPORT_CAPABILITY_TEXT_H_
#define COMPUTESDK_CONFORMANCE_REPORT_CAPABILITY_TEXT_H_

#include <optional>
#include <string>
#include <vector>

#include "conformance/capability_table.h"

namespace computesdk::conformance {

// What is claimed, and what was measured, a line each under a head.
std::string CapabilityText(const std::vector<CapabilityRow>& rows);

// The member of a description that claims these, as JSON: `"capabilities": ["getInfo"]`.
std::string CapabilityLine(const std::vector<std::string>& capabilities);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_CAPABILITY_TEXT_H_
