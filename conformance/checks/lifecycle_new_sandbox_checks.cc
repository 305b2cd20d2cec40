#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/probes.h"

// What is there after a create, and after one that failed.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

void CommandIsFirst(CheckContext& ctx, const SandboxRef& ref) {
  const auto scope = ctx.Case("a command first");
  const ExecutionResult result =
      ctx.Must(ctx.provider().RunCommand(ref.sandbox_id, {.command = "printf ready && exit 3"}),
               "the first command");
  ctx.ExpectBytes(result.stdout_bytes, "ready", "stdout of the first command");
  ctx.Expect(result.exit_code, Eq(3), "exit code of the first command");
}

void FileIsFirst(CheckContext& ctx, const SandboxRef& ref) {
  if (!ctx.Claims(capability::kFilesystem)) return;
  const auto scope = ctx.Case("a file first");
  const std::string workdir = ref.workdir.value_or(ctx.description().workdir);
  const std::string path = workdir + "/" + ctx.Unique();
  ctx.Must(ctx.provider().WriteFile(ref.sandbox_id, path, "ready"), "writeFile, the first call");
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(ref.sandbox_id, path), "readFile"), "ready",
                  "what was written");
}

void CodeIsFirst(CheckContext& ctx, const SandboxRef& ref) {
  for (const std::string& runtime : ctx.description().runtimes) {
    const Language* language = FindLanguage(runtime);
    if (language == nullptr) continue;
    const auto scope = ctx.Case("code in ", runtime, " first");
    const ExecutionResult result =
        ctx.Must(ctx.provider().RunCode(ref.sandbox_id,
                                        {.code = language->Print("ready"), .runtime = runtime}),
                 "the first runCode");
    ctx.ExpectBytes(result.stdout_bytes, "ready", "stdout of the first code");
    return;
  }
}

