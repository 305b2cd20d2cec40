#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class FindTest : public testing::TestWithParam<ProgramCase> {
 protected:
  FindTest() {
    machine_.WriteFile("/w/a.txt", "aaa");
    machine_.WriteFile("/w/empty", "");
    machine_.WriteFile("/w/d/b.TXT", std::string(3000, 'b'));
    machine_.WriteFile("/w/d/e/c.sh", "c");
    machine_.WriteFile("/list", "one two\n'three four'  fi\\ ve\n");
    for (Words words :
         {Words{"ln", "-s", "a.txt", "/w/l"}, Words{"chmod", "755", "/w/d/e/c.sh"},
          Words{"touch", "-d", "2020-01-02 03:04:05", "/w/a.txt"}, Words{"mkdir", "/w/void"}}) {
      EXPECT_EQ(machine_.Run(words).code, 0);
    }
  }
  TestMachine machine_{AddFindPrograms, AddFilePrograms, AddSystemPrograms};
};

TEST_P(FindTest, PrintsWhatGnuPrints) {
  const ProgramCase& row = GetParam();
  const ProgramResult result = machine_.Run(row.args, row.input);
  EXPECT_EQ(result.output, row.output) << result.errors;
  EXPECT_EQ(result.code, row.code) << result.errors;
}

INSTANTIATE_TEST_SUITE_P(
    Tests, FindTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"find", "/w"},
         "",
         "/w\n/w/a.txt\n/w/d\n/w/d/b.TXT\n/w/d/e\n/w/d/e/c.sh\n/w/empty\n/w/l\n/w/void\n"},
        {{"find", "/w", "-name", "*.txt"}, "", "/w/a.txt\n"},
        {{"find", "/w", "-iname", "*.txt"}, "", "/w/a.txt\n/w/d/b.TXT\n"},
        {{"find", "/w", "-path", "*/d/*"}, "", "/w/d/b.TXT\n/w/d/e\n/w/d/e/c.sh\n"},
        {{"find", "/w", "-regex", ".*/[ab]\\.\\(txt\\|TXT\\)"}, "", "/w/a.txt\n/w/d/b.TXT\n"},
        {{"find", "/w", "-regextype", "posix-extended", "-regex", ".*(sh|txt)"},
         "",
         "/w/a.txt\n/w/d/e/c.sh\n"},
        {{"find", "/w", "-type", "d"}, "", "/w\n/w/d\n/w/d/e\n/w/void\n"},
        {{"find", "/w", "-type", "l,d", "-maxdepth", "1"}, "", "/w\n/w/d\n/w/l\n/w/void\n"},
        {{"find", "/w", "-size", "+1k", "-type", "f"}, "", "/w/d/b.TXT\n"},
        {{"find", "/w", "-size", "3c"}, "", "/w/a.txt\n"},
        {{"find", "/w", "-empty"}, "", "/w/empty\n/w/void\n"},
        {{"find", "/w", "-mindepth", "2", "-maxdepth", "2"}, "", "/w/d/b.TXT\n/w/d/e\n"},
        {{"find", "/w", "-type", "f", "-perm", "/111"}, "", "/w/d/e/c.sh\n"},
        {{"find", "/w", "-mtime", "+100"}, "", "/w/a.txt\n"},
        {{"find", "/w", "-type", "f", "!", "-newermt", "2021-01-01"}, "", "/w/a.txt\n"},
        {{"find", "/w", "-newer", "/w/a.txt", "-name", "em*"}, "", "/w/empty\n"},
        {{"find", "/w", "(", "-name", "a*", "-o", "-name", "c*", ")", "-type", "f"},
         "",
         "/w/a.txt\n/w/d/e/c.sh\n"},
        {{"find", "/w", "-name", "d", "-prune", "-o", "-type", "f", "-print"},
         "",
         "/w/a.txt\n/w/empty\n"},
        {{"find", "/w/d", "-depth"}, "", "/w/d/b.TXT\n/w/d/e/c.sh\n/w/d/e\n/w/d\n"},
        {{"find", "-L", "/w", "-type", "f", "-name", "l"}, "", "/w/l\n"},
        {{"find", "/w", "-type", "f", "-quit"}, "", ""},
        {{"find", "/w", "-type", "f", "-print", "-quit"}, "", "/w/a.txt\n"},
        {{"find", "/none"}, "", "", 1},
        {{"find", "/w", "-nonsense"}, "", "", 1},
        {{"find", "/w", "-name"}, "", "", 1},
        {{"find", "/w", "("}, "", "", 1},
    }));

