#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

constexpr char kUnified[] =
    "--- a/f\n"
    "+++ b/f\n"
    "@@ -2,5 +2,5 @@\n"
    " 2\n"
    " 3\n"
    "-4\n"
    "+four\n"
    " 5\n"
    " 6\n";

class PatchTest : public testing::Test {
 protected:
  PatchTest() : machine_(AddPatchPrograms) {}

  TestMachine machine_;
};

TEST_F(PatchTest, AppliesAUnifiedDiff) {
  machine_.WriteFile("/f", "1\n2\n3\n4\n5\n6\n7\n");
  const ProgramResult result = machine_.Run({"patch", "-p1"}, kUnified);
  EXPECT_EQ(result.output, "patching file f\n");
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(machine_.ReadFile("/f"), "1\n2\n3\nfour\n5\n6\n7\n");
}

TEST_F(PatchTest, AppliesItTheOtherWayRound) {
  machine_.WriteFile("/f", "1\n2\n3\nfour\n5\n6\n7\n");
  EXPECT_EQ(machine_.Run({"patch", "-R", "-p1"}, kUnified).code, 0);
  EXPECT_EQ(machine_.ReadFile("/f"), "1\n2\n3\n4\n5\n6\n7\n");
}

TEST_F(PatchTest, FindsAHunkThatHasMoved) {
  machine_.WriteFile("/f", "new\n1\n2\n3\n4\n5\n6\n7\n");
  const ProgramResult result = machine_.Run({"patch", "-p1"}, kUnified);
  EXPECT_EQ(result.output, "patching file f\nHunk #1 succeeded at 3 (offset 1 line).\n");
  EXPECT_EQ(machine_.ReadFile("/f"), "new\n1\n2\n3\nfour\n5\n6\n7\n");
  EXPECT_EQ(machine_.ReadFile("/f.orig"), "new\n1\n2\n3\n4\n5\n6\n7\n");
}

TEST_F(PatchTest, LetsContextDifferByTheFuzzFactor) {
  machine_.WriteFile("/f", "1\ntwo\n3\n4\n5\n6\n7\n");
  EXPECT_EQ(machine_.Run({"patch", "-p1", "--dry-run"}, kUnified).output,
            "checking file f\nHunk #1 succeeded at 2 with fuzz 1.\n");
  EXPECT_EQ(machine_.ReadFile("/f"), "1\ntwo\n3\n4\n5\n6\n7\n");
  EXPECT_EQ(machine_.Run({"patch", "-p1", "-F0", "--dry-run"}, kUnified).output,
            "checking file f\nHunk #1 FAILED at 2.\n1 out of 1 hunk FAILED\n");
}

TEST_F(PatchTest, KeepsWhatItCannotApply) {
  machine_.WriteFile("/f", "a\nb\n");
  const ProgramResult result = machine_.Run({"patch", "-p1"}, kUnified);
  EXPECT_EQ(result.output,
            "patching file f\n"
            "Hunk #1 FAILED at 2.\n"
            "1 out of 1 hunk FAILED -- saving rejects to file f.rej\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(machine_.ReadFile("/f.rej"),
            "--- f\n+++ f\n@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+four\n 5\n 6\n");
}

TEST_F(PatchTest, TakesAPatchThatWasAppliedForReversed) {
  machine_.WriteFile("/f", "1\n2\n3\nfour\n5\n6\n7\n");
  const ProgramResult result = machine_.Run({"patch", "-p1", "-N"}, kUnified);
  EXPECT_EQ(result.output,
            "patching file f\n"
            "Reversed (or previously applied) patch detected!  Skipping patch.\n"
            "1 out of 1 hunk ignored -- saving rejects to file f.rej\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(machine_.ReadFile("/f"), "1\n2\n3\nfour\n5\n6\n7\n");
}

TEST_F(PatchTest, MakesAndRemovesFiles) {
  const std::string patch = "--- /dev/null\n+++ b/d/new\n@@ -0,0 +1 @@\n+x\n";
  EXPECT_EQ(machine_.Run({"patch", "-p1"}, patch).output, "patching file d/new\n");
  EXPECT_EQ(machine_.ReadFile("/d/new"), "x\n");
  EXPECT_EQ(machine_.Run({"patch", "-p1", "-R"}, patch).output, "patching file d/new\n");
  machine_.kernel().WithTurn([](FileSystem& files) { EXPECT_FALSE(files.Stat("/d")); });
}

TEST_F(PatchTest, FollowsTheHeadersOfGit) {
  machine_.WriteFile("/old", "1\n");
  const ProgramResult result =
      machine_.Run({"patch", "-p1"},
                   "diff --git a/old b/new\nsimilarity index 50%\nrename from old\nrename to new\n"
                   "--- a/old\n+++ b/new\n@@ -1 +1 @@\n-1\n+2\n"
                   "diff --git a/run.sh b/run.sh\nnew file mode 100755\nindex 0000000..1111111\n"
                   "--- /dev/null\n+++ b/run.sh\n@@ -0,0 +1 @@\n+x\n");
  EXPECT_EQ(result.output, "patching file new (renamed from old)\npatching file run.sh\n");
  EXPECT_EQ(machine_.ReadFile("/new"), "2\n");
  machine_.kernel().WithTurn([](FileSystem& files) {
    EXPECT_FALSE(files.Stat("/old"));
    EXPECT_EQ(files.Stat("/run.sh")->mode, 0755U);
  });
}

TEST_F(PatchTest, AppliesContextAndNormalDiffs) {
  machine_.WriteFile("/f", "a\nb\nc\n");
  EXPECT_EQ(machine_
                .Run({"patch", "f"},
                     "*** f\n--- g\n***************\n*** 1,3 ****\n  a\n! b\n  c\n"
                     "--- 1,3 ----\n  a\n! B\n  c\n")
                .code,
            0);
  EXPECT_EQ(machine_.ReadFile("/f"), "a\nB\nc\n");
  EXPECT_EQ(machine_.Run({"patch", "f"}, "2c2\n< B\n---\n> b\n3a4\n> d\n").code, 0);
  EXPECT_EQ(machine_.ReadFile("/f"), "a\nb\nc\nd\n");
}

TEST_F(PatchTest, RefusesWhatIsNoPatch) {
  const ProgramResult garbage = machine_.Run({"patch"}, "hello\n");
  EXPECT_EQ(garbage.errors, "patch: **** Only garbage was found in the patch input.\n");
  EXPECT_EQ(garbage.code, 2);
  const ProgramResult broken =
      machine_.Run({"patch", "-p1"}, "--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n?\n");
  EXPECT_EQ(broken.code, 2);
  EXPECT_NE(broken.errors.find("malformed patch at line 4"), std::string::npos);
}

TEST_F(PatchTest, AsksForTheFileWhereNoneIsThere) {
  const ProgramResult result = machine_.Run({"patch"}, kUnified);
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.output.find("can't find file to patch at input line 3\n"), std::string::npos);
  EXPECT_NE(result.output.find("Skip this patch? [y] \nSkipping patch.\n1 out of 1 hunk ignored\n"),
            std::string::npos);
}

TEST_F(PatchTest, WritesBackupsWhereItIsTold) {
  machine_.WriteFile("/f", "1\n2\n3\n4\n5\n6\n7\n");
  EXPECT_EQ(machine_.Run({"patch", "-p1", "-b", "-z", ".bak"}, kUnified).code, 0);
  EXPECT_EQ(machine_.ReadFile("/f.bak"), "1\n2\n3\n4\n5\n6\n7\n");
}

}  // namespace
}  // namespace computesdk::in_memory
