#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What a create gives, and what it leaves.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Ne;

SandboxRef Create(CheckContext& ctx) {
  SandboxRef ref = ctx.Must(ctx.provider().Create({}), "create");
  ctx.Require(ref.sandbox_id, Ne(""), "the id that create gave");
  return ref;
}

void IdIsGiven(CheckContext& ctx) {
  const SandboxRef ref = Create(ctx);
  // An id that only looks like one is of no use.
  const ExecutionResult result =
      ctx.Must(ctx.provider().RunCommand(
                   ref.sandbox_id, {.command = "printf here", .args = std::nullopt, .options = {}}),
               "a command in the sandbox with that id");
  ctx.ExpectBytes(result.stdout_bytes, "here", "stdout of `printf here` in it");
}

void IdsDiffer(CheckContext& ctx) {
  std::set<std::string> ids = {ctx.box().id};
  const int count = std::min(3, ctx.max_sandboxes() - 1);
  for (int i = 0; i < count; ++i) {
    const std::string id = Create(ctx).sandbox_id;
    if (!ids.insert(id).second) {
      ctx.Fail({"the id of sandbox " + std::to_string(i + 2), "one that no other live sandbox has",
                Printable(id) + ", which another one has"});
    }
  }
}

void OverlappingCreatesDiffer(CheckContext& ctx) {
  const int count = ctx.ReserveSandboxes(8);
  if (count < 2) ctx.NotTestable("--max-sandboxes leaves no room for two at once");
  if (ctx.description().max_concurrency < 2) {
    ctx.Tolerated("maxConcurrency is 1, so that no two creates overlap.");
  }
  std::vector<SandboxRef> refs(static_cast<std::size_t>(count));
  ctx.InParallel(count, [&](int i) { refs[static_cast<std::size_t>(i)] = Create(ctx); });
  std::set<std::string> ids;
  for (const SandboxRef& ref : refs) ids.insert(ref.sandbox_id);
  ctx.Expect(ids.size(), Eq(refs.size()),
             "how many different ids " + std::to_string(count) + " overlapping creates gave");

  // Different ids that lead to one machine are no better. The file has one name in all of them.
  const std::string word = ctx.Unique();
  std::vector<std::string> paths(refs.size());
  ctx.InParallel(count, [&](int i) {
    const auto n = static_cast<std::size_t>(i);
    const Box box = ctx.Adopt(refs[n]);
    paths[n] = box.workdir + "/" + word;
    // Where the workdirs differ, nothing can be shared by that name.
    ctx.Observe(box, "printf '" + std::to_string(i) + " ' >> " + ShellQuote(paths[n]));
  });
  ctx.InParallel(count, [&](int i) {
    const auto n = static_cast<std::size_t>(i);
    const auto scope = ctx.Case("sandbox ", i + 1, " of ", count);
    const Box box{refs[n].sandbox_id, "", ""};
    ctx.ExpectBytes(ctx.PeekFile(box, paths[n]).value_or("(no file)"), std::to_string(i) + " ",
                    "the file that every one of them appended its number to, once");
  });
}

void UsableAtOnce(CheckContext& ctx) {
  {
    const auto scope = ctx.Case("a command first");
    const SandboxRef ref = Create(ctx);
    const ExecutionResult result =
        ctx.Must(ctx.provider().RunCommand(
                     ref.sandbox_id,
                     {.command = "printf ready && exit 3", .args = std::nullopt, .options = {}}),
                 "the first command");
    ctx.ExpectBytes(result.stdout_bytes, "ready", "stdout of the first command");
    ctx.Expect(result.exit_code, Eq(3), "exit code of the first command");
    ctx.provider().Destroy(ref.sandbox_id);
  }
  if (!ctx.Claims(capability::kFilesystem)) return;
  const auto scope = ctx.Case("a file first");
  const SandboxRef ref = Create(ctx);
  const std::string workdir = ref.workdir.value_or(ctx.description().workdir);
  const std::string path = workdir + "/" + ctx.Unique();
  ctx.Must(ctx.provider().WriteFile(ref.sandbox_id, path, "ready"), "writeFile, the first call");
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(ref.sandbox_id, path), "readFile"), "ready",
                  "what was written");
}

