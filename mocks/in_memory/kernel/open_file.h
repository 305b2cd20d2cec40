#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_OPEN_FILE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_OPEN_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/file_system/io_result.h"

namespace computesdk::in_memory {

class Process;

// An open file description: what descriptors refer to. It is shared by dup and by child processes,
// and with it the offset. Its last owner closes it.
class OpenFile {
 public:
  virtual ~OpenFile() = default;

  // At most `size` bytes; 0 is the end. Blocks where nothing is there yet; EINTR when a signal
  // that the process handles arrives meanwhile.
  virtual IoResult<std::size_t> Read(Process& process, char* buffer, std::size_t size) = 0;

  // At least one byte, or an error; blocks while a pipe is full. EPIPE without readers.
  virtual IoResult<std::size_t> Write(Process& process, std::string_view data) = 0;

  // Whether a Read would not block: poll(2).
  virtual bool ReadReady() const { return true; }

  // lseek(2). ESPIPE where there is no offset.
  virtual IoResult<std::uint64_t> Seek(std::int64_t offset, int whence);

  virtual FileStatus Stat() const = 0;

  // The inode, where there is one.
  virtual InodePtr inode() const { return nullptr; }
};

using OpenFilePtr = std::shared_ptr<OpenFile>;

// Collects what is written, without blocking: command substitution, a command's output.
class CaptureFile : public OpenFile {
 public:
  explicit CaptureFile(std::size_t limit);

  IoResult<std::size_t> Read(Process& process, char* buffer, std::size_t size) override;
  // ENOSPC beyond the limit.
  IoResult<std::size_t> Write(Process& process, std::string_view data) override;
  FileStatus Stat() const override;

  const std::string& content() const { return content_; }
  std::string Take() { return std::move(content_); }
  // Gives what was written so far; what comes later, from a process left behind, is lost.
  std::string Close();

 private:
  std::size_t limit_;
  bool closed_ = false;
  std::string content_;
};

// Gives these bytes, then the end: here-documents and here-strings.
OpenFilePtr MakeInputFile(std::string content);

// /dev/null.
OpenFilePtr MakeNullFile();

// A pipe: {read end, write end}. It holds 64 KiB.
std::pair<OpenFilePtr, OpenFilePtr> MakePipe();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_OPEN_FILE_H_
