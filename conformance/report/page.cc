#include "conformance/report/page.h"

#include <map>
#include <set>
#include <vector>

#include "conformance/capability_table.h"
#include "conformance/report/capability_text.h"
#include "conformance/report/page_parts.h"
#include "conformance/report/timeline.h"

namespace computesdk::conformance {
namespace {

constexpr std::size_t kMostLines = 200;

using Results = std::vector<const ReportedResult*>;

// In the order of the catalogue, which is not that of the alphabet.
struct Area {
  std::string name;
  Results results;
};

std::vector<Area> GroupByArea(const Report& report, Verdict verdict) {
  std::vector<Area> areas;
  for (const ReportedResult& reported : report.results) {
    if (reported.result.verdict != verdict) continue;
    if (areas.empty() || areas.back().name != reported.area) areas.push_back({reported.area, {}});
    areas.back().results.push_back(&reported);
  }
  return areas;
}

std::size_t CountResults(const std::vector<Area>& areas) {
  std::size_t count = 0;
  for (const Area& area : areas) count += area.results.size();
  return count;
}

HtmlWriter::Attributes ItemAttributes(const ReportedResult& reported, const std::string& kind) {
  const CheckResult& result = reported.result;
  return {{"id", result.id},
          {"class", kind + " " + std::string(VerdictName(result.verdict))},
          {"tabindex", "-1"},
          {"data-status", std::string(VerdictName(result.verdict))},
          {"data-level", std::string(LevelName(result.level))},
          {"data-area", reported.area}};
}

std::string Binding(const ReportedResult& reported) {
  std::string out(LevelName(reported.result.level));
  if (!reported.capability.empty()) out += " · " + reported.capability;
  return out;
}

// The colour of what was measured: the contradictions stand out.
std::string MeasuredKind(Measured measured) {
  switch (measured) {
    case Measured::kWorks:
      return "good";
    case Measured::kBroken:
    case Measured::kMisbehaves:
      return "bad";
    case Measured::kAnswers:
    case Measured::kNotTestable:
      return "tolerable";
    case Measured::kUnimplemented:
    case Measured::kNotSent:
    case Measured::kNotSelected:
      return "none";
  }
  return "none";
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report) {}

  std::string Write() {
    BeginPage(html_, ProviderTitle(report_.run.provider) + ": sandbox conformance");
    Head();
    html_.Open("main", {{"id", "results"}, {"class", "wide"}, {"tabindex", "-1"}});
    std::set<std::string> areas;
    for (const ReportedResult& reported : report_.results) areas.insert(reported.area);
    Lines("problems", "Problems of the run", report_.run.problems);
    Lines("expectations", "Expectations", report_.expectation_problems);
    WriteFilters(html_, areas, false);
    Section(Verdict::kFailed, "Failed", "Each of these binds the provider, and is broken.");
    Section(Verdict::kWarned, "Warned", "Recommended, and not met; these do not decide.");
    Section(Verdict::kNotTestable, "Not testable",
            "What the check needs failed first. Never a pass.");
    Folded(Verdict::kPassed, "Passed");
    Folded(Verdict::kUnsupported, "Unsupported");
    Areas();
    WriteTimeline(html_, report_.run);
    Claims();
    Lines("notes", "Notes", report_.run.notes);
    html_.Close();
    return EndPage(html_, report_);
  }

 private:
  void Head() {
    const RunRecord& run = report_.run;
    const Conclusion conclusion = ConcludeRun(report_);
    html_.Open("header", {{"class", "top " + std::string(conclusion.kind)}})
        .Open("div", {{"class", "wide"}});
    html_.Element("p", {{"class", "kicker"}}, "Sandbox conformance");
    html_.Open("h1").Text(run.provider.name);
    if (run.provider.version) {
      html_.Text(" ").Element("span", {{"class", "version"}}, *run.provider.version);
    }
    html_.Close();
    html_.Open("p", {{"class", "verdict"}});
    html_.Element("strong", conclusion.words).Text(" ").Element("span", Sentence());
    html_.Close();
    WriteBar(html_, report_.summary);
    Counts();
    Facts();
    html_.Close().Close();
  }

  std::string Sentence() const {
    const Summary& summary = report_.summary;
    std::string out = std::to_string(summary.passed) + " of " +
                      Count(report_.results.size(), "requirement") + " passed";
    if (summary.failed > 0) out += ", " + std::to_string(summary.failed) + " failed";
    if (summary.not_testable > 0) {
      out += ", " + std::to_string(summary.not_testable) + " could not be tested";
    }
    if (!report_.run.problems.empty()) {
      out += "; the run had " + Count(report_.run.problems.size(), "problem");
    }
    return out + ".";
  }

