#include "conformance/report/matrix.h"

#include <algorithm>
#include <map>
#include <set>

#include "conformance/report/changes.h"
#include "conformance/report/page_parts.h"

namespace computesdk::conformance {
namespace {

// One requirement, and what each run has of it: nullptr where it did not run.
struct MatrixRow {
  std::string id;
  const ReportedResult* any = nullptr;
  std::vector<const ReportedResult*> cells;

  bool Differs() const {
    return std::ranges::any_of(cells, [&](const ReportedResult* cell) {
      return cell == nullptr || cell->result.verdict != any->result.verdict;
    });
  }
  bool HasDetails() const { return std::ranges::any_of(cells, NeedsDetails); }

  static bool NeedsDetails(const ReportedResult* cell) {
    return cell != nullptr && cell->result.verdict != Verdict::kPassed &&
           cell->result.verdict != Verdict::kUnsupported;
  }
};

struct MatrixArea {
  std::string name;
  std::vector<MatrixRow> rows;
};

// Areas and requirements in the order in which they are first met.
std::vector<MatrixArea> MakeAreas(const std::vector<Report>& reports) {
  std::vector<MatrixArea> areas;
  std::map<std::string, std::size_t> area_at;
  std::map<std::string, std::pair<std::size_t, std::size_t>> row_at;
  for (std::size_t run = 0; run < reports.size(); ++run) {
    for (const ReportedResult& reported : reports[run].results) {
      const std::string& id = reported.result.id;
      auto at = row_at.find(id);
      if (at == row_at.end()) {
        const auto [area, fresh] = area_at.try_emplace(reported.area, areas.size());
        if (fresh) areas.push_back({reported.area, {}});
        std::vector<MatrixRow>& rows = areas[area->second].rows;
        at = row_at.try_emplace(id, area->second, rows.size()).first;
        rows.push_back({id, &reported, std::vector<const ReportedResult*>(reports.size())});
      }
      areas[at->second.first].rows[at->second.second].cells[run] = &reported;
    }
  }
  return areas;
}

std::string VerdictWord(const ReportedResult* cell) {
  return cell == nullptr ? "not-run" : std::string(VerdictName(cell->result.verdict));
}

class Matrix {
 public:
  explicit Matrix(const std::vector<Report>& reports)
      : reports_(reports), areas_(MakeAreas(reports)) {}

  std::string Write() {
    BeginPage(html_, "Sandbox conformance, side by side");
    Head();
    html_.Open("main", {{"id", "results"}, {"class", "wide"}, {"tabindex", "-1"}});
    if (AreRunsOfOne(reports_)) WriteChanges();
    std::set<std::string> names;
    for (const MatrixArea& area : areas_) names.insert(area.name);
    WriteFilters(html_, names, true);
    Table();
    Details();
    html_.Close();
    return EndPage(html_, reports_.front());
  }

 private:
  void Head() {
    html_.Open("header", {{"class", "top"}}).Open("div", {{"class", "wide"}});
    html_.Element("p", {{"class", "kicker"}}, "Sandbox conformance");
    html_.Element("h1", AreRunsOfOne(reports_)
                            ? reports_.front().run.provider.name + ", before and after"
                            : Count(reports_.size(), "run") + " side by side");
    html_.Open("ol", {{"class", "runs"}});
    for (std::size_t run = 0; run < reports_.size(); ++run) {
      const Report& report = reports_[run];
      const Conclusion conclusion = ConcludeRun(report);
      html_.Open("li");
      html_.Open("p").Element("b", Title(run)).Text(" ");
      html_.Element("span", {{"class", std::string(conclusion.kind)}}, conclusion.words);
      html_.Close();
      WriteBar(html_, report.summary);
      html_.Element("p", {{"class", "counted"}}, CountsSentence(report.summary));
      html_.Element("p", {{"class", "when"}}, Moment(report.run.started_at));
      html_.Close();
    }
    html_.Close().Close().Close();
  }

  // Runs of one name are told apart by their place.
  std::string Title(std::size_t run) const {
    const std::string title = ProviderTitle(reports_[run].run.provider);
    const auto same = std::ranges::count_if(reports_, [&](const Report& report) {
      return ProviderTitle(report.run.provider) == title;
    });
    return same == 1 ? title : title + " #" + std::to_string(run + 1);
  }

  void WriteChanges() {
    const Changes changes = CompareRuns(reports_[0], reports_[1]);
    html_.Open("section", {{"id", "changes"}}).Element("h2", "What changed");
    if (changes.empty()) html_.Element("p", {{"class", "lead"}}, "Nothing.");
    html_.Open("dl", {{"class", "changes"}});
    ChangeList("Broken", changes.broken);
    ChangeList("Fixed", changes.fixed);
    ChangeList("Otherwise changed", changes.altered);
    ChangeList("New", changes.added);
    ChangeList("Gone", changes.gone);
    html_.Close().Close();
  }

  void ChangeList(std::string_view title, const std::vector<Change>& changes) {
    if (changes.empty()) return;
    html_.Open("dt").Text(title).Text(" ");
    html_.Element("span", {{"class", "count"}}, std::to_string(changes.size())).Close();
    for (const Change& change : changes) {
      html_.Open("dd");
      html_.Element("a", {{"class", "id"}, {"href", "#" + change.id}}, change.id).Text(" ");
      html_.Element("span", {{"class", "was"}}, ChangeInWords(change)).Close();
    }
  }

