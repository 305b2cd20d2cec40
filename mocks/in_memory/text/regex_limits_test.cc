#include "mocks/in_memory/text/regex_limits.h"

#include <string>

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

TEST(RegexLimitsTest, LetsEverydayPatternsPass) {
  EXPECT_TRUE(RegexWithinLimits("^([a-z]+)://([^/{}()]{1,255})(:[0-9]{1,5})?$", true));
  EXPECT_TRUE(RegexWithinLimits("\\(a\\{2,3\\}\\)*[[:alpha:]([]", false));
  EXPECT_TRUE(RegexWithinLimits("a{32767}", true));
  EXPECT_TRUE(RegexWithinLimits("^[a-z]{1,4000}(:.{0,255}){1,20}$", true));
  EXPECT_TRUE(RegexWithinLimits(std::string(40'000, 'a'), true));
}

TEST(RegexLimitsTest, RefusesDeepNesting) {
  EXPECT_FALSE(RegexWithinLimits(std::string(60'000, '('), true));
  EXPECT_TRUE(RegexWithinLimits(std::string(40'000, '('), false));
  std::string basic;
  for (int i = 0; i < 1000; ++i) basic += "\\(";
  EXPECT_FALSE(RegexWithinLimits(basic, false));
}

TEST(RegexLimitsTest, RefusesIntervalsThatMultiply) {
  EXPECT_FALSE(RegexWithinLimits("((a{1,200}){1,200}){1,200}", true));
  EXPECT_FALSE(RegexWithinLimits("(a{200}){200}b{30000}", true));
  EXPECT_FALSE(RegexWithinLimits("\\(a\\{999\\}\\)\\{999\\}", false));
  EXPECT_FALSE(RegexWithinLimits("a{99999999999999999999999}", true));
  EXPECT_FALSE(RegexWithinLimits("a" + std::string(25, '+'), true));
  EXPECT_FALSE(RegexWithinLimits("(a{10}+++++++++)*++++++++", true));
  EXPECT_TRUE(RegexWithinLimits("a++b*?" + std::string(25, '+'), false));
}

TEST(RegexLimitsTest, RefusesWhatMayBeEmptyRepeatedTimeAndAgain) {
  EXPECT_FALSE(RegexWithinLimits("a*" + std::string(9, '+'), true));
  EXPECT_FALSE(RegexWithinLimits("((((((((a?)+)+)+)+)+)+)+)+", true));
  EXPECT_FALSE(RegexWithinLimits("((((((((a*|b)+)+)+)+)+)+)+)+", true));
  EXPECT_FALSE(RegexWithinLimits(
      "\\(\\(\\(\\(\\(\\(\\(a*\\)\\+\\)\\+\\)\\+\\)\\+\\)\\+\\)\\+\\)\\+", false));
  EXPECT_FALSE(RegexWithinLimits("a{0,2}{1,9}{1,9}{1,9}{1,9}", true));
  EXPECT_FALSE(RegexWithinLimits("a{200}{200}{200}", true));
  EXPECT_TRUE(RegexWithinLimits("((((((((a)+)+)+)+)+)+)+)+", true));
  EXPECT_TRUE(RegexWithinLimits("((((((((a?)*)*)*)*)*)*)*)*", true));
  EXPECT_TRUE(RegexWithinLimits("(([a-z]*)+ ?)+", true));
  EXPECT_TRUE(RegexWithinLimits("a{b}{,}", true));
}

TEST(RegexLimitsTest, RefusesLoopsOfWhatMatchesNothingInManyWays) {
  EXPECT_FALSE(RegexWithinLimits("(a*){1,9}{9}*", true));
  EXPECT_FALSE(RegexWithinLimits("(a{0,}){,9}{1,9}*", true));
  EXPECT_FALSE(RegexWithinLimits("(a|){1,9}{9}+", true));
  EXPECT_FALSE(RegexWithinLimits("((a?)?){24}{2,}", true));
  EXPECT_FALSE(RegexWithinLimits("\\(a*\\|b*\\)\\{24\\}*", false));
  // In many ways to the loop.
  EXPECT_FALSE(RegexWithinLimits("(a*){,9}{9}x{,9}*", true));
  EXPECT_FALSE(RegexWithinLimits("(a*){,9}{9}){,9}{9}*", true));
  EXPECT_FALSE(RegexWithinLimits("b(a*){,9}{9}(c*)*", true));
  EXPECT_FALSE(RegexWithinLimits("(b(a*){,9}{9})(c|d*)*", true));
  EXPECT_FALSE(RegexWithinLimits("(x|(a*){,9}{9})(c|d*)*", true));
  EXPECT_TRUE(RegexWithinLimits("(a*){,9}{9}b(c*)*", true));
  EXPECT_TRUE(RegexWithinLimits("(c*)*(a*){,9}{9}", true));
  EXPECT_TRUE(RegexWithinLimits("(a*){,9}{9}x*", true));
  // Through a loop of each of many.
  EXPECT_FALSE(RegexWithinLimits("(a?*){,9}{9}x", true));
  EXPECT_TRUE(RegexWithinLimits("((a|b)?*){2,3}x", true));
  // Not in a loop; in the same few ways; never nothing.
  EXPECT_TRUE(RegexWithinLimits("(a*){1,9}{9}", true));
  EXPECT_TRUE(RegexWithinLimits("((a*)*){24}*", true));
  EXPECT_TRUE(RegexWithinLimits("(((a?)?){24}b)*", true));
}

TEST(RegexLimitsTest, RefusesWhatReachesTooManyStatesByNothing) {
  EXPECT_FALSE(RegexWithinLimits("z{,32767}", true));
  EXPECT_FALSE(RegexWithinLimits("((())z){,9419}?", true));
  EXPECT_FALSE(RegexWithinLimits("(z{,100}){,100}", true));
  EXPECT_FALSE(RegexWithinLimits("z\\{1,5000\\}", false));
  EXPECT_FALSE(RegexWithinLimits("(a*){,99}{2}*", true));
  EXPECT_FALSE(RegexWithinLimits("(a{0,}){,919}{,}", true));
  std::string optional;
  for (int i = 0; i < 10'000; ++i) optional += "a?";
  EXPECT_FALSE(RegexWithinLimits(optional, true));
  EXPECT_TRUE(RegexWithinLimits(optional.substr(0, 4000), true));
  EXPECT_TRUE(RegexWithinLimits("(a*){,100}*", true));
}

TEST(RegexLimitsTest, RefusesAnchorsBeforeManyLoopsOfWhatMayBeEmpty) {
  const auto loops = [](std::string pattern, int count, const std::string& end) {
    for (int i = 0; i < count; ++i) pattern += "(b*)*";
    return RegexWithinLimits(pattern + end, true);
  };
  EXPECT_FALSE(loops("(a*$", 18, ")*"));
  EXPECT_FALSE(loops("^", 18, "$"));
  EXPECT_FALSE(loops("(a$^", 8, ")*"));
  EXPECT_FALSE(loops("(\\b", 5, ")*"));
  EXPECT_FALSE(loops("((a*$)*(b*^)*(c*\\<)*", 3, ")*"));
  EXPECT_FALSE(RegexWithinLimits("((a*$)*^((b*)+)+((b*)+)+)*", true));
  EXPECT_TRUE(loops("", 40, ""));
  EXPECT_TRUE(loops("^(", 8, ")*$"));
  EXPECT_TRUE(loops("(\\bx)*", 8, ""));
  EXPECT_TRUE(RegexWithinLimits("^((a|b*)c)*(-[0-9]+)?([+][a-z.]*)?$", true));
}

TEST(RegexLimitsTest, CountsBackReferencesAndRepeatedGroups) {
  EXPECT_EQ(BackReferenceDepth("(a)[\\1](b)*", true), 0);
  EXPECT_EQ(BackReferenceDepth("(a)\\1+", true), 1);
  EXPECT_EQ(BackReferenceDepth("(a*)*(b)\\1x\\2", true), 3);
  EXPECT_EQ(BackReferenceDepth("\\(a\\)*\\1", false), 2);
  EXPECT_EQ(BackReferenceDepth("\\\\1(a)", true), 0);
}

TEST(RegexLimitsTest, BackReferencesAreForTextsThatDoNotRepeatThemselves) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += std::to_string(i);
  EXPECT_FALSE(BackReferencesTooHard(1, text));
  EXPECT_FALSE(BackReferencesTooHard(2, text.substr(0, 80)));
  EXPECT_FALSE(BackReferencesTooHard(1, std::string(200, 'a')));
  EXPECT_TRUE(BackReferencesTooHard(2, std::string(200, 'a')));
  EXPECT_FALSE(BackReferencesTooHard(0, std::string(1'000'000, 'a')));
}

TEST(RegexLimitsTest, RefusesLoopsThroughSeveralReferencesToNothing) {
  for (const char* pattern : {"()\\1+*", "()(\\1+)*", "(())(\\1\\2)*", "((a*)\\2\\2)*"}) {
    EXPECT_FALSE(RegexWithinLimits(pattern, true)) << pattern;
  }
  for (const char* pattern :
       {"^(..+)\\1+$", "(a*)(\\1)*", "((.)\\2\\2)*", "(a*)\\1\\1", "(.)\\1{2,}"}) {
    EXPECT_TRUE(RegexWithinLimits(pattern, true)) << pattern;
  }
}

}  // namespace
}  // namespace computesdk::in_memory
