#include "sdk/encoding.h"

#include <string>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace computesdk {
namespace {

TEST(Utf8Test, TakesEveryLengthOfSequence) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8(std::string("a\0b", 3)));
  EXPECT_TRUE(
      IsValidUtf8("ascii in a run of eight and more, then é, €, 😀, \u007f \u0800 \U0010ffff"));
}

TEST(Utf8Test, RefusesWhatIsIllFormed) {
  for (const std::string bytes : {
           "\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98",  // Lone or cut.
           "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",      // Overlong.
           "\xed\xa0\x80",                                      // A surrogate.
           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",              // Above U+10FFFF.
           "\xe2\x28\xa1", "\xe2\x82\x28",                      // No continuation.
       }) {
    EXPECT_FALSE(IsValidUtf8(bytes)) << testing::PrintToString(bytes);
    EXPECT_FALSE(IsValidUtf8("12345678" + bytes)) << testing::PrintToString(bytes);
  }
}

TEST(Base64Test, MatchesTheVectorsOfTheStandard) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(Base64Decode(text), bytes);
  }
}

TEST(Base64Test, TakesTextWithoutPadding) {
  EXPECT_EQ(Base64Decode("Zg"), "f");
  EXPECT_EQ(Base64Decode("Zm8"), "fo");
}

TEST(Base64Test, RefusesOtherText) {
  for (const std::string text : {"Z", "Zg=", "Z===", "=", "Zm9v\n", "Zm9*", "Zm=v", "Zm9v="}) {
    EXPECT_EQ(Base64Decode(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Base64Test, GivesBackEveryByteString, (const std::string& bytes)) {
  RC_ASSERT(Base64Decode(Base64Encode(bytes)) == bytes);
}

}  // namespace
}  // namespace computesdk
