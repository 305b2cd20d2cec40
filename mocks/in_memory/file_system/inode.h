#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {

// A node of an image, and with it the whole tree below. `status.links` and the inode's number are
// kept, so that every copy shows the same ones.
struct FileSystemImage {
  FileStatus status;
  std::string content;  // Bytes, a link's target, a device's driver.
  std::map<std::string, std::unique_ptr<const FileSystemImage>, std::less<>> children;
  std::uint64_t nodes = 1;           // Of the tree, this one included.
  std::uint64_t bytes = 0;           // Of the regular files in it.
  std::uint64_t highest_number = 0;  // Of the inodes in it; known at the top only.
};

// What the files of one file system take up; shared with the inodes, which may outlive it.
struct FileSystemUsage {
  std::uint64_t bytes = 0;
  std::uint64_t inodes = 0;
};

// The names in a directory. Those of the image that nobody has asked for yet are only there: most
// sandboxes never look at most of the tree that they start from.
class Directory {
 public:
  explicit Directory(const FileSystemImage* image) : image_(image) {}

  // The entry; nullptr if there is none. `self` becomes the parent of what is copied.
  InodePtr Find(std::string_view name, Inode& self, const std::shared_ptr<FileSystemUsage>& usage);
  void Insert(std::string_view name, InodePtr inode);
  void Erase(std::string_view name);
  bool Empty() const;
  std::vector<DirectoryEntry> List() const;
  // Copies all that is left in the image, and gives the entries away.
  std::vector<InodePtr> TakeAll(Inode& self, const std::shared_ptr<FileSystemUsage>& usage);
  // The same without what only the image has.
  std::vector<InodePtr> TakeCopied();

  // Calls body(name, inode or nullptr, image or nullptr) for every entry; one of both is there.
  void ForEach(const std::function<void(const std::string&, const Inode*, const FileSystemImage*)>&
                   body) const;

  Inode* parent = nullptr;  // nullptr once it is removed; the root is its own.
  std::string name;         // In the parent.

 private:
  const FileSystemImage* image_;
  // A null one hides an entry of the image.
  std::map<std::string, InodePtr, std::less<>> entries_;
};

class Inode {
 public:
  Inode(FileType type, unsigned mode, std::uint64_t number, FileTime now,
        std::shared_ptr<FileSystemUsage> usage);
  Inode(const FileSystemImage& image, std::shared_ptr<FileSystemUsage> usage);
  ~Inode();
  Inode(const Inode&) = delete;
  Inode& operator=(const Inode&) = delete;

  bool IsDirectory() const { return type == FileType::kDirectory; }
  FileStatus Status() const;

  const std::uint64_t number;
  const FileType type;
  unsigned mode;
  unsigned links = 1;
  unsigned uid = 0;
  unsigned gid = 0;
  mutable FileTime accessed;
  FileTime modified;
  FileTime changed;
  std::string content;  // Bytes, a link's target, a device's driver.
  std::unique_ptr<Directory> directory;
  std::shared_ptr<void> pipe;  // The kernel's, while somebody has a FIFO open.

 private:
  std::shared_ptr<FileSystemUsage> usage_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_
