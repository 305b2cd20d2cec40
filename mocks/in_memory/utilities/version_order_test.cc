#include "mocks/in_memory/utilities/version_order.h"

#include <vector>

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

TEST(VersionOrderTest, PutsNumbersInTheOrderOfTheirValues) {
  const std::vector<const char*> ordered = {".a",      "a1",       "a2",       "a10",
                                            "a10b",    "b-1.2.9",  "b-1.2.10", "b-1.10",
                                            "c.1.txt", "c.02.txt", "c.10.txt"};
  for (std::size_t i = 0; i + 1 < ordered.size(); ++i) {
    EXPECT_LT(CompareVersions(ordered[i], ordered[i + 1]), 0) << ordered[i];
    EXPECT_GT(CompareVersions(ordered[i + 1], ordered[i]), 0) << ordered[i];
  }
  EXPECT_EQ(CompareVersions("a", "a"), 0);
}

}  // namespace
}  // namespace computesdk::in_memory
