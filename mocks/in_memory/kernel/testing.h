#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_TESTING_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_TESTING_H_

#include <memory>
#include <string>
#include <utility>

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

// Options for a program that is called "test".
inline SpawnOptions TestProgram() {
  SpawnOptions options;
  options.args = {"test"};
  options.env = std::map<std::string, std::string>{{"PATH", "/usr/bin"}};
  options.cwd = "/tmp";
  return options;
}

inline void Print(Process& process, const std::string& text) { (void)process.Write(1, text); }

// Never ends by itself.
inline int BusyLoop(Process& process) {
  while (true) process.Checkpoint();
}

inline int SleepLong(Process& process) {
  process.Sleep(std::chrono::hours(1));
  return 0;
}

// Runs it in a kernel of its own, with a limit that ends a test that hangs.
inline Kernel::Outcome RunAlone(const Main& main, ProgramTable programs = {},
                                KernelLimits limits = {}) {
  Kernel kernel(RealClock(), limits, std::make_shared<ProgramTable>(std::move(programs)));
  return kernel.Run(TestProgram(), main, RealClock().Now() + std::chrono::seconds(20));
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_TESTING_H_
