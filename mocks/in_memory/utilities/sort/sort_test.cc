#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class SortTest : public testing::Test {
 protected:
  SortTest() : machine_(AddSortPrograms) {
    machine_.WriteFile("/p", "a:b:10\nc:d:9\n");
    machine_.WriteFile("/s1", "a\nc\n");
    machine_.WriteFile("/s2", "b\nd\n");
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(SortTest, SortsByBytesNumbersAndKeys) {
  Check({
      {{"sort"}, "b\na\nC\n", "C\na\nb\n"},
      {{"sort", "-r"}, "b\na\nC\n", "b\na\nC\n"},
      {{"sort", "-n"}, "10\n9\n-1\n1.5\nx\n", "-1\nx\n1.5\n9\n10\n"},
      {{"sort", "-nr"}, "10\n9\n2\n", "10\n9\n2\n"},
      {{"sort", "-u"}, "b\na\nb\n", "a\nb\n"},
      {{"sort", "-k2"}, "a 2\nb 1\n", "b 1\na 2\n"},
      {{"sort", "-k2n"}, "a 10\nb 9\n", "b 9\na 10\n"},
      {{"sort", "-k2,2nr", "-k1,1"}, "a 1\nb 2\nc 2\n", "b 2\nc 2\na 1\n"},
      {{"sort", "-t:", "-k2"}, "a:z\nb:y\n", "b:y\na:z\n"},
      {{"sort", "-t:", "-k3n", "p"}, "", "c:d:9\na:b:10\n"},
      {{"sort", "-f"}, "b\nA\na\nB\n", "A\na\nB\nb\n"},
      {{"sort", "-fu"}, "b\nA\na\nB\n", "A\nb\n"},
      {{"sort", "-h"}, "1K\n2M\n512\n1G\n3K\n", "512\n1K\n3K\n2M\n1G\n"},
      {{"sort", "-V"},
       "v1.10\nv1.9\nv1.2.3\nfile-1.0.tar.gz\n",
       "file-1.0.tar.gz\nv1.2.3\nv1.9\nv1.10\n"},
      {{"sort", "-M"}, "Mar\nJan\nfoo\nDec\n", "foo\nJan\nMar\nDec\n"},
      {{"sort", "-g"}, "1e3\n10\n-inf\nnan\nx\n", "x\nnan\n-inf\n10\n1e3\n"},
      {{"sort", "-b"}, "  b\n a\n", " a\n  b\n"},
      {{"sort", "-d"}, "a-b\nab\na c\n", "a c\na-b\nab\n"},
      {{"sort", "-s", "-k1,1"}, "b 2\na 2\na 1\n", "a 2\na 1\nb 2\n"},
      {{"sort", "-c"}, "a\nb\n", ""},
      {{"sort", "-c"}, "b\na\n", "", 1, true},
      {{"sort", "-C"}, "b\na\n", "", 1},
      {{"sort", "-cu"}, "a\na\n", "", 1, true},
      {{"sort", "-z"}, std::string("b\000a\000", 4), std::string("a\000b\000", 4)},
      {{"sort"}, std::string("a\000\na\n", 5), std::string("a\na\000\n", 5)},
      {{"sort", "-r"}, "a\nb\n\na\n", "b\na\na\n\n"},
      {{"sort", "-m", "s1", "s2"}, "", "a\nb\nc\nd\n"},
      {{"sort", "nofile"}, "", "", 2, true},
      {{"sort", "-k0"}, "", "", 2, true},
      {{"sort", "-k2.2,2.3"}, "x abc\ny aab\n", "y aab\nx abc\n"},
      {{"sort", "-k1.2"}, "xb\nya\n", "ya\nxb\n"},
      {{"sort", "-k2b,2"}, "a  b\nb a\n", "b a\na  b\n"},
      {{"sort", "-n", "-k2", "-k1r"}, "a 1\nb 1\n", "b 1\na 1\n"},
      {{"sort"}, "a\nb", "a\nb\n"},
      {{"sort", "-ru"}, "a\nb\na\n", "b\na\n"},
      {{"sort", "-n"}, "007\n7\n+7\n", "+7\n007\n7\n"},
      {{"sort", "-t,", "-k1,1", "-k2,2n"}, "b,2\na,10\na,9\n", "a,9\na,10\nb,2\n"},
      {{"sort", "-nu"}, "1\n01\n2\n", "1\n2\n"},
      {{"sort", "--key=2", "--numeric-sort"}, "a 2\nb 1\n", "b 1\na 2\n"},
      {{"sort", "-t", "ab"}, "", "", 2, true},
      {{"sort", "-nk2,2"}, "x 3\ny 1\n", "y 1\nx 3\n"},
      {{"sort", "--sort=version"}, "a10\na9\n", "a9\na10\n"},
      {{"sort", "-R", "/dev/null"}, "", ""},
  });
}

TEST_F(SortTest, UniqDropsNeighbours) {
  Check({
      {{"uniq"}, "a\na\nb\na\n", "a\nb\na\n"},
      {{"uniq", "-c"}, "a\na\nb\n", "      2 a\n      1 b\n"},
      {{"uniq", "-d"}, "a\na\nb\n", "a\n"},
      {{"uniq", "-u"}, "a\na\nb\n", "b\n"},
      {{"uniq", "-i"}, "a\nA\nb\n", "a\nb\n"},
      {{"uniq", "-f1"}, "x a\ny a\nz b\n", "x a\nz b\n"},
      {{"uniq", "-s1"}, "xa\nya\nzb\n", "xa\nzb\n"},
      {{"uniq", "-w1"}, "ab\nac\nbd\n", "ab\nbd\n"},
      {{"uniq", "-D"}, "a\na\nb\n", "a\na\n"},
      {{"uniq", "--all-repeated=separate"}, "a\na\nb\nc\nc\n", "a\na\n\nc\nc\n"},
      {{"uniq", "--all-repeated=prepend"}, "a\na\nb\nc\nc\n", "\na\na\n\nc\nc\n"},
      {{"uniq", "--group"}, "a\na\nb\n", "a\na\n\nb\n"},
      {{"uniq", "--group=both"}, "a\na\nb\n", "\na\na\n\nb\n\n"},
      {{"uniq", "-cd"}, "a\na\nb\n", "      2 a\n"},
      {{"uniq", "-z"}, std::string("a\000a\000", 4), std::string("a\000", 2)},
      {{"uniq", "nofile"}, "", "", 1, true},
      {{"uniq", "-1"}, "x a\ny a\n", "x a\n"},
      {{"uniq"}, "a\na", "a\n"},
  });
}

TEST_F(SortTest, WritesItsResultOverItsInput) {
  machine_.WriteFile("/list", "b\na\n");
  EXPECT_EQ(machine_.Run({"sort", "-o", "/list", "/list"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/list"), "a\nb\n");
}

TEST_F(SortTest, RefusesWhatContradictsItself) {
  ExpectPrograms(machine_,
                 {{{"sort", "-nM"}, "", "", 2, true},
                  {{"sort", "-cC"}, "", "", 2, true},
                  {{"sort", "--check=foo"}, "", "", 1, true},
                  {{"sort", "--batch-size=1"}, "", "", 2, true},
                  {{"sort", "--batch-size=4", "--compress-program=gzip"}, "b\na\n", "a\nb\n"}});
}

TEST_F(SortTest, TakesKeysInTheirFormerForm) {
  ExpectPrograms(machine_, {{{"sort", "+1"}, "a 2\nb 1\n", "b 1\na 2\n"},
                            {{"sort", "+1", "-2"}, "a 2 x\nb 1 y\n", "b 1 y\na 2 x\n"}});
}

}  // namespace
}  // namespace computesdk::in_memory
