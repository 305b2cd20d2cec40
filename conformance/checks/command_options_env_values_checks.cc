#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/values.h"

// The option `env`: names and values are data.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;
using ::testing::Ne;

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
  values.push_back({"the word null", "null"});
  values.push_back({"JSON", "{\"key\": \"it's $5\"}"});
  values.push_back({"a key in PEM", "-----BEGIN KEY-----\nMIIB+/=\n-----END KEY-----\n"});
  values.push_back({"4 KiB", std::string(4096, 'v')});
  ExpectValuesArrive(ctx, values);
}

void EnvValuesExecuteNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  Canaries canaries(ctx, box, Injections("").size());
  std::vector<NamedValue> values;
  for (std::size_t i = 0; i < canaries.commands().size(); ++i) {
    values.push_back(Injections(canaries.commands()[i])[i]);
    // Whether the value arrives is a requirement of its own.
    (void)ctx.Sh(box, "printf '%s' \"$KIT_VALUE\"", {.env = {{"KIT_VALUE", values.back().bytes}}});
  }
  const std::vector<bool> executed = canaries.Look();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto scope = ctx.Case(values[i].label);
    ctx.Expect(executed[i], IsFalse(),
               "whether the value " + Printable(values[i].bytes) + " was executed");
  }
}

void IdentifiersAreNames(CheckContext& ctx) {
  const Box& box = ctx.box();
  Environment env;
  std::string look;
  std::string expected;
  for (const char* name : {"kit_lower", "KitMixed", "_KIT_UNDER", "KIT_2", "K", "npm_config_x",
                           "KIT_A_NAME_THAT_IS_MUCH_LONGER_THAN_THOSE_WHICH_ARE_COMMONLY_USED"}) {
    env[name] = std::string("of ") + name;
    look += std::string("printf '%s\\n' \"${") + name + "-unset}\"; ";
    expected += std::string("of ") + name + "\n";
  }
  ExpectPrints(ctx, ctx.Sh(box, look, {.env = env}), expected);
  const auto scope = ctx.Case("100 variables");
  Environment many;
  std::string all;
  std::string sum = "printf '%s'";
  for (int i = 0; i < 100; ++i) {
    many["KIT_" + std::to_string(i)] = "v" + std::to_string(i) + ",";
    all += "v" + std::to_string(i) + ",";
    sum += " \"$KIT_" + std::to_string(i) + "\"";
  }
  ExpectPrints(ctx, ctx.Sh(box, sum, {.env = many}), all);
}

std::vector<std::string> BadNames(const std::string& command) {
  return {"A;" + command + ";B",     "A $(" + command + ")",  "`" + command + "`",
          "A=x; " + command + "; B", "A\n" + command + "\nB", "A'; " + command + "; '",
          "A\"; " + command + "; \""};
}

void BadNamesExecuteNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  Canaries canaries(ctx, box, BadNames("").size());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < canaries.commands().size(); ++i) {
    names.push_back(BadNames(canaries.commands()[i])[i]);
    // Whether it is refused is a requirement of its own.
    (void)ctx.Sh(box, ":", {.env = {{names.back(), "x"}}});
  }
  const std::vector<bool> executed = canaries.Look();
  for (std::size_t i = 0; i < names.size(); ++i) {
    ctx.Expect(executed[i], IsFalse(), "whether the name " + Printable(names[i]) + " was executed");
  }
}

void BadNamesAreRefused(CheckContext& ctx) {
  for (const std::string name : {"A B", "1A", "A-B", "A;B", "A$B", "A\nB", "", "A=B"}) {
    const auto scope = ctx.Case("the name ", Printable(name));
    const Result<ExecutionResult> result =
        ctx.Sh(ctx.box(), ":", {.env = {{name, "x"}, {"KIT_A", "one"}}});
    if (result) {
      ctx.Expect(result->exit_code, Ne(0), "exit code of a command with such a variable");
    }
  }
}

}  // namespace

