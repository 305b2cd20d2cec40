#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PIPE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PIPE_H_

#include <memory>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/kernel/open_file.h"

namespace computesdk::in_memory {

// Opens a FIFO of the file system with the flags of open(2): blocks until there is somebody at the
// other end.
IoResult<OpenFilePtr> OpenFifo(Process& process, InodePtr inode, int flags);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PIPE_H_
