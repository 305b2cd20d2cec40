#include "conformance/coverage/coverage.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "conformance/glob.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

using NamesByClass = std::map<std::string, std::vector<std::string>>;

std::string Link(const std::string& id) {
  std::string anchor = id;
  std::erase(anchor, '.');
  return "[" + id + "](requirements.md#" + anchor + ")";
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

// A cell of a table: a bar would end it, and < begins markup.
std::string Cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_') out += '\\';
    out += c;
  }
  return out;
}

std::string Percent(int part, int whole) {
  return std::to_string(whole == 0 ? 0 : 100 * part / whole) + " %";
}

template <typename T>
NamesByClass Group(const std::vector<T>& all, std::string T::*name,
                   std::vector<std::string> T::*classes) {
  NamesByClass names;
  for (const T& one : all) {
    for (const std::string& id : one.*classes) names[id].push_back(one.*name);
  }
  return names;
}

void AddUnknownClasses(const NamesByClass& names, const std::vector<DefectClass>& classes,
                       std::vector<std::string>& problems) {
  for (const auto& [id, who] : names) {
    if (std::ranges::find(classes, id, &DefectClass::id) == classes.end()) {
      problems.push_back("there is no class " + id + ", which " + who.front() + " names");
    }
  }
}

std::string ClassRow(const DefectClass& one, const std::vector<std::string>& requirements,
                     const std::vector<std::string>& sabotages) {
  std::vector<std::string> links;
  for (const std::string& id : requirements) links.push_back(Link(id));
  const std::string by = links.empty() ? "*none:* " + Cell(one.unrevealed) : Joined(links);
  return "| " + one.id + " | " + one.det + " | " + Cell(one.defect) + " | " + by + " | " +
         Joined(sabotages) + " |\n";
}

void CheckClass(const DefectClass& one, bool revealed, Coverage& coverage) {
  ++coverage.classes;
  if (revealed) ++coverage.revealed;
  if (one.deterministic()) {
    ++coverage.deterministic;
    if (revealed) ++coverage.deterministic_revealed;
  }
  if (!revealed && one.unrevealed.empty()) {
    coverage.problems.push_back(one.id + ": no requirement names it, and no reason is given");
  } else if (revealed && !one.unrevealed.empty()) {
    coverage.problems.push_back(one.id +
                                ": a requirement names it, and a reason is given why none "
                                "does");
  }
}

std::string Totals(const Coverage& coverage) {
  std::ostringstream out;
  out << coverage.deterministic_revealed << " of the " << coverage.deterministic
      << " classes that one run can tell (D and T) are revealed, "
      << Percent(coverage.deterministic_revealed, coverage.deterministic) << "; of all "
      << coverage.classes << " classes, " << coverage.revealed << ".\n";
  return out.str();
}

std::string HighestYield(const CoverageData& data, const std::vector<Requirement>& catalogue,
                         std::vector<std::string>& problems) {
  std::string rows;
  for (const HighYieldCheck& one : data.highest_yield) {
    std::vector<std::string> links;
    for (const std::string& pattern : one.requirements) {
      const std::size_t before = links.size();
      for (const Requirement& requirement : catalogue) {
        if (GlobMatches(pattern, requirement.id)) links.push_back(Link(requirement.id));
      }
      if (links.size() == before) {
        problems.push_back("check " + std::to_string(one.rank) + ": no requirement is " + pattern);
      }
    }
    if (one.requirements.empty()) {
      problems.push_back("check " + std::to_string(one.rank) + " names no requirement");
    }
    rows +=
        "| " + std::to_string(one.rank) + " | " + Cell(one.check) + " | " + Joined(links) + " |\n";
  }
  return rows;
}

}  // namespace

Result<CoverageData> ParseCoverageData(std::string_view classes, std::string_view highest_yield) {
  CoverageData data;
  try {
    for (const nlohmann::json& one : nlohmann::json::parse(classes)) {
      data.classes.push_back({.id = one.at("id"),
                              .defect = one.at("defect"),
                              .det = one.at("det"),
                              .unrevealed = one.at("unrevealed")});
    }
    for (const nlohmann::json& one : nlohmann::json::parse(highest_yield)) {
      data.highest_yield.push_back({.rank = one.at("rank"),
                                    .check = one.at("check"),
                                    .requirements = one.at("requirements")});
    }
  } catch (const nlohmann::json::exception& error) {
    return MakeError(ErrorCode::kInvalidArgument, error.what());
  }
  return data;
}

Coverage Measure(const CoverageData& data, const std::vector<Requirement>& catalogue,
                 const std::vector<Sabotage>& sabotages) {
  Coverage coverage;
  NamesByClass requirements = Group(catalogue, &Requirement::id, &Requirement::defects);
  NamesByClass sabotaged = Group(sabotages, &Sabotage::name, &Sabotage::classes);
  AddUnknownClasses(requirements, data.classes, coverage.problems);
  AddUnknownClasses(sabotaged, data.classes, coverage.problems);
  std::string rows;
  for (const DefectClass& one : data.classes) {
    CheckClass(one, requirements.contains(one.id), coverage);
    rows += ClassRow(one, requirements[one.id], sabotaged[one.id]);
  }
  const std::string yield = HighestYield(data, catalogue, coverage.problems);
  std::ostringstream page;
  page
      << "# Which requirement reveals which defect\n\n"
         "Made from the catalogue, the sabotages and `conformance/coverage/*.json` by\n"
         "`bazel run //conformance/coverage:page > docs/coverage.md`; do not edit it by hand. The "
         "classes are\nthose of [defects.md](defects.md), where each has its sources.\n\n"
      << Totals(coverage)
      << "\n## The thirty checks with the highest yield\n\n"
         "| # | what is to be checked | requirements |\n| ---: | --- | --- |\n"
      << yield
      << "\n## All classes\n\n"
         "A sabotage is a provider with that one defect, which `conformance selftest` proves to be "
         "seen.\n\n"
         "| class | det | defect | requirements that reveal it | sabotages |\n"
         "| --- | --- | --- | --- | --- |\n"
      << rows;
  coverage.page = page.str();
  return coverage;
}

}  // namespace computesdk::conformance
