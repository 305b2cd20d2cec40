// A whole sandbox provider in one file, to copy: a sandbox is a folder, and its commands are
// processes of this machine. It isolates nothing; what it shows is the shape of a provider.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

#include "sdk/define_provider.h"

namespace computesdk {
namespace {

using Argv = std::vector<std::string>;

// An unnamed file, where a pipe would make a call wait for everybody that holds its other end.
struct MemoryFile {
  explicit MemoryFile(const std::string& bytes = "") { std::ofstream(path) << bytes; }
  ~MemoryFile() { ::close(fd); }
  std::string Read() const { return {std::istreambuf_iterator(std::ifstream(path).rdbuf()), {}}; }
  const int fd = ::memfd_create("stream", MFD_CLOEXEC);
  const std::string path = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd);
};

// A new process in a group of its own, with nothing to read but the end of the input.
pid_t Start(Argv argv, Argv env, const std::string& cwd, int out, int err) {
  std::vector<char*> args, variables;
  for (std::string& arg : argv) args.push_back(arg.data());
  for (std::string& variable : env) variables.push_back(variable.data());
  for (std::vector<char*>* list : {&args, &variables}) list->push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid > 0) ::setpgid(pid, pid);  // As in the child: whoever comes first.
  if (pid != 0) return pid;
  ::setpgid(0, 0);
  ::signal(SIGPIPE, SIG_DFL);
  if (::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0) == 0 && ::dup2(out, 1) == 1 &&
      ::dup2(err, 2) == 2 && ::chdir(cwd.c_str()) == 0) {
    ::execvpe(args[0], args.data(), variables.data());
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

// Goes, with its folder and all that it runs, when the last call in it has ended.
struct HostSandbox {
  const SandboxRef ref;
  const Environment env;
  std::set<pid_t> running = {};
  ~HostSandbox() {
    for (const pid_t pid : running) End(pid);
    std::filesystem::remove_all(*ref.workdir);
  }
};

struct Host {
  std::mutex mutex = {};
  std::map<std::string, std::shared_ptr<HostSandbox>> sandboxes = {};
  Result<ExecutionResult> Run(const std::string& id, const Argv& argv, RunCommandOptions options) {
    std::unique_lock lock(mutex);
    if (!sandboxes.contains(id)) return MakeError(ErrorCode::kNotFound, "no sandbox " + id);
    const std::shared_ptr<HostSandbox> sandbox = sandboxes[id];
    options.env.insert(sandbox->env.begin(), sandbox->env.end());
    Argv env;
    for (const auto& [name, value] : options.env) env.push_back(name + "=" + value);
    const MemoryFile out, err;
    const auto start = std::chrono::steady_clock::now();
    const std::string cwd = options.cwd.value_or(*sandbox->ref.workdir);
    const pid_t pid = Start(argv, env, cwd, out.fd, err.fd);
    if (pid < 0) return MakeError(ErrorCode::kResourceExhausted, "no process for " + id);
    sandbox->running.insert(pid);
    ExecutionResult result{.sandbox_id = id, .provider = "minimal"};
    result.is_background = options.background;
    if (options.background) return result;
    lock.unlock();
    pollfd end{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0};
    const bool in_time = ::poll(&end, 1, options.timeout ? options.timeout->count() : -1) != 0;
    ::close(end.fd);
    lock.lock();
    result.exit_code = End(pid);
    sandbox->running.erase(pid);
    if (!in_time) return MakeError(ErrorCode::kDeadlineExceeded, "out of time in " + id);
    result.execution_time =
        std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now() - start);
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
    char folder[] = "/tmp/sandbox-XXXXXX";
    if (::mkdtemp(folder) == nullptr) return MakeError(ErrorCode::kUnavailable, "no folder");
    Environment env = options.envs;
    env.insert({{"HOME", folder}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}});
    const SandboxRef ref{std::filesystem::path(folder).filename(), folder};
    const std::lock_guard lock(host->mutex);
    host->sandboxes[ref.sandbox_id] = std::make_shared<HostSandbox>(ref, env);
    return ref;
  };
  minimal.list = [=] {
    const std::lock_guard lock(host->mutex);
    std::vector<SandboxRef> refs;
    for (const auto& [id, sandbox] : host->sandboxes) refs.push_back(sandbox->ref);
    return refs;
  };
  minimal.get_by_id = [=](const std::string& id) -> Result<std::optional<SandboxRef>> {
    const std::lock_guard lock(host->mutex);
    return host->sandboxes.contains(id) ? std::optional(host->sandboxes[id]->ref) : std::nullopt;
  };
  minimal.destroy = [=](const std::string& id) -> Status {
    const std::lock_guard lock(host->mutex);
    const auto node = host->sandboxes.extract(id);
    if (node.empty()) return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + id);
    for (const pid_t pid : node.mapped()->running) ::kill(-pid, SIGKILL);
    return {};
  };
  minimal.run_command = [=](const std::string& id, const RunCommandRequest& request) {
    Argv argv = request.args ? *request.args : Argv{"-c", request.command};
    argv.insert(argv.begin(), request.args ? request.command : "bash");
    return host->Run(id, argv, request.options);
  };
  minimal.run_code = [=](const std::string& id, const RunCodeRequest& request) {
    return host->Run(id, {"bash", MemoryFile(request.code).path}, {});
  };
  minimal.filesystem = ShellFileSystem{};
  return std::move(DefineProvider(std::move(minimal))).value();
}

}  // namespace computesdk
