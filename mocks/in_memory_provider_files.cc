// The six file methods, and how their errors are told.

#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory_provider_impl.h"

namespace computesdk {
namespace {

using in_memory::DirectoryEntry;
using in_memory::FileStatus;
using in_memory::FileSystem;
using in_memory::FileType;
using in_memory::Follow;
using in_memory::IoError;
using in_memory::IoResult;
using in_memory::IoStatus;
using in_memory::JoinPath;

// What lies below a file is not there.
template <typename T>
IoResult<T> MissingBelowAFile(IoResult<T> result) {
  if (result || result.error() != std::errc::not_a_directory) return result;
  return IoError(std::errc::no_such_file_or_directory);
}

FileEntry EntryOf(const FileSystem& files, const std::string& directory, DirectoryEntry entry,
                  const std::string& shown) {
  FileEntry result;
  result.path = JoinPath(shown, entry.name);
  result.is_directory = entry.type == FileType::kDirectory;
  const IoResult<FileStatus> status = files.Stat(JoinPath(directory, entry.name), Follow::kNo);
  if (status) {
    result.size = static_cast<std::int64_t>(status->size);
    result.last_modified = std::chrono::floor<Milliseconds>(status->modified);
  }
  result.name = std::move(entry.name);
  return result;
}

}  // namespace

IoStatus WriteWithParents(FileSystem& files, const std::string& path, const std::string& content) {
  IoStatus written = files.WriteFile(path, content);
  if (written || written.error() != std::errc::no_such_file_or_directory) return written;
  IoStatus made = files.MakeDirectories(path.substr(0, path.rfind('/') + 1));
  if (!made) return made;
  return files.WriteFile(path, content);
}

ErrorCode ErrorCodeOf(std::errc error) {
  switch (error) {
    case std::errc::no_such_file_or_directory:
      return ErrorCode::kNotFound;
    case std::errc::file_exists:
      return ErrorCode::kAlreadyExists;
    case std::errc::filename_too_long:
    case std::errc::invalid_argument:
      return ErrorCode::kInvalidArgument;
    case std::errc::no_space_on_device:
    case std::errc::resource_unavailable_try_again:
    case std::errc::file_too_large:
      return ErrorCode::kResourceExhausted;
    case std::errc::operation_not_permitted:
    case std::errc::permission_denied:
      return ErrorCode::kPermissionDenied;
    default:
      return ErrorCode::kFailedPrecondition;
  }
}

Result<std::string> InMemoryProvider::ReadFile(const std::string& sandbox_id,
                                               const std::string& path) {
  return impl_->WithFiles<std::string>(sandbox_id, path,
                                       [](FileSystem& files, const std::string& absolute) {
                                         return MissingBelowAFile(files.ReadFile(absolute));
                                       });
}

Status InMemoryProvider::WriteFile(const std::string& sandbox_id, const std::string& path,
                                   const std::string& content) {
  return impl_->WithFiles<void>(sandbox_id, path,
                                [&](FileSystem& files, const std::string& absolute) {
                                  return WriteWithParents(files, absolute, content);
                                });
}

Status InMemoryProvider::Mkdir(const std::string& sandbox_id, const std::string& path) {
  return impl_->WithFiles<void>(sandbox_id, path,
                                [](FileSystem& files, const std::string& absolute) {
                                  return files.MakeDirectories(absolute);
                                });
}

Result<std::vector<FileEntry>> InMemoryProvider::Readdir(const std::string& sandbox_id,
                                                         const std::string& path) {
  return impl_->WithFiles<std::vector<FileEntry>>(
      sandbox_id, path,
      [&](FileSystem& files, const std::string& absolute) -> IoResult<std::vector<FileEntry>> {
        IoResult<std::vector<DirectoryEntry>> names = files.List(absolute);
        if (!names) return IoError(names.error());
        std::vector<FileEntry> entries;
        entries.reserve(names->size());
        for (DirectoryEntry& name : *names) {
          entries.push_back(EntryOf(files, absolute, std::move(name), path));
        }
        return entries;
      });
}

Result<bool> InMemoryProvider::Exists(const std::string& sandbox_id, const std::string& path) {
  return impl_->WithFiles<bool>(
      sandbox_id, path, [](FileSystem& files, const std::string& absolute) -> IoResult<bool> {
        return files.Stat(absolute).has_value();
      });
}

Status InMemoryProvider::Remove(const std::string& sandbox_id, const std::string& path) {
  return impl_->WithFiles<void>(sandbox_id, path,
                                [](FileSystem& files, const std::string& absolute) {
                                  return MissingBelowAFile(files.RemoveTree(absolute));
                                });
}

}  // namespace computesdk
