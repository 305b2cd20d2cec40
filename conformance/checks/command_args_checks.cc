#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/values.h"

// Args of a command are data: each reaches its program as it is.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::Ne;

// A program that prints its arguments, each between < and >. `printf` is a builtin of the shell
// here, so that nothing but `sh` is needed; it gets them in front of nothing that it might take for
// an option.
Result<ExecutionResult> EchoArgs(CheckContext& ctx, const std::vector<std::string>& values) {
  std::vector<std::string> args = {"-c", "for a in \"$@\"; do printf '%s' \"<$a>\"; done", "sh"};
  args.insert(args.end(), values.begin(), values.end());
  return ctx.Exec(ctx.box(), "sh", args);
}

std::string Echoed(const std::vector<std::string>& values) {
  std::string output;
  for (const std::string& value : values) output += "<" + value + ">";
  return output;
}

bool ExpectArgsArrive(CheckContext& ctx, const std::vector<std::string>& values) {
  const ExecutionResult result = ctx.Must(EchoArgs(ctx, values), "the program with its args");
  return ctx.Expect(result.exit_code, Eq(0), "exit code of the program that prints its args") &&
         ctx.ExpectBytes(result.stdout_bytes, Echoed(values),
                         "the args that arrived, each between < and >");
}

void ExpectEachArrives(CheckContext& ctx, const std::vector<NamedValue>& values) {
  std::vector<std::string> all;
  for (const NamedValue& value : values) all.push_back(value.bytes);
  // All at once first: what one call can show needs no call each.
  const Result<ExecutionResult> result = EchoArgs(ctx, all);
  if (result && result->exit_code == 0 && result->stdout_bytes == Echoed(all)) return;
  bool alone_is_well = true;
  for (const NamedValue& value : values) {
    const auto scope = ctx.Case(value.label);
    alone_is_well = ExpectArgsArrive(ctx, {value.bytes}) && alone_is_well;
  }
  if (alone_is_well) ExpectArgsArrive(ctx, all);
}

void EmptyArgsArrive(CheckContext& ctx) {
  NeedPrograms(ctx, ctx.box());
  for (const std::vector<std::string>& values : {std::vector<std::string>{""},
                                                 {"", ""},
                                                 {"a", ""},
                                                 {"", "a"},
                                                 {"a", "", "b"},
                                                 {"", " ", ""}}) {
    const auto scope = ctx.Case(Echoed(values));
    ExpectArgsArrive(ctx, values);
  }
}

void ArgsWithShellCharactersArrive(CheckContext& ctx) { ExpectEachArrives(ctx, ShellTexts()); }

void ArgsWithBlanksNameFiles(CheckContext& ctx) {
  for (const std::string name : {"two words", "a  b", " x ", "it's", "$HOME", "*", "a\nb", "-n"}) {
    const auto scope = ctx.Case("a file named ", Printable(name));
    const std::string path = ctx.box().Path(name);
    ctx.PutFile(ctx.box(), path, "content of " + name);
    const ExecutionResult result = ctx.Must(ctx.Exec(ctx.box(), "cat", {path}), "cat PATH");
    ctx.ExpectBytes(result.stdout_bytes, "content of " + name, "stdout of cat PATH");
    ctx.Expect(result.exit_code, Eq(0), "exit code of cat PATH");
  }
}

void ArgsWithLeadingDashArrive(CheckContext& ctx) {
  NeedPrograms(ctx, ctx.box());
  ExpectEachArrives(ctx, {{"-n", "-n"},
                          {"-c", "-c"},
                          {"-x", "-x"},
                          {"--", "--"},
                          {"--help", "--help"},
                          {"--version", "--version"},
                          {"-", "-"},
                          {"-- before another", "-- -x"},
                          {"--env=x", "--env=x"}});
  const auto scope = ctx.Case("-- among others");
  ExpectArgsArrive(ctx, {"--", "-n", "--", "x", "--"});
}

