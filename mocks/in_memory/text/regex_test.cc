#include "mocks/in_memory/text/regex.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

using namespace std::string_literals;

Regex MustCompile(std::string_view pattern, RegexOptions options = {.extended = true}) {
  auto regex = Regex::Compile(pattern, options);
  EXPECT_TRUE(regex.has_value()) << regex.error();
  return *regex;
}

TEST(RegexTest, GivesTheOffsetsOfGroups) {
  std::vector<Regex::Group> groups;
  ASSERT_TRUE(MustCompile("(b+)(x)?").Match("abbc", &groups));
  EXPECT_EQ(groups, (std::vector<Regex::Group>{{1, 3}, {1, 3}, {-1, -1}}));
}

TEST(RegexTest, CountsTheGroups) { EXPECT_EQ(MustCompile("(a)(b(c))").group_count(), 3u); }

TEST(RegexTest, ReportsABadPattern) {
  const auto regex = Regex::Compile("(", {.extended = true});
  ASSERT_FALSE(regex.has_value());
  EXPECT_EQ(regex.error(), "Unmatched ( or \\(");
}

TEST(RegexTest, KnowsBasicSyntaxWithGnuExtensions) {
  EXPECT_TRUE(MustCompile("^a\\+$", {}).Match("aaa"));
  EXPECT_FALSE(MustCompile("^a+$", {}).Match("aaa"));
  EXPECT_TRUE(MustCompile("\\bword\\b", {}).Match("a word here"));
}

TEST(RegexTest, IgnoresCaseOnRequest) {
  EXPECT_TRUE(MustCompile("abc", {.ignore_case = true}).Match("xABCx"));
  EXPECT_TRUE(MustCompile("ä", {.ignore_case = true}).Match("Ä"));
}

TEST(RegexTest, TakesACharacterBeyondAsciiAsOne) {
  EXPECT_TRUE(MustCompile("^.$").Match("é"));
  EXPECT_TRUE(MustCompile("^[äé]$").Match("é"));
}

TEST(RegexTest, SeesBytesAfterNul) { EXPECT_TRUE(MustCompile("b$").Match("a\0b"s)); }

TEST(RegexTest, SeesWhatStandsBeforeTheStart) {
  EXPECT_FALSE(MustCompile("^b").Match("ab", nullptr, false, 1));
  EXPECT_FALSE(MustCompile("\\bb").Match("ab", nullptr, false, 1));
  EXPECT_TRUE(MustCompile("b").Match("ab", nullptr, false, 1));
}

TEST(RegexTest, MatchesAtLineEndsOnRequest) {
  EXPECT_TRUE(MustCompile("^b$", {.newline = true}).Match("a\nb\nc"));
  EXPECT_FALSE(MustCompile("^b$", {}).Match("a\nb\nc"));
}

}  // namespace
}  // namespace computesdk::in_memory
