#include "conformance/hang_guard.h"

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

TEST(HangGuardTest, GivesAMethodUpThatNeverAnswered) {
  HangGuard guard;
  guard.Answered("list");
  guard.Unanswered("create");
  EXPECT_FALSE(guard.Objection("create"));
  guard.Unanswered("create");
  EXPECT_EQ(guard.Objection("create"), "not sent: of 2 calls of create none was answered");
  EXPECT_FALSE(guard.Objection("list"));
  EXPECT_FALSE(guard.Objection("destroy"));
}

TEST(HangGuardTest, KeepsAMethodThatAnsweredOnce) {
  HangGuard guard;
  guard.Answered("runCommand");
  for (int i = 0; i < 10; ++i) guard.Unanswered("runCommand");
  EXPECT_FALSE(guard.Objection("runCommand"));
}

TEST(HangGuardTest, GivesEverythingUpWhenNothingEverAnswered) {
  HangGuard guard;
  guard.Unanswered("create");
  guard.Unanswered("list");
  EXPECT_EQ(guard.Objection("destroy"), "not sent: of 2 calls none was answered");
}

}  // namespace
}  // namespace computesdk::conformance
