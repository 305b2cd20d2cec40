#include <algorithm>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

// The stack of directories: pushd, popd, dirs.
namespace computesdk::in_memory::shell {
namespace {

// The whole stack as `dirs` shows it, the current folder first.
std::vector<std::string> WholeStack(Interpreter& shell) {
  std::vector<std::string> folders = shell.state.directories;
  folders.insert(folders.begin(), CurrentFolder(shell));
  return folders;
}

std::string Shortened(Interpreter& shell, const std::string& path) {
  const std::string home = shell.GetString("HOME");
  if (home.size() > 1 && path == home) return "~";
  if (home.size() > 1 && path.compare(0, home.size() + 1, home + "/") == 0) {
    return "~" + path.substr(home.size());
  }
  return path;
}

struct DirsOptions {
  bool whole = false;     // -l: no "~".
  bool lines = false;     // -p, -v
  bool numbered = false;  // -v
};

std::string Numbered(std::size_t index, const std::string& text) {
  const std::string number = std::to_string(index);
  return (number.size() < 2 ? " " : "") + number + "  " + text;
}

void ShowStack(Interpreter& shell, const DirsOptions& options) {
  const std::vector<std::string> folders = WholeStack(shell);
  std::string text;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (i != 0) text += options.lines ? "\n" : " ";
    const std::string shown = options.whole ? folders[i] : Shortened(shell, folders[i]);
    text += options.numbered ? Numbered(i, shown) : shown;
  }
  shell.Print(text + "\n");
}

// "+N" counts from the left, "-N" from the right. False for what is no such argument.
bool IsIndex(const std::string& text) {
  return text.size() > 1 && (text[0] == '+' || text[0] == '-') &&
         text.find_first_not_of("0123456789", 1) == std::string::npos;
}

std::optional<std::size_t> PlaceOf(const std::string& text, std::size_t size) {
  const std::string digits = text.substr(1);
  const std::size_t count = digits.size() > 6 ? size : std::stoul(digits);
  if (count >= size) return std::nullopt;
  return text[0] == '+' ? count : size - 1 - count;
}

// Why `text` names no place in the stack; 1.
int OutOfRange(Interpreter& shell, const std::string& name, const std::string& text) {
  shell.ComplainAs(name, shell.state.directories.empty()
                             ? "directory stack empty"
                             : text + ": directory stack index out of range");
  return 1;
}

int Dirs(Interpreter& shell, const Args& args) {
  DirsOptions options;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--") break;
    if (IsIndex(arg)) {
      const std::vector<std::string> folders = WholeStack(shell);
      const auto place = PlaceOf(arg, folders.size());
      if (!place) return OutOfRange(shell, "dirs", arg.substr(1));
      const std::string shown = options.whole ? folders[*place] : Shortened(shell, folders[*place]);
      shell.Print((options.numbered ? Numbered(*place, shown) : shown) + "\n");
      return 0;
    }
    if (arg.size() < 2 || arg[0] != '-') return InvalidOption(shell, "dirs", arg);
    for (const char c : arg.substr(1)) {
      if (std::string_view("clpv").find(c) == std::string_view::npos) {
        return UsageError(shell, "dirs", arg + ": invalid number");
      }
      if (c == 'c') shell.state.directories.clear();
      options.whole = options.whole || c == 'l';
      options.lines = options.lines || c == 'p' || c == 'v';
      options.numbered = options.numbered || c == 'v';
      if (c == 'c' && args.size() == 2) return 0;
    }
  }
  ShowStack(shell, options);
  return 0;
}

// Goes there; complains in the name of the builtin.
bool Go(Interpreter& shell, const std::string& name, const std::string& folder) {
  const std::string problem = EnterFolder(shell, folder, shell.state.options.physical);
  if (problem.empty()) return true;
  shell.ComplainAs(name, folder + ": " + problem);
  return false;
}

int PushExchange(Interpreter& shell) {
  auto& stack = shell.state.directories;
  if (stack.empty()) {
    shell.ComplainAs("pushd", "no other directory");
    return 1;
  }
  const std::string before = CurrentFolder(shell);
  if (!Go(shell, "pushd", stack.front())) return 1;
  stack.front() = before;
  ShowStack(shell, {});
  return 0;
}

int PushRotated(Interpreter& shell, const std::string& index, bool stays) {
  std::vector<std::string> folders = WholeStack(shell);
  const auto place = PlaceOf(index, folders.size());
  if (stays && place) return 0;
  if (!place || shell.state.directories.empty()) return OutOfRange(shell, "pushd", index);
  std::rotate(folders.begin(), folders.begin() + static_cast<std::ptrdiff_t>(*place),
              folders.end());
  if (!Go(shell, "pushd", folders.front())) return 1;
  folders.erase(folders.begin());
  shell.state.directories = std::move(folders);
  ShowStack(shell, {});
  return 0;
}

int Pushd(Interpreter& shell, const Args& args) {
  bool stays = false;
  std::size_t index = 1;
  for (; index < args.size(); ++index) {
    const std::string& arg = args[index];
    if (arg == "-n") {
      stays = true;
    } else if (arg == "--") {
      ++index;
      break;
    } else if (IsIndex(arg)) {
      return PushRotated(shell, arg, stays);
    } else if (arg.size() > 1 && arg[0] == '-') {
      return UsageError(shell, "pushd", arg + ": invalid number");
    } else {
      break;
    }
  }
  if (index >= args.size()) return stays ? 0 : PushExchange(shell);
  if (index + 1 < args.size()) {
    shell.ComplainAs("pushd", "too many arguments");
    return 1;
  }
  auto& stack = shell.state.directories;
  if (stays) {
    stack.insert(stack.begin(), args[index]);
  } else {
    const std::string before = CurrentFolder(shell);
    const std::string target = args[index] == "-" ? shell.GetString("OLDPWD") : args[index];
    if (!Go(shell, "pushd", target)) return 1;
    if (args[index] == "-") shell.Print(CurrentFolder(shell) + "\n");
    stack.insert(stack.begin(), before);
  }
  ShowStack(shell, {});
  return 0;
}

int Popd(Interpreter& shell, const Args& args) {
  auto& stack = shell.state.directories;
  bool stays = false;
  std::string index = "+0";
  for (std::size_t i = 1; i < args.size(); ++i) {
    if (args[i] == "-n") {
      stays = true;
    } else if (args[i] == "--") {
      break;
    } else if (IsIndex(args[i])) {
      index = args[i];
    } else {
      const bool option = args[i].size() > 1 && args[i][0] == '-';
      return UsageError(shell, "popd",
                        args[i] + (option ? ": invalid number" : ": invalid argument"));
    }
  }
  const auto place = PlaceOf(index, stack.size() + 1);
  if (stack.empty() || !place) return OutOfRange(shell, "popd", index);
  if (*place == 0 && !stays && !Go(shell, "popd", stack.front())) return 1;
  const std::size_t removed = *place == 0 ? 0 : *place - 1;
  stack.erase(stack.begin() + static_cast<std::ptrdiff_t>(removed));
  ShowStack(shell, {});
  return 0;
}

}  // namespace

void AddDirectoryBuiltins(BuiltinTable& table) {
  table["dirs"] = Dirs;
  table["pushd"] = Pushd;
  table["popd"] = Popd;
}

}  // namespace computesdk::in_memory::shell
