#include <algorithm>
#include <sstream>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

// What serves a person at a terminal: history, fc, bind, suspend, logout.
namespace computesdk::in_memory::shell {
namespace {

int WrongNumber(Interpreter& shell, const std::string& name, const std::string& text) {
  shell.ComplainAs(name, text + ": numeric argument required");
  return 1;
}

void ShowHistory(Interpreter& shell, std::size_t last) {
  const std::vector<std::string>& lines = shell.state.history;
  for (std::size_t i = lines.size() - std::min(last, lines.size()); i < lines.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    shell.Print(std::string(number.size() < 5 ? 5 - number.size() : 0, ' ') + number + "  " +
                lines[i] + "\n");
  }
}

// -d OFFSET and -d FIRST-LAST; what is negative counts from the end.
int DeleteHistory(Interpreter& shell, const std::string& text) {
  std::vector<std::string>& lines = shell.state.history;
  const auto place = [&](const std::string& part) -> std::optional<std::size_t> {
    const auto number = ParsePlainNumber(part);
    if (!number) return std::nullopt;
    const auto size = static_cast<std::int64_t>(lines.size());
    const std::int64_t index = *number < 0 ? size + *number : *number - 1;
    if (index < 0 || index >= size) return std::nullopt;
    return static_cast<std::size_t>(index);
  };
  const std::size_t dash = text.find('-', 1);
  const auto first = place(text.substr(0, dash));
  const auto last = dash == std::string::npos ? first : place(text.substr(dash + 1));
  if (!first || !last || *first > *last) {
    shell.ComplainAs("history", text + ": history position out of range");
    return 1;
  }
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(*first),
              lines.begin() + static_cast<std::ptrdiff_t>(*last) + 1);
  return 0;
}

// -a, -n, -r and -w: to and from a file.
int TransferHistory(Interpreter& shell, char way, const std::string& given) {
  std::string path = given.empty() ? shell.GetString("HISTFILE") : given;
  if (path.empty()) return 0;
  path = shell.process.AbsolutePath(path);
  std::vector<std::string>& lines = shell.state.history;
  if (way == 'r' || way == 'n') {
    const auto content = shell.process.files().ReadFile(path);
    if (!content) {
      shell.ComplainAs("history", given + ": cannot read: " + ErrnoText(content.error()));
      return 1;
    }
    std::istringstream stream(*content);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return 0;
  }
  std::string text = way == 'a' ? shell.process.files().ReadFile(path).value_or("") : "";
  for (const std::string& line : lines) text += line + "\n";
  FileSystem& files = shell.process.files();
  const bool fresh = !files.Stat(path);
  if (!files.WriteFile(path, text)) return 1;
  if (fresh) (void)files.SetMode(path, 0600);  // Nobody else's business.
  return 0;
}

// The line that speaks of the history does not belong to it.
void ForgetCurrent(Interpreter& shell) {
  if (shell.state.options.history && !shell.state.history.empty()) shell.state.history.pop_back();
}

std::string Joined(const Args& args, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < args.size(); ++i) text += (i == from ? "" : " ") + args[i];
  return text;
}

int History(Interpreter& shell, const Args& args) {
  std::vector<std::string>& lines = shell.state.history;
  if (args.size() == 1) {
    ShowHistory(shell, lines.size());
    return 0;
  }
  const std::string& first = args[1];
  if (first.size() < 2 || first[0] != '-') {
    const auto number = ParsePlainNumber(first);
    if (!number || *number < 0) return WrongNumber(shell, "history", first);
    ShowHistory(shell, static_cast<std::size_t>(*number));
    return 0;
  }
  switch (first[1]) {
    case 'c':
      lines.clear();
      return 0;
    case 'd':
      if (args.size() < 3) return UsageError(shell, "history", "-d: option requires an argument");
      return DeleteHistory(shell, args[2]);
    case 's':
      ForgetCurrent(shell);
      lines.push_back(Joined(args, 2));
      return 0;
    case 'p':
      ForgetCurrent(shell);
      for (std::size_t i = 2; i < args.size(); ++i) {
        shell.Print((args[i] == "!!" && !lines.empty() ? lines.back() : args[i]) + "\n");
      }
      return 0;
    case 'a':
    case 'n':
    case 'r':
    case 'w':
      return TransferHistory(shell, first[1], args.size() > 2 ? args[2] : "");
    default:
      return InvalidOption(shell, "history", first.substr(0, 2));
  }
}

// --- fc -----------------------------------------------------------------------------------------

// A number, one that counts back, or the beginning of a command.
std::optional<std::size_t> FindEntry(const std::vector<std::string>& lines,
                                     const std::string& text) {
  const auto size = static_cast<std::int64_t>(lines.size());
  if (const auto number = ParsePlainNumber(text)) {
    const std::int64_t index = *number < 0 ? size + *number : *number - 1;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(index, 0, size - 1));
  }
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (lines[i].compare(0, text.size(), text) == 0) return i;
  }
  return std::nullopt;
}

