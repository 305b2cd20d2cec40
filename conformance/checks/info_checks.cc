#include <chrono>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/lifecycle.h"

// What getInfo says of a sandbox.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Ge;
using ::testing::IsTrue;

SandboxInfo Info(CheckContext& ctx, const std::string& id) {
  return ctx.Must(ctx.provider().GetInfo(id), "getInfo");
}

void IdIsItsOwn(CheckContext& ctx) {
  const std::string other = ctx.CreateBox().id;
  for (const std::string& id : {ctx.box().id, other, ctx.box().id}) {
    ctx.ExpectBytes(Info(ctx, id).id, id, "id");
  }
}

void ProviderIsItsName(CheckContext& ctx) {
  ctx.ExpectBytes(Info(ctx, ctx.box().id).provider, ctx.description().name, "provider");
}

void RuntimeIsTheOneAskedFor(CheckContext& ctx) {
  const std::vector<std::string>& runtimes = ctx.description().runtimes;
  if (runtimes.empty()) ctx.NotTestable("no runtime is declared");
  ctx.ExpectBytes(Info(ctx, ctx.box().id).runtime, runtimes.front(),
                  "runtime of a sandbox created without one, the provider's first");
  for (const std::string& runtime : runtimes) {
    const auto scope = ctx.Case("created with the runtime ", runtime);
    const SandboxRef ref =
        ctx.Must(ctx.provider().Create({.runtime = runtime}), "create with a declared runtime");
    ctx.ExpectBytes(Info(ctx, ref.sandbox_id).runtime, runtime, "runtime");
    ctx.provider().Destroy(ref.sandbox_id);
  }
}

void StatusIsRunning(CheckContext& ctx) {
  const Box box = ctx.CreateBox();
  const auto expect_running = [&](std::string_view when) {
    ctx.Expect(Info(ctx, box.id).status == SandboxStatus::kRunning, IsTrue(),
               "whether the status is `running` " + std::string(when));
  };
  expect_running("in a new sandbox");
  // Neither way of a command's end is the sandbox's.
  ctx.Need(ctx.Sh(box, "exit 0"), "a command that succeeds");
  expect_running("after a command that succeeded");
  ctx.Need(ctx.Sh(box, "exit 3"), "a command that fails");
  expect_running("after a command that failed");
}

// Of a time in whole seconds nothing finer can be asked.
bool IsInWholeSeconds(Timestamp time) { return time.time_since_epoch().count() % 1000 == 0; }

