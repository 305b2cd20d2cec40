#include "conformance/report/timeline.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "conformance/report/page_parts.h"

namespace computesdk::conformance {
namespace {

constexpr std::int64_t kWidth = 1000;
constexpr std::size_t kRowHeight = 10;
constexpr std::size_t kBarHeight = 8;
// More than any run of the catalogue makes; what another program wrote may have more.
constexpr std::size_t kMostBars = 2000;

Milliseconds EndOf(const SandboxLife& life) { return life.destroyed.value_or(Milliseconds::max()); }

Milliseconds RunLength(const std::vector<SandboxLife>& lives, Milliseconds run) {
  Milliseconds end = std::max(run, Milliseconds(1));
  for (const SandboxLife& life : lives) {
    end = std::max(end, life.destroyed.value_or(life.created));
  }
  return end;
}

std::string KindOf(const SandboxLife& life) {
  if (!life.destroyed) return "left";
  return life.made_by == kSharedMaker ? "shared" : "own";
}

std::string Lived(const SandboxLife& life) {
  return life.destroyed ? Duration(*life.destroyed - life.created) : "to the end, not destroyed";
}

void WriteBars(HtmlWriter& html, const std::vector<SandboxLife>& lives, Milliseconds length) {
  const std::vector<std::size_t> rows = TimelineRows(lives);
  const std::size_t height = (*std::ranges::max_element(rows) + 1) * kRowHeight;
  html.Open("svg", {{"class", "timeline"},
                    {"viewBox", "0 0 " + std::to_string(kWidth) + " " + std::to_string(height)},
                    {"height", std::to_string(height)},
                    {"preserveAspectRatio", "none"},
                    {"role", "img"},
                    {"aria-label", "The sandboxes over time; the table below has the same"}});
  for (std::size_t i = 0; i < lives.size(); ++i) {
    const SandboxLife& life = lives[i];
    const auto at = [&](Milliseconds time) { return kWidth * time.count() / length.count(); };
    const std::int64_t x = std::min(at(life.created), kWidth - 2);
    const std::int64_t end = at(std::min(EndOf(life), length));
    html.Open("rect", {{"class", KindOf(life)},
                       {"x", std::to_string(x)},
                       {"y", std::to_string(rows[i] * kRowHeight + 1)},
                       {"width", std::to_string(std::max<std::int64_t>(end - x, 2))},
                       {"height", std::to_string(kBarHeight)}});
    html.Element("title", life.made_by + ", " + Duration(life.created) + ", lived " + Lived(life));
    html.Close();
  }
  html.Close();
}

void WriteAxis(HtmlWriter& html, Milliseconds length) {
  html.Open("div", {{"class", "axis"}, {"aria-hidden", "true"}});
  for (int quarter = 0; quarter <= 4; ++quarter) {
    html.Element("span", quarter == 0 ? "0" : Duration(length * quarter / 4));
  }
  html.Close();
}

void WriteLegend(HtmlWriter& html) {
  html.Open("p", {{"class", "legend"}});
  html.Element("span", {{"class", "key own"}}, "made by one requirement");
  html.Element("span", {{"class", "key shared"}}, "shared by several");
  html.Element("span", {{"class", "key left"}}, "never seen to be gone");
  html.Close();
}

void WriteTable(HtmlWriter& html, const std::vector<SandboxLife>& lives) {
  html.Open("details").Element("summary", "The same as a table");
  html.Open("div", {{"class", "scroll"}, {"tabindex", "0"}});
  html.Open("table", {{"class", "plain"}});
  html.Element("caption", "Sandboxes of the run, in the order in which they were made");
  html.Open("tr");
  for (const std::string_view title : {"Sandbox", "Made by", "From", "Lived"}) {
    html.Element("th", {{"scope", "col"}}, title);
  }
  html.Close();
  for (const SandboxLife& life : lives) {
    html.Open("tr");
    html.Open("th", {{"scope", "row"}}).Element("code", life.sandbox_id).Close();
    html.Element("td", life.made_by);
    html.Element("td", Duration(life.created));
    html.Element("td", Lived(life));
    html.Close();
  }
  html.Close().Close().Close();
}

}  // namespace

std::vector<std::size_t> TimelineRows(const std::vector<SandboxLife>& lives) {
  std::vector<std::size_t> order(lives.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return lives[i].created; });
  std::vector<std::size_t> rows(lives.size());
  std::vector<Milliseconds> ends;
  for (const std::size_t i : order) {
    const auto free =
        std::ranges::find_if(ends, [&](Milliseconds end) { return end <= lives[i].created; });
    rows[i] = static_cast<std::size_t>(free - ends.begin());
    if (free == ends.end()) {
      ends.push_back(EndOf(lives[i]));
    } else {
      *free = EndOf(lives[i]);
    }
  }
  return rows;
}

void WriteTimeline(HtmlWriter& html, const RunRecord& run) {
  if (run.timeline.empty()) return;
  std::vector<SandboxLife> lives = run.timeline;
  html.Open("section", {{"id", "timeline"}, {"aria-labelledby", "timeline-title"}});
  html.Element("h2", {{"id", "timeline-title"}}, "Sandboxes over time");
  html.Element("p", std::to_string(run.stats.sandboxes_created) + " created, at most " +
                        std::to_string(run.stats.peak_sandboxes) + " at once, " +
                        std::to_string(run.stats.sandboxes_leaked) + " left behind.");
  if (lives.size() > kMostBars) {
    html.Element("p", "Only the first " + std::to_string(kMostBars) + " are shown.");
    lives.resize(kMostBars);
  }
  const Milliseconds length = RunLength(lives, run.duration);
  WriteBars(html, lives, length);
  WriteAxis(html, length);
  WriteLegend(html);
  WriteTable(html, lives);
  html.Close();
}

}  // namespace computesdk::conformance
