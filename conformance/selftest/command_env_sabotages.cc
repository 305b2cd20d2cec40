#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/command_sabotages.h"

// Defects in the option `env`.
namespace computesdk::conformance {
namespace {

using Spelled = std::string (*)(const std::string& name, const std::string& value);

// The variables become text before a line.
Replacements EnvBeforeTheLine(Spelled spelled) {
  return WithRequest([spelled](RunCommandRequest& request) {
    if (request.args) return;
    std::string before;
    for (const auto& [name, value] : request.options.env) before += spelled(name, value);
    request.command.insert(0, before);
    request.options.env.clear();
  });
}

// And cwd before them, or after: `NAME=x cd DIR && LINE` gives the variables to cd.
Replacements EnvBeforeCd() {
  return WithRequest([](RunCommandRequest& request) {
    if (request.args || !request.options.cwd || request.options.env.empty()) return;
    std::string before;
    for (const auto& [name, value] : request.options.env) {
      before += name + "=" + ShellQuote(value) + " ";
    }
    request.command.insert(0, before + "cd -- " + ShellQuote(*request.options.cwd) + " && ");
    request.options.env.clear();
    request.options.cwd.reset();
  });
}

// A change of the variables, where there are any.
Replacements OfEnv(void (*change)(Environment&)) {
  return WithRequest([change](RunCommandRequest& request) {
    if (!request.options.env.empty()) change(request.options.env);
  });
}

bool IsUpperCase(const std::string& name) {
  return std::ranges::all_of(name, [](unsigned char c) {
    return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_';
  });
}

bool IsIdentifier(const std::string& name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::ranges::all_of(name,
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// A file of NAME=VALUE lines: a value ends at its first newline.
void CutAtNewline(Environment& env) {
  for (auto& [name, value] : env) value = value.substr(0, value.find('\n'));
}

// pair.split('=')[1]
void CutAtEquals(Environment& env) {
  for (auto& [name, value] : env) value = value.substr(0, value.find('='));
}

struct KeptEnv {
  std::mutex mutex;
  std::map<std::string, Environment> of;
};

Replacements AddedToTheSandbox() {
  const auto kept = std::make_shared<KeptEnv>();
  return {.run_command = [kept](Provider& inner, const std::string& id, RunCommandRequest request) {
    {
      const std::lock_guard lock(kept->mutex);
      Environment& all = kept->of[id];
      for (const auto& [name, value] : request.options.env) all[name] = value;
      request.options.env = all;
    }
    return inner.RunCommand(id, request);
  }};
}

// The variables are written to one file of the sandbox, which the line sources when it starts.
Replacements SourcedFromOneFile() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (request.args || request.options.background || request.options.env.empty()) {
      return inner.RunCommand(id, request);
    }
    std::string file;
    for (const auto& [name, value] : request.options.env) {
      file += "export " + name + "=" + ShellQuote(value) + "\n";
    }
    (void)Sh(inner, id, "printf %s " + ShellQuote(file) + " > /tmp/.env");
    // What it costs to get there: another call's file may be the one that is read.
    request.command.insert(0, "sleep 0.03; . /tmp/.env\n");
    request.options.env.clear();
    return inner.RunCommand(id, request);
  }};
}

Replacements CreateWins() {
  const auto kept = std::make_shared<KeptEnv>();
  return {.create =
              [kept](Provider& inner, const CreateSandboxOptions& options) {
                Result<SandboxRef> made = inner.Create(options);
                const std::lock_guard lock(kept->mutex);
                if (made) kept->of[made->sandbox_id] = options.envs;
                return made;
              },
          .run_command =
              [kept](Provider& inner, const std::string& id, RunCommandRequest request) {
                {
                  const std::lock_guard lock(kept->mutex);
                  for (const auto& [name, value] : kept->of[id]) request.options.env.erase(name);
                }
                return inner.RunCommand(id, request);
              }};
}

}  // namespace

