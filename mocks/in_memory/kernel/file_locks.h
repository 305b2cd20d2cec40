#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_FILE_LOCKS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_FILE_LOCKS_H_

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/kernel/open_file.h"
#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

enum class FileLock { kNone, kShared, kExclusive };

// flock(2): takes the lock for this description, in the place of the one that it has, until its
// last owner closes it; kNone gives it up. While another's is in the way it blocks, and gives EINTR
// as Read does; or gives EWOULDBLOCK where `wait` is false. ENOLCK for what has no inode.
IoStatus LockFile(Process& process, const OpenFile& file, FileLock lock, bool wait);

// Takes away what the description has of its inode; it may have nothing.
void DropLock(Inode& inode, const OpenFile& file);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_FILE_LOCKS_H_
