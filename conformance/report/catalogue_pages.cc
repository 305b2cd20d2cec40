#include "conformance/report/catalogue_pages.h"

#include <map>
#include <sstream>
#include <string_view>

#include "conformance/report/text.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

constexpr int kWidth = 100;

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string_view SandboxName(SandboxNeed need) {
  switch (need) {
    case SandboxNeed::kNone:
      return "none";
    case SandboxNeed::kShared:
      return "shared";
    case SandboxNeed::kFresh:
      return "fresh";
  }
  return "none";
}

std::string LevelAndCapability(const Requirement& requirement) {
  std::string out(LevelName(requirement.level));
  if (!requirement.capability.empty()) out += ", " + requirement.capability;
  return out;
}

// Plain text in Markdown: what would be markup there is not.
std::string MarkdownText(std::string_view text) {
  std::string out;
  bool code = false;
  for (char c : text) {
    if (c == '`') code = !code;
    const bool markup = std::string_view("\\*_[]<>|").find(c) != std::string_view::npos;
    if (markup && !code) out += '\\';
    out += c;
  }
  return out;
}

struct AreaCounts {
  std::string area;
  int required = 0;
  int optional = 0;
  int recommended = 0;
};

std::vector<AreaCounts> CountAreas(const std::vector<Requirement>& catalogue) {
  std::vector<AreaCounts> areas;
  std::map<std::string, std::size_t> index;
  for (const Requirement& requirement : catalogue) {
    const std::string area(requirement.area());
    const auto [entry, fresh] = index.try_emplace(area, areas.size());
    if (fresh) areas.push_back({.area = area});
    AreaCounts& counts = areas[entry->second];
    switch (requirement.level) {
      case Level::kRequired:
        ++counts.required;
        break;
      case Level::kOptional:
        ++counts.optional;
        break;
      case Level::kRecommended:
        ++counts.recommended;
        break;
    }
  }
  return areas;
}

void MarkdownEntry(const Requirement& requirement, std::ostringstream& out) {
  out << "\n### " << requirement.id << "\n\n"
      << "**" << MarkdownText(requirement.asks) << "**\n\n"
      << "*" << LevelName(requirement.level) << "*";
  if (!requirement.capability.empty()) out << ", for `" << requirement.capability << "`";
  if (!requirement.needs.empty()) out << "; looked at with `" << Joined(requirement.needs) << "`";
  out << "\n\n- Why: " << MarkdownText(requirement.why) << "\n";
  if (!requirement.breaks.empty()) {
    out << "- What breaks it: " << MarkdownText(requirement.breaks) << "\n";
  }
  out << "- To mend it: " << MarkdownText(requirement.mend) << "\n";
  if (!requirement.defects.empty()) out << "- Defects: " << Joined(requirement.defects) << "\n";
}

}  // namespace

std::string CatalogueAsText(const std::vector<Requirement>& catalogue) {
  std::ostringstream out;
  std::string_view area;
  for (const Requirement& requirement : catalogue) {
    if (requirement.area() != area) {
      out << (area.empty() ? "" : "\n") << requirement.area() << "\n";
      area = requirement.area();
    }
    out << "  " << requirement.id << " (" << LevelAndCapability(requirement) << ")\n      "
        << Wrapped(requirement.asks, 6, kWidth)
        << "\n      why: " << Wrapped(requirement.why, 11, kWidth) << "\n";
  }
  out << "\n" << catalogue.size() << " requirements\n";
  return out.str();
}

std::string CatalogueAsJson(const std::vector<Requirement>& catalogue) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const Requirement& requirement : catalogue) {
    out.push_back({{"id", requirement.id},
                   {"area", requirement.area()},
                   {"level", LevelName(requirement.level)},
                   {"capability", requirement.capability},
                   {"asks", requirement.asks},
                   {"why", requirement.why},
                   {"breaks", requirement.breaks},
                   {"wrong", requirement.wrong},
                   {"right", requirement.right},
                   {"mend", requirement.mend},
                   {"defects", requirement.defects},
                   {"sandbox", SandboxName(requirement.sandbox)},
                   {"needs", requirement.needs}});
  }
  return out.dump(2) + "\n";
}

std::string CatalogueAsMarkdown(const std::vector<Requirement>& catalogue) {
  std::ostringstream out;
  out << "# Requirements\n\n"
         "Every sentence of the contract that the kit checks, made from its catalogue by\n"
         "`bazel run //conformance -- list --format=markdown`; do not edit it by hand.\n\n"
         "*Required* ones bind every provider, *optional* ones those that claim the capability, "
         "and\n*recommended* ones are reported and decide only with `--require`.\n\n"
         "| area | required | optional | recommended |\n| --- | ---: | ---: | ---: |\n";
  for (const AreaCounts& counts : CountAreas(catalogue)) {
    out << "| [" << counts.area << "](#" << counts.area << ") | " << counts.required << " | "
        << counts.optional << " | " << counts.recommended << " |\n";
  }
  // An area is one section, wherever its entries stand.
  for (const AreaCounts& counts : CountAreas(catalogue)) {
    out << "\n## " << counts.area << "\n";
    for (const Requirement& requirement : catalogue) {
      if (requirement.area() == counts.area) MarkdownEntry(requirement, out);
    }
  }
  return out.str();
}

std::string Explanation(const Requirement& requirement) {
  std::ostringstream out;
  const auto line = [&](const std::string& label, std::string_view prose) {
    out << label << Wrapped(prose, static_cast<int>(label.size()), kWidth) << "\n";
  };
  // Code keeps its lines.
  const auto example = [&](std::string label, const std::string& code) {
    std::istringstream lines(code);
    for (std::string text; std::getline(lines, text); label.assign(label.size(), ' ')) {
      out << (text.empty() ? "" : label + text) << "\n";
    }
  };
  out << requirement.id << " (" << LevelAndCapability(requirement) << ")\n\n";
  line("  asks     ", requirement.asks);
  line("  why      ", requirement.why);
  if (!requirement.breaks.empty()) line("  breaks   ", requirement.breaks);
  example("  wrong    ", requirement.wrong);
  example("  right    ", requirement.right);
  line("  mend     ", requirement.mend);
  if (!requirement.defects.empty()) line("  defects  ", Joined(requirement.defects));
  line("  sandbox  ", SandboxName(requirement.sandbox));
  if (!requirement.needs.empty()) line("  needs    ", Joined(requirement.needs));
  switch (requirement.level) {
    case Level::kRequired:
      line("  binds    ", "every provider");
      break;
    case Level::kOptional:
      line("  binds    ", "a provider that claims the capability");
      break;
    case Level::kRecommended:
      line("  binds    ", "nobody, unless a run says --require=" + requirement.id);
      break;
  }
  out << "\nTo check it alone: conformance run --filter " << requirement.id << "\n";
  return out.str();
}

}  // namespace computesdk::conformance
