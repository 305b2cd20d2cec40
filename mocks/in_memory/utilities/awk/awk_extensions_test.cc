#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

// What gawk has beyond POSIX, and where POSIX leaves a choice.
class GawkTest : public testing::Test {
 protected:
  GawkTest() : machine_(AddAwkPrograms) { machine_.WriteFile("/n.txt", "3\n1\n2\n"); }
  TestMachine machine_;
};

TEST_F(GawkTest, KnowsGawksArraysOfArrays) {
  ExpectPrograms(
      machine_,
      {{{"awk",
         "BEGIN{a[1][2]=3; a[1][\"x\"]=4; for(k in a) for(j in a[k]) n+=a[k][j]; print n, "
         "length(a[1]), isarray(a[1]), (2 in a[1]); delete a[1][2]; print length(a[1])}"},
        "",
        "7 2 1 1\n1\n"},
       {{"awk", "function f(b){b[\"k\"]=5} BEGIN{f(a[1]); print a[1][\"k\"]}"}, "", "5\n"},
       {{"awk", "BEGIN{a[1][2]; print a[1]}"}, "", "", 2, true},
       {{"awk", "BEGIN{a[1]=2; a[1][2]=3}"}, "", "", 2, true}});
}

TEST_F(GawkTest, CutsFieldsByPatternAndWidth) {
  ExpectPrograms(
      machine_,
      {{{"awk", "BEGIN{FPAT=\"([^,]*)|(\\\"[^\\\"]+\\\")\"} {print NF; print $2}"},
        "a,\"b,c\",d\n",
        "3\n\"b,c\"\n"},
       {{"awk", "BEGIN{FPAT=\"[^,]*\"} {print NF \":\" $2 \":\" $3}"}, "a,,b\n", "3::b\n"},
       {{"awk", "BEGIN{FIELDWIDTHS=\"2 1:2 *\"} {print $1, $2, $3}"}, "abcdefgh\n", "ab de fgh\n"},
       {{"awk", "BEGIN{n=patsplit(\"a1bb22c\",p,/[0-9]+/,s); print n, p[2], s[0], s[2]}"},
        "",
        "2 22 a c\n"}});
}

TEST_F(GawkTest, KnowsTypesAndCallsByName) {
  ExpectPrograms(
      machine_,
      {{{"awk", "BEGIN{a[1]; print typeof(a), typeof(1), typeof(\"s\"), typeof(z), typeof(@/r/)}"},
        "",
        "array number string untyped regexp\n"},
       {{"awk", "{print typeof($1), typeof($2)}"}, "5\n", "strnum unassigned\n"},
       {{"awk",
         "function f(x){return x*2} BEGIN{g=\"f\"; print @g(4); h=\"length\"; print @h(\"abc\")}"},
        "",
        "8\n3\n"},
       {{"awk", "BEGIN{f=\"nosuch\"; @f()}"}, "", "", 2, true},
       {{"awk", "BEGIN{IGNORECASE=1; print (\"A\"==\"a\")}"}, "", "1\n"},
       {{"awk", "--non-decimal-data", "{print $1+0}"}, "0x10\n", "16\n"}});
}

TEST_F(GawkTest, SortsByFunctionsOfTheProgram) {
  ExpectPrograms(
      machine_,
      {{{"awk",
         "function c(i,v,j,w){return v-w} BEGIN{a[\"x\"]=3;a[\"y\"]=1; n=asort(a,b,\"c\"); "
         "print n, b[1], b[2]; PROCINFO[\"sorted_in\"]=\"c\"; for(k in a) printf \"%s\", k; "
         "print \"\"}"},
        "",
        "2 1 3\nyx\n"}});
}

TEST_F(GawkTest, TellsOfTheBeginAndEndOfFiles) {
  ExpectPrograms(
      machine_,
      {{{"awk", "BEGINFILE{if(ERRNO){print \"no\", FILENAME; nextfile}} ENDFILE{print FNR}", "nope",
         "n.txt"},
        "",
        "no nope\n3\n"}});
}

TEST_F(GawkTest, EditsFilesInPlace) {
  machine_.WriteFile("/edit.txt", "a\nb\n");
  EXPECT_EQ(machine_.Run({"awk", "-i", "inplace", "{print toupper($0)}", "/edit.txt"}).output, "");
  EXPECT_EQ(machine_.ReadFile("/edit.txt"), "A\nB\n");
}

TEST_F(GawkTest, ListsAnArrayAsGawksTablesDo) {
  ExpectPrograms(
      machine_,
      {{{"awk", "{ a[$0] } END { for (k in a) printf \"%s \", k }"},
        "u\nw\na\nn\nh\nz\nm\n",
        "h u w m z n a "},
       {{"awk", "{ a[$0] } END { for (k in a) printf \"%s \", k }"},
        "5\nx\n7\ny\n0\n-3\n",
        "x y -3 0 5 7 "},
       {{"awk", "BEGIN { a[-1]; a[2]; a[3]; a[\"a\"]; for (k in a) printf \"%s \", k }"},
        "",
        "a -1 3 2 "},
       {{"awk", "BEGIN { for (i = 60; i > 0; i--) a[i * 100]; for (k in a) if (n++ < 3) print k }"},
        "",
        "2600\n1100\n600\n"}});
}

TEST_F(GawkTest, DrawsTheNumbersThatGawkDraws) {
  ExpectPrograms(
      machine_,
      {{{"awk", "BEGIN { print rand(), rand(); srand(-5); print rand(), srand(1.9), srand() }"},
        "",
        "0.924046 0.593909\n0.58749 -5 1\n"}});
}

TEST_F(GawkTest, MarksAnErrorOfSyntax) {
  EXPECT_EQ(machine_.Run({"awk", "BEGIN {\n\tprint )\n}"}).errors,
            "awk: cmd. line:2: \tprint )\nawk: cmd. line:2: \t      ^ syntax error\n");
  EXPECT_EQ(machine_.Run({"awk", "{ print"}).errors,
            "awk: cmd. line:1: { print\n"
            "awk: cmd. line:1:        ^ unexpected newline or end of string\n");
}

}  // namespace
}  // namespace computesdk::in_memory
