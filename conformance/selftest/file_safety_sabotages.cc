#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in what the file methods must keep apart.
namespace computesdk::conformance {
namespace {

namespace fs = std::filesystem;

// Where a file service on the machine around the sandbox ends up with that path; nullopt for what
// is in the sandbox. Nothing but temporary files is ever touched out there.
std::optional<std::string> OnTheHost(const std::string& path) {
  std::error_code error;
  const fs::path temporary = fs::temp_directory_path(error);
  if (error || path.empty()) return std::nullopt;
  const std::string resolved = fs::path(path).lexically_normal().string();
  const bool outside = resolved.starts_with(temporary.string() + "/") &&
                       fs::exists(fs::path(resolved).parent_path(), error);
  return outside ? std::optional(resolved) : std::nullopt;
}

// The path with the links of the sandbox followed, as the kernel of the machine around would.
std::optional<std::string> Followed(Provider& inner, const std::string& id,
                                    const std::string& path) {
  if (path.find('\0') != std::string::npos || HasDotDot(path)) return std::nullopt;
  const auto target = Sh(inner, id, "readlink -m -n " + ShellQuote(path));
  if (!target || target->exit_code != 0 || target->stdout_bytes == path) return std::nullopt;
  return OnTheHost(target->stdout_bytes);
}

std::optional<std::string> ReadOnTheHost(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Replacements ReadsThroughLinks() {
  return {.read_file = [](Provider& inner, const std::string& id,
                          const std::string& path) -> Result<std::string> {
    const auto outside = Followed(inner, id, path);
    const auto content = outside ? ReadOnTheHost(*outside) : std::nullopt;
    return content ? *content : inner.ReadFile(id, path);
  }};
}

Replacements WritesThroughLinks() {
  return {.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                           const std::string& content) -> Status {
            const auto outside = Followed(inner, id, path);
            if (!outside) return inner.WriteFile(id, path, content);
            std::ofstream(*outside, std::ios::binary) << content;
            return {};
          },
          .remove = [](Provider& inner, const std::string& id, const std::string& path) -> Status {
            const auto outside = Followed(inner, id, path);
            std::error_code error;
            if (!outside || !fs::remove(*outside, error)) return inner.Remove(id, path);
            return {};
          }};
}

// Paths are joined with a directory of the machine around, and not resolved.
Replacements ClimbsByDotDot() {
  const auto outside = [](const std::string& path) {
    return HasDotDot(path) ? OnTheHost("/a/b/" + path) : std::nullopt;
  };
  return {.read_file = [=](Provider& inner, const std::string& id,
                           const std::string& path) -> Result<std::string> {
            const auto host = outside(path);
            const auto content = host ? ReadOnTheHost(*host) : std::nullopt;
            return content ? *content : inner.ReadFile(id, path);
          },
          .write_file = [=](Provider& inner, const std::string& id, const std::string& path,
                            const std::string& content) -> Status {
            const auto host = outside(path);
            if (!host) return inner.WriteFile(id, path, content);
            std::ofstream(*host, std::ios::binary) << content;
            return {};
          }};
}

std::vector<Sabotage> OutsideSabotages() {
  return {
      {.name = "links-lead-out-for-readers",
       .defect = "readFile works on the machine around, and follows the sandbox's links there.",
       .classes = {"F32", "S4"},
       .reveals = {"filesystem.outside.links-read"},
       .make = Spoil(ReadsThroughLinks())},
      {.name = "links-lead-out-for-writers",
       .defect = "writeFile and remove follow the sandbox's links on the machine around.",
       .classes = {"F32", "F38", "S4"},
       .reveals = {"filesystem.outside.links-write"},
       .make = Spoil(WritesThroughLinks())},
      {.name = "dot-dot-leads-out",
       .defect = "readFile and writeFile join the path with a directory outside.",
       .classes = {"F32", "S4"},
       .reveals = {"filesystem.outside.dot-dot"},
       .make = Spoil(ClimbsByDotDot())},
  };
}

// The workdir of every sandbox is one volume, to the file methods. Directories in it are not: the
// checks that run beside each other have theirs there.
Replacements OneVolumeForAll() {
  struct State {
    std::mutex mutex;
    std::map<std::string, std::string> files;
  };
  const auto state = std::make_shared<State>();
  const auto shared = [](const std::string& path) { return ParentOf(path) == "/workspace"; };
  return {.read_file = [=](Provider& inner, const std::string& id,
                           const std::string& path) -> Result<std::string> {
            const std::lock_guard lock(state->mutex);
            const auto found = state->files.find(path);
            if (found != state->files.end()) return found->second;
            return inner.ReadFile(id, path);
          },
          .write_file =
              [=](Provider& inner, const std::string& id, const std::string& path,
                  const std::string& content) {
                const std::lock_guard lock(state->mutex);
                const Status written = inner.WriteFile(id, path, content);
                if (written && shared(path)) state->files[path] = content;
                return written;
              },
          .exists = [=](Provider& inner, const std::string& id,
                        const std::string& path) -> Result<bool> {
            const std::lock_guard lock(state->mutex);
            if (state->files.contains(path)) return true;
            return inner.Exists(id, path);
          },
          .remove =
              [=](Provider& inner, const std::string& id, const std::string& path) {
                const std::lock_guard lock(state->mutex);
                state->files.erase(path);
                return inner.Remove(id, path);
              }};
}

constexpr std::chrono::milliseconds kMoment{3};

// Whether somebody else is in the middle of a call on the same directory.
class Busy {
 public:
  // Counts the caller in; true if another one was there already.
  bool Enter(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return inside_[key]++ > 0;
  }
  void Leave(const std::string& key) {
    const std::lock_guard lock(mutex_);
    --inside_[key];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> inside_;
};

// A call that takes a moment where the parent is missing, and fails where another makes it.
template <typename Call>
Status MakingTheParent(Busy& busy, Provider& inner, const std::string& id, const std::string& path,
                       Call call) {
  const std::string parent = ParentOf(path);
  const bool missing = parent.starts_with('/') && !inner.Exists(id, parent).value_or(true);
  if (!missing) return call();
  const bool late = busy.Enter(id + parent);
  std::this_thread::sleep_for(kMoment);
  const Status done =
      late ? MakeError(ErrorCode::kAlreadyExists, parent + ": File exists") : call();
  busy.Leave(id + parent);
  return done;
}

Replacements ParentsOfMkdirRace() {
  const auto busy = std::make_shared<Busy>();
  return {.mkdir = [busy](Provider& inner, const std::string& id, const std::string& path) {
    return MakingTheParent(*busy, inner, id, path, [&] { return inner.Mkdir(id, path); });
  }};
}

Replacements ParentsOfWriteRace() {
  const auto busy = std::make_shared<Busy>();
  return {.write_file = [busy](Provider& inner, const std::string& id, const std::string& path,
                               const std::string& content) {
    return MakingTheParent(*busy, inner, id, path,
                           [&] { return inner.WriteFile(id, path, content); });
  }};
}

// Content goes through one temporary file. It hurts those who write at the same time.
Replacements OneTemporaryFile() {
  struct State {
    std::mutex mutex;
    std::string temporary;
  };
  const auto state = std::make_shared<State>();
  return {.write_file = [state](Provider& inner, const std::string& id, const std::string& path,
                                const std::string& content) {
    // Of the size that the parallel writers use, so that checks beside them are not hurt.
    if (content.size() < 1000 || content.size() > 1010) return inner.WriteFile(id, path, content);
    {
      const std::lock_guard lock(state->mutex);
      state->temporary = content;
    }
    std::this_thread::sleep_for(kMoment);
    const std::lock_guard lock(state->mutex);
    return inner.WriteFile(id, path, state->temporary);
  }};
}

constexpr std::size_t kPiece = 10'000;

// The target is emptied and then filled piece by piece.
Replacements WrittenInPieces() {
  return {.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                           const std::string& content) -> Status {
    if (content.size() < 2 * kPiece || content.size() > 50'000) {
      return inner.WriteFile(id, path, content);
    }
    Status written = inner.WriteFile(id, path, "");
    for (std::size_t at = 0; written && at < content.size(); at += kPiece) {
      std::this_thread::sleep_for(kMoment / 3);
      const Result<std::string> before = inner.ReadFile(id, path);
      if (!before) return tl::unexpected(before.error());
      written = inner.WriteFile(id, path, *before + content.substr(at, kPiece));
    }
    return written;
  }};
}

// The target is empty for a moment; who reads it meanwhile sees that.
Replacements EmptiedFirst() {
  return {.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                           const std::string& content) -> Status {
    const bool replaced = content.size() == 100'000 || content.size() == 150'000;
    if (replaced && inner.WriteFile(id, path, "")) std::this_thread::sleep_for(kMoment);
    return inner.WriteFile(id, path, content);
  }};
}

std::vector<Sabotage> SharingSabotages() {
  return {
      {.name = "file-methods-share-a-volume",
       .defect = "The file methods of every sandbox work on one volume.",
       .classes = {"S2"},
       .reveals = {"filesystem.sandboxes-share-nothing"},
       .make = SpoilWith(OneVolumeForAll)},
      {.name = "one-temporary-file",
       .defect = "writeFile uploads to one temporary file, the same for all calls.",
       .classes = {"F41", "P5"},
       .reveals = {"filesystem.parallel.different-paths", "filesystem.parallel.new-parents"},
       .make = SpoilWith(OneTemporaryFile)},
      {.name = "mkdir-looks-and-makes",
       .defect = "mkdir looks for the parent, and fails to make it where another was faster.",
       .classes = {"F41"},
       .reveals = {"filesystem.parallel.same-parents"},
       .make = SpoilWith(ParentsOfMkdirRace)},
      {.name = "write-looks-and-makes",
       .defect = "writeFile looks for the parent, and fails to make it where another was faster.",
       .classes = {"F41"},
       .reveals = {"filesystem.parallel.new-parents"},
       .make = SpoilWith(ParentsOfWriteRace)},
      {.name = "write-in-pieces",
       .defect = "writeFile appends piece by piece to the target itself.",
       .classes = {"F41", "P5"},
       .reveals = {"filesystem.parallel.same-path"},
       .make = Spoil(WrittenInPieces())},
      {.name = "write-empties-first",
       .defect = "writeFile empties the target a moment before it fills it.",
       .classes = {"F41"},
       .reveals = {"filesystem.parallel.readers"},
       .make = Spoil(EmptiedFirst())},
  };
}

}  // namespace

std::vector<Sabotage> FileSafetySabotages() {
  std::vector<Sabotage> all = OutsideSabotages();
  for (Sabotage& sabotage : SharingSabotages()) all.push_back(std::move(sabotage));
  return all;
}

}  // namespace computesdk::conformance
