#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class ListingTest : public testing::TestWithParam<ProgramCase> {
 protected:
  ListingTest() {
    machine_.WriteFile("/w/b.txt", "bb");
    machine_.WriteFile("/w/a.c", std::string(5000, 'x'));
    machine_.WriteFile("/w/.hidden", "");
    machine_.WriteFile("/w/d/inner", "1");
    for (Words words :
         {Words{"ln", "-s", "b.txt", "/w/l"}, Words{"ln", "-s", "none", "/w/broken"},
          Words{"chmod", "755", "/w/b.txt"}, Words{"touch", "-d", "2020-01-02 03:04:05", "/w/a.c"},
          Words{"touch", "-d", "2021-01-02 03:04:05.5", "/w/b.txt"},
          Words{"touch", "-h", "-d", "2022-01-02", "/w/l", "/w/broken"},
          Words{"touch", "-d", "2023-11-12", "/w/d"}}) {
      EXPECT_EQ(machine_.Run(words).code, 0);
    }
  }
  TestMachine machine_{AddListingPrograms, AddFilePrograms};
};

TEST_P(ListingTest, PrintsWhatGnuPrints) {
  const ProgramCase& row = GetParam();
  const ProgramResult result = machine_.Run(row.args);
  EXPECT_EQ(result.output, row.output);
  EXPECT_EQ(result.code, row.code) << result.errors;
}

INSTANTIATE_TEST_SUITE_P(
    Ls, ListingTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"ls", "/w"}, "", "a.c\nb.txt\nbroken\nd\nl\n"},
        {{"ls", "-A", "/w"}, "", ".hidden\na.c\nb.txt\nbroken\nd\nl\n"},
        {{"ls", "-a", "/w/d"}, "", ".\n..\ninner\n"},
        {{"ls", "-r", "/w"}, "", "l\nd\nbroken\nb.txt\na.c\n"},
        {{"ls", "-t", "/w"}, "", "d\nbroken\nl\nb.txt\na.c\n"},
        {{"ls", "-S", "/w/a.c", "/w/b.txt", "/w/d/inner"}, "", "/w/a.c\n/w/b.txt\n/w/d/inner\n"},
        {{"ls", "-X", "/w"}, "", "broken\nd\nl\na.c\nb.txt\n"},
        {{"ls", "-F", "/w"}, "", "a.c\nb.txt*\nbroken@\nd/\nl@\n"},
        {{"ls", "-p", "/w"}, "", "a.c\nb.txt\nbroken\nd/\nl\n"},
        {{"ls", "-d", "/w"}, "", "/w\n"},
        {{"ls", "-m", "/w"}, "", "a.c, b.txt, broken, d, l\n"},
        {{"ls", "-C", "/w"}, "", "a.c  b.txt  broken  d  l\n"},
        {{"ls", "-Q", "/w/d"}, "", "\"inner\"\n"},
        {{"ls", "-R", "/w"}, "", "/w:\na.c\nb.txt\nbroken\nd\nl\n\n/w/d:\ninner\n"},
        {{"ls", "/w/d", "/w/a.c"}, "", "/w/a.c\n\n/w/d:\ninner\n"},
        {{"ls", "--color=never", "--group-directories-first", "/w"},
         "",
         "d\na.c\nb.txt\nbroken\nl\n"},
        // No terminal that is known to have colors.
        {{"ls", "--color=always", "/w/d", "-d"}, "", "/w/d\n"},
        {{"ls", "-l", "/w"},
         "",
         "total 16\n"
         "-rw-r--r-- 1 root root 5000 Jan  2  2020 a.c\n"
         "-rwxr-xr-x 1 root root    2 Jan  2  2021 b.txt\n"
         "lrwxrwxrwx 1 root root    4 Jan  2  2022 broken -> none\n"
         "drwxr-xr-x 2 root root 4096 Nov 12  2023 d\n"
         "lrwxrwxrwx 1 root root    5 Jan  2  2022 l -> b.txt\n"},
        {{"ls", "-lh", "--full-time", "/w/a.c"},
         "",
         "-rw-r--r-- 1 root root 4.9K 2020-01-02 03:04:05.000000000 +0000 /w/a.c\n"},
        {{"ls", "-ln", "--time-style=+%Y", "/w/a.c"}, "", "-rw-r--r-- 1 0 0 5000 2020 /w/a.c\n"},
        {{"ls", "-sh", "/w/a.c"}, "", "8.0K /w/a.c\n"},
        {{"ls", "/none"}, "", "", 2},
        {{"ls", "-y"}, "", "", 2},
    }));

