#include <algorithm>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// The option `timeout`: how long a command may take.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Ge;
using ::testing::IsFalse;
using ::testing::Le;
using ::testing::Lt;
using ::testing::Ne;

constexpr Milliseconds kTimeout{300};
// Far above what a loaded machine adds, far below what the commands take that are to be ended.
constexpr Milliseconds kMargin{4000};

// Six seconds without end in sight; nothing is left over where the timeout is ignored.
constexpr const char* kForSixSeconds =
    "i=0; while [ $i -lt 60 ]; do sleep 0.1 || sleep 6; i=$((i+1)); done";

// The command must have been ended: DEADLINE_EXCEEDED, or (tolerated) a non-zero exit code.
void ExpectEnded(CheckContext& ctx, const Result<ExecutionResult>& result) {
  if (!result) {
    ctx.ExpectError(result, "the call whose timeout was used up", {ErrorCode::kDeadlineExceeded});
  } else if (ctx.Expect(result->exit_code, Ne(0),
                        "exit code of a command whose timeout was used up")) {
    ctx.Tolerated("A timeout that is used up is a result with exit code " +
                  std::to_string(result->exit_code) + ", not the error DEADLINE_EXCEEDED.");
  }
}

// For checks of what comes after a timeout.
void NeedEnded(CheckContext& ctx, const Result<ExecutionResult>& result) {
  if (result && result->exit_code == 0) {
    ctx.NotTestable("the timeout was not kept: see command.timeout.ends-the-call");
  }
}

void ExpectEndsInTime(CheckContext& ctx, const std::string& line, bool as_program = false) {
  const Stopwatch watch;
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
    ExpectEndsInTime(ctx, one.line, one.as_program);
  });
}

void TimeoutEndsWhatIgnoresSignals(CheckContext& ctx) {
  ExpectEndsInTime(ctx, std::string("trap '' TERM INT HUP; ") + kForSixSeconds);
}

void TimeoutEndsWhatNeverPauses(CheckContext& ctx) {
  // It would end by itself after some seconds; nothing is left over where the timeout is ignored.
  const std::string line = "i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done";
  const Stopwatch watch;
  const Result<ExecutionResult> result = ctx.Sh(ctx.box(), line, {.timeout = kTimeout});
  const Milliseconds took = watch.elapsed();
  if (result && result->exit_code == 0 && took < 2 * kTimeout) {
    ctx.NotTestable("a loop of 3,000,000 rounds ends before a timeout of 300 ms");
  }
  const bool in_time = ctx.Expect(took.count(), Lt((kTimeout + kMargin).count()),
                                  "ms that a call with a timeout of 300 ms took");
  ExpectEnded(ctx, result);
  if (!in_time || !result || took < 2 * kTimeout) return;
  // A limit of the interpreter's own, on commands or rounds, looks like a timeout, but strikes
  // without one just as soon.
  const Stopwatch again;
  const Result<ExecutionResult> free = ctx.Sh(ctx.box(), line, {.timeout = 60 * kTimeout});
  ctx.Expect(free && free->exit_code == result->exit_code && free->exit_code != 0 &&
                 again.elapsed() < 2 * took,
             IsFalse(), "whether a timeout of 18 s ends the loop as soon as one of 300 ms");
}

