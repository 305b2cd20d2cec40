#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// How a command ends: exit codes, signals, programs that are missing, the end of its input.
namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::Eq;
using ::testing::Ge;
using ::testing::Le;
using ::testing::Lt;
using ::testing::Ne;

void ExitCodesAreKept(CheckContext& ctx) {
  for (const int code : {0, 1, 2, 3, 42, 126, 127, 255}) {
    const auto scope = ctx.Case("exit ", code);
    const std::string line = "exit " + std::to_string(code);
    ctx.Expect(ctx.Must(ctx.Sh(ctx.box(), line), "the line").exit_code, Eq(code),
               "exit code of the line");
    ctx.Expect(ctx.Must(ctx.Exec(ctx.box(), "sh", {"-c", line}), "sh -c").exit_code, Eq(code),
               "exit code of sh -c");
  }
}

void ExitCodesAreKeptEveryTime(CheckContext& ctx) {
  ctx.InParallel(16, [&](int i) {
    const int code = 7 + i;
    const auto scope = ctx.Case("exit ", code, ", one of 16");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(ctx.box(), "printf done; exit " + std::to_string(code)));
    ctx.Expect(result.exit_code, Eq(code), "exit code");
    ctx.ExpectBytes(result.stdout_bytes, "done", "stdout");
  });
}

struct Death {
  const char* label;
  int signal;
  Result<ExecutionResult> result;
};

// Programs that a signal ended. One that lives through it (the first process of a container does)
// is tried again as a child, whose status the shell then passes on.
std::vector<Death> Kill(CheckContext& ctx) {
  const Box& box = ctx.box();
  if (ctx.Need(ctx.Sh(box, "command -v kill"), "looking for kill").exit_code != 0) {
    ctx.NotTestable("the sandbox has no `kill`");
  }
  std::vector<Death> deaths;
  for (const auto& [label, name, number] :
       {std::tuple("SIGKILL", "KILL", 9), std::tuple("SIGTERM", "TERM", 15)}) {
    const std::string line = std::string("kill -") + name + " $$; sleep 0.2; printf survived";
    for (const bool as_program : {false, true}) {
      Result<ExecutionResult> result =
          as_program ? ctx.Exec(box, "sh", {"-c", line}) : ctx.Sh(box, line);
      if (result && result->stdout_bytes == "survived") {
        result = ctx.Sh(box, "sh -c " + ShellQuote(line) + "; exit $?");
      }
      if (result && result->stdout_bytes == "survived") {
        ctx.NotTestable("a shell that sends itself " + std::string(label) + " goes on");
      }
      deaths.push_back({label, number, std::move(result)});
    }
  }
  return deaths;
}

void SignalDeathIsNoSuccess(CheckContext& ctx) {
  for (const Death& death : Kill(ctx)) {
    const auto scope = ctx.Case("killed by ", death.label);
    ctx.Expect(ctx.Must(death.result, "the command").exit_code, Ne(0), "exit code");
  }
}

void SignalDeathHasItsNumber(CheckContext& ctx) {
  for (const Death& death : Kill(ctx)) {
    const auto scope = ctx.Case("killed by ", death.label);
    ctx.Expect(ctx.Must(death.result, "the command").exit_code, Eq(128 + death.signal),
               "exit code");
  }
}

std::vector<std::pair<std::string, Result<ExecutionResult>>> RunMissing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "kit-no-such-program-" + ctx.Unique();
  return {{"a shell line", ctx.Sh(box, name + " a b")},
          {"with args []", ctx.Exec(box, name, {})},
          {"with args", ctx.Exec(box, name, {"a", "b"})},
          {"a path, with args", ctx.Exec(box, box.Path(name), {"a"})}};
}

void MissingProgramIsResult(CheckContext& ctx) {
  for (const auto& [label, result] : RunMissing(ctx)) {
    const auto scope = ctx.Case(label);
    const ExecutionResult value = ctx.Must(result, "a program that is missing");
    ctx.Expect(value.exit_code, Ne(0), "exit code of a program that is missing");
    ctx.ExpectBytes(value.stdout_bytes, "", "stdout of a program that is missing");
  }
}

