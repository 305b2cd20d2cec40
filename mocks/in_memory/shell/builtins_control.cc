#include <algorithm>

#include "mocks/in_memory/shell/builtins.h"
#include "mocks/in_memory/shell/parser.h"
#include "mocks/in_memory/shell/print_command.h"

namespace computesdk::in_memory::shell {
namespace {

int True(Interpreter&, const Args&) { return 0; }
int False(Interpreter&, const Args&) { return 1; }

int LeaveLoops(Interpreter& shell, const Args& args, Flow flow) {
  if (shell.state.loop_depth == 0) {
    shell.ComplainAs(args[0], "only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  std::int64_t count = 1;
  if (args.size() > 1) {
    const auto given = ParsePlainNumber(args[1]);
    if (!given) {
      shell.ComplainAs(args[0], args[1] + ": numeric argument required");
      throw ExpansionError{1, true};
    }
    if (*given < 1) {
      shell.ComplainAs(args[0], args[1] + ": loop count out of range");
      flow = Flow::kBreak;
      count = shell.state.loop_depth;
      shell.flow = flow;
      shell.flow_count = static_cast<int>(count);
      return 1;
    }
    count = *given;
  }
  shell.flow = flow;
  shell.flow_count = static_cast<int>(std::min<std::int64_t>(count, shell.state.loop_depth));
  return 0;
}

int Break(Interpreter& shell, const Args& args) { return LeaveLoops(shell, args, Flow::kBreak); }
int Continue(Interpreter& shell, const Args& args) {
  return LeaveLoops(shell, args, Flow::kContinue);
}

// The argument of exit and return.
int StatusArgument(Interpreter& shell, const Args& args) {
  if (args.size() < 2) return shell.state.status;
  const std::string& text = args[1] == "--" && args.size() > 2 ? args[2] : args[1];
  const std::string digits = text[0] == '+' ? text.substr(1) : text;
  const bool negative = !digits.empty() && digits[0] == '-';
  const bool number = digits.size() > (negative ? 1U : 0U) && digits.size() < 19 &&
                      digits.find_first_not_of("0123456789", negative ? 1 : 0) == std::string::npos;
  if (!number) {
    shell.ComplainAs(args[0], text + ": numeric argument required");
    return 2;
  }
  return static_cast<int>(std::stoll(digits) & 255);
}

int Exit(Interpreter& shell, const Args& args) {
  const int status = StatusArgument(shell, args);
  if (args.size() > 2 && args[1] != "--") {
    shell.ComplainAs("exit", "too many arguments");
    throw ExpansionError{1, false};
  }
  shell.flow = Flow::kExit;
  shell.discarding = false;
  return shell.exit_status = status;
}

int Return(Interpreter& shell, const Args& args) {
  if (shell.state.frames.empty()) {
    shell.ComplainAs("return", "can only `return' from a function or sourced script");
    return 2;
  }
  const int status = StatusArgument(shell, args);
  shell.flow = Flow::kReturn;
  return shell.exit_status = status;
}

std::string Joined(const Args& args, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < args.size(); ++i) {
    if (i != from) text += ' ';
    text += args[i];
  }
  return text;
}

int Eval(Interpreter& shell, const Args& args) {
  const std::size_t first = args.size() > 1 && args[1] == "--" ? 2 : 1;
  const int line = shell.state.line;
  const std::string before = std::exchange(shell.builtin_name, "");
  const int status = shell.RunString(Joined(args, first), line, "eval");
  shell.builtin_name = before;
  return status;
}

// The arguments are the positional parameters meanwhile, and for good if the file sets others.
int SourceWith(Interpreter& shell, const std::string& path, const std::string& content,
               const Args& arguments) {
  const auto before = shell.state.positional;
  const int times_set = shell.state.positional_sets;
  if (!arguments.empty()) shell.SetPositional(arguments);
  const int status = shell.SourceFile(path, content);
  if (!arguments.empty() && shell.state.positional_sets == times_set) {
    shell.state.positional = before;
  }
  return status;
}

int Source(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t first = 1;
  if (!ReadLetters(shell, args, "", letters, first)) return 2;
  if (args.size() <= first) {
    shell.ComplainAs(args[0], "filename argument required");
    return 2;
  }
  const std::string& name = args[first];
  std::vector<std::string> candidates;
  if (name.find('/') == std::string::npos) {
    const std::string path = shell.GetString("PATH");
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find(':', at), path.size());
      candidates.push_back(JoinPath(path.substr(at, end - at), name));
      at = end + 1;
    }
  }
  candidates.push_back(name);
  for (const std::string& candidate : candidates) {
    // Opened as a file, so that /dev/stdin and <(…) work.
    const auto fd = shell.process.Open(shell.process.AbsolutePath(candidate), 0);
    const bool folder = fd ? shell.process.File(*fd)->Stat().type == FileType::kDirectory
                           : fd.error() == std::errc::is_a_directory;
    if (fd && !folder) {
      const auto content = shell.process.ReadAll(*fd);
      (void)shell.process.Close(*fd);
      return SourceWith(shell, candidate, content.value_or(""),
                        {args.begin() + static_cast<std::ptrdiff_t>(first) + 1, args.end()});
    }
    if (fd) (void)shell.process.Close(*fd);
    if (&candidate != &candidates.back()) continue;
    if (folder) {
      shell.ComplainAs(args[0], name + ": is a directory");
    } else {
      shell.Complain(name + ": " + ErrnoText(fd.error()));
    }
  }
  return 1;
}

int Exec(Interpreter& shell, const Args& args) {
  std::size_t index = 1;
  bool clear = false;
  bool login = false;
  std::optional<std::string> name;
  for (; index < args.size() && args[index].size() > 1 && args[index][0] == '-'; ++index) {
    if (args[index] == "--") {
      ++index;
      break;
    }
    if (args[index] == "-c") {
      clear = true;
    } else if (args[index] == "-l") {
      login = true;
    } else if (args[index] == "-a" && index + 1 < args.size()) {
      name = args[++index];
    } else {
      shell.ComplainAs("exec", args[index] + ": invalid option");
      return 2;
    }
  }
  if (index >= args.size()) return 0;
  if (login) name = "-" + name.value_or(args[index]);
  shell.builtin_name.clear();
  shell.Replace({args.begin() + static_cast<std::ptrdiff_t>(index), args.end()}, clear, name);
  return shell.exit_status;
}

// --- what a name is -----------------------------------------------------------------------------

bool Describe(Interpreter& shell, const std::string& name, const std::string& letters,
              bool programs_only) {
  const bool all = letters.find('a') != std::string::npos;
  const bool kind = letters.find('t') != std::string::npos;
  const bool path = letters.find('p') != std::string::npos || programs_only;
  const bool functions = letters.find('f') == std::string::npos;
  const bool brief = letters.find('v') != std::string::npos;
  bool found = false;
  const auto show = [&](const std::string& word, const std::string& sentence,
                        const std::string& short_form) {
    found = true;
    if (path && !kind) return;
    shell.Print((kind ? word : brief ? short_form : sentence) + "\n");
  };
  if (!programs_only) {
    const auto alias = shell.state.aliases.find(name);
    if (alias != shell.state.aliases.end() && shell.state.shopt.expand_aliases) {
      show("alias", name + " is aliased to `" + alias->second + "'",
           "alias " + name + "=" + SingleQuote(alias->second));
      if (!all) return true;
    }
    if (IsReservedWord(name)) {
      show("keyword", name + " is a shell keyword", name);
      if (!all) return true;
    }
    if (functions && shell.state.functions.count(name) != 0) {
      show("function",
           name + " is a function\n" + PrintFunction(*shell.state.functions.find(name)->second),
           name);
      if (!all) return true;
    }
    if (FindBuiltin(name) != nullptr) {
      show("builtin", name + " is a shell builtin", name);
      if (!all) return true;
    }
  }
  const auto program = shell.FindProgram(name);
  if (program || program.error() == std::errc::executable_format_error) {
    found = true;
    const std::string file = program ? program->file : name;
    const std::string line = kind ? "file" : path || brief ? file : name + " is " + file;
    shell.Print(line + "\n");
  }
  return found;
}

int Type(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "afptP", letters, index)) return 2;
  const bool programs = letters.find('P') != std::string::npos;
  int status = 0;
  for (; index < args.size(); ++index) {
    if (Describe(shell, args[index], letters, programs)) continue;
    status = 1;
    if (letters.find_first_of("tpP") == std::string::npos) {
      shell.ComplainAs("type", args[index] + ": not found");
    }
  }
  return status;
}

