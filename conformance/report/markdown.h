#ifndef COMPUTESDK_CONFORMANCE_REPORT_MARKDOWN_H_
#define COMPUTESDK_CONFORMANCE_REPORT_MARKDOWN_H_

#include <cstddef>
#include <string>

#include "conformance/report/report.h"

namespace computesdk::conformance {

// GitHub takes comments of up to 65,536 characters; a job may add some of its own.
inline constexpr std::size_t kMostMarkdownBytes = 60'000;

// The report for a comment on a pull request: the verdict, the counts, and each failure folded. It
// is never longer than the bound, and says what it left out. Whatever a provider said stands in
// code, where it is neither markup nor a mention of anybody.
std::string MarkdownReport(const Report& report);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_MARKDOWN_H_
