#include "conformance/report/page_parts.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace computesdk::conformance {
namespace {

// Findings of one requirement are shown until they take this much of the page: 302 requirements
// that fail in the longest way still make a page that opens.
constexpr std::size_t kMostFindingsBytes = 32 * 1024;

constexpr std::array<Verdict, 5> kVerdicts = {Verdict::kFailed, Verdict::kWarned,
                                              Verdict::kNotTestable, Verdict::kPassed,
                                              Verdict::kUnsupported};

int CountOf(const Summary& summary, Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return summary.passed;
    case Verdict::kFailed:
      return summary.failed;
    case Verdict::kWarned:
      return summary.warned;
    case Verdict::kUnsupported:
      return summary.unsupported;
    case Verdict::kNotTestable:
      return summary.not_testable;
  }
  return 0;
}

void WriteChoices(HtmlWriter& html, std::string_view legend, const std::string& name,
                  const std::vector<std::string_view>& values) {
  html.Open("fieldset").Element("legend", legend);
  for (const std::string_view value : values) {
    html.Open("label", {{"class", "choice"}})
        .Void("input", {{"type", "checkbox"}, {"name", name}, {"value", std::string(value)}})
        .Text(value)
        .Close();
  }
  html.Close();
}

void WriteSteps(HtmlWriter& html, const std::vector<std::string>& steps) {
  if (steps.empty()) return;
  html.Element("p", {{"class", "label"}}, "See it by hand");
  html.Open("ol", {{"class", "steps"}});
  for (const std::string& step : steps) html.Open("li").Element("code", step).Close();
  html.Close();
}

void WriteFinding(HtmlWriter& html, const Finding& finding) {
  html.Open("div", {{"class", "finding"}});
  html.Element("p", {{"class", "subject"}}, finding.subject);
  html.Open("dl", {{"class", "compare"}});
  html.Open("div", {{"class", "expected"}});
  html.Element("dt", "Expected").Open("dd").Element("code", finding.expected).Close().Close();
  html.Open("div", {{"class", "got"}});
  html.Element("dt", "Got").Open("dd").Element("code", finding.actual).Close().Close();
  html.Close();
  WriteSteps(html, finding.steps);
  html.Close();
}

}  // namespace

