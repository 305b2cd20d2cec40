#include <algorithm>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/timeouts.h"
#include "conformance/checks/values.h"

// The option `timeout`: what is left when it is used up.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Lt;

void SandboxStaysUsable(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("before");
  ctx.PutFile(box, path, "kept");
  NeedEnded(ctx, ctx.Sh(box, "sleep 6", {.timeout = kTimeout}));
  const Stopwatch watch(ctx);
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
      const ExecutionResult result =
          ctx.Must(ctx.Sh(box, AwaitPath(go, Milliseconds(4000) + 3 * ctx.consistency_window()) +
                                   " && printf done"),
                   "the command");
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
      {"a child whose parent has ended", "( { ", "; } & ); sleep 6"},
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
              ctx.Sh(ctx.box(), one.before + tick + one.after, {.timeout = Milliseconds(800)}));
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

std::vector<Requirement> CommandTimeoutAftermathRequirements() {
  const std::string timeout(capability::kCommandTimeout);
  return {
      {.id = "command.timeout.sandbox-stays-usable",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "After a timeout the sandbox is usable, with all its files.",
       .why = "One command that hung must not cost the work of an hour.",
       .breaks = "The sandbox is ended or restarted with the command; or the next one waits in the "
                 "same shell behind the one that was to be ended.",
       .wrong = R"(setTimeout(() => this.sandbox.restart(), options.timeout);)",
       .right = R"(setTimeout(() => process.kill(-child.pid, 'SIGKILL'), options.timeout);)",
       .defects = {"C49"},
       .mend = "End the command's process group, not the sandbox or its shell.",
       .sandbox = SandboxNeed::kFresh,
       .check = SandboxStaysUsable},
      {.id = "command.timeout.spares-others",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A timeout ends its own command, and none that runs beside it.",
       .why = "The server under test must outlive the test that hung.",
       .breaks = "Killing by name (`pkill sh`) or all processes of the sandbox, as the one to be "
                 "ended is not known.",
       .wrong = R"(await sandbox.run('pkill -9 sh'); // the timeout has fired)",
       .right = R"(const { pid } = await sandbox.spawn(['setsid', 'sh', '-c', command]);
// when the timeout fires:
await sandbox.run(`kill -9 -- -${pid}`); // the group of this command)",
       .defects = {"C49", "C48"},
       .mend = "Give each command its own process group, and end that.",
       .sandbox = SandboxNeed::kFresh,
       .check = OthersAreSpared},
      {.id = "command.timeout.of-one-command",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A timeout is for its own command: the next one, without, is not ended by it.",
       .why = "A command that ends for no reason that its caller could know cannot be explained.",
       .breaks = "A timer that is not stopped with its call, or a limit that is kept as a setting "
                 "of the sandbox or its client.",
       .wrong = R"(this.client.defaults.timeout = options.timeout; // for ever after
return this.client.exec(argv);)",
       .right = R"(return this.client.exec(argv, { timeout: options.timeout });)",
       .defects = {"C34", "C49", "C51"},
       .mend = "Stop the timer with its call; keep no timeout in the sandbox.",
       .sandbox = SandboxNeed::kFresh,
       .check = TimeoutIsOfOneCommand},
      {.id = "command.timeout.nothing-survives",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "Nothing that the command started goes on after its timeout.",
       .why = "What is left goes on writing, holds ports, and eats the CPU of a sandbox that is "
              "paid for.",
       .breaks = "Only the shell is killed, or its children as `ps` shows them then: those in the "
                 "background, and those whose parent has ended, live on.",
       .wrong = R"(child.kill('SIGKILL'); // the shell; its children are orphans now)",
       .right =
           R"(const child = spawn('sh', ['-c', command], { detached: true }); // a group of its own
process.kill(-child.pid, 'SIGKILL'); // minus: all of the group)",
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
       .why = "It says where the command hung: at the third of ten tests, or before the first.",
       .breaks = "Output is fetched when the command has ended, and there is none to fetch when it "
                 "was killed; or the error is made without it.",
       .wrong = R"(throw new SandboxError('DEADLINE_EXCEEDED', `timeout of ${ms} ms exceeded`);)",
       .right = R"(const out = Buffer.concat(chunks).toString('utf8'); // collected as it came
throw new SandboxError('DEADLINE_EXCEEDED', `no end within ${ms} ms; stdout: ${out}`);)",
       .defects = {"C18"},
       .mend = "Collect output as it comes, and put it into the result or the error.",
       .sandbox = SandboxNeed::kFresh,
       .check = EarlyOutputIsKept},
  };
}

std::vector<Requirement> CommandTimeoutRequirements() {
  return Join(CommandTimeoutEndRequirements(), CommandTimeoutAftermathRequirements());
}

}  // namespace computesdk::conformance
