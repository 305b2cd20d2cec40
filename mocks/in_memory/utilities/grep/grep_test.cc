#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class GrepTest : public testing::Test {
 protected:
  GrepTest() : machine_(AddSearchPrograms) {
    machine_.WriteFile("/a.txt", "apple\nBanana\ncherry pie\n");
    machine_.WriteFile("/b.txt", "nothing\napple tart\n");
    machine_.WriteFile("/d/x.c", "int main\n");
    machine_.WriteFile("/d/y.h", "int x\n");
    machine_.WriteFile("/d/e/z.c", "main\n");
    machine_.WriteFile("/data.bin", std::string("ab\000c\nab\n", 8));
    machine_.WriteFile("/inv", "a\377 b\nab\n");
    machine_.WriteFile("/pats", "a\n");
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(GrepTest, FindsLines) {
  Check({
      {{"grep", "apple", "a.txt"}, "", "apple\n"},
      {{"grep", "-i", "banana", "a.txt"}, "", "Banana\n"},
      {{"grep", "-v", "apple", "a.txt"}, "", "Banana\ncherry pie\n"},
      {{"grep", "-c", "p", "a.txt"}, "", "2\n"},
      {{"grep", "-n", "p", "a.txt"}, "", "1:apple\n3:cherry pie\n"},
      {{"grep", "-l", "apple", "a.txt", "b.txt"}, "", "a.txt\nb.txt\n"},
      {{"grep", "-L", "pie", "a.txt", "b.txt"}, "", "b.txt\n"},
      {{"grep", "apple", "a.txt", "b.txt"}, "", "a.txt:apple\nb.txt:apple tart\n"},
      {{"grep", "-h", "apple", "a.txt", "b.txt"}, "", "apple\napple tart\n"},
      {{"grep", "-H", "apple", "a.txt"}, "", "a.txt:apple\n"},
      {{"grep", "zzz", "a.txt"}, "", "", 1},
      {{"grep", "x", "nofile"}, "", "", 2, true},
      {{"grep", "-s", "x", "nofile"}, "", "", 2},
      {{"grep", "-q", "apple", "a.txt"}, "", ""},
      {{"grep", "-q", "apple", "a.txt", "nofile"}, "", ""},
      {{"grep", "-o", "p."}, "apple\npp\n", "pp\npp\n"},
      {{"grep", "-w", "app"}, "app apple\nmy app\napple\n", "app apple\nmy app\n"},
      {{"grep", "-x", "apple"}, "apple\nxapple\n", "apple\n"},
      {{"grep", "-o", "^ab"}, "abab\nxab\n", "ab\n"},
      {{"grep", "-vE", "^#"}, "#a\nb#\n", "b#\n"},
      {{"grep", "-E", "a|b"}, "a\nb\nc\n", "a\nb\n"},
      {{"grep", "-E", "(a|b)+c"}, "abc\nc\n", "abc\n"},
      {{"grep", "-F", "a.b"}, "a.b\naxb\n", "a.b\n"},
      {{"grep", "a.b"}, "a.b\naxb\n", "a.b\naxb\n"},
      {{"grep", "-e", "a", "-e", "c"}, "a\nb\nc\n", "a\nc\n"},
      {{"grep", "-m1", "a"}, "a\nab\n", "a\n"},
      {{"grep", "-b", "b"}, "a\nb\n", "2:b\n"},
      {{"grep", "-ob", "b"}, "ab\nb\n", "1:b\n3:b\n"},
      {{"grep"}, "", "", 2, true},
      {{"grep", "-n", "^$"}, "a\n\nb\n", "2:\n"},
      {{"grep", "-c", "x"}, "a\n", "0\n", 1},
      {{"grep", ""}, "a\n\n", "a\n\n"},
      {{"grep", "-f", "pats"}, "a\nb\n", "a\n"},
      {{"egrep", "a{2}"}, "aab\nab\n", "aab\n"},
      {{"fgrep", "*"}, "a*b\nab\n", "a*b\n"},
      {{"grep", "["}, "x", "", 2, true},
      {{"grep", "-io", "B"}, "aBb\n", "B\nb\n"},
      {{"grep", "-on", "a."}, "abac\nad\n", "1:ab\n1:ac\n2:ad\n"},
      {{"grep", "-vn", "a"}, "a\nb\n", "2:b\n"},
      {{"grep", "-cv", "a"}, "a\nb\n", "1\n"},
      {{"grep", "--color=never", "a"}, "a\n", "a\n"},
      {{"grep", "--color=always", "-n", "b"},
       "abc\n",
       "\033[32m\033[K1\033[m\033[K\033[36m\033[K:\033[m\033[Ka\033[01;31m\033[Kb\033[m\033[Kc\n"},
      {{"grep", "-E", "^(.)\\1$"}, "aa\nab\n", "aa\n"},
      {{"grep", "\\(a\\)\\1"}, "aa\nab\n", "aa\n"},
      {{"grep", "\\bfoo\\b"}, "a foo b\nfood\n", "a foo b\n"},
      {{"grep", "\\<a"}, "a ba\nba\n", "a ba\n"},
      {{"grep", "-Z", "-l", "apple", "a.txt"}, "", std::string("a.txt\000", 6)},
      {{"grep", "-z", "b"}, std::string("a\000b\000", 4), std::string("b\000", 2)},
      {{"grep", "--label=X", "-H", "a"}, "a\n", "X:a\n"},
      {{"grep", "-T", "a"}, "a\n", "a\n"},
      {{"grep", "-nT", "a"}, "a\n", "1:\ta\n"},
      {{"grep", "\303\251"}, "caf\303\251\n", "caf\303\251\n"},
      {{"grep", "^caf.$"}, "caf\303\251\n", "caf\303\251\n"},
      {{"grep", "-w", "\303\251"}, "\303\251\n", "\303\251\n"},
      {{"grep", "-i", "\303\211"}, "\303\251\n", "\303\251\n"},
      {{"grep", "-ow", "a*"}, "aa b aaa\n", "aa\naaa\n"},
      {{"grep", "-xE", "a|ab"}, "ab\n", "ab\n"},
      {{"grep", "-xF", "-e", "ab", "-e", "c"}, "ab\nabc\nc\n", "ab\nc\n"},
      {{"grep", "[[:digit:]]\\+"}, "a1\nb\n", "a1\n"},
      {{"grep", "-E", "{1}a"}, "x{1}a\n", "x{1}a\n", 0, true},
      {{"grep", "-E", "a{x"}, "a{x\n", "a{x\n"},
      {{"grep", "-wv", "a"}, "a b\nab\n", "ab\n"},
      {{"grep", "-L", "apple", "a.txt"}, "", ""},
      {{"grep", "-lv", "apple", "a.txt"}, "", "a.txt\n"},
      {{"grep", "-y", "APPLE", "a.txt"}, "", "apple\n"},
      {{"grep", "\\d"}, "d1\n", "d1\n"},
  });
}

TEST_F(GrepTest, ShowsContext) {
  Check({
      {{"grep", "-A1", "b"}, "a\nb\nc\nd\n", "b\nc\n"},
      {{"grep", "-B1", "c"}, "a\nb\nc\nd\n", "b\nc\n"},
      {{"grep", "-C1", "-n", "c"}, "a\nb\nc\nd\n", "2-b\n3:c\n4-d\n"},
      {{"grep", "-1", "e"}, "c\nd\ne\nf\ng\n", "d\ne\nf\n"},
      {{"grep", "-A1", "x"}, "x\n1\n2\n3\nx\n4\n", "x\n1\n--\nx\n4\n"},
      {{"grep", "-n", "-B1", "x"}, "1\n2\nx\n4\n5\nx\n", "2-2\n3:x\n--\n5-5\n6:x\n"},
      {{"grep", "-A0", "x"}, "x\ny\nx\n", "x\n--\nx\n"},
      {{"grep", "-m1", "-A2", "a"}, "a\nb\na\nc\n", "a\nb\na\n"},
      {{"grep", "-c", "-A1", "a"}, "a\nb\n", "1\n"},
      {{"grep", "-A1", "-o", "a"}, "ab\nc\nd\na\n", "a\n--\na\n"},
      {{"grep", "-vA1", "a"}, "b\na\na\nc\n", "b\na\n--\nc\n"},
  });
}

TEST_F(GrepTest, WalksFolders) {
  Check({
      {{"grep", "main", "d"}, "", "", 2, true},
      {{"grep", "-rh", "int", "d/x.c"}, "", "int main\n"},
      {{"grep", "-rc", "zzz", "d/e"}, "", "d/e/z.c:0\n", 1},
      {{"grep", "-rn", "main", "d/e"}, "", "d/e/z.c:1:main\n"},
      {{"grep", "-r", "--include=*.h", "int", "d"}, "", "d/y.h:int x\n"},
      {{"grep", "-r", "--exclude=*.c", "int", "d"}, "", "d/y.h:int x\n"},
      {{"grep", "-r", "--exclude-dir=e", "-l", "main", "d"}, "", "d/x.c\n"},
      {{"grep", "-d", "skip", "main", "d"}, "", "", 1},
      {{"grep", "-rl", "main", "d/e", "d/x.c"}, "", "d/e/z.c\nd/x.c\n"},
      {{"grep", "-s", "main", "d", "a.txt"}, "", "", 2},
  });
}

TEST_F(GrepTest, TellsOfBinaryFiles) {
  Check({
      {{"grep", "ab", "data.bin"}, "", "", 0, true},
      {{"grep", "-c", "ab", "data.bin"}, "", "2\n"},
      {{"grep", "-a", "ab", "data.bin"}, "", std::string("ab\000c\nab\n", 8)},
      {{"grep", "-I", "ab", "data.bin"}, "", "", 1},
      {{"grep", "a", "inv"}, "", "ab\n", 0, true},
      {{"grep", "-o", "b", "inv"}, "", "b\nb\n"},
      {{"grep", "-q", "ab", "data.bin"}, "", ""},
      {{"grep", "-l", "ab", "data.bin"}, "", "data.bin\n"},
      {{"grep", "-av", "zz", "inv"}, "", "a\377 b\nab\n"},
  });
}

TEST_F(GrepTest, TakesPerlSyntax) {
  Check({
      {{"grep", "-oP", "\\d+"}, "a12b3\n", "12\n3\n"},
      {{"grep", "-oP", "(?<=v)\\d+"}, "v12 x3\n", "12\n"},
      {{"grep", "-oP", "key=\\K\\w+"}, "key=val;\n", "val\n"},
      {{"grep", "-oP", "\\w+(?=:)"}, "ab: c\n", "ab\n"},
      {{"grep", "-P", "^\\s*x"}, "  x\ny\n", "  x\n"},
      {{"grep", "-oP", "a.*?b"}, "aXbYb\n", "aXb\n"},
      {{"grep", "-wP", "foo(bar)?"}, "foobarx foo\n", "foobarx foo\n"},
      {{"grep", "-oP", "(?:a|b)c"}, "ac bc\n", "ac\nbc\n"},
      {{"grep", "-oP", "[\\w.]+@\\w+"}, "me.x@host y\n", "me.x@host\n"},
  });
}

TEST_F(GrepTest, GivesUpAPerlExpressionThatExplodes) {
  const ProgramResult result =
      machine_.Run({"grep", "-P", "^(a+)+$"}, std::string(64, 'a') + "b\n");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.errors.find("exceeded PCRE's backtracking limit"), std::string::npos);
}

TEST_F(GrepTest, AlignsNumbersByTheSizeOfTheFile) {
  machine_.WriteFile("/f", "a\n" + std::string(100, 'b') + "\n");
  EXPECT_EQ(machine_.Run({"grep", "-Tn", "a", "/f"}).output, "  1:\ta\n");
}

TEST_F(GrepTest, LeavesTheRestOfTheInputAfterTheLastWantedLine) {
  EXPECT_EQ(machine_.Run({"grep", "-m", "1", "b"}, "a\nb\nb\n").output, "b\n");
}

}  // namespace
}  // namespace computesdk::in_memory