int CommandBuiltin(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "pvV", letters, index)) return 2;
  if (index >= args.size()) return 0;
  if (letters.find_first_of("vV") != std::string::npos) {
    const bool verbose = letters.find('V') != std::string::npos;
    int status = 1;
    for (; index < args.size(); ++index) {
      if (Describe(shell, args[index], verbose ? "" : "v", false)) {
        status = 0;
      } else if (verbose) {
        shell.ComplainAs("command", args[index] + ": not found");
      }
    }
    return status;
  }
  const std::string before = std::exchange(shell.builtin_name, "");
  const int status = shell.RunCommandWords(
      {args.begin() + static_cast<std::ptrdiff_t>(index), args.end()}, false, true);
  shell.builtin_name = before;
  return status;
}

int BuiltinBuiltin(Interpreter& shell, const Args& args) {
  const std::size_t first = args.size() > 1 && args[1] == "--" ? 2 : 1;
  if (args.size() <= first) return 0;
  return shell.RunCommandWords({args.begin() + static_cast<std::ptrdiff_t>(first), args.end()},
                               false, false);
}

int Hash(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "rlptd", letters, index)) return 2;
  if (args.size() == 1) shell.Print("hash: hash table empty\n");
  int status = 0;
  for (; index < args.size(); ++index) {
    const auto program = shell.FindProgram(args[index]);
    const bool known = program || FindBuiltin(args[index]) != nullptr ||
                       shell.state.functions.count(args[index]) != 0;
    if (!known) {
      shell.ComplainAs("hash", args[index] + ": not found");
      status = 1;
    } else if (program && letters.find('t') != std::string::npos) {
      shell.Print(program->file + "\n");
    }
  }
  return status;
}

