#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_KERNEL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/kernel/clock.h"
#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// The stack of a thread that runs a process; whoever calls Run has to have as much. What nests (a
// shell's functions, Process::Call) counts its depth and ends before this is used up.
inline constexpr std::size_t kProcessStackBytes = std::size_t{8} << 20;

// Programs by name: the utilities and the shell. One table serves every sandbox.
using ProgramTable = std::map<std::string, Main, std::less<>>;

struct KernelLimits {
  int processes = 512;  // At once; EAGAIN beyond.
  // Of one command or substitution; ENOSPC beyond.
  std::size_t output_bytes = std::size_t{1} << 28;
  // Of the text that one program holds, or one shell in its variables; beyond, the program ends
  // with "memory exhausted", the shell with "cannot allocate memory".
  std::size_t memory_bytes = std::size_t{1} << 28;
  // Of one command and all that it starts: Checkpoints, of which a simple command of the shell or a
  // line of a filter takes a few. Beyond, its processes end by SIGXCPU, as after `ulimit -t`.
  std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();
  FileSystem::Limits files = {};
  ClockTime end = ClockTime::max();  // Nothing runs after it.
};

// The tree of a new sandbox: /usr/bin with a file for every program (mode 0755, and what
// FindProgram knows it by), /bin, /dev, /etc, /tmp, /root, /workspace. Made once, it serves every
// sandbox.
std::shared_ptr<const FileSystemImage> MakeBaseImage(Clock& clock, const ProgramTable& programs);
// The file of one more program.
void AddProgramFile(FileSystem& files, const std::string& name);

// The small machine inside a sandbox: processes, descriptors, pipes, signals, time.
//
// A process is a function that runs on a thread, and one process of a sandbox runs at a time: it
// has the turn, and the turn passes where it blocks (pipe, wait, sleep) or has used its slice. So
// nothing inside a sandbox can race, a program needs no locks, and stopping is sure: every
// blocking point and every Checkpoint looks at the stop flag. Threads come from a pool that all
// sandboxes share; a sandbox that runs nothing has none.
class Kernel {
 public:
  // `image` is the tree to start from; without one, MakeBaseImage's.
  Kernel(Clock& clock, KernelLimits limits, std::shared_ptr<const ProgramTable> programs,
         std::shared_ptr<const FileSystemImage> image = nullptr);
  ~Kernel();  // Ends everything that still runs, and waits for it.

  struct Outcome {
    ExitStatus status;
    bool deadline_exceeded = false;
    std::string stdout_bytes;
    std::string stderr_bytes;
  };

  // Runs a program on the caller's thread, standard input empty, to its end; what it leaves in the
  // background lives on and is captured no more. At the deadline everything that the command
  // started is killed, and what was printed before is in the outcome. After Stop, it ends by
  // SIGKILL. Safe to call from several threads.
  Outcome Run(SpawnOptions options, const Main& main, ClockTime deadline = ClockTime::max());

  // Starts it in the background, its output discarded; its pid.
  IoResult<int> Start(SpawnOptions options, Main main, ClockTime deadline = ClockTime::max());

  // Kills everything, now and from now on. Does not wait.
  void Stop();

  // Takes the turn for a caller from outside: `body` may use files(). Blocks until it is free.
  void WithTurn(const std::function<void(FileSystem&)>& body);

  FileSystem& files();
  Clock& clock();
  const KernelLimits& limits() const;
  const ProgramTable& programs() const;

  // Processes alive now, in the order of their pids. May take the turn, as WithTurn does.
  struct ProcessInfo {
    int pid;
    int parent_pid;
    int group;
    std::vector<std::string> args;
    ClockTime began;
    int niceness;
  };
  std::vector<ProcessInfo> Processes() const;

 private:
  friend class Process;
  friend struct KernelAccess;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_KERNEL_H_
