#include "conformance/report/markdown.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "conformance/printable.h"
#include "conformance/report/html_writer.h"
#include "conformance/report/page_parts.h"
#include "conformance/report/text.h"

namespace computesdk::conformance {
namespace {

constexpr int kWidth = 96;
constexpr std::size_t kMostInlineBytes = 200;
constexpr std::size_t kMostLineBytes = 1000;
constexpr std::size_t kMostFindings = 3;
// Kept free for what must be said after the failures.
constexpr std::size_t kReserve = 1500;

std::size_t LongestRunOfBackticks(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string OneLine(std::string_view text, std::size_t limit) {
  std::string line = CleanText(CutMiddle(text, limit));
  std::ranges::replace(line, '\n', ' ');
  std::ranges::replace(line, '\t', ' ');
  return line;
}

// A code span. Its fence is longer than any run of backticks inside; blanks beside it keep a
// backtick at either end apart, and are not shown.
std::string Code(std::string_view text) {
  const std::string line = OneLine(text, kMostInlineBytes);
  const std::string fence(LongestRunOfBackticks(line) + 1, '`');
  return fence + " " + line + " " + fence;
}

// A block of code, which ends where its own fence does and nowhere before.
std::string Block(const std::string& text) {
  const std::string fence(std::max<std::size_t>(LongestRunOfBackticks(text) + 1, 3), '`');
  return fence + "text\n" + text + fence + "\n";
}

std::string Labelled(const std::string& label, std::string_view prose) {
  return label + Wrapped(OneLine(prose, kMostLineBytes), static_cast<int>(label.size()), kWidth) +
         "\n";
}

std::string Describe(const ReportedResult& reported) {
  const CheckResult& result = reported.result;
  std::string out;
  if (!reported.known_failure.empty()) out += Labelled("known     ", reported.known_failure);
  if (!reported.asks.empty()) out += Labelled("asks      ", reported.asks);
  if (result.findings.empty()) out += Labelled("found     ", result.message);
  const std::size_t shown = std::min(result.findings.size(), kMostFindings);
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = result.findings[i];
    out += Labelled("found     ", finding.subject) + Labelled("expected  ", finding.expected) +
           Labelled("got       ", finding.actual);
  }
  if (shown < result.findings.size()) {
    out += "and " + std::to_string(result.findings.size() - shown) + " more like these\n";
  }
  if (!result.findings.empty()) {
    std::string label = "see it    ";
    for (const std::string& step : result.findings.front().steps) {
      out += label + OneLine(step, kMostLineBytes) + "\n";
      label = "          ";
    }
  }
  if (!reported.mend.empty()) out += Labelled("mend      ", reported.mend);
  return out + Labelled("more      ", "conformance explain " + result.id);
}

// The summary is in an HTML block, where Markdown is not read: text is escaped as HTML is.
std::string Folded(const ReportedResult& reported) {
  const CheckResult& result = reported.result;
  std::string head = "<code>" + EscapeMarkup(OneLine(result.id, kMostInlineBytes)) + "</code>";
  head += " (" + std::string(LevelName(result.level)) + ")";
  if (!reported.known_failure.empty()) head += ", a known failure";
  return "<details><summary>" + head + "</summary>\n\n" + Block(Describe(reported)) +
         "\n</details>\n\n";
}

std::string VerdictLine(const Report& report) {
  const Conclusion conclusion = ConcludeRun(report);
  const std::string_view mark = conclusion.kind == "good"        ? "✅"
                                : conclusion.kind == "tolerable" ? "⚠️"
                                                                 : "❌";
  std::string name = report.run.provider.name;
  if (report.run.provider.version) name += " " + *report.run.provider.version;
  return "### " + std::string(mark) + " Sandbox conformance of " + Code(name) + ": " +
         std::string(conclusion.words) + "\n\n";
}

std::string CountsTable(const Summary& summary) {
  std::string out = "| passed | failed | warned | unsupported | not testable |\n";
  out += "| ---: | ---: | ---: | ---: | ---: |\n|";
  for (const int count : {summary.passed, summary.failed, summary.warned, summary.unsupported,
                          summary.not_testable}) {
    out += " " + std::to_string(count) + " |";
  }
  return out + "\n\n";
}

// Sections, as long as there is room.
class Comment {
 public:
  explicit Comment(const Report& report) : report_(report) {}

  std::string Write() {
    out_ = VerdictLine(report_) + CountsTable(report_.summary);
    Lines("Problems of the run", report_.run.problems);
    Lines("Expectations", report_.expectation_problems);
    Results("Failed", Verdict::kFailed);
    Results("Not testable", Verdict::kNotTestable);
    Results("Warned", Verdict::kWarned);
    if (left_out_ > 0) {
      out_ += "_" + std::to_string(left_out_) +
              " more did not fit into this comment; the JSON and HTML reports have them._\n\n";
    }
    const RunStats& stats = report_.run.stats;
    return out_ + std::to_string(stats.sandboxes_created) + " sandboxes created, " +
           std::to_string(stats.sandboxes_leaked) + " left behind; " + std::to_string(stats.calls) +
           " calls in " + Duration(report_.run.duration) + "; seed " +
           std::to_string(report_.run.seed) + ".\n";
  }

 private:
  bool Add(const std::string& part) {
    if (out_.size() + part.size() > kMostMarkdownBytes - kReserve) {
      ++left_out_;
      return false;
    }
    out_ += part;
    return true;
  }

  void Title(std::string_view title, std::size_t count) {
    out_ += "**" + std::string(title) + "** (" + std::to_string(count) + ")\n\n";
  }

  void Lines(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    Title(title, lines.size());
    for (const std::string& line : lines) Add("- " + Code(line) + "\n");
    out_ += "\n";
  }

  void Results(std::string_view title, Verdict verdict) {
    const auto count = std::ranges::count_if(report_.results, [&](const ReportedResult& reported) {
      return reported.result.verdict == verdict;
    });
    if (count == 0) return;
    Title(title, static_cast<std::size_t>(count));
    for (const ReportedResult& reported : report_.results) {
      if (reported.result.verdict == verdict) Add(Folded(reported));
    }
  }

  const Report& report_;
  std::string out_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::string MarkdownReport(const Report& report) { return Comment(report).Write(); }

}  // namespace computesdk::conformance
