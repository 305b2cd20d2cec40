#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/selftest/command_sabotages.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in what a command finds around it.
namespace computesdk::conformance {
namespace {

// {...process.env, ...env}
void AddOwnEnvironment(Environment& env) {
  for (char** pair = environ; *pair != nullptr; ++pair) {
    const std::string_view text(*pair);
    const std::size_t equals = text.find('=');
    const std::string name(text.substr(0, equals));
    // Those of the machine would change more than what shows.
    if (name.find("KIT") == std::string::npos && name.find("CANARY") == std::string::npos) continue;
    env.emplace(name, text.substr(equals + 1));
  }
}

// A file that is left after every line, and a name for it.
Replacements LeavesBehind(const std::string& file) {
  return {.run_command = [file](Provider& inner, const std::string& id,
                                const RunCommandRequest& request) {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const bool failed = result && result->exit_code == 3;
    if (failed) (void)Sh(inner, id, ": > " + file);
    return result;
  }};
}

}  // namespace

std::vector<Sabotage> EnvironmentSabotages() {
  return {
      {.name = "home-is-missing",
       .defect = "HOME is a directory that is not there.",
       .classes = {"C55"},
       .reveals = {"environment.home"},
       .make = Spoil({}, {.envs = {{"HOME", "/home/nobody"}}})},
      {.name = "home-is-empty-for-programs",
       .defect = "Programs with args are started without HOME.",
       .classes = {"C55"},
       .reveals = {"environment.home"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.args) request.options.env.emplace("HOME", "");
       }))},
      {.name = "path-is-empty-for-programs",
       .defect = "Programs with args are started without PATH.",
       .classes = {"C55"},
       .reveals = {"environment.path", "command.args.empty-array", "command.args.file-names",
                   "command.args.shell-characters", "command.cwd.used",
                   "command.env.keeps-path-and-home", "command.exit-code.signal-number",
                   "command.state.default-directory", "command.state.files-stay",
                   "command.stdin.is-empty", "create.envs.commands", "output.all-bytes",
                   "output.streams.separate", "output.streams.with-every-exit-code",
                   "output.large.stdout", "output.nothing-added"},
       .blinds = {"command.args.beyond-128-kib",
                  "command.args.beyond-ascii",
                  "command.args.empty",
                  "command.args.leading-dash",
                  "command.args.long",
                  "command.args.many",
                  "command.background.args",
                  "command.background.with-cwd",
                  "command.background.with-env",
                  "command.cwd.file",
                  "command.cwd.missing",
                  "command.env.ends-with-the-command",
                  "command.env.given-path-and-home",
                  "command.env.programs",
                  "command.env.wins-over-create",
                  "command.env.with-cwd",
                  "command.exit-code.values",
                  "command.timeout.ends-the-call",
                  "command.timeout.same-command",
                  "environment.home",
                  "environment.no-terminal",
                  "environment.provider-variables"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.args) request.options.env.emplace("PATH", "/nowhere");
       }))},
      // There is no terminal inside the in-memory provider: the question for one is answered.
      {.name = "output-is-a-terminal",
       .defect = "Commands run on a pseudo terminal.",
       .classes = {"C56"},
       .reveals = {"environment.no-terminal"},
       .make = Spoil(
           OfLines([](std::string& line) { ReplaceAll(line, "[ -t $fd ]", "[ $fd -gt 0 ]"); }))},
      // The in-memory shell counts characters in every locale: one that counts bytes is imitated.
      {.name = "locale-is-c",
       .defect = "LANG is C.",
       .classes = {"C57"},
       .reveals = {"environment.locale"},
       .make = Spoil(OfLines([](std::string& line) {
                       ReplaceAll(line, "[ \"${#c}\" -eq 1 ]", "[ 2 -eq 1 ]");
                     }),
                     {.envs = {{"LANG", "C"}}})},
      {.name = "providers-variables-show",
       .defect = "{...process.env, ...env}: commands see the provider's own variables.",
       .classes = {"S1"},
       .reveals = {"environment.provider-variables"},
       .may_change = {"isolation.host-variables"},  // It warns of what it finds in /proc.
       .make = Spoil(WithRequest(
           [](RunCommandRequest& request) { AddOwnEnvironment(request.options.env); }))},
      {.name = "failed-commands-leave-a-log",
       .defect = "A command that fails leaves a log where commands start.",
       .classes = {"H5", "H6"},
       .reveals = {"environment.no-litter", "output.no-copies"},
       // Whether a command fails while it looks.
       .may_change = {"code.no-copies"},
       .make = Spoil(LeavesBehind("command.log"))},
      {.name = "failed-commands-leave-a-script",
       .defect = "The script of a command that fails is left in /tmp.",
       .classes = {"H3", "H5"},
       .reveals = {"environment.no-litter", "output.no-copies", "code.no-copies"},
       .make = Spoil(LeavesBehind("/tmp/command-$$.sh"))},
  };
}

}  // namespace computesdk::conformance
