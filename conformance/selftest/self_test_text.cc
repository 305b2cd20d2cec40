#include <algorithm>
#include <sstream>

#include "conformance/selftest/self_test.h"

namespace computesdk::conformance {
namespace {

constexpr std::size_t kNameWidth = 44;
constexpr std::size_t kNamed = 3;

std::string FirstFew(const std::vector<std::string>& ids) {
  std::string out;
  for (std::size_t i = 0; i < std::min(ids.size(), kNamed); ++i) {
    out += (i == 0 ? "" : ", ") + ids[i];
  }
  if (ids.size() > kNamed) out += " and " + std::to_string(ids.size() - kNamed) + " more";
  return out;
}

std::string What(const SelfTestCase& one) {
  if (!one.skipped.empty()) return "skipped";
  if (one.unseen()) return "NOT SEEN";
  if (!one.problems.empty()) return "WRONG";
  return one.variation ? "conforms" : "seen";
}

std::string Seconds(Milliseconds duration) {
  return std::to_string((duration.count() + 500) / 1000) + " s";
}

}  // namespace

std::string SelfTestText(const SelfTestCase& one) {
  std::string line = What(one);
  line.resize(std::max<std::size_t>(line.size() + 1, 10), ' ');
  line += one.name + (one.looks > 1 ? " (look " + std::to_string(one.looks) + ")" : "");
  if (!one.revealed.empty()) {
    line.resize(std::max(line.size() + 1, kNameWidth + 10), ' ');
    line += (one.variation ? "warned: " : "") + FirstFew(one.revealed);
  }
  if (!one.skipped.empty()) line += ": " + one.skipped;
  line += "\n";
  for (const std::string& problem : one.problems) line += "            " + problem + "\n";
  return line;
}

std::string SelfTestSummary(const SelfTestResult& result) {
  int sabotages = 0;
  int seen = 0;
  int variations = 0;
  int conforming = 0;
  int wrong = 0;
  int judged_again = 0;
  int skipped = 0;
  for (const SelfTestCase& one : result.cases) {
    if (!one.skipped.empty()) {
      ++skipped;
      continue;
    }
    (one.variation ? variations : sabotages) += 1;
    if (!one.problems.empty()) ++wrong;
    if (one.looks > 1) ++judged_again;
    if (one.variation && one.problems.empty()) ++conforming;
    if (!one.variation && !one.unseen()) ++seen;
  }
  std::ostringstream out;
  out << seen << " of " << sabotages << " defects seen; " << conforming << " of " << variations
      << " legal variations conform; ";
  if (result.whole) {
    const std::size_t red = static_cast<std::size_t>(result.requirements) - result.never_red.size();
    out << red << " of " << result.requirements << " requirements proved able to fail; ";
    for (const std::string& id : result.never_red) out << "\n  never red: " << id;
    if (!result.never_red.empty()) out << "\n";
  }
  if (skipped > 0) out << skipped << " skipped; ";
  if (judged_again > 0) out << judged_again << " judged more than once; ";
  if (wrong > 0) out << wrong << (wrong == 1 ? " case" : " cases") << " not as expected; ";
  out << Seconds(result.duration) << "\n";
  return out.str();
}

}  // namespace computesdk::conformance
