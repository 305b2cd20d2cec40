#ifndef COMPUTESDK_CONFORMANCE_REPORT_BADGE_H_
#define COMPUTESDK_CONFORMANCE_REPORT_BADGE_H_

#include <string>

#include "conformance/report/report.h"

namespace computesdk::conformance {

// A small picture (SVG) for a README: how many requirements passed, in the colour of the verdict.
// It needs nothing else, and says the same to those who do not see it.
std::string BadgeSvg(const Report& report);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_BADGE_H_
