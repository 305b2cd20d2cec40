#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/mock_provider.h"
#include "sdk/compute.h"

namespace {

using computesdk::ErrorCode;
using computesdk::MockProvider;
using testing::Field;
using testing::Return;

// What no working sandbox does on demand, a mock does: here the provider's limit is reached.
TEST(ConsumerTest, TellsWhyACommandWasRefused) {
  testing::NiceMock<MockProvider> provider;
  EXPECT_CALL(provider, RunCommand("mock-sandbox-1",
                                   Field(&computesdk::RunCommandRequest::command, "make test")))
      .WillOnce(Return(computesdk::MakeError(ErrorCode::kResourceExhausted, "60 calls a minute")));
  const computesdk::Compute compute({.default_provider = &provider});
  const auto sandbox = compute.CreateSandbox();
  ASSERT_TRUE(sandbox) << sandbox.error();
  const auto result = sandbox->RunCommand("make test");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kResourceExhausted);
}

}  // namespace
