#include <algorithm>
#include <cstdio>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/shell/builtins.h"

namespace computesdk::in_memory::shell {
namespace {

// "/a/./b/../c" is "/a/c": what `cd` does without -P, the links kept.
std::string Normalise(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, end - at);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string result;
  for (const std::string& part : parts) result += "/" + part;
  return result.empty() ? "/" : result;
}

// The logical name of the current folder.
std::string CurrentFolder(Interpreter& shell) {
  const Variable* pwd = shell.state.variables.Find("PWD");
  if (pwd != nullptr && pwd->IsSet() && (*pwd->Scalar())[0] == '/') {
    const auto named = shell.process.files().Stat(*pwd->Scalar());
    const auto actual = shell.process.files().Stat(shell.process.cwd);
    if (named && actual && named->inode == actual->inode) return *pwd->Scalar();
  }
  return shell.process.cwd;
}

// Empty, or what is wrong.
std::string Enter(Interpreter& shell, const std::string& folder, bool physical) {
  const std::string joined = JoinPath(CurrentFolder(shell), folder);
  std::string path = physical ? joined : Normalise(joined);
  const auto status = shell.process.files().Stat(physical ? joined : path);
  if (!status) return ErrnoText(status.error());
  if (status->type != FileType::kDirectory) return "Not a directory";
  if (physical) path = shell.process.files().RealPath(joined).value_or(Normalise(joined));
  const std::string before = CurrentFolder(shell);
  shell.process.cwd = path;
  for (const auto& [name, value] : {std::pair{"OLDPWD", before}, std::pair{"PWD", path}}) {
    Variable& variable = shell.state.variables.Edit(name);
    variable.value = value;
    variable.set = true;
    variable.exported = true;
  }
  shell.state.variables.set_environment_changed();
  return "";
}

int Cd(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (args.size() > 1 && args[1] != "-" && !ReadLetters(shell, args, "LPe@", letters, index))
    return 2;
  bool physical = shell.state.options.physical;
  for (const char c : letters) {
    if (c == 'P') physical = true;
    if (c == 'L') physical = false;
  }
  if (args.size() > index + 1) {
    shell.ComplainAs("cd", "too many arguments");
    return 1;
  }
  std::string target;
  bool show = false;
  if (index >= args.size()) {
    target = shell.GetString("HOME");
    if (shell.FindVariable("HOME") == nullptr) {
      shell.ComplainAs("cd", "HOME not set");
      return 1;
    }
    if (target.empty()) return 0;
  } else if (args[index] == "-") {
    if (shell.GetString("OLDPWD").empty()) {
      shell.ComplainAs("cd", "OLDPWD not set");
      return 1;
    }
    target = shell.GetString("OLDPWD");
    show = true;
  } else {
    target = args[index];
    if (target.empty()) return 0;
  }
  const bool dotted = target[0] == '/' || target == "." || target == ".." ||
                      target.compare(0, 2, "./") == 0 || target.compare(0, 3, "../") == 0;
  const std::string paths = shell.GetString("CDPATH");
  for (std::size_t at = 0; !dotted && at < paths.size();) {
    const std::size_t end = std::min(paths.find(':', at), paths.size());
    const std::string prefix = paths.substr(at, end - at);
    if (!prefix.empty() && Enter(shell, JoinPath(prefix, target), physical).empty()) {
      shell.Print(shell.GetString("PWD") + "\n");
      return 0;
    }
    at = end + 1;
  }
  const std::string problem = Enter(shell, target, physical);
  if (!problem.empty()) {
    if (shell.state.shopt.cdable_vars && IsName(target)) {
      const std::string named = shell.GetString(target);
      if (!named.empty() && Enter(shell, named, physical).empty()) {
        shell.Print(shell.GetString("PWD") + "\n");
        return 0;
      }
    }
    shell.ComplainAs("cd", target + ": " + problem);
    return 1;
  }
  if (show) shell.Print(shell.GetString("PWD") + "\n");
  return 0;
}

int Pwd(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "LP", letters, index)) return 2;
  const bool physical = (!letters.empty() && letters.back() == 'P') ||
                        (letters.empty() && shell.state.options.physical);
  std::string path = CurrentFolder(shell);
  if (physical) path = shell.process.files().RealPath(shell.process.cwd).value_or(path);
  return shell.WriteOutput(path + "\n") ? 0 : 1;
}

std::string Shortened(Interpreter& shell, const std::string& path) {
  const std::string home = shell.GetString("HOME");
  if (home.size() > 1 && path == home) return "~";
  if (home.size() > 1 && path.compare(0, home.size() + 1, home + "/") == 0) {
    return "~" + path.substr(home.size());
  }
  return path;
}

void ShowFolders(Interpreter& shell, const std::string& letters) {
  const bool lines = letters.find_first_of("pv") != std::string::npos;
  const bool whole = letters.find('l') != std::string::npos;
  std::vector<std::string> folders = shell.state.directories;
  folders.insert(folders.begin(), CurrentFolder(shell));
  std::string text;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (i != 0) text += lines ? "\n" : " ";
    if (letters.find('v') != std::string::npos) text += " " + std::to_string(i) + "  ";
    text += whole ? folders[i] : Shortened(shell, folders[i]);
  }
  shell.Print(text + "\n");
}

int Dirs(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "clpv", letters, index)) return 2;
  if (letters.find('c') != std::string::npos) {
    shell.state.directories.clear();
    return 0;
  }
  ShowFolders(shell, letters);
  return 0;
}