void NewSandboxIsClean(CheckContext& ctx) {
  const std::string word = ctx.Unique();
  const Box first = ctx.CreateBox();
  const std::string path = first.workdir + "/" + word;
  ctx.PutFile(first, path, "of the first sandbox");
  ctx.Need(ctx.provider().Destroy(first.id), "destroy");
  const Box second = ctx.CreateBox();
  for (const std::string& place : {path, second.workdir + "/" + word}) {
    ctx.Expect(ctx.PathIsThere(second, place), Eq(false),
               "whether a new sandbox has " + place + ", a file of a destroyed one,");
  }
}

void IdsAreNotReused(CheckContext& ctx) {
  std::set<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    const std::string id = Create(ctx).sandbox_id;
    if (!ids.insert(id).second) {
      ctx.Fail({"the id of create number " + std::to_string(i + 1),
                "one that no destroyed sandbox had", Printable(id)});
    }
    ctx.Need(ctx.provider().Destroy(id), "destroy");
  }
}

void UndeclaredRuntimeIsRefused(CheckContext& ctx) {
  for (const std::string& runtime : {"kit-" + ctx.Unique(), std::string("no such runtime; id")}) {
    const auto scope = ctx.Case("runtime ", Printable(runtime));
    const Result<SandboxRef> ref = ctx.provider().Create({.runtime = runtime});
    ctx.ExpectError(ref, "create",
                    {ErrorCode::kInvalidArgument, ErrorCode::kNotFound,
                     ErrorCode::kFailedPrecondition, ErrorCode::kUnimplemented});
  }
}

// Options that no provider can be expected to accept, of those that it lets be sent.
std::vector<std::pair<std::string, CreateSandboxOptions>> BadOptions(CheckContext& ctx) {
  std::vector<std::pair<std::string, CreateSandboxOptions>> bad = {
      {"an undeclared runtime", {.runtime = "kit-" + ctx.Unique()}}};
  if (ctx.Claims(capability::kCreateTimeout)) {
    bad.push_back({"a timeout of -1 ms", {.timeout = Milliseconds{-1}}});
  }
  if (ctx.Claims(capability::kCreateEnvs)) {
    bad.push_back({"a variable without a name", {.envs = {{"", "x"}}}});
    bad.push_back({"a variable named A=B", {.envs = {{"A=B", "x"}}}});
  }
  return bad;
}

std::set<std::string> ListedIds(CheckContext& ctx) {
  std::set<std::string> ids;
  for (const SandboxRef& ref : ctx.Need(ctx.provider().List(), "list")) ids.insert(ref.sandbox_id);
  return ids;
}

void FailedCreateLeavesNothing(CheckContext& ctx) {
  // Others may create sandboxes meanwhile: only what comes as often as the failures is a leak.
  constexpr std::size_t kAttempts = 3;
  int failed = 0;
  for (const auto& [name, options] : BadOptions(ctx)) {
    const auto scope = ctx.Case(name);
    const std::set<std::string> before = ListedIds(ctx);
    std::size_t errors = 0;
    for (std::size_t i = 0; i < kAttempts; ++i) {
      const Result<SandboxRef> ref = ctx.provider().Create(options);
      if (ref) {
        ctx.provider().Destroy(ref->sandbox_id);
        break;
      }
      ++errors;
    }
    if (errors < kAttempts) continue;
    ++failed;
    std::vector<std::string> left;
    ctx.Eventually(ctx.consistency_window(), [&] {
      left.clear();
      for (const std::string& id : ListedIds(ctx)) {
        if (!before.contains(id) && !ctx.MadeByThisRun(id)) left.push_back(id);
      }
      return left.size() < kAttempts;
    });
    if (left.size() >= kAttempts) {
      ctx.Fail({"list after " + std::to_string(kAttempts) + " creates that failed",
                "no sandbox more than before",
                std::to_string(left.size()) + " more, " + Printable(left.front()) + " among them"});
    }
  }
  if (failed == 0) {
    ctx.Tolerated("No create failed, whatever its options: nothing could be left behind.");
  }
}

}  // namespace

