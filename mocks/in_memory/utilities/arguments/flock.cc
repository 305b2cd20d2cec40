#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>

#include "mocks/in_memory/kernel/file_locks.h"
#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// The exit codes of <sysexits.h>.
constexpr int kFlockUsage = 64;
constexpr int kFlockBadData = 65;
constexpr int kFlockNoInput = 66;
constexpr int kFlockNoCommand = 69;

struct FlockStyle {
  FileLock lock = FileLock::kExclusive;
  bool wait = true;
  std::optional<std::chrono::nanoseconds> timeout;
  int conflict_code = 1;
  bool close = false;
  bool no_fork = false;
  bool verbose = false;
};

[[noreturn]] void FlockFailure(Process& process, const std::string& message) {
  UsageError(process, message, kFlockUsage);
}

FlockStyle ParseFlock(Process& process, Options& options) {
  FlockStyle style;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 's':
        style.lock = FileLock::kShared;
        break;
      case 'x':
      case 'e':
        style.lock = FileLock::kExclusive;
        break;
      case 'u':
        style.lock = FileLock::kNone;
        break;
      case 'n':
        style.wait = false;
        break;
      case 'w': {
        style.timeout = ParseDuration(option->value);
        if (!style.timeout) {
          Complain(process, "invalid timeout value: " + QuotedName(option->value));
          process.Exit(kFlockUsage);
        }
        break;
      }
      case 'E': {
        const auto code = ParseInteger(option->value);
        if (!code || *code < 0 || *code > 255) {
          Complain(process, "exit code out of range (expected 0 to 255)");
          process.Exit(kFlockUsage);
        }
        style.conflict_code = static_cast<int>(*code);
        break;
      }
      case 'o':
        style.close = true;
        break;
      case 'F':
        style.no_fork = true;
        break;
      case 'V':
        (void)process.Write(1, "flock from util-linux 2.38.1\n");
        process.Exit(0);
      case 'h':
        (void)process.Write(1, "Usage: flock [options] <file>|<directory> <command>\n");
        process.Exit(0);
      default:
        style.verbose = true;
    }
  }
  if (style.close && style.no_fork) {
    FlockFailure(process, "the --no-fork and --close options are incompatible");
  }
  return style;
}

// The descriptor of the file to lock, made where it is missing.
int OpenLockFile(Process& process, const std::string& name) {
  const int create = IsDirectory(process, name) ? 0 : O_CREAT;
  const auto fd = process.Open(name, O_RDONLY | create);
  if (fd) return *fd;
  Complain(process, "cannot open lock file " + name + ": " + ErrnoText(fd.error()));
  process.Exit(kFlockNoInput);
}

// Ends the program where the lock is not to be had.
void TakeLock(Process& process, const FlockStyle& style, int fd, const std::string& name) {
  const OpenFilePtr file = process.File(fd);
  if (file == nullptr) {
    Complain(process, name + ": " + ErrnoText(std::errc::bad_file_descriptor));
    process.Exit(kFlockBadData);
  }
  const bool wait = style.wait && style.timeout != std::chrono::nanoseconds(0);
  if (wait && style.timeout) {
    process.SetSignalAction(SIGALRM, SignalAction::kHandle);
    process.SetAlarm(process.clock().Now() + *style.timeout);
  }
  while (true) {
    const IoStatus locked = LockFile(process, *file, style.lock, wait);
    if (locked) break;
    if (locked.error() == std::errc::operation_would_block) {
      if (style.verbose) Complain(process, "failed to get lock");
      process.Exit(style.conflict_code);
    }
    if (locked.error() != std::errc::interrupted) {
      Complain(process, name + ": " + ErrnoText(locked.error()));
      process.Exit(kFlockBadData);
    }
    if (process.TakeSignal() != SIGALRM) continue;
    if (style.verbose) Complain(process, "timeout while waiting to get lock");
    process.Exit(style.conflict_code);
  }
  process.SetAlarm(std::nullopt);
  process.SetSignalAction(SIGALRM, SignalAction::kDefault);
  if (!style.verbose) return;
  char line[64];
  const double seconds = std::chrono::duration<double>(process.Elapsed()).count();
  std::snprintf(line, sizeof line, "flock: getting lock took %.6f seconds\n", seconds);
  (void)process.Write(1, line);
}

int RunLocked(Process& process, const FlockStyle& style, std::vector<std::string> command, int fd) {
  if (style.verbose) (void)process.Write(1, "flock: executing " + command[0] + "\n");
  const auto path = process.env.find("PATH");
  const auto program =
      process.FindProgram(command[0], path == process.env.end() ? "/usr/bin:/bin" : path->second);
  if (!program) {
    Complain(process, "failed to execute " + command[0] + ": " + ErrnoText(program.error()));
    return kFlockNoCommand;
  }
  SpawnOptions child;
  child.args = std::move(command);
  if (style.close) child.files[fd] = nullptr;
  return process.Execute(std::move(child), "flock").ShellCode();
}

}  // namespace

int FlockMain(Process& process) {
  Options options(process, "+sexnoFuw:E:hV",
                  {{"shared", 's'},
                   {"exclusive", 'x'},
                   {"unlock", 'u'},
                   {"nonblocking", 'n'},
                   {"nb", 'n'},
                   {"timeout", 'w', Options::kRequired},
                   {"wait", 'w', Options::kRequired},
                   {"conflict-exit-code", 'E', Options::kRequired},
                   {"close", 'o'},
                   {"no-fork", 'F'},
                   {"verbose", 256}},
                  kFlockUsage);
  const FlockStyle style = ParseFlock(process, options);
  const std::vector<std::string>& operands = options.operands();
  if (operands.empty()) FlockFailure(process, "requires file descriptor, file or directory");
  if (operands.size() == 1) {
    const auto fd = ParseInteger(operands[0]);
    if (!fd || *fd < 0 || *fd > INT32_MAX) {
      Complain(process, "bad file descriptor: " + QuotedName(operands[0]));
      return kFlockUsage;
    }
    TakeLock(process, style, static_cast<int>(*fd), operands[0]);
    return 0;
  }
  std::vector<std::string> command(operands.begin() + 1, operands.end());
  if (command[0] == "-c" || command[0] == "--command") {
    if (command.size() != 2) {
      Complain(process, command[0] + " requires exactly one command argument");
      return kFlockUsage;
    }
    const auto shell = process.env.find("SHELL");
    const bool given = shell != process.env.end() && !shell->second.empty();
    command = {given ? shell->second : "/bin/sh", "-c", command[1]};
  }
  const int fd = OpenLockFile(process, operands[0]);
  TakeLock(process, style, fd, operands[0]);
  return RunLocked(process, style, std::move(command), fd);
}

}  // namespace computesdk::in_memory
