#ifndef COMPUTESDK_CONFORMANCE_REPORT_JSON_H_
#define COMPUTESDK_CONFORMANCE_REPORT_JSON_H_

#include <string>
#include <string_view>

#include "conformance/report/report.h"
#include "sdk/result.h"

namespace computesdk::conformance {

// The report for programs, schema version 1, with a line feed at the end.
std::string JsonReport(const Report& report);

// A report from what JsonReport wrote; an error names the field that is missing or of a wrong type.
Result<Report> ParseJsonReport(std::string_view text);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_JSON_H_
