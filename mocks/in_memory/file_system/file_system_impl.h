#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_SYSTEM_IMPL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_SYSTEM_IMPL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/file_system/inode.h"

namespace computesdk::in_memory {

// The last part of a path, not looked up yet, and the directory that it is looked up in, as the
// tree holds it: valid until the tree changes, which another walk may do (see SetRefresh).
struct LastPart {
  enum Kind { kName, kDot, kDotDot, kRoot };
  const InodePtr* directory = nullptr;
  std::string_view name;  // Into the path, or into the target of `link`.
  InodePtr link;
  Kind kind = kName;
  bool trailing_slash = false;
};

// Where a path leads: a directory, the name in it, and what has that name (nullptr: nothing yet).
// Valid as long as the last part.
struct Place {
  LastPart last;
  const InodePtr* inode = nullptr;
};

struct FileSystem::Impl {
  Impl(std::function<FileTime()> now, Limits limits, const FileSystemImage* image);
  ~Impl();

  // --- path_walk.cc: namei ---------------------------------------------------------------------
  // Everything but the last part, which is not followed.
  IoResult<LastPart> Walk(std::string_view path) const;
  // What is there, as the tree holds it; nullptr for nothing.
  const InodePtr* LookUp(const LastPart& last) const;
  // The whole path; a missing last part is no error.
  IoResult<Place> Resolve(std::string_view path, Follow follow) const;
  // The same, where it has to be there.
  IoResult<Place> ResolveExisting(std::string_view path, Follow follow) const;
  // "/a/b" for a directory that has a name.
  std::string PathOf(const Inode& directory) const;

  // --- file_system.cc --------------------------------------------------------------------------
  // Where something new may be made; EEXIST if it is there. Only a directory may be named with a
  // trailing slash.
  IoResult<LastPart> PlaceForNew(std::string_view path, FileType type) const;
  IoResult<InodePtr> Make(const LastPart& place, FileType type, unsigned mode,
                          std::string_view content = {});
  void Link(const LastPart& place, const InodePtr& inode);
  void TakeName(const LastPart& place, const InodePtr& inode);
  IoStatus Replace(const LastPart& place, const Inode& moved, const InodePtr& target);
  void Touch(Inode& inode);  // Modified and changed now.
  void NoteRead(const Inode& inode) const;

  std::function<FileTime()> now;
  Limits limits;
  std::shared_ptr<FileSystemUsage> usage = std::make_shared<FileSystemUsage>();
  std::uint64_t next_number = 1;
  InodePtr root;
  std::string refreshed;
  std::function<void(std::string_view)> refresh;

 private:
  IoResult<LastPart> WalkFrom(const InodePtr& start, std::string_view path, int& links) const;
  IoResult<Place> ResolveFrom(LastPart last, Follow follow, int& links) const;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_SYSTEM_IMPL_H_
