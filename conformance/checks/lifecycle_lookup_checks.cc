#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// getById and list.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

// getById of a live id, which may lag behind its create.
SandboxRef Find(CheckContext& ctx, const std::string& id) {
  Result<std::optional<SandboxRef>> found = std::optional<SandboxRef>();
  const bool there = ctx.Eventually(ctx.consistency_window(), [&] {
    found = ctx.provider().GetById(id);
    return !found || found->has_value();
  });
  std::optional<SandboxRef> ref = ctx.Must(std::move(found), "getById of a live id");
  ctx.Require(there, IsTrue(),
              "whether getById finds a live sandbox within the consistency window of " +
                  std::to_string(ctx.consistency_window().count()) + " ms");
  return *ref;
}

void GivesTheId(CheckContext& ctx) {
  const SandboxRef ref = Find(ctx, ctx.box().id);
  ctx.ExpectBytes(ref.sandbox_id, ctx.box().id, "the id of what getById gives");
}

void GivesTheVerySandbox(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.PutFile(box, box.Path("marker"), "from the first handle");
  const Box found{Find(ctx, box.id).sandbox_id, box.dir, box.workdir};
  const ExecutionResult result =
      ctx.Must(ctx.Sh(found, "cat " + ShellQuote(box.Path("marker")) + "; printf ' seen' >> " +
                                 ShellQuote(box.Path("marker")) + "; exit 3"),
               "a command by the handle from getById");
  ctx.ExpectBytes(result.stdout_bytes, "from the first handle", "the file written before");
  ctx.Expect(result.exit_code, Eq(3), "exit code of that command");
  ctx.ExpectBytes(ctx.PeekFile(box, box.Path("marker")).value_or("(no file)"),
                  "from the first handle seen", "the file after the handle from getById wrote");
  if (!ctx.Claims(capability::kFilesystem)) return;
  const std::string content =
      ctx.Must(ctx.provider().ReadFile(found.id, box.Path("marker")), "readFile by that handle");
  ctx.ExpectBytes(content, "from the first handle seen", "readFile by that handle");
}

std::vector<SandboxRef> List(CheckContext& ctx) { return ctx.Must(ctx.provider().List(), "list"); }

std::size_t CountInList(CheckContext& ctx, const std::string& id) {
  const std::vector<SandboxRef> refs = List(ctx);
  return static_cast<std::size_t>(std::ranges::count(refs, id, &SandboxRef::sandbox_id));
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
  if (turned >= 6 && CountInList(ctx, sibling) == 0) ExpectNone(ctx, sibling);
}

void PartIsNotTheId(CheckContext& ctx) {
  const std::string& id = ctx.box().id;
  std::vector<std::string> parts = {id + "x", "x" + id, id + " ", id + id};
  if (id.size() >= 4) parts.push_back(id.substr(0, id.size() - 1));
  if (id.size() >= 8) parts.push_back(id.substr(0, id.size() / 2));
  std::set<std::string> listed;
  for (const SandboxRef& ref : List(ctx)) listed.insert(ref.sandbox_id);
  for (const std::string& part : parts) {
    // Where ids are short, the part of one may be another.
    if (!listed.contains(part)) ExpectNone(ctx, part);
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
  Find(ctx, box.id);
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
  ctx.Expect(CountInList(ctx, unknown), Eq(0u), "how often list has an id that was only looked up");
  const Result<ExecutionResult> result = ctx.provider().RunCommand(
      unknown, {.command = "printf x", .args = std::nullopt, .options = {}});
  ctx.ExpectError(result, "a command in a sandbox that was only looked up");
}

void ListHasLiveOnes(CheckContext& ctx) {
  const std::vector<std::string> ids = {ctx.box().id, ctx.CreateBox().id};
  std::vector<std::size_t> counts;
  ctx.Eventually(ctx.consistency_window(), [&] {
    counts.clear();
    for (const std::string& id : ids) counts.push_back(CountInList(ctx, id));
    return std::ranges::find(counts, 0u) == counts.end();
  });
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ctx.Expect(counts[i], Eq(1u), "how often list has the live sandbox " + Printable(ids[i]));
  }
}

void ListHasEachOnce(CheckContext& ctx) {
  std::map<std::string, int> counts;
  for (const SandboxRef& ref : List(ctx)) ++counts[ref.sandbox_id];
  for (const auto& [id, count] : counts) {
    if (id.empty()) ctx.Fail({"an id in list", "one that is not empty", "an empty one"});
    if (count > 1) {
      ctx.Fail({"how often list has " + Printable(id), "once", std::to_string(count) + " times"});
    }
  }
  ctx.Expect(counts.empty(), IsFalse(), "whether list is empty while a sandbox is alive");
}

