#include "providers/local/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace computesdk::local {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;

std::vector<char*> Pointers(const Argv& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

class Actions {
 public:
  explicit Actions(const ProcessStart& start) {
    posix_spawn_file_actions_init(&value_);
    posix_spawn_file_actions_addopen(&value_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&value_, start.out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&value_, start.err, STDERR_FILENO);
    posix_spawn_file_actions_addfchdir_np(&value_, start.cwd);
    for (int fd = STDERR_FILENO + 1; fd < start.until_it_runs; ++fd) {
      posix_spawn_file_actions_addclose(&value_, fd);
    }
    posix_spawn_file_actions_addclosefrom_np(&value_,
                                             std::max(STDERR_FILENO, start.until_it_runs) + 1);
  }
  ~Actions() { posix_spawn_file_actions_destroy(&value_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &value_; }

 private:
  posix_spawn_file_actions_t value_;
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&value_);
    posix_spawnattr_setflags(&value_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&value_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&value_, &signals);
  }
  ~Attributes() { posix_spawnattr_destroy(&value_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &value_; }

 private:
  posix_spawnattr_t value_;
};

// Whether the file could be executed; errno says why not.
bool IsProgram(const std::string& path, int cwd) {
  struct stat info {};
  if (::fstatat(cwd, path.c_str(), &info, 0) != 0) return false;
  if (!S_ISREG(info.st_mode)) {
    errno = EACCES;
    return false;
  }
  return ::faccessat(cwd, path.c_str(), X_OK, AT_EACCESS) == 0;
}

// Reads up to `most` bytes onto the end of `text`; what read(2) gave.
ssize_t ReadOnto(std::string& text, int fd, std::size_t most) {
  const std::size_t used = text.size();
  text.resize(used + most);
  ssize_t count = 0;
  do {
    count = ::read(fd, text.data() + used, most);
  } while (count < 0 && errno == EINTR);
  text.resize(used + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return count;
}

// What lies in the pipe now, and not what others put in later: they may never stop.
void ReadRest(std::string& text, int fd) {
  int there = 0;
  if (fd < 0 || ::ioctl(fd, FIONREAD, &there) != 0) return;
  for (auto left = static_cast<ssize_t>(there); left > 0;) {
    const ssize_t count = ReadOnto(text, fd, static_cast<std::size_t>(left));
    if (count <= 0) return;
    left -= count;
  }
}

}  // namespace

std::optional<std::string> FindProgram(const std::string& name, const std::string& path, int cwd) {
  if (name.empty()) {
    errno = ENOENT;
    return std::nullopt;
  }
  if (name.find('/') != name.npos) {
    return IsProgram(name, cwd) ? std::optional(name) : std::nullopt;
  }
  int reason = ENOENT;
  for (std::string_view rest = path;;) {
    const std::size_t colon = rest.find(':');
    const std::string folder(rest.substr(0, colon));
    const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    if (IsProgram(candidate, cwd)) return candidate;
    if (errno == EACCES) reason = EACCES;
    if (colon == rest.npos) break;
    rest.remove_prefix(colon + 1);
  }
  errno = reason;
  return std::nullopt;
}

tl::expected<Process, int> Process::Start(const std::string& file, const ProcessStart& start) {
  const Actions actions(start);
  const Attributes attributes;
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, file.c_str(), actions.get(), attributes.get(),
                                  Pointers(start.argv).data(), Pointers(start.variables).data());
  if (error != 0) return tl::unexpected<int>(error);
  Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (handle.get() < 0) {
    const int reason = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return tl::unexpected<int>(reason);
  }
  return Process(pid, std::move(handle));
}

void Process::Kill() const { ::kill(-pid_, SIGKILL); }

int Process::Wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Watched Watch(const Process& process, int out, int err, std::optional<adapter::Deadline> deadline,
              std::size_t most) {
  Watched watched;
  pollfd fds[] = {{out, POLLIN, 0}, {err, POLLIN, 0}, {process.ended(), POLLIN, 0}};
  std::string* const texts[] = {&watched.out, &watched.err};
  while (true) {
    const int timeout = deadline ? adapter::PollTimeout(*deadline) : -1;
    const int ready = ::poll(fds, std::size(fds), timeout);
    if (ready < 0) continue;  // Interrupted.
    for (std::size_t i = 0; i < std::size(texts); ++i) {
      if (fds[i].fd >= 0 && fds[i].revents != 0 && ReadOnto(*texts[i], fds[i].fd, kChunk) <= 0) {
        fds[i].fd = -1;
      }
    }
    if (watched.out.size() + watched.err.size() > most) {
      watched.end = Watched::End::kTooMuchOutput;
      return watched;
    }
    if (fds[2].revents != 0) break;
    if (deadline && adapter::PollTimeout(*deadline) == 0) {
      watched.end = Watched::End::kOutOfTime;
      break;
    }
  }
  for (std::size_t i = 0; i < std::size(texts); ++i) ReadRest(*texts[i], fds[i].fd);
  return watched;
}

}  // namespace computesdk::local
