#include "providers/local/staging.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <utility>
#include <vector>

#include "providers/local/path_error.h"

namespace computesdk::local {
namespace {

// How often a folder is emptied again, into which somebody still writes.
constexpr int kTries = 100;

std::vector<std::string> EntryNames(int directory) {
  std::vector<std::string> names;
  const int own = directory < 0 ? -1 : ::openat(directory, ".", kOpenDirectory);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(own < 0 ? nullptr : ::fdopendir(own),
                                                   ::closedir);
  if (stream == nullptr) return names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

// A folder whose owner took its own rights away is still the owner's to remove.
Descriptor OpenToEmpty(int directory, const std::string& name) {
  Descriptor opened(::openat(directory, name.c_str(), kOpenDirectory));
  if (opened.get() < 0 && errno == EACCES) {
    ::fchmodat(directory, name.c_str(), 0700, 0);
    opened = Descriptor(::openat(directory, name.c_str(), kOpenDirectory));
  }
  if (opened.get() >= 0) {
    struct stat info {};
    const bool closed = ::fstat(opened.get(), &info) == 0 && (info.st_mode & 0700) != 0700;
    if (closed) ::fchmod(opened.get(), 0700);
  }
  return opened;
}

// Takes trees in a folder apart. What lies very deep is moved up into the folder and taken apart
// from there, so that no depth runs out of stack or of descriptors.
class Remover {
 public:
  Remover(int top, std::function<std::string()> new_name)
      : top_(top), new_name_(std::move(new_name)) {}

  // The errno, or 0.
  int Remove(const std::string& name) {
    trees_.push_back(name);
    int tries = 0;
    while (!trees_.empty()) {
      const std::string tree = trees_.front();
      const int error = RemoveFolder(top_, tree, 0);
      if (error == 0) {
        trees_.pop_front();
      } else if (++tries > kTries) {
        return error;
      }
    }
    return 0;
  }

 private:
  static constexpr int kDeepest = 32;

  int RemoveFolder(int directory, const std::string& name, int depth) {
    {
      const Descriptor folder = OpenToEmpty(directory, name);
      for (const std::string& entry : EntryNames(folder.get())) {
        if (::unlinkat(folder.get(), entry.c_str(), 0) == 0 || errno == ENOENT) continue;
        if (depth < kDeepest) {
          RemoveFolder(folder.get(), entry, depth + 1);
        } else if (std::string moved = new_name_();
                   ::renameat(folder.get(), entry.c_str(), top_, moved.c_str()) == 0) {
          trees_.push_back(std::move(moved));
        }
      }
    }
    // Fails where anything in it could not be removed, or was put into it meanwhile.
    return ::unlinkat(directory, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : errno;
  }

  const int top_;
  const std::function<std::string()> new_name_;
  std::deque<std::string> trees_;
};

bool Lock(int directory) { return ::flock(directory, LOCK_EX | LOCK_NB) == 0; }

void RemoveThoseOfTheDead(int parent, const Staging::Leftover& leftover) {
  for (const std::string& name : EntryNames(parent)) {
    const Descriptor other(::openat(parent, name.c_str(), kOpenDirectory));
    if (other.get() < 0 || !Lock(other.get())) continue;
    for (const std::string& entry : EntryNames(other.get())) leftover(other.get(), entry);
    Remover(parent, RandomName).Remove(name);
  }
}

}  // namespace

std::string RandomName() {
  unsigned char bytes[8] = {};
  // Up to 256 bytes come whole, once the system has started.
  while (::getrandom(bytes, sizeof bytes, 0) < 0 && errno == EINTR) {
  }
  std::string name;
  for (const unsigned char byte : bytes) {
    name += "0123456789abcdef"[byte >> 4];
    name += "0123456789abcdef"[byte & 15];
  }
  return name;
}

Result<std::unique_ptr<Staging>> Staging::Open(const std::string& folder,
                                               const Leftover& leftover) {
  Descriptor parent(::open(folder.c_str(), kOpenDirectory));
  if (parent.get() < 0) return PathError("open", folder, errno);
  RemoveThoseOfTheDead(parent.get(), leftover);
  while (true) {
    const std::string name = RandomName();
    if (::mkdirat(parent.get(), name.c_str(), 0700) != 0) {
      return PathError("make a directory in", folder, errno);
    }
    Descriptor own(::openat(parent.get(), name.c_str(), kOpenDirectory));
    // Another process may have taken it for a dead one's before it was locked.
    if (own.get() < 0 || !Lock(own.get()) ||
        ::faccessat(parent.get(), name.c_str(), F_OK, 0) != 0) {
      continue;
    }
    return std::unique_ptr<Staging>(
        new Staging(folder, name, std::move(parent), std::move(own), leftover));
  }
}

Staging::Staging(std::string folder, std::string name, Descriptor parent, Descriptor directory,
                 Leftover leftover)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      path_(folder_ + "/" + name_),
      parent_(std::move(parent)),
      directory_(std::move(directory)),
      leftover_(std::move(leftover)) {}

Staging::~Staging() {
  Remover(parent_.get(), RandomName).Remove(name_);
  // Whose child held the lock when this one began, between its fork and its exec.
  RemoveThoseOfTheDead(parent_.get(), leftover_);
}

std::string Staging::NewName() { return std::to_string(++count_); }

int Staging::Remove(int directory, const std::string& name) {
  struct stat info {};
  if (::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (!S_ISDIR(info.st_mode)) {
    return ::unlinkat(directory, name.c_str(), 0) == 0 ? 0 : errno;
  }
  const std::string moved = NewName();
  if (::renameat(directory, name.c_str(), directory_.get(), moved.c_str()) != 0) return errno;
  return Remover(directory_.get(), [this] { return NewName(); }).Remove(moved);
}

}  // namespace computesdk::local
