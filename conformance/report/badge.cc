#include "conformance/report/badge.h"

#include <string_view>

#include "conformance/report/html_writer.h"
#include "conformance/report/page_parts.h"

namespace computesdk::conformance {
namespace {

constexpr std::string_view kLabel = "sandbox conformance";
constexpr int kPadding = 8;

// Of Verdana at 11 pixels, in tenths; `textLength` makes every font fit.
int WidthOf(std::string_view text) {
  int tenths = 0;
  for (char c : text) {
    const bool narrow = std::string_view("fijlrt ,.'").find(c) != std::string_view::npos;
    tenths += narrow ? 42 : c == 'm' ? 105 : 70;
  }
  return tenths / 10;
}

std::string_view ColourOf(std::string_view kind) {
  // Dark enough for white text.
  if (kind == "good") return "#1b7f4d";
  return kind == "tolerable" ? "#8f5b00" : "#c2312d";
}

std::string Half(std::string_view text, int x, int width, std::string_view colour) {
  const std::string at = std::to_string(x + width / 2);
  return "<rect x=\"" + std::to_string(x) + "\" width=\"" + std::to_string(width) +
         "\" height=\"20\" fill=\"" + std::string(colour) + "\"/><text x=\"" + at +
         "\" y=\"14\" textLength=\"" + std::to_string(width - 2 * kPadding) + "\">" +
         EscapeMarkup(text) + "</text>";
}

}  // namespace

std::string BadgeSvg(const Report& report) {
  const std::string counts = std::to_string(report.summary.passed) + " of " +
                             std::to_string(report.results.size()) + " passed";
  const Conclusion conclusion = ConcludeRun(report);
  const std::string title = EscapeMarkup(std::string(kLabel) + ": " + counts + " (" +
                                         std::string(conclusion.words) + ")");
  const int left = WidthOf(kLabel) + 2 * kPadding;
  const int right = WidthOf(counts) + 2 * kPadding;
  const std::string width = std::to_string(left + right);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width +
         "\" height=\"20\" role=\"img\" aria-label=\"" + title + "\"><title>" + title +
         "</title><clipPath id=\"r\"><rect width=\"" + width +
         "\" height=\"20\" rx=\"3\"/></clipPath><g clip-path=\"url(#r)\" fill=\"#fff\" "
         "text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" "
         "font-size=\"11\">" +
         Half(kLabel, 0, left, "#444b54") + Half(counts, left, right, ColourOf(conclusion.kind)) +
         "</g></svg>\n";
}

}  // namespace computesdk::conformance
