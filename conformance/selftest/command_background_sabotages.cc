#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/command_sabotages.h"

// Defects in the option `background`.
namespace computesdk::conformance {
namespace {

// A change of what is asked, of commands in the background alone.
Replacements OfBackground(std::function<void(RunCommandRequest&)> change) {
  return WithRequest([change = std::move(change)](RunCommandRequest& request) {
    if (request.options.background) change(request);
  });
}

// A line in the background with something around it.
Replacements Around(const std::string& before, const std::string& after) {
  return OfBackground([before, after](RunCommandRequest& request) {
    if (!request.args) request.command = before + Followed(request.command, after);
  });
}

Replacements OfBackgroundResults(void (*change)(ExecutionResult&)) {
  return {.run_command = [change](Provider& inner, const std::string& id,
                                  const RunCommandRequest& request) {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && request.options.background) change(*result);
    return result;
  }};
}

// As many published adapters do it: the line, un-wrapped, before ` &`.
Replacements ByAmpersand(std::string (*text)(RunCommandRequest&)) {
  return {.run_command = [text](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (!request.options.background || request.args) return inner.RunCommand(id, request);
    request.options.background = false;
    request.command = text(request) + " > /dev/null 2>&1 &";
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result) result->exit_code = 0;
    if (result) result->is_background = true;
    return result;
  }};
}

std::string LineAlone(RunCommandRequest& request) { return request.command; }

// `nohup NAME=x LINE`, `nohup cd DIR && LINE`: nohup takes the first word for a program.
std::string AfterNohup(RunCommandRequest& request) {
  std::string line = "sh -c " + ShellQuote(request.command);
  if (request.options.cwd) line = "env cd " + ShellQuote(*request.options.cwd) + " && " + line;
  request.options.cwd.reset();
  return line;
}

Replacements StartedTwice() {
  return {
      .run_command = [](Provider& inner, const std::string& id, const RunCommandRequest& request) {
        if (request.options.background) (void)inner.RunCommand(id, request);
        return inner.RunCommand(id, request);
      }};
}

// All that runs in the sandbox is killed when the call ends.
Replacements EndsWithTheCall() {
  return {
      .run_command = [](Provider& inner, const std::string& id, const RunCommandRequest& request) {
        Result<ExecutionResult> result = inner.RunCommand(id, request);
        if (request.options.background) (void)Sh(inner, id, "kill -KILL -1");
        return result;
      }};
}

// Job control of a shell that lives on: what it says of its jobs shows in later commands.
Replacements JobsShowInLaterCommands() {
  struct Used {
    std::mutex mutex;
    std::set<std::string> ids;
  };
  const auto used = std::make_shared<Used>();
  return {.run_command = [used](Provider& inner, const std::string& id,
                                const RunCommandRequest& request) {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const std::lock_guard lock(used->mutex);
    if (request.options.background) {
      used->ids.insert(id);
    } else if (result && used->ids.contains(id)) {
      result->stderr_bytes += "[1]+  Done\n";
    }
    return result;
  }};
}

}  // namespace

