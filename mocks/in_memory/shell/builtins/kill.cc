#include <algorithm>
#include <csignal>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

namespace computesdk::in_memory::shell {
namespace {

int WrongSignal(Interpreter& shell, const std::string& text) {
  shell.ComplainAs("kill", shell.state.plain_sh ? "Illegal option -" + text.substr(0, 1)
                                                : text + ": invalid signal specification");
  return WrongOperands(shell);
}

// One name or number of `kill -l`.
bool ShowSignal(Interpreter& shell, const std::string& text) {
  if (const auto number = ParsePlainNumber(text)) {
    const std::int64_t signal = *number > 128 ? *number - 128 : *number;
    if (signal < 0 || signal > 64) return false;
    if (signal == 0 || SignalName(static_cast<int>(signal)) != std::to_string(signal)) {
      shell.Print(SignalName(static_cast<int>(signal)) + "\n");
    }
    return true;
  }
  const int signal = SignalNumber(text);
  if (signal < 0) return false;
  // The traps of the shell come behind the real signals.
  const int shown = signal == kTrapDebug    ? 65
                    : signal == kTrapError  ? 66
                    : signal == kTrapReturn ? 67
                                            : signal;
  shell.Print(std::to_string(shown) + "\n");
  return true;
}

int ListSignals(Interpreter& shell, const Args& args, std::size_t index) {
  if (index >= args.size()) {
    ListAllSignals(shell);
    return 0;
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    if (shell.state.plain_sh && !ParsePlainNumber(args[index])) {
      shell.ComplainAs("kill", "Illegal number: " + args[index]);
      return 2;
    }
    if (!ShowSignal(shell, args[index])) status = WrongSignal(shell, args[index]);
  }
  return status;
}

// Sends the signal to one operand; complains if it cannot be done.
bool SendSignal(Interpreter& shell, const std::string& target, int signal) {
  std::optional<std::int64_t> pid;
  if (!target.empty() && target[0] == '%') {
    bool ambiguous = false;
    const Job* job = shell.jobs.Find(target, ambiguous);
    if (job == nullptr) {
      shell.ComplainAs(
          "kill", ambiguous ? target.substr(1) + ": ambiguous job spec" : target + ": no such job");
      return false;
    }
    // Under job control a job is a group of processes.
    pid = shell.state.options.monitor ? -job->pid : job->pid;
  } else {
    pid = ParsePlainNumber(target);
  }
  if (!pid) {
    shell.ComplainAs("kill", target.empty() ? "`': not a pid or valid job spec"
                                            : target + ": arguments must be process or job IDs");
    return false;
  }
  const IoStatus sent = shell.process.Kill(static_cast<int>(*pid), signal);
  if (!sent && shell.state.plain_sh) {
    shell.ComplainAs("kill", std::string(ErrnoText(sent.error())) + "\n");
    return false;
  }
  if (!sent) shell.ComplainAs("kill", "(" + target + ") - " + ErrnoText(sent.error()));
  return sent.has_value();
}

int Kill(Interpreter& shell, const Args& args) {
  int signal = SIGTERM;
  std::size_t index = 1;
  for (; index < args.size() && args[index].size() > 1 && args[index][0] == '-'; ++index) {
    const std::string& arg = args[index];
    if (arg == "-l" || arg == "-L") return ListSignals(shell, args, index + 1);
    if (arg == "--") {
      ++index;
      break;
    }
    std::string name = arg.substr(1);
    const bool of_bash = name[0] == 'n' || name.starts_with("SIG");
    if (shell.state.plain_sh && of_bash) return WrongSignal(shell, name);
    if (arg == "-s" || arg == "-n") {
      if (++index >= args.size()) {
        shell.ComplainAs("kill", shell.state.plain_sh ? "No arg for " + arg + " option"
                                                      : arg + ": option requires an argument");
        return WrongOperands(shell);
      }
      name = args[index];
    } else if (name[0] == 's' || name[0] == 'n') {
      name.erase(0, 1);
    }
    signal = SignalNumber(name);
    if (signal < 0 || signal > 64) return WrongSignal(shell, name);
    // Only one signal: what follows may be the number of a group, as in kill -9 -123.
    ++index;
    if (index < args.size() && args[index] == "--") ++index;
    break;
  }
  if (index >= args.size()) {
    return UsageError(shell, "kill",
                      shell.state.plain_sh
                          ? "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\n"
                            "kill -l [exitstatus]"
                          : "");
  }
  bool any = false;
  for (; index < args.size(); ++index) {
    if (shell.state.plain_sh && args[index][0] != '%' && !ParsePlainNumber(args[index])) {
      shell.ComplainAs("kill", "Illegal number: " + args[index]);
      return 2;
    }
    if (SendSignal(shell, args[index], signal)) {
      any = true;
    } else if (shell.state.plain_sh && args[index][0] == '%') {
      return 2;
    }
  }
  return any ? 0 : 1;
}

}  // namespace

void ListAllSignals(Interpreter& shell) {
  std::string text;
  int column = 0;
  if (shell.state.plain_sh) {
    for (int signal = 0; signal <= 64; ++signal) {
      text += (signal == 0 ? "0" : SignalName(signal)) + "\n";
    }
    return shell.Print(text);
  }
  const bool names_only = shell.builtin_name == "kill" && shell.state.options.posix;
  for (int signal = 1; signal <= 64; ++signal) {
    if (signal == 32 || signal == 33) continue;
    if (names_only) {
      text += (signal == 1 ? "" : " ") + SignalName(signal);
      continue;
    }
    const std::string number = std::to_string(signal);
    text += (number.size() < 2 ? " " : "") + number + ") SIG" + SignalName(signal);
    text += ++column % 5 == 0 ? "\n" : "\t";
  }
  shell.Print(text + "\n");
}

void AddKillBuiltins(BuiltinTable& table) { table["kill"] = Kill; }

}  // namespace computesdk::in_memory::shell
