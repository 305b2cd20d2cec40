#ifndef COMPUTESDK_CONFORMANCE_REPORT_PAGE_PARTS_H_
#define COMPUTESDK_CONFORMANCE_REPORT_PAGE_PARTS_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report/html_writer.h"
#include "conformance/report/report.h"

namespace computesdk::conformance {

// What the page of one run and the matrix of several have in common.

// The document up to its <body>, with a link that skips to #results. Nothing is fetched, and no
// script runs but the page's own.
void BeginPage(HtmlWriter& html, std::string_view title);
// The script, and the end.
std::string EndPage(HtmlWriter& html, const Report& report);

// The filters, hidden until the script shows that it runs.
void WriteFilters(HtmlWriter& html, const std::set<std::string>& areas, bool with_differences);

// A verdict in a word, with its colour: `failed`.
void WriteChip(HtmlWriter& html, Verdict verdict);
// What a run came to.
struct Conclusion {
  std::string_view kind;  // A class of the style sheet: good, tolerable, bad.
  std::string_view words;
};
Conclusion ConcludeRun(const Report& report);

// The counts of a run as a bar and, to those who do not see it, as a sentence.
void WriteBar(HtmlWriter& html, const Summary& summary);
std::string CountsSentence(const Summary& summary);

// What was expected and what came, finding by finding, with the steps that show it; up to a bound.
void WriteFindings(HtmlWriter& html, const std::vector<Finding>& findings);

// "7 ms", "1.5 s", "2 min 3 s".
std::string Duration(Milliseconds duration);
// "2023-11-14 22:13:20 UTC"
std::string Moment(Timestamp time);
// "acme 1.2"
std::string ProviderTitle(const ProviderDescription& provider);
// "1 requirement", "2 requirements"
std::string Count(std::size_t count, std::string_view noun);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_PAGE_PARTS_H_
