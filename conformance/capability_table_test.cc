#include "conformance/capability_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;

// "getUrl/2" is a requirement about getUrl.
std::string BeforeSlash(std::string_view id) { return std::string(id.substr(0, id.find('/'))); }

class CapabilityTableTest : public testing::Test {
 protected:
  void Claim(std::string_view name) { record_.provider.capabilities.emplace_back(name); }
  void Add(std::string_view capability, Verdict verdict, Level level = Level::kOptional) {
    record_.results.push_back(
        {.id = std::string(capability) + "/" + std::to_string(record_.results.size()),
         .level = level,
         .verdict = verdict});
  }
  CapabilityRow Row(std::string_view name) const {
    for (const CapabilityRow& row : MeasureCapabilities(record_, BeforeSlash)) {
      if (row.name == name) return row;
    }
    return {};
  }
  std::optional<std::vector<std::string>> Claimable() const {
    return ClaimableCapabilities(MeasureCapabilities(record_, BeforeSlash));
  }

  RunRecord record_;
};

TEST_F(CapabilityTableTest, HasARowForEveryCapability) {
  const std::vector<CapabilityRow> rows = MeasureCapabilities(record_, BeforeSlash);
  ASSERT_EQ(rows.size(), AllCapabilities().size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].name, AllCapabilities()[i]);
}

TEST_F(CapabilityTableTest, AClaimedOneWorksIfNothingThatBindsFailed) {
  Claim("getInfo");
  Add("getInfo", Verdict::kPassed);
  Add("getInfo", Verdict::kWarned, Level::kRecommended);
  Add("getInfo", Verdict::kNotTestable, Level::kRecommended);
  EXPECT_EQ(
      Row("getInfo"),
      (CapabilityRow{
          .name = "getInfo", .claimed = true, .measured = Measured::kWorks, .of = 3, .passed = 1}));
}

TEST_F(CapabilityTableTest, AClaimedOneIsBrokenByOneFailure) {
  Claim("command.env");
  Add("command.env", Verdict::kPassed);
  Add("command.env", Verdict::kNotTestable);
  Add("command.env", Verdict::kFailed);
  EXPECT_EQ(Row("command.env").measured, Measured::kBroken);
}

TEST_F(CapabilityTableTest, WhatCouldNotBeLookedAtDoesNotWork) {
  Claim("command.env");
  Add("command.env", Verdict::kPassed);
  Add("command.env", Verdict::kNotTestable);
  EXPECT_EQ(Row("command.env").measured, Measured::kNotTestable);
}

TEST_F(CapabilityTableTest, OptionsThatAreNotClaimedAreNotSent) {
  Add("command.env", Verdict::kUnsupported);
  EXPECT_EQ(Row("command.env"),
            (CapabilityRow{.name = "command.env", .measured = Measured::kNotSent}));
}

TEST_F(CapabilityTableTest, MethodsThatAreNotClaimedAnswerUnimplemented) {
  Add("filesystem", Verdict::kUnsupported);
  record_.probes = {{"filesystem", Verdict::kPassed, 6, 0}};
  EXPECT_EQ(Row("filesystem"),
            (CapabilityRow{.name = "filesystem", .measured = Measured::kUnimplemented, .of = 6}));
}

TEST_F(CapabilityTableTest, MethodsThatAllAnswerCouldBeClaimed) {
  Add("filesystem", Verdict::kFailed);
  record_.probes = {{"filesystem", Verdict::kFailed, 6, 6}};
  EXPECT_EQ(Row("filesystem").measured, Measured::kAnswers);
  EXPECT_THAT(Claimable(), Optional(ElementsAre("filesystem")));
}

TEST_F(CapabilityTableTest, MethodsOfWhichSomeAnswerCouldNot) {
  Add("filesystem", Verdict::kFailed);
  record_.probes = {{"filesystem", Verdict::kFailed, 6, 4}};
  EXPECT_EQ(Row("filesystem").measured, Measured::kMisbehaves);
  EXPECT_EQ(Claimable(), std::nullopt);
}

TEST_F(CapabilityTableTest, MethodsThatCouldNotBeCalledAreNotTestable) {
  record_.probes = {{"getUrl", Verdict::kNotTestable, 1, 0}};
  EXPECT_EQ(Row("getUrl").measured, Measured::kNotTestable);
}

TEST_F(CapabilityTableTest, WhatTheRunLeftOutIsNotSelected) {
  Claim("getUrl");
  EXPECT_EQ(Row("getUrl").measured, Measured::kNotSelected);
  EXPECT_EQ(Row("command.env").measured, Measured::kNotSelected);
  EXPECT_EQ(Claimable(), std::nullopt);
}

TEST_F(CapabilityTableTest, ClaimableIsWhatWorksInTheOrderOfTheContract) {
  Claim("command.env");
  Claim("getInfo");
  Claim("getUrl");
  Add("getInfo", Verdict::kPassed);
  Add("command.env", Verdict::kFailed);
  EXPECT_THAT(Claimable(), Optional(ElementsAre("getInfo", "getUrl")));
}

TEST_F(CapabilityTableTest, SaysNothingWhereTheClaimIsRight) {
  Claim("getInfo");
  Add("getInfo", Verdict::kPassed);
  Add("command.env", Verdict::kUnsupported);
  EXPECT_EQ(Claimable(), std::nullopt);
}

TEST(MeasuredNameTest, IsReadBack) {
  for (int i = 0; i <= static_cast<int>(Measured::kNotSelected); ++i) {
    const auto measured = static_cast<Measured>(i);
    EXPECT_THAT(MeasuredFromName(MeasuredName(measured)), Optional(Eq(measured)));
  }
  EXPECT_EQ(MeasuredFromName("maybe"), std::nullopt);
}

}  // namespace
}  // namespace computesdk::conformance
