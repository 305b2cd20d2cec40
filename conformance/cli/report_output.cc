#include "conformance/cli/report_output.h"

#include <algorithm>
#include <fstream>
#include <iostream>

#include "conformance/cli/commands.h"

namespace computesdk::conformance {

bool TakesStdout(const ReportOutputs& outputs) {
  return std::ranges::find(outputs, "-", &ReportOutput::path) != outputs.end();
}

Status CheckOutputs(const ReportOutputs& outputs) {
  if (std::ranges::count(outputs, "-", &ReportOutput::path) > 1) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "standard output (-) can take one report, not several");
  }
  for (const ReportOutput& output : outputs) {
    if (output.path.empty() || output.path == "-") continue;
    if (!std::ofstream(UserPath(output.path), std::ios::app)) {
      return MakeError(ErrorCode::kInvalidArgument, "cannot write the report " + output.path);
    }
  }
  return {};
}

int WriteOutputs(const ReportOutputs& outputs, const Report& report) {
  int status = 0;
  for (const ReportOutput& output : outputs) {
    if (output.path.empty()) continue;
    if (!WriteFileOrStdout(output.path, output.write(report))) {
      status = Unusable("cannot write the report " + output.path);
    }
  }
  return status;
}

bool WriteFileOrStdout(const std::string& path, const std::string& content) {
  if (path == "-") {
    std::cout << content << std::flush;
    return static_cast<bool>(std::cout);
  }
  std::ofstream file(UserPath(path), std::ios::binary);
  file << content << std::flush;
  return static_cast<bool>(file);
}

}  // namespace computesdk::conformance
