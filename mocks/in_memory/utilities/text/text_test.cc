#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class TextTest : public testing::Test {
 protected:
  TextTest() : machine_(AddTextPrograms) {
    machine_.WriteFile("/a.txt", "one\ntwo\nthree\n");
    machine_.WriteFile("/b.txt", "alpha beta\n\n\ngamma");
    machine_.WriteFile("/n.txt",
                       "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n");
    machine_.WriteFile("/t.txt", "a\tb\tc\n1\t2\t3\nplain\n");
    machine_.WriteFile("/p.txt", "a:b:c:d\n1:2:3:4\nnone\n");
    machine_.WriteFile("/s1", "a\nb\nd\n");
    machine_.WriteFile("/s2", "b\nc\nd\ne\n");
    machine_.WriteFile("/j1", "1 a x\n2 b y\n3 c z\n");
    machine_.WriteFile("/j2", "1 A\n3 C\n4 D\n");
    machine_.WriteFile("/data.bin", std::string("\000\001\177\200\377\tz\015\n", 9));
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(TextTest, CatCopiesNumbersAndShows) {
  Check({
      {{"cat", "a.txt", "b.txt"}, "", "one\ntwo\nthree\nalpha beta\n\n\ngamma"},
      {{"cat"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"cat", "-", "a.txt"}, "x", "xone\ntwo\nthree\n"},
      {{"cat", "-n", "b.txt", "a.txt"},
       "",
       "     1\talpha beta\n     2\t\n     3\t\n     4\tgammaone\n     5\ttwo\n     6\tthree\n"},
      {{"cat", "-b", "b.txt"}, "", "     1\talpha beta\n\n\n     2\tgamma"},
      {{"cat", "-s", "b.txt"}, "", "alpha beta\n\ngamma"},
      {{"cat", "-A", "data.bin"}, "", "^@^A^?M-^@M-^?^Iz^M$\n"},
      {{"cat", "-E", "t.txt"}, "", "a\tb\tc$\n1\t2\t3$\nplain$\n"},
      {{"cat", "-T", "t.txt"}, "", "a^Ib^Ic\n1^I2^I3\nplain\n"},
      {{"cat", "-et", "data.bin"}, "", "^@^A^?M-^@M-^?^Iz^M$\n"},
      {{"cat", "nofile", "a.txt"}, "", "one\ntwo\nthree\n", 1, true},
      {{"cat", "-Z"}, "", "", 1, true},
      {{"cat", "--number", "a.txt"}, "", "     1\tone\n     2\ttwo\n     3\tthree\n"},
      {{"cat", "-v", "data.bin"}, "", "^@^A^?M-^@M-^?\tz^M\n"},
      {{"cat", "-ns", "b.txt"}, "", "     1\talpha beta\n     2\t\n     3\tgamma"},
      {{"cat", "-"}, "q", "q"},
  });
}

TEST_F(TextTest, HeadTakesTheFirst) {
  Check({
      {{"head", "-n", "2", "a.txt"}, "", "one\ntwo\n"},
      {{"head", "-2"}, "a\nb\nc\n", "a\nb\n"},
      {{"head", "-n", "-1", "a.txt"}, "", "one\ntwo\n"},
      {{"head", "-c", "4", "a.txt"}, "", "one\n"},
      {{"head", "-c", "-4", "a.txt"}, "", "one\ntwo\nth"},
      {{"head", "-n1", "a.txt", "b.txt"}, "", "==> a.txt <==\none\n\n==> b.txt <==\nalpha beta\n"},
      {{"head", "-q", "-n1", "a.txt", "b.txt"}, "", "one\nalpha beta\n"},
      {{"head", "-v", "-n1", "a.txt"}, "", "==> a.txt <==\none\n"},
      {{"head", "-n", "0", "a.txt"}, "", ""},
      {{"head", "nofile", "a.txt"}, "", "==> a.txt <==\none\ntwo\nthree\n", 1, true},
      {{"head", "-n", "x"}, "", "", 1, true},
      {{"head", "n.txt"}, "", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"},
      {{"head", "-c", "1K", "n.txt"},
       "",
       "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"},
      {{"head", "-n", "1", "-"}, "a\nb\nc\n", "a\n"},
      {{"head", "-z", "-n", "1"}, std::string("a\000b\000", 4), std::string("a\000", 2)},
      {{"head", "-n", "99", "b.txt"}, "", "alpha beta\n\n\ngamma"},
  });
}

TEST_F(TextTest, TailTakesTheLast) {
  Check({
      {{"tail", "-n", "2", "a.txt"}, "", "two\nthree\n"},
      {{"tail", "-2"}, "a\nb\nc\n", "b\nc\n"},
      {{"tail", "-n", "+2", "a.txt"}, "", "two\nthree\n"},
      {{"tail", "-c", "4", "a.txt"}, "", "ree\n"},
      {{"tail", "-c", "+4", "a.txt"}, "", "\ntwo\nthree\n"},
      {{"tail", "n.txt"}, "", "11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"},
      {{"tail", "-n1", "a.txt", "b.txt"}, "", "==> a.txt <==\nthree\n\n==> b.txt <==\ngamma"},
      {{"tail", "-n", "1", "b.txt"}, "", "gamma"},
      {{"tail", "-q", "-n1", "a.txt", "nofile", "b.txt"}, "", "three\ngamma", 1, true},
      {{"tail", "+2", "a.txt"}, "", "two\nthree\n"},
      {{"tail", "-n", "0", "a.txt"}, "", ""},
      {{"tail", "-v", "-n", "1", "a.txt"}, "", "==> a.txt <==\nthree\n"},
      {{"tail", "-z", "-n", "1"}, std::string("a\000b\000", 4), std::string("b\000", 2)},
      {{"tail", "-n", "+0", "a.txt"}, "", "one\ntwo\nthree\n"},
  });
}

TEST_F(TextTest, WcCounts) {
  Check({
      {{"wc", "a.txt"}, "", " 3  3 14 a.txt\n"},
      {{"wc"}, "a\nb\nc\n", "      3       3       6\n"},
      {{"wc", "-l", "a.txt"}, "", "3 a.txt\n"},
      {{"wc", "-w", "b.txt", "a.txt"}, "", " 3 b.txt\n 3 a.txt\n 6 total\n"},
      {{"wc", "-c", "b.txt"}, "", "18 b.txt\n"},
      {{"wc", "-m"}, "\303\251 \303\240\n", "4\n"},
      {{"wc", "-L"}, "abc\n\tx\n", "9\n"},
      {{"wc", "-lw", "a.txt", "n.txt"}, "", " 3  3 a.txt\n20 20 n.txt\n23 23 total\n"},
      {{"wc", "-l"}, "a\nb", "1\n"},
      {{"wc", "nofile", "a.txt"}, "", " 3  3 14 a.txt\n 3  3 14 total\n", 1, true},
      {{"wc", "-cmlwL"}, "\303\251 b\n", "      1       2       4       5       3\n"},
      {{"wc", "-w"}, " a  b\tc\n\n d", "4\n"},
      {{"wc", "a.txt", "-"},
       "a\nb\nc\n",
       "      3       3      14 a.txt\n      3       3       6 -\n      6       6      20 total\n"},
      {{"wc", "-l", "nofile"}, "", "", 1, true},
  });
}

TEST_F(TextTest, CutSelectsBytesAndFields) {
  Check({
      {{"cut", "-d:", "-f2", "p.txt"}, "", "b\n2\nnone\n"},
      {{"cut", "-d:", "-f1,3-", "p.txt"}, "", "a:c:d\n1:3:4\nnone\n"},
      {{"cut", "-d:", "-s", "-f2", "p.txt"}, "", "b\n2\n"},
      {{"cut", "-c2-3", "a.txt"}, "", "ne\nwo\nhr\n"},
      {{"cut", "-b-2", "a.txt"}, "", "on\ntw\nth\n"},
      {{"cut", "-f2", "t.txt"}, "", "b\n2\nplain\n"},
      {{"cut", "-d:", "-f1,2", "--output-delimiter=--", "p.txt"}, "", "a--b\n1--2\nnone\n"},
      {{"cut", "--complement", "-d:", "-f2", "p.txt"}, "", "a:c:d\n1:3:4\nnone\n"},
      {{"cut", "-c1,3", "--output-delimiter=+", "a.txt"}, "", "o+e\nt+o\nt+r\n"},
      {{"cut"}, "", "", 1, true},
      {{"cut", "-f0", "a.txt"}, "", "", 1, true},
      {{"cut", "-f3-1", "a.txt"}, "", "", 1, true},
      {{"cut", "-d:", "-f-2", "p.txt"}, "", "a:b\n1:2\nnone\n"},
      {{"cut", "-d", " ", "-f2"}, "a b c\n  x\n", "b\n\n"},
      {{"cut", "-c1-2,3-4", "--output-delimiter=:"}, "abcdef\n", "ab:cd\n"},
      {{"cut", "-d:", "-f9", "p.txt"}, "", "\n\nnone\n"},
      {{"cut", "-dxx", "-f1"}, "", "", 1, true},
      {{"cut", "-d:", "-f3,1", "p.txt"}, "", "a:c\n1:3\nnone\n"},
      {{"cut", "-z", "-c1"}, std::string("ab\000cd\000", 6), std::string("a\000c\000", 4)},
      {{"cut", "--complement", "-c2", "a.txt"}, "", "oe\nto\ntree\n"},
      {{"cut", "-d:", "-f1"}, "a:b", "a\n"},
  });
}

TEST_F(TextTest, TrMapsDeletesAndSqueezes) {
  Check({
      {{"tr", "a-z", "A-Z"}, "hello\n", "HELLO\n"},
      {{"tr", "[:lower:]", "[:upper:]"}, "h\303\251llo\n", "H\303\251LLO\n"},
      {{"tr", "-d", "l"}, "hello\n", "heo\n"},
      {{"tr", "-s", "l"}, "helllo\n", "helo\n"},
      {{"tr", "-cd", "[:digit:]"}, "a1b2\n", "12"},
      {{"tr", "-c", "a-z\\n", "-"}, "a b1c\n", "a-b-c\n"},
      {{"tr", "-s", "a-z", "A-Z"}, "aabbcc\n", "ABC\n"},
      {{"tr", " ", "\\n"}, "a b c\n", "a\nb\nc\n"},
      {{"tr", "-d", "\\n"}, "a\nb\n", "ab"},
      {{"tr", "abc", "x"}, "abcd\n", "xxxd\n"},
      {{"tr", "-t", "abc", "x"}, "abcd\n", "xbcd\n"},
      {{"tr", "a-c", "[x*]"}, "abcd\n", "xxxd\n"},
      {{"tr", "\\141", "Z"}, "abc\n", "Zbc\n"},
      {{"tr"}, "", "", 1, true},
      {{"tr", "a"}, "", "", 1, true},
      {{"tr", "z-a", "x"}, "", "", 1, true},
      {{"tr", "-ds", "a", "b"}, "aabbcc\n", "bcc\n"},
      {{"tr", "[:upper:]", "[:lower:]"}, "ABC\n", "abc\n"},
      {{"tr", "-s", "[:space:]", "_"}, "a  b\n\nc\n", "a_b_c_"},
      {{"tr", "a-y", "b-z"}, "hal\n", "ibm\n"},
      {{"tr", "a", ""}, "", "", 1, true},
      {{"tr", "[=a=]", "b"}, "a\n", "b\n"},
      {{"tr", "-cs", "A-Za-z0-9", "\\n"}, "The quick, brown\n", "The\nquick\nbrown\n"},
      {{"tr", "-d", "a", "b"}, "", "", 1, true},
      {{"tr", "[:foo:]", "x"}, "", "", 1, true},
      {{"tr", "-C", "a", "x"}, "aba", "axa"},
  });
}

TEST_F(TextTest, SeqCounts) {
  Check({
      {{"seq", "3"}, "", "1\n2\n3\n"},
      {{"seq", "2", "4"}, "", "2\n3\n4\n"},
      {{"seq", "1", "2", "6"}, "", "1\n3\n5\n"},
      {{"seq", "5", "-2", "1"}, "", "5\n3\n1\n"},
      {{"seq", "-s,", "3"}, "", "1,2,3\n"},
      {{"seq", "-w", "8", "11"}, "", "08\n09\n10\n11\n"},
      {{"seq", "0", "0.1", "0.3"}, "", "0.0\n0.1\n0.2\n0.3\n"},
      {{"seq", "1.5", "3"}, "", "1.5\n2.5\n"},
      {{"seq", "-f", "%03g", "3"}, "", "001\n002\n003\n"},
      {{"seq", "-f", "%.2f", "1", "0.5", "2"}, "", "1.00\n1.50\n2.00\n"},
      {{"seq", "3", "1"}, "", ""},
      {{"seq", "-3", "-1"}, "", "-3\n-2\n-1\n"},
      {{"seq"}, "", "", 1, true},
      {{"seq", "x"}, "", "", 1, true},
      {{"seq", "1", "0", "2"}, "", "", 1, true},
      {{"seq", "-w", "0", ".25", "1"}, "", "0.00\n0.25\n0.50\n0.75\n1.00\n"},
      {{"seq", "1e3", "1e3"}, "", "1000\n"},
      {{"seq", "1", ".5", "2.5"}, "", "1.0\n1.5\n2.0\n2.5\n"},
      {{"seq", "-w", "-1", "1"}, "", "-1\n00\n01\n"},
      {{"seq", "-f", "x", "1"}, "", "", 1, true},
      {{"seq", "10", "-5", "-5"}, "", "10\n5\n0\n-5\n"},
      {{"seq", "0.1", "0.1", "0.5"}, "", "0.1\n0.2\n0.3\n0.4\n0.5\n"},
      {{"seq", "-s", "-", "2", "2", "8"}, "", "2-4-6-8\n"},
  });
}

TEST_F(TextTest, PasteCommAndJoinPutFilesTogether) {
  Check({
      {{"paste", "a.txt", "s1"}, "", "one\ta\ntwo\tb\nthree\td\n"},
      {{"paste", "-d,", "a.txt", "s1", "s2"}, "", "one,a,b\ntwo,b,c\nthree,d,d\n,,e\n"},
      {{"paste", "-s", "a.txt", "s1"}, "", "one\ttwo\tthree\na\tb\td\n"},
      {{"paste", "-", "-"}, "a\nb\nc\n", "a\tb\nc\t\n"},
      {{"paste", "-sd+", "n.txt"}, "", "1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17+18+19+20\n"},
      {{"paste", "-d\\n", "a.txt", "s1"}, "", "one\na\ntwo\nb\nthree\nd\n"},
      {{"paste", "-d,;", "a.txt", "s1", "s2"}, "", "one,a;b\ntwo,b;c\nthree,d;d\n,;e\n"},
      {{"comm", "s1", "s2"}, "", "a\n\t\tb\n\tc\n\t\td\n\te\n"},
      {{"comm", "-12", "s1", "s2"}, "", "b\nd\n"},
      {{"comm", "-3", "s1", "s2"}, "", "a\n\tc\n\te\n"},
      {{"comm", "-23", "s1", "s2"}, "", "a\n"},
      {{"comm", "--total", "s1", "s2"}, "", "a\n\t\tb\n\tc\n\t\td\n\te\n1\t2\t2\ttotal\n"},
      {{"comm", "--output-delimiter=,", "s1", "s2"}, "", "a\n,,b\n,c\n,,d\n,e\n"},
      {{"comm", "s1"}, "", "", 1, true},
      {{"comm", "s1", "nofile"}, "", "", 1, true},
      {{"join", "j1", "j2"}, "", "1 a x A\n3 c z C\n"},
      {{"join", "-a1", "j1", "j2"}, "", "1 a x A\n2 b y\n3 c z C\n"},
      {{"join", "-v2", "j1", "j2"}, "", "4 D\n"},
      {{"join", "-o", "1.2,2.2", "j1", "j2"}, "", "a A\nc C\n"},
      {{"join", "-a1", "-a2", "-e-", "-o", "auto", "j1", "j2"},
       "",
       "1 a x A\n2 b y -\n3 c z C\n4 - - D\n"},
      {{"join", "-j1", "j1", "j2"}, "", "1 a x A\n3 c z C\n"},
      {{"join", "-t:", "p.txt", "p.txt"}, "", "a:b:c:d:b:c:d\n1:2:3:4:2:3:4\nnone\n"},
      {{"comm", "-", "s2"}, "z\na\n", "\tb\n\tc\n\td\n\te\nz\na\n", 1, true},
  });
}

TEST_F(TextTest, LayoutProgramsShapeLines) {
  Check({
      {{"nl", "b.txt"}, "", "     1\talpha beta\n       \n       \n     2\tgamma\n"},
      {{"nl", "-ba", "b.txt"}, "", "     1\talpha beta\n     2\t\n     3\t\n     4\tgamma\n"},
      {{"nl", "-w3", "-s:", "-v10", "-i5", "a.txt"}, "", " 10:one\n 15:two\n 20:three\n"},
      {{"nl", "-nrz", "a.txt"}, "", "000001\tone\n000002\ttwo\n000003\tthree\n"},
      {{"nl", "-nln", "a.txt"}, "", "1     \tone\n2     \ttwo\n3     \tthree\n"},
      {{"nl", "-bp^t", "a.txt"}, "", "       one\n     1\ttwo\n     2\tthree\n"},
      {{"nl"}, "\\:\\:\\:\nh\n\\:\\:\nb\n", "\n       h\n\n     1\tb\n"},
      {{"fold", "-w3", "a.txt"}, "", "one\ntwo\nthr\nee\n"},
      {{"fold", "-w8", "-s", "b.txt"}, "", "alpha \nbeta\n\n\ngamma"},
      {{"fold", "-5", "a.txt"}, "", "one\ntwo\nthree\n"},
      {{"fold", "-w4"}, "a\tb\n", "a\n\t\nb\n"},
      {{"expand", "t.txt"}, "", "a       b       c\n1       2       3\nplain\n"},
      {{"expand", "-t4", "t.txt"}, "", "a   b   c\n1   2   3\nplain\n"},
      {{"expand", "-t3,6", "t.txt"}, "", "a  b  c\n1  2  3\nplain\n"},
      {{"expand", "-i"}, "\ta\tb\n", "        a\tb\n"},
      {{"unexpand"}, "        a       b\n", "\ta       b\n"},
      {{"unexpand", "-a"}, "a       b       c\n", "a\tb\tc\n"},
      {{"unexpand", "-t4"}, "    a   b  c\n", "\ta\tb  c\n"},
      {{"rev"}, "abc\nh\303\251\303\251\nlast", "cba\n\303\251\303\251h\ntsal"},
      {{"tac", "a.txt"}, "", "three\ntwo\none\n"},
      {{"tac"}, "a\nb", "ba\n"},
      {{"tac", "-s", ":"}, "a:b:c", "cb:a:"},
      {{"tac", "-b", "-s", ":"}, "a:b:c", ":c:ba"},
      {{"tac", "a.txt", "s1"}, "", "three\ntwo\none\nd\nb\na\n"},
  });
}

TEST_F(TextTest, ExprEvaluates) {
  Check({
      {{"expr", "1", "+", "2"}, "", "3\n"},
      {{"expr", "6", "*", "7", "-", "2"}, "", "40\n"},
      {{"expr", "7", "/", "2"}, "", "3\n"},
      {{"expr", "-7", "%", "3"}, "", "-1\n"},
      {{"expr", "1", "/", "0"}, "", "", 2, true},
      {{"expr", "a", "+", "1"}, "", "", 2, true},
      {{"expr", "(", "1", "+", "2", ")", "*", "3"}, "", "9\n"},
      {{"expr", "1", "=", "1"}, "", "1\n"},
      {{"expr", "abc", "<", "abd"}, "", "1\n"},
      {{"expr", "10", ">", "9"}, "", "1\n"},
      {{"expr", "abc", ":", "a"}, "", "1\n"},
      {{"expr", "abc", ":", "a\\(.\\)c"}, "", "b\n"},
      {{"expr", "abc", ":", "x"}, "", "0\n", 1},
      {{"expr", "abc", ":", "x\\(.\\)"}, "", "\n", 1},
      {{"expr", "length", "h\303\251llo"}, "", "5\n"},
      {{"expr", "substr", "hello", "2", "3"}, "", "ell\n"},
      {{"expr", "index", "hello", "lo"}, "", "3\n"},
      {{"expr", "match", "abc", "b"}, "", "0\n", 1},
      {{"expr", "0"}, "", "0\n", 1},
      {{"expr", "00"}, "", "00\n", 1},
      {{"expr", "a", "|", "b"}, "", "a\n"},
      {{"expr", "0", "|", "b"}, "", "b\n"},
      {{"expr", "a", "&", "0"}, "", "0\n", 1},
      {{"expr", "1", "&", "2"}, "", "1\n"},
      {{"expr"}, "", "", 2, true},
      {{"expr", "1", "+"}, "", "", 2, true},
      {{"expr", "(", "1"}, "", "", 2, true},
      {{"expr", "+", "length"}, "", "length\n"},
      {{"expr", "5", "!=", "5"}, "", "0\n", 1},
      {{"expr", "2", ">=", "1", "&", "1"}, "", "1\n"},
      {{"expr", "1", "|", "1", "/", "0"}, "", "1\n"},
      {{"expr", "aa", ":", "\\(a\\)\\1"}, "", "a\n"},
      {{"expr", "a", "b"}, "", "", 2, true},
      {{"expr", ""}, "", "\n", 1},
  });
}

TEST_F(TextTest, ShufDealsWithEdges) {
  Check({
      {{"shuf", "/dev/null"}, "", ""},
      {{"shuf", "-e", "a"}, "", "a\n"},
      {{"shuf", "-i", "5-5"}, "", "5\n"},
      {{"shuf", "-n", "0", "a.txt"}, "", ""},
      {{"shuf", "-i", "2-1"}, "", ""},
      {{"shuf", "-i", "x"}, "", "", 1, true},
      {{"shuf", "nofile"}, "", "", 1, true},
      {{"shuf", "-rn", "3", "-e", "z"}, "", "z\nz\nz\n"},
  });
}

TEST_F(TextTest, YesTrueAndFalse) {
  Check({
      {{"true"}, "", ""},
      {{"false"}, "", "", 1},
  });
}

TEST_F(TextTest, SplitsIntoFiles) {
  machine_.WriteFile("/in", "1\n2\n3\n4\n5\n");
  EXPECT_EQ(machine_.Run({"split", "-l", "2", "/in", "/p-"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/p-aa") + "|" + machine_.ReadFile("/p-ac"), "1\n2\n|5\n");
  machine_.Run({"split", "-b", "3", "-d", "--additional-suffix=.x", "/in", "/b"});
  EXPECT_EQ(machine_.ReadFile("/b00.x") + "|" + machine_.ReadFile("/b03.x"), "1\n2|\n");
  machine_.Run({"split", "-n", "l/2", "/in", "/n"});
  EXPECT_EQ(machine_.ReadFile("/naa") + "|" + machine_.ReadFile("/nab"), "1\n2\n3\n|4\n5\n");
  machine_.Run({"split", "-C", "4", "-a", "1", "-", "/c"}, "ab\nc\ndefgh\n");
  EXPECT_EQ(machine_.ReadFile("/ca") + "|" + machine_.ReadFile("/cc"), "ab\n|defg");
  EXPECT_EQ(machine_.Run({"split", "-l", "0", "/in"}).code, 1);
}

TEST_F(TextTest, ShufKeepsEveryLine) {
  const ProgramResult result = machine_.Run({"shuf", "-i", "1-9"});
  std::string digits = result.output;
  std::sort(digits.begin(), digits.end());
  EXPECT_EQ(digits, "\n\n\n\n\n\n\n\n\n123456789");
  const std::string drawn =
      machine_.Run({"shuf", "-i", "1000000000000000000-9223372036854775807", "-n", "3"}).output;
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\n'), 3) << drawn;
  EXPECT_EQ(drawn.size(), 3 * std::string("1000000000000000000\n").size()) << drawn;
}

TEST_F(TextTest, TeeWritesEveryCopy) {
  EXPECT_EQ(machine_.Run({"tee", "x", "y"}, "one\n").output, "one\n");
  EXPECT_EQ(machine_.Run({"tee", "-a", "x"}, "two\n").output, "two\n");
  EXPECT_EQ(machine_.ReadFile("/x"), "one\ntwo\n");
  EXPECT_EQ(machine_.ReadFile("/y"), "one\n");
  const ProgramResult result = machine_.Run({"tee", "/no/such"}, "z");
  EXPECT_EQ(result.output, "z");
  EXPECT_EQ(result.code, 1);
}

TEST_F(TextTest, ExprAndSeqKnowNumbersOfAnySize) {
  Check({
      {{"expr", "9223372036854775807", "+", "1"}, "", "9223372036854775808\n"},
      {{"expr", "-7", "/", "2"}, "", "-3\n"},
      {{"expr", "99999999999999999999", ">", "100000000000000000000"}, "", "0\n", 1},
      {{"expr", "100000000000", "*", "100000000000"}, "", "10000000000000000000000\n"},
      {{"expr", "00"}, "", "00\n", 1},
      {{"expr", "length"}, "", "", 2, true},
      {{"expr", "1", "%", "0"}, "", "", 2, true},
      {{"seq", "99999999999999999999", "100000000000000000000"},
       "",
       "99999999999999999999\n100000000000000000000\n"},
      {{"seq", "1e3", "1001"}, "", "1000\n1001\n"},
      {{"seq", "-f", "%x", "1"}, "", "", 1, true},
  });
}

TEST_F(TextTest, SplitMakesChunks) {
  const std::string ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
  machine_.WriteFile("/ten", ten);
  machine_.WriteFile("/letters", "abcdefghij");
  Check({
      {{"split", "-n", "l/2/3", "/ten"}, "", "5\n6\n7\n"},
      {{"split", "-n", "r/1/2"}, ten, "1\n3\n5\n7\n9\n"},
      {{"split", "-n", "2/5", "/letters"}, "", "cd"},
      {{"split", "-n", "2/5"}, ten, "", 1, true},
      {{"split", "-n", "r/3", "-", "r"}, "1\n2\n3\n4\n", ""},
      {{"split", "-2", "-", "o"}, "1\n2\n3\n", ""},
      {{"split", "-n", "4/3"}, ten, "", 1, true},
      {{"split", "-l", "1", "-b", "1"}, ten, "", 1, true},
      {{"split", "-n", "x"}, ten, "", 1, true},
  });
  EXPECT_EQ(machine_.ReadFile("/raa"), "1\n4\n");
  EXPECT_EQ(machine_.ReadFile("/rac"), "3\n");
  EXPECT_EQ(machine_.ReadFile("/oab"), "3\n");
}

TEST_F(TextTest, RareOptionsOfTextProgramsAct) {
  Check({
      {{"tac", "-r", "-s", "[0-9]"}, "a1b2c3", "c3b2a1"},
      {{"cut", "-d\n", "-f1"}, "l1\nl2\n", "l1\n"},
      {{"cut", "-d", "\n", "-f2-"}, "l1\nl2\nl3\n", "l2\nl3\n"},
      {{"expand", "-t", "3,+4"}, "a\tb\tc\n", "a  b   c\n"},
      {{"expand", "-t", "x"}, "", "", 1, true},
      {{"join", "-z", "-", "/dev/null"}, "", ""},
      {{"tee", "--output-error=warn"}, "a", "a"},
      {{"tee", "--output-error=nope"}, "a", "", 1, true},
  });
}

}  // namespace
}  // namespace computesdk::in_memory
