#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PROCESS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PROCESS_H_

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/kernel/clock.h"
#include "mocks/in_memory/kernel/open_file.h"

namespace computesdk::in_memory {

class Kernel;
class Process;

// A program: what it returns is its exit code. Registered by name (kernel.h), found through PATH.
using Main = std::function<int(Process&)>;

// How a process ended: as exit(code), or by a signal.
struct ExitStatus {
  int code = 0;
  int signal = 0;
  // What a shell shows in $?.
  int ShellCode() const { return signal != 0 ? 128 + signal : code; }
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

// Unwinds a process that has ended; only the kernel catches it. Everything that a program holds
// is therefore in objects that clean up after themselves.
struct ProcessEnd {
  ExitStatus status;
};

enum class SignalAction { kDefault, kIgnore, kHandle };

// What a new process gets; what is left out comes from its parent.
struct SpawnOptions {
  std::vector<std::string> args;
  std::optional<std::map<std::string, std::string>> env = {};
  std::optional<std::string> cwd = {};
  // Replaces these descriptors of the parent's; a null one is closed. The others are inherited.
  std::map<int, OpenFilePtr> files = {};
  bool new_group = false;  // Leads a process group of its own.
};

// A process of a sandbox, as its program sees it: the system calls. Only the thread that runs the
// process uses it, and only while it has the sandbox's turn.
class Process {
 public:
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int pid() const { return pid_; }
  int parent_pid() const { return parent_pid_; }
  int group() const { return group_; }

  // args[0] is the name it was called by. May be changed, as exec does.
  std::vector<std::string> args;
  std::map<std::string, std::string> env;
  std::string cwd = "/";  // Absolute.
  unsigned umask = 022;
  int niceness = 0;  // nice(2): only shown. Whoever waits for the turn gets it in order.

  Kernel& kernel() { return kernel_; }
  FileSystem& files();
  Clock& clock();

  // --- descriptors: those of POSIX, by the same names --------------------------------------
  std::string AbsolutePath(std::string_view path) const { return JoinPath(cwd, path); }
  // flags as in <fcntl.h>; the lowest free descriptor. Knows /dev/null, /dev/zero, /dev/stdin,
  // /dev/fd/N, …; O_CREAT uses `mode` less the umask.
  IoResult<int> Open(std::string_view path, int flags, unsigned mode = 0666);
  // stat(2) of a path; knows the same names.
  IoResult<FileStatus> Stat(std::string_view path, Follow follow = Follow::kYes) const;
  // The same as Open, without taking a descriptor.
  IoResult<OpenFilePtr> OpenDescription(std::string_view path, int flags, unsigned mode = 0666);
  IoStatus Close(int fd);
  OpenFilePtr File(int fd) const;              // nullptr for a closed one.
  void SetFile(int fd, OpenFilePtr file);      // dup2; nullptr closes.
  int AddFile(OpenFilePtr file, int min = 0);  // F_DUPFD: the lowest free one from `min`.
  const std::map<int, OpenFilePtr>& descriptors() const { return descriptors_; }

  IoResult<std::size_t> Read(int fd, char* buffer, std::size_t size);
  // Everything to the end. ENOMEM beyond the limit of a command's output.
  IoResult<std::string> ReadAll(int fd);
  // All of it. EPIPE only if SIGPIPE is ignored; otherwise the process ends by it.
  IoStatus Write(int fd, std::string_view data);

  // --- time and being stopped ---------------------------------------------------------------
  // Cheap: belongs into every loop that may run long. Passes the turn when the slice is used up;
  // unwinds when the process was killed.
  void Checkpoint() {
    if (attention_.load(std::memory_order_relaxed)) Attend();
    if (++ticks_ >= kTicksPerLook) Look();
  }
  // Waits that long; false if a signal that the process handles came first.
  bool Sleep(std::chrono::nanoseconds duration);
  // alarm(2): SIGALRM at that time, once; nullopt for none. Where it is handled, it ends a Read, a
  // Wait or a Sleep.
  void SetAlarm(std::optional<ClockTime> at);
  [[noreturn]] void Exit(int code);
  // Wall time since the process began.
  std::chrono::nanoseconds Elapsed() const;

  // --- signals --------------------------------------------------------------------------------
  void SetSignalAction(int signal, SignalAction action);
  SignalAction signal_action(int signal) const;
  // A handled signal that has arrived and was not taken yet; 0 without one.
  int TakeSignal();

  // --- other processes ------------------------------------------------------------------------
  // Starts `main` in a process of its own, at the same time as this one; its pid.
  // EAGAIN beyond the sandbox's limit of processes.
  IoResult<int> Spawn(SpawnOptions options, Main main);
  // Runs `main` as a child, on this thread, to its end. The cheap way when nothing else has to
  // run meanwhile; EAGAIN as above.
  IoResult<ExitStatus> Call(SpawnOptions options, Main main);
  // The program of that name: a path with a slash, or a name looked up in `path` (as in $PATH),
  // scripts with "#!" included. ENOENT, or EACCES for what is not executable, EISDIR, ENOEXEC for
  // a file that is neither a program nor begins with "#!".
  // `file` is where it was found. The Main takes args[0] as it was called, and what "#!" adds.
  struct Program {
    Main main;
    std::string file;
  };
  IoResult<Program> FindProgram(std::string_view name, std::string_view path) const;
  // execvp(3): goes on as the program that args[0] names, and returns its exit code; 127 or 126
  // with a message on stderr, led by `caller`, if there is no such program.
  int Exec(std::string_view caller);
  // Exec in a child of its own ("env", "xargs"), by Call.
  ExitStatus Execute(SpawnOptions options, std::string_view caller);

  // Waits for a child. ECHILD if there is none; EINTR if a handled signal came first; nullopt
  // where `block` is false and it still runs.
  IoResult<std::optional<ExitStatus>> Wait(int pid, bool block = true);
  // A child that has not begun and is the next to run does so on this thread, to its end, as by
  // Call; Wait then gives its status. Does nothing about any other. It saves who waits for it
  // anyway the way through another thread.
  void RunHere(int pid);
  // Waits for whichever child ends next: its pid and how. ECHILD without any.
  IoResult<std::pair<int, ExitStatus>> WaitAny();
  // kill(2): a pid; 0, this group; below -1, the group of that number. Signal 0 only looks.
  // ESRCH, EINVAL.
  IoStatus Kill(int pid, int signal);

 private:
  friend class Kernel;
  friend struct KernelAccess;
  static constexpr int kTicksPerLook = 64;

  Process(Kernel& kernel, int pid, int parent_pid, int group);
  void Attend();  // Something waits: a signal, a stop, somebody who wants the turn.
  void Look();    // Compares the clock with the slice and the deadline.

  Kernel& kernel_;
  const int pid_;
  const int parent_pid_;
  int group_;
  std::map<int, OpenFilePtr> descriptors_;
  std::atomic<bool> attention_{false};
  int ticks_ = 0;

  struct State;  // The kernel's side.
  std::unique_ptr<State> state_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_PROCESS_H_