void ArgsBeyondAsciiArrive(CheckContext& ctx) {
  NeedPrograms(ctx, ctx.box());
  for (const std::string& text :
       {std::string("\xc3\xa9"), std::string("\xe4\xb8\xad\xe6\x96\x87"),
        std::string("\xf0\x9f\x98\x80"), std::string("e\xcc\x81"), std::string("\xef\xbb\xbfx")}) {
    const auto scope = ctx.Case(text);
    ExpectArgsArrive(ctx, {text});
    // Seen from inside, so that a mistake on the way in is not undone on the way out.
    const std::string same = " = \"$(printf '" + PrintfOctal(text) + "')\" ]";
    const std::string script = "[ \"$1\"" + same + " && printf same";
    const ExecutionResult control = ctx.Need(ctx.Sh(ctx.box(), "[ '" + text + "'" + same), "test");
    if (control.exit_code != 0) continue;  // command.shell.beyond-ascii reports that.
    const ExecutionResult result = ctx.Must(ctx.Exec(ctx.box(), "sh", {"-c", script, "sh", text}));
    ctx.ExpectBytes(result.stdout_bytes, "same", "what the program says of its arg and the bytes");
  }
}

void LongArgArrives(CheckContext& ctx) {
  NeedPrograms(ctx, ctx.box());
  for (const std::size_t size : {std::size_t{4096}, std::size_t{32767}, std::size_t{65536}}) {
    const auto scope = ctx.Case(size, " bytes");
    std::string text;
    while (text.size() < size) text += "arg " + std::to_string(text.size()) + "; ";
    text.resize(size);
    ExpectArgsArrive(ctx, {"before", text, "after"});
  }
}

void ManyArgsArrive(CheckContext& ctx) {
  NeedPrograms(ctx, ctx.box());
  {
    const auto scope = ctx.Case("2,000 short args");
    std::vector<std::string> values;
    for (int i = 0; i < 2000; ++i) values.push_back("a " + std::to_string(i));
    ExpectArgsArrive(ctx, values);
  }
  const auto scope = ctx.Case("15 args of 64 KiB");
  std::vector<std::string> values;
  for (char letter = 'a'; letter < 'p'; ++letter) values.emplace_back(std::size_t{65536}, letter);
  ExpectArgsArrive(ctx, values);
}

// Where an arg is too large for the kernel, a refusal is right; a program that runs with less is
// not.
void OversizedArgIsNotCut(CheckContext& ctx) {
  NeedPrograms(ctx, ctx.box());
  std::string text;
  while (text.size() < 200'000) text += "arg-" + std::to_string(text.size()) + ".";
  const Result<ExecutionResult> result = EchoArgs(ctx, {"before", text, "after"});
  if (result && result->exit_code == 0) {
    ctx.ExpectBytes(result->stdout_bytes, Echoed({"before", text, "after"}),
                    "the args that arrived, each between < and >");
  } else if (result) {
    ctx.Tolerated("An arg of 200 KB is refused, with exit code " +
                  std::to_string(result->exit_code) + ".");
  } else if (ctx.Expect(result.error().code, Ne(ErrorCode::kDeadlineExceeded),
                        "how the call ends, which has no timeout")) {
    ctx.Tolerated("An arg of 200 KB is refused: " + result.error().ToString());
  }
}

void ArgsExecuteNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  Canaries canaries(ctx, box, Injections("").size());
  std::vector<NamedValue> values;
  for (std::size_t i = 0; i < canaries.commands().size(); ++i) {
    values.push_back(Injections(canaries.commands()[i])[i]);
  }
  // With a program that stands first in the line, and with one that is inside quotes of its own.
  // What becomes of the args otherwise is a requirement of its own.
  for (const NamedValue& value : values) {
    (void)ctx.Exec(box, "cat", {value.bytes});
    (void)EchoArgs(ctx, {value.bytes});
  }
  const std::vector<bool> executed = canaries.Look();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto scope = ctx.Case(values[i].label);
    ctx.Expect(executed[i], IsFalse(),
               "whether the arg " + Printable(values[i].bytes) + " was executed");
  }
}

}  // namespace

