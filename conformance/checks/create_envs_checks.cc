#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// The option `envs` of create.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

const std::string& Name() {
  static const auto* const name = new std::string("KIT_CREATED_WITH");
  return *name;
}

Box CreateWith(CheckContext& ctx, const Environment& envs) {
  return ctx.Adopt(ctx.Must(ctx.provider().Create({.envs = envs}), "create with envs"));
}

void SeenByCommands(CheckContext& ctx) {
  const Box box = CreateWith(ctx, {{Name(), "set"}});
  for (const std::string& line :
       {"printf '%s' \"$" + Name() + "\"", "true && sh -c 'printf %s \"$" + Name() + "\"'",
        "printf '' | printf '%s' \"$" + Name() + "\"",
        "sh -c 'cd /; (printf %s \"$" + Name() + "\")'"}) {
    const auto scope = ctx.Case("`", line, "`");
    ctx.ExpectBytes(ctx.Must(ctx.Sh(box, line), "the line").stdout_bytes, "set", "stdout");
  }
  const std::string look = "printf %s \"$" + Name() + "\"";
  {
    const auto scope = ctx.Case("a program with args");
    const ExecutionResult result = ctx.Must(ctx.Exec(box, "sh", {"-c", look}), "the program");
    ctx.ExpectBytes(result.stdout_bytes, "set", "stdout");
  }
  if (ctx.Claims(capability::kCommandCwd)) {
    const auto scope = ctx.Case("a command with a cwd");
    const ExecutionResult result = ctx.Must(ctx.Sh(box, look, {.cwd = box.dir}), "the command");
    ctx.ExpectBytes(result.stdout_bytes, "set", "stdout");
  }
  const auto scope = ctx.Case("by the handle from getById");
  FindLive(ctx, box.id);
  ctx.ExpectBytes(ctx.Must(ctx.Sh(box, look), "the command").stdout_bytes, "set", "stdout");
}

void SeenByCode(CheckContext& ctx) {
  const Box box = CreateWith(ctx, {{Name(), "set"}});
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const ExecutionResult result =
        ctx.Must(RunCode(ctx, box, runtime, runtime.language->PrintVariable(Name())),
                 "code that prints the variable");
    ctx.ExpectBytes(result.stdout_bytes, "set", "the variable that the code prints");
  });
}

void ValuesArriveExactly(CheckContext& ctx) {
  std::vector<NamedValue> values = AwkwardTexts();
  values.push_back({"nothing", ""});
  values.push_back({"an equals sign", "=a=b="});
  values.push_back({"4 KiB", std::string(4096, 'v')});
  Environment envs;
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string name = "KIT_VALUE_" + std::to_string(i);
    envs[name] = values[i].bytes;
    facts.push_back({"a variable with " + values[i].label,
                     "the value " + Printable(values[i].bytes),
                     "[ \"${" + name + "-unset}\" = " + ShellQuote(values[i].bytes) + " ]"});
  }
  ExpectFacts(ctx, CreateWith(ctx, envs), facts);
}

void OfOneSandboxAlone(CheckContext& ctx) {
  const Box one = CreateWith(ctx, {{Name(), "one"}, {Name() + "_ONLY", "one"}});
  const Box two = CreateWith(ctx, {{Name(), "two"}});
  const std::string look =
      "printf '%s %s' \"${" + Name() + "-unset}\" \"${" + Name() + "_ONLY-unset}\"";
  ctx.ExpectBytes(ctx.Observe(one, look), "one one", "the two variables in the first sandbox");
  ctx.ExpectBytes(ctx.Observe(two, look), "two unset",
                  "the same in the second, which was created with one of them");
}

void AddToTheOthers(CheckContext& ctx) {
  const std::string look = "printf '<%s><%s>' \"$PATH\" \"${HOME-unset}\"";
  const std::string before = ctx.Observe(ctx.box(), look);
  const Box box = CreateWith(ctx, {{Name(), "set"}});
  const ExecutionResult seen = ctx.Must(ctx.Sh(box, look), "a look at PATH and HOME");
  // Some providers have a home of its own for each sandbox: that it is set is what matters.
  const bool home = before.ends_with("<unset>") || !seen.stdout_bytes.ends_with("<unset>");
  ctx.Expect(home, Eq(true), "whether HOME is set as it is without envs");
  ctx.ExpectBytes(seen.stdout_bytes.substr(0, seen.stdout_bytes.find('>')),
                  before.substr(0, before.find('>')), "PATH, after a <, as it is without envs");
}

}  // namespace