int Pushd(Interpreter& shell, const Args& args) {
  auto& stack = shell.state.directories;
  const std::string before = CurrentFolder(shell);
  std::size_t index = 1;
  const bool quiet = args.size() > 1 && args[1] == "-n";
  if (quiet) ++index;
  if (index >= args.size()) {
    if (stack.empty()) {
      shell.ComplainAs("pushd", "no other directory");
      return 1;
    }
    const std::string top = stack.front();
    const std::string problem = Enter(shell, top, false);
    if (!problem.empty()) {
      shell.ComplainAs("pushd", top + ": " + problem);
      return 1;
    }
    stack.front() = before;
  } else {
    if (quiet) {
      stack.insert(stack.begin(), args[index]);
    } else {
      const std::string problem = Enter(shell, args[index], false);
      if (!problem.empty()) {
        shell.ComplainAs("pushd", args[index] + ": " + problem);
        return 1;
      }
      stack.insert(stack.begin(), before);
    }
  }
  ShowFolders(shell, "");
  return 0;
}

int Popd(Interpreter& shell, const Args&) {
  auto& stack = shell.state.directories;
  if (stack.empty()) {
    shell.ComplainAs("popd", "directory stack empty");
    return 1;
  }
  const std::string target = stack.front();
  const std::string problem = Enter(shell, target, false);
  if (!problem.empty()) {
    shell.ComplainAs("popd", target + ": " + problem);
    return 1;
  }
  stack.erase(stack.begin());
  ShowFolders(shell, "");
  return 0;
}

// --- umask, ulimit, times -----------------------------------------------------------------------

std::string SymbolicMask(unsigned mask) {
  std::string text;
  const char* who[] = {"u=", "g=", "o="};
  for (int i = 0; i < 3; ++i) {
    const unsigned allowed = ~(mask >> (6 - 3 * i)) & 7U;
    if (i != 0) text += ',';
    text += who[i];
    if ((allowed & 4U) != 0) text += 'r';
    if ((allowed & 2U) != 0) text += 'w';
    if ((allowed & 1U) != 0) text += 'x';
  }
  return text;
}

bool ParseSymbolicMask(const std::string& text, unsigned& mask) {
  unsigned allowed = ~mask & 0777U;
  std::size_t at = 0;
  while (at < text.size()) {
    unsigned who = 0;
    while (at < text.size() && std::string_view("ugoa").find(text[at]) != std::string_view::npos) {
      const char c = text[at++];
      who |= c == 'u' ? 0700U : c == 'g' ? 0070U : c == 'o' ? 0007U : 0777U;
    }
    if (who == 0) who = 0777U;
    if (at >= text.size() || std::string_view("+-=").find(text[at]) == std::string_view::npos) {
      return false;
    }
    const char op = text[at++];
    unsigned bits = 0;
    while (at < text.size() && text[at] != ',') {
      const char c = text[at++];
      if (c == 'r') bits |= 0444U;
      if (c == 'w') bits |= 0222U;
      if (c == 'x') bits |= 0111U;
      if (std::string_view("rwxX").find(c) == std::string_view::npos) return false;
    }
    bits &= who;
    if (op == '+') allowed |= bits;
    if (op == '-') allowed &= ~bits;
    if (op == '=') allowed = (allowed & ~who) | bits;
    if (at < text.size()) ++at;
  }
  mask = ~allowed & 0777U;
  return true;
}

int Umask(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "pS", letters, index)) return 2;
  if (index >= args.size()) {
    char octal[8];
    std::snprintf(octal, sizeof octal, "%04o", shell.process.umask);
    const bool symbolic = letters.find('S') != std::string::npos;
    const std::string text = symbolic ? SymbolicMask(shell.process.umask) : octal;
    const bool reusable = letters.find('p') != std::string::npos;
    shell.Print((reusable ? symbolic ? "umask -S " : "umask " : "") + text + "\n");
    return 0;
  }
  const std::string& text = args[index];
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (text.find_first_not_of("01234567") != std::string::npos || text.size() > 4) {
      shell.ComplainAs("umask", text + ": octal number out of range");
      return 1;
    }
    shell.process.umask = static_cast<unsigned>(std::stoul(text, nullptr, 8)) & 0777U;
    return 0;
  }
  if (!ParseSymbolicMask(text, shell.process.umask)) {
    shell.ComplainAs("umask", "`" + text + "': invalid symbolic mode operator");
    return 1;
  }
  return 0;
}

// Limits are the kernel's; what is asked for is answered, what is set is taken note of by nobody.
int Ulimit(Interpreter& shell, const Args& args) {
  if (args.size() > 2) return 0;
  const std::string letter = args.size() > 1 ? args[1] : "-f";
  if (!letter.empty() && letter[0] != '-') return 0;
  if (letter == "-n") {
    shell.Print("1024\n");
  } else if (letter == "-s") {
    shell.Print("8192\n");
  } else if (letter == "-u") {
    shell.Print(std::to_string(shell.process.kernel().limits().processes) + "\n");
  } else if (letter == "-c") {
    shell.Print("0\n");
  } else {
    shell.Print("unlimited\n");
  }
  return 0;
}

int Times(Interpreter& shell, const Args&) {
  char text[64];
  const double seconds = std::chrono::duration<double>(shell.process.Elapsed()).count();
  const int minutes = static_cast<int>(seconds / 60);
  std::snprintf(text, sizeof text, "%dm%.3fs 0m0.000s\n0m0.000s 0m0.000s\n", minutes,
                seconds - minutes * 60);
  shell.Print(text);
  return 0;
}

}  // namespace

void AddFolderBuiltins(BuiltinTable& table) {
  table["cd"] = Cd;
  table["pwd"] = Pwd;
  table["dirs"] = Dirs;
  table["pushd"] = Pushd;
  table["popd"] = Popd;
  table["umask"] = Umask;
  table["ulimit"] = Ulimit;
  table["times"] = Times;
}

}  // namespace computesdk::in_memory::shell
