#include <algorithm>
#include <charconv>
#include <limits>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

namespace computesdk::in_memory::shell {
namespace {

int True(Interpreter&, const Args&) { return 0; }
int False(Interpreter&, const Args&) { return 1; }

// What sh takes for the number behind break, exit or return; anything else ends it.
int PlainCount(Interpreter& shell, const Args& args, int least) {
  std::string_view text = args[1];
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
  if (text.starts_with('+')) text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
  const auto number = ParsePlainNumber(std::string(text));
  if (number && *number >= least && *number <= std::numeric_limits<int>::max()) {
    return static_cast<int>(*number);
  }
  shell.ComplainAs(args[0], args[1] + ": numeric argument required");
  throw ExpansionError{2, true};
}

int LeaveLoops(Interpreter& shell, const Args& args, Flow flow) {
  if (shell.state.plain_sh && args.size() > 1) (void)PlainCount(shell, args, 1);
  if (shell.state.loop_depth == 0) {
    if (shell.state.options.posix) return 0;
    shell.ComplainAs(args[0], "only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  std::int64_t count = 1;
  const std::size_t first = args.size() > 1 && args[1] == "--" ? 2 : 1;
  if (args.size() > first) {
    const auto given = ParsePlainNumber(args[first]);
    if (!given) {
      shell.ComplainAs(args[0], args[first] + ": numeric argument required");
      throw ExpansionError{128, true};
    }
    if (args.size() > first + 1 && !shell.state.plain_sh) FailTooMany(shell, args);
    if (*given < 1) {
      shell.ComplainAs(args[0], args[first] + ": loop count out of range");
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
  if (shell.state.plain_sh) return PlainCount(shell, args, 0);
  const std::size_t first = args[1] == "--" && args.size() > 2 ? 2 : 1;
  const std::string& text = args[first];
  // Blanks around a number do not matter.
  const std::size_t begin = std::min(text.find_first_not_of(" \t\n"), text.size());
  const std::size_t end = text.find_last_not_of(" \t\n") + 1;
  std::string digits = text.substr(begin, end > begin ? end - begin : 0);
  if (digits[0] == '+') digits.erase(0, 1);
  std::int64_t value = 0;
  const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool number = problem == std::errc() && stop == digits.data() + digits.size();
  if (!number) {
    shell.ComplainAs(args[0], text + ": numeric argument required");
    return 2;
  }
  if (args.size() > first + 1) FailTooMany(shell, args);
  return static_cast<int>(value & 255);
}

int Exit(Interpreter& shell, const Args& args) {
  const bool alone = args.size() < 2 || (args.size() == 2 && args[1] == "--");
  const int status = alone && shell.state.ending_status ? *shell.state.ending_status
                                                        : StatusArgument(shell, args) & 255;
  // In a function or a subshell its trap still sees their variables and redirections.
  const bool inside = shell.state.variables.in_function() || shell.state.subshell_level > 0;
  const int code = inside && shell.runs_exit_trap ? shell.Finish(status) : status;
  shell.flow = Flow::kExit;
  shell.discarding = false;
  return shell.exit_status = code;
}

int Return(Interpreter& shell, const Args& args) {
  const bool outside = shell.state.frames.empty();
  if (outside && shell.state.plain_sh && !shell.finishing) return FindBuiltin("exit")(shell, args);
  const int status = StatusArgument(shell, args);
  if (outside && shell.state.plain_sh) {  // It ends but the trap.
    shell.flow = Flow::kReturn;
    return shell.exit_status = status;
  }
  if (outside) {
    shell.ComplainAs("return", "can only `return' from a function or sourced script");
    shell.builtin_failed = true;
    return 2;
  }
  shell.status_before_return = shell.state.status;
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

// What eval and source run where `set -e` does not count runs without it, so that an error of an
// expansion ends the shell as if it were not set.
class ErrexitPaused {
 public:
  explicit ErrexitPaused(Interpreter& shell)
      : options_(shell.state.options),
        paused_(shell.condition_depth > 0 && options_.exit_on_error) {
    if (paused_) options_.exit_on_error = false;
  }
  ~ErrexitPaused() {
    if (paused_) options_.exit_on_error = true;
  }
  ErrexitPaused(const ErrexitPaused&) = delete;
  ErrexitPaused& operator=(const ErrexitPaused&) = delete;

 private:
  Options& options_;
  const bool paused_;
};

// What the messages of sh are of meanwhile.
class PlainLabel {
 public:
  PlainLabel(Interpreter& shell, const std::string& name) : shell_(shell) {
    if (!shell.state.plain_sh) return;
    before_ = std::exchange(shell.state.plain_label, name + ": ");
  }
  ~PlainLabel() {
    if (shell_.state.plain_sh) shell_.state.plain_label = before_;
  }
  PlainLabel(const PlainLabel&) = delete;
  PlainLabel& operator=(const PlainLabel&) = delete;

 private:
  Interpreter& shell_;
  std::string before_;
};

int Eval(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t first = 1;
  if (!shell.state.plain_sh && !ReadLetters(shell, args, "", letters, first)) return 2;
  const int line = shell.state.plain_sh ? 1 : shell.state.line;
  const std::string before = std::exchange(shell.builtin_name, "");
  const PlainLabel label(shell, "eval");
  const ErrexitPaused paused(shell);
  shell.state.is_stage = false;
  const int status = shell.RunString(Joined(args, first), line, "eval");
  shell.builtin_name = before;
  return status;
}

// The arguments are the positional parameters meanwhile; outside of functions, what the file sets
// itself stays, unless it calls a function afterwards.
int SourceWith(Interpreter& shell, const std::string& path, const std::string& content,
               const Args& arguments) {
  const auto before = shell.state.positional;
  if (!arguments.empty()) {
    shell.SetPositional(arguments);
    shell.state.positional_set = false;
  }
  const ErrexitPaused paused(shell);
  // As a function, the file does not inherit the trap on DEBUG.
  TrapTable& traps = shell.state.traps;
  auto debug =
      shell.state.options.function_trace ? TrapTable::node_type() : traps.extract(kTrapDebug);
  const PlainLabel label(shell, path);
  const int status = shell.SourceFile(path, content);
  if (!debug.empty()) traps.insert(std::move(debug));
  if (arguments.empty()) return status;
  const bool set = std::exchange(shell.state.positional_set, false);
  if (!set || shell.state.variables.in_function()) shell.state.positional = before;
  return status;
}

int Source(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t first = 1;
  if (!ReadLetters(shell, args, "", letters, first)) return 2;
  if (args.size() <= first && shell.state.plain_sh) return 0;
  if (args.size() <= first) {
    return UsageError(shell, args[0], "filename argument required");
  }
  if (shell.state.options.restricted && args[first].find('/') != std::string::npos) {
    shell.ComplainAs(args[0], args[first] + ": restricted");
    return 1;
  }
  const std::string& name = args[first];
  std::vector<std::string> candidates;
  const bool searches = shell.state.shopt.sourcepath;
  if (name.find('/') == std::string::npos && searches) {
    const std::string path = shell.GetString("PATH");
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find(':', at), path.size());
      candidates.push_back(end == at ? name : JoinPath(path.substr(at, end - at), name));
      at = end + 1;
    }
  }
  // POSIX does not look in the current folder.
  if (!shell.state.options.posix || candidates.empty()) candidates.push_back(name);
  for (const std::string& candidate : candidates) {
    // Opened as a file, so that /dev/stdin and <(…) work.
    const auto fd = shell.process.Open(shell.process.AbsolutePath(candidate), 0);
    const bool folder = fd ? shell.process.File(*fd)->Stat().type == FileType::kDirectory
                           : fd.error() == std::errc::is_a_directory;
    if (fd && !folder) {
      const auto content = shell.process.ReadAll(*fd);
      (void)shell.process.Close(*fd);
      // sh takes no arguments for it.
      const auto behind = static_cast<std::ptrdiff_t>(first) + 1;
      return SourceWith(shell, candidate, content.value_or(""),
                        shell.state.plain_sh ? Args() : Args(args.begin() + behind, args.end()));
    }
    if (fd) (void)shell.process.Close(*fd);
    if (&candidate != &candidates.back()) continue;
    if (folder && shell.state.plain_sh) return 0;
    shell.builtin_failed = true;
    if (folder) {
      shell.ComplainAs(args[0], name + ": is a directory");
    } else if (shell.state.plain_sh && fd.error() == std::errc::no_such_file_or_directory) {
      const bool searched = name.find('/') == std::string::npos;
      shell.ComplainAs(".",
                       searched ? name + ": not found" : "cannot open " + name + ": No such file");
    } else {
      shell.Complain(name + ": " + ErrnoText(fd.error()));
    }
  }
  shell.RunTrap(kTrapReturn);
  return WrongOperands(shell);
}

int Exec(Interpreter& shell, const Args& args) {
  std::size_t index = 1;
  bool clear = false;
  bool login = false;
  std::optional<std::string> name;
  // The one of sh knows no options.
  for (; index < args.size() && args[index].size() > 1 && args[index][0] == '-'; ++index) {
    if (shell.state.plain_sh) break;
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
    } else if (args[index] == "-a") {
      return UsageError(shell, "exec", "-a: option requires an argument");
    } else {
      return InvalidOption(shell, "exec", args[index]);
    }
  }
  if (index >= args.size()) return 0;
  if (login) name = "-" + name.value_or(args[index]);
  shell.builtin_name.clear();
  shell.Replace({args.begin() + static_cast<std::ptrdiff_t>(index), args.end()}, clear, name);
  return shell.exit_status;
}

int Caller(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  const std::vector<FunctionFrame> stack = shell.CallStack();
  if (stack.empty()) return 1;
  if (!ReadLetters(shell, args, "", letters, index)) return 2;
  if (index >= args.size()) {
    shell.Print(std::to_string(stack[0].call_line) + " " +
                (stack.size() > 1 ? shell.FileOf(stack[1]) : "NULL") + "\n");
    return 0;
  }
  const auto level = ParsePlainNumber(args[index]);
  if (!level) return UsageError(shell, "caller", args[index] + ": invalid number");
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
  table["return"] = Return;
  table["eval"] = Eval;
  table["."] = Source;
  table["source"] = Source;
  table["exec"] = Exec;
  table["caller"] = Caller;
}

}  // namespace computesdk::in_memory::shell
