#include "mocks/in_memory/kernel/process.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "mocks/in_memory/kernel/kernel_impl.h"

namespace computesdk::in_memory {
namespace {

// A process that passes the turn comes back after everybody who waited: often enough for the
// others, seldom enough that switching threads costs nothing that shows.
constexpr auto kSlice = std::chrono::milliseconds(1);

constexpr std::size_t kReadBlock = std::size_t{64} * 1024;

bool IgnoredByDefault(int signal) {
  switch (signal) {
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGCONT:
    // There are no stopped processes: nobody at a terminal could continue them.
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
      return true;
    default:
      return false;
  }
}

}  // namespace

Process::Process(Kernel& kernel, int pid, int parent_pid, int group)
    : kernel_(kernel), pid_(pid), parent_pid_(parent_pid), group_(group) {}

Process::~Process() = default;

FileSystem& Process::files() { return kernel_.impl_->files; }

Clock& Process::clock() { return kernel_.impl_->clock; }

// --- time and being stopped ---------------------------------------------------------------------

void Process::Attend() {
  kernel_.impl_->DieIfKilled(*this);
  // Unwinding: what is left to do ends by itself.
}

void Process::Look() {
  ticks_ = 0;
  Kernel::Impl& kernel = *kernel_.impl_;
  kernel.clock.Work();
  if (kernel.limits.steps != std::numeric_limits<std::uint64_t>::max()) {
    kernel.CountSteps(*this, kTicksPerLook);
    kernel.DieIfKilled(*this);
  }
  if (state_->command->deadline != ClockTime::max()) {
    kernel.CheckDeadline(*this);
    kernel.DieIfKilled(*this);
  }
  if (state_->alarm != ClockTime::max()) {
    kernel.CheckAlarm(*this);
    kernel.DieIfKilled(*this);
  }
  if (!kernel.turn.wanted()) return;
  if (std::chrono::steady_clock::now() - kernel.slice_start < kSlice) return;
  kernel.Yield(*this);
}

bool Process::Sleep(std::chrono::nanoseconds duration) {
  Kernel::Impl& kernel = *kernel_.impl_;
  const ClockTime now = kernel.clock.Now();
  const ClockTime until = duration >= ClockTime::max() - now ? ClockTime::max() : now + duration;
  while (kernel.clock.Now() < until) {
    if (state_->HasHandledSignal()) return false;
    if (state_->killed != 0) {
      kernel.DieIfKilled(*this);
      return false;
    }
    kernel.Block(*this, until);
  }
  Checkpoint();
  return true;
}

void Process::SetAlarm(std::optional<ClockTime> at) {
  state_->alarm = at.value_or(ClockTime::max());
}

void Process::Exit(int code) { throw ProcessEnd{{.code = code & 0xff, .signal = 0}}; }

std::chrono::nanoseconds Process::Elapsed() const {
  return kernel_.impl_->clock.Now() - state_->began;
}

bool KernelAccess::Interrupted(Process& process) {
  if (process.state_->HasHandledSignal()) return true;
  Of(process).DieIfKilled(process);
  return process.state_->killed != 0;  // While it unwinds.
}

IoStatus KernelAccess::Wait(Process& process, WaitList& list) {
  if (process.state_->HasHandledSignal()) return IoError(std::errc::interrupted);
  IoStatus waited = WaitUninterrupted(process, list);
  if (!waited) return waited;
  if (process.state_->HasHandledSignal()) return IoError(std::errc::interrupted);
  return {};
}

IoStatus KernelAccess::WaitUninterrupted(Process& process, WaitList& list) {
  WaitList::Entry entry(list, process.state_->waiter);
  Of(process).DieIfKilled(process);
  if (process.state_->killed != 0) return IoError(std::errc::interrupted);
  Of(process).Block(process, ClockTime::max());
  return {};
}

// --- descriptors --------------------------------------------------------------------------------

IoStatus Process::Close(int fd) {
  if (descriptors_.erase(fd) == 0) return IoError(std::errc::bad_file_descriptor);
  return {};
}

OpenFilePtr Process::File(int fd) const {
  const auto found = descriptors_.find(fd);
  return found == descriptors_.end() ? nullptr : found->second;
}

void Process::SetFile(int fd, OpenFilePtr file) {
  if (file == nullptr) {
    descriptors_.erase(fd);
  } else {
    descriptors_[fd] = std::move(file);
  }
}

int Process::AddFile(OpenFilePtr file, int min) {
  int fd = min;
  for (auto at = descriptors_.lower_bound(min); at != descriptors_.end() && at->first == fd; ++at) {
    ++fd;
  }
  descriptors_[fd] = std::move(file);
  return fd;
}

IoResult<int> Process::Open(std::string_view path, int flags, unsigned mode) {
  IoResult<OpenFilePtr> file = OpenDescription(path, flags, mode);
  if (!file) return IoError(file.error());
  return AddFile(std::move(*file));
}

IoResult<std::size_t> Process::Read(int fd, char* buffer, std::size_t size) {
  const OpenFilePtr file = File(fd);
  if (file == nullptr) return IoError(std::errc::bad_file_descriptor);
  Checkpoint();
  return file->Read(*this, buffer, size);
}

IoResult<std::string> Process::ReadAll(int fd) {
  std::string content;
  // Not into the string: it would be filled with NULs before, and most of what is read is short.
  const auto buffer = std::make_unique_for_overwrite<char[]>(kReadBlock);
  while (true) {
    const IoResult<std::size_t> read = Read(fd, buffer.get(), kReadBlock);
    if (!read) return IoError(read.error());
    if (*read == 0) return content;
    content.append(buffer.get(), *read);
    // What has no end, such as the output of `yes`, would fill the memory.
    if (content.size() > kernel_.limits().output_bytes) {
      return IoError(std::errc::not_enough_memory);
    }
  }
}

IoStatus Process::Write(int fd, std::string_view data) {
  const OpenFilePtr file = File(fd);
  if (file == nullptr) return IoError(std::errc::bad_file_descriptor);
  Checkpoint();
  while (!data.empty()) {
    const IoResult<std::size_t> written = file->Write(*this, data);
    if (!written) {
      if (written.error() == std::errc::broken_pipe) (void)Kill(pid_, SIGPIPE);
      return IoError(written.error());
    }
    data.remove_prefix(*written);
    if (!data.empty()) Checkpoint();
  }
  return {};
}

// --- signals ------------------------------------------------------------------------------------

void Process::State::ResetHandledSignals() {
  for (SignalAction& action : actions) {
    if (action == SignalAction::kHandle) action = SignalAction::kDefault;
  }
  pending = 0;
  child_signals = 0;
}

void Process::State::NoteChildEnd() {
  if (actions[SIGCHLD] != SignalAction::kHandle) return;
  pending |= std::uint64_t{1} << (SIGCHLD - 1);
  ++child_signals;
}

void Process::SetSignalAction(int signal, SignalAction action) {
  if (signal <= 0 || signal >= kSignals || signal == SIGKILL || signal == SIGSTOP) return;
  state_->actions[signal] = action;
  if (action != SignalAction::kHandle) state_->pending &= ~(std::uint64_t{1} << (signal - 1));
}

SignalAction Process::signal_action(int signal) const {
  if (signal <= 0 || signal >= kSignals) return SignalAction::kDefault;
  return state_->actions[signal];
}

int Process::TakeSignal() {
  if (state_->pending == 0) return 0;
  const int signal = std::countr_zero(state_->pending) + 1;
  if (signal == SIGCHLD && state_->child_signals > 1) {
    --state_->child_signals;
    return signal;
  }
  if (signal == SIGCHLD) state_->child_signals = 0;
  state_->pending &= state_->pending - 1;
  return signal;
}

void Kernel::Impl::Send(Process& process, int signal) {
  Process::State& state = KernelAccess::StateOf(process);
  switch (state.actions[signal]) {
    case SignalAction::kIgnore:
      return;
    case SignalAction::kHandle:
      state.pending |= std::uint64_t{1} << (signal - 1);
      state.waiter.Wake();
      return;
    case SignalAction::kDefault:
      if (!IgnoredByDefault(signal)) Terminate(process, signal);
      return;
  }
}

IoStatus Process::Kill(int pid, int signal) {
  if (signal < 0 || signal >= kSignals) return IoError(std::errc::invalid_argument);
  Kernel::Impl& kernel = *kernel_.impl_;
  const int group = pid == 0 ? group_ : -pid;
  bool found = false;
  bool self = false;
  for (auto& [number, process] : kernel.processes) {
    const bool meant = pid > 0     ? number == pid
                       : pid == -1 ? number != pid_
                                   : process->group_ == group;
    if (!meant) continue;
    found = true;
    if (number == pid_) {
      self = true;
    } else if (signal != 0) {
      kernel.Send(*process, signal);
    }
  }
  // One that has ended and that nobody has waited for is still there.
  const auto child = state_->children.find(pid);
  if (!found && child == state_->children.end()) return IoError(std::errc::no_such_process);
  if (self && signal != 0) kernel.Send(*this, signal);
  Checkpoint();
  return {};
}

}  // namespace computesdk::in_memory
