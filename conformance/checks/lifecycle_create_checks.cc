#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// The ids that create gives, and creates at the same time.
namespace computesdk::conformance {
namespace {

void ExpectAnswers(CheckContext& ctx, const std::string& id) {
  const ExecutionResult result = ctx.Must(ctx.provider().RunCommand(id, {.command = "printf here"}),
                                          "a command in the sandbox with that id");
  ctx.ExpectBytes(result.stdout_bytes, "here", "stdout of `printf here` in it");
}

void IdIsGiven(CheckContext& ctx) {
  ForEachSandbox(ctx, 2, [&](int i) {
    const auto scope = ctx.Case(i == 0 ? "created without options" : "created with a runtime");
    const SandboxRef ref = CreateOne(ctx, i == 0 ? CreateSandboxOptions() : NamingTheRuntime(ctx));
    // An id that only looks like one is of no use.
    ExpectAnswers(ctx, ref.sandbox_id);
    ctx.provider().Destroy(ref.sandbox_id);
  });
}

void IdsDiffer(CheckContext& ctx) {
  std::set<std::string> ids = {ctx.box().id};
  // What looks the same to a backend that is asked to create "if it does not exist" is not.
  const CreateSandboxOptions same = OptionsInCommon(ctx, ctx.Unique());
  const int count = std::min(3, ctx.max_sandboxes() - 1);
  for (int i = 0; i < count; ++i) {
    const std::string id = CreateOne(ctx, i == 0 ? CreateSandboxOptions() : same).sandbox_id;
    if (!ids.insert(id).second) {
      ctx.Fail({"the id of sandbox " + std::to_string(i + 2) +
                    (i == 0 ? "" : ", created with the options of the one before"),
                "one that no other live sandbox has", Printable(id) + ", which another one has"});
    }
  }
}

// How many of some overlapping creates gave what another one has, too.
struct Shared {
  int ids = 0;
  int files = 0;
  std::string example;  // Of an id that two have.
};

// Different ids that lead to one machine are no better than one id: every sandbox appends its
// number to a file, which has the same name in all of them.
int CountSharedFiles(CheckContext& ctx, const std::vector<SandboxRef>& refs) {
  const int count = static_cast<int>(refs.size());
  const std::string word = ctx.Unique();
  std::vector<std::string> paths(refs.size());
  ctx.InParallel(count, [&](int i) {
    const auto n = static_cast<std::size_t>(i);
    const Box box = ctx.Adopt(refs[n]);
    // Where the workdirs differ, nothing can be shared by that name.
    paths[n] = box.workdir + "/" + word;
    ctx.Observe(box, "printf '" + std::to_string(i) + " ' >> " + ShellQuote(paths[n]));
  });
  std::vector<int> shared(refs.size());
  ctx.InParallel(count, [&](int i) {
    const auto n = static_cast<std::size_t>(i);
    const std::string content =
        ctx.PeekFile({refs[n].sandbox_id, "", ""}, paths[n]).value_or("(no file)");
    shared[n] = content == std::to_string(i) + " " ? 0 : 1;
  });
  return static_cast<int>(std::ranges::count(shared, 1));
}

Shared CreateAtOnce(CheckContext& ctx, int count) {
  std::vector<SandboxRef> refs(static_cast<std::size_t>(count));
  ctx.InParallel(count, [&](int i) {
    // Creates that name their image are what some join while it is made ready.
    refs[static_cast<std::size_t>(i)] =
        CreateOne(ctx, i % 2 == 0 ? CreateSandboxOptions() : NamingTheRuntime(ctx));
  });
  std::map<std::string, int> times;
  for (const SandboxRef& ref : refs) ++times[ref.sandbox_id];
  Shared shared;
  for (const auto& [id, given] : times) {
    if (given < 2) continue;
    shared.ids += given;
    shared.example = id;
  }
  if (shared.ids == 0) shared.files = CountSharedFiles(ctx, refs);
  for (const auto& [id, given] : times) ctx.provider().Destroy(id);
  return shared;
}

void OverlappingCreatesDiffer(CheckContext& ctx) {
  constexpr int kRounds = 2;
  const int count = ctx.ReserveSandboxes(8);
  if (count < 2) ctx.NotTestable("--max-sandboxes leaves no room for two at once");
  if (ctx.description().max_concurrency < 2) {
    ctx.Tolerated("maxConcurrency is 1, so that no two creates overlap.");
  }
  Shared all;
  for (int round = 0; round < kRounds; ++round) {
    const Shared shared = CreateAtOnce(ctx, count);
    all.ids += shared.ids;
    all.files += shared.files;
    if (!shared.example.empty()) all.example = shared.example;
  }
  const std::string of = " of " + std::to_string(kRounds * count);
  const std::string subject =
      std::to_string(count) + " overlapping creates, " + std::to_string(kRounds) + " times";
  if (all.ids > 0) {
    ctx.Fail({subject, "an id of its own for each",
              std::to_string(all.ids) + of + " have the id of another one, " +
                  Printable(all.example) + " among them"});
  }
  if (all.files > 0) {
    ctx.Fail({subject, "a file of that name in each, with what that sandbox appended",
              "something else in " + std::to_string(all.files) + of});
  }
}

// The ends of some overlapping creates, in order.
std::vector<Milliseconds> EndsOfCreates(CheckContext& ctx, int count) {
  std::vector<Milliseconds> ends(static_cast<std::size_t>(count));
  const Stopwatch watch(ctx);
  ctx.InParallel(count, [&](int i) {
    CreateSandboxOptions options = OptionsInCommon(ctx, ctx.Unique());
    options.runtime = NamingTheRuntime(ctx).runtime;
    const SandboxRef ref = ctx.Need(ctx.provider().Create(options), "create");
    ends[static_cast<std::size_t>(i)] = watch.elapsed();
    ctx.provider().Destroy(ref.sandbox_id);
  });
  std::ranges::sort(ends);
  return ends;
}

// Whether they ended one after the other, at steps of about one length: an event loop that a create
// blocks, or a lock around it, has this shape, and chance seldom.
bool CameOneByOne(const std::vector<Milliseconds>& ends, Milliseconds step) {
  for (std::size_t i = 1; i < ends.size(); ++i) {
    if (ends[i] - ends[i - 1] < step * 3 / 5) return false;
  }
  return ends.front() >= step * 3 / 5;
}

void CreatesDoNotQueue(CheckContext& ctx) {
  constexpr int kCreates = 5;
  constexpr int kRounds = 3;
  constexpr Milliseconds kTooShortToTell{80};
  if (ctx.description().max_concurrency < kCreates || ctx.ReserveSandboxes(kCreates) < kCreates) {
    ctx.Tolerated("maxConcurrency or --max-sandboxes leaves no room for 5 creates at once.");
    return;
  }
  Milliseconds step{0};
  // What was seen once or twice may be chance.
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<Milliseconds> ends = EndsOfCreates(ctx, kCreates);
    step = (ends.back() - ends.front()) / (kCreates - 1);
    if (step < kTooShortToTell || !CameOneByOne(ends, step)) return;
  }
  ctx.Fail({"5 creates at once, in 3 of 3 rounds", "that they do not wait for each other",
            "one came after the other, about " + std::to_string(step.count()) + " ms apart"});
}

void IdsAreNotReused(CheckContext& ctx) {
  std::set<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    const std::string id = CreateOne(ctx).sandbox_id;
    if (!ids.insert(id).second) {
      ctx.Fail({"the id of create number " + std::to_string(i + 1),
                "one that no destroyed sandbox had", Printable(id)});
    }
    ctx.Need(ctx.provider().Destroy(id), "destroy");
  }
}

}  // namespace

