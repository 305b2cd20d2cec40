#include "providers/local/sandbox_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include "nlohmann/json.hpp"
#include "providers/local/path_error.h"
#include "sdk/json.h"

namespace computesdk::local {
namespace {

using nlohmann::json;

constexpr int kRootDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr std::string_view kPrefix = "local-";
// A program that does not run by then hangs in the system, and nothing can be done about it.
constexpr std::chrono::seconds kHeld{5};

Timestamp Now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

Result<std::string> ToText(const SandboxRecord& record) {
  return SerializeJson({{"options", ToJson(record.options)},
                        {"createdAt", record.created_at.time_since_epoch().count()}});
}

// nullopt for what this provider did not write.
std::optional<SandboxRecord> FromText(const std::string& id, const std::string& text) {
  const Result<json> value = ParseJson(text);
  if (!value || !value->is_object()) return std::nullopt;
  const auto created = value->find("createdAt");
  const auto options = value->find("options");
  if (created == value->end() || !created->is_number_integer() || options == value->end()) {
    return std::nullopt;
  }
  Result<CreateSandboxOptions> read = FromJson<CreateSandboxOptions>(*options, "options");
  if (!read) return std::nullopt;
  return SandboxRecord{.id = id,
                       .options = std::move(*read),
                       .created_at = Timestamp(Milliseconds(created->get<std::int64_t>()))};
}

// Makes the folder of a sandbox, with everything in it; the errno, or 0.
int MakeFolder(int parent, const std::string& name, const std::string& path,
               const std::string& record) {
  if (::mkdirat(parent, name.c_str(), 0755) != 0) return errno;
  const Descriptor folder(::openat(parent, name.c_str(), kRootDirectory));
  if (folder.get() < 0) return errno;
  for (const char* directory : {"files", "files/home", "files/tmp"}) {
    if (::mkdirat(folder.get(), directory, 0755) != 0) return errno;
  }
  std::ofstream file(path + "/sandbox.json", std::ios::binary);
  file << record << std::flush;
  return file ? 0 : EIO;
}

// Waits until nobody holds the sandbox that was moved there.
void AwaitRelease(int directory, const std::string& id) {
  const Descriptor folder(::openat(directory, id.c_str(), kRootDirectory));
  const auto latest = std::chrono::steady_clock::now() + kHeld;
  while (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
         std::chrono::steady_clock::now() < latest) {
    std::this_thread::sleep_for(Milliseconds(1));
  }
}

tl::unexpected<Error> NoSandbox(const std::string& id) {
  return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + id);
}

}  // namespace

std::optional<Timestamp> SandboxRecord::EndsAt() const {
  if (!options.timeout || options.timeout->count() <= 0) return std::nullopt;
  return created_at + std::min(*options.timeout, Milliseconds(std::chrono::hours(24 * 36500)));
}

bool IsSandboxId(const std::string& id) {
  return id.starts_with(kPrefix) && id.size() > kPrefix.size() && id.size() < 64 &&
         id.find_first_not_of("0123456789abcdef", kPrefix.size()) == id.npos;
}

Result<std::unique_ptr<SandboxStore>> SandboxStore::Open(
    const std::string& root, const std::function<void(const std::string& id)>& half_destroyed) {
  std::error_code error;
  std::filesystem::create_directories(root + "/.staging", error);
  const std::filesystem::path real = std::filesystem::canonical(root, error);
  if (error) return PathError("use the root", root, error.value());
  Descriptor directory(::open(real.c_str(), kRootDirectory));
  if (directory.get() < 0) return PathError("open", real, errno);
  Result<std::unique_ptr<Staging>> staging =
      Staging::Open(real.string() + "/.staging", [half_destroyed](int place, const auto& name) {
        if (!IsSandboxId(name)) return;
        AwaitRelease(place, name);
        half_destroyed(name);
      });
  if (!staging) return tl::unexpected<Error>(std::move(staging.error()));
  std::unique_ptr<SandboxStore> store(
      new SandboxStore(real, std::move(directory), std::move(*staging)));
  for (const std::string& id : store->Names()) {
    if (!IsSandboxId(id) || store->Has(id)) continue;
    half_destroyed(id);
    (void)store->Discard(id);
  }
  return store;
}

