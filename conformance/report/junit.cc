#include "conformance/report/junit.h"

#include <array>
#include <cstdio>
#include <sstream>
#include <string_view>
#include <vector>

#include "conformance/printable.h"

namespace computesdk::conformance {
namespace {

// XML 1.0 has no way to write most control characters, nor U+FFFE and U+FFFF: they are escaped as
// in C before the markup is.
std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : CleanText(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      // Left as they are, they become blanks in an attribute.
      case '\n':
        out += "&#10;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        out += c;
    }
  }
  for (const std::string_view none : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (std::size_t at = out.find(none); at != std::string::npos; at = out.find(none, at)) {
      out.replace(at, none.size(), "?");
    }
  }
  return out;
}

std::string Seconds(Milliseconds duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(duration.count()) / 1000.0);
  return text.data();
}

bool IsKnown(const ReportedResult& reported) { return !reported.known_failure.empty(); }

std::string Details(const ReportedResult& reported) {
  std::string out = reported.asks + "\n";
  for (const Finding& finding : reported.result.findings) {
    out += "\n" + finding.subject + "\n  expected " + finding.expected + "\n  got " +
           finding.actual + "\n";
    for (const std::string& step : finding.steps) out += "    " + step + "\n";
  }
  if (!reported.mend.empty()) out += "\nTo mend it: " + reported.mend + "\n";
  return out;
}

// `type` is a class of exceptions where the tests are Java's; readers ask for one all the same.
std::string Element(std::string_view name, std::string_view type, const std::string& message,
                    const std::string& content = "") {
  std::string out = "      <" + std::string(name);
  if (!type.empty()) out += " type=\"" + std::string(type) + "\"";
  out += " message=\"" + Escaped(message) + "\"";
  if (content.empty()) return out + "/>\n";
  return out + ">" + Escaped(content) + "</" + std::string(name) + ">\n";
}

std::string Outcome(const ReportedResult& reported) {
  const CheckResult& result = reported.result;
  const bool broken = result.verdict == Verdict::kFailed || result.verdict == Verdict::kNotTestable;
  if (broken && IsKnown(reported)) {
    return Element("skipped", "", "known failure: " + reported.known_failure);
  }
  switch (result.verdict) {
    case Verdict::kFailed:
      return Element("failure", VerdictName(result.verdict), result.message, Details(reported));
    case Verdict::kNotTestable:
      return Element("error", VerdictName(result.verdict), "not testable: " + result.message);
    case Verdict::kUnsupported:
      return Element("skipped", "", result.message);
    case Verdict::kWarned:
      return "      <system-out>" +
             Escaped("recommended, and not met: " + result.message + "\n" + Details(reported)) +
             "</system-out>\n";
    case Verdict::kPassed:
      break;
  }
  if (result.message.empty()) return "";
  return "      <system-out>" + Escaped(result.message) + "</system-out>\n";
}

struct Counts {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  Milliseconds time{0};

  void Add(const ReportedResult& reported) {
    const Verdict verdict = reported.result.verdict;
    const bool broken = verdict == Verdict::kFailed || verdict == Verdict::kNotTestable;
    ++tests;
    time += reported.result.duration;
    if (verdict == Verdict::kUnsupported || (broken && IsKnown(reported))) {
      ++skipped;
    } else if (verdict == Verdict::kFailed) {
      ++failures;
    } else if (verdict == Verdict::kNotTestable) {
      ++errors;
    }
  }

  // Those that <testsuites> has, too; it has no `skipped`.
  std::string Attributes() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
           "\" errors=\"" + std::to_string(errors) + "\"";
  }
};

// What is wrong with the run as a whole has no requirement: a case of its own, so that nobody who
// reads only this file takes the run for a good one.
std::string RunCase(const std::vector<std::string>& problems) {
  std::string all;
  for (const std::string& problem : problems) all += problem + "\n";
  return "  <testsuite name=\"run\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
         "time=\"0.000\">\n"
         "    <testcase classname=\"run\" name=\"run\" time=\"0.000\">\n" +
         Element("error", "run", problems.front(), all) + "    </testcase>\n  </testsuite>\n";
}

std::vector<std::string> Problems(const Report& report) {
  std::vector<std::string> problems = report.run.problems;
  problems.insert(problems.end(), report.expectation_problems.begin(),
                  report.expectation_problems.end());
  if (report.run.interrupted) problems.push_back("the run was interrupted");
  return problems;
}

}  // namespace

std::string JunitReport(const Report& report) {
  std::vector<std::pair<std::string, std::vector<const ReportedResult*>>> areas;
  Counts all;
  for (const ReportedResult& reported : report.results) {
    if (areas.empty() || areas.back().first != reported.area) areas.push_back({reported.area, {}});
    areas.back().second.push_back(&reported);
    all.Add(reported);
  }
  const std::vector<std::string> problems = Problems(report);
  if (!problems.empty()) {
    ++all.tests;
    ++all.errors;
  }
  std::ostringstream out;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\""
      << Escaped(report.run.provider.name) << "\"" << all.Attributes() << " time=\""
      << Seconds(report.run.duration) << "\">\n";
  for (const auto& [area, results] : areas) {
    Counts counts;
    for (const ReportedResult* reported : results) counts.Add(*reported);
    out << "  <testsuite name=\"" << Escaped(area) << "\"" << counts.Attributes() << " skipped=\""
        << counts.skipped << "\" time=\"" << Seconds(counts.time) << "\">\n";
    for (const ReportedResult* reported : results) {
      out << "    <testcase classname=\"" << Escaped(area) << "\" name=\""
          << Escaped(reported->result.id) << "\" time=\"" << Seconds(reported->result.duration)
          << "\"";
      const std::string outcome = Outcome(*reported);
      if (outcome.empty()) {
        out << "/>\n";
      } else {
        out << ">\n" << outcome << "    </testcase>\n";
      }
    }
    out << "  </testsuite>\n";
  }
  if (!problems.empty()) out << RunCase(problems);
  out << "</testsuites>\n";
  return out.str();
}

}  // namespace computesdk::conformance
