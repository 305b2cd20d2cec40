#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/tally.h"
#include "conformance/checks/values.h"

// How a command ends: exit codes, signals, the end of its input.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsTrue;
using ::testing::Lt;
using ::testing::Ne;

void ExitCodesAreKept(CheckContext& ctx) {
  const auto expect = [&](const Result<ExecutionResult>& run, int code, std::string_view subject) {
    ctx.Expect(ctx.Must(run, "`exit " + std::to_string(code) + "`").exit_code, Eq(code), subject);
  };
  // Beside the usual ones, those that wrappers give a meaning of their own: 124 of timeout(1), 137
  // and 143 of a kill.
  for (const int code : {0, 1, 2, 3, 42, 124, 126, 127, 128, 137, 143, 254, 255}) {
    const auto scope = ctx.Case("exit ", code);
    expect(ctx.Sh(ctx.box(), "exit " + std::to_string(code)), code, "exit code of the line");
  }
  NeedPrograms(ctx, ctx.box());
  for (const int code : {0, 1, 2, 3, 42, 126, 127, 255}) {
    const auto scope = ctx.Case("exit ", code);
    expect(ctx.Exec(ctx.box(), "sh", {"-c", "exit " + std::to_string(code)}), code,
           "exit code of sh -c");
  }
}

void ExitCodesAreKeptEveryTime(CheckContext& ctx) {
  constexpr int kAtOnce = 16;
  Tally tally;
  for (int round = 0; round < 2; ++round) {
    ctx.InParallel(kAtOnce, [&](int i) {
      const int code = 7 + round * kAtOnce + i;
      const ExecutionResult result =
          ctx.Must(ctx.Sh(ctx.box(), "printf done; exit " + std::to_string(code)));
      const bool well = result.exit_code == code;
      tally.Add(
          well ? "" : "exit " + std::to_string(code) + " gave " + std::to_string(result.exit_code));
    });
  }
  tally.Report(ctx, "exit codes of commands, 16 at once", "the command's own");
}

// A process is over when it has ended, not when its output has.
void ClosedOutputIsNoEnd(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("written at the end");
  const ExecutionResult result =
      ctx.Must(ctx.Sh(box, "printf out; exec >&- 2>&-; sleep 0.4 || sleep 1; printf x > " +
                               ShellQuote(path) + "; exit 7"),
               "a command that closes its output and goes on");
  ctx.Expect(result.exit_code, Eq(7), "exit code");
  ctx.ExpectBytes(result.stdout_bytes, "out", "stdout");
  ctx.Expect(ctx.PathIsThere(box, path), IsTrue(),
             "whether the command had run to its end when the call returned");
}

void CommandRunsOnce(CheckContext& ctx) {
  const Box& box = ctx.box();
  struct Way {
    const char *label, *end;
  };
  std::vector<Fact> facts;
  for (const Way& way : {Way{"succeeds", ""}, Way{"fails with 1", "; exit 1"},
                         Way{"fails with 127", "; exit 127"}, Way{"fails with 255", "; exit 255"},
                         Way{"prints to stderr", "; printf 'connection reset' >&2; exit 2"}}) {
    const auto scope = ctx.Case("a command that ", way.label);
    const std::string path = box.Path(way.label);
    ctx.Must(ctx.Sh(box, "printf x >> " + ShellQuote(path) + way.end), "the command");
    facts.push_back({std::string("the file that a command which ") + way.label + " appends to",
                     "one mark", Holds(path, "x")});
  }
  ExpectFacts(ctx, box, facts);
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
  constexpr Milliseconds kChild{5000};
  constexpr Milliseconds kLimit{3500};
  const std::vector<std::string> lines = {
      "sleep 5 & printf hi", "(sleep 5; printf late) & printf hi", "(sleep 5 &) ; printf hi"};
  ctx.InParallel(static_cast<int>(lines.size()), [&](int i) {
    const std::string& line = lines[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(line);
    const Stopwatch watch(ctx);
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line), "the line");
    ctx.Expect(watch.elapsed().count(), Lt(kLimit.count()),
               "ms that the call took, with a child of " + std::to_string(kChild.count()) + " ms");
    ctx.ExpectBytes(result.stdout_bytes, "hi", "stdout");
    ctx.Expect(result.exit_code, Eq(0), "exit code");
  });
}

}  // namespace