std::vector<Requirement> CommandEnvValueRequirements() {
  const std::string env(capability::kCommandEnv);
  return {
      {.id = "command.env.values",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Values with quotes, $, blanks, =, newlines, backslashes and characters beyond "
               "ASCII, and empty ones, arrive exactly.",
       .why = "Tokens, JSON and keys in PEM are passed this way; one character less, and the other "
              "side says \"unauthorized\".",
       .breaks = "`NAME=\"${value}\"` expands $ and ends at a quote; files of NAME=VALUE lines end "
                 "at a newline; a split at every `=` keeps the first part; `if (value)` drops the "
                 "empty one.",
       .wrong =
           R"(const file = Object.entries(env).filter(([, v]) => v).map(([k, v]) => `${k}=${v}`);
await sandbox.write('.env', file.join('\n')); // a key in PEM has newlines)",
       .right = R"(return sandbox.exec(argv, { env }); // a map, not text)",
       .defects = {"C40", "C41"},
       .mend = "Hand values over as data; if it must be text for a shell, in single quotes, with "
               "each ' written as '\\''.",
       .check = EnvValuesArriveExactly},
      {.id = "command.env.values-execute-nothing",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Nothing in a value of env is ever executed.",
       .why = "Values come from forms, branches and titles of issues: whoever writes one must not "
              "run commands by it.",
       .breaks = "A value in double quotes, where $(…) runs when the variable is set; or in single "
                 "quotes that it can close.",
       .wrong =
           R"(const exports = Object.entries(env).map(([k, v]) => `export ${k}="${v}";`).join(' ');)",
       .right = R"(const quote = (s: string) => "'" + s.replaceAll("'", "'\\''") + "'";
const exports = Object.entries(env).map(([k, v]) => `export ${k}=${quote(v)}\n`).join('');)",
       .defects = {"C40", "C2"},
       .mend = "Hand values over as data; if it must be text for a shell, in single quotes, with "
               "each ' written as '\\''.",
       .check = EnvValuesExecuteNothing},
      {.id = "command.env.names",
       .level = Level::kOptional,
       .capability = env,
       .asks = "Names with lower-case letters, digits and underscores work, and so do 100 "
               "variables.",
       .why = "npm_config_registry, http_proxy and _PYTHON_HOST_PLATFORM are names like others.",
       .breaks =
           "A test that is too strict (`/^[A-Z_]+$/`), names turned to upper case, a limit on "
           "the number of variables.",
       .wrong =
           R"(const valid = Object.entries(env).filter(([name]) => /^[A-Z][A-Z_]*$/.test(name));)",
       .right = R"(const valid = (name: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);)",
       .defects = {"C40"},
       .mend = "Take every name that is an identifier, as it is.",
       .check = IdentifiersAreNames},
      {.id = "command.env.names-execute-nothing",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "Nothing in the name of a variable is ever executed.",
       .why = "Maps of variables are read from files and requests, names included.",
       .breaks = "Values are quoted, names are forgotten: `export ${name}='x'` runs what stands in "
                 "the name.",
       .wrong =
           R"(const exports = entries.map(([k, v]) => `export ${k}=${shellQuote(v)}`).join('\n');)",
       .right = R"(const bad = entries.find(([k]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(k));
if (bad) throw new SandboxError('INVALID_ARGUMENT', `no name of a variable: ${bad[0]}`);)",
       .defects = {"C43"},
       .mend = "Refuse a name that is not letters, digits and _ before it reaches a shell.",
       .check = BadNamesExecuteNothing},
      {.id = "command.env.names-refused",
       .level = Level::kRecommended,
       .capability = env,
       .asks = "A name that is no identifier is refused, and the command does not run.",
       .why = "A variable that is left out without a word is looked for in vain.",
       .breaks = "Bad names are filtered out, or passed on to a backend that drops them.",
       .wrong =
           R"(const env = pickBy(options.env, (_, name) => isIdentifier(name)); // silently fewer)",
       .right = R"(for (const name of Object.keys(options.env)) {
  if (!isIdentifier(name)) throw new SandboxError('INVALID_ARGUMENT', `env: ${name}`);
})",
       .defects = {"C43", "E9"},
       .mend = "Answer INVALID_ARGUMENT with the name in the message.",
       .check = BadNamesAreRefused},
  };
}

std::vector<Requirement> CommandEnvRequirements() {
  return Join(CommandEnvScopeRequirements(), CommandEnvValueRequirements());
}

}  // namespace computesdk::conformance