INSTANTIATE_TEST_SUITE_P(
    Actions, FindTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"find", "/w", "-name", "*.sh", "-print0"}, "", std::string("/w/d/e/c.sh\0", 12)},
        {{"find", "/w/a.txt", "-printf", "%p %f %h %s %m %M %y %d|%T@|%TY-%Tm\\n"},
         "",
         "/w/a.txt a.txt /w 3 644 -rw-r--r-- f 0|1577934245.0000000000|2020-01\n"},
        {{"find", "/w/l", "-printf", "%y %Y %l %5s|%-4d|\\n"}, "", "l f a.txt     5|0   |\n"},
        {{"find", "/w/d", "-printf", "[%P]"}, "", "[][b.TXT][e][e/c.sh]"},
        {{"find", "/w", "-type", "f", "-name", "[ac]*", "-exec", "echo", "<{}>", ";"},
         "",
         "</w/a.txt>\n</w/d/e/c.sh>\n"},
        {{"find", "/w", "-type", "f", "-name", "[ac]*", "-exec", "echo", "{}", "+"},
         "",
         "/w/a.txt /w/d/e/c.sh\n"},
        {{"find", "/w", "-name", "c.sh", "-execdir", "echo", "{}", ";"}, "", "./c.sh\n"},
        {{"find", "/w", "-type", "f", "-exec", "test", "-x", "{}", ";", "-print"},
         "",
         "/w/d/e/c.sh\n"},
        {{"find", "/w/d", "-delete", "-print"}, "", "/w/d/b.TXT\n/w/d/e/c.sh\n/w/d/e\n/w/d\n"},
        {{"find", "/w", "-exec", "echo"}, "", "", 1},
        {{"find", "-files0-from", "-", "-maxdepth", "0"},
         std::string("/w\0/w/d\0", 8),
         "/w\n/w/d\n"},
        {{"find", "/w", "-fstype", "ext4"}, "", ""},
        {{"find", "/w/a.txt", "-fstype", "tmpfs", "-printf", "%#m %f\\n"}, "", "0644 a.txt\n"},
        {{"find", "/w", "-perm", "+111"}, "", "", 1},
        {{"find", "/w", "-regextype", "nope"}, "", "", 1},
    }));

TEST(FindFilesTest, WritesWhatItFindsToFiles) {
  TestMachine machine(AddFindPrograms);
  machine.WriteFile("/w/a.txt", "aaa");
  machine.WriteFile("/w/d/b.TXT", std::string(3000, 'b'));
  EXPECT_EQ(machine
                .Run({"find", "/w", "-name", "a.txt", "-fprint", "/out", "-o", "-name", "b.TXT",
                      "-fprintf", "/sizes", "%s\\n"})
                .code,
            0);
  EXPECT_EQ(machine.ReadFile("/out"), "/w/a.txt\n");
  EXPECT_EQ(machine.ReadFile("/sizes"), "3000\n");
}

INSTANTIATE_TEST_SUITE_P(
    Xargs, FindTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"xargs"}, "a b\nc", "a b c\n"},
        {{"xargs", "-n", "2", "echo", "x"}, "a b c", "x a b\nx c\n"},
        {{"xargs", "-I{}", "echo", "<{}-{}>"}, "a b\n  c\n", "<a b-a b>\n<c-c>\n"},
        {{"xargs", "-0", "-n1"}, std::string("a b\0c\0", 6), "a b\nc\n"},
        {{"xargs", "-d", ",", "-n1"}, "a,b", "a\nb\n"},
        {{"xargs", "-n1"}, "'a b' \"c d\" e\\ f", "a b\nc d\ne f\n"},
        {{"xargs", "-L", "1"}, "a b\nc\n", "a b\nc\n"},
        {{"xargs", "-r"}, "", ""},
        {{"xargs"}, "", "\n"},
        {{"xargs", "-a", "/list", "-n1"}, "", "one\ntwo\nthree four\nfi ve\n"},
        {{"xargs", "-n1", "test", "-n"}, "a", ""},
        {{"xargs", "-n1", "test", "-z"}, "a b", "", 123},
        {{"xargs", "no-such-program"}, "a", "", 127},
        {{"xargs"}, "it's", "", 1},
        {{"xargs", "-n", "x"}, "", "", 1},
    }));

}  // namespace
}  // namespace computesdk::in_memory
