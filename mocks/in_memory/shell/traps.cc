#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr int kFirstRealTime = 34;
constexpr int kLastRealTime = 64;

struct SignalEntry {
  int number;
  const char* name;
  const char* description;
};

constexpr std::array<SignalEntry, 31> kSignals = {{{1, "HUP", "Hangup"},
                                                   {2, "INT", "Interrupt"},
                                                   {3, "QUIT", "Quit"},
                                                   {4, "ILL", "Illegal instruction"},
                                                   {5, "TRAP", "Trace/breakpoint trap"},
                                                   {6, "ABRT", "Aborted"},
                                                   {7, "BUS", "Bus error"},
                                                   {8, "FPE", "Floating point exception"},
                                                   {9, "KILL", "Killed"},
                                                   {10, "USR1", "User defined signal 1"},
                                                   {11, "SEGV", "Segmentation fault"},
                                                   {12, "USR2", "User defined signal 2"},
                                                   {13, "PIPE", "Broken pipe"},
                                                   {14, "ALRM", "Alarm clock"},
                                                   {15, "TERM", "Terminated"},
                                                   {16, "STKFLT", "Stack fault"},
                                                   {17, "CHLD", "Child exited"},
                                                   {18, "CONT", "Continued"},
                                                   {19, "STOP", "Stopped (signal)"},
                                                   {20, "TSTP", "Stopped"},
                                                   {21, "TTIN", "Stopped (tty input)"},
                                                   {22, "TTOU", "Stopped (tty output)"},
                                                   {23, "URG", "Urgent I/O condition"},
                                                   {24, "XCPU", "CPU time limit exceeded"},
                                                   {25, "XFSZ", "File size limit exceeded"},
                                                   {26, "VTALRM", "Virtual timer expired"},
                                                   {27, "PROF", "Profiling timer expired"},
                                                   {28, "WINCH", "Window changed"},
                                                   {29, "IO", "I/O possible"},
                                                   {30, "PWR", "Power failure"},
                                                   {31, "SYS", "Bad system call"}}};

}  // namespace

int SignalNumber(std::string_view given) {
  std::string name;
  for (const char c : given) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  if (name == "EXIT" || name == "0") return kTrapExit;
  if (name == "ERR") return kTrapError;
  if (name == "DEBUG") return kTrapDebug;
  if (name == "RETURN") return kTrapReturn;
  if (name.size() > 1 && name[0] == '0') name.erase(0, name.find_first_not_of('0'));
  if (const auto number = ParsePlainNumber(name)) {
    return *number >= 0 && *number <= 64 ? static_cast<int>(*number) : -1;
  }
  if (name.compare(0, 3, "SIG") == 0) name.erase(0, 3);
  for (const SignalEntry& entry : kSignals) {
    if (name == entry.name) return entry.number;
  }
  for (int signal = kFirstRealTime; signal <= kLastRealTime; ++signal) {
    if (name == SignalName(signal)) return signal;
  }
  return name == "CLD" ? SIGCHLD : name == "IOT" ? SIGABRT : name == "POLL" ? SIGIO : -1;
}

std::string SignalName(int signal) {
  switch (signal) {
    case kTrapExit:
      return "EXIT";
    case kTrapError:
      return "ERR";
    case kTrapDebug:
      return "DEBUG";
    case kTrapReturn:
      return "RETURN";
    default:
      break;
  }
  for (const SignalEntry& entry : kSignals) {
    if (signal == entry.number) return entry.name;
  }
  if (signal == kFirstRealTime) return "RTMIN";
  if (signal == kLastRealTime) return "RTMAX";
  if (signal < kFirstRealTime || signal > kLastRealTime) return std::to_string(signal);
  return signal < kFirstRealTime + 16 ? "RTMIN+" + std::to_string(signal - kFirstRealTime)
                                      : "RTMAX-" + std::to_string(kLastRealTime - signal);
}

std::string SignalDescription(int signal) {
  for (const SignalEntry& entry : kSignals) {
    if (signal == entry.number) return entry.description;
  }
  return "Unknown signal " + std::to_string(signal);
}

namespace {

// Those that end a shell which has not caught them, and that it runs its EXIT trap for.
constexpr std::array<int, 13> kEndingSignals = {SIGHUP,  SIGINT,  SIGILL,  SIGTRAP, SIGABRT,
                                                SIGBUS,  SIGFPE,  SIGSEGV, SIGALRM, SIGTERM,
                                                SIGXCPU, SIGUSR1, SIGUSR2};

bool EndsShell(int signal) {
  return std::find(kEndingSignals.begin(), kEndingSignals.end(), signal) != kEndingSignals.end();
}

}  // namespace

