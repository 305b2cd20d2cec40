#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

TEST(JqTest, FiltersWhatJqFilters) {
  TestMachine machine(AddJqPrograms);
  machine.WriteFile("/f.jq", ".a # the first\n");
  ExpectPrograms(
      machine,
      {{{"jq", "."},
        R"({"b":[1,2.50],"a":{}})",
        "{\n  \"b\": [\n    1,\n    2.5\n  ],\n  \"a\": {}\n}\n"},
       {{"jq", "-c", ".[] | select(.n > 1) | {n, m: .m?}"},
        R"([{"n":1},{"n":2,"m":"x"}])",
        "{\"n\":2,\"m\":\"x\"}\n"},
       {{"jq", "-r", ".a.b[1], (.a | keys[])"}, R"({"a":{"b":[1,"two"]}})", "two\nb\n"},
       {{"jq", "-f", "f.jq"}, R"({"a":7})", "7\n"},
       {{"jq", "-cn", "--arg", "x", "1", "--argjson", "y", "[2]", "[$x, $y]"}, "", "[\"1\",[2]]\n"},
       {{"jq", "-cs", "map(. * 2) | add"}, "1 2 3", "12\n"},
       {{"jq", "-cS", ".a.b = 1 | del(.z) | .c |= . + 1"},
        R"({"z":0,"c":1})",
        "{\"a\":{\"b\":1},\"c\":2}\n"},
       {{"jq", "-cn", "[limit(3; range(10))] | map(select(. != 1))"}, "", "[0,2]\n"},
       {{"jq", "-cn", "reduce range(5) as $i (0; . + $i), [foreach range(3) as $i (0; . + $i)]"},
        "",
        "10\n[0,1,3]\n"},
       {{"jq", "-c", "group_by(.k) | map({(.[0].k): length}) | add"},
        R"([{"k":"a"},{"k":"b"},{"k":"a"}])",
        "{\"a\":2,\"b\":1}\n"},
       {{"jq", "-r", "[.[] | tostring] | @csv, (map(.) | join(\"-\"))"},
        R"([1,"a\"b"])",
        "\"1\",\"a\"\"b\"\n1-a\"b\n"},
       {{"jq", "-r", "gsub(\"(?<d>\\\\d+)\"; \"<\\(.d)>\")"}, R"("a12b3")", "a<12>b<3>\n"},
       {{"jq", "-e", ".a"}, "{}", "null\n", 1},
       {{"jq", "-e", "empty"}, "1", "", 4},
       {{"jq", ".a"}, "[1]", "", 5, true},
       {{"jq", ".a |"}, "1", "", 3, true},
       {{"jq", "nothing"}, "1", "", 3, true},
       {{"jq", "."}, "{\"a\"", "", 4, true},
       {{"jq", "-n", "def f: 1 + f; f"}, "", "", 5, true},
       {{"jq", "-n", "try error(\"x\") catch ., (.a? // 3)"}, "", "\"x\"\n3\n"}});
}

TEST(JqTest, AFilterWithoutAnEndStopsAtTheDeadline) {
  TestMachine machine(AddJqPrograms);
  SpawnOptions options;
  options.args = {"jq", "-n", "repeat(1) | empty"};
  const auto outcome =
      machine.kernel().Run(std::move(options), machine.kernel().programs().at("jq"),
                           RealClock().Now() + std::chrono::milliseconds(50));
  EXPECT_TRUE(outcome.deadline_exceeded);
}

TEST(JqTest, RecursesAsDeepAsTheStackAllows) {
  TestMachine machine(AddJqPrograms);
  constexpr int kDepth = 300 / kFrameGrowth;
  const std::string sum = "def s: if . == 0 then 0 else . + (. - 1 | s) end; ";
  EXPECT_EQ(machine.Run({"jq", "-n", sum + std::to_string(kDepth) + " | s"}).output,
            std::to_string(kDepth * (kDepth + 1) / 2) + "\n");
  const ProgramResult endless = machine.Run({"jq", "-n", "def f: f | f; f"});
  EXPECT_EQ(endless.code, 5);
  EXPECT_EQ(endless.errors, "jq: error (at <unknown>): the filter nests too deep\n");
}

