#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/spoil.h"
#include "conformance/selftest/variation.h"
#include "sdk/shell_file_system.h"

// Other ways to tell of files, sandboxes, times and addresses.
namespace computesdk::conformance {
namespace {

// --- files
// ---------------------------------------------------------------------------------------

Replacements WithEntries(std::function<void(std::vector<FileEntry>&)> change) {
  return {.readdir = [=](Provider& inner, const std::string& id,
                         const std::string& path) -> Result<std::vector<FileEntry>> {
    Result<std::vector<FileEntry>> entries = inner.Readdir(id, path);
    if (entries) change(*entries);
    return entries;
  }};
}

Replacements WithEachEntry(std::function<void(FileEntry&)> change) {
  return WithEntries(
      [=](std::vector<FileEntry>& entries) { std::ranges::for_each(entries, change); });
}

Replacements WithDirectorySize(std::optional<std::int64_t> size) {
  return WithEachEntry([=](FileEntry& entry) {
    if (entry.is_directory) entry.size = size;
  });
}

void WholeSeconds(FileEntry& entry) {
  if (entry.last_modified) {
    entry.last_modified = std::chrono::floor<std::chrono::seconds>(*entry.last_modified);
  }
}

Replacements AnyOrder() {
  struct Dice {
    std::mutex mutex;
    std::mt19937 random{7};
  };
  auto dice = std::make_shared<Dice>();
  return WithEntries([=](std::vector<FileEntry>& entries) {
    const std::lock_guard lock(dice->mutex);
    std::ranges::shuffle(entries, dice->random);
  });
}

Result<std::vector<FileEntry>> FollowLinksToDirectories(Provider& inner, const std::string& id,
                                                        const std::string& path) {
  Result<std::vector<FileEntry>> entries = inner.Readdir(id, path);
  constexpr std::size_t kFew = 100;
  if (!entries || entries->size() > kFew) return entries;
  for (FileEntry& entry : *entries) {
    if (!entry.is_directory) entry.is_directory = inner.Readdir(id, entry.path).has_value();
  }
  return entries;
}

// All six methods and cwd refuse a path that `refused` tells.
Replacements Refuse(std::function<bool(const std::string& path)> refused) {
  const auto guard = [=](auto call) {
    return [=](Provider& inner, const std::string& id, const std::string& path,
               auto... rest) -> decltype(call(inner, id, path, rest...)) {
      if (refused(path)) {
        return MakeError(ErrorCode::kPermissionDenied, path + " is out of bounds");
      }
      return call(inner, id, path, rest...);
    };
  };
  const auto on_path = [=](auto method) {
    return guard([=](Provider& inner, const std::string& id, const std::string& path,
                     auto... rest) { return (inner.*method)(id, path, rest...); });
  };
  return {.run_command = [=](Provider& inner, const std::string& id,
                             const RunCommandRequest& request) -> Result<ExecutionResult> {
            if (request.options.cwd && refused(*request.options.cwd)) {
              return MakeError(ErrorCode::kPermissionDenied,
                               *request.options.cwd + " is out of bounds");
            }
            return inner.RunCommand(id, request);
          },
          .read_file = on_path(&Provider::ReadFile),
          .write_file = on_path(&Provider::WriteFile),
          .mkdir = on_path(&Provider::Mkdir),
          .readdir = on_path(&Provider::Readdir),
          .exists = on_path(&Provider::Exists),
          .remove = on_path(&Provider::Remove)};
}

bool IsOutsideOfWorkspace(const std::string& path) {
  const std::string normal = std::filesystem::path(path).lexically_normal();
  return normal != "/workspace" && !normal.starts_with("/workspace/");
}

Status RefuseMissingParents(Provider& inner, const std::string& id, const std::string& path,
                            const std::string& content) {
  const std::string parent = path.substr(0, path.rfind('/'));
  if (!parent.empty() && inner.Exists(id, parent) == false) {
    return MakeError(ErrorCode::kNotFound, parent + ": no such directory");
  }
  return inner.WriteFile(id, path, content);
}

Status SuccessIfMissing(Provider& inner, const std::string& id, const std::string& path) {
  const Status status = inner.Remove(id, path);
  const bool missing = !status && status.error().code == ErrorCode::kNotFound;
  return missing && inner.Exists(id, path) == false ? Status() : status;
}

FileSystemFunctions ShellFiles(Provider& inner) {
  return MakeShellFileSystem([&inner](const std::string& id, const RunCommandRequest& request) {
    return inner.RunCommand(id, request);
  });
}

Replacements FilesByCommands() {
  return {
      .read_file = [](Provider& inner, const std::string& id,
                      const std::string& path) { return ShellFiles(inner).read_file(id, path); },
      .write_file =
          [](Provider& inner, const std::string& id, const std::string& path,
             const std::string& content) {
            return ShellFiles(inner).write_file(id, path, content);
          },
      .mkdir = [](Provider& inner, const std::string& id,
                  const std::string& path) { return ShellFiles(inner).mkdir(id, path); },
      .readdir = [](Provider& inner, const std::string& id,
                    const std::string& path) { return ShellFiles(inner).readdir(id, path); },
      .exists = [](Provider& inner, const std::string& id,
                   const std::string& path) { return ShellFiles(inner).exists(id, path); },
      .remove = [](Provider& inner, const std::string& id,
                   const std::string& path) { return ShellFiles(inner).remove(id, path); },
  };
}

std::vector<Variation> ListingVariations() {
  return {
      {.name = "directories-of-size-0",
       .behaviour = "Directories have size 0 in a listing.",
       .make = Spoil(WithDirectorySize(0))},
      {.name = "directories-of-size-4096",
       .behaviour = "Directories have size 4096 in a listing.",
       .make = Spoil(WithDirectorySize(4096))},
      {.name = "directories-without-size",
       .behaviour = "Directories have no size in a listing.",
       .make = Spoil(WithDirectorySize(std::nullopt))},
      {.name = "no-last-modified",
       .behaviour = "Entries have no lastModified.",
       .warns = {"filesystem.readdir.modified-present"},
       .make = Spoil(WithEachEntry([](FileEntry& entry) { entry.last_modified.reset(); }))},
      {.name = "whole-seconds",
       .behaviour = "lastModified has whole seconds.",
       .make = Spoil(WithEachEntry(WholeSeconds))},
      {.name = "listing-in-any-order",
       .behaviour = "A listing is in another order each time.",
       .make = SpoilWith(AnyOrder)},
      {.name = "listing-from-z-to-a",
       .behaviour = "A listing is sorted from the last name to the first.",
       .make = Spoil(WithEntries([](std::vector<FileEntry>& entries) {
         std::ranges::sort(entries, std::greater(), &FileEntry::name);
       }))},
      {.name = "links-are-directories",
       .behaviour = "A link to a directory is a directory in a listing.",
       .make = Spoil({.readdir = FollowLinksToDirectories})},
  };
}

std::vector<Variation> PathVariations() {
  return {
      {.name = "refuses-paths-outside",
       .behaviour = "Paths outside of the work folder are PERMISSION_DENIED.",
       .make = Spoil(Refuse(IsOutsideOfWorkspace))},
      {.name = "refuses-dot-dot",
       .behaviour = "A path with `..` in it is PERMISSION_DENIED.",
       .warns = {"filesystem.paths.dot-dot-inside"},
       .make = Spoil(Refuse(HasDotDot))},
      {.name = "write-needs-the-parent",
       .behaviour = "writeFile below a directory that is not there is an error.",
       .warns = {"filesystem.parallel.new-parents", "filesystem.write.parents"},
       .make = Spoil({.write_file = RefuseMissingParents})},
      {.name = "remove-of-missing-succeeds",
       .behaviour = "remove of a path that is not there is success.",
       .make = Spoil({.remove = SuccessIfMissing})},
      {.name = "files-by-commands",
       .behaviour = "The file methods are shell scripts (ShellFileSystem).",
       .make = Spoil(FilesByCommands())},
  };
}

// --- information and addresses
// ---------------------------------------------------------------------

// The sandboxes' clock, seen from the kit's.
class ShiftedClock : public in_memory::Clock {
 public:
  explicit ShiftedClock(std::chrono::seconds shift) : shift_(shift) {}

