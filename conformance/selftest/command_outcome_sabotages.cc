#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/command_sabotages.h"

// Defects in how a command ends, and in what its result says.
namespace computesdk::conformance {
namespace {

bool IsPlainLine(const RunCommandRequest& request) {
  const RunCommandOptions& options = request.options;
  return !request.args && !options.background && !options.timeout && !options.cwd &&
         options.env.empty();
}

bool IsSignal(int exit_code) { return exit_code == 137 || exit_code == 143; }

Replacements FailureIsAnError() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            const RunCommandRequest& request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && result->exit_code != 0) {
      return MakeError(ErrorCode::kInternal,
                       "CommandExitError: exit status " + std::to_string(result->exit_code));
    }
    return result;
  }};
}

// The line's own shell has to print the exit code after it; one that exits never does.
Replacements ExitCodeByMarker() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (!IsPlainLine(request)) return inner.RunCommand(id, request);
    request.command = Followed(request.command, "printf '__EXIT_CODE__=%s' $?");
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (!result) return result;
    const std::string marker = "__EXIT_CODE__=";
    const std::size_t at = result->stdout_bytes.rfind(marker);
    if (at == std::string::npos) {
      result->exit_code = result->stderr_bytes.empty() ? 0 : 1;
      return result;
    }
    result->exit_code = std::atoi(result->stdout_bytes.c_str() + at + marker.size());
    result->stdout_bytes.resize(at);
    return result;
  }};
}

// `sh -c LINE; echo $? > FILE`, and a second command that reads the file.
Replacements ExitCodeInSharedFile() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (!IsPlainLine(request)) return inner.RunCommand(id, request);
    request.command = "sh -c " + ShellQuote(request.command) + "; echo $? > /tmp/.exit_code";
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const Result<ExecutionResult> code = Sh(inner, id, "cat /tmp/.exit_code");
    if (result && code) result->exit_code = std::atoi(code->stdout_bytes.c_str());
    return result;
  }};
}

// The end of the stream is taken for that of the process, whose exit code is null then.
Replacements EndsWithItsOutput() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    const std::string closing = "exec >&- 2>&-; ";
    const std::size_t at = request.command.find(closing);
    if (request.args || at == std::string::npos) return inner.RunCommand(id, request);
    RunCommandRequest rest = request;
    rest.command.erase(0, at + closing.size());
    rest.options.background = true;
    request.command.resize(at);
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    (void)inner.RunCommand(id, rest);
    return result;
  }};
}

Replacements TriedAgain(bool (*failed)(const ExecutionResult&)) {
  return {.run_command = [failed](Provider& inner, const std::string& id,
                                  const RunCommandRequest& request) {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && failed(*result)) result = inner.RunCommand(id, request);
    return result;
  }};
}

// Input that is somebody else's: what the adapter is sent next.
Replacements InheritedInput() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (IsPlainLine(request) && request.command.find("cat") != std::string::npos &&
        request.command.find("<<") == std::string::npos) {
      request.command = "printf '{\"jsonrpc\":\"2.0\"}\\n' | {\n" + Followed(request.command, "}");
    }
    return inner.RunCommand(id, request);
  }};
}

// The call ends when the last one has closed the pipe.
Replacements WaitsForChildren() {
  return OfLines([](std::string& line) {
    if (line.find(" & printf hi") != std::string::npos) line = Followed(line, "wait");
  });
}

Sabotage TimeSabotage(std::string name, std::string defect, void (*change)(ExecutionResult&)) {
  return {.name = std::move(name),
          .defect = std::move(defect),
          .classes = {"C61"},
          .reveals = {"command.execution-time"},
          .make = Spoil(OfResults(change))};
}

