#ifndef COMPUTESDK_CONFORMANCE_REPORT_JUNIT_H_
#define COMPUTESDK_CONFORMANCE_REPORT_JUNIT_H_

#include <string>

#include "conformance/report/report.h"

namespace computesdk::conformance {

// The report as JUnit's XML: a suite an area, a test case a requirement. What is unsupported, or a
// known failure, is skipped; what is not testable is an error; a warning is a pass with output.
std::string JunitReport(const Report& report);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_JUNIT_H_
