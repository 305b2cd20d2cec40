#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// getById.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

void GivesTheId(CheckContext& ctx) {
  const SandboxRef ref = FindLive(ctx, ctx.box().id);
  ctx.ExpectBytes(ref.sandbox_id, ctx.box().id, "the id of what getById gives");
}

void GivesTheVerySandbox(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.PutFile(box, box.Path("marker"), "from the first handle");
  const SandboxRef handle = FindLive(ctx, box.id);
  const Box found{handle.sandbox_id, box.dir, box.workdir};
  const ExecutionResult result =
      ctx.Must(ctx.Sh(found, "cat " + ShellQuote(box.Path("marker")) + "; printf ' seen' >> " +
                                 ShellQuote(box.Path("marker")) + "; exit 3"),
               "a command by the handle from getById");
  ctx.ExpectBytes(result.stdout_bytes, "from the first handle", "the file written before");
  ctx.Expect(result.exit_code, Eq(3), "exit code of that command");
  ctx.ExpectBytes(ctx.PeekFile(box, box.Path("marker")).value_or("(no file)"),
                  "from the first handle seen", "the file after the handle from getById wrote");
  ExpectWorkdirIsThere(ctx, handle, "the handle from getById");
  if (!ctx.Claims(capability::kFilesystem)) return;
  const std::string content =
      ctx.Must(ctx.provider().ReadFile(found.id, box.Path("marker")), "readFile by that handle");
  ctx.ExpectBytes(content, "from the first handle seen", "readFile by that handle");
}

// That nobody has this id must be none, and not an error.
void ExpectNone(CheckContext& ctx, const std::string& id) {
  const Result<std::optional<SandboxRef>> found = ctx.provider().GetById(id);
  if (!ExpectSuccess(ctx, found, "getById of " + Printable(id, 80))) return;
  if (!found->has_value()) return;
  ctx.Fail({"getById of " + Printable(id, 80), "none",
            "a sandbox with the id " + Printable((*found)->sandbox_id, 80)});
}

void UnknownIsNone(CheckContext& ctx) {
  std::string longer = ctx.Unique();
  while (longer.size() < 60) longer += "-" + ctx.Unique();
  const std::string known = ctx.box().id;
  // Another id of the same shape, with every letter and digit turned by a random step.
  std::string sibling = known;
  const int step = 1 + static_cast<int>(ctx.random()() % 8);
  int turned = 0;
  for (char& c : sibling) {
    const char before = c;
    if (c >= '0' && c <= '9') c = static_cast<char>('0' + (c - '0' + step) % 10);
    if (c >= 'a' && c <= 'f') c = static_cast<char>('a' + (c - 'a' + 1 + step % 5) % 6);
    turned += c != before ? 1 : 0;
  }
  for (const std::string& id : {ctx.Unique(), longer, "sb-" + ctx.Unique()}) ExpectNone(ctx, id);
  // A short one may well be that of another sandbox, now or in a moment.
  if (turned >= 6 && !ListedIds(ctx).contains(sibling)) ExpectNone(ctx, sibling);
}

void PartIsNotTheId(CheckContext& ctx) {
  const std::string& id = ctx.box().id;
  std::vector<std::string> parts = {id + "x", "x" + id, id + " ", id + id};
  if (id.size() >= 4) parts.push_back(id.substr(0, id.size() - 1));
  if (id.size() >= 8) parts.push_back(id.substr(0, id.size() / 2));
  const std::set<std::string> listed = ListedIds(ctx);
  for (const std::string& part : parts) {
    // Where ids are short, the part of one may be another, which list may not have yet.
    if (!listed.contains(part) && !ctx.MadeByThisRun(part)) ExpectNone(ctx, part);
  }
}

void StrangeIdsAreNone(CheckContext& ctx) {
  const std::string word = ctx.Unique();
  std::error_code error;
  const std::string canary = (std::filesystem::temp_directory_path(error) / word).string();
  std::vector<NamedValue> ids = {
      {"slashes", word + "/" + word + "/.."},
      {"dots", "../" + word},
      {"blanks", " " + word + "  " + word},
      {"single quotes", "'" + word + "'"},
      {"double quotes", "\"" + word + "\""},
      {"a newline", word + "\n" + word},
      {"a question mark", word + "?all=1"},
      {"an escaped slash", word + "%2f" + word},
      {"beyond ASCII", word + "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"},
      {"a leading dash", "--" + word},
      {"10,000 characters", std::string(10000, 'k')},
  };
  for (const NamedValue& injection : Injections("printf x > " + canary)) ids.push_back(injection);
  for (const NamedValue& id : ids) {
    const auto scope = ctx.Case(id.label);
    ExpectNone(ctx, id.bytes);
    if (std::filesystem::exists(canary, error)) {
      ctx.Fail({"getById of " + Printable(id.bytes), "that nothing in it is executed",
                "it was: " + canary + " is there, on the machine of the kit"});
      std::filesystem::remove(canary, error);
    }
  }
}

