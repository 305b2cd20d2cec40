#include <algorithm>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

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
  // POSIX keeps two slashes at the start, though no more of them.
  std::string result = path.starts_with("//") && !path.starts_with("///") ? "/" : "";
  for (const std::string& part : parts) result += "/" + part;
  return parts.empty() ? result + "/" : result;
}

}  // namespace

std::string CurrentFolder(Interpreter& shell) {
  const Variable* pwd = shell.state.variables.Find("PWD");
  if (pwd != nullptr && pwd->IsSet() && (*pwd->Scalar())[0] == '/') {
    const auto named = shell.process.files().Stat(*pwd->Scalar());
    const auto actual = shell.process.files().Stat(shell.process.cwd);
    if (named && actual && named->inode == actual->inode) return *pwd->Scalar();
  }
  return shell.process.cwd;
}

std::string EnterFolder(Interpreter& shell, const std::string& folder, bool physical) {
  const std::string joined = JoinPath(CurrentFolder(shell), folder);
  std::string path = physical ? joined : Normalise(joined);
  const auto status = shell.process.files().Stat(physical ? joined : path);
  if (!status) return ErrnoText(status.error());
  if (status->type != FileType::kDirectory) return "Not a directory";
  if (physical) path = shell.process.files().RealPath(joined).value_or(Normalise(joined));
  // bash takes PWD for it, whatever that is.
  const std::string before = shell.state.plain_sh ? CurrentFolder(shell) : shell.GetString("PWD");
  shell.process.cwd = path;
  for (const auto& [name, value] : {std::pair{"OLDPWD", before}, std::pair{"PWD", path}}) {
    if (!shell.state.plain_sh && !shell.CheckWritable(name)) continue;
    Variable& variable = shell.state.variables.Edit(name);
    variable.value = value;
    variable.set = true;
    variable.exported |= shell.state.plain_sh;
  }
  shell.state.variables.set_environment_changed();
  return "";
}

namespace {

int Cd(Interpreter& shell, const Args& args) {
  if (shell.state.options.restricted) {
    shell.ComplainAs("cd", "restricted");
    return 1;
  }
  std::string letters;
  std::size_t index = 1;
  if (args.size() > 1 && args[1] != "-" &&
      !ReadLetters(shell, args, shell.state.plain_sh ? "LP" : "LPe", letters, index)) {
    return 2;
  }
  bool physical = shell.state.options.physical;
  for (const char c : letters) {
    if (c == 'P') physical = true;
    if (c == 'L') physical = false;
  }
  if (args.size() > index + 1 && !shell.state.plain_sh) {
    shell.ComplainAs("cd", "too many arguments");
    return 1;
  }
  std::string target;
  bool show = false;
  if (index >= args.size()) {
    target = shell.GetString("HOME");
    if (shell.FindVariable("HOME") == nullptr && shell.state.plain_sh) return 0;
    if (shell.FindVariable("HOME") == nullptr) {
      shell.ComplainAs("cd", "HOME not set");
      return 1;
    }
    if (target.empty()) return 0;
  } else if (args[index] == "-") {
    const Variable* before = shell.FindVariable("OLDPWD");
    if ((before == nullptr || !before->IsSet()) && !shell.state.plain_sh) {
      shell.ComplainAs("cd", "OLDPWD not set");
      return 1;
    }
    target = shell.GetString("OLDPWD");
    show = true;
    if (target.empty()) {
      shell.Print((shell.state.plain_sh ? CurrentFolder(shell) : "") + "\n");
      return 0;
    }
  } else {
    target = args[index];
    if (target.empty() && shell.state.plain_sh) return 0;
    if (target.empty()) target = ".";  // OLDPWD is set all the same.
  }
  const bool dotted = target[0] == '/' || target == "." || target == ".." ||
                      target.compare(0, 2, "./") == 0 || target.compare(0, 3, "../") == 0;
  const std::string paths = shell.GetString("CDPATH");
  for (std::size_t at = 0; !dotted && at < paths.size();) {
    const std::size_t end = std::min(paths.find(':', at), paths.size());
    const std::string prefix = paths.substr(at, end - at);
    if (!prefix.empty() && EnterFolder(shell, JoinPath(prefix, target), physical).empty()) {
      shell.Print(shell.GetString("PWD") + "\n");
      return 0;
    }
    at = end + 1;
  }
  const std::string problem = EnterFolder(shell, target, physical);
  if (!problem.empty()) {
    if (shell.state.shopt.cdable_vars && IsName(target)) {
      const std::string named = shell.GetString(target);
      if (!named.empty() && EnterFolder(shell, named, physical).empty()) {
        shell.Print(shell.GetString("PWD") + "\n");
        return 0;
      }
    }
    shell.ComplainAs(
        "cd", shell.state.plain_sh
                  ? "can't cd to " + target
                  : (AllPrintable(target) ? target : QuoteForShell(target)) + ": " + problem);
    return WrongOperands(shell);
  }
  if (show) shell.Print(shell.GetString("PWD") + "\n");
  const bool fixed = shell.IsReadonly("PWD") || shell.IsReadonly("OLDPWD");
  return fixed && !shell.state.plain_sh ? 1 : 0;
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

}  // namespace

void AddFolderBuiltins(BuiltinTable& table) {
  table["cd"] = Cd;
  table["pwd"] = Pwd;
}

}  // namespace computesdk::in_memory::shell
