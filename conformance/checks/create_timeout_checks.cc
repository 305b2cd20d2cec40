#include <array>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/values.h"

// The option `timeout` of create.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsTrue;

void TimeoutIsReported(CheckContext& ctx) {
  for (const Milliseconds timeout : {Milliseconds{90'000}, Milliseconds{420'000}}) {
    const auto scope = ctx.Case("a timeout of ", timeout.count(), " ms");
    const SandboxRef ref =
        ctx.Must(ctx.provider().Create({.timeout = timeout}), "create with a timeout");
    const SandboxInfo info = ctx.Must(ctx.provider().GetInfo(ref.sandbox_id), "getInfo");
    if (!info.timeout) {
      ctx.Fail({"getInfo's timeout", std::to_string(timeout.count()) + " ms", "none"});
      continue;
    }
    ctx.Expect(info.timeout->count(), Eq(timeout.count()), "getInfo's timeout in ms");
    ctx.provider().Destroy(ref.sandbox_id);
  }
}

void SandboxWithTimeoutWorks(CheckContext& ctx) {
  const SandboxRef ref = CreateOne(ctx, {.timeout = Milliseconds{60'000}});
  // A minute that was taken for 60 ms is over by now.
  ctx.Sleep(Milliseconds{100});
  const ExecutionResult result =
      ctx.Must(ctx.provider().RunCommand(ref.sandbox_id, {.command = "printf works"}), "a command");
  ctx.ExpectBytes(result.stdout_bytes, "works", "stdout of a command");
}

constexpr Milliseconds kShort{700};

bool Answers(CheckContext& ctx, const std::string& id) {
  const Result<ExecutionResult> result = ctx.provider().RunCommand(
      id, {.command = "printf alive", .args = std::nullopt, .options = {}});
  return result && result->stdout_bytes == "alive";
}

// Some have a longest or a shortest one, and say so.
SandboxRef CreateShortLived(CheckContext& ctx) {
  return ctx.Need(ctx.provider().Create({.timeout = kShort}),
                  "create with a timeout of " + std::to_string(kShort.count()) + " ms");
}

void NotGoneBeforeItsTimeout(CheckContext& ctx) {
  const Stopwatch watch(ctx);
  const SandboxRef ref = CreateShortLived(ctx);
  bool looked = false;
  while (watch.elapsed() < kShort / 2) {
    const bool alive = Answers(ctx, ref.sandbox_id);
    if (watch.elapsed() >= kShort) break;
    looked = true;
    if (!alive) {
      ctx.Fail({"a command " + std::to_string(watch.elapsed().count()) + " ms after create began",
                "that it works: the timeout is " + std::to_string(kShort.count()) + " ms",
                "it did not"});
      return;
    }
    ctx.Sleep(Milliseconds{50});
  }
  if (!looked) ctx.NotTestable("the create and one command took longer than the timeout");
}

void GoneSoonAfterItsTimeout(CheckContext& ctx) {
  const SandboxRef ref = CreateShortLived(ctx);
  // The time of the command itself is the provider's own affair.
  const Milliseconds limit = kShort + ctx.consistency_window() + Milliseconds{1000};
  const Stopwatch watch(ctx);
  // It is used meanwhile: a timer that each call starts anew would never end it.
  while (watch.elapsed() < kShort) {
    Answers(ctx, ref.sandbox_id);
    ctx.Sleep(Milliseconds{100});
  }
  const bool gone = ctx.Eventually(limit - kShort, [&] { return !Answers(ctx, ref.sandbox_id); });
  ctx.Expect(gone, IsTrue(),
             "whether a sandbox with a timeout of " + std::to_string(kShort.count()) +
                 " ms is gone after " + std::to_string(limit.count()) + " ms");
  if (!gone) return;
  const bool none = ctx.Eventually(ctx.consistency_window(), [&] {
    const Result<std::optional<SandboxRef>> found = ctx.provider().GetById(ref.sandbox_id);
    return found && !found->has_value();
  });
  ctx.Expect(none, IsTrue(), "whether getById gives none after the timeout");
}

void GetByIdLeavesTheTimeout(CheckContext& ctx) {
  const SandboxRef ref = CreateOne(ctx, {.timeout = Milliseconds{900'000}});
  const auto reported = [&] {
    const SandboxInfo info = ctx.Must(ctx.provider().GetInfo(ref.sandbox_id), "getInfo");
    return info.timeout ? std::to_string(info.timeout->count()) + " ms" : std::string("none");
  };
  const std::string before = reported();
  FindLive(ctx, ref.sandbox_id);
  ctx.ExpectBytes(reported(), before, "getInfo's timeout after getById");
}

void OddTimeoutsEndNothingAtOnce(CheckContext& ctx) {
  struct Odd {
    const char* label;
    Milliseconds timeout;
  };
  // The last is more than the timers of JavaScript hold, which then go off at once.
  constexpr auto kOdd = std::to_array<Odd>({{"0 ms", Milliseconds{0}},
                                            {"-1 ms", Milliseconds{-1}},
                                            {"25 days", Milliseconds{25LL * 24 * 3600 * 1000}}});
  ForEachSandbox(ctx, static_cast<int>(kOdd.size()), [&](int i) {
    const Odd& odd = kOdd[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case("a timeout of ", odd.label);
    const Result<SandboxRef> ref = ctx.provider().Create({.timeout = odd.timeout});
    if (!ref) return;
    ctx.Sleep(Milliseconds{50});
    if (!Answers(ctx, ref->sandbox_id)) {
      ctx.Fail({"a command 50 ms after the create", "that it works, or that create refuses",
                "it did not work, and create had accepted that timeout"});
    }
    ctx.provider().Destroy(ref->sandbox_id);
  });
}

}  // namespace

std::vector<Requirement> CreateTimeoutRequirements() {
  const std::string timeout(capability::kCreateTimeout);
  const std::string info(capability::kGetInfo);
  return {
      {.id = "create.timeout.reported",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "getInfo reports the timeout given to create, in milliseconds.",
       .why = "Callers renew by it, and warn their users by it: too late if the number is too "
              "large, all the time if it is too small.",
       .breaks = "A constant of 300000, or the backend's seconds as they are.",
       .wrong = R"(getInfo: async (sandbox) => ({ ...infoFrom(sandbox), timeout: 300_000 }))",
       .right = R"(getInfo: async (sandbox) => {
  const { timeoutSeconds } = await client.get(sandbox.id)
  return { ...infoFrom(sandbox), timeout: timeoutSeconds * 1000 }
})",
       .defects = {"I4", "I5"},
       .mend = "Convert between the backend's unit and milliseconds at one place, and report what "
               "the backend was told.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = TimeoutIsReported},
      {.id = "create.timeout.works",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A sandbox that was created with a timeout of a minute works.",
       .why = "The option is what callers bound their costs with; a sandbox that is gone after 60 "
              "ms, or a create that is refused, makes them leave it out.",
       .breaks =
           "Milliseconds that are taken for seconds exceed the backend's limit; seconds taken "
           "for milliseconds, or divided by 1000 twice, end the sandbox at once.",
       .wrong = R"(client.create({ timeoutMs: options.timeout / 1000 }))",
       .right = R"(client.create({ timeoutMs: options.timeout })   // both are milliseconds)",
       .defects = {"I4", "L24"},
       .mend = "Check the unit of the backend's option.",
       .sandbox = SandboxNeed::kNone,
       .check = SandboxWithTimeoutWorks},
      {.id = "create.timeout.kept-by-get-by-id",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "getById leaves the timeout of a sandbox as it is.",
       .why = "A job of an hour is cut off after five minutes because a monitor looked at it, or "
              "one that should have ended is looked at and lives on.",
       .breaks = "\"connect\" takes a timeout, has a default of its own, and sets it.",
       .wrong = R"(getById: async (id) => handleFor(await client.connect(id)))",
       .right = R"(getById: async (id) => {
  const { endAt } = await client.get(id)
  return handleFor(await client.connect(id, { timeoutMs: endAt - Date.now() }))
})",
       .defects = {"L12", "L27"},
       .mend = "Use a call that only looks, or hand connect the time that is left.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = GetByIdLeavesTheTimeout},
      {.id = "create.timeout.odd-values",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "A timeout of 0, a negative one or one of 25 days is refused, or gives a sandbox "
               "that works.",
       .why =
           "0 is what people write for \"no limit\", and 25 days is what they write for \"long\". "
           "A sandbox that is gone at once tells them nothing.",
       .breaks = "`setTimeout` goes off at once for 0, for less, and for more than 2147483647 ms.",
       .wrong = R"(setTimeout(() => destroy(id), options.timeout))",
       .right = R"(if (options.timeout < 0) throw new InvalidArgument(`timeout ${options.timeout}`)
const longest = 24 * 3600_000
if (options.timeout > longest) throw new InvalidArgument(`timeout above ${longest} ms`)
if (options.timeout) setTimeout(() => destroy(id), options.timeout))",
       .defects = {"L26"},
       .mend = "Take 0 for no limit, and refuse what you cannot keep, before anything is created.",
       .sandbox = SandboxNeed::kNone,
       .check = OddTimeoutsEndNothingAtOnce},
      {.id = "create.timeout.not-before",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "A sandbox is not gone before its timeout.",
       .why = "Work is lost in the middle, and the caller had planned for the time that they asked "
              "for.",
       .breaks = "The timer of a pooled machine that has waited for a while, or one that counts "
                 "from the order of the machine; a limit of the backend that is lower.",
       .wrong = R"(const machine = pool.pop()            // started ten minutes ago
machine.expiresAt = machine.startedAt + options.timeout)",
       .right = R"(const machine = pool.pop()
machine.expiresAt = Date.now() + options.timeout)",
       .defects = {"L24", "I4"},
       .mend = "Start the timer when create returns, in the right unit.",
       .sandbox = SandboxNeed::kNone,
       .check = NotGoneBeforeItsTimeout},
      {.id = "create.timeout.soon-after",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "A sandbox is gone soon after its timeout.",
       .why = "The timeout is what bounds the bill of a job that died. Ignored, or multiplied by a "
              "thousand, it bounds nothing.",
       .breaks = "The option is not handed on, milliseconds are taken for seconds, or every call "
                 "starts the timer anew.",
       .wrong = R"(client.create({ keepAliveSeconds: options.timeout }))",
       .right = R"(client.create({ maxLifetimeSeconds: Math.ceil(options.timeout / 1000) }))",
       .defects = {"L25", "L6", "I4"},
       .mend = "Hand the timeout to the backend; where it has none, keep a timer that destroys the "
               "sandbox, and that no call starts anew.",
       .sandbox = SandboxNeed::kNone,
       .check = GoneSoonAfterItsTimeout},
  };
}

}  // namespace computesdk::conformance
