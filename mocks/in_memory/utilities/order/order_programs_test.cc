#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class OrderProgramsTest : public testing::Test {
 protected:
  OrderProgramsTest() : machine_(AddOrderPrograms) {
    machine_.WriteFile("/f", "1\n2\nmark\n4\n5\nmark\n7\n");
  }

  TestMachine machine_;
};

TEST_F(OrderProgramsTest, CsplitSplitsAtLinesAndMatches) {
  ExpectPrograms(machine_, {{{"csplit", "/f", "3"}, "", "4\n16\n"},
                            {{"csplit", "/f", "/mark/", "{1}"}, "", "4\n9\n7\n"},
                            {{"csplit", "-f", "p", "-n", "1", "/f", "/mark/+1"}, "", "9\n11\n"}});
  EXPECT_EQ(machine_.ReadFile("/xx01"), "mark\n4\n5\n");
  EXPECT_EQ(machine_.ReadFile("/p1"), "4\n5\nmark\n7\n");
}

TEST_F(OrderProgramsTest, CsplitLeavesPartsOut) {
  ExpectPrograms(machine_, {{{"csplit", "-s", "--suppress-matched", "/f", "/mark/", "{*}"}, "", ""},
                            {{"csplit", "-z", "-f", "z", "/f", "%5%", "/mark/"}, "", "2\n7\n"}});
  EXPECT_EQ(machine_.ReadFile("/xx02"), "7\n");
}

TEST_F(OrderProgramsTest, CsplitRemovesWhatItMadeWhereItFails) {
  const ProgramResult result = machine_.Run({"csplit", "/f", "3", "/nope/"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(machine_.ReadFile("/xx00"), "(no file)");
  EXPECT_EQ(machine_.Run({"csplit", "-k", "/f", "3", "/nope/"}).code, 1);
  EXPECT_EQ(machine_.ReadFile("/xx00"), "1\n2\n");
}

TEST_F(OrderProgramsTest, TsortPutsFirstWhatComesFirst) {
  ExpectPrograms(machine_, {{{"tsort"}, "b c a b\nx x\n", "a\nx\nb\nc\n"},
                            {{"tsort"}, "a b c\n", "", 1, true}});
}

TEST_F(OrderProgramsTest, TsortNamesALoopAndBreaksIt) {
  const ProgramResult result = machine_.Run({"tsort"}, "a b\nb c\nc a\n");
  EXPECT_EQ(result.output, "a\nb\nc\n");
  EXPECT_EQ(result.errors, "tsort: -: input contains a loop:\ntsort: a\ntsort: b\ntsort: c\n");
  EXPECT_EQ(result.code, 1);
}

}  // namespace
}  // namespace computesdk::in_memory