INSTANTIATE_TEST_SUITE_P(
    StatAndDu, ListingTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"stat", "-c", "%n %s %a %A %F", "/w/a.c", "/w/d"},
         "",
         "/w/a.c 5000 644 -rw-r--r-- regular file\n/w/d 4096 755 drwxr-xr-x directory\n"},
        {{"stat", "-c", "%U:%G %u:%g %h %f %b %B %o", "/w/a.c"},
         "",
         "root:root 0:0 1 81a4 16 512 4096\n"},
        {{"stat", "-c", "%y|%Y|%.3Y", "/w/b.txt"},
         "",
         "2021-01-02 03:04:05.500000000 +0000|1609556645|1609556645.500\n"},
        {{"stat", "-c", "%N %F", "/w/l"}, "", "'/w/l' -> 'b.txt' symbolic link\n"},
        {{"stat", "-L", "-c", "%F|%05a|%-6s|", "/w/l"}, "", "regular file|00755|2     |\n"},
        {{"stat", "--printf", "%s\\n%%", "/w/b.txt"}, "", "2\n%"},
        {{"stat", "/none"}, "", "", 1},
        {{"du", "-a", "/w/d"}, "", "4\t/w/d/inner\n8\t/w/d\n"},
        {{"du", "-sb", "/w/a.c"}, "", "5000\t/w/a.c\n"},
        {{"du", "-sh", "/w/a.c"}, "", "8.0K\t/w/a.c\n"},
        {{"du", "-sc", "/w/a.c", "/w/b.txt"}, "", "8\t/w/a.c\n4\t/w/b.txt\n12\ttotal\n"},
        {{"du", "/none"}, "", "", 1},
        {{"du", "-at", "8K", "/w/d"}, "", "8\t/w/d\n"},
        {{"du", "--inodes", "/w/d"}, "", "2\t/w/d\n"},
        {{"du", "--time", "--time-style=+%Y", "/w/b.txt"}, "", "4\t2021\t/w/b.txt\n"},
        {{"stat", "-f", "-c", "%n %l %T %s", "/w"}, "", "/w 255 tmpfs 4096\n"},
        {{"df", "--output=source,target", "/w"},
         "",
         "Filesystem     Mounted on\nmemory         /\n"},
        {{"df", "--output=nope", "/w"}, "", "", 1},
        {{"df", "-t", "ext4", "/w"}, "", "", 1},
    }));

INSTANTIATE_TEST_SUITE_P(
    LsOptions, ListingTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"ls", "--block-size=K", "-s", "-1", "/w/a.c"}, "", "8K /w/a.c\n"},
        {{"ls", "--zero", "/w/d"}, "", std::string("inner\0", 6)},
        {{"ls", "--quoting-style=shell-always", "/w/d"}, "", "'inner'\n"},
        {{"ls", "--quoting-style=c", "/w/d"}, "", "\"inner\"\n"},
        {{"ls", "--author", "-l", "-n", "--time-style=+", "/w/b.txt"},
         "",
         "-rwxr-xr-x 1 0 0 0 2  /w/b.txt\n"},
        {{"vdir", "--time-style=+%Y", "/w/b.txt"}, "", "-rwxr-xr-x 1 root root 2 2021 /w/b.txt\n"},
        {{"ls", "--quoting-style=bad"}, "", "", 1},
        {{"ls", "--time-style=bad", "-l"}, "", "", 2},
    }));

}  // namespace
}  // namespace computesdk::in_memory