void MissingProgramIs127(CheckContext& ctx) {
  for (const auto& [label, result] : RunMissing(ctx)) {
    const auto scope = ctx.Case(label);
    const ExecutionResult value = ctx.Must(result, "a program that is missing");
    ctx.Expect(value.exit_code, Eq(127), "exit code of a program that is missing");
    ctx.Expect(value.stderr_bytes, Ne(std::string()), "stderr of a program that is missing");
  }
}

void FileThatIsNoProgramIs126(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("no-program");
  ctx.PutFile(box, path, "printf ran\n");
  for (const bool with_args : {false, true}) {
    const auto scope = ctx.Case(with_args ? "with args" : "a shell line");
    const ExecutionResult result =
        ctx.Must(with_args ? ctx.Exec(box, path, {}) : ctx.Sh(box, ShellQuote(path)),
                 "a file that is not executable");
    ctx.Expect(result.exit_code, Eq(126), "exit code of a file that is not executable");
    ctx.ExpectBytes(result.stdout_bytes, "", "stdout of a file that is not executable");
  }
}

void InputIsAtItsEnd(CheckContext& ctx) {
  struct Reader {
    const char* label;
    std::string line;  // Empty: `cat` with args [].
    std::string output;
  };
  const std::vector<Reader> readers = {
      {"cat", "cat; printf end", "end"},
      {"read", "read x || printf '<%s>' \"$x\"", "<>"},
      {"cat in a pipeline", "cat | cat; printf end", "end"},
      {"a shell that reads its script", "sh; printf end", "end"},
      {"cat with args []", "", ""},
  };
  // At the same time: where one hangs, they all do, and the wait is one.
  ctx.InParallel(static_cast<int>(readers.size()), [&](int i) {
    const Reader& reader = readers[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(reader.label);
    const ExecutionResult result = ctx.Must(
        reader.line.empty() ? ctx.Exec(ctx.box(), "cat", {}) : ctx.Sh(ctx.box(), reader.line),
        "a program that reads its input");
    ctx.ExpectBytes(result.stdout_bytes, reader.output, "stdout");
    ctx.Expect(result.exit_code, Eq(0), "exit code");
  });
}

void BackgroundChildHoldsNothingUp(CheckContext& ctx) {
  constexpr Milliseconds kChild{6000};
  constexpr Milliseconds kLimit{4000};
  const std::vector<std::string> lines = {
      "sleep 6 & printf hi", "(sleep 6; printf late) & printf hi", "(sleep 6 &) ; printf hi"};
  ctx.InParallel(static_cast<int>(lines.size()), [&](int i) {
    const std::string& line = lines[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(line);
    const Stopwatch watch;
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line), "the line");
    ctx.Expect(watch.elapsed().count(), Lt(kLimit.count()),
               "ms that the call took, with a child of " + std::to_string(kChild.count()) + " ms");
    ctx.ExpectBytes(result.stdout_bytes, "hi", "stdout");
    ctx.Expect(result.exit_code, Eq(0), "exit code");
  });
}

void ExecutionTimeIsWallTime(CheckContext& ctx) {
  // What the caller saw is rounded down, and the provider's clock is its own.
  constexpr std::int64_t kSlack = 50;
  const Box& box = ctx.box();
  {
    const auto scope = ctx.Case("a command that takes no time");
    const Stopwatch watch;
    const ExecutionResult result = ctx.Must(ctx.Sh(box, "printf x"), "printf x");
    ctx.Expect(result.execution_time.count(), AllOf(Ge(0), Le(watch.elapsed().count() + kSlack)),
               "executionTime in ms, of a call that took " +
                   std::to_string(watch.elapsed().count()) + " ms");
  }
  const auto scope = ctx.Case("a command that sleeps");
  const Stopwatch watch;
  ExecutionResult result = ctx.Must(ctx.Sh(box, "sleep 0.3"), "sleep 0.3");
  std::int64_t slept = 300;
  std::int64_t took = watch.elapsed().count();
  if (result.exit_code != 0) {
    const Stopwatch again;
    result = ctx.Need(ctx.Sh(box, "sleep 1"), "sleep 1");
    if (result.exit_code != 0) ctx.NotTestable("the sandbox has no `sleep`");
    slept = 1000;
    took = again.elapsed().count();
  }
  ctx.Expect(result.execution_time.count(), AllOf(Ge(slept - 50), Le(took + kSlack)),
             "executionTime in ms, of a command that slept for " + std::to_string(slept) +
                 " ms in a call that took " + std::to_string(took) + " ms");
}

