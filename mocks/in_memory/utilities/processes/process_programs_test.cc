#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class ProcessProgramsTest : public testing::Test {
 protected:
  ProcessProgramsTest() : machine_(AddProcessPrograms, AddSystemPrograms, AddTimePrograms) {}

  // A process that sleeps until the machine ends; its pid.
  std::string StartSleeper() {
    SpawnOptions options;
    options.args = {"sleep", "1000"};
    const auto pid =
        machine_.kernel().Start(std::move(options), machine_.kernel().programs().at("sleep"));
    return std::to_string(pid.value_or(0));
  }
  TestMachine machine_;
};

TEST_F(ProcessProgramsTest, PsShowsWhatRuns) {
  const std::string pid = StartSleeper();
  EXPECT_EQ(machine_.Run({"ps", "-p", pid, "-o", "args="}).output, "sleep 1000\n");
  EXPECT_EQ(machine_.Run({"ps", "-o", "comm=", "-p", pid}).output, "sleep\n");
  const std::string all = machine_.Run({"ps", "-ef"}).output;
  EXPECT_EQ(all.substr(0, all.find('\n')),
            "UID          PID    PPID  C STIME TTY          TIME CMD");
  EXPECT_NE(all.find("sleep 1000"), std::string::npos);
  EXPECT_NE(machine_.Run({"ps", "aux"}).output.find("sleep 1000"), std::string::npos);
  EXPECT_EQ(machine_.Run({"ps", "-p", "99999"}).code, 1);
  EXPECT_EQ(machine_.Run({"ps", "-o", "nonsense"}).code, 1);
}

TEST_F(ProcessProgramsTest, PgrepFindsAndPkillEnds) {
  const std::string pid = StartSleeper();
  EXPECT_EQ(machine_.Run({"pgrep", "slee"}).output, pid + "\n");
  EXPECT_EQ(machine_.Run({"pgrep", "-fa", "1000$"}).output, pid + " sleep 1000\n");
  EXPECT_EQ(machine_.Run({"pgrep", "-x", "slee"}).code, 1);
  EXPECT_EQ(machine_.Run({"pidof", "sleep"}).output, pid + "\n");
  EXPECT_EQ(machine_.Run({"pkill", "-KILL", "-f", "sleep 1"}).code, 0);
  EXPECT_EQ(machine_.Run({"sleep", "0.05"}).code, 0);
  EXPECT_EQ(machine_.Run({"pgrep", "sleep"}).code, 1);
  EXPECT_EQ(machine_.Run({"killall", "sleep"}).errors, "sleep: no process found\n");
}

TEST_F(ProcessProgramsTest, CommandsRunUnderOthers) {
  ExpectPrograms(machine_, {{{"nohup", "echo", "a", "-n"}, "", "a -n\n"},
                            {{"nohup"}, "", "", 125, true},
                            {{"nohup", "no-such"}, "", "", 127, true},
                            {{"nice", "-n", "5", "echo", "b"}, "", "b\n"},
                            {{"nice", "-5", "echo", "b"}, "", "b\n"},
                            {{"nice", "-n", "x", "echo"}, "", "", 125, true},
                            {{"nice"}, "", "0\n"},
                            {{"stdbuf", "-oL", "echo", "c"}, "", "c\n"},
                            {{"stdbuf", "echo"}, "", "", 125, true},
                            {{"setsid", "-w", "test", ""}, "", "", 1},
                            {{"setsid", "no-such"}, "", "", 127, true}});
}

TEST_F(ProcessProgramsTest, PsKnowsTimesNicenessAndOrder) {
  const std::string first = StartSleeper();
  const std::string second = StartSleeper();
  EXPECT_EQ(machine_.Run({"ps", "-C", "sleep", "-o", "pid=", "--sort=-pid"}).output.find(second) <
                machine_.Run({"ps", "-C", "sleep", "-o", "pid=", "--sort=-pid"}).output.find(first),
            true);
  EXPECT_EQ(machine_.Run({"ps", "-p", first, "-o", "etimes="}).output.back(), '\n');
  EXPECT_EQ(machine_.Run({"nice", "-n", "5", "ps", "-C", "ps", "-o", "ni=,stat="}).output,
            "  5 RNs\n");
  EXPECT_EQ(machine_.Run({"nice", "-n", "5", "nice"}).output, "5\n");
  EXPECT_EQ(machine_.Run({"ps", "-u", "nosuch"}).code, 1);
  EXPECT_EQ(machine_.Run({"ps", "--sort=nonsense"}).code, 1);
  EXPECT_NE(machine_.Run({"ps", "-u", "root", "-o", "pid="}).output.find(first), std::string::npos);
}

TEST_F(ProcessProgramsTest, KillersTakeTheirOptions) {
  const std::string pid = StartSleeper();
  EXPECT_EQ(machine_.Run({"pgrep", "-u", "nosuch", "sleep"}).code, 2);
  EXPECT_EQ(machine_.Run({"pidof", "-o", pid, "sleep"}).code, 1);
  EXPECT_EQ(machine_.Run({"setsid", "-c", "true"}).code, 1);
  const ProgramResult killed = machine_.Run({"killall", "-v", "-w", "-I", "SLEEP"});
  EXPECT_EQ(killed.errors, "Killed sleep(" + pid + ") with signal 15\n");
  EXPECT_EQ(machine_.Run({"pgrep", "sleep"}).code, 1);
}

}  // namespace
}  // namespace computesdk::in_memory
