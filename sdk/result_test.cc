#include "sdk/result.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace computesdk {
namespace {

TEST(ResultTest, IsShownByItsErrorOrItsValue) {
  EXPECT_EQ(testing::PrintToString(Result<int>(MakeError(ErrorCode::kNotFound, "no sb-7"))),
            "error NOT_FOUND: no sb-7");
  EXPECT_EQ(testing::PrintToString(Result<std::string>("text")), "text");
  EXPECT_EQ(testing::PrintToString(Result<std::vector<int>>()), "success");
  EXPECT_EQ(testing::PrintToString(Status()), "success");
}

TEST(ErrorTest, LeavesOutAnEmptyMessage) {
  EXPECT_EQ((Error{ErrorCode::kUnknown, ""}).ToString(), "UNKNOWN");
}

}  // namespace
}  // namespace computesdk
