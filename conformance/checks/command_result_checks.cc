#include <cstdint>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/values.h"

// What a result says beside output and exit code.
namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::Eq;
using ::testing::Ge;
using ::testing::Le;

void ExecutionTimeIsWallTime(CheckContext& ctx) {
  // What the caller saw is rounded down, and the provider's clock is its own.
  constexpr std::int64_t kSlack = 50;
  const Box& box = ctx.box();
  {
    const auto scope = ctx.Case("a command that takes no time");
    const Stopwatch watch(ctx);
    const ExecutionResult result = ctx.Must(ctx.Sh(box, "printf x"), "printf x");
    ctx.Expect(result.execution_time.count(), AllOf(Ge(0), Le(watch.elapsed().count() + kSlack)),
               "executionTime in ms, of a call that took " +
                   std::to_string(watch.elapsed().count()) + " ms");
  }
  const auto scope = ctx.Case("a command that sleeps");
  const Stopwatch watch(ctx);
  ExecutionResult result = ctx.Must(ctx.Sh(box, "sleep 0.3"), "sleep 0.3");
  std::int64_t slept = 300;
  std::int64_t took = watch.elapsed().count();
  if (result.exit_code != 0) {
    const Stopwatch again(ctx);
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
  const ExecutionResult result = ctx.Must(ctx.Exec(box, "printf", {"x"}), "printf");
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
  for (const char* line : {"printf x", "exit 3"}) {
    const auto scope = ctx.Case(line);
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line));
    ctx.Expect(result.is_background.value_or(false), Eq(false), "isBackground");
  }
}

}  // namespace

std::vector<Requirement> CommandResultRequirements() {
  return {
      {.id = "command.execution-time",
       .level = Level::kRequired,
       .asks = "executionTime is the wall time in milliseconds, within the time the caller saw.",
       .why = "It is what people bill, and tune, by: off by a thousand, a command of three seconds "
              "seems to take an hour or no time at all.",
       .breaks = "Seconds or nanoseconds passed on as they come from the backend, CPU time, a "
                 "constant 0, or `Date.now()` itself in place of a difference.",
       .wrong = R"(return { ...result, executionTime: result.durationSeconds };)",
       .right = R"(const start = performance.now();
const result = await sandbox.exec(argv);
return { ...result, executionTime: Math.round(performance.now() - start) };)",
       .defects = {"C61"},
       .mend = "Measure around the call with a steady clock, in milliseconds. Behind an adapter, "
               "see whether the adapter or the provider fills the field.",
       .check = ExecutionTimeIsWallTime},
      {.id = "command.result.sandbox-id",
       .level = Level::kRequired,
       .asks = "sandboxId of a result is the sandbox's own id.",
       .why = "Logs of many sandboxes are told apart by it, and the next call is made with it.",
       .breaks =
           "Another of the backend's names for the thing (a container, a process, a session), "
           "a constant such as \"unknown\", or a field that is empty when the command fails.",
       .wrong = R"(return { ...result, sandboxId: container.id.slice(0, 12) };)",
       .right = R"(return { ...result, sandboxId: sandbox.sandboxId }; // what create returned)",
       .defects = {"I10", "P1"},
       .mend = "Fill it with the very id that create returned.",
       .check = ResultNamesItsSandbox},
      {.id = "command.result.provider",
       .level = Level::kRequired,
       .asks = "provider of a result is the name that the provider gives of itself.",
       .why = "Callers with several providers choose by it; another spelling matches nothing.",
       .breaks = "The name written out in each place: \"docker\" here, \"docker-local\" there; or "
                 "that of the adapter from which the code was copied.",
       .wrong = R"(defineProvider({ name: 'acme-cloud', /* … */ });
return { ...result, provider: 'acme' };)",
       .right = R"(const NAME = 'acme-cloud';
defineProvider({ name: NAME, /* … */ });
return { ...result, provider: NAME };)",
       .defects = {"I11"},
       .mend = "Keep the name in one constant. Behind an adapter, see whether the adapter or the "
               "provider fills the field.",
       .check = ResultNamesItsProvider},
      {.id = "command.result.foreground",
       .level = Level::kRequired,
       .asks = "A command that was not asked to run in the background is not reported as one that "
               "does.",
       .why =
           "A caller who sees isBackground does not trust the exit code, and waits for something "
           "that is over.",
       .breaks = "The field is set from what the provider could do, from the last call, or from a "
                 "process that the command left behind.",
       .wrong = R"(return { ...result, isBackground: result.pid !== undefined };)",
       .right = R"(return { ...result, isBackground: options?.background === true };)",
       .defects = {"C33"},
       .mend = "Set isBackground from the option of this call, or leave it out.",
       .check = ForegroundIsNoBackground},
  };
}

}  // namespace computesdk::conformance