std::vector<Requirement> LifecycleCreateRequirements() {
  return {
      {.id = "lifecycle.create.id",
       .level = Level::kRequired,
       .asks =
           "create gives an id that is a string and not empty, and that the sandbox answers to.",
       .why = "The id is all that a caller keeps: it goes into a database, and every later call "
              "starts from it.",
       .breaks = "The adapter reads the id from a field that only some of the backend's answers "
                 "have: those for a snapshot or an image nest it, and it becomes \"\" or "
                 "\"undefined\" there. Or it hands out the id of the operation that creates.",
       .wrong = R"(const created = options?.runtime
  ? await client.createFromImage({ image: images[options.runtime] })
  : await client.create()
return { sandbox: created, sandboxId: created.id ?? '' })",
       .right = R"(const created = options?.runtime
  ? (await client.createFromImage({ image: images[options.runtime] })).sandbox
  : await client.create()
if (!created.id) throw new Error('the backend gave no sandbox id')
return { sandbox: created, sandboxId: created.id })",
       .defects = {"L10", "L23"},
       .mend = "Return the id by which your own runCommand, getById and destroy find the sandbox, "
               "on every way through create.",
       .sandbox = SandboxNeed::kNone,
       .check = IdIsGiven},
      {.id = "lifecycle.create.distinct-ids",
       .level = Level::kRequired,
       .asks = "The id of a new sandbox differs from that of every other live one, also where they "
               "are created with the same options.",
       .why = "Two users with one id see each other's files and destroy each other's work.",
       .breaks = "The name of the sandbox is made from its options (an owner, a project), and the "
                 "backend is asked to create it \"if it does not exist\".",
       .wrong = R"(const name = `sandbox-${options.metadata?.name ?? 'default'}`
const sandbox = await client.createIfNotExists({ name })
return { sandbox, sandboxId: name })",
       .right = R"(const name = `sandbox-${crypto.randomUUID()}`