  void Counts() {
    const Summary& summary = report_.summary;
    const std::vector<std::pair<Verdict, int>> counts = {
        {Verdict::kFailed, summary.failed},
        {Verdict::kWarned, summary.warned},
        {Verdict::kNotTestable, summary.not_testable},
        {Verdict::kPassed, summary.passed},
        {Verdict::kUnsupported, summary.unsupported}};
    html_.Open("ul", {{"class", "counts"}});
    for (const auto& [verdict, count] : counts) {
      const std::string name(VerdictName(verdict));
      html_.Open("li", {{"class", name}}).Open("a", {{"href", "#status=" + name}});
      html_.Element("b", std::to_string(count)).Text(" ").Element("span", name);
      html_.Close().Close();
    }
    html_.Close();
  }

  void Fact(std::string_view name, std::string_view value) {
    html_.Open("div").Element("dt", name).Element("dd", value).Close();
  }

  void Facts() {
    const RunRecord& run = report_.run;
    html_.Open("dl", {{"class", "facts"}});
    Fact("Started", Moment(run.started_at));
    Fact("Took", Duration(run.duration));
    Fact("Calls", std::to_string(run.stats.calls));
    Fact("Sandboxes", std::to_string(run.stats.sandboxes_created) + " made, " +
                          std::to_string(run.stats.peak_sandboxes) + " at once, " +
                          std::to_string(run.stats.sandboxes_leaked) + " left");
    Fact("Seed", std::to_string(run.seed));
    if (!run.candidate.empty()) {
      html_.Open("div", {{"class", "line"}}).Element("dt", "Run again");
      html_.Open("dd").Element("code", Command()).Close().Close();
    }
    html_.Close();
    if (!run.filters.empty()) {
      std::string filters;
      for (const std::string& filter : run.filters) filters += " " + filter;
      html_.Element("p", {{"class", "partial"}},
                    "Only a part of the requirements ran, chosen by" + filters + ".");
    }
  }

  std::string Command() const {
    return "conformance run " + report_.run.candidate + " --seed " +
           std::to_string(report_.run.seed);
  }

  void Lines(Literal id, std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    html_.Open("section", {{"id", std::string(id.text())}, {"class", "lines"}});
    html_.Element("h2", title).Open("ul");
    for (std::size_t i = 0; i < lines.size() && i < kMostLines; ++i) {
      html_.Element("li", lines[i]);
    }
    html_.Close();
    if (lines.size() > kMostLines) {
      html_.Element("p", std::to_string(lines.size() - kMostLines) + " more are left out here.");
    }
    html_.Close();
  }

  void SectionHead(Verdict verdict, std::string_view title, std::size_t count) {
    html_.Open("h2").Text(title).Text(" ");
    html_.Element("span", {{"class", "count " + std::string(VerdictName(verdict))}},
                  std::to_string(count));
    html_.Close();
  }

  void Section(Verdict verdict, std::string_view title, std::string_view lead) {
    const std::vector<Area> areas = GroupByArea(report_, verdict);
    if (areas.empty()) return;
    html_.Open("section", {{"data-group", ""}});
    SectionHead(verdict, title, CountResults(areas));
    html_.Element("p", {{"class", "lead"}}, lead);
    for (const Area& area : areas) {
      html_.Open("div", {{"class", "area"}, {"data-group", ""}}).Element("h3", area.name);
      for (const ReportedResult* reported : area.results) Broken(*reported);
      html_.Close();
    }
    html_.Close();
  }

  void Broken(const ReportedResult& reported) {
    const CheckResult& result = reported.result;
    html_.Open("article", ItemAttributes(reported, "req"));
    html_.Open("h4");
    WriteChip(html_, result.verdict);
    html_.Text(" ").Element("a", {{"href", "#" + result.id}, {"class", "id"}}, result.id);
    html_.Text(" ").Element("span", {{"class", "binding"}}, Binding(reported));
    html_.Close();
    if (!reported.asks.empty()) html_.Element("p", {{"class", "asks"}}, reported.asks);
    if (!reported.known_failure.empty()) {
      html_.Open("p", {{"class", "known"}})
          .Element("b", "Known failure: ")
          .Text(reported.known_failure)
          .Close();
    }
    if (result.findings.empty()) {
      html_.Open("p", {{"class", "message"}}).Element("code", result.message).Close();
    }
    WriteFindings(html_, result.findings);
    Advice(reported);
    html_.Close();
  }

  void Advice(const ReportedResult& reported) {
    const CheckResult& result = reported.result;
    html_.Open("dl", {{"class", "advice"}});
    if (!reported.why.empty()) html_.Element("dt", "Why it matters").Element("dd", reported.why);
    if (!reported.mend.empty() && result.verdict != Verdict::kNotTestable) {
      html_.Element("dt", "How to mend it").Element("dd", reported.mend);
    }
    if (!report_.run.candidate.empty()) {
      html_.Element("dt", "Repeat it").Open("dd");
      html_.Element("code", Command() + " --filter " + result.id).Close();
    }
    html_.Element("dt", "More").Open("dd");
    html_.Element("code", "conformance explain " + result.id).Close();
    html_.Close();
  }

