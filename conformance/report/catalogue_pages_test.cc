#include "conformance/report/catalogue_pages.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;

std::vector<Requirement> Two() {
  std::vector<Requirement> two(2);
  two[0].id = "command.args.empty";
  two[0].asks = "Empty args are args.";
  two[0].why = "A <b> | `a*b`.";
  two[0].mend = "Quote them.";
  two[0].defects = {"C1", "C2"};
  two[1].id = "info.id";
  two[1].level = Level::kOptional;
  two[1].capability = "getInfo";
  two[1].asks = "The id is its own.";
  two[1].needs = {"filesystem"};
  return two;
}

TEST(CataloguePagesTest, ListsRequirementsByArea) {
  EXPECT_EQ(CatalogueAsText(Two()),
            "command\n"
            "  command.args.empty (required)\n"
            "      Empty args are args.\n"
            "      why: A <b> | `a*b`.\n"
            "\n"
            "info\n"
            "  info.id (optional, getInfo)\n"
            "      The id is its own.\n"
            "      why: \n"
            "\n"
            "2 requirements\n");
}

TEST(CataloguePagesTest, ListsRequirementsAsJson) {
  const auto json = nlohmann::json::parse(CatalogueAsJson(Two()));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0].at("level"), "required");
  EXPECT_EQ(json[0].at("defects"), nlohmann::json({"C1", "C2"}));
  EXPECT_EQ(json[1].at("capability"), "getInfo");
}

TEST(CataloguePagesTest, WritesAMarkdownPageWithATableOfAreas) {
  const std::string page = CatalogueAsMarkdown(Two());
  EXPECT_THAT(page, HasSubstr("| [command](#command) | 1 | 0 | 0 |\n"));
  EXPECT_THAT(page, HasSubstr("\n## info\n\n### info.id\n\n**The id is its own.**\n\n*optional*, "
                              "for `getInfo`; looked at with `filesystem`\n"));
}

TEST(CataloguePagesTest, KeepsMarkupOfTheTextsApartFromThePages) {
  EXPECT_THAT(CatalogueAsMarkdown(Two()), HasSubstr("- Why: A \\<b\\> \\| `a*b`.\n"));
}

TEST(CataloguePagesTest, ExplainsOneInFull) {
  const std::string text = Explanation(Two()[0]);
  EXPECT_THAT(text,
              HasSubstr("command.args.empty (required)\n\n  asks     Empty args are args.\n"));
  EXPECT_THAT(text, HasSubstr("  mend     Quote them.\n  defects  C1, C2\n"));
  EXPECT_THAT(text, HasSubstr("conformance run --filter command.args.empty"));
}

}  // namespace
}  // namespace computesdk::conformance
