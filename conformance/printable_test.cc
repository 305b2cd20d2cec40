#include "conformance/printable.h"

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

TEST(PrintableTest, EscapesControlCharactersAsInC) {
  EXPECT_EQ(Printable(std::string_view("a\n\t\0\x1b\"\\z", 8)), R"("a\n\t\000\033\"\\z")");
}

TEST(PrintableTest, KeepsValidUtf8AndEscapesTheRest) {
  EXPECT_EQ(Printable("caf\xc3\xa9 \xff \xc3"), "\"caf\xc3\xa9 \\377 \\303\"");
}

TEST(PrintableTest, CutsLongValuesInTheMiddleAndSaysTheirLength) {
  EXPECT_EQ(Printable("abcdefghij", 4), R"("ab" ... "ij" (10 bytes))");
}

TEST(PrintableTest, QuotesAnythingForAShell) {
  EXPECT_EQ(ShellQuote("it's $HOME"), R"('it'\''s $HOME')");
  EXPECT_EQ(ShellQuote(""), "''");
}

TEST(PrintableTest, CleansTextButKeepsItsLines) {
  EXPECT_EQ(CleanText("a\nb\tc\x01\x7f"), "a\nb\tc\\001\\177");
}

TEST(PrintableTest, EscapesC1ControlsThatTerminalsObey) {
  EXPECT_EQ(CleanText("\xc2\x9b"), "\\302\\233");
}

TEST(PrintableTest, RejectsOverlongAndSurrogateUtf8) {
  EXPECT_EQ(Utf8Length("\xc0\x80"), 0u);
  EXPECT_EQ(Utf8Length("\xed\xa0\x80"), 0u);
  EXPECT_EQ(Utf8Length("\xf4\x90\x80\x80"), 0u);
  EXPECT_EQ(Utf8Length("\xf0\x9f\x98\x80"), 4u);
}

}  // namespace
}  // namespace computesdk::conformance
