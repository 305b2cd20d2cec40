#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/languages.h"
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
  const auto scope = ctx.Case("a program with args");
  const ExecutionResult result =
      ctx.Must(ctx.Exec(box, "sh", {"-c", "printf %s \"$" + Name() + "\""}), "the program");
  ctx.ExpectBytes(result.stdout_bytes, "set", "stdout");
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
       .asks = "Every command sees the variables that the sandbox was created with.",
       .why = "Keys and settings go in this way. Providers accept the option and drop it, or set "
              "the variables for the first process only.",
       .defects = {"C39", "C42"},
       .mend = "Pass envs to the backend at create; where it has no such option, keep them and "
               "set them in each command's environment.",
       .sandbox = SandboxNeed::kNone,
       .check = SeenByCommands},
      {.id = "create.envs.code",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "Code in every runtime sees the variables that the sandbox was created with.",
       .why = "Where code runs in a kernel that was started before, or by another service, it sees "
              "the variables of that one.",
       .defects = {"K16"},
       .mend = "Start the interpreter with the sandbox's variables.",
       .sandbox = SandboxNeed::kNone,
       .check = SeenByCode},
      {.id = "create.envs.values",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "Values with quotes, `$`, newlines, `=`, nothing at all or 4 KiB arrive exactly.",
       .why = "Connection strings and private keys hold all of these. `export K=\"V\"` in a shell "
              "expands and executes them.",
       .defects = {"C40"},
       .mend = "Hand the variables to the process as data (an `environ`, a JSON field), never as "
               "shell text.",
       .sandbox = SandboxNeed::kNone,
       .check = ValuesArriveExactly},
      {.id = "create.envs.own",
       .level = Level::kOptional,
       .capability = envs,
       .asks = "The variables of one sandbox show in no other.",
       .why = "A provider that puts them into its own process's environment, or into a template "
              "that all share, hands one user's keys to the next.",
       .defects = {"S1", "I12"},
       .mend = "Keep the variables with the sandbox.",
       .sandbox = SandboxNeed::kNone,
       .check = OfOneSandboxAlone},
      {.id = "create.envs.adds",
       .level = Level::kRecommended,
       .capability = envs,
       .asks = "Variables given at create are added: PATH and HOME stay as they are without.",
       .why = "Replacing the whole environment leaves commands without PATH, and every program is "
              "\"not found\".",
       .defects = {"C42", "C55"},
       .mend = "Merge envs into the sandbox's default environment.",
       .check = AddToTheOthers},
  };
}

}  // namespace computesdk::conformance