  void Table() {
    html_.Open("div", {{"class", "matrix-frame"},
                       {"tabindex", "0"},
                       {"role", "region"},
                       {"aria-label", "Requirements by run"}});
    html_.Open("table", {{"class", "matrix"}}).Open("thead").Open("tr");
    html_.Element("th", {{"scope", "col"}}, "Requirement");
    for (std::size_t run = 0; run < reports_.size(); ++run) {
      const Report& report = reports_[run];
      const Conclusion conclusion = ConcludeRun(report);
      html_.Open("th", {{"scope", "col"}}).Element("b", Title(run));
      html_.Element("small", {{"class", std::string(conclusion.kind)}}, conclusion.words);
      html_.Element("small", std::to_string(report.summary.passed) + " of " +
                                 std::to_string(report.results.size()) + " passed");
      html_.Close();
    }
    html_.Close().Close();
    for (const MatrixArea& area : areas_) AreaRows(area);
    html_.Close().Close();
  }

  void AreaRows(const MatrixArea& area) {
    html_.Open("tbody", {{"data-group", ""}});
    html_.Open("tr", {{"class", "area"}}).Element("th", {{"scope", "rowgroup"}}, area.name);
    for (std::size_t run = 0; run < reports_.size(); ++run) {
      std::size_t passed = 0;
      std::size_t all = 0;
      for (const MatrixRow& row : area.rows) {
        if (row.cells[run] == nullptr) continue;
        ++all;
        if (row.cells[run]->result.verdict == Verdict::kPassed) ++passed;
      }
      html_.Element("td", std::to_string(passed) + " of " + std::to_string(all));
    }
    html_.Close();
    for (const MatrixRow& row : area.rows) Row(row);
    html_.Close();
  }

  void Row(const MatrixRow& row) {
    std::string words;
    for (const ReportedResult* cell : row.cells) {
      words += (words.empty() ? "" : " ") + VerdictWord(cell);
    }
    html_.Open("tr", {{"id", row.id},
                      {"class", "req"},
                      {"tabindex", "-1"},
                      {"data-status", words},
                      {"data-level", std::string(LevelName(row.any->result.level))},
                      {"data-area", row.any->area},
                      {"data-differs", row.Differs() ? "1" : "0"}});
    html_.Open("th", {{"scope", "row"}});
    html_.Element("a", {{"class", "id"}, {"href", "#" + row.id}}, row.id).Text(" ");
    html_.Element("span", {{"class", "binding"}}, LevelName(row.any->result.level));
    if (!row.any->asks.empty()) html_.Element("small", row.any->asks);
    html_.Close();
    for (const ReportedResult* cell : row.cells) Cell(row, cell);
    html_.Close();
  }

  void Cell(const MatrixRow& row, const ReportedResult* cell) {
    html_.Open("td");
    if (cell == nullptr) {
      html_.Element("span", {{"class", "binding"}}, "not run");
    } else if (MatrixRow::NeedsDetails(cell)) {
      const std::string word = VerdictWord(cell);
      html_.Element("a", {{"class", "chip " + word}, {"href", "#details-of-" + row.id}}, word);
    } else {
      WriteChip(html_, cell->result.verdict);
    }
    html_.Close();
  }

  void Details() {
    html_.Open("section").Element("h2", "Details");
    html_.Element("p", {{"class", "lead"}}, "What each run said of what it did not pass.");
    for (const MatrixArea& area : areas_) {
      for (const MatrixRow& row : area.rows) {
        if (row.HasDetails()) DetailsOf(row);
      }
    }
    html_.Close();
  }

  void DetailsOf(const MatrixRow& row) {
    html_.Open("details",
               {{"class", "detail"}, {"id", "details-of-" + row.id}, {"tabindex", "-1"}});
    html_.Open("summary").Element("span", {{"class", "id"}}, row.id).Close();
    if (!row.any->asks.empty()) html_.Element("p", {{"class", "asks"}}, row.any->asks);
    for (std::size_t run = 0; run < reports_.size(); ++run) {
      const ReportedResult* cell = row.cells[run];
      if (!MatrixRow::NeedsDetails(cell)) continue;
      html_.Open("h5").Text(Title(run)).Text(" ");
      WriteChip(html_, cell->result.verdict);
      html_.Close();
      if (!cell->known_failure.empty()) {
        html_.Element("p", {{"class", "known"}}, "Known failure: " + cell->known_failure);
      }
      if (cell->result.findings.empty()) {
        html_.Open("p", {{"class", "message"}}).Element("code", cell->result.message).Close();
      }
      WriteFindings(html_, cell->result.findings);
    }
    html_.Open("p", {{"class", "explain"}})
        .Element("code", "conformance explain " + row.id)
        .Close();
    html_.Close();
  }

  const std::vector<Report>& reports_;
  const std::vector<MatrixArea> areas_;
  HtmlWriter html_;
};

}  // namespace

std::string HtmlMatrix(const std::vector<Report>& reports) { return Matrix(reports).Write(); }

}  // namespace computesdk::conformance
