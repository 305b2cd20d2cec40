#include "mocks/in_memory/text/time_zone.h"

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

constexpr std::int64_t kJanuary = 1704456000;  // 2024-01-05 12:00 UTC
constexpr std::int64_t kJuly = 1720180800;     // 2024-07-05 12:00 UTC

std::string Shown(const char* tz, std::int64_t moment) {
  return FormatIn(TimeZone::FromName(tz), moment, "%F %T %Z %z");
}

TEST(TimeZoneTest, UtcIsWhatNothingElseNames) {
  EXPECT_EQ(FormatIn(TimeZone(), 0, "%F %T %Z %z"), "1970-01-01 00:00:00 UTC +0000");
  EXPECT_EQ(Shown("", 0), "1970-01-01 00:00:00 UTC +0000");
  EXPECT_EQ(Shown(":UTC", 0), "1970-01-01 00:00:00 UTC +0000");
  EXPECT_EQ(Shown("Nowhere/Bad", 0), "1970-01-01 00:00:00 Nowhere +0000");
  EXPECT_EQ(Shown("Fo", 0), "1970-01-01 00:00:00  +0000");
}

TEST(TimeZoneTest, AnOffsetIsCountedToTheWest) {
  EXPECT_EQ(Shown("UTC-2", 0), "1970-01-01 02:00:00 UTC +0200");
  EXPECT_EQ(Shown("<+03>-3", 0), "1970-01-01 03:00:00 +03 +0300");
  EXPECT_EQ(Shown("EST5:30:15", 0), "1969-12-31 18:29:45 EST -0530");
}

TEST(TimeZoneTest, SummerTimeFollowsTheRules) {
  EXPECT_EQ(Shown("America/New_York", kJanuary), "2024-01-05 07:00:00 EST -0500");
  EXPECT_EQ(Shown("America/New_York", kJuly), "2024-07-05 08:00:00 EDT -0400");
  EXPECT_EQ(Shown("EST5EDT4", kJuly), "2024-07-05 08:00:00 EDT -0400");
  EXPECT_EQ(Shown("Europe/Berlin", 1711846799), "2024-03-31 01:59:59 CET +0100");
  EXPECT_EQ(Shown("Europe/Berlin", 1711846800), "2024-03-31 03:00:00 CEST +0200");
  EXPECT_EQ(Shown("AAA-10BBB,J60/2,J300", 1710000000), "2024-03-10 03:00:00 BBB +1100");
  EXPECT_EQ(Shown("AAA3BBB,59,300/-1", 1709100000), "2024-02-28 03:00:00 AAA -0300");
}

TEST(TimeZoneTest, InTheSouthSummerGoesOverTheEndOfTheYear) {
  EXPECT_EQ(Shown("Australia/Sydney", kJanuary), "2024-01-05 23:00:00 AEDT +1100");
  EXPECT_EQ(Shown("Australia/Sydney", kJuly), "2024-07-05 22:00:00 AEST +1000");
}

TEST(TimeZoneTest, ALocalTimeIsTheMomentThatMktimeChooses) {
  const TimeZone new_york = TimeZone::FromName("America/New_York");
  const TimeZone berlin = TimeZone::FromName("Europe/Berlin");
  EXPECT_EQ(new_york.FromLocal(kJuly), kJuly + 4 * 3600);
  EXPECT_EQ(new_york.FromLocal(1710037800), std::nullopt);           // 2024-03-10 02:30
  EXPECT_EQ(new_york.FromLocal(1730597400), 1730597400 + 4 * 3600);  // 2024-11-03 01:30, EDT
  EXPECT_EQ(berlin.FromLocal(1729996200), 1729996200 - 3600);        // 2024-10-27 02:30, CET
}

TEST(TimeZoneTest, SecondsSinceTheEpochAreNoMatterOfTheZone) {
  EXPECT_EQ(FormatIn(TimeZone::FromName("JST-9"), 86400, "%s%%s"), "86400%s");
  EXPECT_EQ(FormatIn(TimeZone(), 0, ""), "");
}

}  // namespace
}  // namespace computesdk::in_memory
