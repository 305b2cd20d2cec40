#include "sdk/adapter/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace computesdk::adapter {
namespace {

struct SpawnActions {
  SpawnActions() { posix_spawn_file_actions_init(&value); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&value); }
  posix_spawn_file_actions_t value;
};

// A group of its own, and the signals as a program expects to find them.
struct SpawnAttributes {
  SpawnAttributes() {
    posix_spawnattr_init(&value);
    posix_spawnattr_setflags(
        &value, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&value, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&value, &signals);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
      sigaddset(&signals, signal);
    }
    posix_spawnattr_setsigdefault(&value, &signals);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&value); }
  posix_spawnattr_t value;
};

// This process's variables, with those of `extra` put over them.
std::vector<std::string> MergedEnvironment(const Environment& extra) {
  std::vector<std::string> merged;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!extra.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto& [name, value] : extra) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool IsDirectory(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::Start(const std::vector<std::string>& command,
                                                          const std::string& working_directory,
                                                          const Environment& env) {
  if (command.empty()) {
    return MakeError(ErrorCode::kInvalidArgument, "the adapter's command is empty");
  }
  const std::string doing = "cannot start \"" + command[0] + "\"";
  if (!working_directory.empty() && !IsDirectory(working_directory)) {
    return MakeError(ErrorCode::kUnavailable,
                     doing + ": there is no directory " + working_directory);
  }
  Result<Pipe> pipes[4] = {MakePipe(), MakePipe(), MakePipe(), MakePipe()};
  for (const Result<Pipe>& pipe : pipes) {
    if (!pipe) return tl::unexpected<Error>(pipe.error());
  }
  auto& [input, output, error_output, exit] = pipes;

  SpawnActions actions;
  posix_spawn_file_actions_adddup2(&actions.value, input->read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions.value, output->write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions.value, error_output->write.get(), STDERR_FILENO);
  if (!working_directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions.value, working_directory.c_str());
  }
  const SpawnAttributes attributes;
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = MergedEnvironment(env);

  std::unique_ptr<ChildProcess> child(new ChildProcess);
  const int error =
      posix_spawnp(&child->pid_, command[0].c_str(), &actions.value, &attributes.value,
                   Pointers(arguments).data(), Pointers(variables).data());
  if (error != 0) {
    child->pid_ = -1;
    return SystemError(doing, error);
  }
  child->input_ = std::move(input->write);
  child->output_ = std::move(output->read);
  child->error_output_ = std::move(error_output->read);
  child->exit_pipe_ = std::move(*exit);
  child->waiter_ = std::thread([raw = child.get()] { raw->WaitAndReap(); });
  return child;
}

ChildProcess::~ChildProcess() {
  if (!waiter_.joinable()) return;
  Signal(SIGKILL);
  waiter_.join();
}

void ChildProcess::WaitAndReap() {
  // The zombie is left until its group is killed: its pid keeps the group's number from being
  // given to somebody else.
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
  const std::lock_guard lock(mutex_);
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  exit_pipe_.write.Close();
  ended_.notify_all();
}

void ChildProcess::Signal(int signal) {
  const std::lock_guard lock(mutex_);
  if (status_) return;
  ::kill(-pid_, signal);
  ::kill(pid_, signal);  // It may have left its group.
}

std::optional<int> ChildProcess::WaitUntil(Deadline deadline) {
  std::unique_lock lock(mutex_);
  ended_.wait_until(lock, deadline, [&] { return status_.has_value(); });
  return status_;
}

std::string DescribeWaitStatus(int status) {
  if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* name = ::sigdescr_np(signal);
  return "was ended by signal " + std::to_string(signal) +
         (name == nullptr ? "" : " (" + std::string(name) + ")");
}

}  // namespace computesdk::adapter
