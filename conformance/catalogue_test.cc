#include "conformance/catalogue.h"

#include <algorithm>
#include <regex>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sdk/types.h"

namespace computesdk::conformance {
namespace {

using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::Not;

bool IsOneOf(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

TEST(CatalogueTest, HasEveryRequirement) { EXPECT_GE(Catalogue().size(), 130u); }

TEST(CatalogueTest, GivesEachRequirementAnIdOfItsOwn) {
  std::set<std::string> ids;
  std::set<std::string> test_names;
  const std::regex form("^[a-z]+(\\.[a-z0-9-]+)+$");
  for (const Requirement& requirement : Catalogue()) {
    EXPECT_TRUE(std::regex_match(requirement.id, form)) << requirement.id;
    EXPECT_TRUE(ids.insert(requirement.id).second) << requirement.id;
    // The names of the GoogleTest front know no "." and no "-".
    std::string name = requirement.id;
    std::ranges::replace(name, '.', '_');
    std::ranges::replace(name, '-', '_');
    EXPECT_TRUE(test_names.insert(name).second) << requirement.id;
  }
}

TEST(CatalogueTest, FillsEveryField) {
  for (const Requirement& requirement : Catalogue()) {
    SCOPED_TRACE(requirement.id);
    EXPECT_THAT(requirement.asks, EndsWith("."));
    EXPECT_THAT(requirement.why, Not(IsEmpty()));
    EXPECT_THAT(requirement.mend, Not(IsEmpty()));
    EXPECT_TRUE(requirement.check);
  }
}

TEST(CatalogueTest, NamesCapabilitiesThatThereAre) {
  for (const Requirement& requirement : Catalogue()) {
    SCOPED_TRACE(requirement.id);
    // What binds everyone hangs on nothing, what is optional on a claim.
    EXPECT_TRUE(requirement.level != Level::kOptional || !requirement.capability.empty());
    EXPECT_TRUE(requirement.level != Level::kRequired || requirement.capability.empty());
    if (!requirement.capability.empty()) {
      EXPECT_TRUE(IsOneOf(AllCapabilities(), requirement.capability)) << requirement.capability;
    }
    for (const std::string& need : requirement.needs) {
      EXPECT_TRUE(IsOneOf(AllCapabilities(), need)) << need;
    }
  }
}

TEST(CatalogueTest, NamesClassesOfTheDefectCatalogue) {
  const std::regex form("^(L|C|K|F|U|I|E|P|S|H)[0-9]+$");
  for (const Requirement& requirement : Catalogue()) {
    for (const std::string& defect : requirement.defects) {
      EXPECT_TRUE(std::regex_match(defect, form)) << requirement.id << ": " << defect;
    }
  }
}

TEST(CatalogueTest, FindsARequirementByItsId) {
  const Requirement& last = Catalogue().back();
  EXPECT_EQ(FindRequirement(last.id), &last);
  EXPECT_EQ(FindRequirement("no.such-one"), nullptr);
}

}  // namespace
}  // namespace computesdk::conformance
