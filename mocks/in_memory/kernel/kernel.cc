#include "mocks/in_memory/kernel/kernel.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "mocks/in_memory/kernel/kernel_impl.h"
#include "mocks/in_memory/kernel/machine.h"
#include "mocks/in_memory/kernel/thread_pool.h"
#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {
namespace {

// As bash answers where fork fails.
constexpr int kForkFailed = 254;

// Gives the turn away when it goes out of scope.
class TurnHolder {
 public:
  explicit TurnHolder(Turn& turn) : turn_(turn) {}
  ~TurnHolder() { turn_.Release(); }
  TurnHolder(const TurnHolder&) = delete;
  TurnHolder& operator=(const TurnHolder&) = delete;

 private:
  Turn& turn_;
};

ExitStatus RunMain(Process& process, Main& main) {
  const CharacterSetScope scope;
  try {
    process.Checkpoint();
    return {.code = main(process) & 0xff, .signal = 0};
  } catch (const ProcessEnd& end) {
    return end.status;
  } catch (const std::bad_alloc&) {
    return {.code = 0, .signal = SIGKILL};
  } catch (const std::exception&) {
    return {.code = 0, .signal = SIGABRT};
  }
}

}  // namespace

Kernel::Impl::Impl(Clock& clock, KernelLimits limits, std::shared_ptr<const ProgramTable> programs,
                   const std::shared_ptr<const FileSystemImage>& image)
    : clock(clock),
      limits(limits),
      programs(std::move(programs)),
      files([&clock] { return clock.Now(); }, limits.files, image),
      turn(clock, [this](Turn::Waiter& waiter) {
        RunOnPoolThread([this, spawned = static_cast<Spawned*>(&waiter)] {
          RunSpawned(std::unique_ptr<Spawned>(spawned));
        });
      }) {}

void Kernel::Impl::EnterThread() {
  std::lock_guard<std::mutex> lock(mutex);
  ++threads;
}

// Notifies with the mutex: after it the kernel may be gone.
void Kernel::Impl::LeaveThread() {
  std::lock_guard<std::mutex> lock(mutex);
  if (--threads == 0) left.notify_all();
}

void Kernel::Impl::Register(Process& process) {
  std::lock_guard<std::mutex> lock(mutex);
  processes.emplace(process.pid(), &process);
  if (!stopped) return;
  KernelAccess::StateOf(process).killed.store(SIGKILL, std::memory_order_relaxed);
  KernelAccess::SetAttention(process);
}

Process* Kernel::Impl::FindProcess(int pid) {
  const auto found = processes.find(pid);
  return found == processes.end() ? nullptr : found->second;
}

ExitStatus Kernel::Impl::RunToEnd(Process& process, Main& main) {
  current = process.pid();
  const ExitStatus status = RunMain(process, main);
  // What the program holds goes with the process, while it has the turn.
  main = nullptr;
  KernelAccess::CloseAll(process);
  Process::State& state = KernelAccess::StateOf(process);
  for (auto& [pid, child] : state.children) {
    if (child.process != nullptr) KernelAccess::StateOf(*child.process).parent = nullptr;
  }
  {
    std::lock_guard<std::mutex> lock(mutex);
    processes.erase(process.pid());
  }
  current = 0;
  if (state.parent == nullptr) return status;
  Process::State& parent = KernelAccess::StateOf(*state.parent);
  parent.children[process.pid()] = {nullptr, status};
  parent.ended.push_back(process.pid());
  parent.NoteChildEnd();
  parent.waiter.Wake();
  return status;
}

// A child that runs on the same thread ends with it: there is nowhere else to go on.
void Kernel::Impl::Terminate(Process& process, int signal) {
  for (Process* at = &process; at != nullptr; at = KernelAccess::StateOf(*at).callee) {
    int none = 0;
    KernelAccess::StateOf(*at).killed.compare_exchange_strong(none, signal);
    KernelAccess::SetAttention(*at);
  }
  KernelAccess::StateOf(process).waiter.Wake();
}

