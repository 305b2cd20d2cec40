#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What destroy ends, and what it leaves alone.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;
using ::testing::Le;
using ::testing::Ne;

// What "at once" is, with room for a slow machine and a slow network.
constexpr Milliseconds kAtOnce{5000};

Box CreateDestroyed(CheckContext& ctx) {
  Box box = ctx.CreateBox();
  ctx.PutFile(box, box.Path("file"), "left over");
  ctx.Must(ctx.provider().Destroy(box.id), "destroy");
  return box;
}

void CommandsFailAfterwards(CheckContext& ctx) {
  const Box box = CreateDestroyed(ctx);
  const Stopwatch watch;
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a shell line after destroy");
  ctx.ExpectError(ctx.Exec(box, "cat", {box.Path("file")}), "a program with args after destroy");
  ctx.Expect(watch.elapsed(), Le(2 * kAtOnce), "the time that these two calls took");
}

void CodeFailsAfterwards(CheckContext& ctx) {
  const Box box = CreateDestroyed(ctx);
  ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = "1"}), "runCode after destroy");
  for (const std::string& runtime : ctx.description().runtimes) {
    ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = "1", .runtime = runtime}),
                    "runCode in " + runtime + " after destroy");
  }
}

void FileCallsFailAfterwards(CheckContext& ctx) {
  const Box box = CreateDestroyed(ctx);
  Provider& provider = ctx.provider();
  const std::string file = box.Path("file");
  ctx.ExpectError(provider.ReadFile(box.id, file), "readFile after destroy");
  ctx.ExpectError(provider.WriteFile(box.id, box.Path("new"), "x"), "writeFile after destroy");
  ctx.ExpectError(provider.Mkdir(box.id, box.Path("dir")), "mkdir after destroy");
  ctx.ExpectError(provider.Readdir(box.id, box.dir), "readdir after destroy");
  ctx.ExpectError(provider.Exists(box.id, file), "exists after destroy");
  ctx.ExpectError(provider.Remove(box.id, file), "remove after destroy");
}

void ErrorsSayNotFound(CheckContext& ctx) {
  const Box box = CreateDestroyed(ctx);
  const std::vector<ErrorCode> not_found = {ErrorCode::kNotFound};
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a command after destroy", not_found);
  ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = "1"}), "runCode after destroy",
                  not_found);
  if (ctx.Claims(capability::kFilesystem)) {
    ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path("file")), "readFile after destroy",
                    not_found);
    ctx.ExpectError(ctx.provider().Exists(box.id, box.Path("file")), "exists after destroy",
                    not_found);
  }
}

