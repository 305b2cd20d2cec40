#include "conformance/report/capability_text.h"

#include <algorithm>

namespace computesdk::conformance {
namespace {

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// "9 of 9" requirements, or methods; empty where there is nothing to count.
std::string Share(const CapabilityRow& row) {
  const bool counted = row.claimed ? row.of > 0 : row.measured == Measured::kMisbehaves;
  if (!counted) return "";
  const std::string share = std::to_string(row.passed) + " of " + std::to_string(row.of);
  return row.claimed ? " (" + share + " passed)" : " (" + share + " methods do something)";
}

}  // namespace

std::string CapabilityText(const std::vector<CapabilityRow>& rows) {
  std::size_t width = 0;
  for (const CapabilityRow& row : rows) width = std::max(width, row.name.size());
  std::string out = "  " + Padded("", width) + "  claimed  measured\n";
  for (const CapabilityRow& row : rows) {
    out += "  " + Padded(row.name, width) + "  " + Padded(row.claimed ? "yes" : "no", 7) + "  " +
           std::string(MeasuredName(row.measured)) + Share(row) + "\n";
  }
  return out;
}

std::string CapabilityLine(const std::vector<std::string>& capabilities) {
  std::string list;
  for (const std::string& name : capabilities) {
    list += (list.empty() ? "\"" : ", \"") + name + "\"";
  }
  return "\"capabilities\": [" + list + "]";
}

}  // namespace computesdk::conformance
