#include "mocks/latency_provider.h"

#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/mock_provider.h"

namespace computesdk {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::NiceMock;
using ::testing::Return;

class LatencyProviderTest : public testing::Test {
 protected:
  // Notes each wait instead of sleeping.
  std::unique_ptr<Provider> Far(LatencyOptions options) {
    options.wait = [this](Milliseconds duration) { waits_.push_back(duration); };
    return std::make_unique<LatencyProvider>(std::move(owned_), std::move(options));
  }

  std::unique_ptr<NiceMock<MockProvider>> owned_ = std::make_unique<NiceMock<MockProvider>>();
  NiceMock<MockProvider>& inner_ = *owned_;
  std::vector<Milliseconds> waits_;
};

TEST_F(LatencyProviderTest, EveryCallWaitsOnceAndReachesTheInnerOne) {
  EXPECT_CALL(inner_, GetById("sb"));
  EXPECT_CALL(inner_, List());
  EXPECT_CALL(inner_, Destroy("sb"));
  EXPECT_CALL(inner_, RunCode("sb", _));
  EXPECT_CALL(inner_, RunCommand("sb", _));
  EXPECT_CALL(inner_, GetInfo("sb"));
  EXPECT_CALL(inner_, GetUrl("sb", _));
  EXPECT_CALL(inner_, ReadFile("sb", "/f"));
  EXPECT_CALL(inner_, WriteFile("sb", "/f", "x"));
  EXPECT_CALL(inner_, Mkdir("sb", "/d"));
  EXPECT_CALL(inner_, Readdir("sb", "/d"));
  EXPECT_CALL(inner_, Exists("sb", "/f"));
  EXPECT_CALL(inner_, Remove("sb", "/f"));
  const auto far = Far({.call = Milliseconds(200)});
  static_cast<void>(far->GetById("sb"));
  static_cast<void>(far->List());
  static_cast<void>(far->Destroy("sb"));
  static_cast<void>(far->RunCode("sb", {.code = "1"}));
  static_cast<void>(far->RunCommand("sb", {.command = "true"}));
  static_cast<void>(far->GetInfo("sb"));
  static_cast<void>(far->GetUrl("sb", {.port = 80}));
  static_cast<void>(far->ReadFile("sb", "/f"));
  static_cast<void>(far->WriteFile("sb", "/f", "x"));
  static_cast<void>(far->Mkdir("sb", "/d"));
  static_cast<void>(far->Readdir("sb", "/d"));
  static_cast<void>(far->Exists("sb", "/f"));
  static_cast<void>(far->Remove("sb", "/f"));
  EXPECT_EQ(waits_, std::vector<Milliseconds>(13, Milliseconds(200)));
}

TEST_F(LatencyProviderTest, ACreateMayTakeATimeOfItsOwn) {
  EXPECT_CALL(inner_, Create(_)).Times(1).WillOnce(Return(SandboxRef{.sandbox_id = "sb"}));
  const auto far = Far({.call = Milliseconds(200), .create = Milliseconds(3000)});
  EXPECT_EQ(far->Create({})->sandbox_id, "sb");
  EXPECT_THAT(waits_, ElementsAre(Milliseconds(3000)));
}

TEST_F(LatencyProviderTest, ACreateTakesTheTimeOfACallOtherwise) {
  const auto far = Far({.call = Milliseconds(200)});
  static_cast<void>(far->Create({}));
  EXPECT_THAT(waits_, ElementsAre(Milliseconds(200)));
}

TEST_F(LatencyProviderTest, TheDescriptionTakesNoTime) {
  const auto far = Far({.call = Milliseconds(200)});
  static_cast<void>(far->Describe());
  EXPECT_THAT(waits_, ElementsAre());
}

}  // namespace
}  // namespace computesdk
