#include "conformance/suite_report.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include "conformance/catalogue.h"
#include "conformance/report/json.h"
#include "conformance/report/report.h"
#include "conformance/verdict.h"

namespace computesdk::conformance {
namespace {

int NumberInEnvironment(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

std::string FileName(const Shard& shard) {
  if (shard.total == 1) return "conformance.json";
  return "conformance-shard-" + std::to_string(shard.index + 1) + "-of-" +
         std::to_string(shard.total) + ".json";
}

// Tests may run in another order than the catalogue has.
void OrderAsCatalogue(std::vector<CheckResult>& results) {
  std::map<std::string, std::size_t, std::less<>> place;
  for (const Requirement& requirement : Catalogue()) place.emplace(requirement.id, place.size());
  std::ranges::sort(results, {}, [&](const CheckResult& result) { return place[result.id]; });
}

}  // namespace

Shard ShardOfTest() {
  const int total = std::max(1, NumberInEnvironment("GTEST_TOTAL_SHARDS", 1));
  return {std::clamp(NumberInEnvironment("GTEST_SHARD_INDEX", 0), 0, total - 1), total};
}

Status WriteSuiteReport(RunRecord record, const Expectations& expectations) {
  const char* folder = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
  if (folder == nullptr || *folder == '\0') return {};
  VerdictRules rules{.require = record.require, .expectations = expectations};
  for (const Requirement& requirement : Catalogue()) rules.catalogue.insert(requirement.id);
  record.shard = ShardOfTest();
  OrderAsCatalogue(record.results);
  const RunVerdict verdict = Decide(record, rules);
  const std::string path = std::string(folder) + "/" + FileName(record.shard);
  std::ofstream file(path, std::ios::binary);
  file << JsonReport(MakeReport(std::move(record), verdict, FindRequirement)) << std::flush;
  if (!file) return MakeError(ErrorCode::kInternal, "cannot write the report " + path);
  return {};
}

}  // namespace computesdk::conformance
