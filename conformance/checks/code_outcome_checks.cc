#include <string>
#include <vector>

#include "conformance/catalogue.h"
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
    for (const int code : {0, 1, 3, 42, 255}) {
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
       .asks = "An explicit exit code of code is kept, with both streams: 0, 1, 3, 42, 255.",
       .why = "Providers make 1 of every code, 0 of every code, or an error; those that guess from "
              "the output are wrong both ways.",
       .defects = {"K6", "C5", "C10"},
       .mend = "Return the interpreter's exit code and streams, as for a command.",
       .check = ExitCodesOfCodeAreKept},
      {.id = "code.exception.is-a-result",
       .level = Level::kRequired,
       .asks = "An uncaught exception is a result: a non-zero exit code, and its text in stderr.",
       .why = "An agent mends its code by that text. As an error of the call, or with an empty "
              "stderr, there is nothing to go by.",
       .defects = {"K5"},
       .mend = "Return what the interpreter wrote to stderr and its exit code; keep errors for the "
               "machinery.",
       .check = ExceptionIsResult},
      {.id = "code.exception.output-before",
       .level = Level::kRequired,
       .asks = "What code printed before an uncaught exception is kept, on both streams.",
       .why = "Where the SDK throws, `stdout: ''` is filled in by hand, and the trace of what "
              "happened is gone.",
       .defects = {"K5", "K15"},
       .mend = "Fill stdout and stderr from what the interpreter printed, also when it failed.",
       .check = OutputBeforeAnExceptionIsKept},
      {.id = "code.words-for-errors",
       .level = Level::kRequired,
       .asks = "A program that prints \"SyntaxError\", \"Error:\" or a traceback succeeds.",
       .why = "Providers without an exit code look for such words in the output: a program that "
              "reports on others' errors fails, or its stdout is moved to stderr.",
       .defects = {"K4"},
       .mend = "Take the interpreter's exit code; never search the output.",
       .check = WordsForErrorsAreText},
      {.id = "code.syntax-error",
       .level = Level::kRequired,
       .asks = "Code with a syntax error does not succeed, and the interpreter's text comes back.",
       .why = "\"exit code 1\" without the line that is wrong helps nobody; some providers report "
              "success, as nothing ran.",
       .defects = {"K3"},
       .mend = "Return a non-zero result with the interpreter's stderr; an error of the call must "
               "carry that text.",
       .check = SyntaxErrorDoesNotSucceed},
      {.id = "code.failure-harms-nothing",
       .level = Level::kRequired,
       .asks = "After an exception, an exit or a syntax error, the next run works.",
       .why = "With one interpreter for all runs, `exit` ends it, and a half-read block swallows "
              "what comes next.",
       .defects = {"K13", "C37"},
       .mend = "Start an interpreter for each run.",
       .check = FailingCodeHarmsNoLaterRun},
      {.id = "code.empty",
       .level = Level::kRecommended,
       .asks = "Empty code, or a comment alone, succeeds and prints nothing.",
       .why = "`if (!code) throw` refuses what every interpreter accepts; others start an "
              "interactive session that waits for input.",
       .defects = {"K8", "C36"},
       .mend = "Treat it like any other code.",
       .check = EmptyCodeSucceeds},
  };
}

std::vector<Requirement> CodeRequirements() {
  return Join(CodeRunRequirements(), CodeTextRequirements(), CodeOutcomeRequirements());
}

}  // namespace computesdk::conformance
