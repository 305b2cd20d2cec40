#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/renamed_ids.h"
#include "conformance/selftest/spoil.h"
#include "conformance/selftest/variation.h"
#include "conformance/selftest/variation_providers.h"
#include "mocks/in_memory_provider.h"
#include "mocks/latency_provider.h"

// Other ways to make, name, list and destroy sandboxes.
namespace computesdk::conformance {
namespace {

// What the documentation tells the authors of slow providers: many at once, as they wait.
const RunOptions kManyJobs = {.jobs = 64, .max_sandboxes = 100};

ProviderFactory FarAway(LatencyOptions options) {
  return [options] {
    return std::make_unique<LatencyProvider>(std::make_unique<InMemoryProvider>(), options);
  };
}

// Sandboxes that the run did not make; whoever does more than look at one has spoilt everything.
BeforeCall GuardStrangers(Provider& inner) {
  auto strangers = std::make_shared<std::set<std::string>>();
  for (int i = 0; i < 3; ++i) strangers->insert(inner.Create({}).value().sandbox_id);
  auto touched = std::make_shared<std::atomic<bool>>(false);
  return [=](std::string_view method, const std::string& id) -> std::optional<Error> {
    if (strangers->contains(id) && method != "getById") *touched = true;
    if (!*touched) return std::nullopt;
    return Error{ErrorCode::kPermissionDenied, "a sandbox of somebody else was touched"};
  };
}

Replacements AtMostThree() {
  auto mutex = std::make_shared<std::mutex>();
  return {
      .create = [=](Provider& inner, const CreateSandboxOptions& options) -> Result<SandboxRef> {
        const std::lock_guard lock(*mutex);
        if (inner.List().value().size() >= 3) {
          return MakeError(ErrorCode::kResourceExhausted, "your plan has 3 sandboxes");
        }
        return inner.Create(options);
      }};
}

Replacements EverySecondDestroyNotFound() {
  auto count = std::make_shared<std::atomic<int>>(0);
  return {.destroy = [=](Provider& inner, const std::string& id) -> Status {
    const Status status = inner.Destroy(id);
    if (++*count % 2 == 1 || !status) return status;
    return MakeError(ErrorCode::kNotFound, "sandbox " + id + " is gone already");
  }};
}

Status SuccessIfMissing(Provider& inner, const std::string& id) {
  const Status status = inner.Destroy(id);
  if (!status && status.error().code == ErrorCode::kNotFound) return {};
  return status;
}

// A folder for each sandbox, which create alone tells.
Replacements FolderOfItsOwn() {
  return {
      .description = [](ProviderDescription& description) { description.workdir = "/tmp"; },
      .create = [](Provider& inner, const CreateSandboxOptions& options) -> Result<SandboxRef> {
        Result<SandboxRef> ref = inner.Create(options);
        if (!ref) return ref;
        ref->workdir = "/home/" + ref->sandbox_id + "/work";
        const Status made = inner.Mkdir(ref->sandbox_id, *ref->workdir);
        if (!made) return tl::unexpected<Error>(made.error());
        return ref;
      },
      .get_by_id = [](Provider& inner, const std::string& id) -> Result<std::optional<SandboxRef>> {
        Result<std::optional<SandboxRef>> ref = inner.GetById(id);
        if (ref && *ref) (*ref)->workdir.reset();
        return ref;
      },
      .list = [](Provider& inner) -> Result<std::vector<SandboxRef>> {
        Result<std::vector<SandboxRef>> refs = inner.List();
        if (!refs) return refs;
        for (SandboxRef& ref : *refs) ref.workdir.reset();
        return refs;
      }};
}

// The description alone names the folder, and create nothing.
Replacements NamelessFolder(const std::string& folder) {
  Replacements replacements = {
      .description = [=](ProviderDescription& description) { description.workdir = folder; }};
  replacements.create = [](Provider& inner,
                           const CreateSandboxOptions& options) -> Result<SandboxRef> {
    Result<SandboxRef> ref = inner.Create(options);
    if (ref) ref->workdir.reset();
    return ref;
  };
  return replacements;
}

ProviderFactory Named(std::function<std::string(int)> name, bool reuse = false) {
  const auto clean = [] { return std::make_unique<InMemoryProvider>(); };
  return WithIds(clean, {.name = std::move(name), .reuse = reuse});
}

std::string Long(int number) {
  constexpr std::size_t kLength = 200;
  const std::string id = std::to_string(number) + "-";
  return id + std::string(kLength - id.size(), 'x');
}

std::vector<Variation> TimeVariations() {
  return {
      {.name = "list-lags",
       .behaviour = "list and getById know of a create or a destroy 1.5 s later.",
       .make = Lagging(Milliseconds{1500}),
       .waits = true},
      {.name = "300-ms-for-each-call",
       .behaviour = "Every call takes 300 ms.",
       // A busy machine may come too late for a look.
       .may_change = {"create.timeout.not-before"},
       .make = FarAway({.call = Milliseconds{300}}),
       .options = kManyJobs,
       .waits = true},
      {.name = "3-s-for-a-create",
       .behaviour = "A create takes 3 s.",
       .not_testable = {"create.timeout.not-before"},
       .make = FarAway({.create = Milliseconds{3000}}),
       .options = kManyJobs,
       .waits = true},
      {.name = "one-call-at-a-time",
       .behaviour = "It takes one call at a time (maxConcurrency 1).",
       .make = Spoil({}, {.max_concurrency = 1}),
       .waits = true},
  };
}

std::vector<Variation> IdVariations() {
  return {
      {.name = "ids-with-slashes",
       .behaviour = "Ids are paths: \"projects/7/sandboxes/…\".",
       .make = Named([](int n) { return "projects/7/sandboxes/" + std::to_string(n); })},
      {.name = "ids-with-blanks",
       .behaviour = "Ids have blanks and quotes in them.",
       .make = Named([](int n) { return "the team's \"box\" " + std::to_string(n); })},
      {.name = "ids-of-200-characters",
       .behaviour = "Ids have 200 characters.",
       .make = Named(Long)},
      {.name = "ids-reused",
       .behaviour = "The id of a destroyed sandbox that nothing ran in is given to the next one.",
       .warns = {"lifecycle.create.ids-not-reused"},
       .make = Named([](int n) { return "sandbox-" + std::to_string(n); }, true)},
  };
}

}  // namespace

std::vector<Variation> LifecycleVariations() {
  std::vector<Variation> all = {
      {.name = "strangers-in-the-list",
       .behaviour = "list has sandboxes of others, which nobody may touch.",
       .make = Watched(GuardStrangers)},
      {.name = "three-sandboxes",
       .behaviour = "The fourth sandbox at once is RESOURCE_EXHAUSTED.",
       .make = SpoilWith(AtMostThree),
       .options = {.max_sandboxes = 3},
       .waits = true},
      {.name = "every-second-destroy-not-found",
       .behaviour = "Every second destroy answers NOT_FOUND, though it destroyed: a retry on the "
                    "way came first.",
       .make = SpoilWith(EverySecondDestroyNotFound)},
      {.name = "destroy-again-succeeds",
       .behaviour = "Destroying what is not there is success.",
       .make = Spoil({.destroy = SuccessIfMissing})},
      {.name = "other-errors-for-destroyed",
       .behaviour = "Calls on a destroyed sandbox are FAILED_PRECONDITION.",
       .warns = {"lifecycle.destroy.not-found"},
       .make = MissingSandboxIs(ErrorCode::kFailedPrecondition)},
      {.name = "folder-of-its-own",
       .behaviour = "Each sandbox has a work folder of its own, which create tells and no other "
                    "call.",
       .make = Spoil(FolderOfItsOwn())},
      {.name = "workdir-with-a-blank",
       .behaviour = "Its work folder has a blank in its name.",
       .make = Spoil({}, {.workdir = "/home/the user/work folder"})},
      {.name = "workdir-with-a-slash-at-its-end",
       .behaviour = "Its work folder is told with a slash at its end, by the description alone.",
       .make = Spoil(NamelessFolder("/workspace/"))},
      {.name = "home-elsewhere",
       .behaviour = "HOME is outside of the work folder.",
       .make = Spoil({}, {.envs = {{"HOME", "/var/tmp"}}})},
  };
  for (const auto part : {TimeVariations, IdVariations}) {
    for (Variation& variation : part()) all.push_back(std::move(variation));
  }
  return all;
}

}  // namespace computesdk::conformance
