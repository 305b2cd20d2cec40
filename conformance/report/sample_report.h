#ifndef COMPUTESDK_CONFORMANCE_REPORT_SAMPLE_REPORT_H_
#define COMPUTESDK_CONFORMANCE_REPORT_SAMPLE_REPORT_H_

#include "conformance/report/report.h"

namespace computesdk::conformance {

// For the tests of the reports: a run of a provider "acme" with one result of each kind.
Report SampleReport(const VerdictRules& rules = {});

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_SAMPLE_REPORT_H_
