#include "conformance/report/text.h"

#include <algorithm>
#include <sstream>

#include "conformance/printable.h"
#include "conformance/report/capability_text.h"

namespace computesdk::conformance {
namespace {

constexpr std::string_view kRed = "31";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kBold = "1";
constexpr std::size_t kShownFindings = 5;

class Writer {
 public:
  Writer(const Report& report, const TextOptions& options) : report_(report), options_(options) {}

  std::string Write() {
    Head();
    for (const ReportedResult& reported : report_.results) {
      if (reported.result.verdict == Verdict::kFailed) Failure(reported);
    }
    Section(Verdict::kWarned, "Recommended, and not met (these do not decide):", kYellow);
    Section(Verdict::kNotTestable, "Not testable, as something else failed first:", kYellow);
    Tolerated();
    Lines("Problems of the run:", report_.run.problems, kRed);
    Lines("Expectations:", report_.expectation_problems, kRed);
    Lines("Notes:", report_.run.notes, kBold);
    Capabilities();
    Numbers();
    return out_.str();
  }

 private:
  std::string Coloured(std::string_view text, std::string_view colour) const {
    if (!options_.colours) return std::string(text);
    return "\033[" + std::string(colour) + "m" + std::string(text) + "\033[0m";
  }

  static std::string Joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out.empty() ? "none" : CleanText(out);
  }

  void Head() {
    const ProviderDescription& provider = report_.run.provider;
    out_ << Coloured(report_.kit_name + " " + report_.kit_version, kBold) << ": "
         << CleanText(provider.name);
    if (provider.version) out_ << " " << CleanText(*provider.version);
    if (IsRepeatable()) out_ << " (" << CleanText(report_.run.candidate) << ")";
    out_ << "\n";
    Prose("  capabilities  ", Joined(provider.capabilities));
    Prose("  runtimes      ", Joined(provider.runtimes));
  }

  // What a test ran is repeated by the test, and not by the program.
  bool IsRepeatable() const { return !report_.run.candidate.empty(); }

  // A label, and prose beside it.
  void Prose(const std::string& label, std::string_view prose) {
    out_ << label << Wrapped(prose, static_cast<int>(label.size()), options_.width) << "\n";
  }

  void Failure(const ReportedResult& reported) {
    if (reported.area != area_) {
      area_ = reported.area;
      out_ << "\n" << Coloured(area_, kBold) << "\n";
    }
    const CheckResult& result = reported.result;
    const bool known = !reported.known_failure.empty();
    out_ << "\n  " << Coloured(known ? "KNOWN " : "FAILED", known ? kYellow : kRed) << "  "
         << Coloured(result.id, kBold) << " (" << LevelName(result.level);
    if (!reported.capability.empty()) out_ << ", " << reported.capability;
    out_ << ")\n";
    if (known) Prose("    known     ", CleanText(reported.known_failure));
    if (!reported.asks.empty()) Prose("    asks      ", reported.asks);
    if (result.findings.empty()) Prose("    found     ", result.message);
    Findings(result.findings);
    if (!known && !reported.mend.empty()) Prose("    mend      ", reported.mend);
    if (!known) out_ << "    more      conformance explain " << result.id << "\n";
  }

  void Findings(const std::vector<Finding>& findings) {
    const std::size_t shown = std::min(findings.size(), kShownFindings);
    for (std::size_t i = 0; i < shown; ++i) {
      const Finding& finding = findings[i];
      Prose("    found     ", finding.subject);
      Prose("      expected  ", finding.expected);
      Prose("      got       ", finding.actual);
    }
    if (shown < findings.size()) {
      out_ << "    and " << findings.size() - shown << " more like these\n";
    }
    if (findings.empty()) return;
    // The steps of the first show how it is done; those of the others differ in their values.
    std::string label = "    see it    ";
    for (const std::string& step : findings.front().steps) {
      out_ << label << step << "\n";
      label = "              ";
    }
  }

  void Section(Verdict verdict, std::string_view title, std::string_view colour) {
    bool first = true;
    for (const ReportedResult& reported : report_.results) {
      if (reported.result.verdict != verdict) continue;
      if (first) out_ << "\n" << Coloured(title, colour) << "\n";
      first = false;
      out_ << "  " << reported.result.id << "\n";
      if (!reported.result.message.empty()) Prose("      ", reported.result.message);
    }
  }

  // Passes that used an alternative.
  void Tolerated() {
    bool first = true;
    for (const ReportedResult& reported : report_.results) {
      const CheckResult& result = reported.result;
      if (result.verdict != Verdict::kPassed || result.message.empty()) continue;
      if (first) out_ << "\n" << Coloured("Passed, with a remark:", kBold) << "\n";
      first = false;
      out_ << "  " << result.id << "\n";
      Prose("      ", result.message);
    }
  }

  void Lines(std::string_view title, const std::vector<std::string>& lines,
             std::string_view colour) {
    if (lines.empty()) return;
    out_ << "\n" << Coloured(title, colour) << "\n";
    for (const std::string& line : lines) Prose("  ", CleanText(line));
  }

  void Capabilities() {
    if (report_.capabilities.empty()) return;  // An old JSON report has none.
    out_ << "\n"
         << Coloured("Capabilities:", kBold) << "\n"
         << CapabilityText(report_.capabilities);
    if (const auto claimable = Claimable(report_)) {
      out_ << "What this run would let you claim:\n  " << CapabilityLine(*claimable) << "\n";
    }
  }

  std::string Conclusion() const {
    if (report_.run.interrupted) return Coloured("INTERRUPTED", kRed);
    if (report_.conformant) return Coloured("CONFORMANT", kGreen);
    if (report_.exit_status == 0) {
      return Coloured("NOT CONFORMANT, by known failures only", kYellow);
    }
    return Coloured("NOT CONFORMANT", kRed);
  }

  void Numbers() {
    const Summary& summary = report_.summary;
    const RunRecord& run = report_.run;
    out_ << "\n"
         << summary.passed << " passed, " << summary.failed << " failed, " << summary.warned
         << " warned, " << summary.unsupported << " unsupported, " << summary.not_testable
         << " not testable: " << Conclusion() << "\n";
    out_ << run.stats.sandboxes_created << " sandboxes created, " << run.stats.sandboxes_leaked
         << " left behind, at most " << run.stats.peak_sandboxes << " at once; " << run.stats.calls
         << " calls in " << run.duration.count() << " ms; seed " << run.seed << "\n";
    if (summary.failed + summary.warned + summary.not_testable == 0 || !IsRepeatable()) return;
    out_ << "Repeat one: conformance run " << CleanText(run.candidate) << " --seed " << run.seed
         << " --filter ID\n";
  }

  const Report& report_;
  const TextOptions& options_;
  std::ostringstream out_;
  std::string area_;
};

}  // namespace

std::string Wrapped(std::string_view prose, int indent, int width) {
  std::string out;
  int column = indent;
  std::size_t at = 0;
  while (at < prose.size()) {
    // Blanks inside are kept as they are, unless the line ends there.
    const std::size_t end = std::min(prose.find(' ', at + 1), prose.size());
    const std::string_view word = prose.substr(at, end - at);
    const int length = static_cast<int>(word.size());
    if (column + length > width && column > indent) {
      out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      const std::size_t start = std::min(word.find_first_not_of(' '), word.size());
      out += word.substr(start);
      column = indent + length - static_cast<int>(start);
    } else {
      out += word;
      column += length;
    }
    at = end;
  }
  return out;
}

std::string TextReport(const Report& report, const TextOptions& options) {
  return Writer(report, options).Write();
}

}  // namespace computesdk::conformance
