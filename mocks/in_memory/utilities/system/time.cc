#include <algorithm>
#include <chrono>
#include <csignal>

#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/signals.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/system/small_programs.h"

namespace computesdk::in_memory {
namespace {

using std::chrono::nanoseconds;

// Options that have no short form.
constexpr int kForeground = 256;
constexpr int kPreserveStatus = 257;

// How timeout ends where it is at fault itself.
constexpr int kTimedOut = 124;
constexpr int kFailed = 125;

int SleepMain(Process& process) {
  Options options(process, "+");
  while (options.Next()) {
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  auto total = nanoseconds::zero();
  bool valid = true;
  for (const std::string& operand : options.operands()) {
    auto duration = ParseDuration(operand);
    if (!duration && operand == "infinity") duration = nanoseconds::max();
    if (!duration) {
      Complain(process, "invalid time interval " + QuotedWord(operand));
      valid = false;
    } else {
      total = *duration > nanoseconds::max() - total ? nanoseconds::max() : total + *duration;
    }
  }
  if (!valid) UsageHint(process, 1);
  // A clock that is near its end would overflow.
  constexpr nanoseconds kLongest = std::chrono::hours(24 * 365 * 50);
  (void)process.Sleep(std::min(total, kLongest));
  return 0;
}

// --- timeout --------------------------------------------------------------------------------

struct TimeoutCommand {
  nanoseconds limit{};
  nanoseconds kill_after{};
  int signal = SIGTERM;
  bool preserve_status = false;
  bool verbose = false;
  bool foreground = false;  // The command stays in our group, and alone gets the signals.
};

nanoseconds DurationOrExit(Process& process, const std::string& text) {
  const auto duration = ParseDuration(text);
  if (!duration) UsageError(process, "invalid time interval " + QuotedWord(text), kFailed);
  return *duration;
}

// Waits for the child; nullopt once the time is up. No limit is 0. Signals are passed on.
std::optional<ExitStatus> WaitFor(Process& process, int pid, int target, nanoseconds limit) {
  constexpr nanoseconds kLongest = std::chrono::hours(24 * 365 * 50);
  if (limit > nanoseconds::zero()) {
    process.SetAlarm(process.clock().Now() + std::min(limit, kLongest));
  }
  while (true) {
    const auto ended = process.Wait(pid);
    if (ended) {
      process.SetAlarm(std::nullopt);
      return ended->value_or(ExitStatus{kFailed, 0});
    }
    if (ended.error() != std::errc::interrupted) return ExitStatus{kFailed, 0};
    const int signal = process.TakeSignal();
    if (signal == SIGALRM) return std::nullopt;
    if (signal != 0) (void)process.Kill(target, signal);
  }
}

int RunWithLimit(Process& process, const TimeoutCommand& command, std::vector<std::string> args) {
  const std::string name = args[0];
  const auto path = process.env.find("PATH");
  auto program = process.FindProgram(name, path == process.env.end() ? "" : path->second);
  if (!program) {
    const bool missing = program.error() == std::errc::no_such_file_or_directory;
    Complain(process,
             "failed to run command " + QuotedWord(name) + ": " + ErrnoText(program.error()));
    return missing ? 127 : 126;
  }
  SpawnOptions options;
  options.args = std::move(args);
  options.new_group = !command.foreground;
  const auto pid = process.Spawn(std::move(options), program->main);
  if (!pid) {
    Complain(process, "fork system call failed: " + ErrnoText(pid.error()));
    return kFailed;
  }
  for (int signal : {SIGALRM, SIGTERM, SIGINT, SIGHUP, SIGQUIT}) {
    process.SetSignalAction(signal, SignalAction::kHandle);
  }
  const auto end_by = [&](int signal) {
    process.SetSignalAction(signal, SignalAction::kDefault);
    (void)process.Kill(process.pid(), signal);
    process.Checkpoint();
    return 128 + signal;
  };
  // Whom signals go to: the whole group, or the command.
  const int target = command.foreground ? *pid : -*pid;
  if (const auto ended = WaitFor(process, *pid, target, command.limit)) {
    return ended->signal != 0 ? end_by(ended->signal) : ended->code;
  }
  const auto send = [&](int signal) {
    if (command.verbose) {
      Complain(process, "sending signal " + SignalName(signal) + " to command " + QuotedWord(name));
    }
    (void)process.Kill(target, signal);
  };
  send(command.signal);
  std::optional<ExitStatus> ended;
  if (command.kill_after > nanoseconds::zero()) {
    ended = WaitFor(process, *pid, target, command.kill_after);
    if (!ended) send(SIGKILL);
  }
  if (!ended) ended = WaitFor(process, *pid, target, nanoseconds::zero());
  if (command.preserve_status) return ended->ShellCode();
  return ended->signal == SIGKILL ? end_by(SIGKILL) : kTimedOut;
}

int TimeoutMain(Process& process) {
  TimeoutCommand command;
  Options options(process, "+k:s:v",
                  {{"foreground", kForeground},
                   {"kill-after", 'k', Options::kRequired},
                   {"preserve-status", kPreserveStatus},
                   {"signal", 's', Options::kRequired},
                   {"verbose", 'v'}},
                  kFailed);
  while (const auto option = options.Next()) {
    if (option->letter == 'k') command.kill_after = DurationOrExit(process, option->value);
    if (option->letter == 's') {
      const auto signal = ParseSignal(option->value);
      if (!signal) UsageError(process, QuotedWord(option->value) + ": invalid signal", kFailed);
      command.signal = *signal;
    }
    if (option->letter == 'v') command.verbose = true;
    if (option->letter == kPreserveStatus) command.preserve_status = true;
    if (option->letter == kForeground) command.foreground = true;
  }
  const std::vector<std::string>& operands = options.operands();
  if (operands.size() < 2) UsageHint(process, kFailed);
  command.limit = DurationOrExit(process, operands[0]);
  return RunWithLimit(process, command, {operands.begin() + 1, operands.end()});
}

}  // namespace

void AddTimePrograms(ProgramTable& table) {
  table["date"] = DateMain;
  table["sleep"] = SleepMain;
  table["timeout"] = TimeoutMain;
}

}  // namespace computesdk::in_memory
