#ifndef COMPUTESDK_CONFORMANCE_REPORT_MATRIX_H_
#define COMPUTESDK_CONFORMANCE_REPORT_MATRIX_H_

#include <string>
#include <vector>

#include "conformance/report/report.h"

namespace computesdk::conformance {

// Several runs as one page of HTML: a row a requirement, a column a run, and below what each run
// said of those that it did not pass. Of two runs of one provider, what changed comes first.
std::string HtmlMatrix(const std::vector<Report>& reports);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_MATRIX_H_
