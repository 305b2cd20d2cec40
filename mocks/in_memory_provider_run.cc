// Commands and code.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory_provider_impl.h"
#include "sdk/encoding.h"

namespace computesdk {
namespace {

using in_memory::ClockTime;
using in_memory::ExitStatus;
using in_memory::FileStatus;
using in_memory::FileSystem;
using in_memory::FileType;
using in_memory::IoResult;
using in_memory::Kernel;
using in_memory::Main;
using in_memory::Process;
using in_memory::SpawnOptions;

// Of the output that an error quotes; enough to see how far a command came.
constexpr std::size_t kQuotedOutput = 2000;

bool HasNul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool IsIdentifier(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// The last part of what a stream holds, as text that any message may carry.
std::string Quoted(std::string_view output) {
  std::string text;
  if (output.size() > kQuotedOutput) {
    text = "[…]";
    output.remove_prefix(output.size() - kQuotedOutput);
    // Not from the middle of a character.
    while (!output.empty() && (output.front() & 0xc0) == 0x80) output.remove_prefix(1);
  }
  const bool readable = IsValidUtf8(output);
  for (char c : output) {
    const bool ascii = (c & 0x80) == 0;
    text += (ascii && c != '\0') || (!ascii && readable) ? c : '?';
  }
  return text;
}

Status CheckCommand(const RunCommandRequest& request) {
  if (HasNul(request.command)) {
    return MakeError(ErrorCode::kInvalidArgument, "the command has a NUL in it");
  }
  if (request.args && std::any_of(request.args->begin(), request.args->end(), HasNul)) {
    return MakeError(ErrorCode::kInvalidArgument, "an argument has a NUL in it");
  }
  const RunCommandOptions& options = request.options;
  if (options.timeout && options.timeout->count() <= 0) {
    return MakeError(ErrorCode::kInvalidArgument, "the timeout of a command has to be positive");
  }
  if (options.cwd && (options.cwd->empty() || HasNul(*options.cwd))) {
    return MakeError(ErrorCode::kInvalidArgument, "the cwd is empty or has a NUL in it");
  }
  return CheckEnvironment(options.env);
}

// The folder's real path, as a process that was started there would see it.
Result<std::string> ResolveCwd(InMemorySandbox& sandbox, const std::string& cwd,
                               const std::string& workdir) {
  IoResult<std::string> real = in_memory::IoError(std::errc::no_such_file_or_directory);
  sandbox.kernel.WithTurn([&](FileSystem& files) {
    const std::string path = in_memory::JoinPath(workdir, cwd);
    const IoResult<FileStatus> status = files.Stat(path);
    if (!status) {
      real = in_memory::IoError(status.error());
    } else if (status->type != FileType::kDirectory) {
      real = in_memory::IoError(std::errc::not_a_directory);
    } else {
      real = files.RealPath(path);
    }
  });
  if (real) return std::move(*real);
  return MakeError(ErrorCodeOf(real.error()), "sandbox " + sandbox.id + ": cwd " + cwd + ": " +
                                                  in_memory::ErrnoText(real.error()));
}

// What the shell runs. "--": a line may begin with a dash.
std::vector<std::string> ShellArgs(const std::string& line) { return {"bash", "-c", "--", line}; }

}  // namespace

Status CheckEnvironment(const Environment& envs) {
  for (const auto& [name, value] : envs) {
    if (!IsIdentifier(name)) {
      return MakeError(ErrorCode::kInvalidArgument,
                       "'" + Quoted(name) + "' is not the name of a variable");
    }
    if (HasNul(value)) {
      return MakeError(ErrorCode::kInvalidArgument,
                       "the value of variable " + name + " has a NUL in it");
    }
  }
  return {};
}

ClockTime TimeAfter(ClockTime now, Milliseconds duration) {
  const auto left = std::chrono::floor<Milliseconds>(ClockTime::max() - now);
  return duration >= left ? ClockTime::max() : now + duration;
}

Result<ExecutionResult> InMemoryProvider::Impl::Execute(InMemorySandbox& sandbox,
                                                        SpawnOptions spawn, const Main& main,
                                                        const RunCommandOptions& request) {
  const ClockTime begin = clock.Now();
  const ClockTime deadline =
      request.timeout ? TimeAfter(begin, *request.timeout) : ClockTime::max();
  spawn.new_group = true;
  ExecutionResult result;
  result.sandbox_id = sandbox.id;
  result.provider = options.name;
  if (request.background) {
    const IoResult<int> pid = sandbox.kernel.Start(std::move(spawn), main, deadline);
    if (!pid) {
      return MakeError(ErrorCode::kResourceExhausted,
                       "sandbox " + sandbox.id + " can run no more processes");
    }
    result.pid = *pid;
    result.is_background = true;
    result.execution_time = std::chrono::floor<Milliseconds>(clock.Now() - begin);
    return result;
  }
  Kernel::Outcome outcome = sandbox.kernel.Run(std::move(spawn), main, deadline);
  const ClockTime end = clock.Now();
  if (sandbox.destroyed || (outcome.deadline_exceeded && end < deadline)) {
    return MakeError(ErrorCode::kNotFound,
                     "sandbox " + sandbox.id + " ended while the command ran");
  }
  if (outcome.deadline_exceeded) {
    return MakeError(ErrorCode::kDeadlineExceeded,
                     "sandbox " + sandbox.id + ": the command used up its " +
                         std::to_string(request.timeout->count()) + " ms; stdout until then: '" +
                         Quoted(outcome.stdout_bytes) + "', stderr: '" +
                         Quoted(outcome.stderr_bytes) + "'");
  }
  result.exit_code = outcome.status.ShellCode();
  result.stdout_bytes = std::move(outcome.stdout_bytes);
  result.stderr_bytes = std::move(outcome.stderr_bytes);
  result.execution_time = std::chrono::floor<Milliseconds>(end - begin);
  return result;
}

Result<ExecutionResult> InMemoryProvider::RunCommand(const std::string& sandbox_id,
                                                     const RunCommandRequest& request) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  Status valid = CheckCommand(request);
  if (!valid) return tl::unexpected(valid.error());
  (*sandbox)->commands.Add(
      {.command = request.command, .args = request.args, .options = request.options});
  SpawnOptions spawn;
  spawn.cwd = impl_->options.workdir;
  if (request.options.cwd) {
    Result<std::string> cwd = ResolveCwd(**sandbox, *request.options.cwd, impl_->options.workdir);
    if (!cwd) return tl::unexpected(cwd.error());
    spawn.cwd = std::move(*cwd);
  }
  spawn.env = *(*sandbox)->envs;
  for (const auto& [name, value] : request.options.env) (*spawn.env)[name] = value;
  if (!request.args) {
    spawn.args = ShellArgs(request.command);
    return impl_->Execute(**sandbox, std::move(spawn), impl_->shell, request.options);
  }
  spawn.args = {request.command};
  spawn.args.insert(spawn.args.end(), request.args->begin(), request.args->end());
  return impl_->Execute(**sandbox, std::move(spawn), impl_->exec, request.options);
}

Result<ExecutionResult> InMemoryProvider::RunCode(const std::string& sandbox_id,
                                                  const RunCodeRequest& request) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  const std::string runtime =
      request.runtime.value_or((*sandbox)->options.runtime.value_or(std::string(kRuntime)));
  const auto program = (*sandbox)->runtimes->find(runtime);
  if (program == (*sandbox)->runtimes->end()) {
    return MakeError(ErrorCode::kInvalidArgument, NoRuntime(runtime, *(*sandbox)->runtimes));
  }
  if (HasNul(request.code)) {
    return MakeError(ErrorCode::kInvalidArgument, "the code has a NUL in it");
  }
  (*sandbox)->commands.Add({.command = request.code, .runtime = runtime});
  SpawnOptions spawn;
  spawn.args = runtime == kRuntime ? ShellArgs(request.code)
                                   : std::vector{runtime, std::string("-c"), request.code};
  spawn.cwd = impl_->options.workdir;
  spawn.env = *(*sandbox)->envs;
  return impl_->Execute(**sandbox, std::move(spawn), program->second, {});
}

}  // namespace computesdk
