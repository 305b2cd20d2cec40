#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/small_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// env -S: blanks split, quotes hold together.
std::vector<std::string> SplitString(Process& process, std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else if (c == '\\' && at + 1 < text.size()) {
        word += text[++at];
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) words.push_back(std::exchange(word, ""));
      in_word = false;
    } else {
      word += c == '\\' && at + 1 < text.size() ? text[++at] : c;
      in_word = true;
    }
  }
  if (quote != 0) {
    Complain(process, "no terminating quote in -S string");
    process.Exit(125);
  }
  if (in_word) words.push_back(word);
  return words;
}

}  // namespace

int EnvMain(Process& process) {
  std::map<std::string, std::string> env = process.env;
  std::optional<std::string> folder;
  char end = '\n';
  bool verbose = false;
  bool ignore = false;
  std::vector<std::string> unset;
  const auto tell = [&](const std::string& line) {
    if (verbose) (void)process.Write(2, line + "\n");
  };
  // -S takes the place of the arguments that it holds.
  for (std::size_t i = 1; i < process.args.size() && process.args[i].starts_with('-'); ++i) {
    const std::string argument = process.args[i];
    const bool attached = argument.starts_with("-S") && argument.size() > 2;
    if (!attached && argument != "-S" && !argument.starts_with("--split-string=")) continue;
    std::string text = argument.substr(argument[1] == '-' ? 15 : 2);
    const auto at = process.args.begin() + static_cast<std::ptrdiff_t>(i);
    if (argument == "-S" && i + 1 < process.args.size()) {
      text = process.args[i + 1];
      process.args.erase(at);
    }
    auto words = SplitString(process, text);
    process.args.erase(process.args.begin() + static_cast<std::ptrdiff_t>(i));
    process.args.insert(process.args.begin() + static_cast<std::ptrdiff_t>(i), words.begin(),
                        words.end());
    break;
  }
  Options options(process, "+iu:0C:S:v",
                  {{"chdir", 'C', Options::kRequired},
                   {"ignore-environment", 'i'},
                   {"null", '0'},
                   {"unset", 'u', Options::kRequired},
                   {"debug", 'v'},
                   {"split-string", 'S', Options::kRequired}},
                  125);
  while (const auto option = options.Next()) {
    if (option->letter == 'v') verbose = true;
    if (option->letter == 'i') {
      env.clear();
      ignore = true;
    }
    if (option->letter == '0') end = '\0';
    if (option->letter == 'C') folder = option->value;
    if (option->letter == 'u') {
      if (option->value.empty() || option->value.find('=') != std::string::npos) {
        Complain(process, "cannot unset " + QuotedWord(option->value) + ": Invalid argument");
        return 125;
      }
      env.erase(option->value);
      unset.push_back(option->value);
    }
  }
  const std::vector<std::string>& operands = options.operands();
  std::size_t next = 0;
  if (next < operands.size() && operands[next] == "-") {
    env.clear();
    ignore = true;
    ++next;
  }
  if (ignore) tell("cleaning environ");
  for (const std::string& name : unset) tell("unset:    " + name);
  for (; next < operands.size(); ++next) {
    const auto equals = operands[next].find('=');
    if (equals == std::string::npos) break;
    tell("setenv:   " + operands[next]);
    env[operands[next].substr(0, equals)] = operands[next].substr(equals + 1);
  }
  if (next == operands.size()) {
    if (folder) UsageError(process, "must specify command with --chdir (-C)", 125);
    Output out(process);
    for (const auto& [name, value] : env) {
      out << name << "=" << value;
      out.Put(end);
    }
    return out.Finish(0);
  }
  if (end == '\0') UsageError(process, "cannot specify --null (-0) with command", 125);
  SpawnOptions child;
  child.args.assign(operands.begin() + static_cast<std::ptrdiff_t>(next), operands.end());
  if (folder) {
    if (!IsDirectory(process, *folder)) {
      Complain(process,
               "cannot change directory to " + QuotedName(*folder) + ": No such file or directory");
      return 125;
    }
    child.cwd = process.AbsolutePath(*folder);
  }
  if (folder) tell("chdir:    " + QuotedWord(*folder));
  tell("executing: " + child.args[0]);
  for (std::size_t i = 0; i < child.args.size(); ++i) {
    tell("   arg[" + std::to_string(i) + "]= " + QuotedWord(child.args[i]));
  }
  // The command is looked for in the new environment's PATH.
  process.env = env;
  child.env = std::move(env);
  return process.Execute(std::move(child), "env").ShellCode();
}

int PrintenvMain(Process& process) {
  char end = '\n';
  Options options(process, "+0", {{"null", '0'}}, 2);
  while (options.Next()) end = '\0';
  Output out(process);
  int status = 0;
  if (options.operands().empty()) {
    for (const auto& [name, value] : process.env) {
      out << name << "=" << value;
      out.Put(end);
    }
  }
  for (const std::string& name : options.operands()) {
    const auto found = process.env.find(name);
    if (found == process.env.end()) {
      status = 1;
      continue;
    }
    out << found->second;
    out.Put(end);
  }
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
