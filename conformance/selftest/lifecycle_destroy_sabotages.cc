#include <unistd.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <thread>
#include <utility>

#include "conformance/selftest/lifecycle_sabotages.h"
#include "conformance/selftest/renamed_ids.h"
#include "conformance/selftest/spoil.h"
#include "nlohmann/json.hpp"

// Defects in destroy, and in calls on what is not there.
namespace computesdk::conformance {
namespace {

// --- destroy -----------------------------------------------------------------------------------

// What a busy sandbox refuses is not told: destroy answers success, and nothing has happened.
Replacements RefusalSwallowed() {
  const ById<int> busy;
  const auto add = [busy](const std::string& id, int n) {
    return busy.With([&](std::map<std::string, int>& running) { return running[id] += n; });
  };
  return {.destroy = [add](Provider& inner, const std::string& id) -> Status {
            if (add(id, 0) > 0) return {};
            return inner.Destroy(id);
          },
          .run_command =
              [add](Provider& inner, const std::string& id, const RunCommandRequest& request) {
                add(id, 1);
                Result<ExecutionResult> result = inner.RunCommand(id, request);
                add(id, -1);
                return result;
              }};
}

Replacements NoCodeIsZero() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            const RunCommandRequest& request) -> Result<ExecutionResult> {
    const bool was_there = IsThere(inner, id);
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result || !was_there || IsThere(inner, id)) return result;
    return ExecutionResult{.exit_code = 0, .sandbox_id = id, .provider = inner.Describe().name};
  }};
}

Replacements DestroyByLabel() {
  return {.destroy = [](Provider& inner, const std::string& id) {
    const auto label = [&](const std::string& of) {
      const Result<SandboxInfo> info = inner.GetInfo(of);
      return info && info->metadata ? info->metadata->json().value("name", "") : std::string();
    };
    const std::string name = label(id);
    const Result<std::vector<SandboxRef>> refs = inner.List();
    for (const SandboxRef& ref : *refs) {
      if (name.empty() || ref.sandbox_id == id || label(ref.sandbox_id) != name) continue;
      static_cast<void>(inner.Destroy(ref.sandbox_id));
    }
    return inner.Destroy(id);
  }};
}

// The live sandbox whose id is the longest beginning of that one, and clearly shorter; the id
// itself without one. (The ids here are numbered, so that one destroyed may begin with a live
// one's.)
std::string LongestBeginning(Provider& provider, const std::string& id) {
  const Result<std::vector<SandboxRef>> refs = provider.List();
  std::string longest;
  for (const SandboxRef& ref : *refs) {
    const std::string& one = ref.sandbox_id;
    if (id.starts_with(one) && id.size() > one.size() + 4 && one.size() > longest.size()) {
      longest = one;
    }
  }
  return longest.empty() ? id : longest;
}

// What is not there is fetched by "get or create" in order to be stopped.
Replacements DestroyMakesIt() {
  const ById<std::string> made;
  const Ids hidden;  // What the map above leads to, which list does not show.
  return {.list =
              [hidden](Provider& inner) {
                Result<std::vector<SandboxRef>> refs = inner.List();
                std::erase_if(*refs,
                              [&](const SandboxRef& ref) { return Knows(hidden, ref.sandbox_id); });
                return refs;
              },
          .destroy = [made, hidden](Provider& inner, const std::string& id) -> Status {
            if (inner.Destroy(id)) return {};
            if (IsThere(inner, Kept(made, id))) return {};
            const Result<SandboxRef> ref = inner.Create({});
            if (!ref) return tl::unexpected(ref.error());
            Remember(hidden, ref->sandbox_id);
            Keep(made, id, ref->sandbox_id);
            return {};
          },
          .run_command =
              [made](Provider& inner, const std::string& id, const RunCommandRequest& request) {
                return inner.RunCommand(Kept(made, id, id), request);
              }};
}