  // Those that ask for nothing: a line each.
  void Folded(Verdict verdict, std::string_view title) {
    const std::vector<Area> areas = GroupByArea(report_, verdict);
    if (areas.empty()) return;
    html_.Open("section", {{"data-group", ""}});
    html_.Open("details", {{"data-fold", ""}, {"class", "fold"}}).Open("summary");
    SectionHead(verdict, title, CountResults(areas));
    html_.Close();
    for (const Area& area : areas) {
      html_.Open("div", {{"class", "area"}, {"data-group", ""}}).Element("h3", area.name);
      html_.Open("ul", {{"class", "rows"}});
      for (const ReportedResult* reported : area.results) Row(*reported);
      html_.Close().Close();
    }
    html_.Close().Close();
  }

  void Row(const ReportedResult& reported) {
    const CheckResult& result = reported.result;
    html_.Open("li", ItemAttributes(reported, "row"));
    html_.Open("p").Element("a", {{"href", "#" + result.id}, {"class", "id"}}, result.id);
    html_.Text(" ").Element("span", {{"class", "binding"}}, Binding(reported)).Text(" ");
    html_.Element("span", {{"class", "time"}}, Duration(result.duration)).Close();
    if (!reported.asks.empty()) html_.Element("p", {{"class", "asks"}}, reported.asks);
    if (!result.message.empty()) html_.Element("p", {{"class", "remark"}}, result.message);
    html_.Close();
  }

  void Areas() {
    std::vector<std::string> order;
    std::map<std::string, std::vector<CheckResult>> by_area;
    for (const ReportedResult& reported : report_.results) {
      if (!by_area.contains(reported.area)) order.push_back(reported.area);
      by_area[reported.area].push_back(
          {.id = reported.result.id, .verdict = reported.result.verdict});
    }
    html_.Open("section", {{"id", "areas"}}).Element("h2", "Areas");
    html_.Open("div", {{"class", "scroll"}, {"tabindex", "0"}});
    html_.Open("table", {{"class", "plain areas"}}).Open("tr");
    for (const std::string_view title :
         {"Area", "Share", "Failed", "Warned", "Not testable", "Passed", "Unsupported"}) {
      html_.Element("th", {{"scope", "col"}}, title);
    }
    html_.Close();
    for (const std::string& area : order) {
      const Summary summary = Summarize(by_area[area]);
      html_.Open("tr").Open("th", {{"scope", "row"}});
      html_.Element("a", {{"href", "#area=" + area}}, area).Close();
      html_.Open("td", {{"class", "share"}});
      WriteBar(html_, summary);
      html_.Close();
      for (const int count : {summary.failed, summary.warned, summary.not_testable, summary.passed,
                              summary.unsupported}) {
        html_.Element("td", {{"class", count == 0 ? "number none" : "number"}},
                      std::to_string(count));
      }
      html_.Close();
    }
    html_.Close().Close().Close();
  }

  void Words(std::string_view title, const std::vector<std::string>& words) {
    html_.Open("p", {{"class", "words"}}).Element("b", title);
    if (words.empty()) html_.Text(" none");
    for (std::size_t i = 0; i < words.size() && i < kMostLines; ++i) {
      html_.Text(" ").Element("code", words[i]);
    }
    html_.Close();
  }

  void Claims() {
    html_.Open("section", {{"id", "claims"}})
        .Element("h2", "What is claimed, and what was measured");
    if (report_.capabilities.empty()) {
      Words("Capabilities", report_.run.provider.capabilities);
    } else {
      CapabilityTable();
    }
    if (const auto claimable = Claimable(report_)) {
      html_.Open("p", {{"class", "claimable"}}).Text("What this run would let the provider claim:");
      html_.Element("code", CapabilityLine(*claimable)).Close();
    }
    Words("Runtimes", report_.run.provider.runtimes);
    html_.Close();
  }

  void CapabilityTable() {
    html_.Open("div", {{"class", "scroll"}, {"tabindex", "0"}});
    html_.Open("table", {{"class", "plain claims"}}).Open("tr");
    for (const std::string_view title : {"Capability", "Claimed", "Measured", "Passed"}) {
      html_.Element("th", {{"scope", "col"}}, title);
    }
    html_.Close();
    for (const CapabilityRow& row : report_.capabilities) {
      html_.Open("tr").Open("th", {{"scope", "row"}}).Element("code", row.name).Close();
      html_.Element("td", {{"class", row.claimed ? "" : "none"}}, row.claimed ? "yes" : "no");
      html_.Element("td", {{"class", MeasuredKind(row.measured)}}, MeasuredName(row.measured));
      const bool counted = row.claimed && row.of > 0;
      html_.Element("td",
                    counted ? std::to_string(row.passed) + " of " + std::to_string(row.of) : "");
      html_.Close();
    }
    html_.Close().Close();
  }

  const Report& report_;
  HtmlWriter html_;
};

}  // namespace

std::string HtmlPage(const Report& report) { return Page(report).Write(); }

}  // namespace computesdk::conformance