const sandbox = await client.create({ name, labels: options.metadata })
return { sandbox, sandboxId: name })",
       .defects = {"L20", "L21"},
       .mend = "Draw the id from a random source or take the backend's own; never reuse a sandbox "
               "because of its name.",
       .sandbox = SandboxNeed::kShared,
       .check = IdsDiffer},
      {.id = "lifecycle.create.overlapping",
       .level = Level::kRequired,
       .asks = "Creates that overlap in time give different sandboxes, each with files of its own.",
       .why = "A web server creates for several users in the same millisecond. Two who get one "
              "machine read each other's secrets, and nobody notices.",
       .breaks = "Ids made of the time of day, directories named after it, and a pending create "
                 "that is kept in a map for whoever asks next.",
       .wrong = R"(const id = `sandbox-${Date.now()}`
pending[image] ??= client.createIfNotExists({ id, image })
const sandbox = await pending[image]
return { sandbox, sandboxId: sandbox.id })",
       .right = R"(const id = `sandbox-${crypto.randomUUID()}`
const sandbox = await client.create({ id, image })
return { sandbox, sandboxId: sandbox.id })",
       .defects = {"L20", "P2"},
       .mend = "Make the id unique without looking at the clock, and ask the backend for a new "
               "sandbox in each create.",
       .sandbox = SandboxNeed::kNone,
       .check = OverlappingCreatesDiffer},
      {.id = "lifecycle.create.side-by-side",
       .level = Level::kRecommended,
       .asks = "Creates at the same time do not wait for each other.",
       .why = "Ten users who start in the same minute wait for the sum of their creates, and every "
              "other request of that process may wait with them.",
       .breaks = "A synchronous call in create (execSync, a blocking HTTP client, a lock held "
                 "while the machine boots) stops everything else in the process.",
       .wrong = R"(const out = execSync(`docker run -d ${image}`).toString()
return { sandbox: client, sandboxId: out.trim() })",
       .right = R"(const { stdout } = await promisify(execFile)('docker', ['run', '-d', image])
return { sandbox: client, sandboxId: stdout.trim() })",
       .defects = {"L32", "P2"},
       .mend = "Wait for the backend without blocking, and hold no lock meanwhile.",
       .sandbox = SandboxNeed::kNone,
       .check = CreatesDoNotQueue},
      {.id = "lifecycle.create.ids-not-reused",
       .level = Level::kRecommended,
       .asks = "The id of a destroyed sandbox is not given out again.",
       .why = "Whoever still holds the old id, a retry or a clean-up job, would destroy somebody "
              "else's sandbox.",
       .breaks = "A counter that starts anew with the process, the lowest free slot of a table, or "
                 "a port number that serves as an id.",
       .wrong = R"(const slot = slots.findIndex((sandbox) => sandbox === undefined)
slots[slot] = await client.create()
return { sandbox: slots[slot], sandboxId: `box-${slot}` })",
       .right = R"(const sandbox = await client.create()
const sandboxId = crypto.randomUUID()
sandboxes.set(sandboxId, sandbox)
return { sandbox, sandboxId })",
       .defects = {"L7"},
       .mend = "Take ids from a source that never repeats.",
       .sandbox = SandboxNeed::kNone,
       .check = IdsAreNotReused},
  };
}

}  // namespace computesdk::conformance
