#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/spoil.h"
#include "conformance/selftest/variation.h"

// Other ways to run commands and code.
namespace computesdk::conformance {
namespace {

Result<ExecutionResult> ThrowOnSyntaxErrors(Provider& inner, const std::string& id,
                                            const RunCodeRequest& request) {
  Result<ExecutionResult> result = inner.RunCode(id, request);
  const bool broken = result && result->exit_code == 2 &&
                      result->stderr_bytes.find("syntax error") != std::string::npos;
  if (!broken) return result;
  return MakeError(ErrorCode::kInvalidArgument, "SyntaxError: " + result->stderr_bytes);
}

Result<ExecutionResult> TimeoutIs124(Provider& inner, const std::string& id,
                                     const RunCommandRequest& request) {
  Result<ExecutionResult> result = inner.RunCommand(id, request);
  if (result || result.error().code != ErrorCode::kDeadlineExceeded) return result;
  // The text of the error quotes what was printed before.
  return ExecutionResult{.stderr_bytes = result.error().message,
                         .exit_code = 124,
                         .execution_time = request.options.timeout.value_or(Milliseconds{0}),
                         .sandbox_id = id,
                         .provider = inner.Describe().name};
}

// The shell ends when its children have.
Result<ExecutionResult> WaitForChildren(Provider& inner, const std::string& id,
                                        RunCommandRequest request) {
  if (!request.args && !request.options.background) request.command.insert(0, "trap wait EXIT\n");
  return inner.RunCommand(id, request);
}

Result<ExecutionResult> SignalIs255(Provider& inner, const std::string& id,
                                    const RunCommandRequest& request) {
  Result<ExecutionResult> result = inner.RunCommand(id, request);
  const bool may_be_killed = JoinedWithBlanks(request).find("kill") != std::string::npos;
  if (result && may_be_killed && result->exit_code > 128) result->exit_code = 255;
  return result;
}

Result<ExecutionResult> MissingProgramIs1(Provider& inner, const std::string& id,
                                          const RunCommandRequest& request) {
  Result<ExecutionResult> result = inner.RunCommand(id, request);
  // A program that is there may end with 127 itself.
  const bool missing = result && request.args && result->exit_code == 127 &&
                       result->stderr_bytes.starts_with(inner.Describe().name + ": ");
  if (missing) result->exit_code = 1;
  return result;
}

// A new sandbox in which a line was run, which nobody sees.
Replacements Prepared(const std::string& line) {
  return {
      .create = [=](Provider& inner, const CreateSandboxOptions& options) -> Result<SandboxRef> {
        Result<SandboxRef> ref = inner.Create(options);
        if (!ref) return ref;
        const Result<ExecutionResult> done = Sh(inner, ref->sandbox_id, line);
        if (!done) return tl::unexpected<Error>(done.error());
        return ref;
      }};
}

// The programs that the contract lets checks use, and a shell.
constexpr const char* kFewestPrograms =
    "for f in /usr/bin/*; do case ${f##*/} in bash|sh|cat|printf|sleep|mkdir|rm|test|[|ln|chmod) "
    ";; "
    "*) gone=\"$gone $f\" ;; esac; done; rm -f $gone";

// The runtime has another name than the shell that it is.
Replacements RuntimeNamed(const std::string& name) {
  const auto original = [=](std::optional<std::string> runtime) {
    if (runtime == name) return std::optional<std::string>("bash");
    if (runtime == "bash") return std::optional<std::string>(name);
    return runtime;
  };
  return {.description = [=](ProviderDescription& description) { description.runtimes = {name}; },
          .create =
              [=](Provider& inner, CreateSandboxOptions options) {
                options.runtime = original(options.runtime);
                return inner.Create(options);
              },
          .run_code =
              [=](Provider& inner, const std::string& id, RunCodeRequest request) {
                request.runtime = original(request.runtime);
                return inner.RunCode(id, request);
              },
          .get_info = [=](Provider& inner, const std::string& id) -> Result<SandboxInfo> {
            Result<SandboxInfo> info = inner.GetInfo(id);
            if (info) info->runtime = name;
            return info;
          }};
}

}  // namespace

std::vector<Variation> CommandVariations() {
  return {
      {.name = "throws-on-syntax-errors",
       .behaviour = "Code with a syntax error is an error that carries the text.",
       .make = Spoil({.run_code = ThrowOnSyntaxErrors})},
      {.name = "timeout-is-124",
       .behaviour = "A timeout that is used up is a result with the exit code 124.",
       .warns = {"command.timeout.early-output"},
       .make = Spoil({.run_command = TimeoutIs124})},
      {.name = "background-child-holds-the-call",
       .behaviour = "The call waits for the children that the command left in the background.",
       .warns = {"command.background-child"},
       .make = Spoil({.run_command = WaitForChildren})},
      {.name = "signal-is-255",
       .behaviour = "The exit code of a program that was killed is 255.",
       .warns = {"command.exit-code.signal-number"},
       .make = Spoil({.run_command = SignalIs255})},
      {.name = "missing-program-is-1",
       .behaviour = "A program that is not there is a result with the exit code 1.",
       .warns = {"command.missing-program.is-127"},
       .make = Spoil({.run_command = MissingProgramIs1})},
      {.name = "without-seq-kill-head-zero",
       .behaviour = "There is no seq, no kill, no head and no /dev/zero.",
       .make = Spoil(Prepared("rm -f /usr/bin/seq /usr/bin/kill /usr/bin/head /dev/zero"))},
      {.name = "fewest-programs",
       .behaviour =
           "There are cat, chmod, ln, mkdir, printf, rm, sleep and test, and nothing else.",
       .make = Spoil(Prepared(kFewestPrograms))},
      {.name = "runtime-named-shell",
       .behaviour = "Its one runtime is called \"shell\".",
       .make = Spoil(RuntimeNamed("shell"))},
  };
}

}  // namespace computesdk::conformance
