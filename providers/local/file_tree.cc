#include "providers/local/file_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "providers/local/path_error.h"

namespace computesdk::local {
namespace {

struct Looked {
  int error = 0;
  struct stat info {};
};

Looked Look(int directory, const std::string& name) {
  Looked looked;
  if (::fstatat(directory, name.c_str(), &looked.info, AT_SYMLINK_NOFOLLOW) != 0) {
    looked.error = errno;
  }
  return looked;
}

Timestamp ModifiedAt(const struct stat& info) {
  return Timestamp(Milliseconds(info.st_mtim.tv_sec * 1000LL + info.st_mtim.tv_nsec / 1'000'000));
}

// The rest of the file; the errno on failure.
tl::expected<std::string, int> ReadToEnd(int file, std::size_t expected, std::size_t most) {
  std::string content;
  std::size_t room = std::min(expected, most) + 1;  // One more, to see the end at once.
  while (content.size() <= most) {
    const std::size_t used = content.size();
    content.resize(used + room);
    ssize_t count = 0;
    do {
      count = ::read(file, content.data() + used, room);
    } while (count < 0 && errno == EINTR);
    const int error = errno;
    content.resize(used + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0) return tl::unexpected<int>(error);
    if (count == 0) return content;
    room = std::size_t{64} << 10;
  }
  return tl::unexpected<int>(EFBIG);
}

}  // namespace

Result<FileTree> FileTree::Open(const std::string& path, const std::string& home,
                                Staging& staging) {
  Descriptor base(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (base.get() < 0) return PathError("open", path, errno);
  return FileTree(std::move(base), path, home, staging);
}

tl::expected<Place, int> FileTree::Find(const std::string& path, WalkOptions options) const {
  if (path.empty() || path.find('\0') != path.npos) return tl::unexpected<int>(EINVAL);
  return Walk(base_.get(), path_, home_, path, options);
}

tl::unexpected<Error> FileTree::Failure(const std::string& doing, const std::string& path,
                                        int error) const {
  if (error != EXDEV) return PathError(doing, path, error);
  return MakeError(ErrorCode::kPermissionDenied,
                   "cannot " + doing + " " + path + ": it lies outside the sandbox, " + path_);
}

Result<std::string> FileTree::Read(const std::string& path, std::size_t most) const {
  const auto place = Find(path, {});
  if (!place) return Failure("read", path, place.error());
  // O_NONBLOCK: a named pipe would wait for its writer.
  const Descriptor file(::openat(place->directory.get(), place->name.c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.get() < 0) return Failure("read", path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return Failure("read", path, errno);
  if (S_ISDIR(info.st_mode)) return Failure("read", path, EISDIR);
  if (place->must_be_directory) return Failure("read", path, ENOTDIR);
  if (!S_ISREG(info.st_mode)) {
    return MakeError(ErrorCode::kFailedPrecondition, "cannot read " + path + ": it is no file");
  }
  auto content = ReadToEnd(file.get(), static_cast<std::size_t>(info.st_size), most);
  if (!content) return Failure("read", path, content.error());
  return std::move(*content);
}

Status FileTree::Write(const std::string& path, const std::string& content) const {
  const auto place = Find(path, {.make_parents = true});
  if (!place) return Failure("write", path, place.error());
  const Looked old = Look(place->directory.get(), place->name);
  if (place->must_be_directory || (old.error == 0 && S_ISDIR(old.info.st_mode))) {
    return Failure("write", path, EISDIR);
  }
  if (old.error != 0 && old.error != ENOENT) return Failure("write", path, old.error);
  if (old.error == 0 && !S_ISREG(old.info.st_mode)) {
    return MakeError(ErrorCode::kFailedPrecondition, "cannot write " + path + ": it is no file");
  }
  const std::string name = staging_->NewName();
  int error = 0;
  {
    const Descriptor file(::openat(staging_->directory(), name.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file.get() < 0) return Failure("write", path, errno);
    // The new content of a script stays executable.
    const bool written = adapter::WriteFully(file.get(), content) &&
                         (old.error != 0 || ::fchmod(file.get(), old.info.st_mode & 07777) == 0);
    if (!written) error = errno;
  }
  if (error == 0 && ::renameat(staging_->directory(), name.c_str(), place->directory.get(),
                               place->name.c_str()) != 0) {
    error = errno;
  }
  if (error == 0) return {};
  ::unlinkat(staging_->directory(), name.c_str(), 0);
  return Failure("write", path, error);
}

Status FileTree::MakeDirectory(const std::string& path) const {
  const auto place = Find(path, {.make_parents = true});
  if (!place) return Failure("make the directory", path, place.error());
  if (::mkdirat(place->directory.get(), place->name.c_str(), 0777) == 0) return {};
  if (errno != EEXIST) return Failure("make the directory", path, errno);
  const Looked there = Look(place->directory.get(), place->name);
  if (there.error == 0 && S_ISDIR(there.info.st_mode)) return {};
  return Failure("make the directory", path, EEXIST);
}

Result<std::vector<FileEntry>> FileTree::List(const std::string& path) const {
  const auto place = Find(path, {});
  if (!place) return Failure("list", path, place.error());
  const int opened = ::openat(place->directory.get(), place->name.c_str(), kOpenDirectory);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(opened < 0 ? nullptr : ::fdopendir(opened),
                                                   ::closedir);
  if (stream == nullptr) return Failure("list", path, errno);
  const std::string prefix = path.ends_with('/') ? path : path + "/";
  std::vector<FileEntry> entries;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const Looked looked = Look(::dirfd(stream.get()), name);
    if (looked.error != 0) continue;  // Removed meanwhile.
    entries.push_back({.name = name,
                       .path = prefix + name,
                       .is_directory = S_ISDIR(looked.info.st_mode),
                       .size = looked.info.st_size,
                       .last_modified = ModifiedAt(looked.info)});
  }
  return entries;
}

Result<bool> FileTree::Exists(const std::string& path) const {
  // A link is there whatever it leads to, and nothing is told of what lies outside.
  const auto place = Find(path, {.follow_last = false});
  const auto means_missing = [](int error) {
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP;
  };
  if (!place && means_missing(place.error())) return false;
  if (!place) return Failure("look for", path, place.error());
  const Looked there = Look(place->directory.get(), place->name);
  if (means_missing(there.error)) return false;
  if (there.error != 0) return Failure("look for", path, there.error);
  return !place->must_be_directory || S_ISDIR(there.info.st_mode);
}

Status FileTree::Remove(const std::string& path) const {
  const auto place = Find(path, {.follow_last = false});
  if (!place) return Failure("remove", path, place.error());
  if (place->name == ".") return Failure("remove", path, EINVAL);
  const Looked there = Look(place->directory.get(), place->name);
  int error = there.error;
  if (error == 0 && place->must_be_directory && !S_ISDIR(there.info.st_mode)) error = ENOTDIR;
  if (error == 0) error = staging_->Remove(place->directory.get(), place->name);
  if (error == 0) return {};
  return Failure("remove", path, error);
}

}  // namespace computesdk::local
