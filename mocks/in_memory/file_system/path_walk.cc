#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/file_system/file_system_impl.h"

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxPath = 4095;
constexpr int kMaxLinks = 40;

LastPart::Kind KindOf(std::string_view name) {
  if (name == ".") return LastPart::kDot;
  if (name == "..") return LastPart::kDotDot;
  return LastPart::kName;
}

}  // namespace

const InodePtr* FileSystem::Impl::LookUp(const LastPart& last) const {
  Inode& directory = **last.directory;
  switch (last.kind) {
    case LastPart::kRoot:
    case LastPart::kDot:
      return last.directory;
    case LastPart::kDotDot: {
      Inode* parent = directory.directory->parent;
      if (parent == root.get()) return &root;
      Directory& above = *parent->directory;
      return above.parent->directory->Find(above.name, *above.parent, usage);
    }
    case LastPart::kName:
      break;
  }
  return directory.directory->Find(last.name, directory, usage);
}

IoResult<LastPart> FileSystem::Impl::WalkFrom(const InodePtr& start, std::string_view path,
                                              int& links) const {
  if (path.empty()) return IoError(std::errc::no_such_file_or_directory);
  if (path.size() > kMaxPath) return IoError(std::errc::filename_too_long);
  if (refresh && path.starts_with(refreshed)) refresh(path);
  LastPart part;
  part.directory = path.front() == '/' ? &root : &start;
  std::size_t begin = path.find_first_not_of('/');
  if (begin == std::string_view::npos) {
    part.kind = LastPart::kRoot;
    return part;
  }
  while (true) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    part.name = path.substr(begin, end - begin);
    part.kind = KindOf(part.name);
    if (part.name.size() > kMaxName) return IoError(std::errc::filename_too_long);
    begin = path.find_first_not_of('/', end);
    if (begin == std::string_view::npos) {
      part.trailing_slash = end < path.size();
      return part;
    }
    const InodePtr* next = LookUp(part);
    if (next != nullptr && (*next)->type == FileType::kSymlink) {
      IoResult<Place> target = ResolveFrom(part, Follow::kYes, links);
      if (!target) return IoError(target.error());
      next = target->inode;
    }
    if (next == nullptr) return IoError(std::errc::no_such_file_or_directory);
    if (!(*next)->IsDirectory()) return IoError(std::errc::not_a_directory);
    part.directory = next;
  }
}

IoResult<Place> FileSystem::Impl::ResolveFrom(LastPart last, Follow follow, int& links) const {
  while (true) {
    const InodePtr* const found = LookUp(last);
    if (found == nullptr) return Place{std::move(last), nullptr};
    const Inode& inode = **found;
    const bool follows = follow == Follow::kYes || last.trailing_slash;
    if (inode.type != FileType::kSymlink || !follows) {
      if (last.trailing_slash && !inode.IsDirectory()) return IoError(std::errc::not_a_directory);
      return Place{std::move(last), found};
    }
    if (++links > kMaxLinks) return IoError(std::errc::too_many_symbolic_link_levels);
    NoteRead(inode);
    InodePtr link = *found;
    const bool trailing_slash = last.trailing_slash;
    IoResult<LastPart> target = WalkFrom(*last.directory, link->content, links);
    if (!target) return IoError(target.error());
    last = std::move(*target);
    last.link = std::move(link);
    last.trailing_slash |= trailing_slash;
  }
}

IoResult<LastPart> FileSystem::Impl::Walk(std::string_view path) const {
  int links = 0;
  return WalkFrom(root, path, links);
}

IoResult<Place> FileSystem::Impl::Resolve(std::string_view path, Follow follow) const {
  int links = 0;
  IoResult<LastPart> last = WalkFrom(root, path, links);
  if (!last) return IoError(last.error());
  return ResolveFrom(std::move(*last), follow, links);
}

IoResult<Place> FileSystem::Impl::ResolveExisting(std::string_view path, Follow follow) const {
  IoResult<Place> place = Resolve(path, follow);
  if (place && place->inode == nullptr) return IoError(std::errc::no_such_file_or_directory);
  return place;
}

std::string FileSystem::Impl::PathOf(const Inode& directory) const {
  std::string path;
  for (const Inode* at = &directory; at != root.get(); at = at->directory->parent) {
    path.insert(0, "/" + at->directory->name);
  }
  return path.empty() ? "/" : path;
}

std::string JoinPath(std::string_view directory, std::string_view path) {
  if (!path.empty() && path.front() == '/') return std::string(path);
  std::string joined(directory);
  // An empty path means nothing, not the directory.
  if (path.empty()) return {};
  if (joined.empty() || joined.back() != '/') joined += '/';
  joined += path;
  return joined;
}

}  // namespace computesdk::in_memory
