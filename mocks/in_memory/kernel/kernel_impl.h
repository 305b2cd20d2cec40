#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_KERNEL_IMPL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_KERNEL_IMPL_H_

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/proc_files.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/kernel/turn.h"
#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {

inline constexpr int kSignals = 65;

// What one Run or Start began, and everything that came of it.
struct Command {
  ClockTime deadline = ClockTime::max();
  bool expired = false;
  std::uint64_t steps = 0;
};

struct Process::State {
  // What a parent knows of a child; it stays until somebody has asked for it.
  struct Child {
    Process* process = nullptr;  // nullptr once it has ended.
    ExitStatus status;
  };

  explicit State(Turn::Waiter& waiter) : waiter(waiter) {}

  // Only default and ignored ones are left after exec.
  void ResetHandledSignals();
  bool HasHandledSignal() const { return pending != 0; }
  // A child has ended: of this signal each one counts.
  void NoteChildEnd();

  Turn::Waiter& waiter;  // Of the thread that the process runs on.
  std::shared_ptr<Command> command;
  ClockTime began;
  ClockTime alarm = ClockTime::max();
  Process* parent = nullptr;  // nullptr for a command's main process, and for an orphan.
  Process* callee = nullptr;  // The child that runs on this thread now.
  std::map<int, Child> children;
  int unstarted = 0;      // Of these, that have not had the turn yet.
  std::deque<int> ended;  // Children, in the order in which they ended.
  std::array<SignalAction, kSignals> actions = {};
  std::uint64_t pending = 0;
  unsigned child_signals = 0;  // How often SIGCHLD is pending.
  std::atomic<int> killed{0};  // The signal that ends it; also set without the turn, by Stop.
};

// A process that gets a thread of the pool once it has the turn.
struct Spawned : Turn::Waiter {
  explicit Spawned(Turn& turn) : Turn::Waiter(turn) {}
  std::unique_ptr<Process> process;
  Main main;
  // As on the thread that makes it.
  const bool bytes_are_characters = BytesAreCharacters();
};

// Everything but `stopped`, `threads` and the insertion into and removal from `processes` belongs
// to who has the turn; those three have the mutex.
struct Kernel::Impl {
  Impl(Clock& clock, KernelLimits limits, std::shared_ptr<const ProgramTable> programs,
       const std::shared_ptr<const FileSystemImage>& image);

  // --- processes -------------------------------------------------------------------------------
  bool Full() const { return processes.size() >= static_cast<std::size_t>(limits.processes); }
  void Register(Process& process);
  // The program to its end, and what was left of the process cleared away.
  ExitStatus RunToEnd(Process& process, Main& main);
  // Lets it wait for the turn. False if there is no thread for it. The caller has the turn.
  bool Enlist(std::unique_ptr<Spawned>& spawned);
  // On the thread that got the turn for it, and after it those that have no thread yet: in a
  // pipeline each stage then goes on where the one before has ended.
  void RunSpawned(std::unique_ptr<Spawned> spawned);
  void Terminate(Process& process, int signal);
  void Send(Process& process, int signal);  // By the process's action for it.
  void Expire(Command& command);
  // Ends every process of the command.
  void TerminateAll(const Command& command, int signal);
  Process* FindProcess(int pid);

  // --- the turn --------------------------------------------------------------------------------
  void EnterThread();
  void LeaveThread();
  void BeginSlice() { slice_start = std::chrono::steady_clock::now(); }
  // Unwinds a process that was killed, or whose command's time is up.
  void DieIfKilled(Process& process);
  void CheckDeadline(Process& process);
  void CountSteps(Process& process, std::uint64_t steps);
  void CheckAlarm(Process& process);
  void Block(Process& process, ClockTime until);
  void Yield(Process& process);

  Clock& clock;
  const ClockTime started = clock.Now();
  const KernelLimits limits;
  const std::shared_ptr<const ProgramTable> programs;
  FileSystem files;
  Turn turn;
  std::chrono::steady_clock::time_point slice_start;
  int next_pid = 2;
  int current = 0;  // The process that has the turn.
  ProcFiles proc;

  std::mutex mutex;
  std::map<int, Process*> processes;
  bool stopped = false;
  int threads = 0;  // Inside, or on their way in.
  std::condition_variable left;
};

// The kernel's side of a process, for the files of this folder.
struct KernelAccess {
  static Kernel::Impl& Of(Kernel& kernel) { return *kernel.impl_; }
  static Kernel::Impl& Of(Process& process) { return *process.kernel_.impl_; }
  static Process::State& StateOf(Process& process) { return *process.state_; }
  static std::unique_ptr<Process> Make(Kernel& kernel, int pid, int parent_pid, int group,
                                       Turn::Waiter& waiter);
  static std::unique_ptr<Process> MakeChild(Process& parent, SpawnOptions& options,
                                            Turn::Waiter& waiter);
  static void Apply(Process& process, SpawnOptions& options);
  // The callee to its end, on the thread of the caller, who goes on afterwards.
  static ExitStatus RunCallee(Process& caller, Process& callee, Main& main);
  static void SetAttention(Process& process) {
    process.attention_.store(true, std::memory_order_relaxed);
  }
  static void CloseAll(Process& process) { process.descriptors_.clear(); }
  // Whether who is about to wait has to see to a handled signal first. One that was killed ends.
  static bool Interrupted(Process& process);
  // Waits until something on the list happens; EINTR if a handled signal has come.
  static IoStatus Wait(Process& process, WaitList& list);
  // The same without an eye on signals: only being killed ends it early (EINTR while unwinding).
  static IoStatus WaitUninterrupted(Process& process, WaitList& list);
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_KERNEL_IMPL_H_