// Destroys of one sandbox at the same time: each sees the other at it, and gives up.
Replacements DestroysGiveWay() {
  struct At {
    int inside = 0;
    bool met = false;
  };
  const ById<At> destroying;
  return {.destroy = [destroying](Provider& inner, const std::string& id) -> Status {
    destroying.With([&](std::map<std::string, At>& all) {
      At& at = all[id];
      at.met = ++at.inside > 1 || at.met;
    });
    std::this_thread::sleep_for(Milliseconds{25});
    const bool met = destroying.With([&](std::map<std::string, At>& all) {
      At& at = all[id];
      const bool was_met = at.met;
      if (--at.inside == 0) all.erase(id);
      return was_met;
    });
    if (!met) return inner.Destroy(id);
    return MakeError(ErrorCode::kFailedPrecondition, "409: " + id + " is being deleted");
  }};
}

std::vector<Sabotage> DestroySabotages() {
  return {
      {.name = "destroy-restarts",
       .defect = "destroy ends what runs, and the machine starts again under its id.",
       .classes = {"L5", "L6", "L28"},
       .reveals = {"lifecycle.destroy.commands-fail", "lifecycle.destroy.code-fails",
                   "lifecycle.destroy.files-fail", "lifecycle.destroy.not-found",
                   "lifecycle.destroy.status", "lifecycle.destroy.again",
                   "lifecycle.destroy.overlapping", "lifecycle.get-by-id.destroyed",
                   "lifecycle.list.no-destroyed", "url.destroyed", "run"},
       .make = WithIds(Spoil({}), {.name = [](int n) { return "box-" + std::to_string(n); },
                                   .restarts = true})},
      {.name = "destroy-swallows-a-refusal",
       .defect = "The backend refuses to destroy a sandbox in which a command runs, and destroy "
                 "answers success all the same.",
       .classes = {"L4", "L5", "L30"},
       .reveals = {"lifecycle.destroy.ends-processes", "run"},
       .make = SpoilWith(RefusalSwallowed)},
      {.name = "destroy-in-flight-is-exit-0",
       .defect = "A command whose sandbox is destroyed has no exit code, and `?? 0` makes it one.",
       .classes = {"L30", "C7"},
       .reveals = {"lifecycle.destroy.call-in-flight"},
       .make = Spoil(NoCodeIsZero())},
      {.name = "destroy-by-label",
       .defect = "destroy deletes all sandboxes with the name that the one was created with.",
       .classes = {"L5"},
       .reveals = {"lifecycle.destroy.spares-others"},
       .make = Spoil(DestroyByLabel())},
      {.name = "destroy-gets-or-creates",
       .defect =
           "destroy fetches the sandbox by \"get or create\", which makes it the second time.",
       .classes = {"L3"},
       .reveals = {"lifecycle.destroy.again", "lifecycle.destroy.overlapping"},
       .make = SpoilWith(DestroyMakesIt)},
      {.name = "destroy-by-the-beginning",
       .defect = "destroy takes the sandbox whose id the one given begins with.",
       .classes = {"L23"},
       .reveals = {"lifecycle.destroy.unknown-id"},
       .make = Spoil({.destroy =
                          [](Provider& inner, const std::string& id) {
                            return inner.Destroy(IsThere(inner, id) ? id
                                                                    : LongestBeginning(inner, id));
                          }})},
      {.name = "destroy-again-is-409",
       .defect = "Destroying again is the error \"409: already deleted\".",
       .classes = {"L3"},
       .reveals = {"lifecycle.destroy.idempotent"},
       .make = Spoil({.destroy = [](Provider& inner, const std::string& id) -> Status {
         Status status = inner.Destroy(id);
         if (status || status.error().code != ErrorCode::kNotFound) return status;
         return MakeError(ErrorCode::kFailedPrecondition, "409: " + id + " is already deleted");
       }})},
      {.name = "destroys-give-way",
       .defect = "Destroys of one sandbox that overlap are all refused, as each meets the others.",
       .classes = {"L3", "P4"},
       .reveals = {"lifecycle.destroy.overlapping"},
       .make = SpoilWith(DestroysGiveWay)},
  };
}

