#include "bench/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace computesdk::bench {
namespace {

constexpr std::size_t kReadBlock = std::size_t{64} << 10;

void CloseOnce(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

Result<Child> Child::Start(const std::vector<std::string>& command) {
  std::array<int, 2> input = {-1, -1};
  std::array<int, 2> output = {-1, -1};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) {
    return MakeError(ErrorCode::kUnavailable, std::string("no pipe: ") + std::strerror(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  // Ignored here, it would be so in every program of the child.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  Child child(pid, input[1], output[0]);
  if (error == 0) return child;
  return MakeError(ErrorCode::kUnavailable, command[0] + ": " + std::strerror(error));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      read_(std::move(other.read_)) {}

Child::~Child() {
  CloseOnce(input_);
  CloseOnce(output_);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

bool Child::WriteLine(std::string line) {
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t written = ::write(input_, left.data(), left.size());
    if (written < 0) return false;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool Child::ReadMore() {
  const std::size_t before = read_.size();
  read_.resize(before + kReadBlock);
  const ssize_t count = ::read(output_, read_.data() + before, kReadBlock);
  read_.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
  return count > 0;
}

Result<std::string> Child::ReadLine() {
  std::size_t end = 0;
  while ((end = read_.find('\n')) == std::string::npos) {
    if (!ReadMore()) return MakeError(ErrorCode::kUnavailable, "it has ended");
  }
  std::string line = read_.substr(0, end);
  read_.erase(0, end + 1);
  return line;
}

std::string Child::Finish(int& status) {
  CloseOnce(input_);
  while (ReadMore()) {
  }
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return std::move(read_);
}

}  // namespace computesdk::bench
