#include "mocks/mock_provider.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk {
namespace {

using testing::_;
using testing::IsEmpty;
using testing::NiceMock;
using testing::Return;
using testing::StrictMock;

// What every kind of mock does when nothing was said.
template <typename Mock>
class MockProviderDefaultsTest : public testing::Test {
 protected:
  Mock mock_;
};
using Kinds = testing::Types<NiceMock<MockProvider>, testing::NaggyMock<MockProvider>>;
TYPED_TEST_SUITE(MockProviderDefaultsTest, Kinds);

TYPED_TEST(MockProviderDefaultsTest, AreThoseOfAQuietProvider) {
  Provider& provider = this->mock_;
  EXPECT_EQ(provider.Describe().name, "mock");
  EXPECT_EQ(&provider.Describe(), &provider.Describe());
  EXPECT_EQ(provider.Create({})->sandbox_id, "mock-sandbox-1");
  EXPECT_EQ(provider.Create({})->sandbox_id, "mock-sandbox-2");
  EXPECT_EQ((*provider.GetById("x"))->sandbox_id, "x");
  EXPECT_THAT(*provider.List(), IsEmpty());
  EXPECT_TRUE(provider.Destroy("x"));
  EXPECT_EQ(provider.RunCode("x", {.code = "1"}),
            (ExecutionResult{.sandbox_id = "x", .provider = "mock"}));
  EXPECT_EQ(provider.RunCommand("x", {.command = "ls"}),
            (ExecutionResult{.sandbox_id = "x", .provider = "mock"}));
  EXPECT_EQ(provider.RunCommand("x", {.options = {.background = true}})->is_background, true);
}

TYPED_TEST(MockProviderDefaultsTest, OfferNothingOptional) {
  Provider& provider = this->mock_;
  EXPECT_THAT(provider.Describe().capabilities, IsEmpty());
  EXPECT_EQ(provider.GetInfo("x").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.GetUrl("x", {}).error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.ReadFile("x", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.WriteFile("x", "/a", "").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.Mkdir("x", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.Readdir("x", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.Exists("x", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_EQ(provider.Remove("x", "/a").error().code, ErrorCode::kUnimplemented);
}

TEST(MockProviderTest, KeepsToTheDescriptionItIsGiven) {
  NiceMock<MockProvider> mock(ProviderDescription{.name = "cloud", .runtimes = {"python"}});
  EXPECT_EQ(mock.Describe().runtimes[0], "python");
  EXPECT_EQ(mock.RunCommand("x", {})->provider, "cloud");
}

TEST(MockProviderTest, DoesWhatATestExpects) {
  StrictMock<MockProvider> mock;
  EXPECT_CALL(mock, RunCommand("sb", testing::Field(&RunCommandRequest::command, "make")))
      .WillOnce(Return(ExecutionResult{.exit_code = 2}))
      .WillOnce(Return(MakeError(ErrorCode::kUnavailable, "down")));
  Provider& provider = mock;
  EXPECT_EQ(provider.RunCommand("sb", {.command = "make"})->exit_code, 2);
  EXPECT_EQ(provider.RunCommand("sb", {.command = "make"}).error().message, "down");
}

TEST(MockProviderTest, UsesItsDefaultsForWhatAStrictMockExpects) {
  StrictMock<MockProvider> mock;
  EXPECT_CALL(mock, Create);
  EXPECT_CALL(mock, GetInfo("sb"));
  EXPECT_EQ(mock.Create({})->sandbox_id, "mock-sandbox-1");
  EXPECT_EQ(mock.GetInfo("sb").error().code, ErrorCode::kUnimplemented);
}

TEST(MockProviderTest, DelegatesWhatNobodyExpects) {
  NiceMock<MockProvider> real(ProviderDescription{.name = "real", .runtimes = {"bash"}});
  ON_CALL(real, ReadFile).WillByDefault(Return("content"));
  NiceMock<MockProvider> mock;
  mock.DelegateTo(real);
  EXPECT_CALL(mock, Destroy).WillOnce(Return(MakeError(ErrorCode::kUnavailable, "no")));
  EXPECT_CALL(mock, ReadFile("sb", "/a"));

  EXPECT_EQ(mock.Describe().name, "real");
  EXPECT_EQ(mock.ReadFile("sb", "/a"), "content");
  EXPECT_EQ(mock.RunCommand("sb", {})->provider, "real");
  EXPECT_FALSE(mock.Destroy("sb"));
}

}  // namespace
}  // namespace computesdk