std::vector<Requirement> CommandArgumentRequirements() {
  return {
      {.id = "command.args.shell-characters",
       .level = Level::kRequired,
       .asks = "Args with blanks, quotes, $, *, ;, &, |, backticks, backslashes and newlines reach "
               "the program as they are.",
       .why = "Commit messages, search patterns and prompts are full of these. A program that gets "
              "other words than its caller gave does something else, mostly without an error.",
       .breaks =
           "`[command, ...args].join(' ')`, handed to a shell: the most common defect of all. "
           "Args in double quotes (JSON.stringify) keep their blanks, and $ and backticks in "
           "them are still expanded.",
       .wrong = R"(const line = [command, ...args].join(' ');
return sandbox.exec(['sh', '-c', line]);)",
       .right = R"(return sandbox.exec([command, ...args]);
// or, if the backend takes nothing but a line:
const quote = (s: string) => "'" + s.replaceAll("'", "'\\''") + "'";
return sandbox.run([command, ...args].map(quote).join(' '));)",
       .defects = {"C1", "C4"},
       .mend = "Pass the vector to the backend as a vector. If it takes only a string, quote each "
               "arg in single quotes, with each ' written as '\\''.",
       .check = ArgsWithShellCharactersArrive},
      {.id = "command.args.empty",
       .level = Level::kRequired,
       .asks = "Empty args are args: none is dropped, wherever it stands.",
       .why = "Where an empty arg is lost, every later one takes the place of the one before: "
              "`git commit -m '' --amend` makes a commit whose message is \"--amend\".",
       .breaks =
           "`args.filter(Boolean)`, a quoting function that leaves alone what needs no quotes "
           "(an empty string has no special character), or a split at blanks.",
       .wrong = R"(const quote = (s: string) => (/[^\w./-]/.test(s) ? shellQuote(s) : s);
const line = [command, ...args].filter(Boolean).map(quote).join(' ');)",
       .right =
           R"(const quote = (s: string) => (/^[\w./-]+$/.test(s) ? s : shellQuote(s)); // '' is quoted
const line = [command, ...args].map(quote).join(' ');)",
       .defects = {"C1"},
       .mend = "Quote an empty arg as '', and do not filter the vector.",
       .check = EmptyArgsArrive},
      {.id = "command.args.file-names",
       .level = Level::kRequired,
       .asks = "A program that gets an awkward path as its arg opens exactly that file.",
       .why =
           "It is how users meet a quoting defect: `cat` of \"My Report.txt\" says that there is "
           "no file \"My\", and `rm` of it removes another one.",
       .breaks = "Quoting that is done for some characters only, or a path that is resolved or "
                 "expanded by the adapter before it is handed on.",
       .wrong =
           R"(const quoted = args.map((a) => (a.includes(' ') ? `"${a}"` : a)); // $HOME? it's? *?
return sandbox.run(`${command} ${quoted.join(' ')}`);)",
       .right = R"(return sandbox.exec({ cmd: command, args }); // no shell, nothing to quote)",
       .defects = {"C1", "C2"},
       .mend = "Pass the vector to the backend as a vector, and change no arg that looks like a "
               "path.",
       .check = ArgsWithBlanksNameFiles},
      {.id = "command.args.leading-dash",
       .level = Level::kRequired,
       .asks = "Args that begin with a dash, and --, go to the program and to nobody before it.",
       .why = "`grep -- -x file` and `npm test -- --watch` depend on each dash. What is taken away "
              "changes the meaning of the rest.",
       .breaks = "A wrapper program (docker exec, env, timeout, sudo) or an argument parser in "
                 "between that looks for options of its own, and drops the first `--`.",
       .wrong = R"(// docker exec takes the command's own options for its own
spawn('docker', ['exec', ...args.filter((a) => a.startsWith('-')), id, command, ...rest]);)",
       .right = R"(// what follows the container's id belongs to the command
