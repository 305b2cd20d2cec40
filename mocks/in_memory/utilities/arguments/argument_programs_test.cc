#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class ArgumentProgramsTest : public testing::Test {
 protected:
  ArgumentProgramsTest() : machine_(AddArgumentPrograms, AddSystemPrograms) {}

  TestMachine machine_;
};

TEST_F(ArgumentProgramsTest, GetoptSortsAndQuotes) {
  ExpectPrograms(
      machine_,
      {{{"getopt", "-o", "ab:c::", "-l", "long,with:", "--", "-a", "it's", "-bx", "-c", "--with=v",
         "--lo", "rest"},
        "",
        " -a -b 'x' -c '' --with 'v' --long -- 'it'\\''s' 'rest'\n"},
       {{"getopt", "ab:", "-a", "-bq", "r"}, "", " -a -b q -- r\n"},
       {{"getopt", "-o", "+a", "--", "x", "-a"}, "", " -- 'x' '-a'\n"},
       {{"getopt", "-a", "-o", "f", "-l", "foo", "--", "-foo", "-f"}, "", " --foo -f --\n"},
       {{"getopt", "-T"}, "", "", 4},
       {{"getopt", "-q", "-o", "a", "--", "-b"}, "", " --\n", 1},
       {{"getopt", "-o", "a", "--", "-b"}, "", " --\n", 1, true},
       {{"getopt"}, "", "", 2, true}});
}

TEST_F(ArgumentProgramsTest, FlockRunsACommandAndGivesItsCode) {
  ExpectPrograms(machine_, {{{"flock", "/lock", "echo", "hi"}, "", "hi\n"},
                            {{"flock", "/lock", "test", "a", "=", "b"}, "", "", 1},
                            {{"flock", "/nope/lock", "echo"}, "", "", 66, true},
                            {{"flock", "/lock", "nope"}, "", "", 69, true},
                            {{"flock", "9"}, "", "", 65, true},
                            {{"flock"}, "", "", 64, true}});
}

TEST_F(ArgumentProgramsTest, FlockGivesUpWhereAnotherHasTheLock) {
  ExpectPrograms(
      machine_,
      {{{"flock", "/lock", "flock", "-n", "-E", "7", "/lock", "echo", "no"}, "", "", 7},
       {{"flock", "/lock", "flock", "-w", "0.01", "/lock", "echo", "no"}, "", "", 1},
       {{"flock", "-s", "/lock", "flock", "-s", "-n", "/lock", "echo", "both"}, "", "both\n"}});
}

TEST_F(ArgumentProgramsTest, APagerCopiesWhereThereIsNoTerminal) {
  ExpectPrograms(machine_, {{{"less", "-NR", "+3"}, "a\nb\n", "a\nb\n"},
                            {{"less", "/none"}, "", "/none: No such file or directory\n"},
                            {{"more"}, "a\n", "a\n"},
                            {{"stty", "-echo"}, "", "", 1, true},
                            {{"stty", "bogus"}, "", "", 1, true}});
}

TEST_F(ArgumentProgramsTest, EnvsubstReplacesVariables) {
  ExpectPrograms(machine_,
                 {{{"envsubst"}, "[$PATH] ${NOPE_X} $1 ${A:-b} $", "[/usr/bin:/bin]  $1 ${A:-b} $"},
                  {{"envsubst", "$OTHER"}, "$PATH $OTHER\n", "$PATH \n"},
                  {{"envsubst", "-v", "$A ${B}"}, "", "A\nB\n"}});
}

TEST_F(ArgumentProgramsTest, TputNeedsATerminalItKnows) {
  ExpectPrograms(machine_,
                 {{{"tput", "cols"}, "", "", 2, true},
                  {{"tput", "-T", "xterm", "cols"}, "", "80\n"},
                  {{"tput", "-T", "xterm-256color", "setaf", "200"}, "", "\033[38;5;200m"},
                  {{"tput", "-T", "dumb", "bold"}, "", "", 1},
                  {{"tput", "-T", "dumb", "colors"}, "", "-1\n"},
                  {{"tput", "-T", "nope", "bold"}, "", "", 3, true},
                  {{"tput", "-T", "xterm", "nope"}, "", "", 4, true}});
}

TEST_F(ArgumentProgramsTest, TellsSettings) {
  ExpectPrograms(machine_, {{{"getconf", "PAGE_SIZE"}, "", "4096\n"},
                            {{"getconf", "NAME_MAX", "/"}, "", "255\n"},
                            {{"getconf", "NOPE"}, "", "", 2, true},
                            {{"getent", "passwd", "root"}, "", "root:x:0:0:root:/root:/bin/bash\n"},
                            {{"getent", "hosts", "localhost"}, "", "127.0.0.1       localhost\n"},
                            {{"getent", "group", "nope"}, "", "", 2},
                            {{"getent", "nope"},
                             "",
                             "Try `getent --help' or `getent --usage' for more information.\n",
                             1,
                             true},
                            {{"locale", "charmap"}, "", "ANSI_X3.4-1968\n"},
                            {{"locale", "-k", "decimal_point"}, "", "decimal_point=\".\"\n"},
                            {{"locale", "nope"}, "", "", 1, true}});
}

}  // namespace
}  // namespace computesdk::in_memory
