#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "conformance/catalogue.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/report_output.h"
#include "conformance/report/badge.h"
#include "conformance/report/changes.h"
#include "conformance/report/json.h"
#include "conformance/report/junit.h"
#include "conformance/report/markdown.h"
#include "conformance/report/matrix.h"
#include "conformance/report/merge.h"
#include "conformance/report/page.h"
#include "conformance/report/text.h"

namespace computesdk::conformance {
namespace {

Result<Report> ReadReport(const std::string& name) {
  std::ifstream file(UserPath(name), std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || text.str().empty()) {
    return MakeError(ErrorCode::kInvalidArgument, "cannot read the report " + name);
  }
  Result<Report> report = ParseJsonReport(text.str());
  if (report) return report;
  return MakeError(ErrorCode::kInvalidArgument,
                   name + " is no JSON report of this program: " + report.error().message);
}

Result<std::vector<Report>> ReadReports(const std::vector<std::string>& names) {
  std::vector<Report> reports;
  for (const std::string& name : names) {
    Result<Report> report = ReadReport(name);
    if (!report) return tl::unexpected<Error>(report.error());
    reports.push_back(std::move(*report));
  }
  return reports;
}

void Show(const std::vector<Report>& reports) {
  for (const Report& report : reports) {
    if (&report != &reports.front()) std::cout << "\n";
    std::cout << TextReport(report, {.colours = IsColourful(STDOUT_FILENO)});
  }
  if (!AreRunsOfOne(reports)) return;
  std::cout << "\nFrom the first of these runs to the second:\n"
            << ChangesAsText(CompareRuns(reports[0], reports[1]));
}

// The forms of one report that are asked for. Of several, there is the matrix alone.
ReportOutputs Outputs(const ReportArguments& arguments, const std::vector<Report>& reports) {
  const auto html = [&reports](const Report& report) {
    return reports.size() == 1 ? HtmlPage(report) : HtmlMatrix(reports);
  };
  return {{arguments.merge, JsonReport},
          {arguments.html, html},
          {arguments.markdown, MarkdownReport},
          {arguments.junit, JunitReport},
          {arguments.badge, BadgeSvg}};
}

}  // namespace

int ReportMain(const ReportArguments& arguments) {
  Result<std::vector<Report>> reports = ReadReports(arguments.files);
  if (!reports) return Unusable(reports.error().message);
  const bool merges = !arguments.merge.empty();
  if (merges) {
    Result<Report> whole = MergeShards(std::move(*reports), Catalogue());
    if (!whole) return Unusable(whole.error().message);
    reports = std::vector<Report>{std::move(*whole)};
  }
  const bool of_one =
      !arguments.markdown.empty() || !arguments.junit.empty() || !arguments.badge.empty();
  if (of_one && reports->size() > 1) {
    return Unusable("--markdown, --junit and --badge are of one report; --merge joins several");
  }
  const ReportOutputs outputs = Outputs(arguments, *reports);
  const bool any =
      std::ranges::any_of(outputs, [](const ReportOutput& output) { return !output.path.empty(); });
  if (!any) {
    Show(*reports);
    return 0;
  }
  if (const Status usable = CheckOutputs(outputs); !usable) {
    return Unusable(usable.error().message);
  }
  const int written = WriteOutputs(outputs, reports->front());
  if (written != 0) return written;
  // The verdict on the whole is new: nobody has told it yet.
  return merges ? reports->front().exit_status : 0;
}

}  // namespace computesdk::conformance
