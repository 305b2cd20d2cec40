#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// What a command with args is: a program, and data.
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
  for (const std::size_t size : {std::size_t{4096}, std::size_t{32767}, std::size_t{65536}}) {
    const auto scope = ctx.Case(size, " bytes");
    std::string text;
    while (text.size() < size) text += "arg " + std::to_string(text.size()) + "; ";
    text.resize(size);
    ExpectArgsArrive(ctx, {"before", text, "after"});
  }
}

void ManyArgsArrive(CheckContext& ctx) {
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

void ArgsExecuteNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string command = "printf x > " + BackslashQuote(canary);
  ctx.Need(ctx.Sh(box, command), "making a canary on purpose");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  ctx.Observe(box, "rm " + ShellQuote(canary));
  for (const NamedValue& value : Injections(command)) {
    const auto scope = ctx.Case(value.label);
    ExpectArgsArrive(ctx, {value.bytes});
    if (!ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(),
                    "whether the arg " + Printable(value.bytes) + " was executed")) {
      ctx.Observe(box, "rm " + ShellQuote(canary));
    }
  }
}

void EmptyArrayIsProgram(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  {
    const auto scope = ctx.Case("a program without arguments");
    const ExecutionResult result = ctx.Must(ctx.Exec(box, "cat", {}), "cat with args []");
    ctx.Expect(result.exit_code, Eq(0), "exit code of cat with args []");
    ctx.ExpectBytes(result.stdout_bytes, "", "stdout of cat with args []");
  }
  const auto scope = ctx.Case("a shell line with args []");
  const std::string line = "printf x > " + BackslashQuote(canary);
  ctx.Need(ctx.Sh(box, line), "the same line without args");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  ctx.Observe(box, "rm " + ShellQuote(canary));
  const Result<ExecutionResult> result = ctx.Exec(box, line, {});
  if (result) ctx.Expect(result->exit_code, Ne(0), "exit code of a program that is not there");
  ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether a shell ran it");
}

void ProgramNameIsNoLine(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string quoted = BackslashQuote(canary);
  for (const std::string& program :
       {"printf x > " + quoted + " #", "true; printf x > " + quoted + " ;",
        "$(printf x > " + quoted + ")", "`printf x > " + quoted + "`"}) {
    const auto scope = ctx.Case("the program ", Printable(program));
    const Result<ExecutionResult> result = ctx.Exec(box, program, {"arg"});
    if (result) ctx.Expect(result->exit_code, Ne(0), "exit code of a program that is not there");
    if (!ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether a shell ran it")) {
      ctx.Observe(box, "rm " + ShellQuote(canary));
    }
  }
  // The way in which it would have shown.
  ctx.Need(ctx.Sh(box, "printf x > " + quoted), "making a canary on purpose");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
}

void ProgramPathMayHaveBlanks(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.Observe(box, "mkdir -p " + ShellQuote(box.Path("my tools")));
  const std::string path = box.Path("my tools/it's a tool");
  ctx.PutFile(box, path, "#!/bin/sh\nprintf 'ran with <%s>' \"$@\"\n");
  if (!ctx.Need(ctx.Sh(box, "chmod 755 " + ShellQuote(path)), "chmod").stderr_bytes.empty()) {
    ctx.NotTestable("chmod does not work here");
  }
  const ExecutionResult by_shell = ctx.Need(ctx.Sh(box, ShellQuote(path) + " 'a b'"), "the script");
  if (by_shell.stdout_bytes != "ran with <a b>") {
    ctx.NotTestable("a script with `#!/bin/sh` cannot be started by the shell either");
  }
  const ExecutionResult result = ctx.Must(ctx.Exec(box, path, {"a b"}), "the program by its path");
  ctx.ExpectBytes(result.stdout_bytes, "ran with <a b>", "stdout of the program");
  ctx.Expect(result.exit_code, Eq(0), "exit code of the program");
}

}  // namespace

