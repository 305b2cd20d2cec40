#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

namespace computesdk::in_memory::shell {
namespace {

std::string TrapLine(const Interpreter& shell, int signal, const std::string& action) {
  const bool real = signal > 0 && signal <= 64 && !shell.state.options.posix;
  return "trap -- " + QuoteListed(shell, action) + " " + (real ? "SIG" : "") + SignalName(signal) +
         "\n";
}

int WrongSignal(Interpreter& shell, const std::string& name) {
  if (shell.state.plain_sh) {
    (void)shell.process.Write(2, "trap: " + name + ": bad trap\n");
  } else {
    shell.ComplainAs("trap", name + ": invalid signal specification");
  }
  return 1;
}

int ShowTraps(Interpreter& shell, const Args& names) {
  // A subshell shows its parent's until it sets one of its own.
  const TrapTable& traps = shell.state.parent_traps.empty() || shell.state.plain_sh
                               ? shell.state.traps
                               : shell.state.parent_traps;
  if (names.empty()) {
    for (const auto& [signal, action] : traps) shell.Print(TrapLine(shell, signal, action));
    return 0;
  }
  int status = 0;
  for (const std::string& name : names) {
    const int signal = SignalNumber(name);
    const auto found = traps.find(signal);
    if (found != traps.end()) {
      shell.Print(TrapLine(shell, signal, found->second));
    } else if (signal < 0) {
      status = WrongSignal(shell, name);
    }
  }
  return status;
}

// In the POSIX mode `trap -p` shows those that nothing is set for, too.
void ShowAllTraps(Interpreter& shell) {
  const auto show = [&](int signal) {
    const auto found = shell.state.traps.find(signal);
    shell.Print(found != shell.state.traps.end() ? TrapLine(shell, signal, found->second)
                                                 : "trap -- - " + SignalName(signal) + "\n");
  };
  constexpr int kLastSignal = 64;
  for (int signal = kTrapExit; signal <= kLastSignal; ++signal) show(signal);
  for (const int trap : {kTrapDebug, kTrapError, kTrapReturn}) show(trap);
}

// sh knows neither bash's own traps nor the "SIG" in front of a name.
bool IsTrapOfBash(int signal, const std::string& name) {
  return signal == kTrapError || signal == kTrapDebug || signal == kTrapReturn ||
         name.starts_with("SIG") || name.starts_with("sig");
}

int Trap(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (args.size() > 1 && args[1].size() > 1 && args[1][0] == '-' &&
      !ReadLetters(shell, args, shell.state.plain_sh ? "" : "lp", letters, index)) {
    return 2;
  }
  if (letters.find('l') != std::string::npos) {
    ListAllSignals(shell);
    return 0;
  }
  if (index >= args.size() && letters == "p" && shell.state.options.posix) {
    ShowAllTraps(shell);
    return 0;
  }
  if (index >= args.size() || letters.find('p') != std::string::npos) {
    return ShowTraps(shell, {args.begin() + static_cast<std::ptrdiff_t>(index), args.end()});
  }
  // With a single operand, or one that is a number in front, the signals are reset.
  std::optional<std::string> action = args[index];
  const bool number = IsDigits(args[index]) && SignalNumber(args[index]) >= 0;
  if (number || (index + 1 == args.size() && SignalNumber(args[index]) >= 0)) {
    action = std::nullopt;
  } else {
    if (args[index] == "-") action = std::nullopt;
    ++index;
    if (index >= args.size()) {
      return shell.state.plain_sh ? WrongSignal(shell, args.back()) : UsageError(shell, "trap");
    }
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    const int signal = SignalNumber(args[index]);
    if (signal < 0 || (shell.state.plain_sh && IsTrapOfBash(signal, args[index]))) {
      status = WrongSignal(shell, args[index]);
      if (shell.state.plain_sh) return status;
    } else {
      shell.SetTrap(signal, action);
    }
  }
  return status;
}

}  // namespace

void AddTrapBuiltins(BuiltinTable& table) { table["trap"] = Trap; }

}  // namespace computesdk::in_memory::shell