std::vector<Requirement> CreateEnvsRequirements() {
  const std::string envs(capability::kCreateEnvs);
  return {
      {.id = "create.envs.commands",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "Every command sees the variables that the sandbox was created with, also by a "
               "handle from getById.",
       .why = "Keys and settings go in this way, once, and everything that runs later relies on "
              "them.",
       .breaks = "create accepts the option and drops it, sets the variables for the first process "
                 "only, or keeps them in the handle, where the one from getById has none.",
       .wrong = R"(create: async (options) => {
  const sandbox = await client.create({ image: options.image })
  await sandbox.exec(exportLines(options.envs))   // gone with that shell
  return handleFor(sandbox)
})",
       .right = R"(create: async (options) =>
  handleFor(await client.create({ image: options.image, env: options.envs })))",
       .defects = {"C39", "C42"},
       .mend = "Pass envs to the backend at create; where it has no such option, keep them with "
               "the sandbox and set them in each command's environment.",
       .sandbox = SandboxNeed::kNone,
       .check = SeenByCommands},
      {.id = "create.envs.code",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "Code in every runtime sees the variables that the sandbox was created with.",
       .why = "The same program must work by runCode and by runCommand; a key that only one of "
              "them sees is looked for in the wrong place.",
       .breaks = "Code runs in a kernel that was started before, or by another service, and sees "
                 "the variables of that one.",
       .wrong =
           R"(runCode: async (sandbox, code) => await kernel.execute(code)   // started with the image)",
       .right = R"(runCode: async (sandbox, code) =>
  await sandbox.exec(['python3', '-c', code], { env: sandbox.envs }))",
       .defects = {"K16"},
       .mend = "Start the interpreter with the sandbox's variables.",
       .sandbox = SandboxNeed::kNone,
       .check = SeenByCode},
      {.id = "create.envs.values",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "Values with quotes, `$`, newlines, `=`, nothing at all or 4 KiB arrive exactly.",
       .why = "Passwords, connection strings and private keys hold all of these, and one changed "
              "character makes them wrong.",
       .breaks =
           "`export K=\"V\"` before each command expands and executes the value; a file with a "
           "line for each variable ends at the first newline.",
       .wrong =
           R"(const prefix = Object.entries(envs).map(([k, v]) => `export ${k}="${v}"; `).join('')
await sandbox.exec(['sh', '-c', prefix + command]))",
       .right =
           R"(await sandbox.exec(['sh', '-c', command], { env: envs })   // data, not shell text)",
       .defects = {"C40"},
       .mend = "Hand the variables to the process as data (an `environ`, a JSON field), never as "
               "shell text.",
       .sandbox = SandboxNeed::kNone,
       .check = ValuesArriveExactly},
      {.id = "create.envs.own",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "The variables of one sandbox show in no other.",
       .why = "One user's keys are in another one's hands, and are used there.",
       .breaks = "They are put into the provider's own process.env, or into a configuration that "
                 "all creates share.",
       .wrong = R"(Object.assign(process.env, options.envs)
spawn('sh', { env: process.env }))",
       .right = R"(const envs = { ...defaults, ...options.envs }   // of this sandbox alone
spawn('sh', { env: envs }))",
       .defects = {"S1", "I12"},
       .mend = "Keep the variables with the sandbox.",
       .sandbox = SandboxNeed::kNone,
       .check = OfOneSandboxAlone},
      {.id = "create.envs.adds",
       .level = Level::kRecommended,
       .capability = envs,
       .asks = "Variables given at create are added: PATH and HOME stay as they are without.",
       .why = "A caller who adds one key does not expect that programs are \"not found\" from then "
              "on.",
       .breaks = "The environment is replaced, or begins with a PATH of the adapter's own.",
       .wrong = R"(spawn('sh', { env: { PATH: '/usr/bin:/bin', ...options.envs } }))",
       .right = R"(spawn('sh', { env: { ...imageDefaults, ...options.envs } }))",
       .defects = {"C42", "C55"},
       .mend = "Merge envs into the sandbox's default environment.",
       .sandbox = SandboxNeed::kShared,
       .check = AddToTheOthers},
  };
}

}  // namespace computesdk::conformance
