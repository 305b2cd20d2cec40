#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What destroy ends, what it leaves alone, and destroying again.
namespace computesdk::conformance {
namespace {

using ::testing::IsTrue;
using ::testing::Le;
using ::testing::Ne;

// What "at once" is, with room for a slow machine and a slow network.
constexpr Milliseconds kAtOnce{5000};

void OthersAreSpared(CheckContext& ctx) {
  // One that has nothing in common with the one destroyed, and one with the same options.
  const CreateSandboxOptions same = OptionsInCommon(ctx, ctx.Unique());
  std::vector<Box> kept = {ctx.box()};
  if (ctx.max_sandboxes() > 2) kept.push_back(ctx.CreateBox(same));
  for (const Box& box : kept) ctx.PutFile(box, box.Path("file"), "kept");
  CreateAndDestroy(ctx, same);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Box& box = kept[i];
    const auto scope = ctx.Case(i == 0 ? "another sandbox" : "one created with the same options");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "cat " + ShellQuote(box.Path("file"))), "a command after the destroy");
    ctx.ExpectBytes(result.stdout_bytes, "kept", "a file of it after the destroy");
    const bool found = ctx.Eventually(ctx.consistency_window(), [&] {
      return ctx.Must(ctx.provider().GetById(box.id), "getById of it").has_value();
    });
    ctx.Expect(found, IsTrue(), "whether getById still finds it after the destroy");
  }
}

// How a command came back whose sandbox was destroyed meanwhile.
struct Interrupted {
  Result<ExecutionResult> result = MakeError(ErrorCode::kUnknown, "");
  Milliseconds settled_after{0};  // Counted from the return of destroy.
};

// Starts `line`, which is to leave the file `started`, and destroys its sandbox.
Interrupted DestroyDuring(CheckContext& ctx, const Box& box, const std::string& line) {
  Interrupted interrupted;
  std::atomic<bool> settled = false;
  std::optional<Stopwatch> command_end;
  std::optional<Stopwatch> destroy_end;
  std::string why_not;
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      interrupted.result =
          ctx.Sh(box, "printf x > " + ShellQuote(box.Path("started")) + "; " + line);
      command_end.emplace(ctx);
      settled = true;
      return;
    }
    const bool began = ctx.Eventually(
        Milliseconds{10'000}, [&] { return settled || ctx.PathIsThere(box, box.Path("started")); });
    if (settled || !began) why_not = "the command to interrupt did not run long enough";
    ctx.Must(ctx.provider().Destroy(box.id), "destroy while a command runs");
    destroy_end.emplace(ctx);
  });
  if (!why_not.empty()) ctx.NotTestable(why_not);
  interrupted.settled_after =
      std::max(Milliseconds{0}, destroy_end->elapsed() - command_end->elapsed());
  return interrupted;
}

bool CallsMayOverlap(CheckContext& ctx) {
  if (ctx.description().max_concurrency >= 2) return true;
  ctx.Tolerated("maxConcurrency is 1, so that no call is in flight during a destroy.");
  return false;
}

void CallInFlightSettles(CheckContext& ctx) {
  if (!CallsMayOverlap(ctx)) return;
  const Interrupted seen = DestroyDuring(ctx, ctx.CreateBox(), "sleep 8");
  ctx.Expect(seen.settled_after, Le(kAtOnce),
             "how long after destroy a `sleep 8` in flight came back");
  if (seen.result) {
    ctx.Expect(seen.result->exit_code, Ne(0), "exit code of a `sleep 8` that destroy interrupted");
  }
}

// A loop of about 1.5 s that counts into a file, whose directory it makes again if need be.
std::string Ticks(const Box& box, const std::string& name) {
  const std::string dir = ShellQuote(box.dir);
  return DefineNap() + "naps=0; while [ $naps -lt 30 ]; do mkdir -p " + dir +
         "; printf '%s' $naps > " + dir + "/" + name +
         "; nap; naps=$((naps+1)); done; printf finished";
}

