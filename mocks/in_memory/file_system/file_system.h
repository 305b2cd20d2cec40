#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_SYSTEM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_SYSTEM_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/file_system/io_result.h"

namespace computesdk::in_memory {

using FileTime = std::chrono::sys_time<std::chrono::nanoseconds>;

enum class FileType { kRegular, kDirectory, kSymlink, kCharacterDevice, kFifo };

struct FileStatus {
  std::uint64_t inode = 0;
  FileType type = FileType::kRegular;
  unsigned mode = 0;  // Permission bits, 07777.
  unsigned links = 1;
  unsigned uid = 0;
  unsigned gid = 0;
  std::uint64_t size = 0;  // Bytes; of a link, the length of its target.
  std::uint64_t device = 0;
  FileTime accessed{};
  FileTime modified{};
  FileTime changed{};
};

struct DirectoryEntry {
  std::string name;
  FileType type = FileType::kRegular;
  std::uint64_t inode = 0;
};

enum class Follow { kNo, kYes };  // Whether a link in the last part of a path is followed.

// A file, directory, link or device. Content is read and written through it; it stays alive while
// somebody has it open, whether it still has a name or not.
class Inode;
using InodePtr = std::shared_ptr<Inode>;

// A tree that never changes. Many file systems may start from one, on any thread.
struct FileSystemImage;

// The names and files of one sandbox. Paths are absolute, are resolved here and nowhere else, and
// mean what they mean to the Linux kernel: "//", ".", ".." and a trailing slash included; at most
// 40 links (ELOOP), names of at most 255 bytes and paths of at most 4095 (ENAMETOOLONG). Everybody
// is root: permission bits are kept and shown, and hinder nobody. Look-ups are O(log n) in the
// number of names.
//
// Not thread-safe: who calls has the sandbox's turn (kernel/kernel.h).
class FileSystem {
 public:
  struct Limits {
    std::uint64_t bytes = std::uint64_t{1} << 30;  // ENOSPC beyond.
    std::uint64_t inodes = 1'000'000;
  };

  // `now` is asked for every time stamp.
  FileSystem(std::function<FileTime()> now, Limits limits);
  // Starts as a copy of the image. Cheap: nodes are copied when they are first looked at.
  FileSystem(std::function<FileTime()> now, Limits limits,
             const std::shared_ptr<const FileSystemImage>& image);
  ~FileSystem();
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

  IoResult<FileStatus> Stat(std::string_view path, Follow follow = Follow::kYes) const;
  FileStatus Stat(const Inode& inode) const;

  // The inode at a path, for reading and writing. ENOENT, ENOTDIR, ELOOP.
  IoResult<InodePtr> Find(std::string_view path, Follow follow = Follow::kYes) const;

  // open(2) with O_CREAT: the regular file at the path, made if missing (through a dangling link,
  // too). EISDIR for a directory; EEXIST if `exclusive` and it is there.
  IoResult<InodePtr> Create(std::string_view path, unsigned mode, bool exclusive = false);

  // Bytes of a regular file. Read gives fewer at the end. WriteAt fills a gap with NUL.
  std::string ReadAt(const Inode& inode, std::uint64_t offset, std::size_t size) const;
  std::size_t ReadAt(const Inode& inode, std::uint64_t offset, char* buffer,
                     std::size_t size) const;
  IoResult<std::size_t> WriteAt(Inode& inode, std::uint64_t offset, std::string_view data);
  IoStatus Truncate(Inode& inode, std::uint64_t size);

  // The whole file; and a file replaced or made whole, without its parents.
  IoResult<std::string> ReadFile(std::string_view path) const;
  IoStatus WriteFile(std::string_view path, std::string_view content, unsigned mode = 0644);

  IoStatus MakeDirectory(std::string_view path, unsigned mode = 0755);
  // mkdir -p: EEXIST only if the path is there and no directory.
  IoStatus MakeDirectories(std::string_view path, unsigned mode = 0755);
  IoStatus MakeSymlink(std::string_view target, std::string_view path);
  IoStatus MakeHardLink(std::string_view existing, std::string_view path);
  IoStatus MakeFifo(std::string_view path, unsigned mode = 0644);
  // A character device; `driver` ("null", "zero", …) says to the kernel which.
  IoStatus MakeDevice(std::string_view path, std::string_view driver, unsigned mode = 0666);

  IoStatus Unlink(std::string_view path);           // EISDIR for a directory.
  IoStatus RemoveDirectory(std::string_view path);  // ENOTEMPTY, ENOTDIR.
  IoStatus RemoveTree(std::string_view path);       // rm -r: follows no link.
  IoStatus Rename(std::string_view from, std::string_view to);

  IoResult<std::string> ReadLink(std::string_view path) const;
  // realpath(3): absolute, without links and dots. Every part must be there.
  IoResult<std::string> RealPath(std::string_view path) const;

  // The children, in the order of their names' bytes, without "." and "..".
  IoResult<std::vector<DirectoryEntry>> List(std::string_view path) const;

  IoStatus SetMode(std::string_view path, unsigned mode, Follow follow = Follow::kYes);
  IoStatus SetTimes(std::string_view path, FileTime accessed, FileTime modified,
                    Follow follow = Follow::kYes);
  IoStatus SetOwner(std::string_view path, unsigned uid, unsigned gid,
                    Follow follow = Follow::kYes);

  // `refresh` is called before a path that begins with `folder` is resolved, by the one who makes
  // the files below it; what it does to them does not call it again.
  void SetRefresh(std::string folder, std::function<void(std::string_view path)> refresh);

  // A folder of this machine at `path`, which is made and has to be empty: its names as they are
  // now, the bytes of a file as they are when somebody first looks at it. What is done to it here
  // is done to the copy. Links stay links; what is no file, folder or link is left out. ENOTEMPTY;
  // or what the machine says.
  IoStatus ShowHostFolder(const std::string& folder, std::string_view path);

  // What is in it now, for others to start from; this one goes on with a copy of it. Takes no
  // longer however many files there are. What somebody has open is from now on an inode of the
  // image: Live gives the one that is meant.
  std::shared_ptr<const FileSystemImage> Snapshot();
  // The inode itself, or the copy that has taken its place since a Snapshot.
  InodePtr Live(InodePtr inode) const;

  std::uint64_t bytes_used() const;
  std::uint64_t inodes_used() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "/a" and "b" make "/a/b"; a path that is absolute stays. Nothing is normalised.
std::string JoinPath(std::string_view directory, std::string_view path);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_SYSTEM_H_
