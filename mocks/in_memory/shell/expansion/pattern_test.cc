#include "mocks/in_memory/shell/expansion/pattern.h"

#include <string>

#include "gtest/gtest.h"

namespace computesdk::in_memory::shell {
namespace {

bool Matches(const std::string& pattern, const std::string& text, bool extglob = false) {
  return Pattern(pattern, extglob).Matches(text);
}

TEST(PatternTest, MatchesStarsAndQuestionMarks) {
  EXPECT_TRUE(Matches("a*c", "abbc"));
  EXPECT_TRUE(Matches("a*c", "ac"));
  EXPECT_FALSE(Matches("a*c", "acb"));
  EXPECT_TRUE(Matches("?b", "ab"));
  EXPECT_FALSE(Matches("?", ""));
}

TEST(PatternTest, CountsCharactersNotBytes) {
  EXPECT_TRUE(Matches("??", "\u00e9\u65e5"));
  EXPECT_TRUE(Matches("?", "\xff"));
  EXPECT_FALSE(Matches("?", "\xff\xfe"));
}

TEST(PatternTest, MatchesSets) {
  EXPECT_TRUE(Matches("[a-c]", "b"));
  EXPECT_FALSE(Matches("[!a-c]", "b"));
  EXPECT_TRUE(Matches("[]x]", "]"));
  EXPECT_TRUE(Matches("[a-]", "-"));
  EXPECT_TRUE(Matches("[[:digit:][:upper:]]", "Q"));
  EXPECT_TRUE(Matches("[\\]]", "]"));
}

TEST(PatternTest, TakesAnUnclosedSetAsItIs) { EXPECT_TRUE(Matches("[ab", "[ab")); }

TEST(PatternTest, TakesEscapedCharactersAsTheyAre) {
  EXPECT_TRUE(Matches("\\*", "*"));
  EXPECT_FALSE(Matches("\\*", "a"));
}

TEST(PatternTest, MatchesExtendedGroups) {
  EXPECT_TRUE(Matches("@(a|b)c", "bc", true));
  EXPECT_TRUE(Matches("?(a)c", "c", true));
  EXPECT_TRUE(Matches("*(ab)", "ababab", true));
  EXPECT_FALSE(Matches("+(ab)", "", true));
  EXPECT_TRUE(Matches("!(*.txt)", "a.md", true));
  EXPECT_FALSE(Matches("!(*.txt)", "a.txt", true));
  EXPECT_TRUE(Matches("+(a|+(b))c", "abbac", true));
}

TEST(PatternTest, FindsPrefixes) {
  EXPECT_EQ(Pattern("*/").MatchPrefix("a/b/c", false), 2u);
  EXPECT_EQ(Pattern("*/").MatchPrefix("a/b/c", true), 4u);
  EXPECT_EQ(Pattern("x").MatchPrefix("abc", true), Pattern::npos);
}

TEST(PatternTest, FindsSuffixes) {
  EXPECT_EQ(Pattern(".*").MatchSuffix("a.b.c", false), 3u);
  EXPECT_EQ(Pattern(".*").MatchSuffix("a.b.c", true), 1u);
  EXPECT_EQ(Pattern("?").MatchSuffix("\u00e9\u00e9", false), 2u);
}

TEST(PatternTest, FindsEveryMatch) {
  const auto found = Pattern("[ab]*([ab])", true).FindAll("xabya", true);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], (std::pair<std::size_t, std::size_t>{1, 3}));
  EXPECT_EQ(found[1], (std::pair<std::size_t, std::size_t>{4, 5}));
}

TEST(PatternTest, EndsSoonOnManyStars) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a*";
  EXPECT_FALSE(Matches(pattern + "b", std::string(2000, 'a')));
}

TEST(PatternTest, EscapesWhatIsSpecial) {
  std::string pattern;
  AppendEscaped("a*[b]?\\", pattern);
  EXPECT_TRUE(Matches(pattern, "a*[b]?\\"));
  EXPECT_FALSE(HasPatternCharacters(pattern, true));
  EXPECT_EQ(RemoveEscapes(pattern), "a*[b]?\\");
}

}  // namespace
}  // namespace computesdk::in_memory::shell
