#include "providers/local/command_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "providers/local/marked_processes.h"
#include "providers/local/path_error.h"

namespace computesdk::local {
namespace {

using adapter::Deadline;

constexpr std::string_view kSandboxVariable = "COMPUTESDK_SANDBOX";
constexpr std::string_view kCommandVariable = "COMPUTESDK_COMMAND";
constexpr std::size_t kQuotedBytes = 2000;

std::optional<Deadline> DeadlineOf(const Command& command) {
  if (!command.options.timeout) return std::nullopt;
  return adapter::DeadlineAfter(*command.options.timeout);
}

// The process, and those that left its group.
void End(const Process& process, const std::string& mark) {
  process.Kill();
  KillMarkedProcesses(mark);
}

// "; its stdout ends with: …", or nothing.
std::string Quoted(std::string_view stream, std::string_view text) {
  if (text.empty()) return "";
  if (text.size() > kQuotedBytes) text.remove_prefix(text.size() - kQuotedBytes);
  return "; its " + std::string(stream) + " ends with: " + std::string(text);
}

}  // namespace

CommandRunner::CommandRunner(std::string provider, std::size_t max_output_bytes,
                             std::function<Result<Descriptor>(const std::string&)> hold)
    : provider_(std::move(provider)), max_output_bytes_(max_output_bytes), hold_(std::move(hold)) {
  if (Result<adapter::Pipe> pipe = adapter::MakePipe()) leaving_ = std::move(*pipe);
}

CommandRunner::~CommandRunner() {
  leaving_.write.Close();
  for (Background& background : background_) background.thread.join();
}

std::string CommandRunner::MarkOf(const std::string& sandbox_id) {
  return std::string(kSandboxVariable) + "=" + sandbox_id;
}

ExecutionResult CommandRunner::ResultOf(const Command& command) const {
  return {.sandbox_id = command.sandbox_id, .provider = provider_};
}

Result<CommandRunner::Place> CommandRunner::Enter(const Command& command) const {
  Result<Descriptor> hold = hold_(command.sandbox_id);
  if (!hold) return tl::unexpected<Error>(std::move(hold.error()));
  Descriptor cwd(::open(command.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (cwd.get() >= 0) return Place{std::move(cwd), std::move(*hold)};
  const int error = errno;
  // It may have been taken away since.
  hold = hold_(command.sandbox_id);
  if (!hold) return tl::unexpected<Error>(std::move(hold.error()));
  return PathError("start in the directory", command.cwd, error);
}

Result<ExecutionResult> CommandRunner::Run(const Command& command) {
  Result<Place> place = Enter(command);
  if (!place) return tl::unexpected<Error>(std::move(place.error()));
  // The process id keeps apart what several providers with one root run in one sandbox.
  const std::string mark = std::string(kCommandVariable) + "=" + command.sandbox_id + "-" +
                           std::to_string(::getpid()) + "-" + std::to_string(++count_);
  return command.options.background ? RunInBackground(command, mark, std::move(*place))
                                    : RunToEnd(command, mark, std::move(*place));
}

tl::expected<Process, int> CommandRunner::Start(const Command& command, const std::string& mark,
                                                Place place, int out, int err) const {
  const auto path = command.variables.find("PATH");
  const std::optional<std::string> file = FindProgram(
      command.argv.front(), path == command.variables.end() ? "" : path->second, place.cwd.get());
  if (!file) return tl::unexpected<int>(errno);
  ProcessStart start{.argv = command.argv,
                     .variables = {},
                     .cwd = place.cwd.get(),
                     .out = out,
                     .err = err,
                     .until_it_runs = place.hold.get()};
  for (const auto& [name, value] : command.variables) {
    if (name == kSandboxVariable || name == kCommandVariable) continue;
    start.variables.push_back(name + "=" + value);
  }
  start.variables.push_back(MarkOf(command.sandbox_id));
  start.variables.push_back(mark);
  tl::expected<Process, int> process = Process::Start(*file, start);
  if (process || process.error() != ENOEXEC) return process;
  // As a shell does with a script that names no interpreter.
  start.argv.front() = *file;
  start.argv.insert(start.argv.begin(), command.shell.begin(), command.shell.end());
  return Process::Start(command.shell.front(), start);
}

Result<ExecutionResult> CommandRunner::NotStarted(const Command& command, int error) const {
  const std::string reason = command.argv.front() + ": " + std::generic_category().message(error);
  if (error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE) {
    return MakeError(ErrorCode::kResourceExhausted,
                     "cannot start a process in " + command.sandbox_id + ": " + reason);
  }
  if (error == E2BIG) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "the arguments are more than a process can have: " + reason);
  }
  ExecutionResult result = ResultOf(command);
  result.exit_code = error == ENOENT || error == ENOTDIR ? 127 : 126;
  result.stderr_bytes = reason + "\n";
  return result;
}

Result<ExecutionResult> CommandRunner::RunToEnd(const Command& command, const std::string& mark,
                                                Place place) {
  Result<adapter::Pipe> out = adapter::MakePipe();
  Result<adapter::Pipe> err = adapter::MakePipe();
  if (!out) return tl::unexpected<Error>(std::move(out.error()));
  if (!err) return tl::unexpected<Error>(std::move(err.error()));
  const auto begun = adapter::Clock::now();
  const std::optional<Deadline> deadline = DeadlineOf(command);
  tl::expected<Process, int> process =
      Start(command, mark, std::move(place), out->write.get(), err->write.get());
  if (!process) return NotStarted(command, process.error());
  out->write.Close();
  err->write.Close();
  Watched watched = Watch(*process, out->read.get(), err->read.get(), deadline, max_output_bytes_);
  if (watched.end != Watched::End::kByItself) End(*process, mark);
  ExecutionResult result = ResultOf(command);
  result.exit_code = process->Wait();
  result.pid = process->pid();
  result.execution_time = std::chrono::floor<Milliseconds>(adapter::Clock::now() - begun);
  if (watched.end == Watched::End::kTooMuchOutput) {
    return MakeError(ErrorCode::kResourceExhausted,
                     "a command in " + command.sandbox_id + " was ended: it printed more than " +
                         std::to_string(max_output_bytes_) + " bytes");
  }
  if (watched.end == Watched::End::kOutOfTime) {
    return MakeError(ErrorCode::kDeadlineExceeded,
                     "a command in " + command.sandbox_id + " was ended after its timeout of " +
                         std::to_string(command.options.timeout->count()) + " ms" +
                         Quoted("stdout", watched.out) + Quoted("stderr", watched.err));
  }
  result.stdout_bytes = std::move(watched.out);
  result.stderr_bytes = std::move(watched.err);
  return result;
}

Result<ExecutionResult> CommandRunner::RunInBackground(const Command& command,
                                                       const std::string& mark, Place place) {
  const Descriptor nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (nothing.get() < 0) return adapter::SystemError("cannot open /dev/null", errno);
  const std::optional<Deadline> deadline = DeadlineOf(command);
  tl::expected<Process, int> process =
      Start(command, mark, std::move(place), nothing.get(), nothing.get());
  if (!process) return NotStarted(command, process.error());
  ExecutionResult result = ResultOf(command);
  result.pid = process->pid();
  result.is_background = true;
  LookAfter(std::move(*process), mark, deadline);
  return result;
}

void CommandRunner::LookAfter(Process process, std::string mark, std::optional<Deadline> deadline) {
  const std::lock_guard lock(mutex_);
  for (auto done = background_.begin(); done != background_.end();) {
    if (!done->ended) {
      ++done;
      continue;
    }
    done->thread.join();
    done = background_.erase(done);
  }
  Background& background = background_.emplace_back();
  background.thread = std::thread([this, &background, process = std::move(process),
                                   mark = std::move(mark), deadline]() mutable {
    pollfd fds[] = {{process.ended(), POLLIN, 0}, {leaving_.read.get(), POLLIN, 0}};
    int ready = 0;
    do {
      ready = ::poll(fds, std::size(fds), deadline ? adapter::PollTimeout(*deadline) : -1);
    } while (ready < 0 || (ready == 0 && adapter::PollTimeout(*deadline) > 0));
    if (ready == 0) End(process, mark);
    if (fds[0].revents != 0 || ready == 0) process.Wait();
    background.ended = true;
  });
}

}  // namespace computesdk::local
