#include "mocks/in_memory/utilities/time_format.h"

#include <chrono>

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

// Tuesday, 24 November 2026, 20:52:33.25.
constexpr FileTime kNow{std::chrono::nanoseconds(1'795'553'553'250'000'000)};

struct Row {
  const char* text;
  const char* expected;
};

TEST(FormatTimeTest, KnowsTheConversionsFlagsAndWidthsOfGnuDate) {
  constexpr Row kRows[] = {
      {"%a %A %b %B %h", "Tue Tuesday Nov November Nov"},
      {"%F %T %D %R", "2026-11-24 20:52:33 11/24/26 20:52"},
      {"%c|%x|%X|%r", "Tue Nov 24 20:52:33 2026|11/24/26|20:52:33|08:52:33 PM"},
      {"%C %y %j %q %u %w", "20 26 328 4 2 2"},
      {"%G-W%V-%u %g %U %W", "2026-W48-2 26 47 47"},
      {"%H %I %k %l %p %P", "20 08 20  8 PM pm"},
      {"%s.%N %3N %-N", "1795553553.250000000 250 250000000"},
      {"%z %:z %::z %Z", "+0000 +00:00 +00:00:00 UTC"},
      {"%-m/%-d %_l %05d %^a %#p", "11/24  8 00024 TUE pm"},
      {"%%%n%t%Q", "%\n\t%Q"},
      {"%12F %+6Y %_5N %:::z %_z", "002026-11-24 +02026 25    +00    +0"},
      {"%10F|%8b", "2026-11-24|     Nov"},
  };
  for (const Row& row : kRows) EXPECT_EQ(FormatTime(row.text, kNow), row.expected) << row.text;
}

TEST(ParseTimeTest, UnderstandsEverydayDates) {
  constexpr Row kRows[] = {
      {"next monday", "2026-11-30 00:00:00.000000000"},
      {"last friday", "2026-11-20 00:00:00.000000000"},
      {"monday", "2026-11-30 00:00:00.000000000"},
      {"2 days ago", "2026-11-22 20:52:33.250000000"},
      {"next week", "2026-12-01 20:52:33.250000000"},
      {"Jan 5", "2026-01-05 00:00:00.000000000"},
      {"5 Jan 2024", "2024-01-05 00:00:00.000000000"},
      {"January 5, 2024 3:04pm", "2024-01-05 15:04:00.000000000"},
      {"2024-01-05T10:20:30Z", "2024-01-05 10:20:30.000000000"},
      {"2024-01-05 10:20 -0500", "2024-01-05 15:20:00.000000000"},
      {"2024-06-15T12:00:00+02:00", "2024-06-15 10:00:00.000000000"},
      {"2024-01-05 10:20 + 2 hours", "2024-01-05 09:20:00.000000000"},
      {"10:00 tomorrow + 1 day", "2026-11-26 10:00:00.000000000"},
      {"fortnight ago", "2026-11-10 20:52:33.250000000"},
      {"10:00 tomorrow", "2026-11-25 10:00:00.000000000"},
      {"yesterday", "2026-11-23 20:52:33.250000000"},
      {"20240105", "2024-01-05 00:00:00.000000000"},
      {"20240105 1020", "2024-01-05 10:20:00.000000000"},
      {"2024-01-31 +1 month", "2024-03-02 00:00:00.000000000"},
      {"2024-01-05 1 day ago 2 hours", "2024-01-04 02:00:00.000000000"},
      {"3pm", "2026-11-24 15:00:00.000000000"},
      {"third day", "2026-11-27 20:52:33.250000000"},
      {"@1.5", "1970-01-01 00:00:01.500000000"},
      {"@-1", "1969-12-31 23:59:59.000000000"},
      {"", "2026-11-24 00:00:00.000000000"},
      {"Mon, 15 Jan 2024 10:00:00 +0000", "2024-01-15 10:00:00.000000000"},
      {"12/25/2024", "2024-12-25 00:00:00.000000000"},
      {"10:20:30.5", "2026-11-24 10:20:30.500000000"},
      {"2024-01-01 + 1 day", "2024-01-02 00:00:00.000000000"},
      {"15-Jan-2024", "2024-01-15 00:00:00.000000000"},
      {"now", "2026-11-24 20:52:33.250000000"},
  };
  for (const Row& row : kRows) {
    const auto time = ParseTime(row.text, kNow);
    ASSERT_TRUE(time) << row.text;
    EXPECT_EQ(FormatTime("%F %T.%N", *time), row.expected) << row.text;
  }
}

TEST(ParseTimeTest, RefusesWhatIsNoDate) {
  for (const char* text :
       {"noon", "2024-13-01", "2024-02-30", "25:00", "@0 +1 day", "Jan 2024", "yesterdayish",
        "2024-01-01 12:00 +90 minutes", "12:60", "@", "1 2 3 4"}) {
    EXPECT_FALSE(ParseTime(text, kNow)) << text;
  }
}

TEST(ParseTimeTest, ReadsTheStampsOfTouch) {
  EXPECT_EQ(FormatTime("%F %T", ParseTimeStamp("202401051020.30", kNow).value()),
            "2024-01-05 10:20:30");
  EXPECT_EQ(FormatTime("%F %T", ParseTimeStamp("01051020", kNow).value()), "2026-01-05 10:20:00");
  EXPECT_EQ(FormatTime("%F %T", ParseTimeStamp("9901051020", kNow).value()), "1999-01-05 10:20:00");
  EXPECT_FALSE(ParseTimeStamp("20240105", kNow) == std::nullopt &&
               ParseTimeStamp("nonsense", kNow) != std::nullopt);
  EXPECT_FALSE(ParseTimeStamp("202413051020", kNow));
}

}  // namespace
}  // namespace computesdk::in_memory
