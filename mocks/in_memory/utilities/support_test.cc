#include "mocks/in_memory/utilities/support.h"

#include <chrono>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Prints each option as "letter=value;" and the operands in brackets.
int ShowOptions(Process& process) {
  Options options(process, "nk:t::",
                  {{"reverse", 'n'},
                   {"key", 'k', Options::kRequired},
                   {"keep", 1000},
                   {"tab", 't', Options::kOptional}},
                  2);
  Output out(process);
  while (auto option = options.Next()) {
    out << (option->letter < 256 ? std::string(1, static_cast<char>(option->letter)) : "keep");
    if (option->has_value) out << "=" << option->value;
    out << ";";
  }
  for (const std::string& operand : options.operands()) out << "[" << operand << "]";
  return out.Finish(0);
}

int CopyLines(Process& process) {
  Output out(process);
  Input in(process, 0);
  while (auto line = in.ReadLine()) out << *line << (in.ended() ? "|" : "$");
  return out.Finish(0);
}

void AddTestPrograms(ProgramTable& table) {
  table["show"] = ShowOptions;
  table["lines"] = CopyLines;
}

ProgramResult Show(Words words) {
  words.insert(words.begin(), "show");
  return TestMachine(AddTestPrograms).Run(std::move(words));
}

TEST(OptionsTest, GroupsShortLettersAndTakesAttachedValues) {
  EXPECT_EQ(Show({"-nk1", "-k", "2", "-t", "-tx"}).output, "n;k=1;k=2;t;t=x;");
}

TEST(OptionsTest, FindsLongNamesWhole_CutAndWithValues) {
  EXPECT_EQ(Show({"--rev", "--key=a", "--key", "b", "--tab=", "--keep"}).output,
            "n;k=a;k=b;t=;keep;");
}

TEST(OptionsTest, LetsOperandsStandBetweenAndEndsAtTwoDashes) {
  EXPECT_EQ(Show({"a", "-n", "-", "--", "-n"}).output, "n;[a][-][-n]");
}

TEST(OptionsTest, ComplainsOfWhatItDoesNotKnow) {
  EXPECT_EQ(Show({"-z"}).errors,
            "show: invalid option -- 'z'\nTry 'show --help' for more information.\n");
  EXPECT_EQ(Show({"--zero"}).code, 2);
  EXPECT_EQ(Show({"-k"}).code, 2);
  EXPECT_EQ(Show({"--ke"}).errors,
            "show: option '--ke' is ambiguous; possibilities: '--key' '--keep'\n"
            "Try 'show --help' for more information.\n");
  EXPECT_EQ(Show({"--reverse=1"}).code, 2);
}

TEST(InputTest, ReadsLinesOfAnyLengthAndTheOneWithoutAnEnd) {
  TestMachine machine(AddTestPrograms);
  const std::string line(100'000, 'x');
  EXPECT_EQ(machine.Run({"lines"}, "a\n\n" + line + "\nb").output, "a||" + line + "|b$");
  EXPECT_EQ(machine.Run({"lines"}, "").output, "");
}

TEST(QuotingTest, QuotesAsGnuDoes) {
  EXPECT_EQ(QuotedName("a"), "'a'");
  EXPECT_EQ(QuotedName("it's"), "\"it's\"");
  EXPECT_EQ(QuotedName("a\nb"), "'a'$'\\n''b'");
  EXPECT_EQ(ShownName("plain.txt"), "plain.txt");
  EXPECT_EQ(ShownName("a b"), "'a b'");
  EXPECT_EQ(ShownName(""), "''");
}

TEST(NumbersTest, ParsesIntegersSizesAndDurations) {
  EXPECT_EQ(ParseInteger("-12"), -12);
  EXPECT_EQ(ParseInteger("1x"), std::nullopt);
  EXPECT_EQ(ParseInteger("99999999999999999999"), INT64_MAX);
  EXPECT_EQ(ParseSize("10"), 10);
  EXPECT_EQ(ParseSize("2b"), 1024);
  EXPECT_EQ(ParseSize("10K"), 10240);
  EXPECT_EQ(ParseSize("1kB"), 1000);
  EXPECT_EQ(ParseSize("-1MiB"), -1048576);
  EXPECT_EQ(ParseSize("1X"), std::nullopt);
  EXPECT_EQ(ParseDuration("1.5"), milliseconds(1500));
  EXPECT_EQ(ParseDuration("2m"), seconds(120));
  EXPECT_EQ(ParseDuration("x"), std::nullopt);
  EXPECT_EQ(ParseDuration("-1"), std::nullopt);
}

int Counted(Process& process) {
  Options options(process, "k:nv::", {{"key", 'k', Options::kRequired}, {"zero", 256}});
  while (options.Next()) {
  }
  return 0;
}

TEST(OptionsTest, HelpListsWhatTheProgramTakes) {
  TestMachine machine([](ProgramTable& table) { table["counted"] = Counted; });
  EXPECT_EQ(machine.Run({"counted", "--help"}).output,
            "Usage: counted [OPTION]... [FILE]...\n  -k, --key=VALUE\n  -n\n  -v[VALUE]\n"
            "      --help\n      --version\n      --zero\n");
}

TEST(OptionsTest, VersionIsThatOfDebiansProgram) {
  TestMachine machine([](ProgramTable& table) {
    for (const char* name : {"ls", "sed", "awk", "tar", "grep"}) table[name] = Counted;
  });
  EXPECT_EQ(machine.Run({"ls", "--version"}).output, "ls (GNU coreutils) 9.1\n");
  EXPECT_EQ(machine.Run({"sed", "--version"}).output, "sed (GNU sed) 4.9\n");
  EXPECT_EQ(machine.Run({"tar", "--version"}).output, "tar (GNU tar) 1.34\n");
  EXPECT_EQ(machine.Run({"awk", "--version"}).output.substr(0, 13), "GNU Awk 5.2.1");
}

}  // namespace
}  // namespace computesdk::in_memory
