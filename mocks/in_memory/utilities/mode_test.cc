#include "mocks/in_memory/utilities/mode.h"

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

struct ModeRow {
  const char* change;
  unsigned from;
  unsigned file;
  unsigned directory;
};

unsigned Apply(const char* text, unsigned mode, bool directory) {
  const auto change = ModeChange::Parse(text);
  EXPECT_TRUE(change) << text;
  return change ? change->Apply(mode, directory, 022) : 0;
}

TEST(ModeChangeTest, ChangesFilesAndDirectoriesAsChmodDoes) {
  constexpr ModeRow kRows[] = {
      {"755", 0644, 0755, 0755},       {"0", 0777, 0, 0},
      {"4755", 0644, 04755, 04755},    {"755", 06644, 0755, 06755},
      {"00755", 06644, 0755, 0755},    {"u+x", 0644, 0744, 0744},
      {"+x", 0644, 0755, 0755},        {"+w", 0444, 0644, 0644},
      {"go-rwx", 0777, 0700, 0700},    {"a=r", 0755, 0444, 0444},
      {"u=rw,go=", 0777, 0600, 0600},  {"a+X", 0644, 0644, 0755},
      {"a+X", 0744, 0755, 0755},       {"g=u", 0740, 0770, 0770},
      {"u+x-w", 0644, 0544, 0544},     {"+t", 0755, 01755, 01755},
      {"u+s,g+s", 0755, 06755, 06755}, {"=", 0777, 0, 0},
      {"o=g-w", 0670, 0675, 0675},     {"u=rwx", 04644, 0744, 04744},
  };
  for (const ModeRow& row : kRows) {
    EXPECT_EQ(Apply(row.change, row.from, false), row.file) << row.change;
    EXPECT_EQ(Apply(row.change, row.from, true), row.directory) << row.change;
  }
}

TEST(ModeChangeTest, RefusesWhatIsNoMode) {
  for (const char* text : {"", "9", "77777", "u", "u+y", "z+x", "u+x,", "755x", "ux"}) {
    EXPECT_FALSE(ModeChange::Parse(text)) << text;
  }
}

TEST(ModeStringTest, ShowsTypesAndSpecialBits) {
  EXPECT_EQ(ModeString(FileType::kRegular, 0640), "-rw-r-----");
  EXPECT_EQ(ModeString(FileType::kDirectory, 01777), "drwxrwxrwt");
  EXPECT_EQ(ModeString(FileType::kRegular, 06644), "-rwSr-Sr--");
  EXPECT_EQ(ModeString(FileType::kSymlink, 0777), "lrwxrwxrwx");
  EXPECT_EQ(RawMode(FileType::kRegular, 0644), 0100644U);
  EXPECT_EQ(RawMode(FileType::kFifo, 0644), 0010644U);
}

}  // namespace
}  // namespace computesdk::in_memory