void DestroyedIsNone(CheckContext& ctx) {
  const Box box = ctx.CreateBox();
  FindLive(ctx, box.id);
  ctx.Need(ctx.provider().Destroy(box.id), "destroy");
  Result<std::optional<SandboxRef>> found = std::optional<SandboxRef>();
  ctx.Eventually(ctx.consistency_window(), [&] {
    found = ctx.provider().GetById(box.id);
    return found && !found->has_value();
  });
  if (ExpectSuccess(ctx, found, "getById of a destroyed sandbox") && found->has_value()) {
    ctx.Fail({"getById of a destroyed sandbox", "none",
              "a sandbox, " + std::to_string(ctx.consistency_window().count()) +
                  " ms after its destroy"});
  }
}

void LookingMakesNothing(CheckContext& ctx) {
  const std::string unknown = ctx.Unique();
  ctx.Need(ctx.provider().GetById(unknown), "getById of an unknown id");
  ctx.Need(ctx.provider().GetById(ctx.box().id), "getById of a live id");
  ctx.Expect(ListedIds(ctx).contains(unknown), Eq(false),
             "whether list has an id that was only looked up");
  const Result<ExecutionResult> result = ctx.provider().RunCommand(
      unknown, {.command = "printf x", .args = std::nullopt, .options = {}});
  ctx.ExpectError(result, "a command in a sandbox that was only looked up");
}

}  // namespace

std::vector<Requirement> LifecycleGetByIdRequirements() {
  return {
      {.id = "lifecycle.get-by-id.same-id",
       .level = Level::kRequired,
       .asks = "getById of a live id gives a sandbox with that id.",
       .why = "Reconnecting is how a web server finds the sandbox of the request before, and the "
              "id of what it finds is what it stores next.",
       .breaks = "The handle is built from another field than in create (the machine's name, an "
                 "internal number), or any error on the way is taken for \"not there\".",
       .wrong = R"(getById: async (id) => {
  try {
    const vm = await client.machines.get({ name: id, project: undefined })
    return { sandbox: vm, sandboxId: vm.instanceId }
  } catch { return null }
})",
       .right = R"(getById: async (id) => {
  const vm = await client.machines.find(id)
  return vm ? { sandbox: vm, sandboxId: vm.id } : null
})",
       .defects = {"L10", "L23", "I10"},
       .mend = "Fill the handle from getById with the same field that create uses for the id.",
       .check = GivesTheId},
      {.id = "lifecycle.get-by-id.same-sandbox",
       .level = Level::kRequired,
       .asks = "What getById gives is that very sandbox, and works like the one from create.",
       .why = "A server that was restarted has nothing but ids. If what it finds is a new machine, "
              "or a handle in which nothing works, the users' work is lost.",
       .breaks = "\"connect\" that starts a machine, or a handle without the client, the token or "
                 "the working directory that create puts into it.",
       .wrong = R"(getById: async (id) => {
  const record = await client.sandboxes.retrieve(id)
  return { sandbox: record, sandboxId: id }   // no client in it: runCommand throws
})",
       .right =
           R"(const attach = (record) => new SandboxHandle({ client, record, workdir: '/work' })