std::vector<Requirement> LifecycleCreateRequirements() {
  return {
      {.id = "lifecycle.create.id",
       .level = Level::kRequired,
       .asks =
           "create gives an id that is a string and not empty, and that the sandbox answers to.",
       .why = "The id is all that a caller keeps. A provider that reads it from the wrong field of "
              "its backend's answer hands out an empty one, or one of another kind of object.",
       .defects = {"L10", "L23"},
       .mend = "Return the id by which your own runCommand, getById and destroy find the sandbox.",
       .sandbox = SandboxNeed::kNone,
       .check = IdIsGiven},
      {.id = "lifecycle.create.distinct-ids",
       .level = Level::kRequired,
       .asks = "The id of a new sandbox differs from that of every other live one.",
       .why = "Two users with one id destroy each other's work. A fixed name, or a create that "
              "returns the sandbox that is there already, does it.",
       .defects = {"L20", "L21"},
       .mend = "Draw the id from a random source or take the backend's own; never reuse a sandbox "
               "because of its name.",
       .sandbox = SandboxNeed::kShared,
       .check = IdsDiffer},
      {.id = "lifecycle.create.overlapping",
       .level = Level::kRequired,
       .asks = "Creates that overlap in time give different sandboxes, each with files of its own.",
       .why =
           "Ids made of the time of day collide within a millisecond, and a backend that creates "
           "\"if it does not exist\" then gives one machine to two users.",
       .defects = {"L20", "L32", "P2"},
       .mend = "Make the id unique without looking at the clock, and ask the backend for a new "
               "sandbox, not for the one of that name.",
       .sandbox = SandboxNeed::kNone,
       .check = OverlappingCreatesDiffer},
      {.id = "lifecycle.create.usable-at-once",
       .level = Level::kRequired,
       .asks = "The sandbox is usable when create returns: the first command or file call works.",
       .why = "Where create returns as soon as the backend has accepted it, the first call fails "
              "now and then, and every caller grows a retry loop.",
       .defects = {"K18", "L17"},
       .mend = "Wait in create until the sandbox answers, and fail the create if it never does.",
       .sandbox = SandboxNeed::kNone,
       .check = UsableAtOnce},
      {.id = "lifecycle.create.clean",
       .level = Level::kRequired,
       .asks = "A new sandbox has none of the files of one that was destroyed.",
       .why = "A pool that hands machines on without wiping them shows one user's files to the "
              "next.",
       .defects = {"L7", "L5", "S2"},
       .mend = "Start each sandbox from a fresh disk, or wipe it before it is given out again.",
       .sandbox = SandboxNeed::kNone,
       .check = NewSandboxIsClean},
      {.id = "lifecycle.create.ids-not-reused",
       .level = Level::kRecommended,
       .asks = "The id of a destroyed sandbox is not given out again.",
       .why = "Whoever still holds the old id, a retry or a clean-up job, would destroy somebody "
              "else's sandbox. Counters that start anew and the lowest free slot do this.",
       .defects = {"L7", "L21"},
       .mend = "Take ids from a source that never repeats.",
       .sandbox = SandboxNeed::kNone,
       .check = IdsAreNotReused},
      {.id = "lifecycle.create.undeclared-runtime",
       .level = Level::kRecommended,
       .asks = "create with a runtime that was not declared is an error.",
       .why = "A provider that falls back to its default runs Python code in Node, and the caller "
              "sees syntax errors instead of the cause.",
       .defects = {"K2", "I6"},
       .mend = "Look the runtime up in the declared list before anything is created, and answer "
               "INVALID_ARGUMENT with the list in the message.",
       .sandbox = SandboxNeed::kNone,
       .check = UndeclaredRuntimeIsRefused},
      {.id = "lifecycle.create.failure-leaves-nothing",
       .level = Level::kRequired,
       .asks = "A create that fails leaves no sandbox behind.",
       .why = "The caller got no id, so that nobody can destroy what was allocated before the step "
              "that failed. It is paid for until somebody looks.",
       .defects = {"L1", "L2", "H7", "H8"},
       .mend = "Check the options before allocating; after that, destroy what is there on every "
               "way out that is not success.",
       .sandbox = SandboxNeed::kNone,
       .check = FailedCreateLeavesNothing},
  };
}

}  // namespace computesdk::conformance
