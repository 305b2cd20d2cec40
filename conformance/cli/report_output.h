#ifndef COMPUTESDK_CONFORMANCE_CLI_REPORT_OUTPUT_H_
#define COMPUTESDK_CONFORMANCE_CLI_REPORT_OUTPUT_H_

#include <functional>
#include <string>
#include <vector>

#include "conformance/report/report.h"
#include "sdk/result.h"

namespace computesdk::conformance {

// A form of the report, and where it goes: "-" is standard output, and an empty path nowhere.
struct ReportOutput {
  std::string path;
  std::function<std::string(const Report&)> write;
};
using ReportOutputs = std::vector<ReportOutput>;

bool TakesStdout(const ReportOutputs& outputs);

// Reports are asked for in vain if they cannot be written: that is known before the run. The error
// says which; standard output holds one of them.
Status CheckOutputs(const ReportOutputs& outputs);

// Writes them. 0, or the exit status of what cannot be done.
int WriteOutputs(const ReportOutputs& outputs, const Report& report);

// Writes to a path of the command line, or to standard output; whether it could.
bool WriteFileOrStdout(const std::string& path, const std::string& content);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_REPORT_OUTPUT_H_