  in_memory::ClockTime Now() const override { return in_memory::RealClock().Now() + shift_; }
  bool WaitUntil(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                 in_memory::ClockTime deadline) override {
    const bool never = deadline == in_memory::ClockTime::max();
    return in_memory::RealClock().WaitUntil(lock, condition, never ? deadline : deadline - shift_);
  }

 private:
  const std::chrono::seconds shift_;
};

ProviderFactory WithClock(std::chrono::seconds shift) {
  // For all providers of the process, and for its life.
  auto* const clock = new ShiftedClock(shift);
  return Spoil({}, {.clock = clock});
}

Replacements UrlIn(std::function<GetUrlRequest(GetUrlRequest)> change) {
  return {.get_url = [=](Provider& inner, const std::string& id, GetUrlRequest request) {
    return inner.GetUrl(id, change(std::move(request)));
  }};
}

GetUrlRequest HttpByDefault(GetUrlRequest request) {
  if (!request.protocol) request.protocol = "http";
  return request;
}

Result<std::string> NoWebSockets(Provider& inner, const std::string& id,
                                 const GetUrlRequest& request) {
  if (request.protocol == "ws" || request.protocol == "wss") {
    return MakeError(ErrorCode::kInvalidArgument, "only http and https");
  }
  return inner.GetUrl(id, request);
}

Result<std::string> UrlWithPath(Provider& inner, const std::string& id,
                                const GetUrlRequest& request) {
  const Result<std::string> url = inner.GetUrl(id, request);
  if (!url) return url;
  return request.protocol.value_or("https") + "://gateway.test:8443/s/" + id + "/" +
         std::to_string(request.port) + "/?token=a%2Fb";
}

Result<SandboxInfo> ZeroForNoLimit(Provider& inner, const std::string& id) {
  Result<SandboxInfo> info = inner.GetInfo(id);
  if (info && !info->timeout) info->timeout = Milliseconds{0};
  return info;
}

Result<SandboxInfo> LimitOfItsOwn(Provider& inner, const std::string& id) {
  Result<SandboxInfo> info = inner.GetInfo(id);
  if (info && !info->timeout) info->timeout = std::chrono::minutes(5);
  return info;
}

Result<SandboxInfo> CreatedInSeconds(Provider& inner, const std::string& id) {
  Result<SandboxInfo> info = inner.GetInfo(id);
  if (info) info->created_at = std::chrono::floor<std::chrono::seconds>(info->created_at);
  return info;
}

std::vector<Variation> InfoVariations() {
  return {
      {.name = "clock-40-s-ahead",
       .behaviour = "Its clock is 40 s ahead of the kit's.",
       .make = WithClock(std::chrono::seconds(40))},
      {.name = "clock-40-s-behind",
       .behaviour = "Its clock is 40 s behind the kit's.",
       .make = WithClock(std::chrono::seconds(-40))},
      {.name = "limit-0-in-info",
       .behaviour = "getInfo has the timeout 0 where there is no limit.",
       .make = Spoil({.get_info = ZeroForNoLimit})},
      {.name = "limit-of-its-own-in-info",
       .behaviour = "getInfo has the provider's own limit where none was asked for.",
       .make = Spoil({.get_info = LimitOfItsOwn})},
      {.name = "created-at-in-seconds",
       .behaviour = "createdAt has whole seconds.",
       .make = Spoil({.get_info = CreatedInSeconds})},
      {.name = "http-addresses",
       .behaviour = "Without a protocol asked for, addresses are http.",
       .make = Spoil(UrlIn(HttpByDefault))},
      {.name = "no-web-sockets",
       .behaviour = "getUrl refuses ws and wss.",
       .make = Spoil({.get_url = NoWebSockets})},
      {.name = "addresses-with-a-path",
       .behaviour = "All addresses have one host, and differ in their path.",
       .make = Spoil({.get_url = UrlWithPath})},
  };
}

}  // namespace

std::vector<Variation> FileVariations() {
  std::vector<Variation> all = ListingVariations();
  for (const auto part : {PathVariations, InfoVariations}) {
    for (Variation& variation : part()) all.push_back(std::move(variation));
  }
  return all;
}

}  // namespace computesdk::conformance
