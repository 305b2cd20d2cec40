#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class SystemProgramsTest : public testing::TestWithParam<ProgramCase> {};

TEST_P(SystemProgramsTest, PrintsWhatGnuPrints) {
  TestMachine machine(AddSystemPrograms);
  machine.WriteFile("/d/f", "x");
  machine.kernel().WithTurn([](FileSystem& files) { (void)files.MakeSymlink("/d/f", "/l"); });
  const ProgramCase& row = GetParam();
  const ProgramResult result = machine.Run(row.args, row.input);
  EXPECT_EQ(result.output, row.output) << result.errors;
  EXPECT_EQ(result.code, row.code) << result.errors;
}

INSTANTIATE_TEST_SUITE_P(Environment, SystemProgramsTest,
                         testing::ValuesIn(std::vector<ProgramCase>{
                             {{"env", "-i", "A=1", "B=x y"}, "", "A=1\nB=x y\n"},
                             {{"env", "-u", "PATH"}, "", ""},
                             {{"env", "A=1", "printenv", "A"}, "", "1\n"},
                             {{"env", "-C", "/d", "pwd"}, "", "/d\n"},
                             {{"env", "-S", "A='x y' printenv A"}, "", "x y\n"},
                             {{"env", "-0", "-i", "A=1"}, "", std::string("A=1\0", 4)},
                             {{"env", "no-such-program"}, "", "", 127},
                             {{"env", "-Z"}, "", "", 125},
                             {{"printenv", "PATH"}, "", "/usr/bin:/bin\n"},
                             {{"printenv", "NOTHING"}, "", "", 1},
                         }));

INSTANTIATE_TEST_SUITE_P(Machine, SystemProgramsTest,
                         testing::ValuesIn(std::vector<ProgramCase>{
                             {{"id"}, "", "uid=0(root) gid=0(root) groups=0(root)\n"},
                             {{"id", "-un"}, "", "root\n"},
                             {{"id", "-u", "root"}, "", "0\n"},
                             {{"id", "nobody-here"}, "", "", 1},
                             {{"whoami"}, "", "root\n"},
                             {{"groups"}, "", "root\n"},
                             {{"uname"}, "", "Linux\n"},
                             {{"uname", "-sm"}, "", "Linux x86_64\n"},
                             {{"hostname"}, "", "sandbox\n"},
                             {{"nproc"}, "", "1\n"},
                             {{"tty"}, "", "not a tty\n", 1},
                             {{"which", "echo"}, "", "/usr/bin/echo\n"},
                             {{"which", "nothing"}, "", "", 1},
                             {{"kill", "-l", "15", "HUP", "137"}, "", "TERM\n1\nKILL\n"},
                             {{"kill", "-0", "99999"}, "", "", 1},
                             {{"kill", "-NONSENSE", "1"}, "", "", 1},
                             {{"pwd"}, "", "/\n"},
                         }));

INSTANTIATE_TEST_SUITE_P(Test, SystemProgramsTest,
                         testing::ValuesIn(std::vector<ProgramCase>{
                             {{"test"}, "", "", 1},
                             {{"test", "x"}, "", ""},
                             {{"test", "-f", "/d/f"}, "", ""},
                             {{"test", "-d", "/d/f"}, "", "", 1},
                             {{"test", "-L", "/l"}, "", ""},
                             {{"test", "/d/f", "-ef", "/l"}, "", ""},
                             {{"test", "!", "-e", "/none"}, "", ""},
                             {{"test", "3", "-lt", "10"}, "", ""},
                             {{"test", "a", "=", "b"}, "", "", 1},
                             {{"test", "(", "a", "=", "a", ")", "-a", "-n", ""}, "", "", 1},
                             {{"test", "a", "-o", ""}, "", ""},
                             {{"test", "x", "-eq", "1"}, "", "", 2},
                             {{"[", "-z", "", "]"}, "", ""},
                             {{"[", "-z", ""}, "", "", 2},
                         }));

INSTANTIATE_TEST_SUITE_P(
    Printf, SystemProgramsTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"printf", "%s-%d\\n", "a", "1", "b", "2"}, "", "a-1\nb-2\n"},
        {{"printf", "%05.1f|%-4s|%x|%c", "3.14159", "ab", "255", "xyz"}, "", "003.1|ab  |ff|x"},
        {{"printf", "%b", "a\\tb\\0101\\cx"}, "", "a\tbA"},
        {{"printf", "%d", "'A"}, "", "65"},
        {{"printf", "%*d|", "5", "42"}, "", "   42|"},
        {{"printf", "\\x41\\101\\u00e9%%"}, "", "AA\u00e9%"},
        {{"printf", "%d", "12x"}, "", "12", 1},
        {{"printf"}, "", "", 1},
        {{"printf", "%s", "%d"}, "", "%d"},
        {{"echo", "a", "b"}, "", "a b\n"},
        {{"echo", "-n", "-e", "a\\tb"}, "", "a\tb"},
        {{"echo", "-x"}, "", "-x\n"},
        {{"echo", "-e", "a\\cb"}, "", "a"},
    }));

}  // namespace
}  // namespace computesdk::in_memory
