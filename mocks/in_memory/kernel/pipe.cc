#include "mocks/in_memory/kernel/pipe.h"

#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "mocks/in_memory/file_system/inode.h"
#include "mocks/in_memory/kernel/kernel_impl.h"

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kCapacity = std::size_t{64} * 1024;
// Writes of up to this many bytes are not torn apart (PIPE_BUF).
constexpr std::size_t kAtomic = 4096;

// The bytes between two ends, and who waits at them.
struct Pipe {
  std::size_t size() const { return content.size() - begin; }

  std::size_t Take(char* buffer, std::size_t most) {
    const std::size_t count = std::min(most, size());
    std::memcpy(buffer, content.data() + begin, count);
    begin += count;
    if (begin == content.size()) {
      content.clear();
      begin = 0;
    }
    return count;
  }

  void Put(std::string_view data) {
    if (begin > kCapacity) {
      content.erase(0, begin);
      begin = 0;
    }
    content.append(data);
  }

  std::string content;
  std::size_t begin = 0;
  int readers = 0;
  int writers = 0;
  // For those who open a FIFO: how often an end was opened, so that a short visit is not missed.
  std::uint64_t readers_seen = 0;
  std::uint64_t writers_seen = 0;
  WaitList changed;
};

class PipeEnd : public OpenFile {
 public:
  PipeEnd(std::shared_ptr<Pipe> pipe, bool reads, bool writes, InodePtr inode = nullptr)
      : pipe_(std::move(pipe)), reads_(reads), writes_(writes), inode_(std::move(inode)) {
    if (reads_) {
      ++pipe_->readers;
      ++pipe_->readers_seen;
    }
    if (writes_) {
      ++pipe_->writers;
      ++pipe_->writers_seen;
    }
    pipe_->changed.WakeAll();
  }

  ~PipeEnd() override {
    if (reads_) --pipe_->readers;
    if (writes_) --pipe_->writers;
    pipe_->changed.WakeAll();
  }

  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;

  IoResult<std::size_t> Read(Process& process, char* buffer, std::size_t size) override {
    if (!reads_) return IoError(std::errc::bad_file_descriptor);
    if (size == 0) return 0;
    while (pipe_->size() == 0) {
      if (pipe_->writers == 0) return 0;
      IoStatus waited = KernelAccess::Wait(process, pipe_->changed);
      if (!waited) return IoError(waited.error());
    }
    const std::size_t count = pipe_->Take(buffer, size);
    pipe_->changed.WakeAll();
    return count;
  }

  IoResult<std::size_t> Write(Process& process, std::string_view data) override {
    if (!writes_) return IoError(std::errc::bad_file_descriptor);
    if (data.empty()) return 0;
    const std::size_t least = data.size() <= kAtomic ? data.size() : 1;
    while (true) {
      if (pipe_->readers == 0) return IoError(std::errc::broken_pipe);
      if (kCapacity - pipe_->size() >= least) break;
      IoStatus waited = KernelAccess::WaitUninterrupted(process, pipe_->changed);
      if (!waited) return IoError(waited.error());
    }
    data = data.substr(0, kCapacity - pipe_->size());
    pipe_->Put(data);
    pipe_->changed.WakeAll();
    return data.size();
  }

  bool ReadReady() const override { return pipe_->size() != 0 || pipe_->writers == 0; }

  FileStatus Stat() const override {
    if (inode_ != nullptr) return inode_->Status();
    FileStatus status;
    status.type = FileType::kFifo;
    status.mode = 0600;
    return status;
  }

  InodePtr inode() const override { return inode_; }

 private:
  const std::shared_ptr<Pipe> pipe_;
  const bool reads_;
  const bool writes_;
  const InodePtr inode_;
};

}  // namespace

std::pair<OpenFilePtr, OpenFilePtr> MakePipe() {
  auto pipe = std::make_shared<Pipe>();
  OpenFilePtr reader = std::make_shared<PipeEnd>(pipe, true, false);
  OpenFilePtr writer = std::make_shared<PipeEnd>(pipe, false, true);
  return {std::move(reader), std::move(writer)};
}

IoResult<OpenFilePtr> OpenFifo(Process& process, InodePtr inode, int flags) {
  if (inode->in_use == nullptr) inode->in_use = std::make_shared<Pipe>();
  auto pipe = std::static_pointer_cast<Pipe>(inode->in_use);
  const int access = flags & O_ACCMODE;
  const bool reads = access != O_WRONLY;
  const bool writes = access != O_RDONLY;
  if (writes && !reads && pipe->readers == 0 && (flags & O_NONBLOCK) != 0) {
    return IoError(std::errc::no_such_device_or_address);
  }
  OpenFilePtr end = std::make_shared<PipeEnd>(pipe, reads, writes, std::move(inode));
  if ((reads && writes) || (flags & O_NONBLOCK) != 0) return end;
  const std::uint64_t& seen = reads ? pipe->writers_seen : pipe->readers_seen;
  const int& others = reads ? pipe->writers : pipe->readers;
  const std::uint64_t before = seen;
  while (others == 0 && seen == before) {
    IoStatus waited = KernelAccess::Wait(process, pipe->changed);
    if (!waited) return IoError(waited.error());
  }
  return end;
}

}  // namespace computesdk::in_memory
