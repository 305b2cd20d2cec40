#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// What a command without args is: a line for the sandbox's shell.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Ne;

struct LineCase {
  const char* label;
  std::string line;
  std::string output;
  int exit_code = 0;
};

void ExpectLines(CheckContext& ctx, const std::vector<LineCase>& cases) {
  for (const LineCase& line : cases) {
    const auto scope = ctx.Case(line.label);
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line.line), Printable(line.line));
    ctx.ExpectBytes(result.stdout_bytes, line.output, "stdout of " + Printable(line.line));
    ctx.Expect(result.exit_code, Eq(line.exit_code), "exit code of " + Printable(line.line));
  }
}

void PipesWork(CheckContext& ctx) {
  ExpectLines(ctx,
              {
                  {"two programs", "printf 'b\\na\\n' | cat", "b\na\n"},
                  {"three programs", "printf x | cat | cat", "x"},
                  {"into a group", "printf 'one two' | { read a b; printf '%s' \"$b\"; }", "two"},
                  {"the status is the last one's", "(exit 3) | cat", ""},
                  {"the last one fails", "printf x | (cat; exit 4)", "x", 4},
              });
}

void RedirectionsWork(CheckContext& ctx) {
  const std::string file = ShellQuote(ctx.box().Path("file"));
  ExpectLines(
      ctx,
      {
          {"> and <", "printf one > " + file + "; cat < " + file, "one"},
          {">>", "printf two >> " + file + "; cat " + file, "onetwo"},
          {"2>", "(printf out; printf err >&2) 2> " + file + "; printf -; cat " + file, "out-err"},
          {"2>&1", "(printf a; printf b >&2) 2>&1 | cat", "ab"},
          {"> and 2>&1", "(printf a; printf b >&2) > " + file + " 2>&1; cat " + file, "ab"},
          {"of a group", "{ printf a; printf b; } > " + file + "; cat " + file, "ab"},
          {"from a file that is missing", "cat < " + file + ".missing && printf no || printf yes",
           "yes"},
      });
}

void ListsWork(CheckContext& ctx) {
  ExpectLines(ctx, {
                       {"&&", "printf a && printf b", "ab"},
                       {"&& after a failure", "(exit 3) && printf no", "", 3},
                       {"||", "(exit 3) || printf b", "b"},
                       {";", "(exit 3); printf b; printf c", "bc"},
                       {"&& and ||", "(exit 1) && printf no || printf yes", "yes"},
                       {"!", "! (exit 1) && printf yes", "yes"},
                       {"if", "if (exit 1); then printf no; else printf yes; fi", "yes"},
                       {"for", "for i in 1 2 3; do printf '%s,' \"$i\"; done", "1,2,3,"},
                       {"while", "i=0; while [ $i -lt 3 ]; do printf $i; i=$((i+1)); done", "012"},
                       {"case", "case abc in a*) printf yes;; *) printf no;; esac", "yes"},
                       {"a subshell", "x=1; (x=2; printf $x); printf $x", "21"},
                       {"a function", "greet() { printf 'hi %s' \"$1\"; }; greet 'a b'", "hi a b"},
                   });
}

void VariablesWork(CheckContext& ctx) {
  ExpectLines(ctx,
              {
                  {"assigned and used", "x=1; printf '%s' \"$x\"", "1"},
                  {"blanks kept in quotes", "x='a  b'; printf '%s' \"$x\"", "a  b"},
                  {"split without quotes", "x='a  b'; printf '<%s>' $x", "<a><b>"},
                  {"with a default", "printf '%s' \"${kit_unset_variable:-none}\"", "none"},
                  {"one that is not set", "printf '<%s>' \"$kit_unset_variable\"", "<>"},
                  {"a length", "x=abcde; printf '%s' \"${#x}\"", "5"},
                  {"command substitution", "printf '%s' \"$(printf in; printf side)\"", "inside"},
                  {"backticks", "x=`printf in`; printf '%s' \"$x\"", "in"},
                  {"arithmetic", "printf '%s' \"$((2 * 3 + 1))\"", "7"},
                  {"positional parameters", "set -- a 'b c'; printf '<%s>' \"$@\"", "<a><b c>"},
                  {"the last status", "(exit 7); printf '%s' \"$?\"", "7"},
                  {"for a child", "x=seen; export x; sh -c 'printf %s \"$x\"'", "seen"},
              });
}