// --- afterwards --------------------------------------------------------------------------------

// Commands and code whose errors become something else.
Replacements WithRunError(std::function<Result<ExecutionResult>(const Error&)> change,
                          bool commands = true, bool code = true) {
  Replacements changed;
  if (commands) {
    changed.run_command = [change](Provider& inner, const std::string& id,
                                   const RunCommandRequest& request) {
      Result<ExecutionResult> result = inner.RunCommand(id, request);
      return result || IsThere(inner, id) ? result : change(result.error());
    };
  }
  if (code) {
    changed.run_code = [change](Provider& inner, const std::string& id,
                                const RunCodeRequest& request) {
      Result<ExecutionResult> result = inner.RunCode(id, request);
      return result || IsThere(inner, id) ? result : change(result.error());
    };
  }
  return changed;
}

Result<ExecutionResult> FailedProgram(const Error& error, int exit_code) {
  return ExecutionResult{.stderr_bytes = error.message, .exit_code = exit_code};
}

// Error messages of the calls that have most of them.
Replacements WithMessages(std::function<void(std::string&)> change) {
  const auto changed = [change = std::move(change)](auto result) {
    if (!result) change(result.error().message);
    return result;
  };
  return {
      .run_code =
          [changed](Provider& inner, const std::string& id, const RunCodeRequest& request) {
            return changed(inner.RunCode(id, request));
          },
      .run_command =
          [changed](Provider& inner, const std::string& id, const RunCommandRequest& request) {
            return changed(inner.RunCommand(id, request));
          },
      .get_info = [changed](Provider& inner,
                            const std::string& id) { return changed(inner.GetInfo(id)); },
      .read_file = [changed](Provider& inner, const std::string& id,
                             const std::string& path) { return changed(inner.ReadFile(id, path)); },
  };
}

Replacements StatusOfTheHandle() {
  const ById<SandboxInfo> infos;
  return {.create =
              [infos](Provider& inner, const CreateSandboxOptions& options) {
                Result<SandboxRef> ref = inner.Create(options);
                if (!ref) return ref;
                const Result<SandboxInfo> info = inner.GetInfo(ref->sandbox_id);
                if (info) Keep(infos, ref->sandbox_id, *info);
                return ref;
              },
          .get_info =
              [infos](Provider& inner, const std::string& id) {
                const SandboxInfo kept = Kept(infos, id);
                return kept.id.empty() ? inner.GetInfo(id) : Result<SandboxInfo>(kept);
              }};
}

// A sandbox on demand for an id that no create gave.
Replacements MadeOnDemand() {
  const Ids created;
  const Ids hidden;
  return {.create =
              [created](Provider& inner, const CreateSandboxOptions& options) {
                Result<SandboxRef> ref = inner.Create(options);
                if (ref) Remember(created, ref->sandbox_id);
                return ref;
              },
          .list =
              [hidden](Provider& inner) {
                Result<std::vector<SandboxRef>> refs = inner.List();
                std::erase_if(*refs,
                              [&](const SandboxRef& ref) { return Knows(hidden, ref.sandbox_id); });
                return refs;
              },
          .run_command =
              [created, hidden](Provider& inner, const std::string& id,
                                const RunCommandRequest& request) {
                if (Knows(created, id)) return inner.RunCommand(id, request);
                const Result<SandboxRef> ref = inner.Create({});
                Remember(hidden, ref->sandbox_id);
                return inner.RunCommand(ref->sandbox_id, request);
              }};
}

std::string OwnEnvironment() {
  std::string all;
  for (char** variable = environ; *variable != nullptr; ++variable)
    all += *variable + std::string(" ");
  return all;
}