void ListHasNoDestroyed(CheckContext& ctx) {
  const Box box = ctx.CreateBox();
  if (!ctx.Eventually(ctx.consistency_window(), [&] { return CountInList(ctx, box.id) > 0; })) {
    ctx.NotTestable("list never had the sandbox while it was alive");
  }
  ctx.Need(ctx.provider().Destroy(box.id), "destroy");
  const bool gone =
      ctx.Eventually(ctx.consistency_window(), [&] { return CountInList(ctx, box.id) == 0; });
  ctx.Expect(gone, IsTrue(),
             "whether a destroyed sandbox leaves the list within the consistency window");
}

void HandlesFromListWork(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.PutFile(box, box.Path("marker"), "mine");
  std::optional<SandboxRef> listed;
  ctx.Eventually(ctx.consistency_window(), [&] {
    for (const SandboxRef& ref : List(ctx)) {
      if (ref.sandbox_id == box.id) listed = ref;
    }
    return listed.has_value();
  });
  if (!listed) ctx.NotTestable("list never had the sandbox");
  const Box found{listed->sandbox_id, box.dir, box.workdir};
  const ExecutionResult result =
      ctx.Must(ctx.Sh(found, "cat " + ShellQuote(box.Path("marker")) + "; exit 3"),
               "a command by the handle from list");
  ctx.ExpectBytes(result.stdout_bytes, "mine", "the file written before");
  ctx.Expect(result.exit_code, Eq(3), "exit code of that command");
}

void ListingOfThirtyIsComplete(CheckContext& ctx) {
  constexpr int kWanted = 30;
  const int count = ctx.ReserveSandboxes(kWanted);
  if (count < 2) ctx.NotTestable("--max-sandboxes leaves no room for several at once");
  if (count < kWanted) {
    ctx.Tolerated("Seen with a listing of " + std::to_string(count) +
                  ": for one of 30 say --max-sandboxes 30.");
  }
  std::vector<std::string> ids(static_cast<std::size_t>(count));
  ctx.InParallel(count, [&](int i) {
    ids[static_cast<std::size_t>(i)] = ctx.Need(ctx.provider().Create({}), "create").sandbox_id;
  });
  std::vector<std::string> missing;
  std::size_t length = 0;
  ctx.Eventually(ctx.consistency_window(), [&] {
    std::set<std::string> listed;
    for (const SandboxRef& ref : List(ctx)) listed.insert(ref.sandbox_id);
    length = listed.size();
    missing.clear();
    std::ranges::copy_if(ids, std::back_inserter(missing),
                         [&](const std::string& id) { return !listed.contains(id); });
    return missing.empty();
  });
  if (!missing.empty()) {
    ctx.Fail({"list while " + std::to_string(count) + " sandboxes of the check are alive",
              "all of them",
              std::to_string(length) + " sandboxes; " + std::to_string(missing.size()) +
                  " are missing, " + Printable(missing.front()) + " among them"});
  }
  ctx.InParallel(count, [&](int i) { ctx.provider().Destroy(ids[static_cast<std::size_t>(i)]); });
}

}  // namespace

