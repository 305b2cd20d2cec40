#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in what comes back from code.
namespace computesdk::conformance {
namespace {

// Changes the result of runCode, where there is one.
ProviderFactory SpoilCodeResult(std::function<void(ExecutionResult&)> change) {
  return Spoil({.run_code = [change = std::move(change)](Provider& inner, const std::string& id,
                                                         RunCodeRequest request) {
    Result<ExecutionResult> result = inner.RunCode(id, request);
    if (result) change(*result);
    return result;
  }});
}

// An error in place of every result of runCode for which there is a message.
ProviderFactory SpoilCodeError(std::function<std::string(const ExecutionResult&)> message) {
  return Spoil({.run_code = [message = std::move(message)](
                                Provider& inner, const std::string& id,
                                RunCodeRequest request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCode(id, request);
    if (!result) return result;
    const std::string text = message(*result);
    if (text.empty()) return result;
    return MakeError(ErrorCode::kUnknown, text);
  }});
}

bool IsSyntaxError(const ExecutionResult& result) {
  return result.stderr_bytes.find("syntax error") != std::string::npos && result.exit_code != 0;
}

// One interpreter that a syntax error upsets: it swallows the next run, until a command is called.
Replacements BlockLeftOpen() {
  struct State {
    std::mutex mutex;
    std::set<std::string> upset;
  };
  const auto state = std::make_shared<State>();
  return {.run_code =
              [state](Provider& inner, const std::string& id, RunCodeRequest request) {
                Result<ExecutionResult> result = inner.RunCode(id, request);
                if (!result) return result;
                const std::lock_guard lock(state->mutex);
                if (state->upset.erase(id) > 0) result->stdout_bytes.clear();
                if (IsSyntaxError(*result)) state->upset.insert(id);
                return result;
              },
          .run_command =
              [state](Provider& inner, const std::string& id, RunCommandRequest request) {
                {
                  const std::lock_guard lock(state->mutex);
                  state->upset.erase(id);
                }
                return inner.RunCommand(id, request);
              }};
}

}  // namespace

std::vector<Sabotage> CodeOutcomeSabotages() {
  return {
      {.name = "result-of-code-names-the-kernel",
       .defect = "A result of code has the interpreter's name for the provider's.",
       .classes = {"I11"},
       .reveals = {"code.result"},
       .make = SpoilCodeResult([](ExecutionResult& result) { result.provider = "bash"; })},
      {.name = "time-of-code-in-seconds",
       .defect = "executionTime of code is in seconds.",
       .classes = {"C61"},
       .reveals = {"code.result"},
       .make = SpoilCodeResult([](ExecutionResult& result) { result.execution_time /= 1000; })},
      {.name = "newline-after-code-output",
       .defect = "What code prints is an event of a notebook, which is given a newline.",
       .classes = {"K15", "C20"},
       .reveals = {"code.create-envs", "code.directory", "code.failure-harms-nothing",
                   "code.first-run", "code.fresh", "code.output.after-pause", "code.output.bytes",
                   "code.output.large", "code.runtimes.default", "code.runtimes.obeyed",
                   "code.runtimes.of-the-sandbox", "code.stdin", "code.text.beyond-ascii",
                   "code.text.lines", "code.text.long", "create.envs.code", "isolation.code",
                   "isolation.host-variables", "lifecycle.create.usable-at-once"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         std::string& out = result.stdout_bytes;
         if (!out.empty() && !out.ends_with('\n')) out += '\n';
       })},
      {.name = "streams-of-code-merged",
       .defect = "stderr of code comes in stdout.",
       .classes = {"K15"},
       .reveals = {"code.exception.is-a-result", "code.exception.output-before", "code.exit-code",
                   "code.output.after-pause", "code.output.bytes", "code.syntax-error",
                   "code.words-for-errors"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         result.stdout_bytes += std::exchange(result.stderr_bytes, "");
       })},
      {.name = "code-output-cut",
       .defect = "What code prints is cut at 64 KiB, for the language model's sake.",
       .classes = {"C16"},
       .reveals = {"code.output.large"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         std::string& out = result.stdout_bytes;
         if (out.size() > std::size_t{64} << 10) out.replace(std::size_t{64} << 10, out.npos, "…");
       })},
      {.name = "exit-code-of-code-asked-for-once",
       .defect = "The exit code of code is asked for after 200 ms, and is 0 where there is none "
                 "yet.",
       .classes = {"C6", "C9"},
       .reveals = {"code.output.after-pause"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         if (result.execution_time > Milliseconds{200}) result.exit_code = 0;
       })},
      {.name = "exit-codes-of-code-are-1",
       .defect = "Every exit code of code but 0 is 1.",
       .classes = {"K6"},
       .reveals = {"code.exit-code", "code.output.after-pause"},
       .make = SpoilCodeResult(
           [](ExecutionResult& result) { result.exit_code = std::min(result.exit_code, 1); })},
      {.name = "exit-127-of-code-is-an-error",
       .defect = "An exit code of 127 is taken for a missing interpreter, and is an error.",
       .classes = {"K6", "C11"},
       .reveals = {"code.exception.is-a-result", "code.exception.output-before", "code.exit-code"},
       .make = SpoilCodeError([](const ExecutionResult& result) {
         return result.exit_code == 127 ? std::string("the interpreter was not found") : "";
       })},
      {.name = "killed-code-succeeds",
       .defect = "Code that a signal has ended has no exit code, which becomes 0.",
       .classes = {"C7"},
       .reveals = {"code.killed"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         if (result.exit_code == 128 + 9) result.exit_code = 0;
       })},
      {.name = "failing-code-is-an-error",
       .defect = "An exit code of code that is not 0 is an error of the call.",
       .classes = {"K5", "K6"},
       .reveals = {"code.exception.is-a-result", "code.exception.output-before", "code.exit-code",
                   "code.output.after-pause", "code.syntax-error"},
       .make = SpoilCodeError([](const ExecutionResult& result) {
         return result.exit_code != 0 ? std::string("Execution failed") : "";
       })},
      {.name = "output-before-an-exception-lost",
       .defect = "Code that fails has the stdout '', filled in where the SDK throws.",
       .classes = {"K5"},
       .reveals = {"code.exception.output-before", "code.exit-code", "code.killed",
                   "code.output.after-pause"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         if (result.exit_code != 0) result.stdout_bytes.clear();
       })},
      {.name = "exception-in-stdout",
       .defect = "The text of an exception comes in stdout, and stderr is empty.",
       .classes = {"K5", "K15"},
       .reveals = {"code.exception.is-a-result", "code.exception.output-before", "code.exit-code",
                   "code.output.after-pause", "code.syntax-error"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         if (result.exit_code != 0) result.stdout_bytes += std::exchange(result.stderr_bytes, "");
       })},
      {.name = "words-taken-for-errors",
       .defect = "Code that prints `Error:` has failed, and its output is stderr.",
       .classes = {"K4"},
       .reveals = {"code.words-for-errors"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         if (result.stdout_bytes.find("Error:") == std::string::npos) return;
         result.exit_code = 1;
         result.stderr_bytes = std::exchange(result.stdout_bytes, "");
       })},
      {.name = "syntax-error-succeeds",
       .defect = "Code with a syntax error has the exit code 0: nothing ran, nothing failed.",
       .classes = {"K3"},
       .reveals = {"code.syntax-error"},
       .make = SpoilCodeResult([](ExecutionResult& result) {
         if (IsSyntaxError(result)) result.exit_code = 0;
       })},
      {.name = "syntax-error-without-its-text",
       .defect = "Code with a syntax error is an error that does not say what is wrong.",
       .classes = {"K3"},
       .reveals = {"code.syntax-error"},
       .make = SpoilCodeError([](const ExecutionResult& result) {
         return IsSyntaxError(result) ? std::string("Execution failed") : "";
       })},
      {.name = "syntax-error-upsets-the-interpreter",
       .defect = "One interpreter is kept, and a block that is not closed swallows the next run.",
       .classes = {"K13"},
       .reveals = {"code.failure-harms-nothing"},
       .make = SpoilWith(BlockLeftOpen)},
      {.name = "empty-code-refused",
       .defect = "if (!code) throw.",
       .classes = {"K8"},
       .reveals = {"code.empty"},
       .make = Spoil({.run_code = [](Provider& inner, const std::string& id,
                                     RunCodeRequest request) -> Result<ExecutionResult> {
         if (!request.code.empty()) return inner.RunCode(id, request);
         return MakeError(ErrorCode::kInvalidArgument, "code is required");
       }})},
      {.name = "code-that-destroy-ends-succeeds",
       .defect = "Code that is ended by destroy has the exit code 0.",
       .classes = {"K14", "C7"},
       .reveals = {"code.endless"},
       .make = Spoil({.run_code = [](Provider& inner, const std::string& id,
                                     RunCodeRequest request) -> Result<ExecutionResult> {
         const auto before = inner.GetById(id);
         Result<ExecutionResult> result = inner.RunCode(id, request);
         const auto after = inner.GetById(id);
         if (!before || !*before || !after || *after) return result;
         return ExecutionResult{.sandbox_id = id, .provider = inner.Describe().name};
       }})},
  };
}

}  // namespace computesdk::conformance
