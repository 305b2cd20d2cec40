#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class NumberProgramsTest : public testing::Test {
 protected:
  NumberProgramsTest() : machine_(AddNumberPrograms) {}
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }
  // What bc answers to a program.
  std::string Bc(const std::string& program, Words options = {}) {
    Words args = {"bc"};
    args.insert(args.end(), options.begin(), options.end());
    const ProgramResult result = machine_.Run(args, program);
    return result.output + result.errors;
  }

  TestMachine machine_;
};

TEST_F(NumberProgramsTest, BcKeepsAsManyDigitsAsTheScaleSays) {
  EXPECT_EQ(Bc("10/3;scale=2;10/3;-1/3;1.5*1.25;0.1*0.1\n"), "3\n3.33\n-.33\n1.87\n.01\n");
  EXPECT_EQ(Bc("2^10;2^-1;2.5^3;-7%3;sqrt(2)\n"), "1024\n0\n15.6\n-1\n1\n");
}

TEST_F(NumberProgramsTest, BcHasNumbersOfAnySizeAndBreaksTheirLines) {
  EXPECT_EQ(Bc("99999999999999999999*99999999999999999999\n"),
            "9999999999999999999800000000000000000001\n");
  const std::string power = Bc("10^2000-1\n");
  EXPECT_EQ(power.substr(0, 71), std::string(68, '9') + "\\\n9");
  EXPECT_EQ(std::count(power.begin(), power.end(), '9'), 2000);
}

TEST_F(NumberProgramsTest, BcReadsAndPrintsOtherBases) {
  EXPECT_EQ(Bc("obase=2;10;.5;obase=16;255\n"), "1010\n.1000\nFF\n");
  EXPECT_EQ(Bc("ibase=16;FF;1A.C\n"), "255\n26.7\n");
  EXPECT_EQ(Bc("obase=100;12345.67\n"), " 01 23 45.67\n");
}

TEST_F(NumberProgramsTest, BcRunsFunctionsAndLoops) {
  EXPECT_EQ(
      Bc("define f(n) { auto t\nif (n <= 1) return (1)\nt = n * f(n-1)\nreturn (t) }\nf(25)\n"),
      "15511210043330985984000000\n");
  EXPECT_EQ(Bc("for (i=0;i<9;i++) { if (i==1) continue; if (i==3) break; i }\n"), "0\n2\n");
  EXPECT_EQ(Bc("define f(*a[]) { a[0]=5; }\nx=f(b[]);b[0]\n"), "5\n");
}

TEST_F(NumberProgramsTest, BcKnowsItsLibrary) {
  EXPECT_EQ(Bc("e(1);l(2);s(1);c(1);a(1);j(0,1)\n", {"-l"}),
            "2.71828182845904523536\n.69314718055994530941\n.84147098480789650665\n"
            ".54030230586813971740\n.78539816339744830961\n.76519768655796655144\n");
}

TEST_F(NumberProgramsTest, BcSaysWhatIsWrongAndGoesOn) {
  EXPECT_EQ(Bc("1/0;2\n3\n"), "3\nRuntime error (func=(main), adr=3): Divide by zero\n");
  EXPECT_EQ(Bc("1+\n2\n"), "2\n(standard_in) 2: syntax error\n");
  EXPECT_EQ(Bc("f(1)\n"), "Runtime error (func=(main), adr=3): Function f not defined.\n");
}

TEST_F(NumberProgramsTest, BcRefusesWhatWouldNeverEnd) {
  EXPECT_EQ(machine_.Run({"bc"}, "2^999999999999\n").code, 1);
  EXPECT_EQ(machine_.Run({"bc"}, "x=2;while(1)x*=x\n").code, 1);
  EXPECT_EQ(machine_.Run({"bc"}, "scale=99999999;1/3\n").code, 1);
  EXPECT_NE(machine_.Run({"bc"}, "define f(x) { return (f(x+1)) }\nf(1)\n").code, 0);
  EXPECT_EQ(Bc(std::string(100000, '(') + "\n"), "(standard_in) 1: memory exhausted\n");
  EXPECT_EQ(Bc(std::string(10000, '$') + "1\n").size(), 10000U * 38);
}

TEST_F(NumberProgramsTest, BcReadsItsFilesBeforeStandardInput) {
  machine_.WriteFile("/f", "x=4\n");
  EXPECT_EQ(Bc("x*2\n", {"f"}), "8\n");
  machine_.WriteFile("/g", "read()+read()\n");
  EXPECT_EQ(Bc("3\n-4.5\n", {"g"}), "-1.5\n");
}

TEST_F(NumberProgramsTest, FactorFindsTheFactors) {
  Check({
      {{"factor", "12", "1", "0", "97"}, "", "12: 2 2 3\n1:\n0:\n97: 97\n"},
      {{"factor"},
       "18446744073709551557 1000000016000000063\n",
       "18446744073709551557: 18446744073709551557\n"
       "1000000016000000063: 1000000007 1000000009\n"},
      {{"factor", "1000000014000000049"}, "", "1000000014000000049: 1000000007 1000000007\n"},
      {{"factor", "x", "4"}, "", "4: 2 2\n", 1, true},
      {{"factor", "1" + std::string(2000, '7')}, "", "", 1, true},
      {{"factor", "--foo"}, "", "", 1, true},
      {{"factor"}, "", ""},
  });
}

TEST_F(NumberProgramsTest, NumfmtScales) {
  Check({
      {{"numfmt", "--to=si", "999", "1000", "999999"}, "", "999\n1.0K\n1.0M\n"},
      {{"numfmt", "--to=iec-i", "--suffix=B", "2048"}, "", "2.0KiB\n"},
      {{"numfmt", "--from=iec", "1.5K"}, "", "1536\n"},
      {{"numfmt", "--field=2", "--to=iec"}, "a   2048 x\n", "a   2.0K x\n"},
      {{"numfmt", "-d,", "--field=2-", "--to=si"}, "a,1000,2000\n", "a,1.0K,2.0K\n"},
      {{"numfmt", "--format=[%8.1f]", "--to=iec", "123456"}, "", "[  120.6K]\n"},
      {{"numfmt", "--round=down", "--to=si", "1999"}, "", "1.9K\n"},
      {{"numfmt", "--header", "--to=si"}, "h\n1000", "h\n1.0K"},
      {{"numfmt", "abc"}, "", "", 2, true},
      {{"numfmt", "--invalid=warn", "a", "1"}, "", "a\n1\n", 0, true},
      {{"numfmt", "1K"}, "", "", 2, true},
      {{"numfmt", "--padding=0", "1"}, "", "", 1, true},
  });
}

}  // namespace
}  // namespace computesdk::in_memory