std::string ReadOnThisMachine(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void RunningProcessesEnd(CheckContext& ctx) {
  if (!CallsMayOverlap(ctx)) return;
  const Box box = ctx.CreateBox();
  // A provider on the kit's own machine can be watched from outside, too.
  const std::string word = ctx.Unique();
  ctx.PutFile(box, box.Path("word"), word);
  const bool visible = ReadOnThisMachine(box.Path("word")) == word;

  const Interrupted seen =
      DestroyDuring(ctx, box, "(" + Ticks(box, "child") + ") & " + Ticks(box, "self") + "; wait");
  // A destroy that lets it finish and returns then is patient, and right.
  const bool went_on = seen.settled_after > Milliseconds{200} && seen.result &&
                       seen.result->stdout_bytes.find("finished") != std::string::npos;
  if (went_on) {
    ctx.Fail({"a loop of 1.5 s that was running when destroy returned", "that it was ended",
              "it ran to its end: stdout " + Printable(seen.result->stdout_bytes) + ", " +
                  std::to_string(seen.settled_after.count()) + " ms after destroy"});
  }
  if (!visible) return;
  ctx.Sleep(Milliseconds{150});
  for (const char* name : {"self", "child"}) {
    const std::string before = ReadOnThisMachine(box.Path(name));
    ctx.Sleep(Milliseconds{200});
    ctx.ExpectBytes(ReadOnThisMachine(box.Path(name)), before,
                    std::string("the file that a loop in the ") +
                        (name == std::string("self") ? "foreground" : "background") +
                        " counts into, 200 ms later");
  }
}

void DestroyingAgainIsAtOnce(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  for (int i = 2; i <= 3; ++i) {
    const Stopwatch watch(ctx);
    ctx.provider().Destroy(box.id);
    ctx.Expect(watch.elapsed(), Le(kAtOnce),
               "the time that destroy number " + std::to_string(i) + " of one sandbox took");
  }
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a command after the third destroy");
  const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), "printf alive"),
                                          "a command in another sandbox after the third destroy");
  ctx.ExpectBytes(result.stdout_bytes, "alive", "its stdout");
}

void UnknownIdHarmsNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<std::string> ids = {ctx.Unique(), box.id + ctx.Unique()};
  // A part of the id, if it is nobody's, and long enough to be no part of a stranger's.
  if (box.id.size() >= 12) {
    const std::string part = box.id.substr(0, box.id.size() - 2);
    bool strange = ctx.MadeByThisRun(part);
    for (const SandboxRef& ref : ctx.Need(ctx.provider().List(), "list")) {
      strange = strange || (ref.sandbox_id != box.id && ref.sandbox_id.starts_with(part));
    }
    if (!strange && ctx.max_sandboxes() > 1) ids.push_back(part);
  }
  for (const std::string& id : ids) {
    const auto scope = ctx.Case("destroy of ", Printable(id));
    const Stopwatch watch(ctx);
    ctx.provider().Destroy(id);
    ctx.Expect(watch.elapsed(), Le(kAtOnce), "the time that it took");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "printf alive"), "a command in a live sandbox afterwards");
    ctx.ExpectBytes(result.stdout_bytes, "alive", "stdout of a command in a live sandbox");
  }
}

void ExpectDoneOrNotFound(CheckContext& ctx, const Status& status, std::string_view subject) {
  if (status || status.error().code == ErrorCode::kNotFound) return;
  ctx.Fail({std::string(subject), "success or the error NOT_FOUND",
            "the error " + status.error().ToString()});
}

void DestroyingAgainSucceeds(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  ExpectDoneOrNotFound(ctx, ctx.provider().Destroy(box.id), "destroy of a destroyed sandbox");
  ExpectDoneOrNotFound(ctx, ctx.provider().Destroy(ctx.Unique()), "destroy of an unknown id");
}

