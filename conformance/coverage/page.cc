// Prints docs/coverage.md, from the workspace's folder.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "conformance/catalogue.h"
#include "conformance/coverage/coverage.h"

namespace computesdk::conformance {
namespace {

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

int Main() {
  const Result<CoverageData> data =
      ParseCoverageData(ReadFile("conformance/coverage/classes.json"),
                        ReadFile("conformance/coverage/highest_yield.json"));
  if (!data) {
    std::cerr << data.error() << "\n";
    return 2;
  }
  const Coverage coverage = Measure(*data, Catalogue(), Sabotages());
  for (const std::string& problem : coverage.problems) std::cerr << problem << "\n";
  std::cout << coverage.page;
  return coverage.problems.empty() ? 0 : 1;
}

}  // namespace
}  // namespace computesdk::conformance

int main() { return computesdk::conformance::Main(); }