std::vector<Sabotage> ExitCodeSabotages() {
  return {
      {.name = "exit-code-always-0",
       .defect = "The backend reports no exit code, and 0 is put in its place.",
       .classes = {"C5"},
       .reveals = {"command.exit-code.values",
                   "code.runtimes.undeclared",
                   "command.args.empty-array",
                   "command.args.program-is-no-line",
                   "command.background.returns-at-once",
                   "command.background.whole-line",
                   "command.cwd.file",
                   "command.cwd.missing",
                   "command.exit-code.closed-output",
                   "command.exit-code.every-time",
                   "command.exit-code.signal",
                   "command.exit-code.signal-number",
                   "command.missing-program.is-127",
                   "command.missing-program.is-a-result",
                   "command.not-executable",
                   "command.shell.broken-line",
                   "command.shell.comment-at-the-end",
                   "command.shell.lists",
                   "command.shell.pipes",
                   "command.shell.several-lines",
                   "command.state.exit",
                   "command.timeout.in-time",
                   "command.timeout.own-end",
                   "isolation.files",
                   "isolation.files-out-of-reach",
                   "isolation.host-files",
                   "lifecycle.create.clean",
                   "lifecycle.create.usable-at-once",
                   "lifecycle.get-by-id.same-sandbox",
                   "lifecycle.list.handles-work",
                   "output.after-pauses",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.nothing-added",
                   "output.streams.with-every-exit-code"},
       .make = Spoil(OfResults([](ExecutionResult& result) { result.exit_code = 0; }))},
      {.name = "exit-code-1-for-all-failures",
       .defect = "Every failure has exit code 1.",
       .classes = {"C5"},
       .reveals = {"command.exit-code.values",
                   "command.exit-code.closed-output",
                   "command.exit-code.every-time",
                   "command.exit-code.signal-number",
                   "command.missing-program.is-127",
                   "command.not-executable",
                   "command.shell.comment-at-the-end",
                   "command.shell.lists",
                   "command.shell.pipes",
                   "command.shell.several-lines",
                   "command.state.exit",
                   "command.timeout.in-time",
                   "command.timeout.own-end",
                   "lifecycle.create.usable-at-once",
                   "lifecycle.get-by-id.same-sandbox",
                   "lifecycle.list.handles-work",
                   "output.after-pauses",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.nothing-added",
                   "output.streams.with-every-exit-code"},
       // A look that comes before its file is there ends the check; a later one does not.
       .may_change = {"command.background.*", "isolation.processes"},
       .make = Spoil(OfResults(
           [](ExecutionResult& result) { result.exit_code = std::min(result.exit_code, 1); }))},
      {.name = "exit-code-not-0-is-an-error",
       .defect = "The SDK throws on a non-zero exit code, and the adapter lets it through.",
       .classes = {"C10"},
       .reveals = {"command.exit-code.values",
                   "command.exit-code.closed-output",
                   "command.exit-code.every-time",
                   "command.exit-code.signal",
                   "command.exit-code.signal-number",
                   "command.missing-program.is-127",
                   "command.missing-program.is-a-result",
                   "command.missing-program.named",
                   "command.not-executable",
                   "command.result.foreground",
                   "command.result.provider",
                   "command.result.sandbox-id",
                   "command.runs-once",
                   "command.shell.comment-at-the-end",
                   "command.shell.lists",
                   "command.shell.pipes",
                   "command.shell.several-lines",
                   "command.state.exit",
                   "command.state.streams",
                   "command.timeout.in-time",
                   "command.timeout.own-end",
                   "lifecycle.create.usable-at-once",
                   "lifecycle.get-by-id.same-sandbox",
                   "lifecycle.list.handles-work",
                   "output.after-pauses",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.nothing-added",
                   "output.streams.with-every-exit-code",
                   "output.no-copies"},
       .blinds = {"code.runtimes.undeclared", "command.args.empty-array",
                  "command.args.program-is-no-line", "command.cwd.file", "command.cwd.missing",
                  "environment.no-litter", "info.status", "isolation.files",
                  "isolation.files-out-of-reach", "isolation.host-files", "isolation.processes",
                  "lifecycle.create.clean"},
       // A look that comes before its file is there ends the check; a later one does not.
       .may_change = {"code.endless", "command.background.*", "lifecycle.destroy.*"},
       .make = Spoil(FailureIsAnError())},
      {.name = "exit-code-124-is-a-timeout",
       .defect = "Exit code 124 is taken for timeout(1)'s, whoever gave it.",
       .classes = {"C8"},
       .reveals = {"command.exit-code.values", "command.timeout.own-end"},
       .make =
           Spoil({.run_command = [](Provider& inner, const std::string& id,
                                    const RunCommandRequest& request) -> Result<ExecutionResult> {
             Result<ExecutionResult> result = inner.RunCommand(id, request);
             if (result && result->exit_code == 124) {
               return MakeError(ErrorCode::kDeadlineExceeded, "Command timed out");
             }
             return result;
           }})},
      {.name = "exit-code-by-marker",
       .defect = "The exit code is printed after the line by its own shell; where that has ended, "
                 "it is guessed from stderr.",
       .classes = {"C5", "C37"},
       .reveals = {"command.exit-code.values", "command.exit-code.closed-output",
                   "command.exit-code.every-time", "command.exit-code.signal",
                   "command.exit-code.signal-number", "command.state.exit",
                   "lifecycle.create.usable-at-once", "lifecycle.get-by-id.same-sandbox",
                   "lifecycle.list.handles-work", "output.after-pauses", "output.large.stderr",
                   "output.large.stdout", "output.nothing-added",
                   "output.streams.with-every-exit-code"},
       .make = Spoil(ExitCodeByMarker())},
      {.name = "exit-code-in-a-shared-file",
       .defect = "The exit code is kept in one file of the sandbox, and read by a second command.",
       .classes = {"C6", "P1"},
       .reveals = {"command.exit-code.every-time", "output.no-copies", "code.no-copies"},
       // Checks that look from several threads read a code that is not theirs.
       .may_change = {"command.background.whole-line"},
       .make = Spoil(ExitCodeInSharedFile())},
      {.name = "exit-code-at-the-end-of-output",
       .defect = "A command that closes its output is taken for one that has ended, with code 0.",
       .classes = {"C6", "C9"},
       .reveals = {"command.exit-code.closed-output"},
       .make = Spoil(EndsWithItsOutput())},
      {.name = "exit-code-of-a-signal-is-0",
       .defect = "A killed program has no exit code, and `code ?? 0` makes a success of it.",
       .classes = {"C7"},
       .reveals = {"command.exit-code.signal", "command.exit-code.signal-number",
                   "command.exit-code.values", "command.timeout.own-end"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         if (IsSignal(result.exit_code)) result.exit_code = 0;
       }))},
      {.name = "exit-code-of-a-signal-is-255",
       .defect = "A killed program has exit code 255.",
       .classes = {"C7"},
       .reveals = {"command.exit-code.signal-number", "command.exit-code.values",
                   "command.timeout.own-end"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         if (IsSignal(result.exit_code)) result.exit_code = 255;
       }))},
  };
}