std::vector<Requirement> CommandOutcomeRequirements() {
  return {
      {.id = "command.exit-code.values",
       .level = Level::kRequired,
       .asks = "exitCode is the program's own: 0, 1, 2, 3, 42, 126, 127, 255.",
       .why = "Builds and tests are judged by it; grep's 1 (nothing found) and 2 (could not look) "
              "are different answers.",
       .breaks = "An SDK that throws on a non-zero code, and an adapter that makes 1 of every "
                 "exception; a code that the backend does not report, replaced by 0; codes such as "
                 "124, 127 and 137 that are taken for a timeout, a missing program or a kill.",
       .wrong = R"(try {
  const r = await sandbox.commands.run(line);
  return { stdout: r.stdout, stderr: r.stderr, exitCode: 0 };
} catch (e) {
  return { stdout: '', stderr: String(e), exitCode: 1 };
})",
       .right = R"(try {
  return toResult(await sandbox.commands.run(line));
} catch (e) {
  if (e instanceof CommandExitError) return toResult(e); // has stdout, stderr, exitCode
  throw e;
})",
       .defects = {"C5", "C10"},
       .mend =
           "Return the code that the backend reports, and turn no code into an error. Where the "
           "SDK throws on a non-zero code, catch that very exception and read the code from it.",
       .check = ExitCodesAreKept},
      {.id = "command.exit-code.every-time",
       .level = Level::kRequired,
       .asks = "Each of 16 commands at the same time gets its own exit code.",
       .why = "A build that is green in one run of twenty although it failed is worse than one "
              "that always fails: nobody can reproduce it.",
       .breaks = "A code read before the process has ended (null, and `?? 0` makes a success of "
                 "it), or kept in a file or a field that all commands of the sandbox share.",
       .wrong = R"(await sandbox.run(`${line}; echo $? > /tmp/exit_code`);
const code = Number(await sandbox.read('/tmp/exit_code')); // whose is it?)",
       .right = R"(const process = await sandbox.spawn(['sh', '-c', line]);
const { exitCode } = await process.wait(); // of this very process)",
       .defects = {"C6", "P1"},
       .mend = "Wait for the end of the process and of its streams before you read the code; keep "
               "nothing about a command in a place that another one shares.",
       .check = ExitCodesAreKeptEveryTime},
      {.id = "command.exit-code.closed-output",
       .level = Level::kRequired,
       .asks = "A command that closes its output and goes on is waited for, and has its own exit "
               "code.",
       .why = "Daemons, and scripts that say `exec > log`, close what they were given. A call that "
              "returns then reports success for work that is still being done.",
       .breaks = "The end of the stream is taken for the end of the process; the exit code is not "
                 "there yet, and a default is put in its place.",
       .wrong = R"(for await (const chunk of exec.stdout) out.push(chunk);
const { exitCode } = await exec.inspect(); // null: it still runs
return { stdout: join(out), exitCode: exitCode ?? 0 };)",
       .right = R"(for await (const chunk of exec.stdout) out.push(chunk);
