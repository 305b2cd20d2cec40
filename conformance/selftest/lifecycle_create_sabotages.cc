#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "conformance/selftest/lifecycle_sabotages.h"
#include "conformance/selftest/renamed_ids.h"
#include "conformance/selftest/spoil.h"
#include "nlohmann/json.hpp"

// Defects in create.
namespace computesdk::conformance {
namespace {

Replacements NoIdForARuntime() {
  return {.create = [](Provider& inner, const CreateSandboxOptions& options) {
    Result<SandboxRef> ref = inner.Create(options);
    if (!ref || !options.runtime) return ref;
    static_cast<void>(inner.Destroy(ref->sandbox_id));
    ref->sandbox_id.clear();
    return ref;
  }};
}

Replacements CreateIfNoSuchName() {
  return {.create = [by_name = ById<SandboxRef>()](Provider& inner,
                                                   const CreateSandboxOptions& options) {
    const std::string name = options.metadata.json().value("name", "");
    if (name.empty()) return inner.Create(options);
    return by_name.With([&](std::map<std::string, SandboxRef>& known) -> Result<SandboxRef> {
      const auto found = known.find(name);
      if (found != known.end() && IsThere(inner, found->second.sandbox_id)) return found->second;
      Result<SandboxRef> ref = inner.Create(options);
      if (ref) known[name] = *ref;
      return ref;
    });
  }};
}

// A create of a runtime that is under way, and who waits for it.
struct Pending {
  std::mutex mutex;
  std::condition_variable done;
  std::shared_ptr<Result<SandboxRef>> result;  // One for all who joined.
  bool under_way = false;
};

Replacements JoinedCreates() {
  return {
      .create = [pending = std::make_shared<Pending>()](
                    Provider& inner, const CreateSandboxOptions& options) -> Result<SandboxRef> {
        if (!options.runtime) return inner.Create(options);
        std::unique_lock lock(pending->mutex);
        if (!pending->under_way) {
          pending->under_way = true;
          auto result = pending->result =
              std::make_shared<Result<SandboxRef>>(MakeError(ErrorCode::kUnavailable, "no answer"));
          pending->done.wait_for(lock, Milliseconds{15}, [] { return false; });
          *result = inner.Create(options);
          pending->under_way = false;
          pending->done.notify_all();
          return *result;
        }
        const auto joined = pending->result;
        pending->done.wait(lock, [&] { return pending->result != joined || !pending->under_way; });
        return *joined;
      }};
}

Replacements CreateBlocksOthers() {
  return {.create = [queue = Guarded<int>()](Provider& inner, const CreateSandboxOptions& options) {
    if (options.runtime && !options.metadata.empty()) {
      queue.With([](int&) { std::this_thread::sleep_for(Milliseconds{100}); });
    }
    return inner.Create(options);
  }};
}

// A sandbox whose service for files, or for code, is ready only after its first command.
Replacements LateService(bool files) {
  const Ids ready;
  Replacements late;
  late.run_command = [ready](Provider& inner, const std::string& id,
                             const RunCommandRequest& request) {
    Remember(ready, id);
    return inner.RunCommand(id, request);
  };
  if (files) {
    late.write_file = [ready](Provider& inner, const std::string& id, const std::string& path,
                              const std::string& content) -> Status {
      if (Knows(ready, id) || !IsThere(inner, id)) return inner.WriteFile(id, path, content);
      return MakeError(ErrorCode::kUnavailable, "the file service of " + id + " is starting");
    };
  } else {
    late.run_code = [ready](Provider& inner, const std::string& id,
                            const RunCodeRequest& request) -> Result<ExecutionResult> {
      if (Knows(ready, id) || !IsThere(inner, id)) return inner.RunCode(id, request);
      return MakeError(ErrorCode::kUnavailable, "the kernel of " + id + " is not ready");
    };
  }
  return late;
}

// The disk of a destroyed sandbox is the next one's: its files directly below the workdir, at
// least.
Replacements DiskHandedOn() {
  const Guarded<std::map<std::string, std::string>> disk;
  return {.create =
              [disk](Provider& inner, const CreateSandboxOptions& options) {
                Result<SandboxRef> ref = inner.Create(options);
                if (!ref) return ref;
                for (const auto& [path, content] : disk.With([](auto& all) { return all; })) {
                  static_cast<void>(inner.WriteFile(ref->sandbox_id, path, content));
                }
                return ref;
              },
          .destroy =
              [disk](Provider& inner, const std::string& id) {
                const auto entries = inner.Readdir(id, inner.Describe().workdir);
                for (const FileEntry& entry : entries.value_or(std::vector<FileEntry>())) {
                  if (entry.is_directory || entry.size.value_or(0) > 100) continue;
                  const Result<std::string> content = inner.ReadFile(id, entry.path);
                  if (content) disk.With([&](auto& all) { all[entry.path] = *content; });
                }
                return inner.Destroy(id);
              }};
}

std::vector<Sabotage> IdSabotages() {
  return {
      {.name = "create-with-a-runtime-gives-no-id",
       .defect = "The id of a sandbox created with a runtime is read from a field that the answer "
                 "does not have there, and is empty.",
       .classes = {"L10"},
       .reveals = {"lifecycle.create.id", "lifecycle.create.overlapping", "info.runtime"},
       .blinds = {"code.runtimes.of-the-sandbox"},
       .make = Spoil(NoIdForARuntime())},
      {.name = "create-if-no-such-name",
       .defect = "A create with the name of a live sandbox gives that one.",
       .classes = {"L20", "L21"},
       .reveals = {"lifecycle.create.distinct-ids", "lifecycle.destroy.spares-others"},
       .make = SpoilWith(CreateIfNoSuchName)},
      {.name = "create-joins-pending-ones",
       .defect = "Creates of one runtime that overlap get the same sandbox.",
       .classes = {"L20", "P2"},
       .reveals = {"lifecycle.create.overlapping", "lifecycle.create.undeclared-runtime"},
       // Creates of other checks may join, too, and one check destroys another one's sandbox.
       .may_change = {"lifecycle.create.id", "lifecycle.create.side-by-side", "info.runtime",
                      "code.runtimes.of-the-sandbox"},
       .make = SpoilWith(JoinedCreates)},
      {.name = "create-blocks-others",
       .defect = "A create with labels holds the event loop until the machine is there.",
       .classes = {"L32"},
       .reveals = {"lifecycle.create.side-by-side"},
       .make = SpoilWith(CreateBlocksOthers)},
      {.name = "create-gives-ids-again",
       .defect = "A sandbox in which nothing ran goes back into a pool, under its id.",
       .classes = {"L7"},
       .reveals = {"lifecycle.create.ids-not-reused"},
       .make = WithIds(Spoil({}),
                       {.name = [](int n) { return "box-" + std::to_string(n); }, .reuse = true})},
  };
}

std::vector<Sabotage> NewSandboxSabotages() {
  return {
      {.name = "create-before-the-file-service",
       .defect = "create returns before the service for files answers.",
       .classes = {"L17", "K18"},
       .reveals = {"lifecycle.create.usable-at-once"},
       .make = SpoilWith([] { return LateService(true); })},
      {.name = "create-before-the-kernel",
       .defect = "create returns before the kernel for code is ready.",
       .classes = {"K18"},
       .reveals = {"lifecycle.create.usable-at-once", "code.first-run"},
       .make = SpoilWith([] { return LateService(false); })},
      {.name = "create-on-a-used-disk",
       .defect = "A pool hands the disk of a destroyed sandbox on without wiping it.",
       .classes = {"L5", "L7", "S2"},
       .reveals = {"code.no-copies", "lifecycle.create.clean", "output.no-copies"},
       .make = SpoilWith(DiskHandedOn)},
      {.name = "create-takes-any-runtime",
       .defect = "A runtime that is not declared becomes the default one.",
       .classes = {"I6", "K2"},
       .reveals = {"lifecycle.create.undeclared-runtime"},
       .make = Spoil({.create =
                          [](Provider& inner, CreateSandboxOptions options) {
                            if (options.runtime != "bash") options.runtime.reset();
                            return inner.Create(options);
                          }})},
      {.name = "create-leaves-what-failed",
       .defect = "A create that fails after the machine was allocated does not give it back.",
       .classes = {"L1"},
       .reveals = {"lifecycle.create.failure-leaves-nothing"},
       // It counts strangers while they come from the creates that fail.
       .may_change = {"lifecycle.create.makes-one"},
       .make = Spoil({.create =
                          [](Provider& inner, const CreateSandboxOptions& options) {
                            Result<SandboxRef> ref = inner.Create(options);
                            if (!ref) static_cast<void>(inner.Create({}));
                            return ref;
                          }})},
      {.name = "create-is-sent-twice",
       .defect = "A create whose answer is slow is sent again, without a key for the repetition.",
       .classes = {"L21"},
       .reveals = {"lifecycle.create.makes-one"},
       // It counts strangers while each create of another check makes one.
       .may_change = {"lifecycle.create.failure-leaves-nothing"},
       .make = Spoil({.create =
                          [](Provider& inner, const CreateSandboxOptions& options) {
                            static_cast<void>(inner.Create(options));
                            return inner.Create(options);
                          }})},
  };
}

}  // namespace

std::vector<Sabotage> LifecycleCreateSabotages() {
  std::vector<Sabotage> all = IdSabotages();
  std::ranges::move(NewSandboxSabotages(), std::back_inserter(all));
  return all;
}

}  // namespace computesdk::conformance
