#include <algorithm>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/timeouts.h"
#include "conformance/checks/values.h"

// The option `timeout`: how long a command may take.
namespace computesdk::conformance {

using ::testing::Eq;
using ::testing::Ge;
using ::testing::IsFalse;
using ::testing::Le;
using ::testing::Lt;
using ::testing::Ne;

void ExpectEnded(CheckContext& ctx, const Result<ExecutionResult>& result) {
  if (!result) {
    ctx.ExpectError(result, "the call whose timeout was used up", {ErrorCode::kDeadlineExceeded});
  } else if (ctx.Expect(result->exit_code, Ne(0),
                        "exit code of a command whose timeout was used up")) {
    ctx.Tolerated("A timeout that is used up is a result with exit code " +
                  std::to_string(result->exit_code) + ", not the error DEADLINE_EXCEEDED.");
  }
}

void NeedEnded(CheckContext& ctx, const Result<ExecutionResult>& result) {
  if (result && result->exit_code == 0) {
    ctx.NotTestable("the timeout was not kept: see command.timeout.ends-the-call");
  }
}

namespace {

void ExpectEndsInTime(CheckContext& ctx, const std::string& line, bool as_program = false) {
  const Stopwatch watch(ctx);
  const RunCommandOptions options = {.timeout = kTimeout};
  const Result<ExecutionResult> result = as_program
                                             ? ctx.Exec(ctx.box(), "sh", {"-c", line}, options)
                                             : ctx.Sh(ctx.box(), line, options);
  ctx.Expect(watch.elapsed().count(), Lt((kTimeout + kMargin).count()),
             "ms that a call with a timeout of 300 ms took");
  ExpectEnded(ctx, result);
}

void TimeoutEndsTheCall(CheckContext& ctx) {
  struct Case {
    const char* label;
    std::string line;
    bool as_program = false;
  };
  const std::vector<Case> cases = {
      {"a program that sleeps", "sleep 6"},
      {"a loop", kForSixSeconds},
      {"a pipeline", "sleep 6 | cat"},
      {"a child that is waited for", "sleep 6 & wait"},
      {"after &&", "printf x && sleep 6; printf y"},
      {"a program with args", "sleep 6; printf y", true},
  };
  ctx.InParallel(static_cast<int>(cases.size()), [&](int i) {
    const Case& one = cases[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(one.label);
    if (one.as_program) NeedPrograms(ctx, ctx.box());
    ExpectEndsInTime(ctx, one.line, one.as_program);
  });
}

void TimeoutEndsWhatIgnoresSignals(CheckContext& ctx) {
  ExpectEndsInTime(ctx, std::string("trap '' TERM INT HUP; ") + kForSixSeconds);
}

void TimeoutEndsWhatNeverPauses(CheckContext& ctx) {
  // Shorter than elsewhere: it keeps a processor busy, and the calls of other checks wait.
  constexpr Milliseconds kShort{100};
  // It would end by itself after some seconds; nothing is left over where the timeout is ignored.
  const std::string line = "i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done";
  const Stopwatch watch(ctx);
  const Result<ExecutionResult> result = ctx.Sh(ctx.box(), line, {.timeout = kShort});
  const Milliseconds took = watch.elapsed();
  if (result && result->exit_code == 0 && took < 2 * kShort) {
    ctx.NotTestable("a loop of 3,000,000 rounds ends before a timeout of 100 ms");
  }
  const bool in_time = ctx.Expect(took.count(), Lt((kShort + kMargin).count()),
                                  "ms that a call with a timeout of 100 ms took");
  ExpectEnded(ctx, result);
  if (!in_time || !result || took < 2 * kShort) return;
  // A limit of the interpreter's own, on commands or rounds, looks like a timeout, but strikes
  // without one just as soon.
  const Stopwatch again(ctx);
  const Result<ExecutionResult> free = ctx.Sh(ctx.box(), line, {.timeout = 180 * kShort});
  ctx.Expect(free && free->exit_code == result->exit_code && free->exit_code != 0 &&
                 again.elapsed() < 2 * took,
             IsFalse(), "whether a timeout of 18 s ends the loop as soon as one of 100 ms");
}

void TimeoutIsInMilliseconds(CheckContext& ctx) {
  const Box& box = ctx.box();
  const Stopwatch empty(ctx);
  ctx.Must(ctx.Sh(box, ":", {.timeout = Milliseconds(20'000)}), "a command with a long timeout");
  // What a call costs here; a machine that is busy for a moment gets another try.
  const Milliseconds limit = kTimeout + Milliseconds(450) + empty.elapsed() * 6 / 5;
  Milliseconds least = Milliseconds::max();
  for (int i = 0; i < 4 && least > limit; ++i) {
    // So long is not the machine's load.
    if (i > 0 && least > kTimeout + kMargin) break;
    const Stopwatch watch(ctx);
    ExpectEnded(ctx, ctx.Sh(box, kForSixSeconds, {.timeout = kTimeout}));
    least = std::min(least, watch.elapsed());
    // Timers of other machines may be off by a little; by a fifth they are not.
    ctx.Require(watch.elapsed().count(), Ge(240), "ms that a call with a timeout of 300 ms took");
  }
  ctx.Expect(least.count(), Le(limit.count()),
             "ms that a call with a timeout of 300 ms took, the best of four");
}

void TimeoutSparesWhatIsInTime(CheckContext& ctx) {
  struct Case {
    const char* label;
    std::string line, out;
    int exit_code;
    Milliseconds timeout;
  };
  const std::vector<Case> cases = {
      {"at once, of 10 s", "printf out; exit 3", "out", 3, Milliseconds(10'000)},
      {"at once, of an hour", "printf out", "out", 0, Milliseconds(3'600'000)},
      {"0.3 s, of 10 s", "sleep 0.3 || sleep 1; printf out", "out", 0, Milliseconds(10'000)},
  };
  // Below the timeouts, and far above what the commands take.
  constexpr Milliseconds kMuch{8000};
  ctx.InParallel(static_cast<int>(cases.size()), [&](int i) {
    const Case& one = cases[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(one.label);
    Milliseconds least = Milliseconds::max();
    // A provider that is busy with another check's call for a while gets another try.
    for (int attempt = 0; attempt < 3 && least >= kMuch; ++attempt) {
      const Stopwatch watch(ctx);
      const ExecutionResult result =
          ctx.Must(ctx.Sh(ctx.box(), one.line, {.timeout = one.timeout}), "the command");
      least = std::min(least, watch.elapsed());
      ctx.ExpectBytes(result.stdout_bytes, one.out, "stdout");
      ctx.Expect(result.exit_code, Eq(one.exit_code), "exit code");
    }
    ctx.Expect(least.count(), Lt(kMuch.count()),
               "ms that the call took, which must not wait for its timeout; the best of three");
  });
}

void OwnEndIsNoTimeout(CheckContext& ctx) {
  const Box& box = ctx.box();
  const RunCommandOptions options = {.timeout = Milliseconds(20'000)};
  // What timeout(1), and a kill by SIGKILL and SIGTERM, would give.
  for (const int code : {124, 137, 143}) {
    const auto scope = ctx.Case("exit ", code);
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "printf out; exit " + std::to_string(code), options), "the command");
    ctx.Expect(result.exit_code, Eq(code), "exit code");
    ctx.ExpectBytes(result.stdout_bytes, "out", "stdout");
  }
  if (ctx.Need(ctx.Sh(box, "command -v kill"), "looking for kill").exit_code != 0) return;
  for (const char* signal : {"TERM", "KILL"}) {
    const auto scope = ctx.Case("a command that ends itself by SIG", signal);
    const ExecutionResult result = ctx.Must(
        ctx.Sh(box, std::string("printf out; kill -") + signal + " $$", options), "the command");
    ctx.ExpectBytes(result.stdout_bytes, "out", "stdout");
  }
}

void CommandIsTheSameWithTimeout(CheckContext& ctx) {
  const Box& box = ctx.box();
  const RunCommandOptions options = {.timeout = Milliseconds(20'000)};
  struct Line {
    const char *label, *line, *output;
  };
  for (const Line& line : {
           Line{"a loop", "x='a b'; for i in 1 2; do printf '%s,' \"$x\"; done", "a b,a b,"},
           Line{"a list", "(exit 1) || printf a; printf b && printf c", "abc"},
           Line{"a pipeline", "printf x | { cat; printf y; }", "xy"},
           Line{"a here-document", "cat <<'EOF'\n$x \"y\"\nEOF\nprintf z", "$x \"y\"\nz"},
           Line{"a comment at the end", "printf a # don't", "a"},
       }) {
    const auto scope = ctx.Case(line.label, ", with a timeout of 20 s");
    ExpectPrints(ctx, ctx.Sh(box, line.line, options), line.output);
  }
  if (ctx.Claims(capability::kCommandCwd)) {
    const auto scope = ctx.Case("a cwd, with a timeout of 20 s");
    ctx.PutFile(box, box.Path("marker"), "in it");
    ExpectPrints(
        ctx, ctx.Sh(box, "cat marker; cat marker", {.cwd = box.dir, .timeout = options.timeout}),
        "in itin it");
  }
  if (ctx.Claims(capability::kCommandEnv)) {
    const auto scope = ctx.Case("env, with a timeout of 20 s");
    ExpectPrints(ctx,
                 ctx.Sh(box, "printf '%s' \"$KIT_A\"; printf '%s' \"$KIT_A\"",
                        {.env = {{"KIT_A", "it's "}}, .timeout = options.timeout}),
                 "it's it's ");
  }
  const auto scope = ctx.Case("a program with args, with a timeout of 20 s");
  NeedPrograms(ctx, box);
  ExpectPrints(ctx,
               ctx.Exec(box, "sh", {"-c", "printf '<%s>' \"$@\"", "sh", "it's", "$x", ""}, options),
               "<it's><$x><>");
}

}  // namespace

std::vector<Requirement> CommandTimeoutEndRequirements() {
  const std::string timeout(capability::kCommandTimeout);
  return {
      {.id = "command.timeout.ends-the-call",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that takes longer than its timeout is ended, and the call with it, as "
               "DEADLINE_EXCEEDED or a non-zero result.",
       .why = "It is the only defence against a command that never ends: a server started in the "
              "foreground, a prompt that nobody answers.",
       .breaks = "A third of all providers accept the option and ignore it. In others it ends the "
                 "shell, and the call goes on waiting for the children that hold its pipes.",
       .wrong = R"(async runCommand(command: string, options?: { timeout?: number }) {
  return this.sandbox.exec(['sh', '-c', command]);
})",
       .right = R"(const child = spawn('sh', ['-c', command], { detached: true });
const timer = setTimeout(() => {
  process.kill(-child.pid, 'SIGKILL'); // the whole group
  reject(new SandboxError('DEADLINE_EXCEEDED', `no end within ${options.timeout} ms`));
}, options.timeout);)",
       .defects = {"C47", "C51", "C32"},
       .mend = "Pass the timeout to the backend, in its unit; or start a timer with the call, kill "
               "the process group when it fires, and answer DEADLINE_EXCEEDED.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutEndsTheCall},
      {.id = "command.timeout.ignored-signals",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that ignores SIGTERM is ended by its timeout too.",
       .why = "Programs that hang are those that no longer listen; it is for them that there is a "
              "timeout.",
       .breaks = "SIGTERM alone, or `timeout LIMIT …` without `-k`, and a call that then waits for "
                 "a polite end.",
       .wrong = R"(child.kill('SIGTERM');
await once(child, 'exit');)",
       .right = R"(child.kill('SIGTERM');
const ended = await Promise.race([once(child, 'exit'), delay(500)]);
if (!ended) process.kill(-child.pid, 'SIGKILL');)",
       .defects = {"C50", "C47"},
       .mend = "Send SIGKILL, at once or shortly after SIGTERM, and return without waiting for the "
               "end of the pipes.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutEndsWhatIgnoresSignals},
      {.id = "command.timeout.busy-loop",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that computes without a pause is ended by its timeout.",
       .why = "`while true` without a pause is the mistake that timeouts are for.",
       .breaks = "An interpreter that runs in the caller's own process blocks its timers: the "
                 "timeout fires when the loop is over.",
       .wrong = R"(const result = await Promise.race([interpreter.run(line), rejectAfter(timeout)]);
// run() never yields, so that the timer has no turn)",
       .right = R"(const worker = new Worker('./interpreter.js', { workerData: line });
const timer = setTimeout(() => worker.terminate(), timeout); // ends it from outside)",
       .defects = {"C47", "K14"},
       .mend = "Run the command in a process or thread that can be ended from outside, or look at "
               "the clock in the interpreter's loop.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutEndsWhatNeverPauses},
      {.id = "command.timeout.milliseconds",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "The timeout is in milliseconds, and 300 ms is 300 ms.",
       .why = "Off by a thousand, five seconds become an hour and a half, or nothing at all.",
       .breaks = "The number is handed to a backend that takes seconds; or is made whole seconds: "
                 "rounded up, 300 ms are 1000; rounded down, 0, which often means none.",
       .wrong =
           R"(await client.exec(id, argv, { timeoutSeconds: Math.ceil(options.timeout / 1000) });)",
       .right =
           R"(await client.exec(id, argv, { timeoutSeconds: options.timeout / 1000 }); // 0.3)",
       .defects = {"I4", "C51"},
       .mend = "Convert in one place, with a fraction where the backend takes seconds; where it "
               "takes whole ones only, keep a timer of your own.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutIsInMilliseconds},
      {.id = "command.timeout.in-time",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that ends within its timeout is as if it had none.",
       .why = "A timeout is set everywhere, as a precaution; it must cost nothing where it is not "
              "needed.",
       .breaks = "A call that always waits for the whole timeout, a number that overflows (an hour "
                 "in nanoseconds in 32 bits), or an exit code that is the wrapper's.",
       .wrong = R"(await sleep(options.timeout); // then look
return process.result();)",
       .right = R"(const timer = setTimeout(onTimeout, options.timeout);
try {
  return await process.result();
} finally {
  clearTimeout(timer);
})",
       .defects = {"C47", "I4"},
       .mend = "Return as soon as the command has ended, with its own result, and stop the timer.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutSparesWhatIsInTime},
      {.id = "command.timeout.own-end",
       .level = Level::kOptional,
       .capability = timeout,
       .asks =
           "A command that ends within its timeout with 124, 137 or 143, or by a signal, is not "
           "reported as one whose timeout was used up.",
       .why = "\"It took too long\" and \"it was killed, as memory ran out\" ask for different "
              "remedies: more time does not help the second.",
       .breaks =
           "The timeout is recognised by the exit code of timeout(1) or of a kill, and not by "
           "the clock.",
       .wrong = R"(if (result.exitCode === 124 || result.exitCode === 137) {
  throw new SandboxError('DEADLINE_EXCEEDED', 'Command timed out');
})",
       .right = R"(let timedOut = false;
const timer = setTimeout(() => { timedOut = true; kill(); }, options.timeout);
const result = await done;
if (timedOut) throw new SandboxError('DEADLINE_EXCEEDED', 'the timeout was used up');)",
       .defects = {"C8"},
       .mend = "Remember that your own timer fired; take no exit code for a timeout.",
       .sandbox = SandboxNeed::kFresh,
       .check = OwnEndIsNoTimeout},
      {.id = "command.timeout.same-command",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "With a timeout a command is the same command: whole lines, cwd, env and args work.",
       .why = "Whoever adds a limit to a command that works does not expect another command.",
       .breaks = "`timeout 5 LINE`: the limit binds the first command of the line only, `cd` and "
                 "loops are no programs, and variables in front become one.",
       .wrong = R"(return sandbox.run(`timeout ${options.timeout / 1000} ${command}`);)",
       .right = R"(const limit = String(options.timeout / 1000);
return sandbox.exec(['timeout', '-s', 'KILL', limit, 'sh', '-c', command], { cwd, env });)",
       .defects = {"C47", "C39"},
       .mend = "Give a wrapper `sh -c LINE` with the line as one argument; set cwd and env on the "
               "process.",
       .check = CommandIsTheSameWithTimeout},
  };
}

}  // namespace computesdk::conformance
