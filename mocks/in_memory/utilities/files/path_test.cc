#include "mocks/in_memory/utilities/files/path.h"

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class PathProgramsTest : public testing::TestWithParam<ProgramCase> {};

TEST_P(PathProgramsTest, PrintsWhatGnuPrints) {
  TestMachine machine(AddPathPrograms);
  machine.WriteFile("/d/f", "");
  machine.kernel().WithTurn([](FileSystem& files) {
    (void)files.MakeSymlink("d", "/l");
    (void)files.MakeSymlink("nowhere", "/broken");
    (void)files.MakeSymlink("loop", "/loop");
  });
  const ProgramCase& row = GetParam();
  const ProgramResult result = machine.Run(row.args, row.input);
  EXPECT_EQ(result.output, row.output);
  EXPECT_EQ(result.code, row.code);
}

INSTANTIATE_TEST_SUITE_P(
    All, PathProgramsTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"basename", "/a/b.txt"}, "", "b.txt\n"},
        {{"basename", "/a/b.txt", ".txt"}, "", "b\n"},
        {{"basename", "/a/.txt", ".txt"}, "", ".txt\n"},
        {{"basename", "a/b/"}, "", "b\n"},
        {{"basename", "//"}, "", "/\n"},
        {{"basename", ""}, "", "\n"},
        {{"basename", "-s", ".c", "a.c", "x/b.c"}, "", "a\nb\n"},
        {{"basename", "-a", "a/b", "c"}, "", "b\nc\n"},
        {{"basename"}, "", "", 1},
        {{"dirname", "/a/b", "a", "/a", "a//b//", "/"}, "", "/a\n.\n/\na\n/\n"},
        {{"readlink", "/l"}, "", "d\n"},
        {{"readlink", "-n", "/l"}, "", "d"},
        {{"readlink", "/d/f"}, "", "", 1},
        {{"readlink", "-f", "/l/f"}, "", "/d/f\n"},
        {{"readlink", "-f", "/l/new"}, "", "/d/new\n"},
        {{"readlink", "-f", "/l/new/er"}, "", "", 1},
        {{"readlink", "-f", "/broken"}, "", "/nowhere\n"},
        {{"readlink", "-e", "/broken"}, "", "", 1},
        {{"readlink", "-m", "/x/../y/./z"}, "", "/y/z\n"},
        {{"readlink", "-f", "/loop"}, "", "", 1},
        {{"realpath", "/l/../d/./f"}, "", "/d/f\n"},
        {{"realpath", "-e", "/none"}, "", "", 1},
        {{"realpath", "-s", "/l/../x"}, "", "/x\n"},
        {{"realpath", "-m", "a//b"}, "", "/a/b\n"},
        {{"realpath", "--relative-to=/d/e", "/d/f"}, "", "../f\n"},
        {{"realpath", "--relative-to=/d", "/d"}, "", ".\n"},
        {{"realpath", "-m", "--relative-base=/d", "/d/x", "/y"}, "", "x\n/y\n"},
        {{"pathchk", "a/b"}, "", ""},
        {{"pathchk", "-p", "a b"}, "", "", 1},
    }));

TEST(PathTest, FindsTheWayBetweenPaths) {
  EXPECT_EQ(PathBetween("/a/b", "/a/c/d"), "../c/d");
  EXPECT_EQ(PathBetween("/", "/a"), "a");
  EXPECT_EQ(PathBetween("/a", "/"), "..");
  EXPECT_EQ(NormalisedPath("/a/./b/../../.."), "/");
}

}  // namespace
}  // namespace computesdk::in_memory
