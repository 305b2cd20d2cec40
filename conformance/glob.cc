#include "conformance/glob.h"

#include <fnmatch.h>

#include <algorithm>
#include <numeric>

namespace computesdk::conformance {
namespace {

// The number of single-character edits between two words.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

bool MatchesAny(const std::vector<Requirement>& catalogue, const std::string& pattern) {
  return std::ranges::any_of(catalogue,
                             [&](const Requirement& r) { return GlobMatches(pattern, r.id); });
}

}  // namespace

bool GlobMatches(const std::string& pattern, const std::string& id) {
  return fnmatch(pattern.c_str(), id.c_str(), 0) == 0;
}

Result<std::vector<const Requirement*>> Select(const std::vector<Requirement>& catalogue,
                                               const std::vector<std::string>& filters) {
  std::vector<std::string> wanted;
  std::vector<std::string> unwanted;
  for (const std::string& filter : filters) {
    const bool excludes = filter.starts_with('-');
    const std::string pattern = excludes ? filter.substr(1) : filter;
    if (!MatchesAny(catalogue, pattern)) {
      const std::string nearest = NearestId(catalogue, pattern);
      return MakeError(ErrorCode::kInvalidArgument,
                       "no requirement matches the filter '" + filter + "'" +
                           (nearest.empty() ? "; `conformance list` shows them all"
                                            : "; did you mean " + nearest + "?"));
    }
    (excludes ? unwanted : wanted).push_back(pattern);
  }
  const auto matches = [](const std::vector<std::string>& patterns, const std::string& id) {
    return std::ranges::any_of(patterns, [&](const auto& p) { return GlobMatches(p, id); });
  };
  std::vector<const Requirement*> selected;
  for (const Requirement& requirement : catalogue) {
    const bool in = wanted.empty() || matches(wanted, requirement.id);
    if (in && !matches(unwanted, requirement.id)) selected.push_back(&requirement);
  }
  if (selected.empty()) {
    return MakeError(ErrorCode::kInvalidArgument, "the filters leave no requirement to check");
  }
  return selected;
}

std::string NearestId(const std::vector<Requirement>& catalogue, std::string_view wrong) {
  std::string nearest;
  std::size_t least = std::max<std::size_t>(wrong.size() / 2, 3);
  for (const Requirement& requirement : catalogue) {
    const std::size_t distance = EditDistance(requirement.id, wrong);
    if (distance >= least) continue;
    least = distance;
    nearest = requirement.id;
  }
  if (!nearest.empty() || wrong.empty()) return nearest;
  // A part of an id is far from it by edits, and still clearly meant.
  for (const Requirement& requirement : catalogue) {
    if (requirement.id.find(wrong) != std::string::npos) return requirement.id;
  }
  return "";
}

}  // namespace computesdk::conformance