void CreatedAtIsTheTimeOfTheCreate(CheckContext& ctx) {
  // One minute is how far clocks may differ.
  constexpr Milliseconds kClocks{60'000};
  const Timestamp before = ctx.clock().WallTime();
  const SandboxRef ref = ctx.Need(ctx.provider().Create({}), "create");
  const Timestamp after = ctx.clock().WallTime();
  const Timestamp created = Info(ctx, ref.sandbox_id).created_at;
  const auto off = [&](Milliseconds by) { return std::to_string(by.count() / 1000) + " s"; };
  if (created < before - kClocks) {
    ctx.Fail({"createdAt", "the time of the create, give or take a minute",
              off(before - created) + " before it"});
  } else if (created > after + kClocks) {
    ctx.Fail({"createdAt", "the time of the create, give or take a minute",
              off(created - after) + " after it"});
  }
}

void CreatedAtStays(CheckContext& ctx) {
  const std::string& id = ctx.box().id;
  const Timestamp first = Info(ctx, id).created_at;
  // A time in whole seconds would change only with the next second.
  ctx.Sleep(IsInWholeSeconds(first) ? Milliseconds{1100} : Milliseconds{20});
  ctx.Need(ctx.provider().GetById(id), "getById");
  for (int call = 2; call <= 3; ++call) {
    const Timestamp again = Info(ctx, id).created_at;
    if (again == first) continue;
    ctx.Fail({"createdAt at call number " + std::to_string(call), "the same as at the first call",
              std::to_string((again - first).count()) + " ms later than that"});
    return;
  }
}

void TimeoutIsNoNonsense(CheckContext& ctx) {
  const std::optional<Milliseconds> timeout = Info(ctx, ctx.box().id).timeout;
  if (!timeout) return;
  ctx.Expect(timeout->count(), Ge(0), "timeout in ms");
  // Nobody ends a sandbox after a few seconds, unless asked to: those are thousands of seconds.
  if (timeout->count() > 0) {
    ctx.Expect(timeout->count(), Ge(10'000),
               "timeout in ms, of a sandbox that was created without one");
  }
}

void EachHasItsOwn(CheckContext& ctx) {
  const Box one = ctx.CreateBox();
  const Timestamp one_made = ctx.clock().WallTime();
  const SandboxInfo first = Info(ctx, one.id);
  ctx.Sleep(IsInWholeSeconds(first.created_at) ? Milliseconds{1100} : Milliseconds{50});
  const Milliseconds apart = ctx.clock().WallTime() - one_made;
  const Box two = ctx.CreateBox();
  const SandboxInfo second = Info(ctx, two.id);
  ctx.Need(ctx.provider().Destroy(two.id), "destroy");
  const SandboxInfo again = Info(ctx, one.id);
  ctx.ExpectBytes(first.id, one.id, "id of the first of two sandboxes");
  ctx.ExpectBytes(second.id, two.id, "id of the second");
  ctx.ExpectBytes(again.id, one.id, "id of the first after the second was destroyed");
  ctx.Expect(again.status == SandboxStatus::kRunning, IsTrue(),
             "whether the first is `running` after the second was destroyed");
  ctx.Expect((again.created_at - first.created_at).count(), Eq(0),
             "by how many ms its createdAt changed");
  // Half of it: clocks are set now and then, and times are rounded.
  ctx.Expect(
      (second.created_at - first.created_at).count(), Ge(apart.count() / 2),
      "how many ms after that of the first the second one's createdAt is, which was created " +
          std::to_string(apart.count()) + " ms later");
}

void ExpectTheSame(CheckContext& ctx, const std::string& id, const SandboxInfo& first,
                   const std::string& how) {
  const SandboxInfo again = Info(ctx, id);
  ctx.ExpectBytes(again.id, first.id, "id " + how);
  ctx.ExpectBytes(again.provider, first.provider, "provider " + how);
  ctx.ExpectBytes(again.runtime, first.runtime, "runtime " + how);
  ctx.Expect((again.created_at - first.created_at).count(), Eq(0),
             "by how many ms createdAt differs " + how);
}

void TheSameByEveryHandle(CheckContext& ctx) {
  const std::string& id = ctx.box().id;
  const SandboxInfo first = Info(ctx, id);
  // A time of now would be another one.
  ctx.Sleep(Milliseconds{20});
  FindLive(ctx, id);
  ExpectTheSame(ctx, id, first, "by the handle from getById");
  ctx.Need(ctx.provider().List(), "list");
  ExpectTheSame(ctx, id, first, "after list");
}

Requirement OfInfo(Requirement requirement) {
  requirement.id.insert(0, "info.");
  requirement.level = Level::kOptional;
  requirement.capability = capability::kGetInfo;
  return requirement;
}

}  // namespace

std::vector<Requirement> InfoRequirements() {
  return {
      OfInfo(
          {.id = "id",
           .asks = "`id` is the sandbox's own.",
           .why = "It is what a caller logs, stores and comes back with: an \"unknown\" there fits "
                  "no sandbox.",
           .breaks = "A field of the backend's answer that is not always filled, with a text in "
                     "its place.",
           .wrong = R"(getInfo: async (sandbox) => ({ id: sandbox.name ?? 'unknown', ...rest }))",
           .right = R"(getInfo: async (sandbox) => ({ ...rest, id: sandbox.sandboxId }))",
           .defects = {"I10", "I12"},
           .mend = "Report the id that was asked for.",
           .check = IdIsItsOwn}),
      OfInfo({.id = "provider",
              .asks = "`provider` is the provider's name.",
              .why = "Programs that use several providers tell their sandboxes apart by it.",
              .breaks = "The name stands in several places of the adapter, and one of them has the "
                        "backend's name, or that of the adapter it was copied from.",
              .wrong = R"(runCommand: async () => ({ ...result, provider: 'acme' }),
getInfo: async () => ({ ...info, provider: 'docker' }))",
              .right = R"(const PROVIDER = 'acme'
runCommand: async () => ({ ...result, provider: PROVIDER }),
getInfo: async () => ({ ...info, provider: PROVIDER }))",
              .defects = {"I11"},
              .mend = "Fill the name at one place, for getInfo and for every result.",
              .check = ProviderIsItsName}),
      OfInfo(
          {.id = "runtime",
           .asks = "`runtime` is the one that the sandbox was created with, or the provider's "
                   "first.",
           .why = "Who finds the sandbox again decides by it what code to send: Python code in a "
                  "Node sandbox fails.",
           .breaks = "A constant, or the adapter's default instead of what create was asked for.",
           .wrong = R"(getInfo: async (sandbox) => ({ ...info, runtime: 'node' }))",
           .right = R"(create: async ({ runtime = 'node' }) =>
  client.create({ image: images[runtime], labels: { runtime } }),
getInfo: async (sandbox) => ({ ...info, runtime: (await record(sandbox)).labels.runtime }))",
           .defects = {"I6", "K1"},
           .mend = "Store the runtime with the sandbox at create.",
           .check = RuntimeIsTheOneAskedFor}),
      OfInfo({.id = "status",
              .asks = "`status` is `running` while the sandbox is.",
              .why = "Callers wait for `running` before they start, and give up, or start another "
                     "one, when it goes away.",
              .breaks =
                  "The backend's own words (\"started\", \"RUNNING\", \"ready\") fall through to a "
                  "default, or the status is made from how the last command ended.",
              .wrong = R"(const status = record.state === 'running' ? 'running' : 'stopped'
// the backend says "started")",
              .right =
                  R"(const states = { started: 'running', busy: 'running', stopped: 'stopped' }
const status = states[record.state]
if (!status) throw new Error(`${sandbox.id} is in the unknown state ${record.state}`))",
              .defects = {"I7", "L18"},
              .mend = "Map the backend's states to running, stopped and error, each of them.",
              .check = StatusIsRunning}),
      OfInfo({.id = "created-at",
              .asks = "`createdAt` is the time of the create, give or take a minute of clocks.",
              .why = "Clean-up by age deletes what is new where the time is wrong, and never finds "
                     "anything where it is in the future.",
              .breaks = "Seconds that are taken for milliseconds are in January 1970; a local time "
                        "without its zone is hours off.",
              .wrong = R"(createdAt: new Date(record.created)   // seconds)",
              .right = R"(createdAt: new Date(record.created * 1000))",
              .defects = {"I1", "I2", "I4"},
              .mend = "Report the backend's own time of creation, in UTC.",
              .sandbox = SandboxNeed::kNone,
              .check = CreatedAtIsTheTimeOfTheCreate}),
      OfInfo(
          {.id = "created-at-stays",
           .asks = "`createdAt` is the same at every call.",
           .why = "A sandbox that always looks new is never cleaned up, however old it is.",
           .breaks = "`new Date()` in getInfo, as the backend's answer has no such field.",
           .wrong = R"(getInfo: async (sandbox) => ({ ...info, createdAt: new Date() }))",
           .right =
               R"(create: async () => client.create({ labels: { createdAt: new Date().toISOString() } }),
getInfo: async (sandbox) => ({ ...info, createdAt: new Date(record.labels.createdAt) }))",
           .defects = {"I1"},
           .mend = "Note the time at create, or read it from the backend.",
           .check = CreatedAtStays}),
      OfInfo(
          {.id = "timeout",
           .asks = "`timeout` is in milliseconds; 0, or left out, is no limit.",
           .why = "Callers who read 3600 believe that the sandbox is about to end, and renew or "
                  "leave it at once.",
           .breaks = "The backend's seconds as they are, or -1 for \"never\".",
           .wrong = R"(timeout: record.ttlSeconds ?? -1)",
           .right = R"(timeout: record.ttlSeconds == null ? undefined : record.ttlSeconds * 1000)",
           .defects = {"I4"},
           .mend = "Convert to milliseconds, and leave the field out where there is no limit.",
           .check = TimeoutIsNoNonsense}),
      OfInfo({.id = "own",
              .asks = "What getInfo says is each sandbox's own, and not changed by another.",
              .why = "With two sandboxes open, what a user sees of one must not be the other's.",
              .breaks =
                  "A field of the provider object that each create overwrites, or a time that "
                  "is the start of the provider's process.",
              .wrong = R"(const startedAt = new Date()      // once, when the module is loaded
getInfo: async (sandbox) => ({ ...info, createdAt: startedAt, id: this.lastId }))",
              .right = R"(create: async () => {
  const sandbox = await client.create()
  records.set(sandbox.id, { createdAt: new Date() })
  return sandbox
})",
              .defects = {"I12", "I1"},
              .mend = "Keep what belongs to a sandbox by its id.",
              .sandbox = SandboxNeed::kNone,
              .check = EachHasItsOwn}),
      OfInfo(
          {.id = "same-by-get-by-id",
           .asks = "getInfo is the same by the handle from getById, and after list.",
           .why = "Every server that was restarted has only such handles, and must see what the "
                  "one before it saw.",
           .breaks = "A handle that is made anew starts with defaults: another runtime, the time "
                     "of now; or the listing has its time in another unit.",
           .wrong =
               R"(getById: async (id) => new Handle({ id, runtime: 'node', createdAt: new Date() }))",
           .right = R"(getById: async (id) => {
  const record = await client.get(id)
  const { runtime } = record.labels
  return new Handle({ id, runtime, createdAt: new Date(record.created) })
})",
           .defects = {"L10", "I2"},
           .mend = "Fill the handle from the backend's record, in getById as in create.",
           .check = TheSameByEveryHandle}),
  };
}

}  // namespace computesdk::conformance
