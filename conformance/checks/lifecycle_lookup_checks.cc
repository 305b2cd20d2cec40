#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// list.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Ge;
using ::testing::IsTrue;

std::vector<SandboxRef> List(CheckContext& ctx) { return ctx.Must(ctx.provider().List(), "list"); }

std::size_t CountInList(CheckContext& ctx, const std::string& id) {
  const std::vector<SandboxRef> refs = List(ctx);
  return static_cast<std::size_t>(std::ranges::count(refs, id, &SandboxRef::sandbox_id));
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
    ctx.Expect(counts[i], Ge(1u), "how often list has the live sandbox " + Printable(ids[i]));
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
  ExpectWorkdirIsThere(ctx, *listed, "the handle from list");
}

// In how many listings a sandbox that was alive throughout was missing.
struct Misses {
  int listings = 0;
  int without = 0;
};

// Lists as long as other sandboxes come and go.
Misses ListDuringChurn(CheckContext& ctx, const std::string& id) {
  constexpr int kComings = 3;
  constexpr int kFewest = 10;
  std::atomic<int> to_come = kComings;
  std::mutex mutex;  // Of `listings`.
  std::condition_variable listed;
  int listings = 0;
  int without = 0;
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      for (; to_come > 0; --to_come) {
        const Result<SandboxRef> ref = ctx.provider().Create({});
        {
          // The next listing has begun, so that the destroy comes in the middle of one.
          std::unique_lock lock(mutex);
          const int before = listings;
          ctx.clock().WaitUntil(listed, lock, ctx.clock().Now() + ctx.consistency_window(),
                                [&] { return listings > before; });
        }
        if (ref) ctx.provider().Destroy(ref->sandbox_id);
      }
      return;
    }
    while (to_come > 0 || listings < kFewest) {
      if (CountInList(ctx, id) == 0) ++without;
      std::lock_guard lock(mutex);
      ++listings;
      listed.notify_one();
    }
  });
  return {listings, without};
}

void ListStaysWhole(CheckContext& ctx) {
  const Stopwatch alive(ctx);
  Misses misses = ListDuringChurn(ctx, ctx.box().id);
  if (misses.without > 0 && alive.elapsed() < ctx.consistency_window()) {
    // The sandbox may be so new that list may lag behind its create.
    ctx.Sleep(ctx.consistency_window() - alive.elapsed());
    misses = ListDuringChurn(ctx, ctx.box().id);
  }
  if (misses.without == 0) return;
  ctx.Fail({"list while other sandboxes come and go", "a live sandbox in every listing",
            "it was missing in " + std::to_string(misses.without) + " of " +
                std::to_string(misses.listings)});
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
      {.id = "lifecycle.list.has-live",
       .level = Level::kRequired,
       .asks = "list has every live sandbox, within the consistency window.",
       .why = "Clean-up jobs and dashboards work from the list: what it leaves out is never "
              "destroyed.",
       .breaks = "A filter on a label that create does not set, or on the state \"running\" alone; "
                 "or a request that fails, and whose error becomes an empty list.",
       .wrong = R"(list: async () => {
  try {
    return (await client.list({ label: 'managed-by=sdk' })).map(handleFor)
  } catch { return [] }
})",
       .right = R"(const labels = { 'managed-by': 'sdk' }
