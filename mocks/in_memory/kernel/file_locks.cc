#include "mocks/in_memory/kernel/file_locks.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "mocks/in_memory/file_system/inode.h"
#include "mocks/in_memory/kernel/kernel_impl.h"

namespace computesdk::in_memory {
namespace {

// Who has a lock on an inode, and who waits for one.
struct FileLocks {
  struct Holder {
    const OpenFile* owner;
    FileLock lock;
  };

  bool Conflicts(FileLock lock) const {
    return std::any_of(holders.begin(), holders.end(), [&](const Holder& holder) {
      return lock == FileLock::kExclusive || holder.lock == FileLock::kExclusive;
    });
  }

  std::vector<Holder> holders;
  WaitList changed;
};

}  // namespace

IoStatus LockFile(Process& process, const OpenFile& file, FileLock lock, bool wait) {
  const InodePtr held = file.inode();
  if (held == nullptr) return IoError(std::errc::no_lock_available);
  Inode& inode = *held;
  DropLock(inode, file);
  if (lock == FileLock::kNone) return {};
  if (inode.in_use == nullptr) inode.in_use = std::make_shared<FileLocks>();
  const auto locks = std::static_pointer_cast<FileLocks>(inode.in_use);
  while (locks->Conflicts(lock)) {
    if (!wait) return IoError(std::errc::operation_would_block);
    const IoStatus waited = KernelAccess::Wait(process, locks->changed);
    if (!waited) return waited;
  }
  locks->holders.push_back({&file, lock});
  return {};
}

void DropLock(Inode& inode, const OpenFile& file) {
  if (inode.in_use == nullptr) return;
  const auto locks = std::static_pointer_cast<FileLocks>(inode.in_use);
  const auto removed = std::erase_if(
      locks->holders, [&](const FileLocks::Holder& holder) { return holder.owner == &file; });
  if (removed > 0) locks->changed.WakeAll();
}

}  // namespace computesdk::in_memory