void ResultNamesItsSandbox(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const bool fails : {false, true}) {
    const auto scope = ctx.Case(fails ? "a command that fails" : "a command that succeeds");
    const ExecutionResult result = ctx.Must(ctx.Sh(box, fails ? "exit 3" : "printf x"));
    ctx.ExpectBytes(result.sandbox_id, box.id, "sandboxId");
  }
  const ExecutionResult result = ctx.Must(ctx.Exec(box, "cat", {}), "cat");
  ctx.ExpectBytes(result.sandbox_id, box.id, "sandboxId of a program with args");
}

void ResultNamesItsProvider(CheckContext& ctx) {
  for (const char* line : {"printf x", "exit 3"}) {
    const auto scope = ctx.Case(line);
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line));
    ctx.ExpectBytes(result.provider, ctx.description().name, "provider");
  }
}

void ForegroundIsNoBackground(CheckContext& ctx) {
  const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), "printf x"));
  ctx.Expect(result.is_background.value_or(false), Eq(false), "isBackground");
}

}  // namespace

std::vector<Requirement> CommandOutcomeRequirements() {
  return {
      {.id = "command.exit-code.values",
       .level = Level::kRequired,
       .asks = "exitCode is the program's own: 0, 1, 2, 3, 42, 126, 127, 255.",
       .why = "Builds and tests are judged by it. Providers report 0 for everything, 1 for every "
              "failure, or throw on what is not 0; grep's 1 and 2 are different answers.",
       .defects = {"C5", "C10"},
       .mend =
           "Return the code that the backend reports, and turn no code into an error. Where the "
           "SDK throws on a non-zero code, catch that very exception and read the code from it.",
       .check = ExitCodesAreKept},
      {.id = "command.exit-code.every-time",
       .level = Level::kRequired,
       .asks = "Each of 16 commands at the same time gets its own exit code.",
       .why = "A code read before the process has ended is null, and `?? 0` makes a success of it; "
              "a code kept in a shared file or variable is another command's.",
       .defects = {"C6", "P1"},
       .mend = "Wait for the end of the process and of its streams before you read the code; keep "
               "nothing about a command in a place that another one shares.",
       .check = ExitCodesAreKeptEveryTime},
      {.id = "command.exit-code.signal",
       .level = Level::kRequired,
       .asks = "A program that a signal killed is never reported with exit code 0.",
       .why = "A process that was killed has no exit code in most APIs, and `code ?? 0` turns a "
              "crash, or one that ran out of memory, into success.",
       .defects = {"C7", "C8"},
       .mend = "Where the backend gives a signal in place of a code, return 128 + its number; "
               "where it gives nothing, 255.",
       .sandbox = SandboxNeed::kFresh,
       .check = SignalDeathIsNoSuccess},
      {.id = "command.exit-code.signal-number",
       .level = Level::kRecommended,
       .asks = "A program that a signal killed has exit code 128 + the signal.",
       .why = "It is what shells report: 137 is how one recognises what ran out of memory.",
       .defects = {"C7", "C8"},
       .mend = "Return 128 + the number of the signal.",
       .sandbox = SandboxNeed::kFresh,
       .check = SignalDeathHasItsNumber},
      {.id = "command.missing-program.is-a-result",
       .level = Level::kRequired,
       .asks = "A program that is missing is a result with a non-zero exit code, not an error.",
       .why =
           "\"Is that tool there?\" is asked by running it. As an error it cannot be told from a "
           "broken backend, and callers try again for ever.",
       .defects = {"C12", "C11"},
       .mend = "Where the backend reports that the program cannot be started (ENOENT), return a "
               "result with exit code 127; keep errors for the machinery.",
       .check = MissingProgramIsResult},
      {.id = "command.missing-program.is-127",
       .level = Level::kRecommended,
       .asks = "A program that is missing has exit code 127, and stderr says so.",
       .why = "127 is what every shell gives, and what scripts look for.",
       .defects = {"C12"},
       .mend = "Return 127, with a line such as `NAME: command not found` in stderr.",
       .check = MissingProgramIs127},
      {.id = "command.not-executable",
       .level = Level::kRecommended,
       .asks = "A file that is not executable does not run: a result with exit code 126.",
       .why = "126 tells a missing chmod from a missing program.",
       .defects = {"C12"},
       .mend = "Where the backend reports EACCES, return a result with exit code 126.",
       .check = FileThatIsNoProgramIs126},
      {.id = "command.stdin.is-empty",
       .level = Level::kRequired,
       .asks = "Standard input is empty: what reads it gets the end at once.",
       .why = "A program that asks for confirmation would wait for ever. Providers that attach an "
              "open pipe, a terminal, or their own input hang here.",
       .defects = {"C31"},
       .mend = "Start the program with its input from /dev/null, or close the pipe at once.",
       .sandbox = SandboxNeed::kFresh,
       .check = InputIsAtItsEnd},
      {.id = "command.background-child",
       .level = Level::kRecommended,
       .asks = "A child that a command leaves in the background does not hold the call up.",
       .why = "`npm start & sleep 2; curl …` is how servers are tried. The child keeps the output "
              "pipe open, and a provider that waits for the pipe's end waits for the child's.",
       .defects = {"C32"},
       .mend = "Return when the process itself has ended; read what is in the pipes then, and do "
               "not wait for their end.",
       .sandbox = SandboxNeed::kFresh,
       .check = BackgroundChildHoldsNothingUp},
      {.id = "command.execution-time",
       .level = Level::kRequired,
       .asks = "executionTime is the wall time in milliseconds, within the time the caller saw.",
       .why = "It is what people bill, and tune, by. Seconds, nanoseconds, CPU time, a constant 0, "
              "and the clock's own value have all been seen.",
       .defects = {"C61"},
       .mend = "Measure around the call with a steady clock, in milliseconds. Behind an adapter, "
               "see whether the adapter or the provider fills the field.",
       .check = ExecutionTimeIsWallTime},
      {.id = "command.result.sandbox-id",
       .level = Level::kRequired,
       .asks = "sandboxId of a result is the sandbox's own id.",
       .why = "Logs of many sandboxes are told apart by it; a constant, or the id of the backend's "
              "process, makes them one.",
       .defects = {"I10", "P1"},
       .mend = "Fill it with the very id that create returned.",
       .check = ResultNamesItsSandbox},
      {.id = "command.result.provider",
       .level = Level::kRequired,
       .asks = "provider of a result is the name that the provider gives of itself.",
       .why = "Callers with several providers choose by it; another spelling matches nothing.",
       .defects = {"I11"},
       .mend = "Keep the name in one constant. Behind an adapter, see whether the adapter or the "
               "provider fills the field.",
       .check = ResultNamesItsProvider},
      {.id = "command.result.foreground",
       .level = Level::kRequired,
       .asks = "A command that was not asked to run in the background is not reported as one that "
               "does.",
       .why = "A caller who sees isBackground does not trust the exit code.",
       .defects = {"C33"},
       .mend = "Set isBackground from the option of this call, or leave it out.",
       .check = ForegroundIsNoBackground},
  };
}

}  // namespace computesdk::conformance
