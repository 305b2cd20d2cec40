#include <chrono>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class TimeProgramsTest : public testing::TestWithParam<ProgramCase> {
 protected:
  TimeProgramsTest() {
    machine_.WriteFile("/f", "");
    machine_.Run({"touch", "-d", "@86400", "/f"});
  }
  TestMachine machine_{AddTimePrograms, AddSystemPrograms, AddFilePrograms};
};

TEST_P(TimeProgramsTest, PrintsWhatGnuPrints) {
  const ProgramCase& row = GetParam();
  const ProgramResult result = machine_.Run(row.args, row.input);
  EXPECT_EQ(result.output, row.output) << result.errors;
  EXPECT_EQ(result.code, row.code) << result.errors;
}

INSTANTIATE_TEST_SUITE_P(
    All, TimeProgramsTest,
    testing::ValuesIn(std::vector<ProgramCase>{
        {{"date", "-d", "@0"}, "", "Thu Jan  1 00:00:00 UTC 1970\n"},
        {{"date", "-u", "-d", "2024-02-28 + 2 days", "+%F"}, "", "2024-03-01\n"},
        {{"date", "-Iseconds", "-d", "@0"}, "", "1970-01-01T00:00:00+00:00\n"},
        {{"date", "-I", "-d", "@0"}, "", "1970-01-01\n"},
        {{"date", "--rfc-3339=seconds", "-d", "@0"}, "", "1970-01-01 00:00:00+00:00\n"},
        {{"date", "-R", "-d", "@0"}, "", "Thu, 01 Jan 1970 00:00:00 +0000\n"},
        {{"date", "-r", "/f", "+%s"}, "", "86400\n"},
        {{"env", "TZ=EST5EDT,M3.2.0,M11.1.0", "date", "-d", "2024-07-01 12:00 UTC", "+%H %Z %z"},
         "",
         "08 EDT -0400\n"},
        {{"env", "TZ=CET-1CEST,M3.5.0,M10.5.0/3", "date", "-d", "2024-03-31 02:30"}, "", "", 1},
        {{"date", "-d", "TZ=\"Asia/Tokyo\" 2024-07-01 09:00", "+%H %Z"}, "", "00 UTC\n"},
        {{"date", "-d", "@0", "-s", "2024-01-01"}, "", "", 1},
        {{"date", "-I", "-R"}, "", "", 1},
        {{"date", "-f", "-", "+%s"}, "@1\n@2\n", "1\n2\n"},
        {{"date", "-d", "nonsense"}, "", "", 1},
        {{"date", "nonsense"}, "", "", 1},
        {{"sleep", "0"}, "", ""},
        {{"sleep", "0.01", "0.01s"}, "", ""},
        {{"sleep", "x"}, "", "", 1},
        {{"sleep"}, "", "", 1},
        {{"timeout", "5", "echo", "hi"}, "", "hi\n"},
        {{"timeout", "0.02", "sleep", "20"}, "", "", 124},
        {{"timeout", "-s", "KILL", "0.02", "sleep", "20"}, "", "", 137},
        {{"timeout", "--preserve-status", "0.02", "sleep", "20"}, "", "", 143},
        {{"timeout", "-k", "1", "0.02", "sleep", "20"}, "", "", 124},
        {{"timeout", "1", "no-such-program"}, "", "", 127},
        {{"timeout", "x", "echo"}, "", "", 125},
        {{"timeout", "1"}, "", "", 125},
    }));

TEST_F(TimeProgramsTest, SleepTakesItsTime) {
  const auto start = std::chrono::steady_clock::now();
  machine_.Run({"sleep", "0.05"});
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(50));
}

}  // namespace
}  // namespace computesdk::in_memory
