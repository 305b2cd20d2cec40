#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory_provider.h"

// Whatever runs wild in a sandbox ends there with an error; this process and the other sandboxes do
// not notice.
namespace computesdk {
namespace {

using testing::HasSubstr;

// Small, so that each is met at once.
InMemoryProviderOptions WithLimits() {
  InMemoryProviderOptions options;
  options.limits.processes = 24;
  options.limits.memory_bytes = std::size_t{2} << 20;
  options.limits.output_bytes = std::size_t{1} << 20;
  options.limits.files = {.bytes = std::size_t{2} << 20, .inodes = 1'000};
  return options;
}

// Runs a script in one sandbox and, as long as that takes, commands in another of the provider.
Result<ExecutionResult> RunBesideAnother(InMemoryProvider& provider, const std::string& script,
                                         std::optional<Milliseconds> timeout = {}) {
  const std::string other = provider.Create({})->sandbox_id;
  EXPECT_TRUE(provider.WriteFile(other, "kept", "kept"));
  const std::string wild = provider.Create({})->sandbox_id;
  RunCommandRequest request{.command = script};
  request.options.timeout = timeout;
  auto running = std::async(std::launch::async, [&] { return provider.RunCommand(wild, request); });
  do {
    const auto answer = provider.RunCommand(other, {.command = "echo $(cat kept) | tr a-z A-Z"});
    EXPECT_TRUE(answer && answer->stdout_bytes == "KEPT\n" && answer->exit_code == 0);
  } while (running.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready);
  Result<ExecutionResult> result = running.get();
  // What it has left running ends with its sandbox.
  EXPECT_TRUE(provider.Destroy(wild));
  EXPECT_EQ(provider.ReadFile(other, "kept"), "kept");
  return result;
}

struct Wild {
  const char* name;
  std::string script;
  const char* complaint = "";  // Part of what is on standard error.
};

std::ostream& operator<<(std::ostream& os, const Wild& wild) { return os << wild.name; }

std::string Repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// --- memory, output, files, processes: an error at once -----------------------------------------

class LimitTest : public testing::TestWithParam<Wild> {};

TEST_P(LimitTest, EndsInAnErrorOfTheSandbox) {
  InMemoryProvider provider(WithLimits());
  const auto result = RunBesideAnother(provider, GetParam().script);
  ASSERT_TRUE(result) << result.error();
  EXPECT_NE(result->exit_code, 0) << result->stdout_bytes.substr(0, 1000);
  EXPECT_THAT(result->stderr_bytes.substr(0, 2000), HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Nesting, LimitTest,
    testing::Values(
        Wild{"substitutions", Repeat("$(", 10'000) + "echo" + Repeat(")", 10'000), "nest"},
        Wild{"open_substitutions", Repeat("$(", 10'000)},
        Wild{"subshells", Repeat("(", 100'000) + Repeat(")", 100'000), "nest"},
        Wild{"groups", Repeat("{ ", 100'000), "nest"},
        Wild{"backquotes_and_quotes", Repeat("\"$(\"${x:-", 10'000)},
        Wild{"arithmetic", "echo $((" + Repeat("(", 100'000) + "1" + Repeat(")", 100'000) + "))"},
        Wild{"operators", "echo $((" + Repeat("-", 1'000'001) + "x))"},
        Wild{"parameters", "echo " + Repeat("${x:-", 50'000) + Repeat("}", 50'000)},
        Wild{"conditions", "[[ " + Repeat("! ", 100'000) + "x ]] && [[ " + Repeat("( ", 100'000)},
        Wild{"functions", "f() { f; }; f", "nest"},
        Wild{"functions_of_each_other", "f() { g \"$@\" x; }; g() { f \"$@\"; }; f", "nest"},
        Wild{"substituted_functions", "f() { echo $(f); }; f; exit 1"},
        Wild{"eval", "s='eval \"$s\"'; eval \"$s\"", "nest"},
        Wild{"source", "echo '. ./f' > f; . ./f", "nest"},
        Wild{"scripts", "printf '#!/bin/bash\\n./f' > f; chmod +x f; ./f"},
        Wild{"variables", "x=y; y=x; (( x ))", "recursion"},
        Wild{"subscripts", "x='a[x]'; (( x ))"},
        Wild{"traps", "trap 'false' ERR; f() { trap f DEBUG; f; }; f"},
        Wild{"aliases", "shopt -s expand_aliases\nalias a='b ' b='a '\na a", "not found"},
        Wild{"awk_functions", "awk 'function f(n) { return f(n + 1) } BEGIN { f(0) }'"},
        Wild{"awk_parentheses", "awk \"BEGIN { print $(printf '(%.0s' {1..20000})\""},
        Wild{"sed_groups", "sed \"$(printf '{%.0s' {1..20000})\" < /dev/null"},
        Wild{"find_groups", "find . $(printf '( %.0s' {1..20000})"},
        Wild{"jq_functions", "jq -n 'def f: 1 + f; f'"},
        Wild{"jq_arrays", "jq -n \"$(printf '[%.0s' {1..20000})\""},
        Wild{"json_arrays", "printf '[%.0s' {1..20000} | jq ."},
        Wild{"test_groups", "[ $(printf '( %.0s' {1..20000}) ]"},
        Wild{"expr_groups", "expr $(printf '( %.0s' {1..20000})"}),
    [](const auto& info) { return std::string(info.param.name); });

// --- what is deeper than the stack, within the limits --------------------------------------------

class DeepTest : public testing::TestWithParam<Wild> {};

TEST_P(DeepTest, EndsLikeAnyCommand) {
  InMemoryProvider provider;
  const auto result = RunBesideAnother(provider, GetParam().script);
  ASSERT_TRUE(result) << result.error();
  EXPECT_THAT(result->stdout_bytes + result->stderr_bytes, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, DeepTest,
    testing::Values(
        Wild{"negated_tests",
             "set -- $(yes '!' | head -400000); [ \"$@\" x ] && env test \"$@\" x && find . \"$@\" "
             "-name . -print",
             ".\n"},
        Wild{"open_tests", "set -- $(yes '(' | head -400000); env test \"$@\" x", "nested"},
        Wild{"find_tests", "set -- $(yes -- '-o -name x' | head -100000); find . -true \"$@\"",
             "."},
        Wild{"jq_negations", "yes -- - | head -400000 | tr -d '\\n' > f; jq -n -f f", "too deep"},
        Wild{"jq_sum", "(yes 1+ | head -400000; echo 1) > f; jq -n -f f", "too deep"},
        Wild{"jq_fields", "yes .a | head -400000 > f; jq -n -f f", "too deep"},
        Wild{"jq_patterns", "(echo '. as '; yes '[' | head -400000) > f; jq -n -f f", "too deep"},
        Wild{"jq_values", "jq -n 'reduce range(400000) as $i (null; [.]) | tojson | length'",
             "543"},
        Wild{"jq_comparison", "jq -n 'reduce range(400000) as $i (null; [.]) | . == .'",
             "too deep"},
        Wild{"jq_paths", "jq -n '[range(400000) | 0] as $p | setpath($p; 1)'", "too deep"},
        Wild{"open_braces", "eval \"echo $(yes '{a,' | head -400000 | tr -d '\\n')\" | wc -c",
             "1200001"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Memory, LimitTest,
    testing::Values(
        Wild{"doubling", "x=xx; while :; do x=$x$x; done", "cannot allocate memory"},
        Wild{"appending", "while :; do x+=xxxxxxxxxxxxxxxx; done", "cannot allocate memory"},
        Wild{"array", "while :; do a+=(x); done", "cannot allocate memory"},
        Wild{"array_by_number", "while :; do a[i++]=x; done", "cannot allocate memory"},
        Wild{"associative_array", "declare -A m; while :; do m[$((i++))]=x; done",
             "cannot allocate"},
        Wild{"array_of_long_texts", "x=$(printf %1000d 1); while :; do a+=(\"$x\"); done",
             "cannot allocate memory"},
        Wild{"many_variables", "while :; do declare v$((i++))=x; done", "cannot allocate memory"},
        Wild{"positional_parameters", "set -- a b; while :; do set -- \"$@\" \"$@\"; done",
             "cannot allocate memory"},
        Wild{"replacement", "x=aaaaaaaa; while :; do x=${x//a/$x}; done", "cannot allocate memory"},
        Wild{"long_line", "x=" + std::string(10 << 20, 'x') + "; echo ${#x}"},
        Wild{"braces", "echo {1..1000000000}", "cannot allocate memory"},
        Wild{"braces_of_braces", "echo " + Repeat("{1..100}", 10), "cannot allocate memory"},
        Wild{"braces_to_long_words", "echo " + Repeat("{a,b}", 22), "cannot allocate memory"},
        Wild{"read", "yes | tr -d '\\n' | { read -r x; echo ${#x}; }"},
        Wild{"mapfile", "mapfile a < <(yes)"},
        Wild{"printf_variable", "printf -v x %1000000000d 1"},
        Wild{"here_string", "x=xx; while :; do read -r x <<< $x$x; done", "cannot allocate memory"},
        Wild{"awk_text", "awk 'BEGIN { s = \"x\"; while (1) s = s s }'", "memory exhausted"},
        Wild{"awk_array", "awk 'BEGIN { while (1) a[i++] = i }'", "memory exhausted"},
        Wild{"awk_long_elements",
             "awk 'BEGIN { s = sprintf(\"%9999d\", 1); while (1) a[i++] = s }'",
             "memory exhausted"},
        Wild{"awk_local_array", "awk 'function f(a) { while (1) a[i++] = i } BEGIN { f() }'",
             "memory exhausted"},
        Wild{"awk_fields", "awk 'BEGIN { $10000001 = 1 }'"},
        Wild{"awk_gsub", "awk 'BEGIN { s = \"aa\"; while (1) gsub(/a/, s, s) }'", "memory"},
        Wild{"sed_pattern_space", "echo x | sed ':a;s/x/xx/g;ba'", "memory exhausted"},
        Wild{"sed_hold_space", "yes | sed 'H;x;x'"},
        Wild{"sort", "sort /dev/zero", "Cannot allocate memory"}, Wild{"tac", "yes | tac"},
        Wild{"join", "join <(yes) <(yes)", "memory exhausted"},
        Wild{"shuf", "yes | shuf", "memory exhausted"}, Wild{"tail", "yes | tail -n 100000000"},
        Wild{"line_without_end", "grep x /dev/zero"},
        Wild{"jq_array", "jq -n '[range(1e18)]'", "memory exhausted"},
        Wild{"jq_repeat", "jq -n '[limit(1e9; repeat(1))]'"},
        Wild{"jq_text", "jq -n '\"x\" * 1e9'"},
        Wild{"jq_reduce", "jq -n 'reduce range(1e18) as $i (\"x\"; . + .)'"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Output, LimitTest,
    testing::Values(Wild{"yes", "yes", "No space left on device"},
                    Wild{"seq", "seq 1 inf", "No space left on device"},
                    Wild{"printf", "printf %1000000000d 1"}, Wild{"standard_error", "yes >&2", "y"},
                    Wild{"substitution", "x=$(yes)", "No space left on device"},
                    Wild{"cat", "cat /dev/zero", "No space left on device"},
                    Wild{"base64", "base64 /dev/zero", "No space left on device"},
                    Wild{"awk", "awk 'BEGIN { while (1) print }'"},
                    Wild{"jq", "jq -n 'repeat(1)'"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Files, LimitTest,
    testing::Values(
        Wild{"yes", "yes > f", "No space left on device"},
        Wild{"appending", "while echo x >> f; do :; done; exit 1", "No space left on device"},
        Wild{"dd", "dd if=/dev/zero of=f", "No space left on device"},
        Wild{"truncate", "truncate -s 1T f"},
        Wild{"hole", "dd if=/dev/zero of=f bs=1 count=1 seek=1T"},
        Wild{"many_files", "while : > f$((i++)); do :; done; exit 1", "No space left on device"},
        Wild{"deep_folders", "while mkdir d && cd d; do :; done; exit 1", "No space left"},
        Wild{"copies", "printf %9999d 1 > f; while cp f f$((i++)); do :; done; exit 1", "No space"},
        Wild{"split", "seq 100000 | split -l 1 -a 5", "No space left on device"},
        Wild{"gzip_bomb", "head -c 4M /dev/zero | gzip > z.gz && gunzip z.gz", "No space"},
        Wild{"tar_bomb",
             "mkdir d; touch d/{1..900}; tar czf d.tgz d; mkdir e f; tar xzf d.tgz -C e",
             "No space left on device"},
        Wild{"links", "ln -s a b; ln -s b a; cat a", "Too many levels"}),
    [](const auto& info) { return std::string(info.param.name); });

// --- patterns that explode ----------------------------------------------------------------------

INSTANTIATE_TEST_SUITE_P(
    Patterns, LimitTest,
    testing::Values(
        Wild{"nested_stars", "printf %5000d 1 | tr ' ' a | grep -E '^(((a*)*)*)*$'"},
        Wild{"alternatives", "printf %5000d 1 | tr ' ' a | grep -E '^(a|aa|a?)*$'"},
        Wild{"optional",
             "printf %30d 1 | tr ' ' a | grep -E \"^$(printf 'a?%.0s' {1..30})"
             "$(printf 'a%.0s' {1..31})$\""},
        Wild{"back_reference", "printf %40d 1 | tr ' ' a | grep -E '^(a*)*(a*)*\\1\\2b$'"},
        Wild{"many_back_references",
             "printf %60d 1 | tr ' ' a | grep '\\(a*\\)*\\(a*\\)*\\(a*\\)*\\3\\2\\1b'"},
        Wild{"intervals", "echo a | grep -E '((a{1,200}){1,200}){1,200}'", "too big"},
        Wild{"sed_intervals", "echo a | sed -E 's/((a{1,200}){1,200}){1,200}//'", "too big"},
        Wild{"sed_groups", "printf %5000d 1 | tr ' ' a | sed -E 's/(a*)*(a*)*b/x/; /^a*1$/!q; q7'"},
        Wild{"awk_stars", "printf %5000d 1 | tr ' ' a | awk '/^((a*)*)*$/ { exit 0 } { exit 7 }'"},
        Wild{"condition", "x=$(printf %5000d 1); [[ ${x// /a} =~ ^(((a*)*)*)*$ ]]"},
        Wild{"perl", "printf %40d 1 | tr ' ' a | grep -P '^(a+)+$'", "backtracking"},
        Wild{"glob_stars", "x=$(printf %5000d 1); [[ ${x// /a} == *a*a*a*a*a*a*a*a*a*b ]]"},
        Wild{"extglob", "shopt -s extglob; x=$(printf %200d 1); [[ ${x// /a} == +(+(+(a)))b ]]"},
        Wild{"extglob_not", "x=$(printf %100d 1); [[ ${x// /a} == !(!(!(a*)*)*)b ]]; exit 1"},
        Wild{"extglob_replace", "x=$(printf %300d 1); : ${x//*(*( ))b/}; exit 1"},
        Wild{"case_pattern", "case $(printf %1000d 1) in *( *)*( *)*( *)b) ;; *) exit 1;; esac"},
        Wild{"find_regex", "find / -regex '\\(\\(.*\\)*\\)*x' -o -quit; exit 1"},
        Wild{"jq_regex",
             "jq -n '\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" | test(\"^(a+)+$b\") | not | error'"},
        Wild{"expr", "expr \"$(printf %50d 1 | tr ' ' a)\" : '\\(a*\\)*\\1b'"}),
    [](const auto& info) { return std::string(info.param.name); });

// --- what never ends: its timeout ---------------------------------------------------------------

class EndlessTest : public testing::TestWithParam<Wild> {};

TEST_P(EndlessTest, EndsByItsTimeout) {
  InMemoryProvider provider(WithLimits());
  const auto result = RunBesideAnother(provider, GetParam().script, Milliseconds(50));
  ASSERT_FALSE(result) << result->stderr_bytes.substr(0, 1000);
  EXPECT_EQ(result.error().code, ErrorCode::kDeadlineExceeded);
}

INSTANTIATE_TEST_SUITE_P(
    Loops, EndlessTest,
    testing::Values(
        Wild{"shell_loop", "while :; do :; done"}, Wild{"empty_for", "for ((;;)) { :; }"},
        Wild{"fork_bomb_in_front", "f() { f | f; }; while :; do f 2> /dev/null; done"},
        Wild{"background_loops", "while :; do sleep 1000 & done 2> /dev/null"},
        Wild{"growing_file", "while :; do echo x >> f; done 2> /dev/null"},
        Wild{"subshells", "while :; do (:); done"},
        Wild{"programs", "while :; do true | cat; done"}, Wild{"sleep", "sleep infinity"},
        Wild{"fifo", "mkfifo p; cat p"}, Wild{"own_output", "mkfifo p; cat p p > p"},
        Wild{"zeros", "read x < /dev/zero"}, Wild{"zeros_to_null", "cat /dev/zero > /dev/null"},
        Wild{"yes_to_null", "yes > /dev/null"},
        Wild{"tail_of_zeros", "head -c 100G /dev/zero | tail -c 1"},
        Wild{"wc", "wc -c < /dev/zero"}, Wild{"awk_loop", "awk 'BEGIN { while (1) x++ }'"},
        Wild{"sed_loop", "echo | sed ':a;ba'"}, Wild{"jq_loop", "jq -n 'last(range(1e18))'"},
        Wild{"jq_until", "jq -n '0 | until(false; 1)'"}, Wild{"dd", "dd if=/dev/zero of=/dev/null"},
        Wild{"sort_of_a_pipe", "mkfifo p; sort p"},
        Wild{"trap_and_loop", "trap '' TERM INT XCPU; while :; do :; done"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(LimitOptionsTest, StepsAreNotLimitedUnlessAskedFor) {
  InMemoryProvider provider;
  const std::string id = provider.Create({})->sandbox_id;
  const auto result =
      provider.RunCommand(id, {.command = "for ((i = 0; i < 50000; i++)); do :; done; echo $i"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->stdout_bytes, "50000\n");
}

TEST(LimitOptionsTest, StepsOfOneCommandAreNotThoseOfTheNext) {
  InMemoryProviderOptions options;
  options.limits.steps = 20'000;
  InMemoryProvider provider(options);
  const std::string id = provider.Create({})->sandbox_id;
  for (int i = 0; i < 50; ++i) {
    const auto result =
        provider.RunCommand(id, {.command = "for ((i = 0; i < 500; i++)); do :; done; echo $i"});
    ASSERT_TRUE(result);
    ASSERT_EQ(result->stdout_bytes, "500\n");
  }
}

TEST(LimitOptionsTest, LongLineIsNoProblemWithinTheLimits) {
  InMemoryProvider provider;
  const std::string id = provider.Create({})->sandbox_id;
  const std::string line(10 << 20, 'x');
  const auto result = provider.RunCommand(
      id,
      {.command = "x=" + line + "; echo ${#x}; echo \"$x\" | sed s/x/y/g | tr -d '\\n' | wc -c"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->stdout_bytes, "10485760\n10485760\n");
}

TEST(LimitOptionsTest, ForkBombEndsWhenProcessesAreUsedUp) {
  InMemoryProvider provider(WithLimits());
  const auto result = RunBesideAnother(provider, ":(){ :|:& };:");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 0);
}

}  // namespace
}  // namespace computesdk
