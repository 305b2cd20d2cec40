#include "providers/local/path_walk.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace computesdk::local {
namespace {

constexpr int kMostLinks = 40;  // As the kernel has it.
constexpr int kWalkedDirectory = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

using PendingNames = std::deque<std::string>;

// The names of a path, without what stands for nothing.
PendingNames Split(std::string_view path) {
  PendingNames names;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    if (!name.empty() && name != ".") names.emplace_back(name);
    if (slash == path.npos) break;
    path.remove_prefix(slash + 1);
  }
  return names;
}

bool EndsAsDirectory(std::string_view path) {
  return path.ends_with('/') || path == "." || path.ends_with("/.") || path == ".." ||
         path.ends_with("/..");
}

class Walker {
 public:
  Walker(int base, const std::string& base_path, WalkOptions options)
      : base_(base), base_names_(Split(base_path)), options_(options) {}

  tl::expected<Place, int> Run(const std::string& home, const std::string& path) {
    if (!Prepend(path)) return tl::unexpected<int>(EXDEV);
    if (!path.starts_with('/')) rest_.push_front(home);
    must_be_directory_ = EndsAsDirectory(path);
    while (!rest_.empty()) {
      name_ = std::move(rest_.front());
      rest_.pop_front();
      if (const int error = Step(); error != 0) return tl::unexpected<int>(error);
      if (arrived_) return Arrive(std::move(name_));
    }
    return Arrive(".");
  }

 private:
  int Here() const { return directories_.empty() ? base_ : directories_.back().get(); }

  // Puts the names of a path before what is left. An absolute path starts from the base, which it
  // has to begin with; false if it does not.
  bool Prepend(const std::string& path) {
    PendingNames names = Split(path);
    if (path.starts_with('/')) {
      for (const std::string& name : base_names_) {
        if (names.empty() || names.front() != name) return false;
        names.pop_front();
      }
      directories_.clear();
    }
    rest_.insert(rest_.begin(), names.begin(), names.end());
    return true;
  }

  // Takes name_; the errno, or 0.
  int Step() {
    if (name_ == "..") {
      if (directories_.empty()) return EXDEV;
      directories_.pop_back();
      return 0;
    }
    const bool last = rest_.empty();
    struct stat info {};
    const bool there = ::fstatat(Here(), name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
    if (!there && errno != ENOENT) return errno;
    if (there && S_ISLNK(info.st_mode) && (!last || options_.follow_last)) return Follow();
    if (last) {
      arrived_ = true;
      return 0;
    }
    if (!there && !options_.make_parents) return ENOENT;
    if (!there && ::mkdirat(Here(), name_.c_str(), 0777) != 0 && errno != EEXIST) return errno;
    Descriptor next(::openat(Here(), name_.c_str(), kWalkedDirectory));
    if (next.get() < 0) return errno;
    directories_.push_back(std::move(next));
    return 0;
  }

  int Follow() {
    if (++links_ > kMostLinks) return ELOOP;
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlinkat(Here(), name_.c_str(), target.data(), target.size());
    if (size < 0) return errno;
    target.resize(static_cast<std::size_t>(size));
    if (rest_.empty() && EndsAsDirectory(target)) must_be_directory_ = true;
    return Prepend(target) ? 0 : EXDEV;
  }

  tl::expected<Place, int> Arrive(std::string name) {
    Descriptor directory(::openat(Here(), ".", kWalkedDirectory));
    if (directory.get() < 0) return tl::unexpected<int>(errno);
    return Place{std::move(directory), std::move(name), must_be_directory_};
  }

  const int base_;
  const PendingNames base_names_;
  const WalkOptions options_;
  std::vector<Descriptor> directories_;  // The way from the base.
  PendingNames rest_;
  std::string name_;
  bool arrived_ = false;
  bool must_be_directory_ = false;
  int links_ = 0;
};

}  // namespace

tl::expected<Place, int> Walk(int base, const std::string& base_path, const std::string& home,
                              const std::string& path, WalkOptions options) {
  return Walker(base, base_path, options).Run(home, path);
}

}  // namespace computesdk::local