void BeginPage(HtmlWriter& html, std::string_view title) {
  const std::string policy = "default-src 'none'; style-src '" + std::string(kPageCss.sha256) +
                             "'; script-src '" + std::string(kPageJs.sha256) +
                             "'; img-src data:; base-uri 'none'; form-action 'none'";
  html.Open("html", {{"lang", "en"}}).Open("head");
  html.Void("meta", {{"charset", "utf-8"}});
  html.Void("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy}});
  html.Void("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.Void("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.Void("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  // Without one, browsers ask the server for /favicon.ico.
  html.Void("link", {{"rel", "icon"}, {"href", "data:,"}});
  html.Element("title", title);
  html.Embed("style", kPageCss);
  html.Close().Open("body");
  html.Element("a", {{"class", "skip"}, {"href", "#results"}}, "Skip to the results");
}

std::string EndPage(HtmlWriter& html, const Report& report) {
  html.Open("footer", {{"class", "wide"}});
  html.Open("p")
      .Text("Written by " + report.kit_name + " " + report.kit_version +
            ". Values longer than 4 KiB are cut in the middle; the JSON report has them whole.")
      .Close();
  html.Close();
  html.Embed("script", kPageJs);
  return html.Finish();
}

void WriteFilters(HtmlWriter& html, const std::set<std::string>& areas, bool with_differences) {
  html.Open("form", {{"id", "filters"},
                     {"class", "filters"},
                     {"role", "search"},
                     {"aria-label", "Filter the requirements"},
                     {"hidden", ""}});
  html.Open("div", {{"class", "find"}});
  html.Open("label", {{"class", "search"}})
      .Element("span", "Search")
      .Void("input", {{"type", "search"},
                      {"name", "q"},
                      {"placeholder", "id or words; press / to get here"},
                      {"autocomplete", "off"},
                      {"spellcheck", "false"}})
      .Close();
  html.Open("label", {{"class", "area"}})
      .Element("span", "Area")
      .Open("select", {{"name", "area"}});
  html.Element("option", {{"value", ""}}, "all areas");
  for (const std::string& area : areas) html.Element("option", {{"value", area}}, area);
  html.Close().Close().Close();
  html.Open("div", {{"class", "choices"}});
  WriteChoices(html, "Status", "status",
               {"failed", "warned", "not-testable", "passed", "unsupported"});
  WriteChoices(html, "Level", "level", {"required", "optional", "recommended"});
  if (with_differences) {
    html.Open("fieldset").Element("legend", "Show");
    html.Open("label", {{"class", "choice"}})
        .Void("input", {{"type", "checkbox"}, {"name", "differs"}, {"value", "1"}})
        .Text("only differences")
        .Close()
        .Close();
  }
  html.Close();
  html.Open("p", {{"class", "outcome"}})
      .Element("output", {{"id", "shown"}, {"aria-live", "polite"}}, "")
      .Element("button", {{"type", "reset"}, {"name", "reset"}}, "Clear the filters")
      .Close();
  html.Close();
}

void WriteChip(HtmlWriter& html, Verdict verdict) {
  const std::string name(VerdictName(verdict));
  html.Element("span", {{"class", "chip " + name}}, name);
}

Conclusion ConcludeRun(const Report& report) {
  if (report.run.interrupted) return {"bad", "Interrupted"};
  if (report.conformant) return {"good", "Conformant"};
  if (report.exit_status == 0) return {"tolerable", "Not conformant, by known failures only"};
  return {"bad", "Not conformant"};
}

void WriteBar(HtmlWriter& html, const Summary& summary) {
  int total = 0;
  for (const Verdict verdict : kVerdicts) total += CountOf(summary, verdict);
  if (total == 0) return;
  html.Open("svg", {{"class", "bar"},
                    {"viewBox", "0 0 1000 10"},
                    {"preserveAspectRatio", "none"},
                    {"role", "img"},
                    {"aria-label", CountsSentence(summary)}});
  int before = 0;
  for (const Verdict verdict : kVerdicts) {
    const int count = CountOf(summary, verdict);
    if (count == 0) continue;
    const int x = 1000 * before / total;
    before += count;
    html.Element("rect",
                 {{"class", std::string(VerdictName(verdict))},
                  {"x", std::to_string(x)},
                  {"y", "0"},
                  {"width", std::to_string(1000 * before / total - x)},
                  {"height", "10"}},
                 "");
  }
  html.Close();
}

std::string CountsSentence(const Summary& summary) {
  return std::to_string(summary.passed) + " passed, " + std::to_string(summary.failed) +
         " failed, " + std::to_string(summary.warned) + " warned, " +
         std::to_string(summary.unsupported) + " unsupported, " +
         std::to_string(summary.not_testable) + " not testable";
}

void WriteFindings(HtmlWriter& html, const std::vector<Finding>& findings) {
  if (findings.empty()) return;
  const std::size_t begun = html.size();
  WriteFinding(html, findings.front());
  if (findings.size() == 1) return;
  html.Open("details", {{"class", "more print"}});
  html.Element("summary", Count(findings.size() - 1, "more finding"));
  std::size_t shown = 1;
  for (; shown < findings.size() && html.size() - begun < kMostFindingsBytes; ++shown) {
    WriteFinding(html, findings[shown]);
  }
  if (shown < findings.size()) {
    html.Element("p", {{"class", "left-out"}},
                 Count(findings.size() - shown, "finding") +
                     " left out here; the JSON report has them all.");
  }
  html.Close();
}

std::string Duration(Milliseconds duration) {
  const std::int64_t ms = duration.count();
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 60'000) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(ms) / 1000.0);
    return text.data();
  }
  return std::to_string(ms / 60'000) + " min " + std::to_string(ms % 60'000 / 1000) + " s";
}

std::string Moment(Timestamp time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc);
  return text.data();
}

std::string ProviderTitle(const ProviderDescription& provider) {
  return provider.version ? provider.name + " " + *provider.version : provider.name;
}

std::string Count(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace computesdk::conformance