TEST(JqTest, PrintsInColourAndAsASequence) {
  TestMachine machine(AddJqPrograms);
  EXPECT_EQ(machine.Run({"jq", "-Cc", "."}, "[1,null]").output,
            "\x1b[1;39m[\x1b[0;39m1\x1b[0m\x1b[1;39m,\x1b[1;30mnull\x1b[0m\x1b[1;39m\x1b[1;39m]"
            "\x1b[0m\n");
  EXPECT_EQ(machine.Run({"jq", "--seq", "-c", "."}, "1 2").output,
            "\x1e"
            "1\n\x1e"
            "2\n");
  EXPECT_EQ(machine.Run({"jq", "--stream", "-c", "."}, R"({"a":[1]})").output,
            "[[\"a\",0],1]\n[[\"a\",0]]\n[[\"a\"]]\n");
}

TEST(JqTest, ImportsModulesAndData) {
  TestMachine machine(AddJqPrograms);
  machine.WriteFile("/lib/m.jq", "def f: 42; def g(x): x + f;");
  machine.WriteFile("/lib/d.json", "{\"k\":1}");
  ExpectPrograms(machine, {{{"jq", "-n", "-L", "/lib", "import \"m\" as m; m::g(1)"}, "", "43\n"},
                           {{"jq", "-n", "-L/lib", "include \"m\"; f"}, "", "42\n"},
                           {{"jq", "-nc", "-L", "/lib", "import \"d\" as $d; $d, $d::d"},
                            "",
                            "[{\"k\":1}]\n[{\"k\":1}]\n"},
                           {{"jq", "-n", "-L", "/lib", "import \"m\" as m; f"}, "", "", 3, true},
                           {{"jq", "-n", "import \"nope\" as m; 1"}, "", "", 3, true}});
}

TEST(JqTest, TheLastInputDecidesHowItEnds) {
  TestMachine machine(AddJqPrograms);
  ExpectPrograms(machine, {{{"jq", ".+1"}, "\"a\" 1", "2\n", 0, true},
                           {{"jq", "."}, "1 {", "1\n", 4, true},
                           {{"jq", "-e", "."}, "1 null", "1\nnull\n", 1},
                           {{"jq", ".", "nofile"}, "", "", 2, true}});
}

TEST(JqTest, ShowsWhereAFilterIsWrong) {
  TestMachine machine(AddJqPrograms);
  EXPECT_EQ(
      machine.Run({"jq", ".a | foo | bar(1)"}, "{}").errors,
      "jq: error: foo/0 is not defined at <top-level>, line 1:\n.a | foo | bar(1)     \n"
      "jq: error: bar/1 is not defined at <top-level>, line 1:\n.a | foo | bar(1)           \n"
      "jq: 2 compile errors\n");
  EXPECT_EQ(machine.Run({"jq", "map(.x"}, "[]").errors,
            "jq: error: syntax error, unexpected $end, expecting ';' or ')' (Unix shell quoting "
            "issues?) at <top-level>, line 1:\nmap(.x    \njq: 1 compile error\n");
}

TEST(JqTest, KnowsPerlsRegularExpressions) {
  TestMachine machine(AddJqPrograms);
  ExpectPrograms(machine,
                 {{{"jq", "-c", "[match(\"(?<n>a)|(b)\"; \"g\").captures[0].name]"},
                   "\"ab\"",
                   "[\"n\",\"n\"]\n"},
                  {{"jq", "test(\"a(?=b)\"), test(\"A.*?B\"; \"i\")"}, "\"ab\"", "true\ntrue\n"}});
}

}  // namespace
}  // namespace computesdk::in_memory
