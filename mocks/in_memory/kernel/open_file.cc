#include "mocks/in_memory/kernel/open_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <random>
#include <utility>

#include "mocks/in_memory/file_system/inode.h"
#include "mocks/in_memory/kernel/file_locks.h"
#include "mocks/in_memory/kernel/kernel_impl.h"
#include "mocks/in_memory/kernel/pipe.h"

namespace computesdk::in_memory {
namespace {

// lseek(2) for something with a size.
IoResult<std::uint64_t> NewOffset(std::uint64_t now, std::uint64_t size, std::int64_t offset,
                                  int whence) {
  std::uint64_t base = 0;
  if (whence == SEEK_CUR) base = now;
  if (whence == SEEK_END) base = size;
  if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) {
    return IoError(std::errc::invalid_argument);
  }
  std::int64_t result = 0;
  if (__builtin_add_overflow(static_cast<std::int64_t>(base), offset, &result) || result < 0) {
    return IoError(std::errc::invalid_argument);
  }
  return static_cast<std::uint64_t>(result);
}

class InputFile : public OpenFile {
 public:
  explicit InputFile(std::string content) : content_(std::move(content)) {}

  IoResult<std::size_t> Read(Process&, char* buffer, std::size_t size) override {
    if (offset_ >= content_.size()) return 0;
    const std::size_t count = std::min<std::uint64_t>(size, content_.size() - offset_);
    std::memcpy(buffer, content_.data() + offset_, count);
    offset_ += count;
    return count;
  }

  IoResult<std::size_t> Write(Process&, std::string_view) override {
    return IoError(std::errc::bad_file_descriptor);
  }

  IoResult<std::uint64_t> Seek(std::int64_t offset, int whence) override {
    IoResult<std::uint64_t> result = NewOffset(offset_, content_.size(), offset, whence);
    if (result) offset_ = *result;
    return result;
  }

  FileStatus Stat() const override {
    FileStatus status;
    status.mode = 0600;
    status.size = content_.size();
    return status;
  }

 private:
  const std::string content_;
  std::uint64_t offset_ = 0;
};

// A file or a directory of the file system.
class InodeFile : public OpenFile {
 public:
  InodeFile(FileSystem& files, InodePtr inode, int flags)
      : files_(files), inode_(std::move(inode)), flags_(flags) {}
  ~InodeFile() override { DropLock(*inode_, *this); }
  InodeFile(const InodeFile&) = delete;
  InodeFile& operator=(const InodeFile&) = delete;

  IoResult<std::size_t> Read(Process&, char* buffer, std::size_t size) override {
    if ((flags_ & O_ACCMODE) == O_WRONLY) return IoError(std::errc::bad_file_descriptor);
    if (Live().IsDirectory()) return IoError(std::errc::is_a_directory);
    const std::size_t count = files_.ReadAt(*inode_, offset_, buffer, size);
    offset_ += count;
    return count;
  }

  IoResult<std::size_t> Write(Process&, std::string_view data) override {
    if ((flags_ & O_ACCMODE) == O_RDONLY) return IoError(std::errc::bad_file_descriptor);
    if ((flags_ & O_APPEND) != 0) offset_ = Live().content.size();
    IoResult<std::size_t> written = files_.WriteAt(Live(), offset_, data);
    if (written) offset_ += *written;
    return written;
  }

  IoResult<std::uint64_t> Seek(std::int64_t offset, int whence) override {
    IoResult<std::uint64_t> result = NewOffset(offset_, Live().content.size(), offset, whence);
    if (result) offset_ = *result;
    return result;
  }

  FileStatus Stat() const override { return Live().Status(); }

  InodePtr inode() const override {
    (void)Live();
    return inode_;
  }

 private:
  // Another one after a snapshot.
  Inode& Live() const {
    if (inode_->IsFrozen()) inode_ = files_.Live(inode_);
    return *inode_;
  }

  FileSystem& files_;
  mutable InodePtr inode_;
  const int flags_;
  std::uint64_t offset_ = 0;
};

// The devices that are not another name for a descriptor.
class Device : public OpenFile {
 public:
  Device(InodePtr inode, std::string_view driver) : inode_(std::move(inode)), driver_(driver) {
    if (driver_.ends_with("random")) random_.emplace(std::random_device()());
  }

  IoResult<std::size_t> Read(Process&, char* buffer, std::size_t size) override {
    if (driver_ == "null") return 0;
    if (random_) {
      std::generate_n(buffer, size, [this] { return static_cast<char>((*random_)()); });
    } else {
      std::fill_n(buffer, size, '\0');
    }
    return size;
  }

  IoResult<std::size_t> Write(Process&, std::string_view data) override {
    if (driver_ == "full") return IoError(std::errc::no_space_on_device);
    return data.size();
  }

  IoResult<std::uint64_t> Seek(std::int64_t, int) override { return 0; }

  FileStatus Stat() const override {
    if (inode_ != nullptr) return inode_->Status();
    FileStatus status;
    status.type = FileType::kCharacterDevice;
    status.mode = 0666;
    return status;
  }

  InodePtr inode() const override { return inode_; }

