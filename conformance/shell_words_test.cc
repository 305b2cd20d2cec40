#include "conformance/shell_words.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Split(std::string_view line) {
  return SplitShellWords(line).value_or(std::vector<std::string>{"(an error)"});
}

TEST(ShellWordsTest, PartsWordsAtBlanks) {
  EXPECT_THAT(Split("  node  a.mjs\tb\nc "), ElementsAre("node", "a.mjs", "b", "c"));
  EXPECT_THAT(Split(" \t"), IsEmpty());
}

TEST(ShellWordsTest, KeepsWhatQuotesEnclose) {
  EXPECT_THAT(Split(R"(a 'b c' "d e" f'g 'h)"), ElementsAre("a", "b c", "d e", "fg h"));
}

TEST(ShellWordsTest, KeepsEmptyQuotedWords) {
  EXPECT_THAT(Split(R"(a '' "")"), ElementsAre("a", "", ""));
}

TEST(ShellWordsTest, EscapesInDoubleQuotesOnlyWhatIsSpecialThere) {
  EXPECT_THAT(Split(R"("\$HOME \"x\" \n \\")"), ElementsAre(R"($HOME "x" \n \)"));
}

TEST(ShellWordsTest, EscapesAnyCharacterOutsideOfQuotes) {
  EXPECT_THAT(Split(R"(a\ b \'c \\)"), ElementsAre("a b", "'c", "\\"));
}

TEST(ShellWordsTest, JoinsLinesAtAnEscapedLineFeed) {
  EXPECT_THAT(Split("a\\\nb \"c\\\nd\""), ElementsAre("ab", "cd"));
}

TEST(ShellWordsTest, ExpandsNothing) {
  EXPECT_THAT(Split("$HOME * ~ `x`"), ElementsAre("$HOME", "*", "~", "`x`"));
}

TEST(ShellWordsTest, RefusesAQuoteWithoutItsEnd) {
  EXPECT_THAT(SplitShellWords("a 'b").error().message, HasSubstr("single quote"));
  EXPECT_THAT(SplitShellWords("a \"b").error().message, HasSubstr("double quote"));
  EXPECT_FALSE(SplitShellWords("a\\"));
}

}  // namespace
}  // namespace computesdk::conformance
