#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/values.h"

// The option `env`: who sees the variables of a command, and for how long.
namespace computesdk::conformance {
namespace {

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
  NeedPrograms(ctx, ctx.box());
  const RunCommandOptions options = {.env = {{"KIT_A", "one"}, {"KIT_B", "two words"}}};
  ExpectPrints(
      ctx,
      ctx.Exec(ctx.box(), "sh",
               {"-c", "printf '%s,%s,%s' \"$KIT_A\" \"$KIT_B\" \"$1\"", "sh", "$KIT_A"}, options),
      "one,two words,$KIT_A");
}

void EnvEndsWithItsCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "KIT_" + ctx.Unique();
  const std::string look = "printf '%s' \"${" + name + "-unset}\"";
  ExpectPrints(ctx, ctx.Sh(box, look, {.env = {{name, "set"}}}), "set");
  const auto scope = ctx.Case("the next command");
  ExpectPrints(ctx, ctx.Sh(box, look), "unset");
  NeedPrograms(ctx, box);
  ExpectPrints(ctx, ctx.Exec(box, "sh", {"-c", look}, {.env = {{name, "set"}}}), "set");
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
    const auto scope = ctx.Case("the next command, without env");
    ExpectPrints(ctx, ctx.Sh(box, look), "of the sandbox,old,");
  }
  const auto scope = ctx.Case("a program with args and env");
  NeedPrograms(ctx, box);
  ExpectPrints(ctx, ctx.Exec(box, "sh", {"-c", look}, options), "of the command,old,new");
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
  NeedPrograms(ctx, box);
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

void GivenPathAndHomeCount(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = ctx.Observe(box, "printf '%s' \"$PATH\"") + ":" + box.dir;
  const RunCommandOptions options = {.env = {{"PATH", path}, {"HOME", box.dir}}};
  const std::string look = "printf '%s\\n%s' \"$PATH\" \"$HOME\"";
  ExpectPrints(ctx, ctx.Sh(box, look, options), path + "\n" + box.dir);
  const auto scope = ctx.Case("a program with args");
  NeedPrograms(ctx, box);
  ExpectPrints(ctx, ctx.Exec(box, "sh", {"-c", look}, options), path + "\n" + box.dir);
}

}  // namespace

std::vector<Requirement> CommandEnvScopeRequirements() {
  const std::string env(capability::kCommandEnv);
  return {
      {.id = "command.env.whole-line",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Variables of env are visible to the whole line: to $NAME in it, to every command "
               "of `a && b`, and to children.",
       .why =
           "`curl -H \"Authorization: Bearer $TOKEN\"` sends an empty token, and says so nowhere.",
       .breaks = "`NAME='x' LINE` as a prefix, which is how half of all providers do it: the shell "
                 "expands $NAME before it is set, and only the first command of the line gets it.",
       .wrong =
           R"(const prefix = Object.entries(env).map(([k, v]) => `${k}=${shellQuote(v)}`).join(' ');
return sandbox.run(`${prefix} ${command}`);)",
       .right = R"(return sandbox.exec(['sh', '-c', command], { env });
// or, if there is nothing but a line:
const exports = Object.entries(env).map(([k, v]) => `export ${k}=${shellQuote(v)}\n`);
return sandbox.run(`${exports.join('')}${command}`);)",
       .defects = {"C39"},
       .mend = "Hand env to the backend's own option; else `export NAME='x'` on a line before, or "
               "`env NAME=x sh -c LINE` with an argument vector.",
       .check = EnvIsVisibleToTheWholeLine},
      {.id = "command.env.programs",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Variables of env are visible to a program with args, and expand nothing in them.",
       .why =
           "A caller who gives args does so to be safe from shells, and needs variables no less.",
       .breaks = "The way with args is another one, where env was forgotten; or a shell is put in "
                 "between to set the variables, and expands the args.",
       .wrong = R"(const line = `${exports}${[command, ...args].join(' ')}`; // "$KIT_A" is expanded
return sandbox.exec(['sh', '-c', line]);)",
       .right = R"(const pairs = Object.entries(env).map(([k, v]) => `${k}=${v}`);