create: async () => handleFor(await client.create({ labels })),
list: async () => (await client.list({ labels })).map(handleFor))",
       .defects = {"L17"},
       .mend = "List all that your create makes, whatever state it is in short of destroyed, and "
               "pass errors on.",
       .check = ListHasLiveOnes},
      {.id = "lifecycle.list.once",
       .level = Level::kRequired,
       .asks = "list has each sandbox once, with an id.",
       .why = "Who counts by the list counts wrong, and the second destroy of a clean-up fails.",
       .breaks = "Pages or regions joined carelessly, a page token that the backend ignores, or an "
                 "`id` that only some entries have.",
       .wrong = R"(const pages = await Promise.all(regions.map((region) => client.list({ region })))
return pages.flat().map(handleFor)   // a replicated one comes from each region)",
       .right = R"(const pages = await Promise.all(regions.map((region) => client.list({ region })))
const byId = new Map(pages.flat().map((record) => [record.id, record]))
return [...byId.values()].map(handleFor))",
       .defects = {"L14"},
       .mend = "Follow the page token of each answer, and key the sandboxes by id.",
       .check = ListHasEachOnce},
      {.id = "lifecycle.list.no-destroyed",
       .level = Level::kRequired,
       .asks = "list has no destroyed sandbox, within the consistency window.",
       .why = "Clean-up jobs stay busy with what is gone, and quotas counted by the list never get "
              "free.",
       .breaks =
           "A list from a cache that destroy does not touch, or one with the stopped machines "
           "in it (`docker ps -a`).",
       .wrong = R"(list: async () => (await docker.listContainers({ all: true })).map(handleFor))",
       .right = R"(list: async () => {
  const status = ['created', 'running']
  return (await docker.listContainers({ filters: { status } })).map(handleFor)
})",
       .defects = {"L5"},
       .mend = "Leave out what is stopped or being deleted, and drop it from your own cache in "
               "destroy.",
       .sandbox = SandboxNeed::kNone,
       .check = ListHasNoDestroyed},
      {.id = "lifecycle.list.handles-work",
       .level = Level::kRequired,
       .asks = "A sandbox from list works like the one from create.",
       .why = "A job that goes through the list to collect results or to warn users needs more "
              "than the ids.",
       .breaks =
           "list maps the backend's records by a line of its own, which lacks the client, the "
           "token or the working directory.",
       .wrong = R"(list: async () =>
  (await client.list()).map(({ id }) => ({ sandboxId: id, workdir: process.cwd() })))",
       .right =
           R"(const handleFor = (record) => ({ sandboxId: record.id, workdir: record.workdir, client })
create: async () => handleFor(await client.create()),
list: async () => (await client.list()).map(handleFor))",
       .defects = {"L10"},
       .mend = "Make every handle by one function, for create, getById and list.",
       .check = HandlesFromListWork},
      {.id = "lifecycle.list.stays-whole",
       .level = Level::kRequired,
       .asks = "list has a live sandbox at every time, while others come and go.",
       .why = "Who reads an empty list believes that nothing runs: a monitor reports that all is "
              "over, a quota opens, a user is told that their sandbox is lost.",
       .breaks = "The details of each entry are fetched one by one; when one was destroyed "
                 "meanwhile, that request fails, and the error becomes an empty list.",
       .wrong = R"(try {
  const ids = await client.listIds()
  return await Promise.all(ids.map((id) => client.get(id)))
} catch { return [] })",
       .right = R"(const ids = await client.listIds()
const get = (id) => client.get(id).catch((error) => {
  if (error.status === 404) return null
  throw error
})
const records = await Promise.all(ids.map(get))
return records.filter((record) => record !== null).map(handleFor))",
       .defects = {"L16"},
       .mend = "Leave out the one that is gone, and pass every other error on.",
       .check = ListStaysWhole},
      {.id = "lifecycle.list.thirty",
       .level = Level::kRequired,
       .asks = "A listing of 30 sandboxes is complete.",
       .why =
           "A provider that reads the first page passes every small test, and loses sandboxes in "
           "production: clean-up never sees them.",
       .breaks = "Backends answer in pages, mostly of 10, 20 or 25, and the first answer looks "
                 "whole; or the token of the next page is sent under the wrong name.",
       .wrong = R"(list: async () => (await client.sandboxes.list()).items.map(handleFor))",
       .right = R"(const all = []
let page = await client.sandboxes.list()
all.push(...page.items)
while (page.nextPageToken) {
  page = await client.sandboxes.list({ pageToken: page.nextPageToken })
  all.push(...page.items)
})",
       .defects = {"L13", "L14"},
       .mend = "Ask for the next page until the backend says that there is none.",
       .sandbox = SandboxNeed::kNone,
       .check = ListingOfThirtyIsComplete},
  };
}

}  // namespace computesdk::conformance
