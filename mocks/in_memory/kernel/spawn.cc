#include <utility>

#include "mocks/in_memory/kernel/kernel_impl.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/kernel/thread_pool.h"

namespace computesdk::in_memory {

std::unique_ptr<Process> KernelAccess::Make(Kernel& kernel, int pid, int parent_pid, int group,
                                            Turn::Waiter& waiter) {
  std::unique_ptr<Process> process(new Process(kernel, pid, parent_pid, group));
  process->state_ = std::make_unique<Process::State>(waiter);
  process->state_->began = kernel.impl_->clock.Now();
  return process;
}

// As fork does, with the changes that are asked for.
std::unique_ptr<Process> KernelAccess::MakeChild(Process& parent, SpawnOptions& options,
                                                 Turn::Waiter& waiter) {
  const int pid = parent.kernel_.impl_->next_pid++;
  const int group = options.new_group ? pid : parent.group_;
  std::unique_ptr<Process> child = Make(parent.kernel_, pid, parent.pid_, group, waiter);
  if (!options.env) child->env = parent.env;
  if (!options.cwd) child->cwd = parent.cwd;
  if (options.args.empty()) child->args = parent.args;
  child->umask = parent.umask;
  child->niceness = parent.niceness;
  child->descriptors_ = parent.descriptors_;
  child->state_->command = parent.state_->command;
  child->state_->actions = parent.state_->actions;
  // What its parent handles ends it from the start, before it has run at all.
  child->state_->ResetHandledSignals();
  child->state_->parent = &parent;
  Apply(*child, options);
  return child;
}

void KernelAccess::Apply(Process& process, SpawnOptions& options) {
  if (!options.args.empty()) process.args = std::move(options.args);
  if (options.env) process.env = std::move(*options.env);
  if (options.cwd) process.cwd = std::move(*options.cwd);
  for (auto& [fd, file] : options.files) process.SetFile(fd, std::move(file));
  options.files.clear();
}

ExitStatus KernelAccess::RunCallee(Process& caller, Process& callee, Main& main) {
  Kernel::Impl& kernel = Of(caller);
  caller.state_->callee = &callee;
  const ExitStatus status = kernel.RunToEnd(callee, main);
  kernel.current = caller.pid_;
  caller.state_->callee = nullptr;
  return status;
}

IoResult<int> Process::Spawn(SpawnOptions options, Main main) {
  Checkpoint();
  Kernel::Impl& kernel = *kernel_.impl_;
  if (kernel.Full()) return IoError(std::errc::resource_unavailable_try_again);
  auto spawned = std::make_unique<Spawned>(kernel.turn);
  spawned->process = KernelAccess::MakeChild(*this, options, *spawned);
  spawned->main = std::move(main);
  const int pid = spawned->process->pid();
  state_->children[pid] = {spawned->process.get(), {}};
  ++state_->unstarted;
  if (kernel.Enlist(spawned)) return pid;
  --state_->unstarted;
  state_->children.erase(pid);
  return IoError(std::errc::resource_unavailable_try_again);
}

IoResult<ExitStatus> Process::Call(SpawnOptions options, Main main) {
  Checkpoint();
  Kernel::Impl& kernel = *kernel_.impl_;
  if (kernel.Full()) return IoError(std::errc::resource_unavailable_try_again);
  // What was started before is under way by the time a program has been loaded: `sleep 9 & ps`.
  if (state_->unstarted > 0) kernel.Yield(*this);
  const std::unique_ptr<Process> child = KernelAccess::MakeChild(*this, options, state_->waiter);
  // It is waited for by this very call.
  child->state_->parent = nullptr;
  kernel.Register(*child);
  const ExitStatus status = KernelAccess::RunCallee(*this, *child, main);
  state_->NoteChildEnd();
  // What it leaves behind is under way, too: `start-daemon; stop-daemon`.
  if (child->state_->unstarted > 0) kernel.Yield(*this);
  Checkpoint();
  return status;
}

void Process::RunHere(int pid) {
  const auto child = state_->children.find(pid);
  if (child == state_->children.end() || child->second.process == nullptr) return;
  Kernel::Impl& kernel = *kernel_.impl_;
  Turn::Waiter& waiter = KernelAccess::StateOf(*child->second.process).waiter;
  if (!kernel.turn.TakeOver(waiter)) return;
  const std::unique_ptr<Spawned> spawned(static_cast<Spawned*>(&waiter));
  ReturnPoolThread();
  --state_->unstarted;
  KernelAccess::RunCallee(*this, *spawned->process, spawned->main);
  spawned->process.reset();
  kernel.LeaveThread();
  Checkpoint();
}

IoResult<std::optional<ExitStatus>> Process::Wait(int pid, bool block) {
  while (true) {
    const auto child = state_->children.find(pid);
    if (child == state_->children.end()) return IoError(std::errc::no_child_process);
    if (child->second.process == nullptr) {
      const ExitStatus status = child->second.status;
      state_->children.erase(child);
      std::erase(state_->ended, pid);
      return status;
    }
    if (!block) return std::nullopt;
    if (KernelAccess::Interrupted(*this)) return IoError(std::errc::interrupted);
    kernel_.impl_->Block(*this, ClockTime::max());
  }
}

IoResult<std::pair<int, ExitStatus>> Process::WaitAny() {
  while (state_->ended.empty()) {
    if (state_->children.empty()) return IoError(std::errc::no_child_process);
    if (KernelAccess::Interrupted(*this)) return IoError(std::errc::interrupted);
    kernel_.impl_->Block(*this, ClockTime::max());
  }
  const int pid = state_->ended.front();
  state_->ended.pop_front();
  const ExitStatus status = state_->children.extract(pid).mapped().status;
  return std::pair(pid, status);
}

}  // namespace computesdk::in_memory
