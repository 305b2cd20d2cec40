#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/command_sabotages.h"

// Defects in the option `cwd`.
namespace computesdk::conformance {
namespace {

// The directory becomes text before a line: `cd DIR && LINE`, in some spelling.
Replacements CdBeforeTheLine(std::string (*spelled)(const std::string& cwd)) {
  return WithRequest([spelled](RunCommandRequest& request) {
    if (request.args || !request.options.cwd) return;
    request.command.insert(0, spelled(*request.options.cwd));
    request.options.cwd.reset();
  });
}

Replacements MadeWhereMissing() {
  return {
      .run_command = [](Provider& inner, const std::string& id, const RunCommandRequest& request) {
        if (request.options.cwd) {
          (void)Sh(inner, id, "mkdir -p -- " + ShellQuote(*request.options.cwd));
        }
        return inner.RunCommand(id, request);
      }};
}

Replacements ParentOfAFile() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (!request.options.cwd) return inner.RunCommand(id, request);
    std::string& cwd = *request.options.cwd;
    const auto is_file = Sh(inner, id, "test -f " + ShellQuote(cwd));
    if (is_file && is_file->exit_code == 0) cwd.resize(cwd.rfind('/'));
    return inner.RunCommand(id, request);
  }};
}

struct LastCwd {
  std::mutex mutex;
  std::map<std::string, std::string> of;
};

// The last cwd of the sandbox is that of the next command, which names none.
Replacements KeptForTheNext() {
  const auto last = std::make_shared<LastCwd>();
  return {.run_command = [last](Provider& inner, const std::string& id, RunCommandRequest request) {
    {
      const std::lock_guard lock(last->mutex);
      std::string& kept = last->of[id];
      const std::string before = std::exchange(kept, request.options.cwd.value_or(""));
      const auto there = Sh(inner, id, "test -d " + ShellQuote(before));
      const bool used = !before.empty() && there && there->exit_code == 0;
      if (used && !request.options.cwd) request.options.cwd = before;
    }
    return inner.RunCommand(id, request);
  }};
}

struct Stuck {
  std::mutex mutex;
  std::set<std::string> ids;
};

// An agent that goes to the cwd itself, and cannot start anything once the command has removed it.
Replacements AgentGoesThere() {
  const auto stuck = std::make_shared<Stuck>();
  return {.run_command = [stuck](Provider& inner, const std::string& id,
                                 const RunCommandRequest& request) -> Result<ExecutionResult> {
    {
      const std::lock_guard lock(stuck->mutex);
      if (stuck->ids.contains(id)) {
        return MakeError(ErrorCode::kInternal, "ENOENT: process.cwd failed");
      }
    }
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (!result || !request.options.cwd) return result;
    const auto gone = Sh(inner, id, "test ! -d " + ShellQuote(*request.options.cwd));
    const std::lock_guard lock(stuck->mutex);
    if (gone && gone->exit_code == 0) stuck->ids.insert(id);
    return result;
  }};
}

Replacements FailureWithoutAName() {
  return {
      .run_command = [](Provider& inner, const std::string& id, const RunCommandRequest& request) {
        Result<ExecutionResult> result = inner.RunCommand(id, request);
        if (!result && request.options.cwd) result.error().message = "invalid working directory";
        return result;
      }};
}

}  // namespace

std::vector<Sabotage> CommandCwdSabotages() {
  return {
      {.name = "cwd-ignored",
       .defect = "cwd is accepted and dropped.",
       .classes = {"C44"},
       .reveals = {"command.cwd.used", "command.background.with-cwd", "command.cwd.file",
                   "command.cwd.missing", "command.cwd.names", "command.cwd.removed",
                   "command.env.with-cwd", "command.timeout.same-command"},
       .blinds = {"command.cwd.ends-with-the-command", "command.cwd.missing-named"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) { request.options.cwd.reset(); }))},
      {.name = "cwd-forgotten-with-args",
       .defect = "Programs with args start where all start, whatever cwd says.",
       .classes = {"C44"},
       .reveals = {"command.cwd.used", "command.background.with-cwd", "command.cwd.file",
                   "command.cwd.missing", "command.env.with-cwd"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.args) request.options.cwd.reset();
       }))},
      {.name = "cwd-by-cd-and-semicolon",
       .defect = "`cd 'DIR'; LINE`: where cd fails, the line runs elsewhere.",
       .classes = {"C44"},
       .reveals = {"command.cwd.missing", "command.cwd.file"},
       .blinds = {"command.cwd.missing-named"},
       .make = Spoil(CdBeforeTheLine(
           [](const std::string& cwd) { return "cd -- " + ShellQuote(cwd) + "; "; }))},
      {.name = "cwd-by-cd-and-and",
       .defect = "`cd 'DIR' && LINE`: where cd fails, the rest of a list runs elsewhere.",
       .classes = {"C44"},
       .reveals = {"command.cwd.missing", "command.cwd.file"},
       .make = Spoil(CdBeforeTheLine(
           [](const std::string& cwd) { return "cd -- " + ShellQuote(cwd) + " && "; }))},
      {.name = "cwd-unquoted",
       .defect = "`cd DIR || exit` without quotes.",
       .classes = {"C45", "C2"},
       .reveals = {"command.cwd.names", "command.cwd.executes-nothing",
                   "command.background.with-cwd", "command.env.with-cwd"},
       .make = Spoil(
           CdBeforeTheLine([](const std::string& cwd) { return "cd " + cwd + " || exit 1\n"; }))},
      {.name = "cwd-in-double-quotes",
       .defect = "`cd \"DIR\" || exit`: $ and backticks in it still work.",
       .classes = {"C45", "C2"},
       .reveals = {"command.cwd.names", "command.cwd.executes-nothing"},
       .make = Spoil(CdBeforeTheLine(
           [](const std::string& cwd) { return "cd " + DoubleQuoted(cwd) + " || exit 1\n"; }))},
      {.name = "cwd-trimmed",
       .defect = "Blanks at the end of a cwd are taken off.",
       .classes = {"C45"},
       .reveals = {"command.cwd.names"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.options.cwd) *request.options.cwd = Trimmed(*request.options.cwd);
       }))},
      {.name = "cwd-made-where-missing",
       .defect = "A cwd that is missing is made.",
       .classes = {"C44"},
       .reveals = {"command.cwd.missing"},
       .blinds = {"command.cwd.missing-named"},
       .make = Spoil(MadeWhereMissing())},
      {.name = "cwd-of-a-file-is-its-folder",
       .defect = "With a file for its cwd a command runs in the folder of the file.",
       .classes = {"C44"},
       .reveals = {"command.cwd.file"},
       .make = Spoil(ParentOfAFile())},
      {.name = "cwd-kept-for-the-next",
       .defect = "A cwd stays in force until another one is given.",
       .classes = {"C38", "C44"},
       .reveals = {"command.cwd.ends-with-the-command"},
       .make = SpoilWith(KeptForTheNext)},
      {.name = "cwd-of-the-agent-itself",
       .defect = "The agent goes to the cwd, and starts nothing any more once that is removed.",
       .classes = {"C46"},
       .reveals = {"command.cwd.removed"},
       .make = SpoilWith(AgentGoesThere)},
      {.name = "cwd-failure-is-nameless",
       .defect = "What fails with a cwd is an \"invalid working directory\".",
       .classes = {"E4"},
       .reveals = {"command.cwd.missing-named"},
       .make = Spoil(FailureWithoutAName())},
  };
}

}  // namespace computesdk::conformance
