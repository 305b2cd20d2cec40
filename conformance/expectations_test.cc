#include "conformance/expectations.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(std::string_view text) {
  const Result<Expectations> parsed = ParseExpectations(text, "known.txt");
  return parsed ? "no error" : parsed.error().message;
}

TEST(ExpectationsTest, ReadsIdsReasonsAndComments) {
  const auto parsed = ParseExpectations(
      "# a comment\n\n  files.x-y  it's broken: see #12 # ours\r\nenv.a\tno env", "known.txt");
  ASSERT_TRUE(parsed) << parsed.error();
  ASSERT_EQ(parsed->size(), 2u);
  EXPECT_EQ(parsed->at("files.x-y").reason, "it's broken: see");
  EXPECT_EQ(parsed->at("files.x-y").line, 3);
  EXPECT_EQ(parsed->at("env.a").reason, "no env");
}

TEST(ExpectationsTest, KeepsANumberSignInsideAWord) {
  const auto parsed = ParseExpectations("a.b see repo#12", "known.txt");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->at("a.b").reason, "see repo#12");
}

TEST(ExpectationsTest, NamesTheLineOfAnEntryWithoutReason) {
  EXPECT_THAT(ErrorOf("a.b x\nc.d\n"), HasSubstr("known.txt:2: a reason must follow the id c.d"));
}

TEST(ExpectationsTest, RefusesWhatIsNoId) {
  EXPECT_THAT(ErrorOf("\x7f"
                      "ELF\x01 y"),
              HasSubstr("known.txt:1: "));
  EXPECT_THAT(ErrorOf("{\"a\": 1}"), HasSubstr("is no id of a requirement"));
}

TEST(ExpectationsTest, RefusesAnIdThatIsListedTwice) {
  EXPECT_THAT(ErrorOf("a.b x\na.b y"), HasSubstr("known.txt:2: a.b is listed already in line 1"));
}

TEST(ExpectationsTest, SaysThatAFileCannotBeRead) {
  EXPECT_THAT(ReadExpectations("/nonexistent/x").error().message,
              HasSubstr("/nonexistent/x: cannot be read"));
  EXPECT_THAT(ReadExpectations("/").error().message, HasSubstr("is a directory"));
}

TEST(ExpectationsTest, TakesAnEmptyFileForNone) {
  const auto parsed = ReadExpectations("/dev/null");
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_TRUE(parsed->empty());
}

}  // namespace
}  // namespace computesdk::conformance
