// A folder of the machine that this runs on, as a frozen tree.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "mocks/in_memory/file_system/file_system_impl.h"

namespace computesdk::in_memory {
namespace {

namespace fs = std::filesystem;

FileTime TimeOf(const timespec& time) {
  return FileTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

[[noreturn]] void Throw(const fs::path& path, int error) {
  throw fs::filesystem_error("cannot be shown", path,
                             std::error_code(error, std::generic_category()));
}

// The tree of a folder of this machine, its inodes counted and numbered.
class HostTree {
 public:
  explicit HostTree(std::uint64_t& next_number) : next_number_(next_number) {}

  InodePtr Make(const fs::path& path) {
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0) Throw(path, errno);
    InodePtr inode = MakeNode(path, status);
    if (inode == nullptr || !inode->IsDirectory()) return inode;
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
      InodePtr child = Make(entry.path());
      if (child == nullptr) continue;
      if (child->IsDirectory()) ++inode->links;
      inode->directory->Insert(entry.path().filename().string(), std::move(child));
    }
    return inode;
  }

  FileSystemUsage& usage() { return *usage_; }

 private:
  // nullptr for what is no file, folder or link.
  InodePtr MakeNode(const fs::path& path, const struct stat& status) {
    FileType type = FileType::kRegular;
    if (S_ISLNK(status.st_mode)) {
      type = FileType::kSymlink;
    } else if (S_ISDIR(status.st_mode)) {
      type = FileType::kDirectory;
    } else if (!S_ISREG(status.st_mode)) {
      return nullptr;
    }
    if (type == FileType::kRegular && ::access(path.c_str(), R_OK) != 0) Throw(path, errno);
    auto inode = std::make_shared<Inode>(type, status.st_mode, next_number_++, FileTime(), usage_);
    inode->accessed = TimeOf(status.st_atim);
    inode->modified = TimeOf(status.st_mtim);
    inode->changed = TimeOf(status.st_ctim);
    if (type == FileType::kSymlink) inode->content = fs::read_symlink(path);
    if (type == FileType::kRegular) {
      const auto size = static_cast<std::uint64_t>(status.st_size);
      inode->host_file = std::make_unique<Inode::HostFile>(Inode::HostFile{path.string(), size});
      usage_->bytes += size;
    }
    return inode;
  }

  std::uint64_t& next_number_;
  std::shared_ptr<FileSystemUsage> usage_ = std::make_shared<FileSystemUsage>();
};

}  // namespace

IoStatus FileSystem::ShowHostFolder(const std::string& folder, std::string_view path) {
  HostTree tree(impl_->next_number);
  InodePtr top;
  try {
    // With the slash a link to the folder is followed.
    top = tree.Make(fs::absolute(folder) / "");
  } catch (const fs::filesystem_error& error) {
    return IoError(static_cast<std::errc>(error.code().value()));
  }
  IoStatus made = MakeDirectories(path);
  if (!made) return made;
  IoResult<InodePtr> place = Find(path);
  if (!place) return IoError(place.error());
  Inode& directory = **place;
  if (!directory.directory->Empty()) return IoError(std::errc::directory_not_empty);
  impl_->usage->inodes += tree.usage().inodes - 1;
  impl_->usage->bytes += tree.usage().bytes;
  tree.usage().frozen = true;
  directory.mode = top->mode;
  directory.links = top->links;
  directory.modified = top->modified;
  directory.directory->Show(top);
  return {};
}

}  // namespace computesdk::in_memory
