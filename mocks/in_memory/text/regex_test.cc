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

// Counts, and ends a search after some ticks.
class CountingWatch : public RegexWatch {
 public:
  void Tick() override {
    if (++ticks == 3) throw std::string("stopped");
  }
  void TooHard() override { ++too_hard; }
  int ticks = 0;
  int too_hard = 0;
};

TEST(RegexTest, LongSearchCanBeStopped) {
  CountingWatch watch;
  const Regex regex = MustCompile("(a|b)*c");
  EXPECT_THROW((void)regex.Match(std::string(3'000'000, 'a')), std::string);
  EXPECT_TRUE(regex.Match("aac"));
}

TEST(RegexTest, FindsInALongTextWhatItFindsInAShortOne) {
  const std::string before(20'001, 'x');
  for (const std::string& fill : {std::string("-"), std::string("→")}) {
    std::string text = before;
    for (int i = 0; i < 5'000; ++i) text += fill;
    std::vector<Regex::Group> groups;
    ASSERT_TRUE(MustCompile("\\b(a+)(b)?$").Match(text + "aaa", &groups));
    const auto begin = static_cast<std::ptrdiff_t>(text.size());
    EXPECT_EQ(groups[0], Regex::Group(begin, begin + 3));
    EXPECT_EQ(groups[2], Regex::Group(-1, -1));
    EXPECT_FALSE(MustCompile("^a").Match(text + "aaa"));
    EXPECT_TRUE(MustCompile("^a", {.newline = true}).Match(text + "\naaa"));
  }
}

TEST(RegexTest, BackReferencesThatWouldNeverEndAreNoMatch) {
  CountingWatch watch;
  EXPECT_FALSE(MustCompile("(a*)*(a*)*\\1\\2b").Match(std::string(200, 'a')));
  EXPECT_EQ(watch.too_hard, 1);
}

TEST(RegexTest, EveryGroupHasAnEndOrTookNoPart) {
  std::vector<Regex::Group> groups;
  ASSERT_TRUE(MustCompile("(.*)*\\1(.)\\2").Match("abaAbcdd", &groups));
  EXPECT_EQ(groups[0], Regex::Group(0, 8));
  for (const auto& [begin, end] : groups) EXPECT_LE(begin, end);
}

}  // namespace
}  // namespace computesdk::in_memory
