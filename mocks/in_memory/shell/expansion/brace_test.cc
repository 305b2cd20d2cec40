#include "mocks/in_memory/shell/expansion/brace.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace computesdk::in_memory::shell {
namespace {

std::vector<std::string> Expand(const std::string& text) {
  Word word;
  word.parts.push_back({Literal{text}, false});
  std::vector<std::string> texts;
  const auto words = ExpandBraces(word);
  for (const Word& one : *words) {
    texts.push_back(one.parts.empty() ? "" : std::get<Literal>(one.parts[0].value).text);
  }
  return texts;
}

using Strings = std::vector<std::string>;

TEST(BraceTest, MakesEveryCombination) {
  EXPECT_EQ(Expand("a{b,c}{1,2}"), (Strings{"ab1", "ab2", "ac1", "ac2"}));
}

TEST(BraceTest, Nests) { EXPECT_EQ(Expand("{a,{b,c}d}"), (Strings{"a", "bd", "cd"})); }

TEST(BraceTest, CountsNumbersAndLetters) {
  EXPECT_EQ(Expand("{3..1}"), (Strings{"3", "2", "1"}));
  EXPECT_EQ(Expand("{08..10}"), (Strings{"08", "09", "10"}));
  EXPECT_EQ(Expand("{a..e..2}"), (Strings{"a", "c", "e"}));
}

TEST(BraceTest, LeavesWhatIsNoListAlone) {
  EXPECT_EQ(Expand("{a}"), (Strings{"{a}"}));
  EXPECT_EQ(Expand("{a,b"), (Strings{"{a,b"}));
  EXPECT_EQ(Expand("{1..x}"), (Strings{"{1..x}"}));
}

TEST(BraceTest, DoesNotLookIntoQuotes) {
  Word word;
  word.parts.push_back({Literal{"{"}, false});
  word.parts.push_back({Literal{"a,b"}, true});
  word.parts.push_back({Literal{",c}"}, false});
  EXPECT_EQ(ExpandBraces(word)->size(), 2u);
}

TEST(BraceTest, RefusesMoreThanMemoryIsWorth) {
  Word word;
  word.parts.push_back({Literal{"{1..1000000000}"}, false});
  EXPECT_FALSE(ExpandBraces(word).has_value());
}

}  // namespace
}  // namespace computesdk::in_memory::shell
