#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {

using FileSystemImagePtr = std::shared_ptr<const FileSystemImage>;

// A node of an image, and with it the whole tree below. `status.links` and the inode's number are
// kept, so that every copy shows the same ones. Images share the trees that are the same in them.
struct FileSystemImage {
  FileStatus status;
  std::string content;    // Bytes, a link's target, a device's driver.
  std::string host_file;  // Of this machine, where the bytes are to be read from instead.
  std::map<std::string, FileSystemImagePtr, std::less<>> children;
  // Of the tree, this one included.
  std::uint64_t nodes = 1;
  std::uint64_t bytes = 0;           // In regular files.
  std::uint64_t highest_number = 0;  // Of an inode.

  void Add(const std::string& name, FileSystemImagePtr child);
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
  explicit Directory(FileSystemImagePtr image) : image_(std::move(image)) {}

  // The entry; nullptr if there is none, or if the file of this machine that it shows is gone.
  // `self` becomes the parent of what is copied.
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
  void ForEach(const std::function<void(const std::string&, const Inode*,
                                        const FileSystemImagePtr&)>& body) const;
  // Shows the tree's names. There must be none yet.
  void Show(FileSystemImagePtr image) { image_ = std::move(image); }

  Inode* parent = nullptr;  // nullptr once it is removed; the root is its own.
  std::string name;         // In the parent.

 private:
  FileSystemImagePtr image_;
  // A null one hides an entry of the image.
  std::map<std::string, InodePtr, std::less<>> entries_;
};

class Inode {
 public:
  Inode(FileType type, unsigned mode, std::uint64_t number, FileTime now,
        std::shared_ptr<FileSystemUsage> usage);
  Inode(const FileSystemImagePtr& image, std::shared_ptr<FileSystemUsage> usage);
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
