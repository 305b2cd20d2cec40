// A folder of the machine that this runs on, as an image.

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

std::shared_ptr<FileSystemImage> NodeOf(const fs::path& path, const struct stat& status,
                                        std::uint64_t number) {
  auto node = std::make_shared<FileSystemImage>();
  node->status.inode = node->highest_number = number;
  node->status.mode = status.st_mode & 07777;
  node->status.accessed = TimeOf(status.st_atim);
  node->status.modified = TimeOf(status.st_mtim);
  node->status.changed = TimeOf(status.st_ctim);
  if (S_ISREG(status.st_mode)) {
    if (::access(path.c_str(), R_OK) != 0) Throw(path, errno);
    node->status.type = FileType::kRegular;
    node->host_file = path;
    node->bytes = static_cast<std::uint64_t>(status.st_size);
  } else if (S_ISLNK(status.st_mode)) {
    node->status.type = FileType::kSymlink;
    node->content = fs::read_symlink(path);
  } else if (S_ISDIR(status.st_mode)) {
    node->status.type = FileType::kDirectory;
    node->status.links = 2;
  } else {
    return nullptr;
  }
  return node;
}

FileSystemImagePtr ImageOfHost(const fs::path& path, std::uint64_t& next_number) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) Throw(path, errno);
  std::shared_ptr<FileSystemImage> node = NodeOf(path, status, next_number);
  if (node == nullptr) return nullptr;
  ++next_number;
  if (node->status.type != FileType::kDirectory) return node;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    FileSystemImagePtr child = ImageOfHost(entry.path(), next_number);
    if (child == nullptr) continue;
    if (child->status.type == FileType::kDirectory) ++node->status.links;
    node->Add(entry.path().filename(), std::move(child));
  }
  return node;
}

}  // namespace

IoStatus FileSystem::ShowHostFolder(const std::string& folder, std::string_view path) {
  FileSystemImagePtr image;
  try {
    // With the slash a link to the folder is followed.
    image = ImageOfHost(fs::absolute(folder) / "", impl_->next_number);
  } catch (const fs::filesystem_error& error) {
    return IoError(static_cast<std::errc>(error.code().value()));
  }
  IoStatus made = MakeDirectories(path);
  if (!made) return made;
  IoResult<InodePtr> place = Find(path);
  if (!place) return IoError(place.error());
  Inode& directory = **place;
  if (!directory.directory->Empty()) return IoError(std::errc::directory_not_empty);
  impl_->usage->inodes += image->nodes - 1;
  impl_->usage->bytes += image->bytes;
  directory.mode = image->status.mode;
  directory.links = image->status.links;
  directory.modified = image->status.modified;
  directory.directory->Show(std::move(image));
  return {};
}

}  // namespace computesdk::in_memory
