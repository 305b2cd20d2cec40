#include <chrono>
#include <functional>
#include <utility>

#include "conformance/selftest/lifecycle_sabotages.h"
#include "conformance/selftest/spoil.h"

// Defects in getInfo.
namespace computesdk::conformance {
namespace {

using std::chrono::hours;

Replacements WithInfo(std::function<void(SandboxInfo&)> change) {
  return {.get_info = [change = std::move(change)](Provider& inner, const std::string& id) {
    Result<SandboxInfo> info = inner.GetInfo(id);
    if (info) change(*info);
    return info;
  }};
}

Timestamp Now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

// A second runtime, in which code runs as in the first, and which getInfo never says.
Replacements RuntimeIsTheFirst() {
  return {.description =
              [](ProviderDescription& description) { description.runtimes.emplace_back("sh"); },
          .create =
              [](Provider& inner, CreateSandboxOptions options) {
                if (options.runtime == "sh") options.runtime = "bash";
                return inner.Create(options);
              },
          .run_code =
              [](Provider& inner, const std::string& id, RunCodeRequest request) {
                if (request.runtime == "sh") request.runtime = "bash";
                return inner.RunCode(id, request);
              }};
}

// The status is made from how the last command of the sandbox ended.
Replacements StatusOfTheLastCommand(std::function<SandboxStatus(int)> status) {
  const ById<int> exit_codes;
  return {
      .run_command =
          [exit_codes](Provider& inner, const std::string& id, const RunCommandRequest& request) {
            Result<ExecutionResult> result = inner.RunCommand(id, request);
            if (result) Keep(exit_codes, id, result->exit_code);
            return result;
          },
      .get_info =
          [exit_codes, status = std::move(status)](Provider& inner, const std::string& id) {
            Result<SandboxInfo> info = inner.GetInfo(id);
            if (info) info->status = status(Kept(exit_codes, id, -1));
            return info;
          }};
}

Replacements TimeOfTheProcess() {
  const Timestamp start = Now();
  return WithInfo([start](SandboxInfo& info) { info.created_at = start; });
}

// getById, or list, makes handles anew, with the time of now.
Replacements TimeOfTheHandle(bool by_list) {
  const ById<Timestamp> times;
  Replacements replacements;
  if (by_list) {
    replacements.list = [times](Provider& inner) {
      Result<std::vector<SandboxRef>> refs = inner.List();
      for (const SandboxRef& ref : *refs) Keep(times, ref.sandbox_id, Now());
      return refs;
    };
  } else {
    replacements.get_by_id = [times](Provider& inner, const std::string& id) {
      Keep(times, id, Now());
      return inner.GetById(id);
    };
  }
  replacements.get_info = [times](Provider& inner, const std::string& id) {
    Result<SandboxInfo> info = inner.GetInfo(id);
    if (info) info->created_at = Kept(times, id, info->created_at);
    return info;
  };
  return replacements;
}

}  // namespace

std::vector<Sabotage> InfoSabotages() {
  return {
      {.name = "info-id-unknown",
       .defect = "The id is read from a field that is not there, and is \"unknown\".",
       .classes = {"I10"},
       .reveals = {"info.id", "info.own"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.id = "unknown"; }))},
      {.name = "info-provider-of-a-copy",
       .defect = "The name of the provider is that of the adapter from which it was copied.",
       .classes = {"I11"},
       .reveals = {"info.provider"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.provider = "docker"; }))},
      {.name = "info-runtime-is-a-constant",
       .defect = "The runtime is always node.",
       .classes = {"I6"},
       .reveals = {"info.runtime"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.runtime = "node"; }))},
      {.name = "info-runtime-is-the-first",
       .defect = "The runtime is the provider's first, also of a sandbox created with its second.",
       .classes = {"I6"},
       .reveals = {"info.runtime"},
       .make = Spoil(RuntimeIsTheFirst())},
      {.name = "info-status-unmapped",
       .defect = "The backend's word for running is not in the table, and becomes `stopped`.",
       .classes = {"I7"},
       .reveals = {"info.status", "info.own"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.status = SandboxStatus::kStopped; }))},
      {.name = "info-status-of-exit-0",
       .defect = "A command that ended with 0 is taken for the end of the sandbox.",
       .classes = {"L18"},
       .reveals = {"info.status", "info.own"},
       .make = SpoilWith([] {
         return StatusOfTheLastCommand([](int exit_code) {
           return exit_code == 0 ? SandboxStatus::kStopped : SandboxStatus::kRunning;
         });
       })},
      {.name = "info-status-of-a-failure",
       .defect = "A command that failed makes the status `error`.",
       .classes = {"I7"},
       .reveals = {"info.status"},
       .make = SpoilWith([] {
         return StatusOfTheLastCommand([](int exit_code) {
           return exit_code > 0 ? SandboxStatus::kError : SandboxStatus::kRunning;
         });
       })},
      {.name = "info-created-at-in-1970",
       .defect = "createdAt is in seconds, and taken for milliseconds.",
       .classes = {"I4", "I1"},
       .reveals = {"info.created-at", "info.own"},
       .make = Spoil(WithInfo([](SandboxInfo& info) {
         info.created_at = Timestamp(info.created_at.time_since_epoch() / 1000);
       }))},
      {.name = "info-created-at-in-local-time",
       .defect = "createdAt is a local time that is read as UTC.",
       .classes = {"I1"},
       .reveals = {"info.created-at"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.created_at += hours(2); }))},
      {.name = "info-created-at-of-the-call",
       .defect = "createdAt is the time of the call.",
       .classes = {"I1"},
       .reveals = {"info.created-at-stays", "info.own", "info.same-by-get-by-id"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.created_at = Now(); }))},
      {.name = "info-created-at-of-the-process",
       .defect = "createdAt is the time at which the provider was loaded.",
       .classes = {"I1", "I12"},
       .reveals = {"info.own"},
       .make = SpoilWith(TimeOfTheProcess)},
      {.name = "info-created-at-of-get-by-id",
       .defect = "The handle from getById has the time of now as its createdAt.",
       .classes = {"I1", "L10"},
       .reveals = {"info.same-by-get-by-id", "info.created-at-stays"},
       .make = SpoilWith([] { return TimeOfTheHandle(false); })},
      {.name = "info-created-at-of-list",
       .defect = "Handles from list replace those that knew, with the time of the listing.",
       .classes = {"I2"},
       .reveals = {"info.same-by-get-by-id"},
       // Another check's listing between two looks changes what they see.
       .may_change = {"info.created-at-stays", "info.own"},
       .make = SpoilWith([] { return TimeOfTheHandle(true); })},
      {.name = "info-timeout-in-seconds",
       .defect = "A limit that nobody asked for is told in seconds.",
       .classes = {"I4"},
       .reveals = {"info.timeout"},
       .make = Spoil(WithInfo([](SandboxInfo& info) {
         if (!info.timeout) info.timeout = Milliseconds{3600};
       }))},
      {.name = "info-timeout-minus-one",
       .defect = "No limit is told as -1.",
       .classes = {"I4"},
       .reveals = {"info.timeout"},
       .make = Spoil(WithInfo([](SandboxInfo& info) {
         if (!info.timeout) info.timeout = Milliseconds{-1};
       }))},
  };
}

}  // namespace computesdk::conformance