std::vector<Sabotage> CommandEnvSabotages() {
  return {
      {.name = "env-ignored",
       .defect = "env is accepted and dropped.",
       .classes = {"C39"},
       .reveals = {"command.env.whole-line", "command.background.with-env",
                   "command.env.ends-with-the-command", "command.env.given-path-and-home",
                   "command.env.names", "command.env.names-refused", "command.env.of-one-command",
                   "command.env.programs", "command.env.values", "command.env.wins-over-create",
                   "command.env.with-cwd", "command.timeout.same-command"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) { request.options.env.clear(); }))},
      {.name = "env-as-a-prefix",
       .defect = "`NAME='x' LINE`: $NAME is expanded before, and only the first command has it.",
       .classes = {"C39"},
       .reveals = {"command.env.whole-line", "command.background.with-env",
                   "command.env.ends-with-the-command", "command.env.given-path-and-home",
                   "command.env.names", "command.env.names-execute-nothing",
                   "command.env.names-refused", "command.env.of-one-command", "command.env.values",
                   "command.env.wins-over-create", "command.env.with-cwd",
                   "command.timeout.same-command"},
       .make = Spoil(EnvBeforeTheLine([](const std::string& name, const std::string& value) {
         return name + "=" + ShellQuote(value) + " ";
       }))},
      {.name = "env-forgotten-with-args",
       .defect = "Programs with args get no env.",
       .classes = {"C39"},
       .reveals = {"command.env.programs", "command.background.with-env",
                   "command.env.ends-with-the-command", "command.env.given-path-and-home",
                   "command.env.wins-over-create", "command.env.with-cwd"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.args) request.options.env.clear();
       }))},
      {.name = "env-in-double-quotes",
       .defect = "`export NAME=\"x\"`: $, backticks and quotes in a value are the shell's.",
       .classes = {"C40", "C2"},
       .reveals = {"command.env.values", "command.env.values-execute-nothing",
                   "command.background.with-env", "command.env.names-execute-nothing",
                   "command.env.names-refused", "command.env.with-cwd"},
       .make = Spoil(EnvBeforeTheLine([](const std::string& name, const std::string& value) {
         return "export " + name + "=" + DoubleQuoted(value) + "\n";
       }))},
      {.name = "env-values-end-at-a-newline",
       .defect = "Variables travel in a file of NAME=VALUE lines.",
       .classes = {"C40"},
       .reveals = {"command.env.values"},
       .make = Spoil(OfEnv(CutAtNewline))},
      {.name = "env-values-end-at-an-equals-sign",
       .defect = "NAME=VALUE is split at every =, and the second part is the value.",
       .classes = {"C40"},
       .reveals = {"command.env.values"},
       .make = Spoil(OfEnv(CutAtEquals))},
      {.name = "env-empty-values-dropped",
       .defect = "if (value): an empty value is taken for none.",
       .classes = {"C40", "C41"},
       .reveals = {"command.env.values"},
       .make = Spoil(OfEnv([](Environment& env) {
         std::erase_if(env, [](const auto& pair) { return pair.second.empty(); });
       }))},
      {.name = "env-upper-case-names-only",
       .defect = "A name has to match /^[A-Z_0-9]+$/; others are dropped.",
       .classes = {"C40"},
       .reveals = {"command.env.names", "command.env.names-refused",
                   "command.env.ends-with-the-command"},
       .make = Spoil(OfEnv([](Environment& env) {
         std::erase_if(env, [](const auto& pair) { return !IsUpperCase(pair.first); });
       }))},
      {.name = "env-kept",
       .defect = "env is added to the sandbox's own variables, and stays.",
       .classes = {"C42", "C38"},
       .reveals = {"command.env.ends-with-the-command", "command.env.wins-over-create"},
       .blinds = {"command.env.names-execute-nothing"},
       .make = SpoilWith(AddedToTheSandbox)},
      {.name = "env-in-one-file",
       .defect = "env is written to one file of the sandbox, which the line sources.",
       .classes = {"C42", "P1"},
       .reveals = {"command.env.of-one-command", "command.env.names-execute-nothing",
                   "command.env.names-refused", "code.no-copies"},
       .make = Spoil(SourcedFromOneFile())},
      {.name = "env-of-create-wins",
       .defect = "{...env, ...envs}: the variables of create win over those of the command.",
       .classes = {"C42"},
       .reveals = {"command.env.wins-over-create"},
       .make = SpoilWith(CreateWins)},
      {.name = "env-before-cd",
       .defect = "`NAME='x' cd DIR && LINE`: with a cwd, cd gets the variables.",
       .classes = {"C39"},
       .reveals = {"command.env.with-cwd"},
       .make = Spoil(EnvBeforeCd())},
      {.name = "env-replaces-all",
       .defect = "env replaces the sandbox's variables: PATH is the shell's default, HOME is /.",
       .classes = {"C42", "C55"},
       .reveals = {"command.env.keeps-path-and-home"},
       .make = Spoil(OfEnv([](Environment& env) {
         env.emplace("PATH", "/usr/bin:/bin");
         env.emplace("HOME", "/");
       }))},
      {.name = "env-before-a-login",
       .defect = "bash -lc: what the login sets wins over PATH and HOME of env.",
       .classes = {"C42", "C55"},
       .reveals = {"command.env.given-path-and-home"},
       .make = Spoil(OfEnv([](Environment& env) {
         env.erase("PATH");
         env.erase("HOME");
       }))},
      {.name = "env-names-unquoted",
       .defect = "`export NAME='x'` with any name: what stands in it is run.",
       .classes = {"C43"},
       .reveals = {"command.env.names-execute-nothing", "command.env.names-refused"},
       .make = Spoil(EnvBeforeTheLine([](const std::string& name, const std::string& value) {
         return "export " + name + "=" + ShellQuote(value) + "\n";
       }))},
      {.name = "env-bad-names-dropped",
       .defect = "A name that is no identifier is left out without a word.",
       .classes = {"C43"},
       .reveals = {"command.env.names-refused"},
       .make = Spoil(OfEnv([](Environment& env) {
         std::erase_if(env, [](const auto& pair) { return !IsIdentifier(pair.first); });
       }))},
  };
}

}  // namespace computesdk::conformance