void OthersAreSpared(CheckContext& ctx) {
  const Box& kept = ctx.box();
  ctx.PutFile(kept, kept.Path("file"), "kept");
  CreateDestroyed(ctx);
  const ExecutionResult result = ctx.Must(ctx.Sh(kept, "cat " + ShellQuote(kept.Path("file"))),
                                          "a command in another sandbox after a destroy");
  ctx.ExpectBytes(result.stdout_bytes, "kept", "a file of another sandbox after a destroy");
  const bool found = ctx.Eventually(ctx.consistency_window(), [&] {
    return ctx.Must(ctx.provider().GetById(kept.id), "getById of another sandbox").has_value();
  });
  ctx.Expect(found, IsTrue(), "whether getById still finds another sandbox after a destroy");
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
      command_end.emplace();
      settled = true;
      return;
    }
    const bool began = ctx.Eventually(
        Milliseconds{10'000}, [&] { return settled || ctx.PathIsThere(box, box.Path("started")); });
    if (settled || !began) why_not = "the command to interrupt did not run long enough";
    ctx.Must(ctx.provider().Destroy(box.id), "destroy while a command runs");
    destroy_end.emplace();
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
  if (seen.result && seen.result->exit_code == 0) {
    ctx.Fail({"a loop of 1.5 s that was running when destroy returned", "that it was ended",
              "it ran to its end: exit code 0, stdout " + Printable(seen.result->stdout_bytes) +
                  ", " + std::to_string(seen.settled_after.count()) + " ms after destroy"});
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
  const Box box = CreateDestroyed(ctx);
  for (int i = 2; i <= 3; ++i) {
    const Stopwatch watch;
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
    bool strange = false;
    for (const SandboxRef& ref : ctx.Need(ctx.provider().List(), "list")) {
      strange = strange || (ref.sandbox_id != box.id && ref.sandbox_id.starts_with(part));
    }
    if (!strange && ctx.max_sandboxes() > 1) ids.push_back(part);
  }
  for (const std::string& id : ids) {
    const auto scope = ctx.Case("destroy of ", Printable(id));
    const Stopwatch watch;
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
  const Box box = CreateDestroyed(ctx);
  ExpectDoneOrNotFound(ctx, ctx.provider().Destroy(box.id), "destroy of a destroyed sandbox");
  ExpectDoneOrNotFound(ctx, ctx.provider().Destroy(ctx.Unique()), "destroy of an unknown id");
}

void OverlappingDestroysSettle(CheckContext& ctx) {
  const Box box = ctx.CreateBox();
  std::atomic<int> done = 0;
  const Stopwatch watch;
  ctx.InParallel(4, [&](int) {
    const Status status = ctx.provider().Destroy(box.id);
    if (status) ++done;
  });
  ctx.Expect(watch.elapsed(), Le(4 * kAtOnce), "the time that four destroys at once took");
  ctx.Expect(done.load(), Ne(0), "how many of four destroys at once succeeded");
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a command after them");
}

void StatusIsNotRunning(CheckContext& ctx) {
  const Box box = CreateDestroyed(ctx);
  const Result<SandboxInfo> info = ctx.provider().GetInfo(box.id);
  if (!info) return;
  ctx.Expect(info->status == SandboxStatus::kRunning, IsFalse(),
             "whether getInfo says that a destroyed sandbox is running");
}

void UnknownSandboxIsAnError(CheckContext& ctx) {
  Provider& provider = ctx.provider();
  for (const std::string& id : {ctx.Unique(), "sb/" + ctx.Unique() + " x"}) {
    const auto scope = ctx.Case("id ", Printable(id));
    const Box none{id, "/tmp", "/tmp"};
    ctx.ExpectError(ctx.Sh(none, "printf alive"), "a command");
    ctx.ExpectError(ctx.Exec(none, "printf", {"alive"}), "a program with args");
    ctx.ExpectError(provider.RunCode(id, {.code = "1"}), "runCode");
    if (ctx.Claims(capability::kGetInfo)) ctx.ExpectError(provider.GetInfo(id), "getInfo");
    if (ctx.Claims(capability::kGetUrl)) {
      ctx.ExpectError(provider.GetUrl(id, {.port = 3000}), "getUrl");
    }
    if (ctx.Claims(capability::kFilesystem)) {
      ctx.ExpectError(provider.ReadFile(id, "/tmp/x"), "readFile");
      ctx.ExpectError(provider.WriteFile(id, "/tmp/" + ctx.Unique(), "x"), "writeFile");
      ctx.ExpectError(provider.Readdir(id, "/tmp"), "readdir");
      ctx.ExpectError(provider.Exists(id, "/tmp"), "exists");
    }
  }
}

}  // namespace

std::vector<Requirement> LifecycleDestroyRequirements() {
  return {
      {.id = "lifecycle.destroy.commands-fail",
       .level = Level::kRequired,
       .asks = "After destroy no command runs in that sandbox: the call is an error.",
       .why = "A destroy that only forgets the handle leaves the machine running, and paid for. A "
              "result with exit code 127 would look like a missing program.",
       .defects = {"L5", "L29", "C11"},
       .mend = "End the machine in destroy, and answer NOT_FOUND for its id from then on.",
       .sandbox = SandboxNeed::kNone,
       .check = CommandsFailAfterwards},
      {.id = "lifecycle.destroy.code-fails",
       .level = Level::kRequired,
       .asks = "After destroy no code runs in that sandbox: the call is an error.",
       .why = "Where code runs by another service than commands, destroy often ends only one of "
              "them.",
       .defects = {"L5", "L29"},
       .mend = "End the interpreter's service with the sandbox, and look the id up first.",
       .sandbox = SandboxNeed::kNone,
       .check = CodeFailsAfterwards},
      {.id = "lifecycle.destroy.files-fail",
       .level = Level::kOptional,
       .capability = std::string(capability::kFilesystem),
       .asks = "After destroy each of the six file methods is an error.",
       .why = "A file system object that outlives its sandbox goes on reading and writing, and "
              "exists that answers false hides that nobody could look.",
       .defects = {"L5", "L29", "F39"},
       .mend = "Look the sandbox up in every file method, and answer NOT_FOUND without one.",
       .sandbox = SandboxNeed::kNone,
       .check = FileCallsFailAfterwards},
      {.id = "lifecycle.destroy.not-found",
       .level = Level::kRecommended,
       .asks = "A call on a destroyed sandbox is the error NOT_FOUND.",
       .why = "A caller who reads NOT_FOUND makes a new sandbox; one who reads a connection error "
              "tries again until the patience of the user ends.",
       .defects = {"E3", "L29"},
       .mend = "Map the backend's answer for a sandbox that is gone to NOT_FOUND, with the id in "
               "the message.",
       .sandbox = SandboxNeed::kNone,
       .check = ErrorsSayNotFound},
      {.id = "lifecycle.destroy.spares-others",
       .level = Level::kRequired,
       .asks = "destroy touches no other sandbox.",
       .why = "A client, a connection or a temporary directory that all sandboxes share, and that "
              "destroy closes, takes the others with it.",
       .defects = {"L5", "S2"},
       .mend = "Give each sandbox resources of its own, and let destroy release only those.",
       .check = OthersAreSpared},
      {.id = "lifecycle.destroy.call-in-flight",
       .level = Level::kRequired,
       .asks = "A command in flight comes back soon when its sandbox is destroyed, and not with 0.",
       .why = "A client that waits for an answer from a machine that is gone hangs for as long as "
              "its network lets it, mostly for ever.",
       .defects = {"L30", "P4"},
       .mend =
           "Keep the calls in flight with their sandbox, and end them in destroy with NOT_FOUND "
           "or UNAVAILABLE.",
       .sandbox = SandboxNeed::kNone,
       .check = CallInFlightSettles},
      {.id = "lifecycle.destroy.ends-processes",
       .level = Level::kRequired,
       .asks = "destroy ends what is running in the sandbox.",
       .why = "A runaway job is the reason to destroy a sandbox. Where destroy deletes a record or "
              "a directory only, the job goes on, and writes where it may not.",
       .defects = {"L5", "C48", "H1"},
       .mend = "Kill the process group or the container before you forget the sandbox; in an "
               "interpreter of your own, let every loop look whether it was ended.",
       .sandbox = SandboxNeed::kNone,
       .check = RunningProcessesEnd},
      {.id = "lifecycle.destroy.again",
       .level = Level::kRequired,
       .asks = "Destroying a sandbox again answers at once, and changes nothing.",
       .why = "Clean-up runs in `finally` and again at the end of a job. A second destroy that "
              "waits for a machine that is gone holds it up.",
       .defects = {"L3", "L29"},
       .mend = "Answer success or NOT_FOUND as soon as the id is not known.",
       .check = DestroyingAgainIsAtOnce},
      {.id = "lifecycle.destroy.unknown-id",
       .level = Level::kRequired,
       .asks = "Destroying an id that never was answers at once, and harms no live sandbox.",
       .why = "A backend that matches ids by prefix destroys another user's sandbox.",
       .defects = {"L3", "L23"},
       .mend = "Compare the whole id before anything is deleted.",
       .check = UnknownIdHarmsNothing},
      {.id = "lifecycle.destroy.idempotent",
       .level = Level::kRecommended,
       .asks = "Destroying again, or an id that never was, is success or NOT_FOUND.",
       .why = "Any other error makes clean-up code log a failure where all is well.",
       .defects = {"L3", "L4"},
       .mend = "Map the backend's \"not found\" to success or NOT_FOUND; pass on every other "
               "failure.",
       .sandbox = SandboxNeed::kNone,
       .check = DestroyingAgainSucceeds},
      {.id = "lifecycle.destroy.overlapping",
       .level = Level::kRequired,
       .asks = "Destroys of one sandbox that overlap all come back, one of them with success.",
       .why = "A time-out handler and the user's own clean-up meet here. Waiting for a state that "
              "the other one has already removed never ends.",
       .defects = {"L3", "P4"},
       .mend = "Take the sandbox out of your table first, under a lock; who does not find it "
               "answers NOT_FOUND.",
       .sandbox = SandboxNeed::kNone,
       .check = OverlappingDestroysSettle},
      {.id = "lifecycle.destroy.status",
       .level = Level::kOptional,
       .capability = std::string(capability::kGetInfo),
       .asks = "getInfo does not say `running` of a destroyed sandbox.",
       .why = "A status that is a constant, or the one read at create, tells monitors that all is "
              "well.",
       .defects = {"L28", "I7"},
       .mend = "Ask the backend at every getInfo, and answer NOT_FOUND or `stopped`.",
       .sandbox = SandboxNeed::kNone,
       .check = StatusIsNotRunning},
      {.id = "lifecycle.unknown-sandbox",
       .level = Level::kRequired,
       .asks = "A call on a sandbox that never was is an error, whichever method it is.",
       .why = "A backend that makes sandboxes on demand runs the command in a new one; an adapter "
              "that catches everything reports exit code 127, or that the file does not exist.",
       .defects = {"L8", "C11", "F39", "E3"},
       .mend = "Look the id up in every method; an unknown one is NOT_FOUND.",
       .sandbox = SandboxNeed::kNone,
       .check = UnknownSandboxIsAnError},
  };
}

}  // namespace computesdk::conformance