std::vector<Sabotage> EndSabotages() {
  return {
      {.name = "command-tried-again-where-it-fails",
       .defect = "A retry around the call takes a non-zero exit code for trouble.",
       .classes = {"E11"},
       .reveals = {"command.runs-once", "lifecycle.get-by-id.same-sandbox"},
       .make = Spoil(TriedAgain([](const ExecutionResult& r) { return r.exit_code != 0; }))},
      {.name = "command-tried-again-for-its-words",
       .defect = "A command that prints \"connection reset\" is run again.",
       .classes = {"E11"},
       .reveals = {"command.runs-once"},
       .make = Spoil(TriedAgain([](const ExecutionResult& r) {
         return r.stderr_bytes.find("connection reset") != std::string::npos;
       }))},
      {.name = "stdin-is-inherited",
       .defect = "Commands read what is sent to the adapter.",
       .classes = {"C31"},
       .reveals = {"command.stdin.is-empty"},
       .make = Spoil(InheritedInput())},
      {.name = "background-child-is-waited-for",
       .defect = "The call ends when the pipe does, which a child in the background holds.",
       .classes = {"C32"},
       .reveals = {"command.background-child"},
       .make = Spoil(WaitsForChildren())},
  };
}

std::vector<Sabotage> ResultSabotages() {
  return {
      TimeSabotage("execution-time-in-seconds", "executionTime is in seconds.",
                   [](ExecutionResult& result) { result.execution_time /= 1000; }),
      TimeSabotage("execution-time-in-nanoseconds", "executionTime is in nanoseconds.",
                   [](ExecutionResult& result) {
                     result.execution_time =
                         result.execution_time * 1'000'000 + Milliseconds(50'000);
                   }),
      TimeSabotage("execution-time-is-0", "executionTime is a constant 0.",
                   [](ExecutionResult& result) { result.execution_time = Milliseconds(0); }),
      TimeSabotage("execution-time-is-the-clock", "executionTime is Date.now() at the end.",
                   [](ExecutionResult& result) {
                     result.execution_time = std::chrono::duration_cast<Milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch());
                   }),
      {.name = "result-has-another-id",
       .defect = "sandboxId of a result is the first part of the id.",
       .classes = {"I10"},
       .reveals = {"command.result.sandbox-id", "command.background.result", "isolation.results"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         result.sandbox_id.resize(result.sandbox_id.size() / 2);
       }))},
      {.name = "result-of-a-failure-has-no-id",
       .defect = "The result of a command that fails is made by a catch, without the sandbox's id.",
       .classes = {"I10"},
       .reveals = {"command.result.sandbox-id"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         if (result.exit_code != 0) result.sandbox_id.clear();
       }))},
      {.name = "result-has-another-provider",
       .defect = "provider of a result is spelled otherwise than the provider's name.",
       .classes = {"I11"},
       .reveals = {"command.result.provider"},
       .make = Spoil(OfResults([](ExecutionResult& result) { result.provider += "-sandbox"; }))},
      {.name = "result-is-always-background",
       .defect = "isBackground is true in every result.",
       .classes = {"C33"},
       .reveals = {"command.result.foreground"},
       .make = Spoil(OfResults([](ExecutionResult& result) { result.is_background = true; }))},
  };
}

}  // namespace

std::vector<Sabotage> CommandOutcomeSabotages() {
  std::vector<Sabotage> all = ExitCodeSabotages();
  for (auto part : {EndSabotages(), ResultSabotages()}) {
    std::ranges::move(part, std::back_inserter(all));
  }
  return all;
}

}  // namespace computesdk::conformance
