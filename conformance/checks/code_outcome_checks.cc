#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// How code ends: exit codes, exceptions, errors of its syntax.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Ne;

void ExitCodesOfCodeAreKept(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    for (const int code : {0, 1, 3, 42, 126, 127, 255}) {
      const auto scope = ctx.Case("exit code ", code);
      const ExecutionResult result = ctx.Must(
          RunCode(ctx, ctx.box(), runtime,
                  language.Print("out\n") + language.PrintError("err\n") + language.Exit(code)),
          "code that exits by itself");
      ctx.Expect(result.exit_code, Eq(code), "exit code");
      ctx.ExpectBytes(result.stdout_bytes, "out\n", "stdout");
      ctx.ExpectBytes(result.stderr_bytes, "err\n", "stderr");
    }
  });
}

void KilledCodeDoesNotSucceed(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    const Result<ExecutionResult> result =
        RunCode(ctx, ctx.box(), runtime, language.Print("before\n") + language.KillItself());
    if (!result) {
      ctx.Tolerated("An interpreter that is killed is an error of the call, not a result.");
      return;
    }
    ctx.Expect(result->exit_code, Ne(0), "exit code of code that SIGKILL has ended");
    ctx.ExpectBytes(result->stdout_bytes, "before\n", "stdout");
  });
}

void ExceptionIsResult(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    const std::string text = "boom-" + ctx.Unique();
    const ExecutionResult result = ctx.Must(RunCode(ctx, ctx.box(), runtime, language.Throw(text)),
                                            "code with an uncaught exception");
    ctx.Expect(result.exit_code, Ne(0), "exit code");
    ctx.Expect(result.stderr_bytes, HasSubstr(text), "stderr");
  });
}

void OutputBeforeAnExceptionIsKept(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    const std::string text = "boom-" + ctx.Unique();
    const ExecutionResult result =
        ctx.Must(RunCode(ctx, ctx.box(), runtime,
                         language.Print("before\n") + language.PrintError("warned\n") +
                             language.Throw(text)),
                 "code with an uncaught exception");
    ctx.ExpectBytes(result.stdout_bytes, "before\n", "stdout");
    ctx.Expect(result.stderr_bytes, ::testing::StartsWith("warned\n"), "stderr");
    ctx.Expect(result.stderr_bytes, HasSubstr(text), "stderr");
    ctx.Expect(result.exit_code, Ne(0), "exit code");
  });
}

void WordsForErrorsAreText(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    for (const std::string text :
         {"SyntaxError: invalid syntax\n", "Error: it works\n",
          "Traceback (most recent call last):\n  File \"x\", line 1\nValueError: x\n",
          "command not found\n", "exit status 1\n", "Uncaught exception, panic: fatal error\n"}) {
      const auto scope = ctx.Case("printing ", Printable(text));
      for (const bool to_stderr : {false, true}) {
        const ExecutionResult result =
            ctx.Must(RunCode(ctx, ctx.box(), runtime,
                             to_stderr ? language.PrintError(text) : language.Print(text)),
                     "code that only prints");
        ctx.Expect(result.exit_code, Eq(0), "exit code");
        ctx.ExpectBytes(result.stdout_bytes, to_stderr ? "" : text, "stdout");
        ctx.ExpectBytes(result.stderr_bytes, to_stderr ? text : "", "stderr");
      }
    }
  });
}