spawn('docker', ['exec', id, command, ...args]);)",
       .defects = {"C4"},
       .mend = "Put the wrapper's own -- before the program, or use a form that looks for no "
               "options.",
       .check = ArgsWithLeadingDashArrive},
      {.id = "command.args.beyond-ascii",
       .level = Level::kRequired,
       .asks = "Args with characters beyond ASCII reach the program in UTF-8, unchanged.",
       .why = "Names of people and files have them. One that is changed on its way is another "
              "name, and the file is not found.",
       .breaks = "A step in Latin-1 (`btoa`, a header, `Buffer.from(s, 'binary')`), or Unicode "
                 "normalisation. The way back often undoes it, so that an echo looks right.",
       .wrong =
           R"(headers['x-args'] = Buffer.from(JSON.stringify(args), 'latin1').toString('base64');)",
       .right =
           R"(headers['x-args'] = Buffer.from(JSON.stringify(args), 'utf8').toString('base64');)",
       .defects = {"C29", "F25"},
       .mend = "Encode as UTF-8, normalise nothing.",
       .check = ArgsBeyondAsciiArrive},
      {.id = "command.args.long",
       .level = Level::kRequired,
       .asks = "An arg of 64 KiB arrives whole.",
       .why = "Prompts, patches and JSON are passed as arguments, and soon have that size.",
       .breaks = "Args that travel in a URL or a header, through a terminal (4,096 bytes a line), "
                 "or encoded and quoted twice until they pass the kernel's limit.",
       .wrong = R"(await fetch(`${api}/exec?cmd=${command}&args=${encodeURIComponent(json)}`);)",
       .right =
           R"(await fetch(`${api}/exec`, { method: 'POST', body: JSON.stringify({ command, args }) });)",
       .defects = {"C53"},
       .mend = "Send args in the body of the request; do not encode them into one argument of a "
               "wrapper, which the kernel limits to 128 KiB.",
       .check = LongArgArrives},
      {.id = "command.args.beyond-128-kib",
       .level = Level::kRequired,
       .asks = "An arg of 200 KB, more than the kernel takes in one, arrives whole or is refused; "
               "it is never cut.",
       .why = "A prompt that lost its end is answered all the same. A refusal can be dealt with.",
       .breaks = "A buffer of fixed size in an agent, or `slice(0, LIMIT)` so that the kernel does "
                 "not complain; others wait for ever, as the child never started.",
       .wrong = R"(const MAX_ARG = 128 * 1024 - 1;
return sandbox.exec([command, ...args.map((a) => a.slice(0, MAX_ARG))]);)",
       .right = R"(if (args.some((a) => Buffer.byteLength(a) >= 128 * 1024)) {
  throw new SandboxError('INVALID_ARGUMENT', 'an argument is larger than 128 KiB');
}
return sandbox.exec([command, ...args]);)",
       .defects = {"C54"},
       .mend = "Pass args as they are, and report what the kernel says (E2BIG): as an error, or as "
               "a result with a non-zero exit code.",
       .check = OversizedArgIsNotCut},
      {.id = "command.args.many",
       .level = Level::kRequired,
       .asks = "2,000 args, and args of nearly 1 MiB together, arrive in order and whole.",
       .why = "A list of files to format or to commit is soon that long.",
       .breaks = "The vector joined into one `sh -c STRING`: the kernel takes 2 MiB in all args "
                 "together, but only 128 KiB in one.",
       .wrong = R"(const line = [command, ...args].map(shellQuote).join(' ');
return sandbox.exec(['sh', '-c', line]); // E2BIG from 128 KiB on)",
       .right = R"(return sandbox.exec([command, ...args]); // each arg has its own 128 KiB)",
       .defects = {"C53"},
       .mend = "Execute the vector as it is; do not join it.",
       .check = ManyArgsArrive},
      {.id = "command.args.execute-nothing",
       .level = Level::kRequired,
       .asks = "Nothing in an arg is ever executed.",
       .why = "An arg comes from a model, a user or a web page. If `; rm -rf ~` in it is executed, "
              "the sandbox belongs to whoever wrote the page.",
       .breaks = "Args that reach a shell unquoted, or in quotes which they can close: "
                 "`'${arg}'` without a care for the ' inside, `\"${arg}\"` with $(…) inside.",
       .wrong =
           R"(const line = `${command} ${args.map((a) => `'${a}'`).join(' ')}`; // it's; rm -rf ~
return sandbox.run(line);)",
       .right = R"(const quote = (s: string) => "'" + s.replaceAll("'", "'\\''") + "'";
return sandbox.run([command, ...args].map(quote).join(' '));)",
       .defects = {"C2", "C1"},
       .mend = "Pass the vector to the backend as a vector. If it takes only a string, quote each "
               "arg in single quotes, with each ' written as '\\''.",
       .check = ArgsExecuteNothing},
  };
}

}  // namespace computesdk::conformance