std::vector<Requirement> LifecycleLookupRequirements() {
  return {
      {.id = "lifecycle.get-by-id.same-id",
       .level = Level::kRequired,
       .asks = "getById of a live id gives a sandbox with that id.",
       .why =
           "Reconnecting is how a web server finds the sandbox of the request before. An adapter "
           "that builds the handle from another field gives one that fits nothing.",
       .defects = {"L10", "I10"},
       .mend = "Fill the handle from getById with the same field that create uses for the id.",
       .check = GivesTheId},
      {.id = "lifecycle.get-by-id.same-sandbox",
       .level = Level::kRequired,
       .asks = "What getById gives is that very sandbox, and works like the one from create.",
       .why = "Some providers start a new sandbox on reconnecting, and some hand out a handle "
              "without the client that it needs, which fails at its first use.",
       .defects = {"L10", "L11"},
       .mend = "Let getById attach to the running sandbox, by the code that create ends with.",
       .check = GivesTheVerySandbox},
      {.id = "lifecycle.get-by-id.unknown",
       .level = Level::kRequired,
       .asks = "getById of an id that never was gives none, and no error.",
       .why = "A provider that makes a handle for any id tells the caller that a sandbox is alive "
              "which is not; one that answers with an error makes a normal case look like an "
              "outage.",
       .defects = {"L8", "L9", "E3"},
       .mend = "Ask the backend, and map its \"not found\", and nothing else, to none.",
       .check = UnknownIsNone},
      {.id = "lifecycle.get-by-id.whole-id",
       .level = Level::kRequired,
       .asks = "A part of an id, or an id with something added, is not that id.",
       .why =
           "Backends that match ids by prefix or by trimmed text (container engines do) give one "
           "user's sandbox to another.",
       .defects = {"L8", "L23"},
       .mend = "Compare the id of what the backend found with the one asked for.",
       .check = PartIsNotTheId},
      {.id = "lifecycle.get-by-id.strange-ids",
       .level = Level::kRequired,
       .asks =
           "getById of an id with slashes, blanks, quotes, 10,000 characters or shell text gives "
           "none, and executes nothing.",
       .why = "An id that is pasted into an URL or a command line reaches another resource, or a "
              "shell.",
       .defects = {"L8", "L23", "E7"},
       .mend = "Escape the id where it enters an URL, pass it as one argument to a program, and "
               "answer none to what can be no id of yours.",
       .check = StrangeIdsAreNone},
      {.id = "lifecycle.get-by-id.destroyed",
       .level = Level::kRequired,
       .asks = "getById of a destroyed sandbox gives none, within the consistency window.",
       .why =
           "Backends keep records of what is stopped. A provider that does not look at the state "
           "hands out sandboxes in which nothing works.",
       .defects = {"L5", "L6", "L8"},
       .mend = "Treat stopped, deleting and archived sandboxes as gone in getById.",
       .sandbox = SandboxNeed::kNone,
       .check = DestroyedIsNone},
      {.id = "lifecycle.get-by-id.creates-nothing",
       .level = Level::kRequired,
       .asks = "Looking for an id makes no sandbox.",
       .why = "\"Get or create\" backends start a machine for every id that somebody mistypes, and "
              "nobody pays attention to it until the bill comes.",
       .defects = {"L8", "L11"},
       .mend = "Use the backend's call that only looks.",
       .check = LookingMakesNothing},
      {.id = "lifecycle.list.has-live",
       .level = Level::kRequired,
       .asks = "list has every live sandbox, within the consistency window.",
       .why = "Clean-up jobs and dashboards work from the list: what it leaves out is never "
              "destroyed. Filters on labels or states hide new ones.",
       .defects = {"L16", "L17"},
       .mend = "List all that your create makes, whatever state it is in short of destroyed.",
       .check = ListHasLiveOnes},
      {.id = "lifecycle.list.once",
       .level = Level::kRequired,
       .asks = "list has each sandbox once, with an id.",
       .why = "A listing that joins pages or regions carelessly has the same one twice, and the "
              "second destroy fails.",
       .defects = {"L14"},
       .mend = "Follow the page token of each answer, and key the sandboxes by id.",
       .check = ListHasEachOnce},
      {.id = "lifecycle.list.no-destroyed",
       .level = Level::kRequired,
       .asks = "list has no destroyed sandbox, within the consistency window.",
       .why = "A list from a cache, or one that shows stopped machines, keeps clean-up jobs busy "
              "with what is gone.",
       .defects = {"L5", "L18"},
       .mend = "Leave out what is stopped or being deleted, and drop it from your own cache in "
               "destroy.",
       .sandbox = SandboxNeed::kNone,
       .check = ListHasNoDestroyed},
      {.id = "lifecycle.list.handles-work",
       .level = Level::kRequired,
       .asks = "A sandbox from list works like the one from create.",
       .why = "Handles made in list often lack the client, the token or the working directory that "
              "create sets up, and fail at their first use.",
       .defects = {"L10"},
       .mend = "Make every handle by one function, for create, getById and list.",
       .check = HandlesFromListWork},
      {.id = "lifecycle.list.thirty",
       .level = Level::kRequired,
       .asks = "A listing of 30 sandboxes is complete.",
       .why = "Backends answer in pages, mostly of 10, 20 or 25. A provider that reads the first "
              "one passes every small test, and loses sandboxes in production.",
       .defects = {"L13", "L14", "L15"},
       .mend = "Ask for the next page until the backend says that there is none.",
       .sandbox = SandboxNeed::kNone,
       .check = ListingOfThirtyIsComplete},
  };
}

}  // namespace computesdk::conformance
