#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class TextLayoutTest : public testing::Test {
 protected:
  TextLayoutTest() : machine_(AddLayoutPrograms) {}
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(TextLayoutTest, ColumnAlignsTables) {
  Check({
      {{"column", "-t"}, "a bb ccc\ndddd e\n\nf g h\n", "a     bb  ccc\ndddd  e   \nf     g   h\n"},
      {{"column", "-t", "-s:", "-o", " | "},
       "a:bb::c\ndd:e:f",
       "a  | bb |   | c\ndd | e  | f | \n"},
      {{"column", "-t", "-N", "A,B", "-R", "B"}, "x 1\ny 22\n", "A   B\nx   1\ny  22\n"},
      {{"column", "-t", "-s,", "-H", "2", "-O", "3"}, "a,b,c\n", "c  a\n"},
      {{"column", "-t", "-s,", "-l", "2"}, "a,b,c\n", "a  b,c\n"},
      {{"column", "-t"}, "\xc3\xa9 x\nab y\n", "\xc3\xa9   x\nab  y\n"},
      {{"column", "-t", "-R", "Z"}, "a\n", "", 1, true},
      {{"column", "-H", "1"}, "a\n", "", 1, true},
      {{"column", "-t", "nofile"}, "", "", 1, true},
      {{"column", "-t"}, "", ""},
  });
}

TEST_F(TextLayoutTest, ColumnPrintsJson) {
  Check({{{"column", "-J", "-n", "t", "-N", "A,b"},
          "1 \"x\n",
          "{\n   \"t\": [\n      {\n         \"a\": \"1\",\n         \"b\": \"\\\"x\"\n      }\n   "
          "]\n}\n"},
         {{"column", "-J"}, "a\n", "", 1, true},
         {{"column", "-J", "-N", "a"}, "1 2\n", "", 1, true}});
}

TEST_F(TextLayoutTest, ColumnFillsColumns) {
  Check({{{"column", "-c", "20"}, "1\n2\n3\n4\n5\n", "1\t4\n2\t5\n3\n"},
         {{"column", "-x", "-c", "20"}, "1\n2\n3\n4\n5\n", "1\t2\n3\t4\n5\n"},
         {{"column", "-c", "x"}, "1\n", "", 1, true},
         {{"column"}, "", ""}});
}

TEST_F(TextLayoutTest, FmtFillsLines) {
  Check({
      {{"fmt", "-w", "15"},
       "one two three four five six seven eight nine ten\n",
       "one two three\nfour five six\nseven eight\nnine ten\n"},
      {{"fmt"}, "x\ny\n\nz", "x y\n\nz\n"},
      {{"fmt", "-p", "#"}, "# x y\n# z\nother\n", "# x y z\nother\n"},
      {{"fmt", "-s", "-w", "12"},
       "long line split only\nshort\n",
       "long line\nsplit only\nshort\n"},
      {{"fmt", "-u"}, "a  b.  c   d\n", "a b.  c d\n"},
      {{"fmt", "-c", "-w", "18"},
       "para one\n  hang two\n  hang three\n",
       "para one hang two\n  hang three\n"},
      {{"fmt", "-2"}, "a b c\n", "a\nb\nc\n"},
      {{"fmt", "-w", "3000"}, "", "", 1, true},
      {{"fmt", "nofile"}, "", "", 1, true},
      {{"fmt"}, "", ""},
  });
}

TEST_F(TextLayoutTest, FmtLaysOutParagraphsOfAnyLength) {
  std::string words;
  for (int i = 0; i < 5000; ++i) words += std::to_string(i) + " ";
  const std::string output = machine_.Run({"fmt"}, words).output;
  std::string joined = output;
  for (char& c : joined) c = c == '\n' ? ' ' : c;
  EXPECT_EQ(joined, words);
}

TEST_F(TextLayoutTest, ColUndoesOverprinting) {
  Check({
      {{"col", "-b"}, "_\bu_\bn\nabc\rX\n", "un\nXbc\n"},
      {{"col"}, "a\bb\n", "a\bb\n"},
      {{"col", "-x"}, "a\tb\n", "a       b\n"},
      {{"col"}, "a       b\nx\n\ny\n", "a\tb\nx\n\ny\n"},
      {{"col", "-b"}, "no newline", "no newline\n"},
      {{"col", "-l", "x"}, "", "", 1, true},
      {{"col"}, "", ""},
  });
}

TEST_F(TextLayoutTest, PrPutsLinesIntoColumns) {
  machine_.WriteFile("/x", "a\nb\n");
  machine_.WriteFile("/y", "1\n2\n3\n");
  Check({
      {{"pr", "-t", "-2"}, "1\n2\n3\n", "1\t\t\t\t    3\n2\n"},
      {{"pr", "-t", "-2", "-a", "-w", "20"}, "1\n2\n3\n", "1\t  2\n3\n"},
      {{"pr", "-mts,", "x", "y"}, "", "a,1\nb,2\n,3\n"},
      {{"pr", "-t", "-n:2", "-o", "1", "x"}, "", "  1:a\n  2:b\n"},
      {{"pr", "-t", "-3", "-w", "10"}, "abcdefghij\nk\nl\n", "ab k  l\n"},
      {{"pr", "-m", "-2", "x", "y"}, "", "", 1, true},
      {{"pr", "-t", "-w", "x"}, "", "", 1, true},
      {{"pr", "nofile"}, "", "", 1, true},
      {{"pr", "-r", "nofile"}, "", "", 1},
      {{"pr"}, "", ""},
  });
}

TEST_F(TextLayoutTest, PrHasPages) {
  const std::string head = "\n\n2020" + std::string(19, ' ') + "T" + std::string(20, ' ') + "Page ";
  Check({{{"pr", "-l", "12", "-w", "50", "-h", "T", "-D", "2020"},
          "1\n2\n3\n",
          head + "1\n\n\n1\n2\n\n\n\n\n\n" + head + "2\n\n\n3\n\n\n\n\n\n\n"},
         {{"pr", "-t", "-e4", "-d"}, "a\tb\n", "a   b\n\n"},
         {{"pr", "-t"}, "a\f\nb\nc\f", "a\n\fb\nc\n\f"},
         {{"pr", "-T"}, "a\fb\n", "a\nb\n"}});
}

}  // namespace
}  // namespace computesdk::in_memory
