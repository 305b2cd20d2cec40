#ifndef COMPUTESDK_BENCH_REPORT_H_
#define COMPUTESDK_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "bench/compare.h"
#include "bench/scale.h"

namespace computesdk::bench {

// Tables for a terminal; the first contestant's times are what the others' are compared to.
std::string CompareText(const std::vector<Row>& rows);
std::string ScaleText(const Scale& scale);

// {"rows": […], "scale": {…}}, times in nanoseconds; without the part that was not measured.
std::string ReportJson(const std::vector<Row>& rows, const Scale* scale);

// "830 ns", "12.4 µs": three digits.
std::string Shown(Duration duration);

}  // namespace computesdk::bench

#endif  // COMPUTESDK_BENCH_REPORT_H_