bool NamesASyntaxError(std::string_view text) {
  std::string lower;
  for (const char c : text) {
    lower += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const char* word : {"syntax", "parse error", "unexpected"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

void SyntaxErrorDoesNotSucceed(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Result<ExecutionResult> result =
        RunCode(ctx, ctx.box(), runtime, runtime.language->Broken());
    if (!result) {
      if (ctx.Expect(NamesASyntaxError(result.error().message), Eq(true),
                     "whether the error carries the interpreter's text: " +
                         Printable(result.error().message))) {
        ctx.Tolerated("A syntax error is an error that carries the text, not a result.");
      }
      return;
    }
    ctx.Expect(result->exit_code, Ne(0), "exit code");
    ctx.Expect(NamesASyntaxError(result->stderr_bytes), Eq(true),
               "whether stderr has the interpreter's text: " + Printable(result->stderr_bytes));
  });
}

void FailingCodeHarmsNoLaterRun(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    for (const auto& [label, code] :
         {std::pair("an exception", language.Throw("boom")), std::pair("exit 3", language.Exit(3)),
          std::pair("a syntax error", language.Broken())}) {
      const auto scope = ctx.Case("after ", label);
      (void)RunCode(ctx, ctx.box(), runtime, code);
      const ExecutionResult next =
          ctx.Must(RunCode(ctx, ctx.box(), runtime, language.Print("ok")), "the next run");
      ctx.ExpectBytes(next.stdout_bytes, "ok", "stdout of the next run");
      ctx.ExpectBytes(next.stderr_bytes, "", "stderr of the next run");
      ctx.Expect(next.exit_code, Eq(0), "exit code of the next run");
    }
  });
}

void EmptyCodeSucceeds(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    for (const std::string& code :
         {std::string(), std::string("\n"), runtime.language->Comment("nothing to do")}) {
      const auto scope = ctx.Case("the code ", Printable(code));
      const ExecutionResult result =
          ctx.Must(RunCode(ctx, ctx.box(), runtime, code), "code that does nothing");
      ctx.Expect(result.exit_code, Eq(0), "exit code");
      ctx.ExpectBytes(result.stdout_bytes, "", "stdout");
    }
  });
}

}  // namespace

std::vector<Requirement> CodeOutcomeRequirements() {
  return {
      {.id = "code.exit-code",
       .level = Level::kRequired,
       .asks = "An explicit exit code of code is kept, with both streams: 0, 1, 3, 42, 126, 127, "
               "255.",
       .why = "Test runners and linters say by it what they found; a caller that sees 1 for each "
              "cannot tell.",
       .breaks = "The backend only knows \"failed\", and the adapter makes 1 of it; it parses the "
                 "text `exit status 1` and no other; or 127 is taken for a missing interpreter.",
       .wrong = R"(} catch (e) {
  if (e.message === 'exit status 1') return { stdout: '', stderr: e.stderr, exitCode: 1 };
  throw e;
})",
       .right = R"(const run = await sandbox.exec(['python3', file]);
return { stdout: run.stdout, stderr: run.stderr, exitCode: run.exitCode };)",
       .defects = {"K6", "C5", "C10"},
       .mend = "Return the interpreter's exit code and streams, as for a command.",
       .check = ExitCodesOfCodeAreKept},
      {.id = "code.killed",
       .level = Level::kRequired,
       .asks = "Code that a signal has ended does not succeed; what it printed before is kept.",
       .why = "Out of memory is SIGKILL. Taken for success, half a result is used as a whole one.",
       .breaks = "There is no exit code then, and `exitCode ?? 0` or `|| 0` makes success of it.",
       .wrong = R"(return { stdout, stderr, exitCode: status.exitCode ?? 0 };)",
       .right = R"(const { exitCode, signal } = status;
return { stdout, stderr, exitCode: exitCode ?? (signal ? 128 + signal : 255) };)",
       .defects = {"C7", "K6"},
       .mend = "Return 128 + the signal, or 255 where it is not known.",
       .check = KilledCodeDoesNotSucceed},
      {.id = "code.exception.is-a-result",
       .level = Level::kRequired,
       .asks = "An uncaught exception is a result: a non-zero exit code, and its text in stderr.",
       .why = "An agent mends its code by that text. As an error of the call, or with an empty "
              "stderr, there is nothing to go by.",
       .breaks = "The SDK throws when the exit code is not 0, and the adapter lets it through; or "
                 "the backend's `error` field is read into nothing.",
       .wrong = R"(const execution = await kernel.runCode(code);
if (execution.error) throw new Error(`Execution failed: ${execution.error.name}`);)",
       .right = R"(const { logs, error } = await kernel.runCode(code);
