#include "mocks/differential/outcome.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "mocks/in_memory_provider.h"

namespace computesdk::differential {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kLimit(20);

[[noreturn]] void Fail(const std::string& what) {
  throw std::runtime_error("the host's shell cannot be run: " + what);
}

// A folder that goes when it goes out of scope.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& parent) : path_(parent + "/script.XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) Fail("mkdtemp " + path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Pipe {
  int read = -1;
  int write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) Fail("pipe2");
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    ::close(read);
    CloseWrite();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void CloseWrite() {
    if (write >= 0) ::close(write);
    write = -1;
  }
};

std::vector<std::string> Environment(const std::string& programs, const std::string& home) {
  return {"PATH=" + programs + ":/usr/bin:/bin", "HOME=" + home, "LC_ALL=C.UTF-8", "TZ=UTC",
          "LANG=C.UTF-8"};
}

pid_t StartBash(const std::string& script, const std::string& folder, const std::string& programs,
                int out, int err) {
  std::vector<std::string> environment = Environment(programs, folder);
  std::vector<char*> envp;
  envp.reserve(environment.size() + 1);
  for (std::string& variable : environment) envp.push_back(variable.data());
  envp.push_back(nullptr);
  std::string shell = "bash";
  std::string flag = "-c";
  std::string text = script;
  const std::array<char*, 4> argv = {shell.data(), flag.data(), text.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  // What a program in the background ignores, its shells would show and keep.
  for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGQUIT}) sigaddset(&usual, signal);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, "/bin/bash", &actions, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) Fail("posix_spawn /bin/bash");
  return pid;
}

// Reads both pipes to their ends; false if the deadline came first.
bool Drain(Pipe& out, Pipe& err, Outcome& outcome) {
  const auto deadline = steady_clock::now() + kLimit;
  std::array<pollfd, 2> polled = {pollfd{out.read, POLLIN, 0}, pollfd{err.read, POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&outcome.stdout_bytes, &outcome.stderr_bytes};
  std::array<char, 65536> buffer;
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return false;
    if (::poll(polled.data(), polled.size(), static_cast<int>(left.count())) <= 0) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      const ssize_t size = ::read(polled[i].fd, buffer.data(), buffer.size());
      if (size <= 0) {
        polled[i].fd = -1;
      } else {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(size));
      }
    }
  }
  return true;
}

int ReapGroup(pid_t pid) {
  int status = 0;
  const auto deadline = steady_clock::now() + std::chrono::seconds(1);
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (steady_clock::now() > deadline) ::kill(-pid, SIGKILL);
    ::usleep(200);
  }
  ::kill(-pid, SIGKILL);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string ContentOf(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(content).str();
}

std::string Shown(char kind, unsigned mode, const std::string& content) {
  std::ostringstream text;
  text << kind << " " << std::oct << mode << " " << content;
  return std::move(text).str();
}

std::map<std::string, std::string> FilesOnHost(const fs::path& folder) {
  std::map<std::string, std::string> files;
  std::error_code unreadable;
  for (fs::recursive_directory_iterator at(folder, unreadable), end; at != end;
       at.increment(unreadable)) {
    const fs::file_status status = at->symlink_status(unreadable);
    const std::string path = at->path().lexically_relative(folder);
    const auto mode = static_cast<unsigned>(status.permissions());
    if (fs::is_symlink(status)) {
      files[path] = Shown('l', 0777, fs::read_symlink(at->path(), unreadable));
    } else if (fs::is_directory(status)) {
      files[path] = Shown('d', mode, "");
    } else {
      const bool regular = fs::is_regular_file(status);
      files[path] = Shown(regular ? 'f' : 'p', mode, regular ? ContentOf(at->path()) : "");
    }
  }
  return files;
}

std::map<std::string, std::string> FilesOf(const FileTree& tree, const std::string& folder) {
  using in_memory::FileType;
  std::map<std::string, std::string> files;
  for (const auto& [path, node] : tree) {
    const char kind = node.type == FileType::kRegular     ? 'f'
                      : node.type == FileType::kDirectory ? 'd'
                      : node.type == FileType::kSymlink   ? 'l'
                                                          : 'p';
    files[path.substr(folder.size() + 1)] = Shown(kind, node.mode, node.content);
  }
  return files;
}

}  // namespace

bool Agree(const Outcome& one, const Outcome& other) {
  return one.stdout_bytes == other.stdout_bytes && one.exit_code == other.exit_code &&
         one.stderr_bytes.empty() == other.stderr_bytes.empty() && one.files == other.files;
}

bool BashFailed(const Outcome& bash) {
  return bash.timed_out ||
         bash.stderr_bytes.find("wait_for: No record of process") != std::string::npos;
}

std::ostream& operator<<(std::ostream& os, const Outcome& outcome) {
  os << "exit code " << outcome.exit_code << "\n--- stdout\n"
     << outcome.stdout_bytes << "\n--- stderr\n"
     << outcome.stderr_bytes << "\n";
  for (const auto& [path, file] : outcome.files) os << "--- " << path << ": " << file << "\n";
  return os;
}

Outcome RunOnHost(const std::string& script, const std::string& scratch) {
  const ScratchFolder folder(scratch);
  const ScratchFolder programs(scratch);
  fs::create_symlink("/usr/bin/gawk", programs.path() + "/awk");
  Pipe out;
  Pipe err;
  const pid_t pid = StartBash(script, folder.path(), programs.path(), out.write, err.write);
  out.CloseWrite();
  err.CloseWrite();
  Outcome outcome;
  outcome.timed_out = !Drain(out, err, outcome);
  outcome.exit_code = ReapGroup(pid);
  outcome.files = FilesOnHost(folder.path());
  return outcome;
}

Outcome RunInMemory(const std::string& script) {
  static auto* const provider = new InMemoryProvider();
  const auto sandbox = provider->Create({});
  if (!sandbox) return {"", sandbox.error().ToString(), -1, {}};
  RunCommandRequest request{.command = script};
  request.options.timeout = std::chrono::duration_cast<Milliseconds>(kLimit);
  auto result = provider->RunCommand(sandbox->sandbox_id, request);
  Outcome outcome;
  if (result) {
    outcome = {
        std::move(result->stdout_bytes), std::move(result->stderr_bytes), result->exit_code, {}};
  } else {
    outcome = {"", result.error().ToString(), -1, {}};
  }
  const auto tree = provider->Files(sandbox->sandbox_id);
  if (tree) outcome.files = FilesOf(*tree, sandbox->workdir.value_or(""));
  (void)provider->Destroy(sandbox->sandbox_id);
  return outcome;
}

std::ostream& operator<<(std::ostream& os, const Difference& difference) {
  return os << "=== bash: " << difference.bash << "=== in memory: " << difference.ours;
}

std::optional<Difference> FindDifference(const std::string& script, const std::string& scratch,
                                         int tries) {
  std::optional<Difference> found;
  for (int i = 0; i < tries; ++i) {
    found = Difference{RunOnHost(script, scratch), RunInMemory(script)};
    if (Agree(found->bash, found->ours) || BashFailed(found->bash)) return std::nullopt;
  }
  return found;
}

}  // namespace computesdk::differential