 private:
  const InodePtr inode_;
  const std::string driver_;
  std::optional<std::mt19937> random_;
};

// Takes digits off the front.
std::optional<int> TakeNumber(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

struct NamedDescriptor {
  int pid;
  int fd;
};

// What "/dev/stdin", "/dev/fd/7", "/proc/self/fd/7" or "/proc/12/fd/7" names to the process `self`.
std::optional<NamedDescriptor> DescriptorInPath(std::string_view path, int self) {
  int pid = self;
  static constexpr std::string_view kStandard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
  for (int fd = 0; fd < 3; ++fd) {
    if (path == kStandard[fd]) return NamedDescriptor{self, fd};
  }
  if (!TakePrefix(path, "/dev/fd/")) {
    if (!TakePrefix(path, "/proc/")) return std::nullopt;
    if (!TakePrefix(path, "self")) {
      const std::optional<int> number = TakeNumber(path);
      if (!number) return std::nullopt;
      pid = *number;
    }
    if (!TakePrefix(path, "/fd/")) return std::nullopt;
  }
  const std::optional<int> fd = TakeNumber(path);
  if (!fd || !path.empty()) return std::nullopt;
  return NamedDescriptor{pid, *fd};
}

IoResult<OpenFilePtr> Descriptor(const Process& process, int fd) {
  OpenFilePtr file = process.File(fd);
  if (file == nullptr) return IoError(std::errc::no_such_file_or_directory);
  return file;
}

IoResult<OpenFilePtr> OpenDevice(const Process& process, InodePtr inode) {
  const std::string driver = inode->content;
  if (driver == "stdin") return Descriptor(process, 0);
  if (driver == "stdout") return Descriptor(process, 1);
  if (driver == "stderr") return Descriptor(process, 2);
  if (driver == "tty") return IoError(std::errc::no_such_device_or_address);
  return std::make_shared<Device>(std::move(inode), driver);
}

}  // namespace

IoResult<std::uint64_t> OpenFile::Seek(std::int64_t, int) {
  return IoError(std::errc::invalid_seek);
}

CaptureFile::CaptureFile(std::size_t limit) : limit_(limit) {}

IoResult<std::size_t> CaptureFile::Read(Process&, char*, std::size_t) {
  return IoError(std::errc::bad_file_descriptor);
}

IoResult<std::size_t> CaptureFile::Write(Process&, std::string_view data) {
  if (closed_) return data.size();
  if (content_.size() >= limit_) return IoError(std::errc::no_space_on_device);
  data = data.substr(0, limit_ - content_.size());
  content_.append(data);
  return data.size();
}

std::string CaptureFile::Close() {
  closed_ = true;
  return std::exchange(content_, {});
}

FileStatus CaptureFile::Stat() const {
  FileStatus status;
  status.type = FileType::kFifo;
  status.mode = 0600;
  return status;
}

OpenFilePtr MakeInputFile(std::string content) {
  return std::make_shared<InputFile>(std::move(content));
}

OpenFilePtr MakeNullFile() { return std::make_shared<Device>(nullptr, "null"); }

IoResult<FileStatus> Process::Stat(std::string_view path, Follow follow) const {
  const std::string absolute = AbsolutePath(path);
  std::optional<NamedDescriptor> named;
  if (follow == Follow::kYes) named = DescriptorInPath(absolute, pid_);
  if (!named) return kernel_.files().Stat(absolute, follow);
  const Process* owner = kernel_.impl_->FindProcess(named->pid);
  const OpenFilePtr file = owner == nullptr ? nullptr : owner->File(named->fd);
  if (file == nullptr) return IoError(std::errc::no_such_file_or_directory);
  return file->Stat();
}

IoResult<OpenFilePtr> Process::OpenDescription(std::string_view path, int flags, unsigned mode) {
  Checkpoint();
  const std::string absolute = AbsolutePath(path);
  if (const auto named = DescriptorInPath(absolute, pid_)) {
    const Process* owner = kernel_.impl_->FindProcess(named->pid);
    if (owner == nullptr) return IoError(std::errc::no_such_file_or_directory);
    return Descriptor(*owner, named->fd);
  }
  const bool creates = (flags & O_CREAT) != 0;
  if (creates && (flags & O_DIRECTORY) != 0) return IoError(std::errc::invalid_argument);
  const Follow follow = (flags & O_NOFOLLOW) != 0 ? Follow::kNo : Follow::kYes;
  IoResult<InodePtr> found = creates
                                 ? files().Create(absolute, mode & ~umask, (flags & O_EXCL) != 0)
                                 : files().Find(absolute, follow);
  if (!found) return IoError(found.error());
  const InodePtr& inode = *found;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  switch (inode->type) {
    case FileType::kSymlink:
      return IoError(std::errc::too_many_symbolic_link_levels);
    case FileType::kDirectory:
      if (writes) return IoError(std::errc::is_a_directory);
      return std::make_shared<InodeFile>(files(), inode, flags);
    case FileType::kRegular:
    case FileType::kCharacterDevice:
    case FileType::kFifo:
      break;
  }
  if ((flags & O_DIRECTORY) != 0) return IoError(std::errc::not_a_directory);
  if (inode->type == FileType::kCharacterDevice) return OpenDevice(*this, inode);
  if (inode->type == FileType::kFifo) return OpenFifo(*this, inode, flags);
  if ((flags & O_TRUNC) != 0) {
    IoStatus emptied = files().Truncate(*inode, 0);
    if (!emptied) return IoError(emptied.error());
  }
  return std::make_shared<InodeFile>(files(), inode, flags);
}

}  // namespace computesdk::in_memory
