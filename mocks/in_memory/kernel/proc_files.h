#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PROC_FILES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PROC_FILES_H_

#include <set>
#include <string_view>

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

// /proc: what Linux tells of the machine and of its processes. They are ordinary files, written
// when somebody looks below /proc, so that every program reads them as it reads others.
class ProcFiles {
 public:
  static constexpr std::string_view kFolder = "/proc";

  // Before the path, which begins with kFolder, is resolved. `current` is the process that does it;
  // 0 for who looks from outside.
  void Refresh(Kernel& kernel, std::string_view path, int current);

 private:
  void WriteMachine(Kernel& kernel);
  void FollowProcesses(Kernel& kernel, int current);

  bool begun_ = false;  // What came with the image has been cleared away.
  int self_ = 0;
  std::set<int> known_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PROC_FILES_H_
