#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// What code prints comes back as it was.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

void OutputOfCodeIsBytes(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    for (const NamedValue& value : AwkwardBytes()) {
      const auto scope = ctx.Case(value.label);
      const ExecutionResult result = ctx.Must(
          RunCode(ctx, ctx.box(), runtime,
                  runtime.language->Print(value.bytes) + runtime.language->PrintError(value.bytes)),
          "runCode");
      ctx.ExpectBytes(result.stdout_bytes, value.bytes, "stdout");
      ctx.ExpectBytes(result.stderr_bytes, value.bytes, "stderr");
    }
  });
}

void LargeOutputOfCodeIsWhole(CheckContext& ctx) {
  std::string expected = "0123456789abcdef";
  for (int i = 0; i < 16; ++i) expected += expected;
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ExpectRuns(
        ctx,
        RunCode(ctx, ctx.box(), runtime, runtime.language->PrintDoubled("0123456789abcdef", 16)),
        expected);
  });
}

void OutputOfCodeAfterAPauseIsKept(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    const ExecutionResult result =
        ctx.Must(RunCode(ctx, ctx.box(), runtime,
                         language.Print("before ") + language.PrintError("warned") +
                             language.Pause() + language.Print("after") + language.Exit(3)),
                 "code that pauses");
    ctx.ExpectBytes(result.stdout_bytes, "before after", "stdout");
    ctx.ExpectBytes(result.stderr_bytes, "warned", "stderr");
    ctx.Expect(result.exit_code, Eq(3), "exit code");
  });
}

}  // namespace

std::vector<Requirement> CodeOutputRequirements() {
  return {
      {.id = "code.output.bytes",
       .level = Level::kRequired,
       .asks = "stdout and stderr of code are separate and exact bytes.",
       .why = "What code prints is parsed as often as what commands print; a picture on stdout, or "
              "JSON with a log line in it, is lost.",
       .breaks = "Notebook kernels and loggers give lines or events, which are joined with "
                 "newlines, decoded one by one, and put into one text.",
       .wrong = R"(kernel.on('stream', (event) => lines.push(event.text));
return { stdout: lines.join('\n'), stderr: '' };)",
       .right = R"(const run = await sandbox.exec(['python3', file]);
return { stdout: run.stdout, stderr: run.stderr, exitCode: run.exitCode };)",
       .defects = {"K15", "C19", "C21", "C25", "C27"},
       .mend = "Run the interpreter as a command, and return its streams as they are.",
       .check = OutputOfCodeIsBytes},
      {.id = "code.output.large",
       .level = Level::kRequired,
       .asks = "1 MiB that code prints comes back whole.",
       .why = "A table printed as CSV is that large, and is read to its end by somebody.",
       .breaks = "The way for code has a buffer and a cap of its own: a kernel's message limit, "
                 "`maxBuffer`, an answer cut \"for the model\".",
       .wrong = R"(const text = outputs.map((o) => o.text).join('');
return { stdout: text.length > 65536 ? text.slice(0, 65536) + '…' : text };)",
       .right = R"(return { stdout: Buffer.concat(chunks) };  // who shows it may shorten it)",
       .defects = {"C16", "C58"},
       .mend = "Collect the output of code as you do that of commands.",
       .check = LargeOutputOfCodeIsWhole},
      {.id = "code.output.after-pause",
       .level = Level::kRequired,
       .asks = "What code prints after a pause is kept, and its exit code is that of its end.",
       .why = "Code that waits for a download or trains a model is silent for long.",
       .breaks = "The adapter takes a quiet moment, or the first event, for the end, and makes up "
                 "exit code 0.",
       .wrong = R"(const first = await nextEvent(kernel);  // the first chunk of output
return { stdout: first.text, exitCode: 0 };)",
       .right = R"(for await (const event of kernel.events(runId)) {
  if (event.type === 'output') out.push(event.bytes);
  if (event.type === 'exit') return { stdout: Buffer.concat(out), exitCode: event.code };
})",
       .defects = {"C9", "C6", "K6"},
       .mend = "Return when the interpreter has ended, and with its exit code.",
       .check = OutputOfCodeAfterAPauseIsKept},
  };
}

}  // namespace computesdk::conformance
