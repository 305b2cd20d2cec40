#include "mocks/in_memory/shell/shell.h"

#include <chrono>
#include <memory>
#include <ostream>
#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {
namespace {

// Programs enough to see what the shell gives them.
int Arguments(Process& process) {
  std::string text;
  for (std::size_t i = 1; i < process.args.size(); ++i) text += "[" + process.args[i] + "]";
  (void)process.Write(1, text + "\n");
  return 0;
}

int Copy(Process& process) {
  const auto input = process.ReadAll(0);
  return input && process.Write(1, *input) ? 0 : 1;
}

int ShowVariable(Process& process) {
  const auto found = process.env.find(process.args.at(1));
  (void)process.Write(1, found == process.env.end() ? "(none)\n" : found->second + "\n");
  return 0;
}

int Nul(Process& process) {
  (void)process.Write(1, std::string_view("a\0b", 3));
  return 0;
}

Kernel::Outcome RunLine(std::string script, std::vector<std::string> more = {}) {
  auto table = std::make_shared<ProgramTable>();
  (*table)["bash"] = (*table)["sh"] = ShellMain;
  (*table)["arguments"] = Arguments;
  (*table)["copy"] = Copy;
  (*table)["show"] = ShowVariable;
  (*table)["nul"] = Nul;
  KernelLimits limits;
  limits.processes = 64;
  Kernel kernel(RealClock(), limits, table);
  SpawnOptions options;
  options.args = {"bash", "-c", std::move(script)};
  options.args.insert(options.args.end(), more.begin(), more.end());
  options.env = std::map<std::string, std::string>{
      {"PATH", "/usr/bin"}, {"HOME", "/root"}, {"LANG", "C.UTF-8"}};
  options.cwd = "/tmp";
  return kernel.Run(std::move(options), ShellMain, RealClock().Now() + std::chrono::seconds(60));
}

struct Row {
  const char* script;
  const char* output;
  int code = 0;
};

std::ostream& operator<<(std::ostream& stream, const Row& row) { return stream << row.script; }

class ScriptTest : public testing::TestWithParam<Row> {};

TEST_P(ScriptTest, PrintsAndEndsAsInBash) {
  const Kernel::Outcome outcome = RunLine(GetParam().script);
  EXPECT_EQ(outcome.stdout_bytes, GetParam().output);
  EXPECT_EQ(outcome.status.ShellCode(), GetParam().code) << outcome.stderr_bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Expansion, ScriptTest,
    testing::Values(
        Row{"set -- 'a b' '' c; arguments \"$@\" $@ \"$*\"", "[a b][][c][a][b][c][a b  c]\n"},
        Row{"x=' a  b '; arguments $x \"$x\"", "[a][b][ a  b ]\n"},
        Row{"IFS=:; x=a::b:; arguments $x", "[a][][b]\n"},
        Row{"arguments $nothing \"$nothing\" x$nothing", "[][x]\n"},
        Row{"x=/a/b.c; arguments ${x##*/} ${x%.*} ${x//\\//-} ${x:1:1} ${#x}",
            "[b.c][/a/b][-a-b.c][a][6]\n"},
        Row{"arguments {a,b}{1..2} ~/x $((2 + 3)) $(arguments y)",
            "[a1][a2][b1][b2][/root/x][5][[y]]\n"},
        Row{"echo > b; echo > a; arguments * 'a*' z*", "[a][b][a*][z*]\n"},
        Row{"a=(x 'y z'); a[5]=w; arguments \"${a[@]}\" ${#a[@]} ${!a[@]}",
            "[x][y z][w][3][0][1][5]\n"},
        Row{"x=\u00e9\u65e5; arguments ${#x} ${x:1} ${x^}", "[2][\u65e5][\u00c9\u65e5]\n"}));

INSTANTIATE_TEST_SUITE_P(
    Control, ScriptTest,
    testing::Values(
        Row{"for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; "
            "echo $i; done",
            "1\n3\n"},
        Row{"case abc in x) echo x;; a*) echo a;& y) echo y;; esac", "a\ny\n"},
        Row{"f() { local x=1; return 3; }; x=0; f; echo $? $x", "3 0\n"},
        Row{"(exit 5); echo $?; (x=1); echo [$x]", "5\n[]\n"},
        Row{"[[ abc =~ b(.) ]] && echo ${BASH_REMATCH[1]}", "c\n"},
        Row{"set -e; if false; then :; fi; false || true; false; echo no", "", 1},
        Row{"set -o pipefail; false | true; echo $?", "1\n"},
        Row{"sh -c '[[ a = a ]]'; echo $?; sh -c 'source x'; echo $?", "127\n127\n"},
        Row{"sh -c 'x=ab; echo ${x/a/b}'; echo $?; sh -c 'a=(1)'; echo $?", "2\n2\n"},
        Row{"sh -c 'cat <<< x'; echo $?; sh -c '[ a == a ]'; echo $?", "2\n2\n"},
        Row{"sh -c 'echo [$BASH_VERSION$RANDOM] $LINENO'; sh -c 'readonly -p'", "[]\n"},
        Row{"sh -c 'set -o pipefail; echo no'; echo $?", "2\n"},
        Row{"sh -c 'no-such' 2>&1; sh /no-such 2>&1; echo $?",
            "sh: 1: no-such: not found\nsh: 0: cannot open /no-such: No such file\n2\n"},
        Row{"sh -c 'echo x >/no/such' 2>&1; sh -c 'cd /no' 2>&1; true",
            "sh: 1: cannot create /no/such: Directory nonexistent\n"
            "sh: 1: cd: can't cd to /no\n"},
        Row{"sh -c 'if true; then :' 2>&1; sh -c 'return 3; echo no'; echo $?",
            "sh: 1: Syntax error: end of file unexpected (expecting \"fi\")\n3\n"},
        Row{"trap 'echo bye' EXIT; exit 7", "bye\n", 7},
        Row{"trap 'echo got' TERM; kill -TERM $$; echo after", "got\nafter\n"},
        Row{"f() { export x; }; x=1 f; echo $x; g() { x=2; }; x=3 g; echo $x", "1\n1\n"},
        Row{"trap 'echo $v' EXIT; f() { local v=1; exit 2; }; f", "1\n", 2},
        Row{"a=(5 6 7); i=1; echo $((a[i++] += 1)) ${a[@]} $i", "7 5 7 7 2\n"},
        Row{"trap '' USR1; bash -c 'trap; trap x USR1; trap'",
            "trap -- '' SIGUSR1\ntrap -- '' SIGUSR1\n"},
        Row{"(exit 4) & wait $!; echo $?", "4\n"}));

INSTANTIATE_TEST_SUITE_P(
    Jobs, ScriptTest,
    testing::Values(Row{"copy < /dev/null & wait; jobs; echo $?", "0\n"},
                    Row{"(exit 2) & wait -n -p who; echo $? $((who == $!))", "2 1\n"},
                    Row{"bash -c 'while :; do :; done' & jobs; kill %1; wait %1; echo $?",
                        "[1]+  Running                 bash -c 'while :; do :; done' &\n143\n"}));

INSTANTIATE_TEST_SUITE_P(
    Tracing, ScriptTest,
    testing::Values(Row{"exec 2>&1; set -x; x='a b'; [[ $x == a* ]]; set +x",
                        "+ x='a b'\n+ [[ a b == a* ]]\n+ set +x\n"},
                    Row{"exec 2>&1; PS4='$LINENO> '; set -x; eval ':'", "1> eval :\n11> :\n"},
                    Row{"exec 5>&1; BASH_XTRACEFD=5; set -x; : a", "+ : a\n"}));

INSTANTIATE_TEST_SUITE_P(
    Lookup, ScriptTest,
    testing::Values(Row{"copy < /dev/null; hash -t copy; hash -d copy; hash",
                        "/usr/bin/copy\nhash: hash table empty\n"},
                    Row{"enable -n echo; type -t echo; enable echo; type -t echo", "builtin\n"},
                    Row{"PATH=; command -p copy <<< found", "found\n"},
                    Row{"compgen -W 'one two three' t", "two\nthree\n"},
                    Row{"help -s cd", "cd: cd [-L|[-P [-e]] [-@]] [dir]\n"},
                    Row{"bash -r -c 'cd /; echo $?; echo x > f; echo $?'", "1\n1\n"}));

INSTANTIATE_TEST_SUITE_P(
    Lines, ScriptTest,
    testing::Values(Row{"echo \\\n$LINENO", "2\n"},
                    Row{"\nx=$(echo\necho $LINENO); echo $x", "4\n"},
                    Row{"exec 2>&1; eval 'fi'",
                        "bash: eval: line 1: syntax error near unexpected token `fi'\n"
                        "bash: eval: line 1: `fi'\n",
                        2}));

INSTANTIATE_TEST_SUITE_P(
    Redirection, ScriptTest,
    testing::Values(Row{"echo a > f; echo b >> f; copy < f", "a\nb\n"},
                    Row{"copy <<E\n$((1 + 1)) \\$x\nE", "2 $x\n"}, Row{"copy <<'E'\n$x\nE", "$x\n"},
                    Row{"copy <<< \"a b\"", "a b\n"},
                    Row{"{ echo out; echo err >&2; } 2>&1 | copy", "out\nerr\n"},
                    Row{"exec 3> f; echo x >&3; exec 3>&-; copy < f; echo y >&3 2> /dev/null",
                        "x\n", 1},
                    Row{"copy < <(echo from a process)", "from a process\n"}));

INSTANTIATE_TEST_SUITE_P(Failure, ScriptTest,
                         testing::Values(Row{"nope; echo $?", "127\n"},
                                         Row{"/tmp; echo $?", "126\n"}, Row{"echo a\n)", "a\n", 2},
                                         Row{"set -u; echo $x; echo no", "", 127},
                                         Row{"echo ${x?no}; echo no", "", 127},
                                         Row{"echo $((1/0)); echo no\necho yes", "yes\n"},
                                         Row{"readonly r=1; r=2; echo no", "", 1}));

TEST(ShellTest, KeepsTheStatusForAssignments) {
  EXPECT_EQ(RunLine("f() { return 4; }; f || rc=$?; echo $rc; x=$(exit 5); echo $?; x=1; echo $?")
                .stdout_bytes,
            "4\n5\n0\n");
}

TEST(ShellTest, GivesExportedFunctionsToChildShells) {
  EXPECT_EQ(RunLine("f() { echo from $1; }; export -f f; bash -c 'f child'").stdout_bytes,
            "from child\n");
}

TEST(ShellTest, PassesTheEnvironment) {
  EXPECT_EQ(RunLine("export a=1; b=2; show a; show b; b=3 show b; show b").stdout_bytes,
            "1\n(none)\n3\n(none)\n");
}

TEST(ShellTest, TakesNameAndArgumentsAfterTheLine) {
  EXPECT_EQ(RunLine("echo $0 $1 $#", {"name", "x", "y"}).stdout_bytes, "name x 2\n");
}

TEST(ShellTest, PassesNulThroughPipesAndDropsItInSubstitutions) {
  EXPECT_EQ(RunLine("nul | copy").stdout_bytes, std::string("a\0b", 3));
  EXPECT_EQ(RunLine("echo $(nul)").stdout_bytes, "ab\n");
}

TEST(ShellTest, RunsExecutableTextFiles) {
  EXPECT_EQ(RunLine("echo 'echo script $1' > s; bash s a; . ./s b; bash < s").stdout_bytes,
            "script a\nscript b\nscript\n");
}

TEST(ShellTest, LeavesTheRestOfStandardInputToOthers) {
  EXPECT_EQ(
      RunLine("copy <<E > f\na\nb\nc\nE\n{ read x; read y; copy; } < f; echo $x$y").stdout_bytes,
      "c\nab\n");
}

TEST(ShellTest, EndsEndlessRecursionAsAnErrorOfItsOwn) {
  for (const char* script : {"f() { f; }; f", "f() { eval f; }; f", "f() { x=$(f); }; f",
                             "f() { (f); }; f", "f() { f | f; }; f"}) {
    const Kernel::Outcome outcome = RunLine(script);
    EXPECT_FALSE(outcome.stderr_bytes.empty()) << script;
    EXPECT_FALSE(outcome.deadline_exceeded) << script;
  }
}

TEST(ShellTest, EndsEndlessGrowthAsAnErrorOfItsOwn) {
  const Kernel::Outcome outcome = RunLine("x=abcdefgh; while :; do x=$x$x; done");
  EXPECT_EQ(outcome.status.ShellCode(), 1);
  EXPECT_NE(outcome.stderr_bytes.find("cannot allocate memory"), std::string::npos);
}

TEST(ShellTest, StopsAtTheDeadline) {
  auto table = std::make_shared<ProgramTable>();
  for (const char* script :
       {"while :; do :; done", "for ((;;)); do ((i++)); done",
        "f() { while true; do echo x; done | while read l; do :; done; }; f"}) {
    Kernel kernel(RealClock(), {}, table);
    SpawnOptions options;
    options.args = {"bash", "-c", script};
    const auto start = RealClock().Now();
    const auto outcome =
        kernel.Run(std::move(options), ShellMain, start + std::chrono::milliseconds(50));
    EXPECT_TRUE(outcome.deadline_exceeded) << script;
    EXPECT_LT(RealClock().Now() - start, std::chrono::seconds(5)) << script;
  }
}

}  // namespace
}  // namespace computesdk::in_memory