void Kernel::Impl::Expire(Command& command) {
  command.expired = true;
  TerminateAll(command, SIGKILL);
}

void Kernel::Impl::TerminateAll(const Command& command, int signal) {
  for (auto& [pid, process] : processes) {
    if (KernelAccess::StateOf(*process).command.get() == &command) Terminate(*process, signal);
  }
}

void Kernel::Impl::DieIfKilled(Process& process) {
  const int signal = KernelAccess::StateOf(process).killed.load(std::memory_order_relaxed);
  if (signal == 0 || std::uncaught_exceptions() > 0) return;
  throw ProcessEnd{{.code = 0, .signal = signal}};
}

void Kernel::Impl::CheckDeadline(Process& process) {
  Command& command = *KernelAccess::StateOf(process).command;
  if (!command.expired && clock.Now() >= command.deadline) Expire(command);
}

void Kernel::Impl::CountSteps(Process& process, std::uint64_t steps) {
  Command& command = *KernelAccess::StateOf(process).command;
  command.steps += steps;
  if (command.steps > limits.steps) TerminateAll(command, SIGXCPU);
}

void Kernel::Impl::CheckAlarm(Process& process) {
  Process::State& state = KernelAccess::StateOf(process);
  if (clock.Now() < state.alarm) return;
  state.alarm = ClockTime::max();
  Send(process, SIGALRM);
}

void Kernel::Impl::Block(Process& process, ClockTime until) {
  DieIfKilled(process);
  Process::State& state = KernelAccess::StateOf(process);
  turn.Block(state.waiter, std::min({until, state.command->deadline, state.alarm}));
  current = process.pid();
  BeginSlice();
  if (state.command->deadline != ClockTime::max()) CheckDeadline(process);
  if (state.alarm != ClockTime::max()) CheckAlarm(process);
  DieIfKilled(process);
}

void Kernel::Impl::Yield(Process& process) {
  turn.Yield(KernelAccess::StateOf(process).waiter);
  current = process.pid();
  BeginSlice();
  DieIfKilled(process);
}

Kernel::Kernel(Clock& clock, KernelLimits limits, std::shared_ptr<const ProgramTable> programs,
               std::shared_ptr<const FileSystemImage> image) {
  if (image == nullptr) image = MakeBaseImage(clock, *programs);
  impl_ = std::make_unique<Impl>(clock, limits, std::move(programs), image);
  impl_->files.SetRefresh(std::string(ProcFiles::kFolder), [this](std::string_view path) {
    impl_->proc.Refresh(*this, path, impl_->current);
  });
}

Kernel::~Kernel() {
  Stop();
  std::unique_lock<std::mutex> lock(impl_->mutex);
  impl_->left.wait(lock, [this] { return impl_->threads == 0; });
}

Kernel::Outcome Kernel::Run(SpawnOptions options, const Main& main, ClockTime deadline) {
  Outcome outcome;
  impl_->EnterThread();
  {
    Turn::Waiter waiter(impl_->turn);
    impl_->turn.Acquire(waiter);
    const TurnHolder holder(impl_->turn);
    impl_->BeginSlice();
    if (impl_->Full()) {
      outcome.status.code = kForkFailed;
      outcome.stderr_bytes = "fork: " + ErrnoText(std::errc::resource_unavailable_try_again) + "\n";
    } else {
      auto output = std::make_shared<CaptureFile>(impl_->limits.output_bytes);
      auto errors = std::make_shared<CaptureFile>(impl_->limits.output_bytes);
      options.files.try_emplace(0, MakeNullFile());
      options.files.try_emplace(1, output);
      options.files.try_emplace(2, errors);
      const int pid = impl_->next_pid++;
      auto process = KernelAccess::Make(*this, pid, 1, pid, waiter);
      auto command = std::make_shared<Command>();
      command->deadline = std::min(deadline, impl_->limits.end);
      KernelAccess::StateOf(*process).command = command;
      KernelAccess::Apply(*process, options);
      impl_->Register(*process);
      impl_->CheckDeadline(*process);
      Main program = main;
      outcome.status = impl_->RunToEnd(*process, program);
      outcome.deadline_exceeded = command->expired;
      // What goes on in the background is no longer the caller's.
      command->deadline = impl_->limits.end;
      outcome.stdout_bytes = output->Close();
      outcome.stderr_bytes = errors->Close();
    }
    options.files.clear();
  }
  impl_->LeaveThread();
  return outcome;
}