void TimeoutIsInMilliseconds(CheckContext& ctx) {
  const Box& box = ctx.box();
  const Stopwatch empty;
  ctx.Must(ctx.Sh(box, ":", {.timeout = Milliseconds(20'000)}), "a command with a long timeout");
  // What a call costs here; a machine that is busy for a moment gets another try.
  const Milliseconds limit = kTimeout + Milliseconds(450) + empty.elapsed() * 6 / 5;
  Milliseconds least = Milliseconds::max();
  for (int i = 0; i < 4 && least > limit; ++i) {
    // So long is not the machine's load.
    if (i > 0 && least > kTimeout + kMargin) break;
    const Stopwatch watch;
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
      const Stopwatch watch;
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

void SandboxStaysUsable(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("before");
  ctx.PutFile(box, path, "kept");
  NeedEnded(ctx, ctx.Sh(box, "sleep 6", {.timeout = kTimeout}));
  const Stopwatch watch;
  const ExecutionResult next = ctx.Must(ctx.Sh(box, "cat " + ShellQuote(path)), "the next command");
  ctx.ExpectBytes(next.stdout_bytes, "kept", "stdout of the next command");
  ctx.Expect(next.exit_code, Eq(0), "exit code of the next command");
  ctx.Expect(watch.elapsed().count(), Lt(kMargin.count()), "ms that the next command took");
}

void OthersAreSpared(CheckContext& ctx) {
  if (ctx.description().max_concurrency < 2) {
    ctx.Tolerated("maxConcurrency is 1, so that no two calls can be in flight at once.");
    return;
  }
  const Box& box = ctx.box();
  const std::string go = box.Path("go");
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      const auto scope = ctx.Case("the command beside it");
      const ExecutionResult result = ctx.Must(
          ctx.Sh(box, AwaitPath(go, Milliseconds(10'000)) + " && printf done"), "the command");
      ctx.ExpectBytes(result.stdout_bytes, "done", "stdout");
      ctx.Expect(result.exit_code, Eq(0), "exit code");
      return;
    }
    const auto scope = ctx.Case("the command with a timeout");
    const Result<ExecutionResult> result = ctx.Sh(box, "sleep 6", {.timeout = kTimeout});
    ctx.Must(ctx.Sh(box, "printf x > " + ShellQuote(go)), "the next command");
    NeedEnded(ctx, result);
  });
}

// How long the file is; nullopt where it is missing.
std::size_t SizeOf(CheckContext& ctx, const std::string& path) {
  return ctx.PeekFile(ctx.box(), path).value_or("").size();
}

void NothingSurvives(CheckContext& ctx) {
  struct Case {
    const char* label;
    std::string before, after;
  };
  const std::vector<Case> cases = {
      {"the command itself", "", ""},
      {"a child that is waited for", "{ ", "; } & wait"},
      {"a child in the background", "{ ", "; } & sleep 6"},
      {"a shell of its own", "sh -c '", "'; printf x"},
      {"one that ignores SIGTERM", "trap '' TERM; ", ""},
  };
  ctx.InParallel(static_cast<int>(cases.size()), [&](int i) {
    const Case& one = cases[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(one.label);
    // A name without quotes, for the line that is in quotes itself.
    const std::string path = ctx.box().Path("ticks" + std::to_string(i));
    const std::string tick = "i=0; while [ $i -lt 60 ]; do printf x >> " + BackslashQuote(path) +
                             "; sleep 0.1 || sleep 1; i=$((i+1)); done";
    NeedEnded(ctx,
              ctx.Sh(ctx.box(), one.before + tick + one.after, {.timeout = Milliseconds(400)}));
    if (SizeOf(ctx, path) == 0) ctx.NotTestable("the command made no mark before its timeout");
    // It may take a moment to end what was started.
    std::size_t size = 0;
    const bool quiet = ctx.Eventually(Milliseconds(3000), [&] {
      const std::size_t before = SizeOf(ctx, path);
      ctx.Sleep(Milliseconds(250));
      size = SizeOf(ctx, path);
      return size == before;
    });
    ctx.Expect(
        quiet, Eq(true),
        "whether it had stopped 3 s after the timeout (marks: " + std::to_string(size) + ")");
  });
}

void EarlyOutputIsKept(CheckContext& ctx) {
  const std::string word = "early-" + ctx.Unique();
  const Result<ExecutionResult> result =
      ctx.Sh(ctx.box(), "printf '" + word + "\\n'; sleep 6", {.timeout = Milliseconds(500)});
  NeedEnded(ctx, result);
  const std::string& text = result ? result->stdout_bytes : result.error().message;
  ctx.Expect(text, ::testing::HasSubstr(word),
             result ? "stdout of a command whose timeout was used up"
                    : "message of the error, where there is no stdout");
}

void TimeoutIsOfOneCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.Must(ctx.Sh(box, "printf x", {.timeout = kTimeout + kMargin}), "a command with a timeout");
  NeedEnded(ctx, ctx.Sh(box, "sleep 6", {.timeout = kTimeout}));
  const ExecutionResult next = ctx.Must(ctx.Sh(box, "sleep 0.4 || sleep 1; printf whole"),
                                        "the next one, without a timeout");
  ctx.ExpectBytes(next.stdout_bytes, "whole", "stdout of the next one");
  ctx.Expect(next.exit_code, Eq(0), "exit code of the next one");
}

}  // namespace

std::vector<Requirement> CommandTimeoutRequirements() {
  const std::string timeout(capability::kCommandTimeout);
  return {
      {.id = "command.timeout.ends-the-call",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that takes longer than its timeout is ended, and the call with it, as "
               "DEADLINE_EXCEEDED or a non-zero result.",
       .why = "It is the only defence against a command that never ends. A third of all providers "
              "accept the option and ignore it.",
       .defects = {"C47", "C51", "C32"},
       .mend = "Pass the timeout to the backend, in its unit; or start a timer with the call, kill "
               "the process group when it fires, and answer DEADLINE_EXCEEDED.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutEndsTheCall},
      {.id = "command.timeout.ignored-signals",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that ignores SIGTERM is ended by its timeout too.",
       .why = "Waiting for a polite end that never comes makes the timeout useless where it is "
              "needed most.",
       .defects = {"C50", "C47"},
       .mend = "Send SIGKILL, at once or shortly after SIGTERM, and return without waiting for the "
               "end of the pipes.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutEndsWhatIgnoresSignals},
      {.id = "command.timeout.busy-loop",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that computes without a pause is ended by its timeout.",
       .why = "Interpreters that run in the caller's own process block its timers: the timeout "
              "fires when the loop is over.",
       .defects = {"C47", "K14"},
       .mend = "Run the command in a process or thread that can be ended from outside, or look at "
               "the clock in the interpreter's loop.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutEndsWhatNeverPauses},
      {.id = "command.timeout.milliseconds",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "The timeout is in milliseconds, and 300 ms is 300 ms.",
       .why = "Seconds for milliseconds is off by a thousand; rounding up to whole seconds makes "
              "1000 of 300, rounding down makes 0, which often means none.",
       .defects = {"I4", "C51"},
       .mend = "Convert in one place, with a fraction where the backend takes seconds.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutIsInMilliseconds},
      {.id = "command.timeout.in-time",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A command that ends within its timeout is as if it had none.",
       .why = "Wrappers such as timeout(1) change the exit code; others wait for the whole "
              "timeout, or overflow with a long one.",
       .defects = {"C47", "C52", "I4"},
       .mend = "Return as soon as the command has ended, with its own result, and stop the timer.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutSparesWhatIsInTime},
      {.id = "command.timeout.sandbox-stays-usable",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "After a timeout the sandbox is usable, with all its files.",
       .why = "Some providers end the sandbox with the command; in others the next one waits "
              "behind the one that was to be ended.",
       .defects = {"C49"},
       .mend = "End the command's process group, not the sandbox or its shell.",
       .sandbox = SandboxNeed::kFresh,
       .check = SandboxStaysUsable},
      {.id = "command.timeout.spares-others",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A timeout ends its own command, and none that runs beside it.",
       .why = "Killing by name, or restarting the sandbox, hits bystanders.",
       .defects = {"C49", "C48"},
       .mend = "Give each command its own process group, and end that.",
       .sandbox = SandboxNeed::kFresh,
       .check = OthersAreSpared},
      {.id = "command.timeout.of-one-command",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A timeout is for its own command: the next one, without, is not ended by it.",
       .why = "A timer that is not stopped, or a setting that is kept, ends what comes later.",
       .defects = {"C34", "C49", "C51"},
       .mend = "Stop the timer with its call; keep no timeout in the sandbox.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutIsOfOneCommand},
      {.id = "command.timeout.nothing-survives",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "Nothing that the command started goes on after its timeout.",
       .why = "Killing only the shell leaves its children: they go on writing, and eat the CPU of "
              "a sandbox that is paid for.",
       .defects = {"C48", "C50"},
       .mend = "Start the command in a process group (setsid) and kill the group; for those who "
               "leave it, use a cgroup or a process namespace.",
       .sandbox = SandboxNeed::kFresh,
       .check = NothingSurvives},
      {.id = "command.timeout.early-output",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "What a command printed before its timeout is not lost: in stdout of the result, or "
               "in the error's message.",
       .why = "It says where the command hung.",
       .defects = {"C18"},
       .mend = "Collect output as it comes, and put it into the result or the error.",
       .sandbox = SandboxNeed::kFresh,
       .check = EarlyOutputIsKept},
  };
}

}  // namespace computesdk::conformance
