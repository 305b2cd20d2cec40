#include "conformance/selftest/lifecycle_sabotages.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <functional>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>

#include "conformance/selftest/renamed_ids.h"
#include "conformance/selftest/spoil.h"

// Defects in getById and list.
namespace computesdk::conformance {
namespace {

using Refs = Result<std::vector<SandboxRef>>;

// `create` that notes the ids it gives.
auto NotingCreate(const Ids& ids) {
  return [ids](Provider& inner, const CreateSandboxOptions& options) {
    Result<SandboxRef> ref = inner.Create(options);
    if (ref) Remember(ids, ref->sandbox_id);
    return ref;
  };
}

Replacements WithGetById(std::function<Found(Provider&, const std::string&)> get_by_id) {
  return {.get_by_id = std::move(get_by_id)};
}

std::string LowerCase(std::string id) {
  for (char& c : id) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return id;
}

Replacements HandleWithoutClient() {
  const Ids fresh;
  return {.get_by_id =
              [fresh](Provider& inner, const std::string& id) {
                Found found = inner.GetById(id);
                if (found && found->has_value()) Remember(fresh, id);
                return found;
              },
          .run_command = [fresh](Provider& inner, const std::string& id,
                                 const RunCommandRequest& request) -> Result<ExecutionResult> {
            const bool broken =
                fresh.With([&](std::set<std::string>& ids) { return ids.erase(id) > 0; });
            if (!broken) return inner.RunCommand(id, request);
            return MakeError(ErrorCode::kInternal, id + ": cannot read properties of undefined");
          }};
}

Replacements StoppedOnesAreFound() {
  const Ids created;
  return {.create = NotingCreate(created),
          .get_by_id = [created](Provider& inner, const std::string& id) {
            Found found = inner.GetById(id);
            if (found && !found->has_value() && Knows(created, id)) found = SandboxRef{id};
            return found;
          }};
}

// Looking for an id makes a sandbox of that name, which answers to commands.
Replacements GetOrCreate() {
  const ById<std::string> made;
  const Ids hidden;  // What the map above leads to, which list does not show.
  return {.get_by_id = [made, hidden](Provider& inner, const std::string& id) -> Found {
            if (IsThere(inner, Kept(made, id, id))) return SandboxRef{id};
            const Result<SandboxRef> ref = inner.Create({});
            if (!ref) return tl::unexpected(ref.error());
            Remember(hidden, ref->sandbox_id);
            Keep(made, id, ref->sandbox_id);
            return SandboxRef{id};
          },
          .list =
              [hidden](Provider& inner) {
                Refs refs = inner.List();
                std::erase_if(*refs,
                              [&](const SandboxRef& ref) { return Knows(hidden, ref.sandbox_id); });
                return refs;
              },
          .run_command =
              [made](Provider& inner, const std::string& id, const RunCommandRequest& request) {
                return inner.RunCommand(Kept(made, id, id), request);
              }};
}

std::vector<Sabotage> GetByIdSabotages() {
  return {
      {.name = "get-by-id-gives-another-id",
       .defect = "The handle from getById has the id of the machine, which no call takes.",
       .classes = {"L10", "I10"},
       .reveals = {"lifecycle.get-by-id.same-id", "lifecycle.get-by-id.same-sandbox"},
       .make = Spoil(WithGetById([](Provider& inner, const std::string& id) {
         Found found = inner.GetById(id);
         if (found && found->has_value()) (*found)->sandbox_id = "vm-" + id;
         return found;
       }))},
      {.name = "get-by-id-lowers-the-case",
       .defect = "getById changes ids to lower case, and the provider's have upper case, too.",
       .classes = {"L23"},
       .reveals = {"lifecycle.get-by-id.same-id", "lifecycle.get-by-id.same-sandbox",
                   "lifecycle.get-by-id.destroyed", "lifecycle.destroy.spares-others",
                   "create.envs.commands", "create.timeout.kept-by-get-by-id",
                   "info.same-by-get-by-id"},
       .make = WithIds(Spoil({}), {.name = [](int n) { return "Box/" + std::to_string(n) + "-Z"; },
                                   .look_up = LowerCase})},
      {.name = "get-by-id-without-a-client",
       .defect = "The handle from getById has no client, and its first command fails.",
       .classes = {"L10"},
       .reveals = {"lifecycle.get-by-id.same-sandbox", "create.envs.commands"},
       .blinds = {"create.metadata.stays"},
       .make = SpoilWith(HandleWithoutClient)},
      {.name = "get-by-id-makes-a-handle-for-any-id",
       .defect = "getById never asks the backend, and gives a handle for whatever id.",
       .classes = {"L8"},
       .reveals = {"lifecycle.get-by-id.unknown", "lifecycle.get-by-id.whole-id",
                   "lifecycle.get-by-id.strange-ids", "lifecycle.get-by-id.destroyed",
                   "create.timeout.soon-after"},
       .make = Spoil(
           WithGetById([](Provider&, const std::string& id) -> Found { return SandboxRef{id}; }))},
      {.name = "get-by-id-passes-404-on",
       .defect = "getById of an unknown id is the backend's error 404.",
       .classes = {"L8", "E3"},
       .reveals = {"lifecycle.get-by-id.unknown", "lifecycle.get-by-id.whole-id",
                   "lifecycle.get-by-id.strange-ids", "lifecycle.get-by-id.destroyed",
                   "create.timeout.soon-after"},
       .blinds = {"lifecycle.get-by-id.creates-nothing"},
       .make = Spoil(WithGetById([](Provider& inner, const std::string& id) -> Found {
         Found found = inner.GetById(id);
         if (found && !found->has_value()) return MakeError(ErrorCode::kNotFound, "404: " + id);
         return found;
       }))},
      {.name = "get-by-id-by-prefix",
       .defect = "getById finds a sandbox by the beginning of its id, as container engines do.",
       .classes = {"L23"},
       .reveals = {"lifecycle.get-by-id.whole-id"},
       // The id of a destroyed one may be the beginning of a live one's.
       .may_change = {"lifecycle.get-by-id.destroyed", "create.timeout.soon-after"},
       .make = Spoil(WithGetById([](Provider& inner, const std::string& id) -> Found {
         const Result<std::vector<SandboxRef>> refs = inner.List();
         for (const SandboxRef& ref : *refs) {
           if (!id.empty() && ref.sandbox_id.starts_with(id)) {
             return IsThere(inner, id) ? SandboxRef{id} : ref;
           }
         }
         return std::nullopt;
       }))},
      {.name = "get-by-id-trims",
       .defect = "getById trims the id.",
       .classes = {"L23"},
       .reveals = {"lifecycle.get-by-id.whole-id"},
       .make = Spoil(WithGetById(
           [](Provider& inner, const std::string& id) { return inner.GetById(Trimmed(id)); }))},
      {.name = "get-by-id-pasted-into-a-path",
       .defect = "The id is pasted into the path of a request, and the page that comes for another "
                 "path is no JSON.",
       .classes = {"L23", "E7"},
       .reveals = {"lifecycle.get-by-id.strange-ids"},
       .make = Spoil(WithGetById([](Provider& inner, const std::string& id) -> Found {
         if (id.find_first_of("/?#%") == std::string::npos) return inner.GetById(id);
         return MakeError(ErrorCode::kInternal, "unexpected token < in JSON");
       }))},
      {.name = "get-by-id-too-long",
       .defect = "An id of more than 8 KiB is refused by the backend's web server, with error 414.",
       .classes = {"L23"},
       .reveals = {"lifecycle.get-by-id.strange-ids"},
       .make = Spoil(WithGetById([](Provider& inner, const std::string& id) -> Found {
         if (id.size() <= 8192) return inner.GetById(id);
         return MakeError(ErrorCode::kUnknown, "414 URI Too Long");
       }))},
      {.name = "get-by-id-finds-stopped-ones",
       .defect = "getById looks whether there is a record, and not whether the sandbox runs.",
       .classes = {"L6"},
       .reveals = {"lifecycle.get-by-id.destroyed", "create.timeout.soon-after"},
       .make = SpoilWith(StoppedOnesAreFound)},
      {.name = "get-by-id-gets-or-creates",
       .defect = "getById makes a sandbox for an id that it does not know.",
       .classes = {"L8", "L11"},
       .reveals = {"lifecycle.get-by-id.creates-nothing", "lifecycle.get-by-id.unknown",
                   "lifecycle.get-by-id.whole-id", "lifecycle.get-by-id.strange-ids",
                   "lifecycle.get-by-id.destroyed", "create.timeout.soon-after"},
       .make = SpoilWith(GetOrCreate)},
  };
}

// --- list ----------------------------------------------------------------------------------------

Replacements WithList(std::function<void(std::vector<SandboxRef>&)> change) {
  return {.list = [change = std::move(change)](Provider& inner) {
    Refs refs = inner.List();
    if (refs) change(*refs);
    return refs;
  }};
}

Replacements StoppedOnesAreListed() {
  const Ids created;
  return {.create = NotingCreate(created), .list = [created](Provider&) {
            return created.With([](const std::set<std::string>& ids) {
              std::vector<SandboxRef> refs;
              for (const std::string& id : ids) refs.push_back({id});
              return Refs(std::move(refs));
            });
          }};
}

// The details of each are fetched one by one; one that is gone meanwhile makes it all empty.
Replacements EmptyWhereOneGoes() {
  auto destroyed = std::make_shared<std::atomic<int>>(0);
  return {.list =
              [destroyed](Provider& inner) {
                const int before = *destroyed;
                std::this_thread::sleep_for(Milliseconds{2});
                return before == *destroyed ? inner.List() : Refs(std::vector<SandboxRef>());
              },
          .destroy =
              [destroyed](Provider& inner, const std::string& id) {
                ++*destroyed;
                return inner.Destroy(id);
              }};
}

std::vector<Sabotage> ListSabotages() {
  return {
      {.name = "list-swallows-its-error",
       .defect = "The request for the list lacks a field and fails, and the error becomes an empty "
                 "list.",
       .classes = {"L16"},
       .reveals = {"lifecycle.list.has-live", "lifecycle.list.stays-whole",
                   "lifecycle.list.thirty"},
       .blinds = {"lifecycle.list.handles-work", "lifecycle.list.no-destroyed",
                  "lifecycle.create.makes-one"},
       .make = Spoil(WithList([](std::vector<SandboxRef>& refs) { refs.clear(); }))},
      {.name = "list-joins-regions",
       .defect = "Each region lists all sandboxes, and the lists are put one after the other.",
       .classes = {"L14"},
       .reveals = {"lifecycle.list.once"},
       .make = Spoil(WithList([](std::vector<SandboxRef>& refs) {
         const std::vector<SandboxRef> once = refs;
         refs.insert(refs.end(), once.begin(), once.end());
       }))},
      {.name = "list-shows-stopped-ones",
       .defect = "list has what was destroyed, too, as `docker ps -a` has.",
       .classes = {"L5"},
       .reveals = {"lifecycle.list.no-destroyed", "run"},
       .make = SpoilWith(StoppedOnesAreListed)},
      {.name = "list-makes-handles-of-its-own",
       .defect = "Handles from list have the adapter's working directory, and not the sandbox's.",
       .classes = {"L10"},
       .reveals = {"lifecycle.list.handles-work"},
       .make = Spoil(WithList([](std::vector<SandboxRef>& refs) {
         for (SandboxRef& ref : refs) ref.workdir = "/srv/adapter";
       }))},
      {.name = "list-of-the-first-page",
       .defect = "list reads the first page, which has 20 sandboxes.",
       .classes = {"L13"},
       .reveals = {"lifecycle.list.thirty"},
       // Other checks may see 20 alive, too, with theirs beyond the page.
       .may_change = {"lifecycle.list.*", "lifecycle.create.makes-one"},
       .make = Spoil(WithList([](std::vector<SandboxRef>& refs) {
         if (refs.size() > 20) refs.resize(20);
       }))},
      {.name = "list-is-empty-where-one-goes",
       .defect =
           "A sandbox that is destroyed during a listing makes it fail, and the error becomes "
           "an empty list.",
       .classes = {"L16"},
       .reveals = {"lifecycle.list.stays-whole"},
       .make = SpoilWith(EmptyWhereOneGoes)},
  };
}

}  // namespace

std::vector<Sabotage> LifecycleLookupSabotages() {
  std::vector<Sabotage> all = GetByIdSabotages();
  std::ranges::move(ListSabotages(), std::back_inserter(all));
  return all;
}

std::vector<Sabotage> LifecycleSabotages() {
  std::vector<Sabotage> all = LifecycleCreateSabotages();
  std::ranges::move(LifecycleLookupSabotages(), std::back_inserter(all));
  std::ranges::move(LifecycleDestroySabotages(), std::back_inserter(all));
  return all;
}

}  // namespace computesdk::conformance