bool Kernel::Impl::Enlist(std::unique_ptr<Spawned>& spawned) {
  if (!ReservePoolThread()) return false;
  Register(*spawned->process);
  EnterThread();
  turn.Enlist(*spawned.release());
  return true;
}

void Kernel::Impl::RunSpawned(std::unique_ptr<Spawned> spawned) {
  turn.Begin();
  while (spawned != nullptr) {
    BeginSlice();
    if (Process* parent = KernelAccess::StateOf(*spawned->process).parent) {
      --KernelAccess::StateOf(*parent).unstarted;
    }
    const CharacterSetScope scope(spawned->bytes_are_characters);
    RunToEnd(*spawned->process, spawned->main);
    spawned->process.reset();
    spawned.reset(static_cast<Spawned*>(turn.ReleaseOrTakeOver()));
    if (spawned != nullptr) ReturnPoolThread();
    LeaveThread();
  }
}

IoResult<int> Kernel::Start(SpawnOptions options, Main main, ClockTime deadline) {
  IoResult<int> result = IoError(std::errc::resource_unavailable_try_again);
  impl_->EnterThread();
  {
    Turn::Waiter waiter(impl_->turn);
    impl_->turn.Acquire(waiter);
    const TurnHolder holder(impl_->turn);
    if (!impl_->Full()) {
      for (int fd = 0; fd <= 2; ++fd) options.files.try_emplace(fd, MakeNullFile());
      auto spawned = std::make_unique<Spawned>(impl_->turn);
      const int pid = impl_->next_pid++;
      spawned->process = KernelAccess::Make(*this, pid, 1, pid, *spawned);
      spawned->main = std::move(main);
      KernelAccess::StateOf(*spawned->process).command =
          std::make_shared<Command>(Command{.deadline = std::min(deadline, impl_->limits.end)});
      KernelAccess::Apply(*spawned->process, options);
      if (impl_->Enlist(spawned)) result = pid;
    }
    options.files.clear();
  }
  impl_->LeaveThread();
  return result;
}

void Kernel::Stop() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->stopped = true;
  for (auto& [pid, process] : impl_->processes) {
    Process::State& state = KernelAccess::StateOf(*process);
    state.killed.store(SIGKILL, std::memory_order_relaxed);
    KernelAccess::SetAttention(*process);
    state.waiter.Wake();
  }
}

void Kernel::WithTurn(const std::function<void(FileSystem&)>& body) {
  if (impl_->turn.HeldByThisThread()) {
    body(impl_->files);
    return;
  }
  std::optional<Turn::Waiter> waiter;  // Costs more than the turn where nobody has that.
  if (!impl_->turn.TryAcquire()) impl_->turn.Acquire(waiter.emplace(impl_->turn));
  const TurnHolder holder(impl_->turn);
  body(impl_->files);
}

FileSystem& Kernel::files() { return impl_->files; }

Clock& Kernel::clock() { return impl_->clock; }

ClockTime StartOf(Kernel& kernel) { return KernelAccess::Of(kernel).started; }

const KernelLimits& Kernel::limits() const { return impl_->limits; }

const ProgramTable& Kernel::programs() const { return *impl_->programs; }

std::vector<Kernel::ProcessInfo> Kernel::Processes() const {
  std::vector<ProcessInfo> list;
  const_cast<Kernel*>(this)->WithTurn([&](FileSystem&) {
    for (const auto& [pid, process] : impl_->processes) {
      list.push_back({pid, process->parent_pid(), process->group(), process->args,
                      process->state_->began, process->niceness});
    }
  });
  return list;
}

}  // namespace computesdk::in_memory
