#ifndef COMPUTESDK_CONFORMANCE_REPORT_PAGE_H_
#define COMPUTESDK_CONFORMANCE_REPORT_PAGE_H_

#include <string>

#include "conformance/report/report.h"

namespace computesdk::conformance {

// The report as one page of HTML that needs nothing else: the verdict, then what failed, area by
// area, with what shows it and what mends it, then the rest, folded.
std::string HtmlPage(const Report& report);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_PAGE_H_