void OverlappingDestroysSettle(CheckContext& ctx) {
  const Box box = ctx.CreateBox();
  std::atomic<int> done = 0;
  const Stopwatch watch(ctx);
  ctx.InParallel(4, [&](int) {
    const Status status = ctx.provider().Destroy(box.id);
    if (status) ++done;
  });
  ctx.Expect(watch.elapsed(), Le(4 * kAtOnce), "the time that four destroys at once took");
  ctx.Expect(done.load(), Ne(0), "how many of four destroys at once succeeded");
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a command after them");
}

}  // namespace

std::vector<Requirement> LifecycleDestroyRequirements() {
  return {
      {.id = "lifecycle.destroy.spares-others",
       .level = Level::kRequired,
       .asks = "destroy touches no other sandbox, also where both were created with the same "
               "options.",
       .why = "One user who closes a tab must not end what another one is working on.",
       .breaks = "Destroying by a label that several sandboxes have, or closing a client, a "
                 "connection or a temporary directory that all of them share.",
       .wrong = R"(destroy: async (id) => {
  const { metadata } = handles.get(id)
  await client.deleteAll({ label: `name=${metadata.name}` })
  await client.close()
})",
       .right = R"(destroy: async (id) => {
  await client.delete(id)     // the client belongs to the provider and stays open
  handles.delete(id)
})",
       .defects = {"L5", "S2"},
       .mend = "Destroy by the id alone, give each sandbox resources of its own, and let destroy "
               "release only those.",
       .check = OthersAreSpared},
      {.id = "lifecycle.destroy.call-in-flight",
       .level = Level::kRequired,
       .asks = "A command in flight comes back soon when its sandbox is destroyed, and not with 0.",
       .why = "A worker that waits for a machine that is gone waits for ever, and one that reads 0 "
              "goes on as if the job were done.",
       .breaks = "A client that waits for an answer that nobody will send, or "
                 "`exitCode ?? 0` where the stream ended without a code.",
       .wrong = R"(const { exitCode, stdout } = await sandbox.exec(command)
return { stdout, exitCode: exitCode ?? 0 })",
       .right = R"(const gone = new Promise((_, reject) =>
  sandbox.once('destroyed', () => reject(new NotFound(`${sandbox.id} was destroyed`))))
const { exitCode, stdout } = await Promise.race([sandbox.exec(command), gone])
if (exitCode == null) throw new Unavailable(`${sandbox.id}: the command has no exit code`)
return { stdout, exitCode })",
       .defects = {"L30", "P4"},
       .mend =
           "Keep the calls in flight with their sandbox, and end them in destroy with NOT_FOUND "
           "or UNAVAILABLE.",
       .sandbox = SandboxNeed::kNone,
       .check = CallInFlightSettles},
      {.id = "lifecycle.destroy.ends-processes",
       .level = Level::kRequired,
       .asks = "destroy ends what is running in the sandbox.",
       .why = "A runaway job is the very reason to destroy a sandbox. If it goes on, it costs "
              "money, and writes where it may not.",
       .breaks =
           "destroy deletes a record or a directory only, ends the shell and not its "
           "children, or is refused because the sandbox is busy, and the refusal is swallowed.",
       .wrong = R"(destroy: async (id) => {
  await client.delete(id).catch(() => {})   // 409: a command is running
  handles.delete(id)
})",
       .right = R"(destroy: async (id) => {
  await client.kill(id, { signal: 'SIGKILL', group: true })
  await client.delete(id)                   // what fails here reaches the caller
  handles.delete(id)
})",
       .defects = {"L4", "L5", "C48", "H1"},
       .mend = "Kill the process group or the container before you forget the sandbox; in an "
               "interpreter of your own, let every loop look whether it was ended.",
       .sandbox = SandboxNeed::kNone,
       .check = RunningProcessesEnd},
      {.id = "lifecycle.destroy.again",
       .level = Level::kRequired,
       .asks = "Destroying a sandbox again answers at once, and changes nothing.",
       .why = "Clean-up runs in `finally` and again at the end of a job. A second destroy must not "
              "hold it up, and must not bring back what it is to remove.",
       .breaks =
           "The second destroy waits for the state \"deleted\" of something that is not there, "
           "or fetches the sandbox by \"get or create\" in order to stop it.",
       .wrong = R"(destroy: async (id) => {
  const sandbox = await client.getOrCreate(id)   // makes it, the second time
  await sandbox.stop()
})",
       .right = R"(destroy: async (id) => {
  const response = await client.delete(`/sandboxes/${id}`)
  if (!response.ok && response.status !== 404) throw new BackendError(response)
})",
       .defects = {"L3", "L29"},
       .mend = "Answer success or NOT_FOUND as soon as the id is not known.",
       .check = DestroyingAgainIsAtOnce},
      {.id = "lifecycle.destroy.unknown-id",
       .level = Level::kRequired,
       .asks = "Destroying an id that never was answers at once, and harms no live sandbox.",
       .why = "A typing error, or an id that was cut short in a log, must not end another user's "
              "sandbox.",
       .breaks = "Ids are matched by prefix, by `includes`, or the nearest one is taken.",
       .wrong =
           R"(const sandbox = sandboxes.find((one) => id.startsWith(one.id) || one.id.startsWith(id))
await sandbox?.delete())",
       .right = R"(const sandbox = sandboxes.find((one) => one.id === id)
