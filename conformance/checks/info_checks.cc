#include <chrono>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/values.h"

// What getInfo says of a sandbox.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
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
  ctx.Expect(Info(ctx, box.id).status == SandboxStatus::kRunning, IsTrue(),
             "whether the status of a new sandbox is `running`");
  ctx.Need(ctx.Sh(box, "exit 3"), "a command that fails");
  ctx.Expect(Info(ctx, box.id).status == SandboxStatus::kRunning, IsTrue(),
             "whether the status is `running` after a command that failed");
}

Timestamp Now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

void CreatedAtIsTheTimeOfTheCreate(CheckContext& ctx) {
  // One minute is how far clocks may differ.
  constexpr Milliseconds kClocks{60'000};
  const Timestamp before = Now();
  const SandboxRef ref = ctx.Need(ctx.provider().Create({}), "create");
  const Timestamp after = Now();
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
  const bool fine = first.time_since_epoch().count() % 1000 != 0;
  ctx.Sleep(fine ? Milliseconds{20} : Milliseconds{1100});
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
  ctx.Expect(timeout->count(), testing::Ge(0), "timeout in ms");
  // Less than this run has lasted, and the sandbox is alive.
  if (timeout->count() > 0) {
    ctx.Expect(timeout->count(), testing::Ge(1000),
               "timeout in ms, of a sandbox that was created without one");
  }
}

void EachHasItsOwn(CheckContext& ctx) {
  const Box one = ctx.CreateBox();
  ctx.Sleep(Milliseconds{20});
  const Box two = ctx.CreateBox();
  const SandboxInfo first = Info(ctx, one.id);
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
}

void TheSameByEveryHandle(CheckContext& ctx) {
  const std::string& id = ctx.box().id;
  const SandboxInfo first = Info(ctx, id);
  std::optional<SandboxRef> found;
  ctx.Eventually(ctx.consistency_window(), [&] {
    found = ctx.Need(ctx.provider().GetById(id), "getById");
    return found.has_value();
  });
  if (!found) ctx.NotTestable("getById does not find the sandbox");
  const SandboxInfo second = Info(ctx, found->sandbox_id);
  ctx.ExpectBytes(second.id, first.id, "id by the handle from getById");
  ctx.ExpectBytes(second.provider, first.provider, "provider by the handle from getById");
  ctx.ExpectBytes(second.runtime, first.runtime, "runtime by the handle from getById");
  ctx.Expect((second.created_at - first.created_at).count(), Eq(0),
             "by how many ms createdAt differs by the handle from getById");
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
      OfInfo({.id = "id",
              .asks = "`id` is the sandbox's own.",
              .why = "A field of the backend's answer that is not filled becomes \"unknown\", and "
                     "what is logged fits no sandbox.",
              .defects = {"I10", "I12"},
              .mend = "Report the id that was asked for.",
              .check = IdIsItsOwn}),
      OfInfo({.id = "provider",
              .asks = "`provider` is the provider's name.",
              .why = "Programs that use several providers tell their sandboxes apart by it.",
              .defects = {"I11"},
              .mend = "Fill the name at one place, for getInfo and for every result.",
              .check = ProviderIsItsName}),
      OfInfo({.id = "runtime",
              .asks = "`runtime` is the one that the sandbox was created with, or the provider's "
                      "first.",
              .why = "A constant here sends Python code to a Node sandbox.",
              .defects = {"I6", "K1"},
              .mend = "Store the runtime with the sandbox at create.",
              .check = RuntimeIsTheOneAskedFor}),
      OfInfo({.id = "status",
              .asks = "`status` is `running` while the sandbox is.",
              .why = "The backend's own words (\"started\", \"RUNNING\", \"ready\") reach the "
                     "caller, who waits for `running` for ever.",
              .defects = {"I7", "L18"},
              .mend = "Map the backend's states to running, stopped and error, each of them.",
              .check = StatusIsRunning}),
      OfInfo({.id = "created-at",
              .asks = "`createdAt` is the time of the create, give or take a minute of clocks.",
              .why = "Seconds that are taken for milliseconds are in 1970; a local time without "
                     "its zone is hours off. Clean-up by age then deletes what is new.",
              .defects = {"I1", "I2", "I4"},
              .mend = "Report the backend's own time of creation, in UTC.",
              .sandbox = SandboxNeed::kNone,
              .check = CreatedAtIsTheTimeOfTheCreate}),
      OfInfo({.id = "created-at-stays",
              .asks = "`createdAt` is the same at every call.",
              .why = "`new Date()` in getInfo makes every sandbox look new, and clean-up by age "
                     "never finds one.",
              .defects = {"I1"},
              .mend = "Note the time at create, or read it from the backend.",
              .check = CreatedAtStays}),
      OfInfo({.id = "timeout",
              .asks = "`timeout` is in milliseconds; 0, or left out, is no limit.",
              .why = "A number of seconds, or a negative one for \"never\", makes callers think "
                     "that the sandbox is about to end.",
              .defects = {"I4", "L26"},
              .mend = "Convert to milliseconds, and leave the field out where there is no limit.",
              .check = TimeoutIsNoNonsense}),
      OfInfo({.id = "own",
              .asks = "getInfo of one sandbox is not changed by another.",
              .why = "A field of the provider object, overwritten by each create, answers for all "
                     "of them.",
              .defects = {"I12"},
              .mend = "Keep what belongs to a sandbox by its id.",
              .sandbox = SandboxNeed::kNone,
              .check = EachHasItsOwn}),
      OfInfo({.id = "same-by-get-by-id",
              .asks = "getInfo is the same by the handle from getById.",
              .why = "A handle that is made anew often starts with defaults: another runtime, "
                     "another time.",
              .defects = {"L10", "I2"},
              .mend = "Fill the handle from the backend's record, in getById as in create.",
              .check = TheSameByEveryHandle}),
  };
}

}  // namespace computesdk::conformance