std::vector<Requirement> CommandArgumentRequirements() {
  return {
      {.id = "command.args.shell-characters",
       .level = Level::kRequired,
       .asks = "Args with blanks, quotes, $, *, ;, &, |, backticks, backslashes and newlines reach "
               "the program as they are.",
       .why = "`[command, ...args].join(' ')` is the most common defect of all: file names with "
              "blanks fall apart, and whoever chooses an arg chooses what is executed.",
       .defects = {"C1", "C4"},
       .mend = "Pass the vector to the backend as a vector. If it takes only a string, quote each "
               "arg in single quotes, with each ' written as '\\''.",
       .check = ArgsWithShellCharactersArrive},
      {.id = "command.args.empty",
       .level = Level::kRequired,
       .asks = "Empty args are args: none is dropped, wherever it stands.",
       .why = "Joining with blanks, or filtering what is falsy, drops them, and every later "
              "argument changes its meaning.",
       .defects = {"C1"},
       .mend = "Quote an empty arg as '', and do not filter the vector.",
       .check = EmptyArgsArrive},
      {.id = "command.args.file-names",
       .level = Level::kRequired,
       .asks = "A program that gets an awkward path as its arg opens exactly that file.",
       .why = "The same as the user meets it: `cat` of a file whose name has a blank, a quote, a $ "
              "or a newline.",
       .defects = {"C1", "C2"},
       .mend = "Pass the vector to the backend as a vector; see command.args.shell-characters.",
       .check = ArgsWithBlanksNameFiles},
      {.id = "command.args.leading-dash",
       .level = Level::kRequired,
       .asks = "Args that begin with a dash, and --, go to the program and to nobody before it.",
       .why = "A wrapper program (docker exec, env, timeout, sudo, sh -c) that looks for options "
              "of its own takes them away.",
       .defects = {"C4"},
       .mend = "Put the wrapper's -- before the program, or a form that looks for no options.",
       .check = ArgsWithLeadingDashArrive},
      {.id = "command.args.beyond-ascii",
       .level = Level::kRequired,
       .asks = "Args with characters beyond ASCII reach the program in UTF-8, unchanged.",
       .why = "A Latin-1 step, or Unicode normalisation, turns a name into another one, and the "
              "file is not found.",
       .defects = {"C29", "F25"},
       .mend = "Encode as UTF-8, normalise nothing.",
       .check = ArgsBeyondAsciiArrive},
      {.id = "command.args.long",
       .level = Level::kRequired,
       .asks = "An arg of 64 KiB arrives whole.",
       .why = "Prompts, patches and JSON are passed as arguments. URLs, headers, terminals and "
              "doubled quoting have smaller limits, and cut or fail.",
       .defects = {"C53", "C54"},
       .mend = "Send args in the body of the request; do not encode them into one argument of a "
               "wrapper, which the kernel limits to 128 KiB.",
       .check = LongArgArrives},
      {.id = "command.args.many",
       .level = Level::kRequired,
       .asks = "2,000 args, and args of nearly 1 MiB together, arrive in order and whole.",
       .why = "A list of files is soon that long. The kernel takes 2 MiB together, but only 128 "
              "KiB in one string: joining the vector into `sh -c STRING` lowers the limit.",
       .defects = {"C53"},
       .mend = "Execute the vector as it is; do not join it.",
       .check = ManyArgsArrive},
      {.id = "command.args.execute-nothing",
       .level = Level::kRequired,
       .asks = "Nothing in an arg is ever executed.",
       .why = "An arg comes from a model, a user or a web page. If `; rm -rf ~` in it is executed, "
              "the sandbox belongs to whoever wrote the page.",
       .defects = {"C2", "C1"},
       .mend = "Pass the vector to the backend as a vector. If it takes only a string, quote each "
               "arg in single quotes, with each ' written as '\\''.",
       .check = ArgsExecuteNothing},
      {.id = "command.args.empty-array",
       .level = Level::kRequired,
       .asks = "With an empty array of args, the command is a program, not a shell line.",
       .why = "`if (args.length)` takes an empty array for none: a name that was meant as a "
              "program is run by a shell, and executed if it is hostile.",
       .defects = {"C2", "C3"},
       .mend = "Decide by whether args were given, not by how many there are.",
       .check = EmptyArrayIsProgram},
      {.id = "command.args.program-is-no-line",
       .level = Level::kRequired,
       .asks = "With args, nothing in the name of the program is executed or expanded by a shell.",
       .why = "Quoting the args and not the program leaves the door open: the name is data too.",
       .defects = {"C2", "C3"},
       .mend = "Quote the program like an arg, or pass the whole vector.",
       .check = ProgramNameIsNoLine},
      {.id = "command.args.program-path",
       .level = Level::kRecommended,
       .asks = "A program whose path has blanks and quotes can be run with args.",
       .why = "The same defect, as it meets whoever has a folder with a blank in its name.",
       .defects = {"C1", "C3"},
       .mend = "Quote the program like an arg, or pass the whole vector.",
       .check = ProgramPathMayHaveBlanks},
  };
}

}  // namespace computesdk::conformance