std::vector<Sabotage> CommandBackgroundSabotages() {
  return {
      {.name = "background-ignored",
       .defect = "background is ignored: the call waits for its command.",
       .classes = {"C33"},
       .reveals = {"command.background.returns-at-once", "command.background.result",
                   "command.background.whole-line"},
       .make = Spoil(
           OfBackground([](RunCommandRequest& request) { request.options.background = false; }))},
      {.name = "background-not-said",
       .defect = "isBackground is missing in the result.",
       .classes = {"C33"},
       .reveals = {"command.background.result"},
       .make = Spoil(
           OfBackgroundResults([](ExecutionResult& result) { result.is_background.reset(); }))},
      {.name = "background-has-exit-code-minus-1",
       .defect = "A command in the background has exit code -1, as it has none yet.",
       .classes = {"C33"},
       .reveals = {"command.background.result"},
       .make = Spoil(OfBackgroundResults([](ExecutionResult& result) { result.exit_code = -1; }))},
      {.name = "background-by-ampersand",
       .defect = "`LINE > /dev/null 2>&1 &`: of `a; b`, only b is in the background.",
       .classes = {"C33"},
       .reveals = {"command.background.whole-line", "command.background.no-litter",
                   "command.background.output", "command.background.runs-once",
                   "command.background.stdin", "command.background.with-cwd",
                   "command.background.with-env", "command.background.returns-at-once"},
       .make = Spoil(ByAmpersand(LineAlone))},
      {.name = "background-by-nohup-cd",
       .defect = "`nohup cd DIR && LINE &`: cd is no program, and nothing runs.",
       .classes = {"C33"},
       .reveals = {"command.background.with-cwd"},
       .make = Spoil(ByAmpersand(AfterNohup))},
      {.name = "background-started-twice",
       .defect = "The first start gave no output, and is done again.",
       .classes = {"C33", "E11"},
       .reveals = {"command.background.runs-once"},
       .make = Spoil(StartedTwice())},
      {.name = "background-ends-with-the-call",
       .defect = "A command in the background is killed when its call has ended.",
       .classes = {"C33", "C34"},
       .reveals = {"command.background.returns-at-once", "command.background.runs-once",
                   "command.background.whole-line", "command.background.with-cwd"},
       // What is over at once may be over before the kill.
       .may_change = {"command.background.args", "command.background.output",
                      "command.background.stdin", "command.background.with-env",
                      "command.background.no-litter"},
       .make = Spoil(EndsWithTheCall())},
      {.name = "background-args-joined",
       .defect = "In the background, args are joined with blanks.",
       .classes = {"C1", "C33"},
       .reveals = {"command.background.args", "command.background.with-cwd",
                   "command.background.with-env"},
       .make = Spoil(OfBackground([](RunCommandRequest& request) {
         request.command = JoinedWithBlanks(request);
         request.args.reset();
       }))},
      {.name = "background-args-empty-ones-filtered",
       .defect = "In the background, empty args are dropped.",
       .classes = {"C1", "C33"},
       .reveals = {"command.background.args"},
       .make = Spoil(OfBackground([](RunCommandRequest& request) {
         if (request.args) std::erase(*request.args, "");
       }))},
      {.name = "background-cwd-dropped",
       .defect = "In the background, cwd is dropped.",
       .classes = {"C33", "C44"},
       .reveals = {"command.background.with-cwd"},
       .make =
           Spoil(OfBackground([](RunCommandRequest& request) { request.options.cwd.reset(); }))},
      {.name = "background-env-dropped",
       .defect = "In the background, env is dropped.",
       .classes = {"C33", "C39"},
       .reveals = {"command.background.with-env"},
       .make =
           Spoil(OfBackground([](RunCommandRequest& request) { request.options.env.clear(); }))},
      {.name = "background-output-into-a-closed-pipe",
       .defect = "The call closes the pipe of its command, which is killed when it prints.",
       .classes = {"C33", "C59"},
       .reveals = {"command.background.output", "command.background.no-litter"},
       .make = Spoil(Around("{\n", "} 2>&1 | :"))},
      {.name = "background-jobs-show-later",
       .defect = "What the shell says of its jobs shows in the stderr of later commands.",
       .classes = {"C30", "C33"},
       .reveals = {"command.background.output"},
       .make = SpoilWith(JobsShowInLaterCommands)},
      {.name = "background-input-stays-open",
       .defect = "The input of a command in the background is a pipe that nobody closes.",
       .classes = {"C31", "C33"},
       .reveals = {"command.background.stdin"},
       .make = Spoil(Around("sleep 6 | {\n", "}"))},
      {.name = "background-leaves-nohup-out",
       .defect = "nohup writes nohup.out where the command starts.",
       .classes = {"H6"},
       .reveals = {"command.background.no-litter"},
       .make = Spoil(OfBackground([](RunCommandRequest& request) {
         if (!request.args && !request.options.cwd) request.command.insert(0, ": > nohup.out\n");
       }))},
  };
}

}  // namespace computesdk::conformance
