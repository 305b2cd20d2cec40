#ifndef COMPUTESDK_CONFORMANCE_REPORT_TIMELINE_H_
#define COMPUTESDK_CONFORMANCE_REPORT_TIMELINE_H_

#include <cstddef>
#include <vector>

#include "conformance/outcome.h"
#include "conformance/report/html_writer.h"

namespace computesdk::conformance {

// Rows for a picture in which no two lives of a row overlap, as few as there were sandboxes at
// once: for each life its row. One that was never seen to end lasts to the end.
std::vector<std::size_t> TimelineRows(const std::vector<SandboxLife>& lives);

// Which sandbox lived when, and for whom: a picture, and the same as a table.
void WriteTimeline(HtmlWriter& html, const RunRecord& run);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_TIMELINE_H_
