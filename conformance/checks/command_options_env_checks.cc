#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// The option `env`: variables of one command.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::Not;

void ExpectPrints(CheckContext& ctx, const Result<ExecutionResult>& run,
                  std::string_view expected) {
  const ExecutionResult result = ctx.Must(run, "the command");
  ctx.ExpectBytes(result.stdout_bytes, expected, "stdout");
  ctx.Expect(result.exit_code, Eq(0), "exit code");
}

void EnvIsVisibleToTheWholeLine(CheckContext& ctx) {
  const Box& box = ctx.box();
  const RunCommandOptions options = {.env = {{"KIT_A", "one"}, {"KIT_B", "two words"}}};
  struct Line {
    const char *label, *line, *output;
  };
  for (const Line& line : {
           Line{"expanded in the line", "printf '%s,%s' \"$KIT_A\" \"$KIT_B\"", "one,two words"},
           Line{"after &&", "printf x && printf '%s' \"$KIT_A\"", "xone"},
           Line{"after ;", "printf x; printf '%s' \"$KIT_A\"", "xone"},
           Line{"in a pipeline", "printf x | { cat; printf '%s' \"$KIT_A\"; }", "xone"},
           Line{"in a child", "sh -c 'printf %s \"$KIT_B\"'", "two words"},
           Line{"in a child, after &&", "printf x && sh -c 'printf %s \"$KIT_A\"'", "xone"},
           Line{"on a later line", "printf x\nprintf '%s' \"$KIT_A\"", "xone"},
           Line{"in a subshell", "(printf '%s' \"$(printf '%s' \"$KIT_A\")\")", "one"},
           Line{"in a loop", "for i in 1 2; do printf '%s' \"$KIT_A\"; done", "oneone"},
       }) {
    const auto scope = ctx.Case(line.label);
    ExpectPrints(ctx, ctx.Sh(box, line.line, options), line.output);
  }
}

void EnvIsVisibleToPrograms(CheckContext& ctx) {
  const RunCommandOptions options = {.env = {{"KIT_A", "one"}, {"KIT_B", "two words"}}};
  ExpectPrints(
      ctx,
      ctx.Exec(ctx.box(), "sh",
               {"-c", "printf '%s,%s,%s' \"$KIT_A\" \"$KIT_B\" \"$1\"", "sh", "$KIT_A"}, options),
      "one,two words,$KIT_A");
}

// All of the values at once, and each alone where that fails.
void ExpectValuesArrive(CheckContext& ctx, const std::vector<NamedValue>& values) {
  RunCommandOptions options;
  std::string line;
  std::string expected;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string name = "KIT_" + std::to_string(i);
    options.env[name] = values[i].bytes;
    line += "printf '%s' \"<${" + name + "-unset}>\"; ";
    expected += "<" + values[i].bytes + ">";
  }
  const Result<ExecutionResult> result = ctx.Sh(ctx.box(), line, options);
  if (result && result->stdout_bytes == expected) return;
  for (const NamedValue& value : values) {
    const auto scope = ctx.Case(value.label);
    const ExecutionResult alone = ctx.Must(ctx.Sh(ctx.box(), "printf '%s' \"<${KIT_VALUE-unset}>\"",
                                                  {.env = {{"KIT_VALUE", value.bytes}}}));
    ctx.ExpectBytes(alone.stdout_bytes, "<" + value.bytes + ">", "the value, between < and >");
  }
  ExpectPrints(ctx, result, expected);
}

void EnvValuesArriveExactly(CheckContext& ctx) {
  std::vector<NamedValue> values = AwkwardTexts();
  values.push_back({"nothing", ""});
  values.push_back({"equals signs", "a=b=c="});
  values.push_back({"the word undefined", "undefined"});
  values.push_back({"a path", "/usr/bin:/bin"});
  values.push_back({"4 KiB", std::string(4096, 'v')});
  ExpectValuesArrive(ctx, values);
}

void EnvValuesExecuteNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string command = "printf x > " + BackslashQuote(canary);
  ctx.Need(ctx.Sh(box, command), "making a canary on purpose");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  ctx.Observe(box, "rm " + ShellQuote(canary));
  for (const NamedValue& value : Injections(command)) {
    const auto scope = ctx.Case(value.label);
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "printf '%s' \"$KIT_VALUE\"", {.env = {{"KIT_VALUE", value.bytes}}}));
    ctx.ExpectBytes(result.stdout_bytes, value.bytes, "the value");
    if (!ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(),
                    "whether the value " + Printable(value.bytes) + " was executed")) {
      ctx.Observe(box, "rm " + ShellQuote(canary));
    }
  }
}

void EnvEndsWithItsCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "KIT_" + ctx.Unique();
  const std::string look = "printf '%s' \"${" + name + "-unset}\"";
  ExpectPrints(ctx, ctx.Sh(box, look, {.env = {{name, "set"}}}), "set");
  const auto scope = ctx.Case("the next command");
  ExpectPrints(ctx, ctx.Sh(box, look), "unset");
  ExpectPrints(ctx, ctx.Exec(box, "sh", {"-c", look}), "unset");
}

void EnvIsOfOneCommandAlone(CheckContext& ctx) {
  ctx.InParallel(8, [&](int i) {
    const std::string value = "value " + std::to_string(i);
    const auto scope = ctx.Case("command ", i + 1, " of 8 at the same time");
    ExpectPrints(ctx,
                 ctx.Sh(ctx.box(), DefineNap() + "naps=0; nap; printf '%s' \"$KIT_VALUE\"",
                        {.env = {{"KIT_VALUE", value}}}),
                 value);
  });
}

void EnvWinsOverTheSandboxes(CheckContext& ctx) {
  const Box box = ctx.CreateBox({.envs = {{"KIT_BOTH", "of the sandbox"}, {"KIT_OLD", "old"}}});
  const std::string look = "printf '%s,%s,%s' \"$KIT_BOTH\" \"$KIT_OLD\" \"$KIT_NEW\"";
  const RunCommandOptions options = {.env = {{"KIT_BOTH", "of the command"}, {"KIT_NEW", "new"}}};
  {
    const auto scope = ctx.Case("a command with env");
    ExpectPrints(ctx, ctx.Sh(box, look, options), "of the command,old,new");
  }
  {
    const auto scope = ctx.Case("a program with args and env");
    ExpectPrints(ctx, ctx.Exec(box, "sh", {"-c", look}, options), "of the command,old,new");
  }
  const auto scope = ctx.Case("the next command, without env");
  ExpectPrints(ctx, ctx.Sh(box, look), "of the sandbox,old,");
}

void EnvWorksWithCwd(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("it's a dir");
  ctx.Observe(box, "mkdir " + ShellQuote(dir));
  ctx.PutFile(box, dir + "/marker", "in it");
  const RunCommandOptions options = {.cwd = dir, .env = {{"KIT_A", "it's $A"}}};
  const std::string line = "cat marker && printf ' %s' \"$KIT_A\" && cat marker";
  ExpectPrints(ctx, ctx.Sh(box, line, options), "in it it's $Ain it");
  const auto scope = ctx.Case("a program with args");
  ExpectPrints(ctx, ctx.Exec(box, "sh", {"-c", line}, options), "in it it's $Ain it");
}

void EnvKeepsPathAndHome(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string look = "printf '%s\\n%s' \"$PATH\" \"$HOME\"";
  const std::string before = ctx.Observe(box, look);
  ExpectPrints(ctx, ctx.Sh(box, look, {.env = {{"KIT_A", "one"}}}), before);
  const auto scope = ctx.Case("a program found through PATH");
  ExpectPrints(ctx, ctx.Exec(box, "cat", {}, {.env = {{"KIT_A", "one"}}}), "");
}

std::vector<std::string> BadNames(const std::string& command) {
  return {"A;" + command + ";B",
          "A $(" + command + ")",
          "`" + command + "`",
          "A=x; " + command + "; B",
          "A\n" + command + "\nB",
          "A'; " + command + "; '",
          "A\"; " + command + "; \"",
          "A B",
          "1A",
          "A-B",
          "",
          "A=B"};
}

void BadNamesExecuteNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string command = "printf x > " + BackslashQuote(canary);
  ctx.Need(ctx.Sh(box, command), "making a canary on purpose");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  ctx.Observe(box, "rm " + ShellQuote(canary));
  for (const std::string& name : BadNames(command)) {
    const auto scope = ctx.Case("the name ", Printable(name));
    // Whether it is refused is a requirement of its own.
    (void)ctx.Sh(box, ":", {.env = {{name, "x"}}});
    if (!ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether the name was executed")) {
      ctx.Observe(box, "rm " + ShellQuote(canary));
    }
  }
}

void BadNamesAreRefused(CheckContext& ctx) {
  for (const std::string name : {"A B", "1A", "A-B", "A;B", "A$B", "A\nB", "", "A=B"}) {
    const auto scope = ctx.Case("the name ", Printable(name));
    const Result<ExecutionResult> result =
        ctx.Sh(ctx.box(), ":", {.env = {{name, "x"}, {"KIT_A", "one"}}});
    if (result)
      ctx.Expect(result->exit_code, Not(Eq(0)), "exit code of a command with such a variable");
  }
}

}  // namespace

