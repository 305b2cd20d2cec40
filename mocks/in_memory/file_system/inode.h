#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {

// One that belongs to an image: it never changes, and any thread may read it.
using FrozenInode = std::shared_ptr<const Inode>;

struct FileSystemImage {
  FrozenInode root;
  // Of the tree, the root included.
  std::uint64_t nodes = 1;
  std::uint64_t bytes = 0;           // In regular files.
  std::uint64_t highest_number = 0;  // Of an inode.
};

// What the inodes of one file system have in common; they may outlive it.
struct FileSystemUsage {
  std::uint64_t bytes = 0;
  std::uint64_t inodes = 0;
  // They have become those of an image, and nothing is counted any more: the file system goes on
  // with copies, under a usage of its own.
  bool frozen = false;
  bool goes_on = false;      // This is such a usage: what is copied may be open.
  std::uint64_t system = 0;  // The same for all usages of one file system, and of no other.
  // Copies of what may be reached by more than one way: by number, so that each is copied once.
  std::unordered_map<std::uint64_t, std::weak_ptr<Inode>> copies = {};
};

// The names in a directory. Below its own ones it may have those of a frozen directory, which are
// copied when somebody asks for them: most sandboxes never look at most of the tree that they
// start from.
class Directory {
 public:
  Directory() = default;
  // The names of a frozen one.
  explicit Directory(const FrozenInode& frozen);

  // The entry, copied if it is frozen; nullptr if there is none, or if the file of this machine
  // that it shows is gone. Valid until the entry changes. `self` becomes the parent of what is
  // copied.
  const InodePtr* Find(std::string_view name, Inode& self,
                       const std::shared_ptr<FileSystemUsage>& usage);
  void Insert(std::string_view name, InodePtr inode);
  void Erase(std::string_view name);
  bool Empty() const { return count_ == 0; }
  std::vector<DirectoryEntry> List() const;
  // Copies all that is still frozen, and gives the entries away.
  std::vector<InodePtr> TakeAll(Inode& self, const std::shared_ptr<FileSystemUsage>& usage);
  // Gives away its own entries, and forgets the others.
  std::vector<InodePtr> TakeOwn();
  // Shows the names of a frozen one. There must be none yet.
  void Show(const FrozenInode& frozen);

  Inode* parent = nullptr;  // nullptr once it is removed; the root is its own.
  std::string name;         // In the parent.

 private:
  // By bytes. Most names that are compared differ in the first.
  struct NameOrder {
    using is_transparent = void;
    bool operator()(std::string_view one, std::string_view other) const {
      if (one.empty() || other.empty() || one[0] == other[0]) return one < other;
      return static_cast<unsigned char>(one[0]) < static_cast<unsigned char>(other[0]);
    }
  };
  using Entries = std::map<std::string, InodePtr, NameOrder>;

  // What has the name, in the uppermost layer that knows it.
  const InodePtr* Look(std::string_view name) const;
  // Calls body(name, inode) for every entry, in the order of the names.
  void ForEach(const std::function<void(const std::string&, const InodePtr&)>& body) const;

  Entries entries_;  // A null one hides what is below.
  FrozenInode below_;
  int layers_ = 0;  // Below this one.
  std::size_t count_ = 0;
};

class Inode {
 public:
  // A file of this machine that the bytes are to be read from, when somebody asks for them.
  struct HostFile {
    std::string path;
    std::uint64_t size = 0;
  };

  Inode(FileType type, unsigned mode, std::uint64_t number, FileTime now,
        std::shared_ptr<FileSystemUsage> usage);
  Inode(const FrozenInode& frozen, std::shared_ptr<FileSystemUsage> usage);
  ~Inode();
  Inode(const Inode&) = delete;
  Inode& operator=(const Inode&) = delete;

  // The copy of a frozen one that this usage has; made if there is none. nullptr if the file of
  // this machine that it shows is gone.
  static InodePtr CopyOf(const FrozenInode& frozen, const std::shared_ptr<FileSystemUsage>& usage);

  bool IsDirectory() const { return type == FileType::kDirectory; }
  bool IsFrozen() const { return usage_->frozen; }
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
  std::unique_ptr<const HostFile> host_file;  // Only of a frozen one.
  // The kernel's: a FIFO's bytes while somebody has it open, the locks on another file.
  std::shared_ptr<void> in_use;

 private:
  std::shared_ptr<FileSystemUsage> usage_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_INODE_H_
