#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/file_system/file_system_impl.h"

namespace computesdk::in_memory {
namespace {

constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 62;

}  // namespace

std::size_t FileSystem::ReadAt(const Inode& inode, std::uint64_t offset, char* buffer,
                               std::size_t size) const {
  if (inode.type != FileType::kRegular) return 0;
  if (size > 0) impl_->NoteRead(inode);
  if (offset >= inode.content.size()) return 0;
  const std::size_t count = std::min<std::uint64_t>(size, inode.content.size() - offset);
  std::copy_n(inode.content.data() + offset, count, buffer);
  return count;
}

std::string FileSystem::ReadAt(const Inode& inode, std::uint64_t offset, std::size_t size) const {
  if (inode.type != FileType::kRegular) return {};
  if (size > 0) impl_->NoteRead(inode);
  if (offset >= inode.content.size()) return {};
  return inode.content.substr(offset, size);
}

IoResult<std::size_t> FileSystem::WriteAt(Inode& inode, std::uint64_t offset,
                                          std::string_view data) {
  if (inode.IsDirectory()) return IoError(std::errc::is_a_directory);
  if (inode.type != FileType::kRegular) return IoError(std::errc::invalid_argument);
  if (data.empty()) return 0;
  if (offset > kMaxFileSize) return IoError(std::errc::file_too_large);
  const std::uint64_t room =
      impl_->limits.bytes - std::min(impl_->limits.bytes, impl_->usage->bytes);
  const std::uint64_t most = inode.content.size() + room;
  if (offset >= most) return IoError(std::errc::no_space_on_device);
  data = data.substr(0, most - offset);
  const std::size_t before = inode.content.size();
  if (offset > before) inode.content.resize(offset);
  const std::size_t overwritten =
      std::min<std::uint64_t>(data.size(), inode.content.size() - offset);
  std::memcpy(inode.content.data() + offset, data.data(), overwritten);
  inode.content.append(data.substr(overwritten));
  impl_->usage->bytes += inode.content.size() - before;
  impl_->Touch(inode);
  return data.size();
}

IoStatus FileSystem::Truncate(Inode& inode, std::uint64_t size) {
  if (inode.IsDirectory()) return IoError(std::errc::is_a_directory);
  if (inode.type != FileType::kRegular) return IoError(std::errc::invalid_argument);
  const std::uint64_t before = inode.content.size();
  const std::uint64_t others = impl_->usage->bytes - before;
  if (size > before && (size > impl_->limits.bytes || others > impl_->limits.bytes - size)) {
    return IoError(size > kMaxFileSize ? std::errc::file_too_large : std::errc::no_space_on_device);
  }
  if (size == 0) {
    std::string().swap(inode.content);
  } else {
    inode.content.resize(size);
  }
  impl_->usage->bytes = others + size;
  impl_->Touch(inode);
  return {};
}

IoResult<std::string> FileSystem::ReadFile(std::string_view path) const {
  IoResult<Place> place = impl_->ResolveExisting(path, Follow::kYes);
  if (!place) return IoError(place.error());
  const Inode& inode = **place->inode;
  if (inode.IsDirectory()) return IoError(std::errc::is_a_directory);
  if (inode.type == FileType::kCharacterDevice && inode.content == "null") return std::string();
  if (inode.type != FileType::kRegular) return IoError(std::errc::invalid_argument);
  impl_->NoteRead(inode);
  return inode.content;
}

IoStatus FileSystem::WriteFile(std::string_view path, std::string_view content, unsigned mode) {
  IoResult<InodePtr> file = Create(path, mode);
  if (!file) return IoError(file.error());
  Inode& inode = **file;
  if (inode.type == FileType::kCharacterDevice && inode.content == "null") return {};
  if (inode.type != FileType::kRegular) return IoError(std::errc::invalid_argument);
  const std::uint64_t others = impl_->usage->bytes - inode.content.size();
  if (others + content.size() > impl_->limits.bytes) return IoError(std::errc::no_space_on_device);
  // The memory is used again, unless most of it would lie idle.
  if (content.size() < inode.content.capacity() / 2) std::string().swap(inode.content);
  inode.content.assign(content);
  impl_->usage->bytes = others + content.size();
  impl_->Touch(inode);
  return {};
}

}  // namespace computesdk::in_memory
