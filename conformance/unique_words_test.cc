#include "conformance/unique_words.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(UniqueWords, NoWordIsAPartOfAnother) {
  UniqueWords words;
  std::vector<std::string> all;
  for (int i = 0; i < 100; ++i) all.push_back(words.Next());
  for (const std::string& word : all) {
    for (const std::string& other : all) {
      if (&word == &other) continue;
      EXPECT_THAT(other, Not(HasSubstr(word)));
    }
  }
}

}  // namespace
}  // namespace computesdk::conformance
