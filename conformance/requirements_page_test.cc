#include <fstream>
#include <sstream>

#include "conformance/catalogue.h"
#include "conformance/report/catalogue_pages.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

TEST(RequirementsPageTest, IsWhatTheCatalogueSays) {
  std::ostringstream page;
  page << std::ifstream("docs/requirements.md").rdbuf();
  const bool fresh = page.str() == CatalogueAsMarkdown(Catalogue());
  EXPECT_TRUE(fresh) << "docs/requirements.md is stale; make it anew with\n"
                        "  bazel run //conformance -- list --format=markdown > "
                        "docs/requirements.md";
}

}  // namespace
}  // namespace computesdk::conformance