void UsableAtOnce(CheckContext& ctx) {
  constexpr auto kFirsts = std::to_array({CommandIsFirst, FileIsFirst, CodeIsFirst});
  ForEachSandbox(ctx, static_cast<int>(kFirsts.size()), [&](int i) {
    const SandboxRef ref = CreateOne(ctx);
    kFirsts[static_cast<std::size_t>(i)](ctx, ref);
    ctx.provider().Destroy(ref.sandbox_id);
  });
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

void UndeclaredRuntimeIsRefused(CheckContext& ctx) {
  for (const std::string& runtime : {"kit-" + ctx.Unique(), std::string("no such runtime; id")}) {
    const auto scope = ctx.Case("runtime ", Printable(runtime));
    const Result<SandboxRef> ref = ctx.provider().Create({.runtime = runtime});
    ctx.ExpectError(ref, "create",
                    {ErrorCode::kInvalidArgument, ErrorCode::kNotFound,
                     ErrorCode::kFailedPrecondition, ErrorCode::kUnimplemented});
  }
}

// Sandboxes in list that were not there before, and that this run did not make.
std::vector<std::string> Strangers(CheckContext& ctx, const std::set<std::string>& before) {
  std::vector<std::string> strangers;
  for (const std::string& id : ListedIds(ctx)) {
    if (!before.contains(id) && !ctx.MadeByThisRun(id)) strangers.push_back(id);
  }
  return strangers;
}

// Others may create sandboxes meanwhile, and another check's shows before its create has returned:
// only what comes as often as what is under test, and stays, is its doing.
constexpr std::size_t kAttempts = 3;

// Those strangers, if there are as many; none otherwise.
std::vector<std::string> StrangersThatStay(CheckContext& ctx, const std::set<std::string>& before) {
  std::vector<std::string> strangers;
  const bool few = ctx.Eventually(ctx.consistency_window(), [&] {
    strangers = Strangers(ctx, before);
    return strangers.size() < kAttempts;
  });
  if (few) strangers.clear();
  return strangers;
}

void CreateMakesOne(CheckContext& ctx) {
  const std::set<std::string> before = ListedIds(ctx);
  if (static_cast<std::size_t>(ctx.max_sandboxes()) < kAttempts) {
    ctx.NotTestable("--max-sandboxes leaves no room for three at once");
  }
  std::vector<std::string> ids(kAttempts);
  ctx.InParallel(static_cast<int>(kAttempts),
                 [&](int i) { ids[static_cast<std::size_t>(i)] = CreateOne(ctx).sandbox_id; });
  // A second one would show no sooner than the first.
  const bool listed = ctx.Eventually(ctx.consistency_window(), [&] {
    const std::set<std::string> now = ListedIds(ctx);
    return std::ranges::all_of(ids, [&](const std::string& id) { return now.contains(id); });
  });
  if (!listed) ctx.NotTestable("list never had the sandboxes that were created");
  const std::vector<std::string> strangers = StrangersThatStay(ctx, before);
  if (strangers.empty()) return;
  ctx.Fail({"list after " + std::to_string(kAttempts) + " creates",
            "as many sandboxes more than before",
            "beside those that create gave " + std::to_string(strangers.size()) + " others, " +
                Printable(strangers.front()) + " among them"});
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

// Whether creates with these options fail, each of them.
bool AllFail(CheckContext& ctx, const CreateSandboxOptions& options) {
  for (std::size_t i = 0; i < kAttempts; ++i) {
    const Result<SandboxRef> ref = ctx.provider().Create(options);
    if (!ref) continue;
    ctx.provider().Destroy(ref->sandbox_id);
    return false;
  }
  return true;
}

void FailedCreateLeavesNothing(CheckContext& ctx) {
  int failed = 0;
  for (const auto& [name, options] : BadOptions(ctx)) {
    const auto scope = ctx.Case(name);
    const std::set<std::string> before = ListedIds(ctx);
    if (!AllFail(ctx, options)) continue;
    ++failed;
    const std::vector<std::string> left = StrangersThatStay(ctx, before);
    if (left.empty()) continue;
    ctx.Fail({"list after " + std::to_string(kAttempts) + " creates that failed",
              "no sandbox more than before",
              std::to_string(left.size()) + " more, " + Printable(left.front()) + " among them"});
  }
  if (failed == 0) {
    ctx.Tolerated("No create failed, whatever its options: nothing could be left behind.");
  }
}

}  // namespace

std::vector<Requirement> LifecycleNewSandboxRequirements() {
  return {
      {.id = "lifecycle.create.usable-at-once",
       .level = Level::kRequired,
       .asks = "The sandbox is usable when create returns: the first command, file call or code "
               "works.",
       .why = "Where the first call fails now and then, every caller grows a retry loop, and runs "
              "some commands twice by it.",
       .breaks = "create returns as soon as the backend has accepted the request, or when the "
                 "machine runs but its agent, its file service or its kernel does not yet.",
       .wrong = R"(const sandbox = await client.create()
return { sandbox, sandboxId: sandbox.id })",
       .right = R"(const sandbox = await client.create()
try {
  await waitUntil(async () => (await sandbox.exec('true')).exitCode === 0)
} catch (error) {
  await client.delete(sandbox.id)
  throw error
}
return { sandbox, sandboxId: sandbox.id })",
       .defects = {"K18", "L17"},
       .mend = "Wait in create until every service of the sandbox answers, and fail the create if "
               "one never does.",
       .sandbox = SandboxNeed::kNone,
       .check = UsableAtOnce},
      {.id = "lifecycle.create.clean",
       .level = Level::kRequired,
       .asks = "A new sandbox has none of the files of one that was destroyed.",
       .why = "What one user left behind, keys included, is in the hands of the next.",
       .breaks = "A pool hands machines on without wiping them, or all sandboxes work in the same "
                 "directory of one long-lived machine.",
       .wrong = R"(destroy: async (id) => { pool.push(machines.get(id)) },
create: async () => pool.pop() ?? (await client.create()))",
       .right = R"(destroy: async (id) => { await client.delete(machines.get(id)) },
create: async () => await client.create({ from: 'clean-image' }))",
       .defects = {"L7", "L5", "S2"},
       .mend = "Start each sandbox from a fresh disk, or wipe it before it is given out again.",
       .sandbox = SandboxNeed::kNone,
       .check = NewSandboxIsClean},
      {.id = "lifecycle.create.makes-one",
       .level = Level::kRecommended,
       .asks = "A create makes one sandbox and no other.",
       .why = "The second one has no owner: nobody destroys it, and somebody pays for it.",
       .breaks = "A create that is sent again when the first answer is slow, or one that starts a "
                 "machine for the commands and another for the files.",
       .wrong =
           R"(const sandbox = await retry(() => client.create(), { timeout: 5_000, times: 3 }))",
       .right = R"(const idempotencyKey = crypto.randomUUID()
const sandbox = await retry(() => client.create({ idempotencyKey }), { times: 3 }))",
       .defects = {"L21"},
       .mend = "Send a create once, or with a key by which the backend knows the repetition.",
       .sandbox = SandboxNeed::kNone,
       .check = CreateMakesOne},
      {.id = "lifecycle.create.undeclared-runtime",
       .level = Level::kRecommended,
       .asks = "create with a runtime that was not declared is an error.",
       .why = "A caller whose Python code runs in Node sees syntax errors instead of the cause.",
       .breaks = "A lookup with a default: whatever is not in the table of images becomes the "
                 "first of them.",
       .wrong = R"(const image = images[options.runtime] ?? images.node)",
       .right = R"(const runtime = options.runtime ?? 'node'
const image = images[runtime]
const known = Object.keys(images).join(', ')
if (!image) throw new InvalidArgument(`no runtime ${runtime}, only ${known}`))",
       .defects = {"K2", "I6"},
       .mend = "Look the runtime up in the declared list before anything is created, and answer "
               "INVALID_ARGUMENT with the list in the message.",
       .sandbox = SandboxNeed::kNone,
       .check = UndeclaredRuntimeIsRefused},
      {.id = "lifecycle.create.failure-leaves-nothing",
       .level = Level::kRequired,
       .asks = "A create that fails leaves no sandbox behind.",
       .why = "The caller got no id, so that nobody can destroy what was allocated. It is paid for "
              "until somebody looks.",
       .breaks = "A step after the allocation (waiting for readiness, setting variables, starting "
                 "the runtime) throws, and nothing takes the machine back.",
       .wrong = R"(const container = await docker.createContainer({ Image: image })
await container.start()
await setVariables(container, options.envs))",
       .right = R"(const container = await docker.createContainer({ Image: image })
try {
  await container.start()
  await setVariables(container, options.envs)
} catch (error) {
  await container.remove({ force: true })
  throw error
})",
       .defects = {"L1", "H7", "H8"},
       .mend = "Check the options before allocating; after that, destroy what is there on every "
               "way out that is not success.",
       .sandbox = SandboxNeed::kNone,
       .check = FailedCreateLeavesNothing},
  };
}

}  // namespace computesdk::conformance