Result<SandboxRecord> SandboxStore::Create(const CreateSandboxOptions& options) {
  SandboxRecord record{
      .id = std::string(kPrefix) + RandomName(), .options = options, .created_at = Now()};
  const Result<std::string> text = ToText(record);
  if (!text) return tl::unexpected<Error>(text.error());
  const std::string name = staging_->NewName();
  int error = MakeFolder(staging_->directory(), name, staging_->path() + "/" + name, *text);
  if (error == 0 &&
      ::renameat(staging_->directory(), name.c_str(), directory_.get(), record.id.c_str()) != 0) {
    error = errno;
  }
  if (error == 0) return record;
  staging_->Remove(staging_->directory(), name);
  return PathError("make the sandbox", root_ + "/" + record.id, error);
}

bool SandboxStore::Has(const std::string& id) const {
  return IsSandboxId(id) &&
         ::faccessat(directory_.get(), (id + "/sandbox.json").c_str(), F_OK, 0) == 0;
}

Result<std::optional<SandboxRecord>> SandboxStore::Find(const std::string& id) const {
  if (!IsSandboxId(id)) return std::nullopt;
  const std::string path = root_ + "/" + id + "/sandbox.json";
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) return PathError("read", path, errno);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::optional<SandboxRecord> record = FromText(id, text);
  if (record) return record;
  // It may have been taken apart between the two calls.
  if (!Has(id)) return std::nullopt;
  return MakeError(ErrorCode::kInternal, path + " is no record of a sandbox");
}

std::vector<std::string> SandboxStore::Names() const {
  const int own = ::openat(directory_.get(), ".", kRootDirectory);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(own < 0 ? nullptr : ::fdopendir(own),
                                                   ::closedir);
  std::vector<std::string> names;
  if (stream == nullptr) return names;
  while (const dirent* entry = ::readdir(stream.get())) names.emplace_back(entry->d_name);
  return names;
}

Result<std::vector<SandboxRecord>> SandboxStore::List() const {
  if (::faccessat(directory_.get(), ".", R_OK, 0) != 0) return PathError("list", root_, errno);
  std::vector<SandboxRecord> records;
  for (const std::string& name : Names()) {
    Result<std::optional<SandboxRecord>> record = Find(name);
    if (!record) return tl::unexpected<Error>(std::move(record.error()));
    if (*record) records.push_back(std::move(**record));
  }
  return records;
}

Result<Descriptor> SandboxStore::Hold(const std::string& id) const {
  if (!IsSandboxId(id)) return NoSandbox(id);
  Descriptor folder(::openat(directory_.get(), id.c_str(), kRootDirectory));
  const int error = folder.get() < 0 ? errno : 0;
  if (error != 0 && error != ENOENT) return PathError("open", root_ + "/" + id, error);
  // It may be taken away before the lock is there; who takes it away locks it too.
  const bool held = error == 0 && ::flock(folder.get(), LOCK_SH | LOCK_NB) == 0 && Has(id);
  if (!held) return NoSandbox(id);
  return folder;
}

Status SandboxStore::TakeAway(const std::string& id) {
  if (!IsSandboxId(id)) return NoSandbox(id);
  if (::renameat(directory_.get(), id.c_str(), staging_->directory(), id.c_str()) != 0) {
    if (errno == ENOENT) return NoSandbox(id);
    return PathError("take away the sandbox", root_ + "/" + id, errno);
  }
  AwaitRelease(staging_->directory(), id);
  return {};
}

Status SandboxStore::Discard(const std::string& id) {
  for (const int place : {staging_->directory(), directory_.get()}) {
    const int error = staging_->Remove(place, id);
    if (error != 0 && error != ENOENT) return PathError("remove", id + " from " + root_, error);
  }
  return {};
}

}  // namespace computesdk::local