void QuotesWork(CheckContext& ctx) {
  ExpectLines(
      ctx, {
               {"single quotes", "printf '%s' '\"$HOME\" `x` \\ $(y)'", "\"$HOME\" `x` \\ $(y)"},
               {"double quotes", R"(x=1; printf '%s' "'$x' \$x \`y\` \\ \"")", "'1' $x `y` \\ \""},
               {"backslashes", R"(printf '%s' a\ \ b\'c\"d\$e\\f)", "a  b'c\"d$e\\f"},
               {"a quote between quotes", R"(printf '%s' 'it'\''s')", "it's"},
               {"empty words", "printf '<%s>' '' a \"\"", "<><a><>"},
               {"quotes side by side", "printf '%s' a'b c'\"d e\"f", "ab cd ef"},
               {"a newline in quotes", "printf '%s' 'a\nb'", "a\nb"},
               {"a pattern in quotes", "printf '%s' '*' \"?\"", "*?"},
           });
}

void HereDocumentsWork(CheckContext& ctx) {
  const std::string file = ShellQuote(ctx.box().Path("file"));
  ExpectLines(
      ctx,
      {
          {"plain", "cat <<EOF\none\n  two\n\tthree\n\nEOF", "one\n  two\n\tthree\n\n"},
          {"with expansion", "x='a b'; cat <<EOF\n<$x> $((1+1)) \\$x\nEOF\n", "<a b> 2 $x\n"},
          {"without expansion", "cat <<'EOF'\n$HOME `x` $(y) \"q\" 'q' \\\nEOF\n",
           "$HOME `x` $(y) \"q\" 'q' \\\n"},
          {"into a file, and on", "cat <<'END' > " + file + "\nkept\nEND\ncat " + file, "kept\n"},
          {"tabs taken off", "cat <<-EOF\n\t\tone\n\tEOF\nprintf end", "one\nend"},
          {"two of them", "cat <<A; cat <<B\n1\nA\n2\nB\n", "1\n2\n"},
      });
}

void SeveralLinesWork(CheckContext& ctx) {
  ExpectLines(ctx,
              {
                  {"two lines", "printf a\nprintf b", "ab"},
                  {"a newline at the end", "printf a\nprintf b\n", "ab"},
                  {"blank lines and indentation", "\n\n  printf a\n\n\tprintf b\n\n", "ab"},
                  {"a command over several lines", "if (exit 0)\nthen\n  printf yes\nfi", "yes"},
                  {"a line that goes on", "printf '%s%s' a \\\n  b", "ab"},
                  {"a failing line in between", "printf a\n(exit 3)\nprintf b", "ab"},
                  {"the status is the last one's", "printf a\n(exit 3)", "a", 3},
              });
}

void CommentsWork(CheckContext& ctx) {
  ExpectLines(ctx, {
                       {"at the end", "printf a # a comment", "a"},
                       {"with a quote in it", "printf a # don't", "a"},
                       {"with a parenthesis in it", "printf a # ) } ;", "a"},
                       {"on the first line", "# a comment\nprintf a", "a"},
                       {"on the last line", "printf a\n# a comment", "a"},
                       {"the status is kept", "(exit 3) # a comment", "", 3},
                       {"no comment", "printf '%s' 'a # b' c#d", "a # bc#d"},
                   });
}

void CharactersBeyondAsciiReachTheShell(CheckContext& ctx) {
  const std::string text = "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80";
  ExpectLines(
      ctx,
      {
          {"printed", "printf '%s' '" + text + "'", text},
          // Seen from inside, so that a mistake on the way in is not undone on the way out.
          {"compared in the sandbox",
           "[ '" + text + "' = \"$(printf '" + PrintfOctal(text) + "')\" ] && printf same", "same"},
          {"in a comment", "printf a # " + text, "a"},
          {"in a here-document", "cat <<EOF\n" + text + "\nEOF", text + "\n"},
      });
}

void BrokenLineDoesNotSucceed(CheckContext& ctx) {
  for (const std::string line : {"printf 'no end", "if printf x", "printf x; )"}) {
    const auto scope = ctx.Case(Printable(line));
    const Result<ExecutionResult> result = ctx.Sh(ctx.box(), line);
    if (!result) {
      ctx.Tolerated("A line that the shell cannot parse is an error, not a result: " +
                    result.error().ToString());
      continue;
    }
    ctx.Expect(result->exit_code, Ne(0), "exit code");
  }
  const ExecutionResult after = ctx.Must(ctx.Sh(ctx.box(), "printf ok"), "the command after it");
  ctx.ExpectBytes(after.stdout_bytes, "ok", "stdout of the command after it");
}

void EmptyLineSucceeds(CheckContext& ctx) {
  ExpectLines(ctx, {
                       {"nothing", "", ""},
                       {"blanks", "   ", ""},
                       {"a newline", "\n", ""},
                       {"a comment", "# nothing to do", ""},
                   });
}

void LongLineWorks(CheckContext& ctx) {
  const std::string text(std::size_t{64} * 1024, 'x');
  ExpectLines(ctx, {
                       {"a word of 64 KiB", "x='" + text + "'; printf '%s' \"${#x}\"", "65536"},
                       {"a here-document of 64 KiB", "cat <<'EOF'\n" + text + "\nEOF", text + "\n"},
                   });
}

}  // namespace

std::vector<Requirement> CommandLineRequirements() {
  return {
      {.id = "command.shell.pipes",
       .level = Level::kRequired,
       .asks = "A command without args is a shell line: pipes connect its programs.",
       .why = "Most commands that people write have a pipe in them.",
       .breaks = "A line that is split at blanks and whose first word is started: `|` becomes one "
                 "of its arguments. Or a wrapper that turns on `pipefail`, so that `grep -q` in "
                 "front of something fails it.",
       .wrong = R"(const [program, ...args] = command.split(' ');
return sandbox.exec([program, ...args]);)",
       .right = R"(return sandbox.exec(['sh', '-c', command]);)",
       .defects = {"C3", "C63"},
       .mend = "Without args, run `sh -c LINE` with the whole line as one argument; do not split "
               "it, and do not start its first word as a program.",
       .check = PipesWork},
      {.id = "command.shell.redirections",
       .level = Level::kRequired,
       .asks = "Redirections in a shell line work: >, >>, <, 2>, 2>&1, of commands and groups.",
       .why = "A file that was not written, or that has another stream in it, shows up much later.",
       .breaks = "Wrappers that add a redirection of their own to the line: it binds the last "
                 "command only, and changes what the line's own mean.",
       .wrong = R"(await sandbox.run(`${line} > /tmp/out 2> /tmp/err`); // of `a; b` only b's)",
       .right =
           R"(await sandbox.run(`sh -c ${shellQuote(line)} > /tmp/out-${id} 2> /tmp/err-${id}`);)",
       .defects = {"C3", "C13"},
       .mend = "Give the line to `sh -c` as one argument. Where the output must be collected "
               "through files, redirect the shell as a whole, not the text of the line.",
       .check = RedirectionsWork},
      {.id = "command.shell.lists",
       .level = Level::kRequired,
       .asks = "&&, ||, ;, loops, conditions and functions work in a shell line.",
       .why = "`cd project && make test` is what agents send all day.",
       .breaks = "The string is taken for the name of a program; or a preamble such as `set -e;` "
                 "is put in front, and `a; b` ends at a.",
       .wrong = R"(return sandbox.exec(['sh', '-c', `set -e; ${line}`]);)",
       .right = R"(return sandbox.exec(['sh', '-c', line]); // the caller's line and nothing else)",
       .defects = {"C3"},
       .mend = "Give the line to `sh -c` as one argument, with nothing before it. Set a directory "
               "or a variable on the process instead of in the text.",
       .check = ListsWork},
      {.id = "command.shell.variables",
       .level = Level::kRequired,
       .asks = "Variables, command substitution, arithmetic and parameters work in a shell line.",
       .why =
           "A line whose `$x` is empty does not fail, it does something else: `rm -rf \"$dir\"/*` "
           "becomes `rm -rf /*`.",
       .breaks = "A line that passes through a second shell, or is put in double quotes: it is "
                 "expanded once before it runs.",
       .wrong = R"(await host.run(`ssh ${node} "${line}"`); // $x is the host's)",
       .right = R"(await host.run(`ssh ${node} ${shellQuote(`sh -c ${shellQuote(line)}`)}`);)",
       .defects = {"C3"},
       .mend = "Let exactly one shell see the line. If it must pass through another, put it in "
               "single quotes, with each ' written as '\\''.",
       .check = VariablesWork},
      {.id = "command.shell.quotes",
       .level = Level::kRequired,
       .asks = "Single quotes, double quotes and backslashes in a shell line mean what they mean "
               "to a shell.",
       .why =
           "`git commit -m \"it's done\"` has both kinds, and so has every line with JSON in it.",
       .breaks = "The line is pasted between quotes (`sh -c \"LINE\"`), or encoded by "
                 "JSON.stringify, which is not shell quoting: it breaks at the first quote, or "
                 "loses a backslash.",
       .wrong = R"(return sandbox.run(`sh -c ${JSON.stringify(line)}`);)",
       .right = R"(return sandbox.run(`sh -c '${line.replaceAll("'", "'\\''")}'`);)",
       .defects = {"C1", "C3", "F27"},
       .mend = "Pass the line in an argument vector. If only a string can be passed, quote it with "
               "single quotes, with each ' written as '\\''.",
       .check = QuotesWork},
      {.id = "command.shell.here-document",
       .level = Level::kRequired,
       .asks =
           "A here-document reaches the program's input exactly, and what stands after it runs.",
       .why = "Agents write files this way: a lost tab is a broken Makefile.",
       .breaks = "Something is appended to the last line (`; echo $?`, ` &`, `)`), so that the "
                 "terminator is none; or the text is trimmed, dedented, or its newlines replaced.",
       .wrong = R"(return sandbox.run(`{ ${dedent(line).trim()}; }`); // "EOF; }" ends nothing)",
       .right = R"(return sandbox.run(`{ ${line}\n}`); // a newline before whatever is appended)",
       .defects = {"C35"},
       .mend = "Append nothing to the line; if something must follow it, put it after a newline. "
               "Do not trim or re-indent the text.",
       .check = HereDocumentsWork},
      {.id = "command.shell.several-lines",
       .level = Level::kRequired,
       .asks = "A command of several lines runs all of them, and its status is the last one's.",
       .why = "Scripts are sent as one command.",
       .breaks = "Lines fed to a terminal one by one, or joined with blanks, `;` or `&&`: the "
                 "script stops at the first newline or at the first failure, and `if` … `then` is "
                 "a syntax error.",
       .wrong = R"(return sandbox.run(command.split('\n').filter(Boolean).join(' && '));)",
       .right =
           R"(return sandbox.exec(['sh', '-c', command]); // newlines are part of the language)",
       .defects = {"C36", "C35"},
       .mend = "Give the text to `sh -c` unchanged, newlines included.",
       .check = SeveralLinesWork},
      {.id = "command.shell.comment-at-the-end",
       .level = Level::kRequired,
       .asks = "A comment in a shell line, at its end too, does no harm.",
       .why = "Models explain what they do, at the end of the line that does it.",
       .breaks = "A wrapper that goes on in the same line is swallowed by the comment: a syntax "
                 "error, or an exit code that never comes.",
       .wrong = R"(return sandbox.run(`(${line}) > ${log} 2>&1`); // # done) > log …)",
       .right = R"(return sandbox.run(`(${line}\n) > ${log} 2>&1`);)",
       .defects = {"C36"},
       .mend = "Append nothing to the line, or put a newline before what you append.",
       .check = CommentsWork},
      {.id = "command.shell.beyond-ascii",
       .level = Level::kRequired,
       .asks = "Characters beyond ASCII in a shell line reach the shell as they are, in UTF-8.",
       .why = "Names and messages of real projects have them, and `git commit -m 'Größe'` has to "
              "say that.",
       .breaks =
           "A transport in Latin-1, a length that is counted in characters so that the end is "
           "cut off, or a filter for \"control characters\". Often the way back undoes it, "
           "and only the sandbox sees it.",
       .wrong = R"(socket.write(`${line.length}\n${line}`); // characters, not bytes)",
       .right = R"(const bytes = Buffer.from(line, 'utf8');
socket.write(`${bytes.length}\n`);
socket.write(bytes);)",
       .defects = {"C29", "C28"},
       .mend = "Encode the command as UTF-8 at every step; set the length of a request in bytes, "
               "not in characters.",
       .check = CharactersBeyondAsciiReachTheShell},
      {.id = "command.shell.broken-line",
       .level = Level::kRequired,
       .asks = "A line that the shell cannot parse does not succeed, and harms no later command.",
       .why = "A model forgets a quote now and then, and has to be told.",
       .breaks = "A shell that is fed through a pipe waits for the closing quote, and takes the "
                 "next command as the rest of this one; or the code that is read is that of the "
                 "wrapper, which is 0.",
       .wrong = R"(shell.stdin.write(`${line}\necho ${marker} $?\n`); // printf 'no end)",
       .right =
           R"(const shell = spawn('sh', ['-c', line]); // 2, and "unterminated quoted string")",
       .defects = {"C36", "C37"},
       .mend = "Start a shell for each command, so that the end of the line is the end of its "
               "input; return the shell's own non-zero exit code.",
       .check = BrokenLineDoesNotSucceed},
      {.id = "command.shell.empty-line",
       .level = Level::kRecommended,
       .asks = "An empty line, blanks, or a comment alone is a command that does nothing, with "
               "exit code 0.",
       .why = "Generated commands are empty now and then, and nothing to do is no failure.",
       .breaks = "`if (!command) throw`, or a wrapper in which an empty line is a syntax error: "
                 "`( )`, `{ ; }`, `&& `.",
       .wrong = R"(return sandbox.run(`( ${line} ) 2>&1`); // an empty group is an error)",
       .right = R"(return sandbox.exec(['sh', '-c', line]); // sh -c '' is 0)",
       .defects = {"C36"},
       .mend = "Treat it like any other line: `sh -c LINE`.",
       .check = EmptyLineSucceeds},
      {.id = "command.shell.long-line",
       .level = Level::kRecommended,
       .asks = "A shell line of 64 KiB works.",
       .why = "Files are written by here-document, and a source file soon has that size.",
       .breaks = "A line that is base64-encoded, quoted twice or sent as a URL grows past 128 KiB, "
                 "where the kernel refuses it as one argument.",
       .wrong =
           R"(const text = encodeURIComponent(line); // three bytes for each that is not a letter
return sandbox.exec(['sh', '-c', `urldecode '${text}' | sh`]);)",
       .right = R"(if (line.length < 100_000) return sandbox.exec(['sh', '-c', line]);
await sandbox.files.write(script, line); // no limit on a file
return sandbox.exec(['sh', script]);)",
       .defects = {"C53"},
       .mend = "Do not blow the line up on its way; feed what is larger than 128 KiB to the shell "
               "as a file.",
       .check = LongLineWorks},
  };  // namespace computesdk::conformance
}

}  // namespace computesdk::conformance
