// A whole sandbox provider in one file, to copy: a sandbox is a folder, and its commands are
// processes of this machine. It isolates nothing; what it shows is the shape of a provider.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "sdk/define_provider.h"

namespace computesdk {
namespace {

using Argv = std::vector<std::string>;
using std::chrono::steady_clock;

// An unnamed file, where a pipe would make a call wait for everybody that holds its other end.
struct MemoryFile {
  MemoryFile() : fd(::memfd_create("stream", MFD_CLOEXEC)) {}
  ~MemoryFile() { ::close(fd); }
  std::string Read() const {
    std::string bytes(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
    return ::pread(fd, bytes.data(), bytes.size(), 0) < 0 ? "" : bytes;
  }
  const int fd;
};

std::vector<char*> Pointers(Argv& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Sandbox {
  Sandbox(std::string where, Environment variables) : folder(where), env(variables) {}

  const std::string folder;
  const Environment env;
  std::mutex mutex = {};
  std::condition_variable ended = {};
  std::set<pid_t> running = {};  // Each the leader of its process group.
  bool destroyed = false;

  // Starts a program with nothing to read but the end; 0 if the sandbox is gone.
  pid_t Start(Argv argv, Argv variables, const std::string& cwd, std::array<int, 3> streams) {
    const auto argv_pointers = Pointers(argv), variable_pointers = Pointers(variables);
    const std::lock_guard lock(mutex);
    if (destroyed) return 0;
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::setpgid(0, 0);
      ::signal(SIGPIPE, SIG_DFL);
      ::dup2(::open("/dev/null", O_RDONLY), 0);
      for (int i = 0; i < 3; ++i) ::dup2(streams[i], i + 1);  // The last may be left out.
      if (::chdir(cwd.c_str()) == 0) {
        ::execvpe(argv_pointers[0], argv_pointers.data(), variable_pointers.data());
      }
      ::_exit(errno == ENOENT ? 127 : 126);
    }
    ::setpgid(pid, pid);  // Here too: whoever kills the group need not wait for the child.
    return *running.insert(pid).first;
  }

  // The exit code, or nothing after a timeout. What is left of the group ends with its leader.
  std::optional<int> Finish(pid_t pid, std::optional<Milliseconds> timeout) {
    pollfd end{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0};
    const bool in_time = ::poll(&end, 1, timeout ? static_cast<int>(timeout->count()) : -1) != 0;
    ::close(end.fd);
    const std::lock_guard lock(mutex);
    ::kill(-pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    running.erase(pid);
    ended.notify_all();
    if (!in_time) return std::nullopt;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  ~Sandbox() { Destroy(); }
  void Destroy() {
    std::unique_lock lock(mutex);
    destroyed = true;
    for (const pid_t pid : running) ::kill(-pid, SIGKILL);
    ended.wait(lock, [this] { return running.empty(); });
    std::filesystem::remove_all(folder);
  }
};

class Host {
 public:
  Result<SandboxRef> Create(const CreateSandboxOptions& options) {
    if (options.runtime.value_or("bash") != "bash") return Invalid("runtime", *options.runtime);
    char folder[] = "/tmp/sandbox-XXXXXX";
    if (::mkdtemp(folder) == nullptr) return MakeError(ErrorCode::kUnavailable, "no folder");
    Environment env = {
        {"HOME", folder}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
    for (const auto& [name, value] : options.envs) env[name] = value;
    const std::string id = std::filesystem::path(folder).filename();
    const std::lock_guard lock(mutex_);
    sandboxes_[id] = std::make_shared<Sandbox>(folder, env);
    return SandboxRef{id, folder};
  }

  Result<std::optional<SandboxRef>> GetById(const std::string& id) {
    const auto sandbox = Find(id);
    return sandbox ? std::optional(SandboxRef{id, sandbox->folder}) : std::nullopt;
  }

  Result<std::vector<SandboxRef>> List() {
    const std::lock_guard lock(mutex_);
    std::vector<SandboxRef> refs;
    for (const auto& [id, sandbox] : sandboxes_) refs.push_back({id, sandbox->folder});
    return refs;
  }

  Status Destroy(const std::string& id) {
    const auto sandbox = Find(id);
    if (!sandbox) return NotFound(id);
    sandbox->Destroy();
    const std::lock_guard lock(mutex_);
    sandboxes_.erase(id);
    return {};
  }

  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) {
    if (request.runtime.value_or("bash") != "bash") return Invalid("runtime", *request.runtime);
    const MemoryFile code;  // Code may be longer than an argument.
    if (::write(code.fd, request.code.data(), request.code.size()) < 0) return Invalid("code", "");
    return Run(id, {"bash", "/dev/fd/3"}, {}, code.fd);
  }

  Result<ExecutionResult> RunCommand(const std::string& id, const RunCommandRequest& request) {
    if (!request.args) return Run(id, {"bash", "-c", request.command}, request.options);
    Argv argv = {request.command};
    argv.insert(argv.end(), request.args->begin(), request.args->end());
    return Run(id, std::move(argv), request.options);
  }

 private:
  static tl::unexpected<Error> Invalid(const std::string& what, const std::string& value) {
    return MakeError(ErrorCode::kInvalidArgument, "the " + what + " \"" + value + "\" is no use");
  }
  static tl::unexpected<Error> NotFound(const std::string& id) {
    return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + id);
  }

  std::shared_ptr<Sandbox> Find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = sandboxes_.find(id);
    return found == sandboxes_.end() ? nullptr : found->second;
  }

  Result<ExecutionResult> Run(const std::string& id, Argv argv, const RunCommandOptions& options,
                              int code = -1) {
    const auto sandbox = Find(id);
    if (!sandbox) return NotFound(id);
    const std::string cwd = options.cwd.value_or(sandbox->folder);
    if (!std::filesystem::is_directory(cwd)) return Invalid("cwd", cwd);
    Environment env = options.env;
    env.insert(sandbox->env.begin(), sandbox->env.end());
    Argv variables;
    for (const auto& [name, value] : env) variables.push_back(name + "=" + value);
    const auto start = steady_clock::now();
    const MemoryFile out, err;
    const pid_t pid = sandbox->Start(std::move(argv), variables, cwd, {out.fd, err.fd, code});
    if (pid <= 0) return NotFound(id);
    ExecutionResult result{.sandbox_id = id, .provider = "minimal", .pid = pid};
    if (options.background) {
      std::thread([sandbox, pid, limit = options.timeout] {
        sandbox->Finish(pid, limit);
      }).detach();
      result.is_background = true;
      return result;
    }
    const auto exit_code = sandbox->Finish(pid, options.timeout);
    if (!exit_code) return MakeError(ErrorCode::kDeadlineExceeded, "the command took too long");
    result.exit_code = *exit_code;
    result.stdout_bytes = out.Read();
    result.stderr_bytes = err.Read();
    result.execution_time = std::chrono::floor<Milliseconds>(steady_clock::now() - start);
    return result;
  }

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Sandbox>> sandboxes_;
};

}  // namespace

// The conformance test's way to the provider.
std::unique_ptr<Provider> MakeProviderUnderTest() {
  const auto host = std::make_shared<Host>();
  auto provider = DefineProvider({
      .name = "minimal",
      .runtimes = {"bash"},
      .capabilities = {"create.envs", "command.cwd", "command.env", "command.timeout",
                       "command.background"},
      .max_concurrency = 16,
      .create = std::bind_front(&Host::Create, host),
      .get_by_id = std::bind_front(&Host::GetById, host),
      .list = std::bind_front(&Host::List, host),
      .destroy = std::bind_front(&Host::Destroy, host),
      .run_code = std::bind_front(&Host::RunCode, host),
      .run_command = std::bind_front(&Host::RunCommand, host),
      .filesystem = ShellFileSystem{},
  });
  return std::move(provider).value();
}

}  // namespace computesdk
