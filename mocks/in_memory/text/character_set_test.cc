#include "mocks/in_memory/text/character_set.h"

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

TEST(CharacterSetTest, TheFirstVariableThatIsNotEmptyNamesTheLocale) {
  EXPECT_FALSE(HasUtf8Locale({}));
  EXPECT_TRUE(HasUtf8Locale({{"LANG", "C.UTF-8"}}));
  EXPECT_FALSE(HasUtf8Locale({{"LANG", "C.UTF-8"}, {"LC_CTYPE", "POSIX"}}));
  EXPECT_FALSE(HasUtf8Locale({{"LANG", "C.UTF-8"}, {"LC_ALL", "C"}}));
  EXPECT_TRUE(HasUtf8Locale({{"LANG", "C"}, {"LC_ALL", "C.utf8"}}));
  EXPECT_TRUE(HasUtf8Locale({{"LANG", "C.UTF-8"}, {"LC_ALL", ""}}));
}

TEST(CharacterSetTest, ALocaleThatIsNotThereIsTheLocaleC) {
  EXPECT_EQ(LocaleHasUtf8("en_US.UTF-8"), std::nullopt);
  EXPECT_EQ(LocaleHasUtf8("C.ISO-8859-1"), std::nullopt);
  EXPECT_FALSE(HasUtf8Locale({{"LC_ALL", "en_US.UTF-8"}, {"LANG", "C.UTF-8"}}));
}

TEST(CharacterSetTest, AScopeBringsBackWhatWasBefore) {
  {
    const CharacterSetScope scope(true);
    EXPECT_TRUE(BytesAreCharacters());
    SetBytesAreCharacters(false);
  }
  EXPECT_FALSE(BytesAreCharacters());
}

}  // namespace
}  // namespace computesdk::in_memory
