#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class CompareTest : public testing::Test {
 protected:
  CompareTest() : machine_(AddComparePrograms) {
    machine_.WriteFile("/a", "one\ntwo\nthree\nfour\n");
    machine_.WriteFile("/b", "one\n2\nthree\nfour\nfive\n");
    machine_.WriteFile("/same", "one\ntwo\nthree\nfour\n");
    machine_.WriteFile("/noeol", "one\ntwo\nthree\nfour");
    machine_.WriteFile("/empty", "");
    machine_.WriteFile("/caps", "ONE\nTwo\nthree\nfour\n");
    machine_.WriteFile("/sp", "one\n two\nthree  \nfo ur\n");
    machine_.WriteFile("/blank", "one\n\ntwo\nthree\n\n\nfour\n");
    machine_.WriteFile("/f1", "int a() {\n  x;\n}\n\nint b() {\n  y;\n}\n");
    machine_.WriteFile("/f2", "int a() {\n  x;\n}\n\nint c() {\n  z;\n}\n\nint b() {\n  y;\n}\n");
    machine_.WriteFile("/n1",
                       "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n"
                       "22\n23\n24\n25\n26\n27\n28\n29\n30\n");
    machine_.WriteFile("/n2",
                       "1\n2\n4\n5\n6\n7\n8\n9\nten\n11\n12\n13\n14\n15\n16\n17\n18\n19\n21\n22\n23"
                       "\n24\n25\n26\n27\n28\n29\n30\n");
    machine_.WriteFile("/bin1", std::string("a\000b\n", 4));
    machine_.WriteFile("/bin2", std::string("a\000c\n", 4));
    machine_.WriteFile("/d1/x", "1\n");
    machine_.WriteFile("/d1/only1", "o\n");
    machine_.WriteFile("/d1/s/y", "a\n");
    machine_.WriteFile("/d2/x", "2\n");
    machine_.WriteFile("/d2/only2", "p\n");
    machine_.WriteFile("/d2/s/y", "b\n");
    machine_.WriteFile("/d2/same", "q\n");
    machine_.WriteFile("/d1/same", "q\n");
    machine_.WriteFile("/d1/deep/z", "z\n");
    machine_.WriteFile("/r0a", "b\nc\na\na\nc\na\nb\nc\n");
    machine_.WriteFile("/r0b", "b\na\na\n");
    machine_.WriteFile("/r1a", "a\nb\na\ne\nd\na\ne\na\nb\n");
    machine_.WriteFile("/r1b", "a\ne\ne\nd\na\nb\na\ne\nb\nc\nd\nb\ne\n");
    machine_.WriteFile("/r2a", "c\ne\nf\nb\n");
    machine_.WriteFile("/r2b", "e\nf\nb\nc\n");
    machine_.WriteFile("/r3a", "f\na\ne\na\n");
    machine_.WriteFile("/r3b", "b\nc\nc\nb\nb\nb\nc\nb\nb\nb\na\na\n");
    machine_.WriteFile("/r4a", "a\nc\nb\nc\nb\nb\nc\nb\nb\nc\na\na\nc\nb\n");
    machine_.WriteFile("/r4b", "b\nd\nd\na\na\n");
    machine_.WriteFile("/r5a", "c\nc\nf\nc\ne\nd\ne\nd\na\na\nc\n");
    machine_.WriteFile("/r5b", "a\nb\nb\nb\nb\nb\na\nb\nb\na\n");
    machine_.WriteFile("/r6a", "b\na\na\nb\na\na\nb\nb\nb\na\na\nb\n");
    machine_.WriteFile("/r6b", "c\nb\nd\ne\nc\nf\nd\nc\nf\n");
    machine_.WriteFile("/r7a", "a\na\na\na\na\nc\na\na\nb\n");
    machine_.WriteFile("/r7b", "b\nb\na\na\nb\nc\nb\nc\nc\nb\na\nc\n");
    machine_.WriteFile("/r8a", "f\nf\nf\na\nd\nf\ne\nd\nd\nd\nd\n");
    machine_.WriteFile("/r8b", "d\na\nb\na\n");
    machine_.WriteFile("/r9a", "b\na\nc\ne\na\na\n");
    machine_.WriteFile("/r9b", "b\ne\na\n");
    machine_.WriteFile("/r10a", "a\na\nb\ne\nd\nb\nf\nc\n");
    machine_.WriteFile("/r10b", "c\nd\na\na\nd\nd\nd\nd\n");
    machine_.WriteFile("/r11a", "a\na\nb\nb\nb\na\na\n");
    machine_.WriteFile("/r11b", "c\nb\nf\ne\na\ne\n");
    machine_.WriteFile("/r12a", "b\nb\na\nb\na\nb\na\n");
    machine_.WriteFile("/r12b", "a\nb\nc\na\na\nc\nb\nb\nc\na\na\nb\n");
    machine_.WriteFile("/r13a", "b\nc\nd\nc\nc\na\nb\na\nb\nd\n");
    machine_.WriteFile("/r13b", "b\nd\na\nd\nc\na\n");
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(CompareTest, ShowsChangesInEachFormat) {
  Check({
      {{"diff", "a", "b"}, "", "2c2\n< two\n---\n> 2\n4a5\n> five\n", 1},
      {{"diff", "b", "a"}, "", "2c2\n< 2\n---\n> two\n5d4\n< five\n", 1},
      {{"diff", "a", "same"}, "", ""},
      {{"diff", "-u", "--label", "A", "--label", "B", "a", "b"},
       "",
       "--- A\n+++ B\n@@ -1,4 +1,5 @@\n one\n-two\n+2\n three\n four\n+five\n",
       1},
      {{"diff", "-u", "--label", "A", "--label", "B", "n1", "n2"},
       "",
       "--- A\n+++ B\n@@ -1,13 +1,12 @@\n 1\n 2\n-3\n 4\n 5\n 6\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n "
       "13\n@@ -17,7 +16,6 @@\n 17\n 18\n 19\n-20\n 21\n 22\n 23\n",
       1},
      {{"diff", "-U0", "--label", "A", "--label", "B", "n1", "n2"},
       "",
       "--- A\n+++ B\n@@ -3 +2,0 @@\n-3\n@@ -10 +9 @@\n-10\n+ten\n@@ -20 +18,0 @@\n-20\n",
       1},
      {{"diff", "-U1", "--label", "A", "--label", "B", "n1", "n2"},
       "",
       "--- A\n+++ B\n@@ -2,3 +2,2 @@\n 2\n-3\n 4\n@@ -9,3 +8,3 @@\n 9\n-10\n+ten\n 11\n@@ -19,3 "
       "+18,2 @@\n 19\n-20\n 21\n",
       1},
      {{"diff", "-c", "--label", "A", "--label", "B", "a", "b"},
       "",
       "*** A\n--- B\n***************\n*** 1,4 ****\n  one\n! two\n  three\n  four\n--- 1,5 ----\n "
       " one\n! 2\n  three\n  four\n+ five\n",
       1},
      {{"diff", "-c", "--label", "A", "--label", "B", "n1", "n2"},
       "",
       "*** A\n--- B\n***************\n*** 1,13 ****\n  1\n  2\n- 3\n  4\n  5\n  6\n  7\n  8\n  "
       "9\n! 10\n  11\n  12\n  13\n--- 1,12 ----\n  1\n  2\n  4\n  5\n  6\n  7\n  8\n  9\n! ten\n  "
       "11\n  12\n  13\n***************\n*** 17,23 ****\n  17\n  18\n  19\n- 20\n  21\n  22\n  "
       "23\n--- 16,21 ----\n",
       1},
      {{"diff", "n1", "n2"}, "", "3d2\n< 3\n10c9\n< 10\n---\n> ten\n20d18\n< 20\n", 1},
      {{"diff", "a", "noeol"}, "", "4c4\n< four\n---\n> four\n\\ No newline at end of file\n", 1},
      {{"diff", "-u", "--label", "A", "--label", "B", "a", "noeol"},
       "",
       "--- A\n+++ B\n@@ -1,4 +1,4 @@\n one\n two\n three\n-four\n+four\n\\ No newline at end of "
       "file\n",
       1},
      {{"diff", "-u", "--label", "A", "--label", "B", "noeol", "b"},
       "",
       "--- A\n+++ B\n@@ -1,4 +1,5 @@\n one\n-two\n+2\n three\n-four\n\\ No newline at end of "
       "file\n+four\n+five\n",
       1},
      {{"diff", "a", "empty"}, "", "1,4d0\n< one\n< two\n< three\n< four\n", 1},
      {{"diff", "empty", "a"}, "", "0a1,4\n> one\n> two\n> three\n> four\n", 1},
      {{"diff", "-u", "--label", "A", "--label", "B", "empty", "a"},
       "",
       "--- A\n+++ B\n@@ -0,0 +1,4 @@\n+one\n+two\n+three\n+four\n",
       1},
      {{"diff", "-u", "--label", "A", "--label", "B", "a", "empty"},
       "",
       "--- A\n+++ B\n@@ -1,4 +0,0 @@\n-one\n-two\n-three\n-four\n",
       1},
      {{"diff", "-c", "--label", "A", "--label", "B", "empty", "a"},
       "",
       "*** A\n--- B\n***************\n*** 0 ****\n--- 1,4 ----\n+ one\n+ two\n+ three\n+ four\n",
       1},
      {{"diff", "-u", "--label", "A", "--label", "B", "f1", "f2"},
       "",
       "--- A\n+++ B\n@@ -2,6 +2,10 @@\n   x;\n }\n \n+int c() {\n+  z;\n+}\n+\n int b() {\n   "
       "y;\n }\n",
       1},
      {{"diff", "f1", "f2"}, "", "4a5,8\n> int c() {\n>   z;\n> }\n> \n", 1},
      {{"diff", "-q", "a", "b"}, "", "Files a and b differ\n", 1},
      {{"diff", "-s", "a", "same"}, "", "Files a and same are identical\n"},
      {{"diff", "-i", "a", "caps"}, "", ""},
      {{"diff", "-w", "a", "sp"}, "", ""},
      {{"diff", "-b", "a", "sp"}, "", "2c2\n< two\n---\n>  two\n4c4\n< four\n---\n> fo ur\n", 1},
      {{"diff", "-B", "a", "blank"}, "", ""},
      {{"diff", "-u", "-B", "--label", "A", "--label", "B", "a", "blank"}, "", ""},
      {{"diff", "a", "nofile"}, "", "", 2, true},
      {{"diff", "a"}, "", "", 2, true},
      {{"diff", "bin1", "bin2"}, "", "Binary files bin1 and bin2 differ\n", 1},
      {{"diff", "-a", "bin1", "bin2"}, "", std::string("1c1\n< a\000b\n---\n> a\000c\n", 20), 1},
      {{"diff", "-q", "bin1", "bin2"}, "", "Files bin1 and bin2 differ\n", 1},
      {{"diff", "a", "a"}, "", ""},
      {{"diff", "-", "a"}, "one\ntwo\n", "2a3,4\n> three\n> four\n", 1},
      {{"diff", "-N", "nofile", "a"}, "", "0a1,4\n> one\n> two\n> three\n> four\n", 1},
      {{"diff", "-Z", "a", "sp"}, "", "2c2\n< two\n---\n>  two\n4c4\n< four\n---\n> fo ur\n", 1},
      {{"diff", "--normal", "a", "b"}, "", "2c2\n< two\n---\n> 2\n4a5\n> five\n", 1},
      {{"diff", "-3", "x"}, "", "", 2, true},
      {{"diff", "-C", "1", "--label", "A", "--label", "B", "n1", "n2"},
       "",
       "*** A\n--- B\n***************\n*** 2,4 ****\n  2\n- 3\n  4\n--- 2,3 "
       "----\n***************\n*** 9,11 ****\n  9\n! 10\n  11\n--- 8,10 ----\n  9\n! ten\n  "
       "11\n***************\n*** 19,21 ****\n  19\n- 20\n  21\n--- 18,19 ----\n",
       1},
      {{"diff", "-c1", "--label", "A", "--label", "B", "n1", "n2"},
       "",
       "*** A\n--- B\n***************\n*** 2,4 ****\n  2\n- 3\n  4\n--- 2,3 "
       "----\n***************\n*** 9,11 ****\n  9\n! 10\n  11\n--- 8,10 ----\n  9\n! ten\n  "
       "11\n***************\n*** 19,21 ****\n  19\n- 20\n  21\n--- 18,19 ----\n",
       1},
  });
}

TEST_F(CompareTest, ChoosesTheChangesThatGnuDiffChooses) {
  Check({
      {{"diff", "r0a", "r0b"}, "", "2d1\n< c\n5,8d3\n< c\n< a\n< b\n< c\n", 1},
      {{"diff", "r1a", "r1b"},
       "",
       "2,3c2\n< b\n< a\n---\n> e\n7c6\n< e\n---\n> b\n8a8,11\n> e\n> b\n> c\n> d\n9a13\n> e\n",
       1},
      {{"diff", "-U1", "--label", "a", "--label", "b", "r1a", "r1b"},
       "",
       "--- a\n+++ b\n@@ -1,4 +1,3 @@\n a\n-b\n-a\n+e\n e\n@@ -6,4 +5,9 @@\n a\n-e\n+b\n "
       "a\n+e\n+b\n+c\n+d\n b\n+e\n",
       1},
      {{"diff", "r2a", "r2b"}, "", "1d0\n< c\n4a4\n> c\n", 1},
      {{"diff", "r3a", "r3b"},
       "",
       "1c1,10\n< f\n---\n> b\n> c\n> c\n> b\n> b\n> b\n> c\n> b\n> b\n> b\n3d11\n< e\n",
       1},
      {{"diff", "-U1", "--label", "a", "--label", "b", "r3a", "r3b"},
       "",
       "--- a\n+++ b\n@@ -1,4 +1,12 @@\n-f\n+b\n+c\n+c\n+b\n+b\n+b\n+c\n+b\n+b\n+b\n a\n-e\n a\n",
       1},
      {{"diff", "r4a", "r4b"},
       "",
       "1,5d0\n< a\n< c\n< b\n< c\n< b\n7,10c2,3\n< c\n< b\n< b\n< c\n---\n> d\n> d\n13,14d5\n< "
       "c\n< b\n",
       1},
      {{"diff", "r5a", "r5b"},
       "",
       "1,8d0\n< c\n< c\n< f\n< c\n< e\n< d\n< e\n< d\n9a2,9\n> b\n> b\n> b\n> b\n> b\n> a\n> b\n> "
       "b\n11d10\n< c\n",
       1},
      {{"diff", "-U1", "--label", "a", "--label", "b", "r5a", "r5b"},
       "",
       "--- a\n+++ b\n@@ -1,11 +1,10 @@\n-c\n-c\n-f\n-c\n-e\n-d\n-e\n-d\n "
       "a\n+b\n+b\n+b\n+b\n+b\n+a\n+b\n+b\n a\n-c\n",
       1},
      {{"diff", "r6a", "r6b"},
       "",
       "0a1\n> c\n2,12c3,9\n< a\n< a\n< b\n< a\n< a\n< b\n< b\n< b\n< a\n< a\n< b\n---\n> d\n> "
       "e\n> c\n> f\n> d\n> c\n> f\n",
       1},
      {{"diff", "r7a", "r7b"},
       "",
       "0a1,2\n> b\n> b\n3,5c5,8\n< a\n< a\n< a\n---\n> b\n> c\n> b\n> c\n7,8d9\n< a\n< "
       "a\n9a11,12\n> a\n> c\n",
       1},
      {{"diff", "-U1", "--label", "a", "--label", "b", "r7a", "r7b"},
       "",
       "--- a\n+++ b\n@@ -1,9 +1,12 @@\n+b\n+b\n a\n a\n-a\n-a\n-a\n+b\n+c\n+b\n+c\n c\n-a\n-a\n "
       "b\n+a\n+c\n",
       1},
      {{"diff", "r8a", "r8b"},
       "",
       "1,10d0\n< f\n< f\n< f\n< a\n< d\n< f\n< e\n< d\n< d\n< d\n11a2,4\n> a\n> b\n> a\n",
       1},
      {{"diff", "r9a", "r9b"}, "", "2,3d1\n< a\n< c\n5d2\n< a\n", 1},
      {{"diff", "-U1", "--label", "a", "--label", "b", "r9a", "r9b"},
       "",
       "--- a\n+++ b\n@@ -1,6 +1,3 @@\n b\n-a\n-c\n e\n a\n-a\n",
       1},
      {{"diff", "r10a", "r10b"},
       "",
       "0a1,2\n> c\n> d\n3,4d4\n< b\n< e\n6,8c6,8\n< b\n< f\n< c\n---\n> d\n> d\n> d\n",
       1},
      {{"diff", "r11a", "r11b"},
       "",
       "1,3c1\n< a\n< a\n< b\n---\n> c\n5,6c3,4\n< b\n< a\n---\n> f\n> e\n7a6\n> e\n",
       1},
      {{"diff", "-U1", "--label", "a", "--label", "b", "r11a", "r11b"},
       "",
       "--- a\n+++ b\n@@ -1,7 +1,6 @@\n-a\n-a\n-b\n+c\n b\n-b\n-a\n+f\n+e\n a\n+e\n",
       1},
      {{"diff", "r12a", "r12b"},
       "",
       "1,2d0\n< b\n< b\n4a3,4\n> c\n> a\n5a6\n> c\n6a8,10\n> b\n> c\n> a\n7a12\n> b\n",
       1},
  });
}

TEST_F(CompareTest, ComparesFolders) {
  Check({
      {{"diff", "d1", "d2"},
       "",
       "Only in d1: deep\nOnly in d1: only1\nOnly in d2: only2\nCommon subdirectories: d1/s and "
       "d2/s\ndiff d1/x d2/x\n1c1\n< 1\n---\n> 2\n",
       1},
      {{"diff", "-r", "d1", "d2"},
       "",
       "Only in d1: deep\nOnly in d1: only1\nOnly in d2: only2\ndiff -r d1/s/y d2/s/y\n1c1\n< "
       "a\n---\n> b\ndiff -r d1/x d2/x\n1c1\n< 1\n---\n> 2\n",
       1},
      {{"diff", "-rq", "d1", "d2"},
       "",
       "Only in d1: deep\nOnly in d1: only1\nOnly in d2: only2\nFiles d1/s/y and d2/s/y "
       "differ\nFiles d1/x and d2/x differ\n",
       1},
      {{"diff", "-rN", "d1", "d2"},
       "",
       "diff -rN d1/deep/z d2/deep/z\n1d0\n< z\ndiff -rN d1/only1 d2/only1\n1d0\n< o\ndiff -rN "
       "d1/only2 d2/only2\n0a1\n> p\ndiff -rN d1/s/y d2/s/y\n1c1\n< a\n---\n> b\ndiff -rN d1/x "
       "d2/x\n1c1\n< 1\n---\n> 2\n",
       1},
      {{"diff", "-rNq", "d1", "d2"},
       "",
       "Files d1/deep/z and d2/deep/z differ\nFiles d1/only1 and d2/only1 differ\nFiles d1/only2 "
       "and d2/only2 differ\nFiles d1/s/y and d2/s/y differ\nFiles d1/x and d2/x differ\n",
       1},
      {{"diff", "-x", "x", "-r", "d1", "d2"},
       "",
       "Only in d1: deep\nOnly in d1: only1\nOnly in d2: only2\ndiff -x x -r d1/s/y d2/s/y\n1c1\n< "
       "a\n---\n> b\n",
       1},
      {{"diff", "d1", "a"}, "", "", 2, true},
      {{"diff", "d1/x", "d2"}, "", "1c1\n< 1\n---\n> 2\n", 1},
      {{"diff", "-r", "d1", "nofile"}, "", "", 2, true},
      {{"diff", "-rs", "d1/same", "d2/same"}, "", "Files d1/same and d2/same are identical\n"},
  });
}

TEST_F(CompareTest, CmpComparesBytes) {
  Check({
      {{"cmp", "a", "b"}, "", "a b differ: byte 5, line 2\n", 1},
      {{"cmp", "a", "same"}, "", ""},
      {{"cmp", "-s", "a", "b"}, "", "", 1},
      {{"cmp", "-l", "a", "b"},
       "",
       " 5 164  62\n 6 167  12\n 7 157 164\n 8  12 150\n 9 164 162\n10 150 145\n11 162 145\n12 145 "
       " 12\n13 145 146\n14  12 157\n15 146 165\n16 157 162\n17 165  12\n18 162 146\n19  12 151\n",
       1,
       true},
      {{"cmp", "a", "noeol"}, "", "", 1, true},
      {{"cmp", "noeol", "a"}, "", "", 1, true},
      {{"cmp", "a", "empty"}, "", "", 1, true},
      {{"cmp", "-n", "3", "a", "b"}, "", ""},
      {{"cmp", "-n", "5", "a", "b"}, "", "a b differ: byte 5, line 2\n", 1},
      {{"cmp", "-b", "a", "b"}, "", "a b differ: byte 5, line 2 is 164 t  62 2\n", 1},
      {{"cmp", "-bl", "a", "caps"},
       "",
       " 1 157 o    117 O\n 2 156 n    116 N\n 3 145 e    105 E\n 5 164 t    124 T\n",
       1},
      {{"cmp", "a", "nofile"}, "", "", 2, true},
      {{"cmp", "-i", "4", "a", "b"}, "", "a b differ: byte 1, line 1\n", 1},
      {{"cmp", "a", "-"}, "one\n", "", 1, true},
      {{"cmp", "-s", "a", "nofile"}, "", "", 2},
      {{"cmp", "a"}, "", "", 1, true},
      {{"cmp"}, "", "", 2, true},
      {{"cmp", "-l", "a", "noeol"}, "", "", 1, true},
      {{"cmp", "a", "d1"}, "", "", 2, true},
      {{"cmp", "-i", "1:2", "a", "b"}, "", "a b differ: byte 1, line 1\n", 1},
  });
}

TEST_F(CompareTest, DiffPrintsSideBySide) {
  EXPECT_EQ(machine_.Run({"diff", "-y", "-t", "-W", "20", "/a", "/b"}).output,
            "one         one\n"
            "two      |  2\n"
            "three       three\n"
            "four        four\n"
            "         >  five\n");
}

TEST_F(CompareTest, DiffPrintsScriptsForEdAndRcs) {
  EXPECT_EQ(machine_.Run({"diff", "-e", "/a", "/b"}).output, "4a\nfive\n.\n2c\n2\n.\n");
  EXPECT_EQ(machine_.Run({"diff", "-n", "/a", "/b"}).output, "d2 1\na2 1\n2\na4 1\nfive\n");
}

TEST_F(CompareTest, DiffPrintsGroupsByTheirFormats) {
  EXPECT_EQ(machine_
                .Run({"diff", "--changed-group-format=%(n=1?one:many) %df-%dL%c'\\12'",
                      "--unchanged-group-format=", "/a", "/b"})
                .output,
            "one 2-2\nmany 5-5\n");
  EXPECT_EQ(machine_.Run({"diff", "-DX", "/a", "/b"}).output,
            "one\n#ifndef X\ntwo\n#else /* X */\n2\n#endif /* X */\nthree\nfour\n"
            "#ifdef X\nfive\n#endif /* X */\n");
}

TEST_F(CompareTest, DiffLeavesLinesOutThatMatch) {
  EXPECT_EQ(machine_.Run({"diff", "-I", "^[2t]", "-I", "five", "/a", "/b"}).code, 0);
  EXPECT_EQ(machine_.Run({"diff", "-I", "^2", "/a", "/b"}).code, 1);
}

TEST_F(CompareTest, DiffRefusesTwoFormsAtOnce) {
  const ProgramResult result = machine_.Run({"diff", "-u", "-e", "/a", "/b"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.errors.find("conflicting output style options"), std::string::npos);
}

TEST_F(CompareTest, Diff3MergesAndMarksConflicts) {
  machine_.WriteFile("/yours", "one\nzwei\nthree\nfour\n");
  const ProgramResult conflict = machine_.Run({"diff3", "-m", "/b", "/a", "/yours"});
  EXPECT_EQ(conflict.output,
            "one\n<<<<<<< /b\n2\n||||||| /a\ntwo\n=======\nzwei\n>>>>>>> /yours\n"
            "three\nfour\nfive\n");
  EXPECT_EQ(conflict.code, 1);
  EXPECT_EQ(machine_.Run({"diff3", "/b", "/a", "/same"}).output,
            "====1\n1:2c\n  2\n2:2c\n3:2c\n  two\n====1\n1:5c\n  five\n2:4a\n3:4a\n");
}

TEST_F(CompareTest, SdiffIsDiffSideBySide) {
  EXPECT_EQ(machine_.Run({"sdiff", "-s", "-t", "-w", "20", "/a", "/b"}).output,
            "two      |  2\n         >  five\n");
}

}  // namespace
}  // namespace computesdk::in_memory