std::vector<Sabotage> AfterwardsSabotages() {
  return {
      {.name = "commands-nowhere-are-127",
       .defect = "Whatever the client throws at a command becomes a result with exit code 127.",
       .classes = {"C11"},
       .reveals = {"lifecycle.destroy.commands-fail", "lifecycle.destroy.not-found",
                   "lifecycle.destroy.again", "lifecycle.destroy.overlapping",
                   "lifecycle.unknown-sandbox", "lifecycle.get-by-id.creates-nothing"},
       .make = Spoil(WithRunError([](const Error& error) { return FailedProgram(error, 127); },
                                  true, false))},
      {.name = "code-nowhere-is-exit-1",
       .defect = "Whatever the client throws at code becomes a result with exit code 1.",
       .classes = {"L29"},
       .reveals = {"lifecycle.destroy.code-fails", "lifecycle.destroy.not-found",
                   "lifecycle.unknown-sandbox"},
       .make = Spoil(
           WithRunError([](const Error& error) { return FailedProgram(error, 1); }, false, true))},
      {.name = "exists-swallows-its-error",
       .defect = "exists answers false where nobody could look.",
       .classes = {"F39"},
       .reveals = {"lifecycle.destroy.files-fail", "lifecycle.destroy.not-found",
                   "lifecycle.unknown-sandbox"},
       .make = Spoil({.exists =
                          [](Provider& inner, const std::string& id, const std::string& path) {
                            return Result<bool>(inner.Exists(id, path).value_or(false));
                          }})},
      {.name = "gone-is-a-socket-error",
       .defect = "A call on a destroyed sandbox is the error of the HTTP library.",
       .classes = {"E3", "L29"},
       .reveals = {"lifecycle.destroy.not-found"},
       .make = Spoil(WithRunError([](const Error& error) -> Result<ExecutionResult> {
         return MakeError(ErrorCode::kUnavailable, "socket hang up: " + error.message);
       }))},
      {.name = "status-of-the-handle",
       .defect = "getInfo answers from what was kept at create: `running` for ever.",
       .classes = {"L28"},
       .reveals = {"lifecycle.destroy.status"},
       .make = SpoilWith(StatusOfTheHandle)},
      {.name = "sandboxes-on-demand",
       .defect = "A command in a sandbox that never was makes one.",
       .classes = {"L8"},
       .reveals = {"lifecycle.unknown-sandbox", "lifecycle.get-by-id.creates-nothing"},
       .make = SpoilWith(MadeOnDemand)},
      {.name = "errors-say-failed",
       .defect = "The message of every error is the status line of the backend's answer.",
       .classes = {"E4"},
       .reveals = {"command.cwd.missing-named", "command.timeout.early-output",
                   "filesystem.errors.name-path", "lifecycle.errors.say-which"},
       .make = Spoil(WithMessages([](std::string& message) { message = "404 Not Found"; }))},
      {.name = "errors-with-the-stack",
       .defect = "The message of an error is error.stack.",
       .classes = {"E5"},
       .reveals = {"lifecycle.errors.no-internals"},
       .make = Spoil(WithMessages([](std::string& message) {
         message = "Error: " + message + "\n    at Sandbox.exec (/app/dist/index.js:10:3)";
       }))},
      {.name = "errors-with-the-environment",
       .defect = "The message of an error has the request in it, with the client's configuration.",
       .classes = {"E6"},
       .reveals = {"lifecycle.errors.no-internals"},
       .make = Spoil(WithMessages([](std::string& message) { message += OwnEnvironment(); }))},
  };
}

}  // namespace

std::vector<Sabotage> LifecycleDestroySabotages() {
  std::vector<Sabotage> all = DestroySabotages();
  std::ranges::move(AfterwardsSabotages(), std::back_inserter(all));
  return all;
}

}  // namespace computesdk::conformance