// --- trap ---------------------------------------------------------------------------------------

std::string TrapLine(int signal, const std::string& action) {
  const bool real = signal > 0 && signal <= 64;
  return "trap -- " + SingleQuote(action) + " " + (real ? "SIG" : "") + SignalName(signal) + "\n";
}

int ShowTraps(Interpreter& shell, const Args& names) {
  // A subshell shows its parent's until it sets one of its own.
  const TrapTable& traps =
      shell.state.parent_traps.empty() ? shell.state.traps : shell.state.parent_traps;
  if (names.empty()) {
    for (const auto& [signal, action] : traps) shell.Print(TrapLine(signal, action));
    return 0;
  }
  int status = 0;
  for (const std::string& name : names) {
    const int signal = SignalNumber(name);
    const auto found = traps.find(signal);
    if (found != traps.end()) {
      shell.Print(TrapLine(signal, found->second));
    } else if (signal < 0) {
      shell.ComplainAs("trap", name + ": invalid signal specification");
      status = 1;
    }
  }
  return status;
}

int Trap(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (args.size() > 1 && args[1].size() > 1 && args[1][0] == '-' &&
      !ReadLetters(shell, args, "lp", letters, index)) {
    return 2;
  }
  if (letters.find('l') != std::string::npos) return FindBuiltin("kill")(shell, {"kill", "-l"});
  if (index >= args.size() || letters.find('p') != std::string::npos) {
    return ShowTraps(shell, {args.begin() + static_cast<std::ptrdiff_t>(index), args.end()});
  }
  // With a single operand, or one that is a number in front, the signals are reset.
  std::optional<std::string> action = args[index];
  const bool number =
      !args[index].empty() && args[index].find_first_not_of("0123456789") == std::string::npos;
  if (number || (index + 1 == args.size() && SignalNumber(args[index]) >= 0)) {
    action = std::nullopt;
  } else {
    if (args[index] == "-") action = std::nullopt;
    ++index;
    if (index >= args.size()) {
      shell.ComplainAs("trap", "usage: trap [-lp] [[arg] signal_spec ...]");
      return 2;
    }
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    const int signal = SignalNumber(args[index]);
    if (signal < 0) {
      shell.ComplainAs("trap", args[index] + ": invalid signal specification");
      status = 1;
    } else {
      shell.SetTrap(signal, action);
    }
  }
  return status;
}

int Caller(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "", letters, index)) return 2;
  const std::vector<FunctionFrame> stack = shell.CallStack();
  if (stack.empty()) return 1;
  if (index >= args.size()) {
    shell.Print(std::to_string(stack[0].call_line) + " " +
                (stack.size() > 1 ? shell.FileOf(stack[1]) : "NULL") + "\n");
    return 0;
  }
  const auto level = ParsePlainNumber(args[index]);
  if (!level) {
    shell.ComplainAs("caller", args[index] + ": invalid number");
    return 2;
  }
  if (*level < 0 || static_cast<std::size_t>(*level) + 1 >= stack.size()) return 1;
  const auto at = static_cast<std::size_t>(*level);
  shell.Print(std::to_string(stack[at].call_line) + " " + stack[at + 1].name + " " +
              shell.FileOf(stack[at + 1]) + "\n");
  return 0;
}

}  // namespace

void AddControlBuiltins(BuiltinTable& table) {
  table[":"] = True;
  table["true"] = True;
  table["false"] = False;
  table["break"] = Break;
  table["continue"] = Continue;
  table["exit"] = Exit;
  table["logout"] = Exit;
  table["return"] = Return;
  table["eval"] = Eval;
  table["."] = Source;
  table["source"] = Source;
  table["exec"] = Exec;
  table["type"] = Type;
  table["command"] = CommandBuiltin;
  table["builtin"] = BuiltinBuiltin;
  table["hash"] = Hash;
  table["trap"] = Trap;
  table["caller"] = Caller;
}

}  // namespace computesdk::in_memory::shell
