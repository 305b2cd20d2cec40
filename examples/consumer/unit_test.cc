#include "gtest/gtest.h"
#include "mocks/in_memory_provider.h"
#include "sdk/compute.h"

namespace {

TEST(ConsumerTest, RunsACommandInASandbox) {
  computesdk::InMemoryProvider provider;
  const computesdk::Compute compute({.default_provider = &provider});
  const auto sandbox = compute.CreateSandbox();
  ASSERT_TRUE(sandbox) << sandbox.error();
  const auto result = sandbox->RunCommand("printf 'b\\na\\n' | sort | head -n 1");
  ASSERT_TRUE(result) << result.error();
  EXPECT_EQ(result->stdout_bytes, "a\n");
  EXPECT_TRUE(sandbox->Destroy());
}

}  // namespace