const { exitCode } = await exec.wait(); // ends with the process
return { stdout: join(out), exitCode };)",
       .defects = {"C6", "C9"},
       .mend = "Wait for the process itself (wait, or inspect until it no longer runs), then read "
               "its code.",
       .check = ClosedOutputIsNoEnd},
      {.id = "command.exit-code.signal",
       .level = Level::kRequired,
       .asks = "A program that a signal killed is never reported with exit code 0.",
       .why = "It is how a program ends that crashed or ran out of memory. Reported as a success, "
              "half a result is taken for a whole one.",
       .breaks = "A killed process has no exit code in most APIs: it is null, and `code ?? 0` or "
                 "`code || 0` turns that into success.",
       .wrong = R"(child.on('close', (code) => resolve({ stdout, stderr, exitCode: code ?? 0 }));)",
       .right = R"(child.on('close', (code, signal) => {
  resolve({ stdout, stderr, exitCode: code ?? 128 + os.constants.signals[signal] });
});)",
       .defects = {"C7"},
       .mend = "Where the backend gives a signal in place of a code, return 128 + its number; "
               "where it gives nothing, 255.",
       .sandbox = SandboxNeed::kFresh,
       .check = SignalDeathIsNoSuccess},
      {.id = "command.exit-code.signal-number",
       .level = Level::kRecommended,
       .asks = "A program that a signal killed has exit code 128 + the signal.",
       .why = "137 is how one recognises what ran out of memory, and 143 what was asked to stop.",
       .breaks = "-1, 1 or 255 for whatever has no code, or the bare number of the signal.",
       .wrong = R"(const exitCode = status.signal ? -1 : status.code;)",
       .right = R"(const exitCode = status.signal ? 128 + status.signal : status.code;)",
       .defects = {"C7"},
       .mend = "Return 128 + the number of the signal.",
       .sandbox = SandboxNeed::kFresh,
       .check = SignalDeathHasItsNumber},
      {.id = "command.runs-once",
       .level = Level::kRequired,
       .asks = "A command runs exactly once, also where it fails.",
       .why = "Commands append, commit, send and pay. One that failed half-way is not safe to run "
              "again; only the caller knows.",
       .breaks = "A retry around the whole call that takes a non-zero exit code, or words such as "
                 "\"connection reset\" in stderr, for trouble with the backend; a second way to "
                 "run the command where the first one \"did not work\".",
       .wrong = R"(return retry(3, async () => {
  const result = await sandbox.run(line);
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return result;
});)",
       .right =
           R"(return sandbox.run(line); // a command that fails is a result, not a reason to retry)",
       .defects = {"E11"},
       .mend = "Try again only where the command has surely not been started, never for what it "
               "printed or returned.",
       .check = CommandRunsOnce},
      {.id = "command.stdin.is-empty",
       .level = Level::kRequired,
       .asks = "Standard input is empty: what reads it gets the end at once.",
       .why = "A program that asks for confirmation would wait for ever, and nobody can answer.",
       .breaks = "A pipe that is opened and never closed, a terminal, or the adapter's own input "
                 "handed down (`stdio: 'inherit'`), from which the program eats the next request.",
       .wrong = R"(const child = spawn('sh', ['-c', line], { stdio: ['pipe', 'pipe', 'pipe'] });
// child.stdin stays open)",
       .right =
           R"(const child = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] });)",
       .defects = {"C31"},
       .mend = "Start the program with its input from /dev/null, or close the pipe at once.",
       .sandbox = SandboxNeed::kFresh,
       .check = InputIsAtItsEnd},
      {.id = "command.background-child",
       .level = Level::kRecommended,
       .asks = "A child that a command leaves in the background does not hold the call up.",
       .why = "`npm start & sleep 2; curl …` is how servers are tried.",
       .breaks = "The child keeps the output pipe open, and a provider that waits for the pipe's "
                 "end waits for the child's.",
       .wrong =
           R"(child.on('close', (code) => resolve(result(code))); // when all pipes are closed)",
       .right = R"(child.on('exit', (code) => setImmediate(() => {
  drainWhatIsThere(child.stdout, child.stderr);
  resolve(result(code)); // the process has ended; others may hold its pipes
}));)",
       .defects = {"C32"},
       .mend = "Return when the process itself has ended; read what is in the pipes then, and do "
               "not wait for their end.",
       .sandbox = SandboxNeed::kFresh,
       .check = BackgroundChildHoldsNothingUp},
  };
}

}  // namespace computesdk::conformance