if (!sandbox) throw new NotFound(`no sandbox ${id}`)
await sandbox.delete())",
       .defects = {"L3", "L23"},
       .mend = "Compare the whole id before anything is deleted.",
       .check = UnknownIdHarmsNothing},
      {.id = "lifecycle.destroy.idempotent",
       .level = Level::kRecommended,
       .asks = "Destroying again, or an id that never was, is success or NOT_FOUND.",
       .why = "Any other error makes clean-up code log a failure, and wake somebody, where all is "
              "well.",
       .breaks =
           "The backend's \"404\" or \"409: already deleting\" is passed on as a general error.",
       .wrong = R"(const response = await client.delete(`/sandboxes/${id}`)
if (!response.ok) throw new Error(`destroy failed: ${response.status}`))",
       .right = R"(const response = await client.delete(`/sandboxes/${id}`)
const gone = response.status === 404 || response.status === 409
if (!response.ok && !gone) throw new Error(`destroy of ${id} failed: ${response.status}`))",
       .defects = {"L3"},
       .mend = "Map the backend's \"not found\" to success or NOT_FOUND; pass on every other "
               "failure.",
       .sandbox = SandboxNeed::kNone,
       .check = DestroyingAgainSucceeds},
      {.id = "lifecycle.destroy.overlapping",
       .level = Level::kRequired,
       .asks = "Destroys of one sandbox that overlap all come back, one of them with success.",
       .why =
           "A time-out handler and the user's own clean-up meet here, and afterwards the sandbox "
           "has to be gone.",
       .breaks = "Each waits for a state that the other one has already removed, or each sees that "
                 "the other is at it and gives up.",
       .wrong = R"(await client.stop(id)
await poll(async () => (await client.get(id)).state === 'stopped')   // gone: never again
await client.delete(id))",
       .right = R"(const sandbox = sandboxes.get(id)
if (!sandbox) throw new NotFound(`no sandbox ${id}`)
sandboxes.delete(id)          // before the first await: the next caller does not find it
await sandbox.kill())",
       .defects = {"L3", "P4"},
       .mend = "Take the sandbox out of your table first, under a lock; who does not find it "
               "answers NOT_FOUND.",
       .sandbox = SandboxNeed::kNone,
       .check = OverlappingDestroysSettle},
  };
}

}  // namespace computesdk::conformance
