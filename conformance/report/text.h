#ifndef COMPUTESDK_CONFORMANCE_REPORT_TEXT_H_
#define COMPUTESDK_CONFORMANCE_REPORT_TEXT_H_

#include <string>
#include <string_view>

#include "conformance/report/report.h"

namespace computesdk::conformance {

struct TextOptions {
  bool colours = false;  // Of a terminal.
  int width = 100;       // Longer prose is broken at blanks.
};

// The report as one reads it: what failed, area by area, with what shows it and what mends it;
// then what only falls short, and what could not be tested; then the numbers.
std::string TextReport(const Report& report, const TextOptions& options = {});

// Prose, broken at blanks, with `indent` blanks before every line but the first.
std::string Wrapped(std::string_view prose, int indent, int width);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_TEXT_H_