create: async () => attach(await client.sandboxes.create()),
getById: async (id) => attach(await client.sandboxes.retrieve(id)))",
       .defects = {"L10", "L11"},
       .mend = "Let getById attach to the running sandbox, by the code that create ends with.",
       .check = GivesTheVerySandbox},
      {.id = "lifecycle.get-by-id.unknown",
       .level = Level::kRequired,
       .asks = "getById of an id that never was gives none, and no error.",
       .why =
           "Callers ask in order to decide whether to create. A sandbox that is not there, or an "
           "error for a normal case, sends them the wrong way.",
       .breaks = "A client object that is made for any id without asking the backend, or its "
                 "\"404\" passed on as an exception.",
       .wrong =
           R"(getById: async (id) => ({ sandbox: getSandbox(env.Sandbox, id), sandboxId: id }))",
       .right = R"(getById: async (id) => {
  const response = await client.get(`/sandboxes/${encodeURIComponent(id)}`)
  if (response.status === 404) return null
  if (!response.ok) throw new BackendError(response)
  return handleFor(await response.json())
})",
       .defects = {"L8", "E3"},
       .mend = "Ask the backend, and map its \"not found\", and nothing else, to none.",
       .check = UnknownIsNone},
      {.id = "lifecycle.get-by-id.whole-id",
       .level = Level::kRequired,
       .asks = "A part of an id, or an id with something added, is not that id.",
       .why = "One user's sandbox in another one's hands, by a typing error or by somebody who "
              "tries prefixes.",
       .breaks = "Container engines find containers by any prefix of the id; code that cleans its "
                 "input trims it, cuts it to a length or looks whether one contains the other.",
       .wrong = R"(const container = docker.getContainer(id)   // finds by prefix
await container.inspect()
return { sandbox: container, sandboxId: id })",
       .right = R"(const { Id } = await docker.getContainer(id).inspect()
if (Id !== id) return null
return { sandbox: docker.getContainer(Id), sandboxId: Id })",
       .defects = {"L8", "L23"},
       .mend = "Compare the id of what the backend found with the one asked for.",
       .check = PartIsNotTheId},
      {.id = "lifecycle.get-by-id.strange-ids",
       .level = Level::kRequired,
       .asks =
           "getById of an id with slashes, blanks, quotes, 10,000 characters or shell text gives "
           "none, and executes nothing.",
       .why = "Ids come from URLs and cookies, so that anybody may send anything. What is pasted "
              "into an address or a command line reaches another resource, or a shell.",
       .breaks = "`/sandboxes/${id}` without escaping: `../keys` is another path, `x?all=1` a "
                 "query, and 10,000 characters are \"414\", which nobody expects.",
       .wrong = R"(const response = await client.get(`/sandboxes/${id}`)
return handleFor(await response.json()))",
       .right = R"(const ours = /^[a-z0-9-]{1,64}$/
if (!ours.test(id)) return null
return attach(await client.get(`/sandboxes/${encodeURIComponent(id)}`)))",
       .defects = {"L8", "L23", "E7"},
       .mend = "Escape the id where it enters an URL, pass it as one argument to a program, and "
               "answer none to what can be no id of yours.",
       .check = StrangeIdsAreNone},
      {.id = "lifecycle.get-by-id.destroyed",
       .level = Level::kRequired,
       .asks = "getById of a destroyed sandbox gives none, within the consistency window.",
       .why =
           "Whoever gets a handle goes on with it, and every call fails, instead of making a new "
           "sandbox.",
       .breaks = "The backend keeps a record of what is stopped, deleting or archived, and the "
                 "adapter looks only whether there is a record.",
       .wrong = R"(const record = await client.sandboxes.get(id)
return record ? handleFor(record) : null)",
       .right = R"(const record = await client.sandboxes.get(id)
const alive = record && ['starting', 'running'].includes(record.state)
return alive ? handleFor(record) : null)",
       .defects = {"L5", "L6", "L8"},
       .mend = "Treat stopped, deleting and archived sandboxes as gone in getById.",
       .sandbox = SandboxNeed::kNone,
       .check = DestroyedIsNone},
      {.id = "lifecycle.get-by-id.creates-nothing",
       .level = Level::kRequired,
       .asks = "Looking for an id makes no sandbox.",
       .why = "Every mistyped id, and every look by a monitor, would start a machine that nobody "
              "knows of until the bill comes.",
       .breaks = "The backend's \"get or create\" is the handiest call, and for the id of a live "
                 "sandbox it does the right thing.",
       .wrong = R"(getById: async (id) => handleFor(await client.getOrCreate({ name: id })))",
       .right = R"(getById: async (id) => {
  const [record] = await client.list({ filter: { name: id } })
  return record ? handleFor(record) : null
})",
       .defects = {"L8", "L11"},
       .mend = "Use the backend's call that only looks.",
       .check = LookingMakesNothing},
  };
}

}  // namespace computesdk::conformance