return { stdout: logs.stdout.join(''),
         stderr: logs.stderr.join('') + (error?.traceback ?? ''),
         exitCode: error ? 1 : 0 };)",
       .defects = {"K5"},
       .mend = "Return what the interpreter wrote to stderr and its exit code; keep errors for the "
               "machinery.",
       .check = ExceptionIsResult},
      {.id = "code.exception.output-before",
       .level = Level::kRequired,
       .asks = "What code printed before an uncaught exception is kept, on both streams.",
       .why = "The lines before the failure say how far it came, and what it was working on.",
       .breaks = "Where the SDK throws, `stdout: ''` is filled in by hand; or stderr becomes the "
                 "exception's text, in place of what was there.",
       .wrong = R"(} catch (e) {
  return { stdout: '', stderr: e.message, exitCode: 1 };
})",
       .right = R"(} catch (e) {
  if (!(e instanceof ExecutionError)) throw e;
  return { stdout: e.stdout, stderr: e.stderr, exitCode: e.exitCode };
})",
       .defects = {"K5", "K15"},
       .mend = "Fill stdout and stderr from what the interpreter printed, also when it failed.",
       .check = OutputBeforeAnExceptionIsKept},
      {.id = "code.words-for-errors",
       .level = Level::kRequired,
       .asks = "A program that prints \"SyntaxError\", \"Error:\" or a traceback succeeds.",
       .why = "A program that reports on others' errors (a test runner, a log reader) fails "
              "otherwise, and its stdout turns up in stderr.",
       .breaks = "The backend gives no exit code for code, and the adapter looks for such words in "
                 "the output.",
       .wrong = R"(const failed = /Error:|Traceback|SyntaxError/.test(output);
return { stdout: failed ? '' : output, stderr: failed ? output : '',
         exitCode: failed ? 1 : 0 };)",
       .right = R"(const done = await sandbox.exec(['python3', file]);
return { stdout: done.stdout, stderr: done.stderr, exitCode: done.exitCode };)",
       .defects = {"K4"},
       .mend = "Take the interpreter's exit code; never search the output.",
       .check = WordsForErrorsAreText},
      {.id = "code.syntax-error",
       .level = Level::kRequired,
       .asks = "Code with a syntax error does not succeed, and the interpreter's text comes back.",
       .why = "\"exit code 1\" without the line that is wrong helps nobody; and code that never "
              "ran must not look like code that printed nothing.",
       .breaks = "Nothing ran, so there is nothing to report: an empty result with 0; or an error "
                 "that says no more than \"execution failed\".",
       .wrong = R"(if (response.status === 'compile_error') throw new Error('Execution failed');)",
       .right = R"(if (response.status === 'compile_error') {
  return { stdout: '', stderr: response.message, exitCode: 1 };
})",
       .defects = {"K3"},
       .mend = "Return a non-zero result with the interpreter's stderr; an error of the call must "
               "carry that text.",
       .check = SyntaxErrorDoesNotSucceed},
      {.id = "code.failure-harms-nothing",
       .level = Level::kRequired,
       .asks = "After an exception, an exit or a syntax error, the next run works.",
       .why = "Run, read the error, mend, run again: that is how agents work.",
       .breaks = "With one interpreter for all runs, `exit` ends it, and a block that is not "
                 "closed swallows what comes next.",
       .wrong = R"(repl.stdin.write(code + '\n');   // exit() ends the REPL for good
return readUntilPrompt(repl.stdout);)",
       .right = R"(const run = spawn('python3', [file]);
return collect(run);)",
       .defects = {"K13", "C37"},
       .mend = "Start an interpreter for each run, or another one when it has ended.",
       .check = FailingCodeHarmsNoLaterRun},
      {.id = "code.empty",
       .level = Level::kRecommended,
       .asks = "Empty code, or a comment alone, succeeds and prints nothing.",
       .why = "Generated code is sometimes all comments; an error, or a call that hangs, is no "
              "answer to it.",
       .breaks = "`if (!code) throw` refuses what every interpreter accepts; without a program the "
                 "interpreter starts a session that waits for input.",
       .wrong = R"(if (!code) throw new Error('code is required');)",
       .right = R"(if (typeof code !== 'string') throw new TypeError('code must be a string');)",
       .defects = {"K8", "C36"},
       .mend = "Treat it like any other code.",
       .check = EmptyCodeSucceeds},
  };
}

}  // namespace computesdk::conformance