std::vector<Requirement> CommandEnvRequirements() {
  const std::string env(capability::kCommandEnv);
  return {
      {.id = "command.env.whole-line",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Variables of env are visible to the whole line: to $NAME in it, to every command "
               "of `a && b`, and to children.",
       .why = "`NAME='x' LINE` as a prefix is how half of all providers do it: the shell expands "
              "$NAME before it is set, and only the first command of the line gets it.",
       .defects = {"C39"},
       .mend = "Hand env to the backend's own option; else `export NAME='x'` on a line before, or "
               "`env NAME=x sh -c LINE` with an argument vector.",
       .check = EnvIsVisibleToTheWholeLine},
      {.id = "command.env.programs",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Variables of env are visible to a program with args, and expand nothing in them.",
       .why = "The way with args is often another one, where env was forgotten, or a shell now "
              "expands the args.",
       .defects = {"C39", "C1"},
       .mend = "Set the variables on the process; do not put a shell in between for them.",
       .check = EnvIsVisibleToPrograms},
      {.id = "command.env.values",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Values with quotes, $, blanks, =, newlines, backslashes and characters beyond "
               "ASCII, and empty ones, arrive exactly.",
       .why =
           "Tokens, JSON and keys in PEM are passed this way. `NAME=\"${value}\"` expands $, and "
           "ends at a quote; files of NAME=VALUE lines end at a newline.",
       .defects = {"C40", "C41"},
       .mend = "Hand values over as data; if it must be text for a shell, in single quotes, with "
               "each ' written as '\\''.",
       .check = EnvValuesArriveExactly},
      {.id = "command.env.values-execute-nothing",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Nothing in a value of env is ever executed.",
       .why = "A value such as $(…) in double quotes runs when the variable is set.",
       .defects = {"C40", "C2"},
       .mend = "Hand values over as data; if it must be text for a shell, in single quotes, with "
               "each ' written as '\\''.",
       .check = EnvValuesExecuteNothing},
      {.id = "command.env.ends-with-the-command",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Variables of env are gone with the next command.",
       .why = "A token for one command must not be there for the next; `export` in a shell that "
              "lives on keeps it.",
       .defects = {"C42", "C38"},
       .mend = "Set the variables on the process of this command only.",
       .sandbox = SandboxNeed::kFresh,
       .check = EnvEndsWithItsCommand},
      {.id = "command.env.of-one-command",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Commands at the same time see their own variables, and none of another's.",
       .why = "Variables kept with the sandbox, or in one file that is sourced, are overwritten by "
              "the command that starts next.",
       .defects = {"C42", "P1"},
       .mend = "Set the variables on the process of this command only.",
       .check = EnvIsOfOneCommandAlone},
      {.id = "command.env.wins-over-create",
       .level = Level::kOptional,
       .capability = env,
       .asks = "env adds to the sandbox's own variables, and wins over those of create.",
       .why = "Merging in the wrong order, or replacing the sandbox's variables as a whole, shows "
              "only where both are used.",
       .defects = {"C42", "K16"},
       .mend = "Merge: the sandbox's variables first, then those of the command.",
       .sandbox = SandboxNeed::kNone,
       .needs = {std::string(capability::kCreateEnvs)},
       .check = EnvWinsOverTheSandboxes},
      {.id = "command.env.with-cwd",
       .level = Level::kOptional,
       .capability = env,
       .asks = "env and cwd work together.",
       .why = "Each alone is a prefix that works; together, `NAME=x cd DIR && LINE` gives the "
              "variables to `cd`.",
       .defects = {"C39", "C45"},
       .mend = "Set both on the process; if it must be text, change the directory first and export "
               "the variables, each on a line of its own.",
       .needs = {std::string(capability::kCommandCwd)},
       .check = EnvWorksWithCwd},
      {.id = "command.env.keeps-path-and-home",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "PATH and HOME stay as they are when env has other variables.",
       .why = "An env that replaces the whole environment leaves a command that finds no program.",
       .defects = {"C42", "C55"},
       .mend = "Add to the environment of the sandbox; do not replace it.",
       .check = EnvKeepsPathAndHome},
      {.id = "command.env.names-execute-nothing",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "Nothing in the name of a variable is ever executed.",
       .why = "Values are quoted, names are forgotten: `export ${name}='x'` runs what stands in "
              "the name.",
       .defects = {"C43"},
       .mend = "Refuse a name that is not letters, digits and _ before it reaches a shell.",
       .check = BadNamesExecuteNothing},
      {.id = "command.env.names-refused",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "A name that is no identifier is refused, and the command does not run.",
       .why = "A variable that is left out without a word is looked for in vain.",
       .defects = {"C43"},
       .mend = "Answer INVALID_ARGUMENT with the name in the message.",
       .check = BadNamesAreRefused},
  };
}

}  // namespace computesdk::conformance