void Interpreter::WatchEndingSignals(bool watch) {
  const SignalAction from = watch ? SignalAction::kDefault : SignalAction::kHandle;
  const SignalAction to = watch ? SignalAction::kHandle : SignalAction::kDefault;
  for (const int signal : kEndingSignals) {
    if (state.traps.find(signal) != state.traps.end()) continue;
    if (process.signal_action(signal) == from) process.SetSignalAction(signal, to);
  }
}

void Interpreter::DieOfSignal(int signal) {
  // The EXIT trap sees the status of what ran before; a `kill` of the shell itself has done its
  // work.
  (void)Finish(builtin_name == "kill" ? 0 : state.status);
  process.SetSignalAction(signal, SignalAction::kDefault);
  (void)process.Kill(process.pid(), signal);
  process.Checkpoint();
}

void Interpreter::SetTrap(int signal, const std::optional<std::string>& action) {
  if (state.ignored_signals.count(signal) != 0) return;
  if (action) {
    state.traps[signal] = *action;
  } else {
    state.traps.erase(signal);
    ++removed_traps_;
  }
  state.parent_traps.clear();
  // What ends sh leaves its EXIT trap alone.
  if (signal == kTrapExit && !state.plain_sh) WatchEndingSignals(action && !action->empty());
  if (signal <= 0 || signal > 64 || signal == SIGKILL || signal == SIGSTOP) return;
  const auto exit_trap = state.traps.find(kTrapExit);
  if (!action && !state.plain_sh && EndsShell(signal) && exit_trap != state.traps.end() &&
      !exit_trap->second.empty()) {
    return process.SetSignalAction(signal, SignalAction::kHandle);
  }
  process.SetSignalAction(signal, !action           ? SignalAction::kDefault
                                  : action->empty() ? SignalAction::kIgnore
                                                    : SignalAction::kHandle);
}

void Interpreter::RunPendingTraps() {
  for (int signal = process.TakeSignal(); signal != 0; signal = process.TakeSignal()) {
    RunTrap(signal);
    if (flow == Flow::kExit) return;
  }
}

std::string Interpreter::CommandText() const {
  if (state.running_traps > 0) return state.trap_command;
  return state.command == nullptr ? "" : PrintHeader(*state.command, state.command_part);
}

bool Interpreter::Announce(const Command& command, int part) {
  state.command = &command;
  state.command_part = part;
  return !state.traps.empty() && RunDebugTrap();
}

bool Interpreter::RunDebugTrap() {
  if (state.traps.find(kTrapDebug) == state.traps.end()) return false;
  return RunTrap(kTrapDebug) != 0 && state.shopt.extdebug;
}

TrapTable Interpreter::TakeFunctionTraps(const std::string& name) {
  TrapTable taken;
  const bool traced = state.options.function_trace || state.traced_functions.count(name) != 0;
  for (const int trap : {kTrapDebug, kTrapError, kTrapReturn}) {
    const bool kept = trap == kTrapError ? state.options.trace_errors : traced;
    if (kept) continue;
    auto node = state.traps.extract(trap);
    if (!node.empty()) taken.insert(std::move(node));
  }
  return taken;
}

int Interpreter::RunTrap(int signal) {
  const auto found = state.traps.find(signal);
  if (found == state.traps.end() && signal > 0 && signal <= 64 && EndsShell(signal)) {
    DieOfSignal(signal);
  }
  if (found == state.traps.end() || found->second.empty()) return 0;
  if (signal == kTrapReturn && in_debug_trap_) return 0;
  const bool was_in_debug_trap =
      std::exchange(in_debug_trap_, in_debug_trap_ || signal == kTrapDebug);
  const std::string action = found->second;
  // A trap does not run inside itself, and leaves $? as it was.
  const bool pseudo = signal > 64;
  const int removed = removed_traps_;
  if (pseudo) state.traps.erase(found);
  if (state.running_traps == 0) state.trap_command = CommandText();
  const Command* const command = state.command;
  const int depth = std::exchange(condition_depth, 0);
  ++state.running_traps;
  const int status = state.status;
  const int line = state.line;
  const std::vector<int> pipe_status = state.pipe_status;
  // What a signal runs counts its lines from 1.
  const bool real = signal > 0 && !pseudo;
  if (real) state.line = 1;
  // In sh `exit` alone in a trap keeps the status from before it.
  const auto ending_before = state.ending_status;
  if (state.plain_sh) state.ending_status = status;
  const int result = RunString(action, real ? 1 : line, "trap");
  state.ending_status = ending_before;
  in_debug_trap_ = was_in_debug_trap;
  --state.running_traps;
  condition_depth = depth;
  if (flow != Flow::kExit) state.command = command;
  if (pseudo && removed == removed_traps_ && state.traps.find(signal) == state.traps.end())
    state.traps[signal] = action;
  state.line = line;
  state.pipe_status = pipe_status;
  if (flow == Flow::kNone) state.status = status;
  return result;
}

}  // namespace computesdk::in_memory::shell