int ListCommands(Interpreter& shell, const Args& operands, const std::string& letters) {
  std::vector<std::string> lines = shell.state.history;
  if (shell.state.options.history && !lines.empty()) lines.pop_back();
  if (lines.empty()) return 0;
  constexpr std::size_t kUsual = 16;
  std::optional<std::size_t> first = lines.size() > kUsual ? lines.size() - kUsual : 0;
  std::optional<std::size_t> last = lines.size() - 1;
  if (!operands.empty()) first = FindEntry(lines, operands[0]);
  if (operands.size() > 1) last = FindEntry(lines, operands[1]);
  if (!first || !last) {
    shell.ComplainAs("fc", "history specification out of range");
    return 1;
  }
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  const bool backwards = has('r') != (*first > *last);
  const auto [low, high] = std::minmax(*first, *last);
  for (std::size_t i = low; i <= high; ++i) {
    const std::size_t at = backwards ? high - (i - low) : i;
    shell.Print((has('n') ? "" : std::to_string(at + 1)) + "\t " + lines[at] + "\n");
  }
  return 0;
}

// fc -s [OLD=NEW] [COMMAND]
int RunAgain(Interpreter& shell, const Args& operands) {
  ForgetCurrent(shell);
  const std::vector<std::string>& lines = shell.state.history;
  std::size_t index = 0;
  const std::size_t equals = operands.empty() ? std::string::npos : operands[0].find('=');
  if (equals != std::string::npos) index = 1;
  const auto found = lines.empty()             ? std::nullopt
                     : index < operands.size() ? FindEntry(lines, operands[index])
                                               : std::optional<std::size_t>(lines.size() - 1);
  if (!found) {
    shell.ComplainAs("fc", "no command found");
    return 1;
  }
  std::string line = lines[*found];
  if (equals != std::string::npos) {
    const std::string old = operands[0].substr(0, equals);
    const std::size_t at = old.empty() ? std::string::npos : line.find(old);
    if (at != std::string::npos) line.replace(at, old.size(), operands[0].substr(equals + 1));
  }
  (void)shell.process.Write(2, line + "\n");
  if (shell.state.options.history) shell.state.history.push_back(line);
  return shell.RunString(line, shell.state.line, "fc");
}

int FixCommand(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  for (; index < args.size() && args[index].size() > 1 && args[index][0] == '-'; ++index) {
    if (ParsePlainNumber(args[index])) break;
    for (const char c : args[index].substr(1)) {
      if (std::string_view("elnrs").find(c) == std::string_view::npos) {
        return InvalidOption(shell, "fc", std::string("-") + c);
      }
      letters += c;
    }
    if (letters.back() == 'e' && index + 1 < args.size()) ++index;
  }
  const Args operands(args.begin() + static_cast<std::ptrdiff_t>(index), args.end());
  if (letters.find('l') != std::string::npos) return ListCommands(shell, operands, letters);
  return RunAgain(shell, operands);
}

// --- the rest -----------------------------------------------------------------------------------

// There is no line to edit; the functions that a key could be bound to have no names here.
int Bind(Interpreter& shell, const Args& args) {
  shell.ComplainAs("bind", "warning: line editing not enabled");
  if (args.size() < 2 || args[1].size() < 2 || args[1][0] != '-') return 0;
  if (std::string_view("lpsvPSVXmfqurx").find(args[1][1]) == std::string_view::npos) {
    return InvalidOption(shell, "bind", args[1].substr(0, 2));
  }
  if (std::string_view("mfqurx").find(args[1][1]) != std::string_view::npos && args.size() < 3) {
    return UsageError(shell, "bind", args[1] + ": option requires an argument");
  }
  if (args[1] == "-l") shell.Print("accept-line\nself-insert\n");
  return 0;
}

int Suspend(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "f", letters, index)) return 2;
  if (index < args.size()) {
    FailTooMany(shell, args);
  }
  shell.ComplainAs("suspend", "cannot suspend: no job control");
  return 1;
}

int Logout(Interpreter& shell, const Args& args) {
  if (shell.state.shopt.login_shell) return FindBuiltin("exit")(shell, args);
  shell.ComplainAs("logout", "not login shell: use `exit'");
  return 1;
}

}  // namespace

void AddInteractiveBuiltins(BuiltinTable& table) {
  table["history"] = History;
  table["fc"] = FixCommand;
  table["bind"] = Bind;
  table["suspend"] = Suspend;
  table["logout"] = Logout;
}

}  // namespace computesdk::in_memory::shell
