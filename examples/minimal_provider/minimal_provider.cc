// A whole sandbox provider in one file, to copy: a sandbox is a folder, and its commands are
// processes of this machine. It isolates nothing; what it shows is the shape of a provider.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>

#include "sdk/define_provider.h"

namespace computesdk {
namespace {

using Argv = std::vector<std::string>;
using std::chrono::steady_clock;

// An unnamed file, where a pipe would make a call wait for everybody that holds its other end.
struct MemoryFile {
  ~MemoryFile() { ::close(fd); }
  std::string Read() const {
    std::string bytes(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
    return ::pread(fd, bytes.data(), bytes.size(), 0) < 0 ? "" : bytes;
  }
  const int fd = ::memfd_create("stream", MFD_CLOEXEC);
};

// A new process in a group of its own, with nothing to read but the end of the input.
pid_t Start(Argv argv, const Environment& env, const std::string& cwd, int out, int err) {
  Argv variables;
  for (const auto& [name, value] : env) variables.push_back(name + "=" + value);
  std::vector<char*> pointers[2];
  for (std::string& text : argv) pointers[0].push_back(text.data());
  for (std::string& text : variables) pointers[1].push_back(text.data());
  for (std::vector<char*>& list : pointers) list.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid > 0) ::setpgid(pid, pid);  // As in the child: whoever comes first.
  if (pid != 0) return pid;
  ::setpgid(0, 0);
  ::signal(SIGPIPE, SIG_DFL);
  if (::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0) == 0 && ::dup2(out, 1) == 1 &&
      ::dup2(err, 2) == 2 && ::chdir(cwd.c_str()) == 0) {
    ::execvpe(pointers[0][0], pointers[0].data(), pointers[1].data());
  }
  ::_exit(errno == ENOENT ? 127 : 126);
}

// Ends what is left of a process and its group. Its exit code.
int End(pid_t pid) {
  int status = 0;
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

tl::unexpected<Error> NotFound(const std::string& id) {
  return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + id);
}

tl::unexpected<Error> Unknown(const std::string& runtime) {
  return MakeError(ErrorCode::kInvalidArgument, "there is no runtime " + runtime);
}

struct Sandbox {
  SandboxRef ref;
  Environment env;
  std::set<pid_t> in_calls = {}, in_background = {};
};

struct Host {
  std::mutex mutex = {};
  std::condition_variable call_ended = {};
  std::map<std::string, std::shared_ptr<Sandbox>> sandboxes = {};

  ~Host() {  // By a copy of the id: the map's own goes with the sandbox.
    while (!sandboxes.empty()) Destroy(std::string(sandboxes.begin()->first));
  }

  Result<SandboxRef> Create(const CreateSandboxOptions& options) {
    char folder[] = "/tmp/sandbox-XXXXXX";
    if (::mkdtemp(folder) == nullptr) return MakeError(ErrorCode::kUnavailable, "no folder");
    Environment env = options.envs;
    env.insert({{"HOME", folder}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}});
    const SandboxRef ref{std::filesystem::path(folder).filename(), folder};
    const std::lock_guard lock(mutex);
    sandboxes[ref.sandbox_id] = std::make_shared<Sandbox>(Sandbox{ref, env});
    return ref;
  }

  Result<std::optional<SandboxRef>> GetById(const std::string& id) {
    const std::lock_guard lock(mutex);
    return sandboxes.contains(id) ? std::optional(sandboxes[id]->ref) : std::nullopt;
  }

  Result<std::vector<SandboxRef>> List() {
    const std::lock_guard lock(mutex);
    std::vector<SandboxRef> refs;
    for (const auto& [id, sandbox] : sandboxes) refs.push_back(sandbox->ref);
    return refs;
  }

  Status Destroy(const std::string& id) {
    std::unique_lock lock(mutex);
    const auto node = sandboxes.extract(id);
    if (node.empty()) return NotFound(id);
    Sandbox& sandbox = *node.mapped();
    for (const pid_t pid : sandbox.in_calls) ::kill(-pid, SIGKILL);
    for (const pid_t pid : sandbox.in_background) End(pid);
    call_ended.wait(lock, [&] { return sandbox.in_calls.empty(); });
    std::filesystem::remove_all(*sandbox.ref.workdir);
    return {};
  }

  Result<ExecutionResult> Run(const std::string& id, const Argv& argv,
                              const RunCommandOptions& options) {
    std::unique_lock lock(mutex);
    if (!sandboxes.contains(id)) return NotFound(id);
    const std::shared_ptr<Sandbox> sandbox = sandboxes[id];
    const std::string cwd = options.cwd.value_or(*sandbox->ref.workdir);
    Environment env = options.env;
    env.insert(sandbox->env.begin(), sandbox->env.end());
    const MemoryFile out, err;
    const auto start = steady_clock::now();
    const pid_t pid = Start(argv, env, cwd, out.fd, err.fd);
    if (pid < 0) return MakeError(ErrorCode::kResourceExhausted, "no process for " + id);
    (options.background ? sandbox->in_background : sandbox->in_calls).insert(pid);
    ExecutionResult result{.sandbox_id = id, .provider = "minimal"};
    result.is_background = options.background;
    if (options.background) return result;

    lock.unlock();
    pollfd end{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0};
    const int limit = options.timeout ? static_cast<int>(options.timeout->count()) : -1;
    const bool in_time = ::poll(&end, 1, limit) != 0;
    ::close(end.fd);
    lock.lock();
    result.exit_code = End(pid);
    sandbox->in_calls.erase(pid);
    call_ended.notify_all();
    if (!in_time) return MakeError(ErrorCode::kDeadlineExceeded, "out of time in " + id);
    result.execution_time = std::chrono::floor<Milliseconds>(steady_clock::now() - start);
    result.stdout_bytes = out.Read();
    result.stderr_bytes = err.Read();
    return result;
  }
};

}  // namespace

std::unique_ptr<Provider> MakeProviderUnderTest() {
  const auto host = std::make_shared<Host>();
  ProviderDefinition minimal{.name = "minimal", .runtimes = {"bash"}, .max_concurrency = 16};
  minimal.capabilities = {"create.envs", "command.cwd", "command.env", "command.timeout",
                          "command.background"};
  minimal.create = [=](const CreateSandboxOptions& options) -> Result<SandboxRef> {
    if (options.runtime.value_or("bash") != "bash") return Unknown(*options.runtime);
    return host->Create(options);
  };
  minimal.list = [=] { return host->List(); };
  minimal.get_by_id = [=](const std::string& id) { return host->GetById(id); };
  minimal.destroy = [=](const std::string& id) { return host->Destroy(id); };
  minimal.run_command = [=](const std::string& id, const RunCommandRequest& request) {
    Argv argv = request.args ? *request.args : Argv{"-c", request.command};
    argv.insert(argv.begin(), request.args ? request.command : "bash");
    return host->Run(id, argv, request.options);
  };
  minimal.run_code = [=](const std::string& id,
                         const RunCodeRequest& request) -> Result<ExecutionResult> {
    if (request.runtime.value_or("bash") != "bash") return Unknown(*request.runtime);
    const MemoryFile code;  // An argument has room for 128 KiB only.
    if (::write(code.fd, request.code.data(), request.code.size()) < 0) return NotFound(id);
    const std::string files = "/proc/" + std::to_string(::getpid()) + "/fd/";
    return host->Run(id, {"bash", files + std::to_string(code.fd)}, {});
  };
  minimal.filesystem = ShellFileSystem{};
  return std::move(DefineProvider(std::move(minimal))).value();
}

}  // namespace computesdk