return sandbox.exec(['env', ...pairs, command, ...args]); // no shell)",
       .defects = {"C39", "C1"},
       .mend = "Set the variables on the process; do not put a shell in between for them.",
       .check = EnvIsVisibleToPrograms},
      {.id = "command.env.ends-with-the-command",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Variables of env are gone with the next command.",
       .why = "A token for one command must not be there for the next, which may be somebody "
              "else's.",
       .breaks = "`export` in a shell that lives on, or variables that are added to the sandbox's "
                 "own and stay there.",
       .wrong = R"(Object.assign(this.sandbox.env, options.env);
return this.sandbox.exec(argv, { env: this.sandbox.env });)",
       .right =
           R"(return this.sandbox.exec(argv, { env: { ...this.sandbox.env, ...options.env } });)",
       .defects = {"C42", "C38"},
       .mend = "Set the variables on the process of this command only.",
       .sandbox = SandboxNeed::kFresh,
       .check = EnvEndsWithItsCommand},
      {.id = "command.env.of-one-command",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Commands at the same time see their own variables, and none of another's.",
       .why = "Two tenants with two keys, and one of them is billed for both.",
       .breaks = "Variables kept with the sandbox while the command starts, or written to one file "
                 "that is sourced: the command that starts next overwrites them.",
       .wrong = R"(await sandbox.write('/tmp/env.sh', exports);
return sandbox.run(`. /tmp/env.sh\n${command}`); // whose env.sh?)",
       .right = R"(return sandbox.run(`${exports}${command}`); // in the request itself)",
       .defects = {"C42", "P1"},
       .mend = "Set the variables on the process of this command only.",
       .check = EnvIsOfOneCommandAlone},
      {.id = "command.env.wins-over-create",
       .level = Level::kOptional,
       .capability = env,
       .asks = "env adds to the sandbox's own variables, and wins over those of create.",
       .why = "Defaults are given at create, exceptions with a command. It goes wrong only where "
              "both are used, and is found late.",
       .breaks = "A merge in the wrong order, or an env that replaces the sandbox's variables as a "
                 "whole.",
       .wrong = R"(const env = { ...options.env, ...this.createOptions.envs };)",
       .right = R"(const env = { ...this.createOptions.envs, ...options.env };)",
       .defects = {"C42", "K16"},
       .mend = "Merge: the sandbox's variables first, then those of the command.",
       .sandbox = SandboxNeed::kNone,
       .needs = {std::string(capability::kCreateEnvs)},
       .check = EnvWinsOverTheSandboxes},
      {.id = "command.env.with-cwd",
       .level = Level::kOptional,
       .capability = env,
       .asks = "env and cwd work together.",
       .why = "\"Build this project with that key\" needs both, and each works alone.",
       .breaks = "Two prefixes one after the other: `NAME=x cd DIR && LINE` gives the variables to "
                 "`cd`.",
       .wrong = R"(let line = command;
if (cwd) line = `cd ${shellQuote(cwd)} && ${line}`;
if (env) line = `${pairs(env)} ${line}`;)",
       .right = R"(return sandbox.exec(['sh', '-c', command], { workingDir: cwd, env });
// or: `cd -- ${shellQuote(cwd)} || exit\n` + exports(env) + command)",
       .defects = {"C39", "C45"},
       .mend = "Set both on the process; if it must be text, change the directory first and export "
               "the variables, each on a line of its own.",
       .needs = {std::string(capability::kCommandCwd)},
       .check = EnvWorksWithCwd},
      {.id = "command.env.keeps-path-and-home",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "PATH and HOME stay as they are when env has other variables.",
       .why = "One variable more, and `git` is no longer found.",
       .breaks = "An env that replaces the whole environment, as that of `child_process.spawn` and "
                 "of many APIs does.",
       .wrong = R"(return spawn('sh', ['-c', line], { env: options.env });)",
       .right = R"(return spawn('sh', ['-c', line], { env: { ...sandboxEnv, ...options.env } });)",
       .defects = {"C42", "C55"},
       .mend = "Add to the environment of the sandbox; do not replace it.",
       .check = EnvKeepsPathAndHome},
      {.id = "command.env.given-path-and-home",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "A PATH or HOME that is given in env is the command's.",
       .why = "Virtual environments are used by a longer PATH, and tools are kept away from each "
              "other by a HOME of their own.",
       .breaks = "A login shell (`bash -lc`) runs /etc/profile, which sets PATH anew after the "
                 "option has set it; `su` and `sudo` reset both.",
       .wrong = R"(return sandbox.exec(['bash', '-lc', command], { env });)",
       .right = R"(return sandbox.exec(['sh', '-c', command], { env: { ...loginEnv, ...env } });)",
       .defects = {"C42", "C55"},
       .mend = "Start a plain shell, and read what a login sets once, when the sandbox is made.",
       .check = GivenPathAndHomeCount},
  };
}

}  // namespace computesdk::conformance
