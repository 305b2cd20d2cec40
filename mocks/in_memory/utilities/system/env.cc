#include <algorithm>
#include <cctype>
#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/bash_order.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/signals.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/system/small_programs.h"

namespace computesdk::in_memory {
namespace {

constexpr int kCannotRun = 125;

// In the order in which the shell hands them on, that of its table.
std::vector<std::string> OrderedNames(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> names;
  names.reserve(variables.size());
  for (const auto& [name, value] : variables) names.push_back(name);
  return InBashOrder(std::move(names), kBashVariableChains);
}

// What env changes: a new variable comes last.
class Environment {
 public:
  explicit Environment(std::map<std::string, std::string> values)
      : values_(std::move(values)), names_(OrderedNames(values_)) {}

  const std::map<std::string, std::string>& values() const { return values_; }
  const std::vector<std::string>& names() const { return names_; }

  void Clear() {
    values_.clear();
    names_.clear();
  }

  void Erase(const std::string& name) {
    if (values_.erase(name) != 0) std::erase(names_, name);
  }

  void Set(const std::string& name, const std::string& value) {
    if (values_.insert_or_assign(name, value).second) names_.push_back(name);
  }

  void Print(Output& out, char end) const {
    for (const std::string& name : names_) {
      out << name << "=" << values_.at(name);
      out.Put(end);
    }
  }

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> names_;
};

// env -S: blanks split, quotes hold together, ${NAME} is replaced.
class SplitText {
 public:
  SplitText(Process& process, std::string_view text) : process_(process), text_(text) {}

  std::vector<std::string> Words() {
    while (at_ < text_.size() && !ended_) Next(text_[at_]);
    if (quote_ != 0) Fail("no terminating quote in -S string");
    EndWord();
    return std::move(words_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(kCannotRun);
  }

  void EndWord() {
    if (in_word_) words_.push_back(std::exchange(word_, ""));
    in_word_ = false;
  }

  void Put(char c) {
    word_ += c;
    in_word_ = true;
  }

  void Next(char c) {
    const bool literal = quote_ == '\'';
    if ((c == '\'' || c == '"') && (quote_ == 0 || quote_ == c)) {
      quote_ = quote_ == 0 ? c : '\0';
      in_word_ = true;
    } else if (quote_ == 0 && std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos) {
      EndWord();
    } else if (quote_ == 0 && c == '#' && !in_word_) {
      ended_ = true;
    } else if (c == '\\') {
      return Escape(literal);
    } else if (c == '$' && !literal) {
      return Variable();
    } else {
      Put(c);
    }
    ++at_;
  }

  void Escape(bool literal) {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (literal && c != '\\' && c != '\'') {
      Put('\\');
      ++at_;
      return;
    }
    at_ += 2;
    constexpr std::string_view kLetters = "fnrtv\"#$'\\";
    constexpr std::string_view kMeanings = "\f\n\r\t\v\"#$'\\";
    if (const std::size_t known = kLetters.find(c); c != '\0' && known != std::string_view::npos) {
      Put(kMeanings[known]);
    } else if (c == '_') {
      if (quote_ == '"') {
        Put(' ');
      } else {
        EndWord();
      }
    } else if (c == 'c') {
      if (quote_ == '"') Fail("'\\c' must not appear in double-quoted -S string");
      ended_ = true;
    } else if (c == '\0') {
      Fail("invalid backslash at end of string in -S");
    } else {
      Fail(std::string("invalid sequence '\\") + c + "' in -S");
    }
  }

  void Variable() {
    const std::size_t end = text_.find('}', at_);
    const bool braced = text_.compare(at_, 2, "${") == 0 && end != std::string_view::npos;
    const std::string name(braced ? text_.substr(at_ + 2, end - at_ - 2) : "");
    const bool named = !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
                       std::all_of(name.begin(), name.end(), [](char c) {
                         return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
                       });
    if (!named) {
      Fail("only ${VARNAME} expansion is supported, error at: " + std::string(text_.substr(at_)));
    }
    at_ = end + 1;
    const auto found = process_.env.find(name);
    if (found == process_.env.end()) return;
    word_ += found->second;
    in_word_ = true;
  }

  Process& process_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;
  bool ended_ = false;
  char quote_ = 0;
};

// -S takes the place of the arguments that it holds.
void SplitArguments(Process& process) {
  for (std::size_t i = 1; i < process.args.size() && process.args[i].starts_with('-'); ++i) {
    const std::string argument = process.args[i];
    const std::size_t letter = argument[1] == '-' ? std::string::npos : argument.find('S');
    const bool among_letters =
        letter != std::string::npos &&
        argument.find_first_not_of("i0v", 1) == letter;  // "-vS": it ends the letters.
    constexpr std::string_view kLong = "--split-string=";
    if (!among_letters && !argument.starts_with(kLong)) continue;
    std::string text = argument.substr(among_letters ? letter + 1 : kLong.size());
    const auto at = process.args.begin() + static_cast<std::ptrdiff_t>(i);
    if (among_letters && text.empty() && i + 1 < process.args.size()) {
      text = process.args[i + 1];
      process.args.erase(at);
    }
    auto words = SplitText(process, text).Words();
    if (among_letters && letter > 1) words.insert(words.begin(), argument.substr(0, letter));
    process.args.erase(process.args.begin() + static_cast<std::ptrdiff_t>(i));
    process.args.insert(process.args.begin() + static_cast<std::ptrdiff_t>(i), words.begin(),
                        words.end());
    return;
  }
}

struct EnvCommand {
  explicit EnvCommand(const Process& process) : environment(process.env) {}

  Environment environment;
  std::optional<std::string> folder;
  char end = '\n';
  bool verbose = false;
  bool ignore = false;
  bool list_signals = false;
  std::vector<std::string> unset;
  std::map<int, SignalAction> signals;
  std::vector<std::string> operands;
};

void TakeSignals(Process& process, EnvCommand& command, const std::string& names,
                 SignalAction action) {
  if (names.empty()) {
    constexpr int kLastClassic = 31;
    for (int signal = 1; signal <= kLastClassic; ++signal) {
      if (signal != SIGKILL && signal != SIGSTOP) command.signals[signal] = action;
    }
  }
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t comma = std::min(names.find(',', at), names.size());
    const std::string name = names.substr(at, comma - at);
    const auto signal = ParseSignal(name);
    if (!signal) {
      UsageError(process, QuotedWord(name) + ": invalid signal", kCannotRun);
    }
    command.signals[*signal] = action;
    at = comma + 1;
  }
}

EnvCommand ParseEnv(Process& process) {
  constexpr int kBlock = 256;
  constexpr int kDefault = 257;
  constexpr int kIgnore = 258;
  constexpr int kList = 259;
  EnvCommand command(process);
  Options options(process, "+iu:0C:S:v",
                  {{"chdir", 'C', Options::kRequired},
                   {"ignore-environment", 'i'},
                   {"null", '0'},
                   {"unset", 'u', Options::kRequired},
                   {"debug", 'v'},
                   {"block-signal", kBlock, Options::kOptional},
                   {"default-signal", kDefault, Options::kOptional},
                   {"ignore-signal", kIgnore, Options::kOptional},
                   {"list-signal-handling", kList},
                   {"split-string", 'S', Options::kRequired}},
                  kCannotRun);
  while (const auto option = options.Next()) {
    if (option->letter == 'v') command.verbose = true;
    if (option->letter == 'i') {
      command.environment.Clear();
      command.ignore = true;
    }
    if (option->letter == '0') command.end = '\0';
    if (option->letter == 'C') command.folder = option->value;
    if (option->letter == kDefault) {
      TakeSignals(process, command, option->value, SignalAction::kDefault);
    }
    if (option->letter == kIgnore) {
      TakeSignals(process, command, option->value, SignalAction::kIgnore);
    }
    if (option->letter == kList) command.list_signals = true;
    if (option->letter == 'u') {
      if (option->value.empty() || option->value.find('=') != std::string::npos) {
        Complain(process, "cannot unset " + QuotedWord(option->value) + ": Invalid argument");
        process.Exit(kCannotRun);
      }
      command.environment.Erase(option->value);
      command.unset.push_back(option->value);
    }
  }
  command.operands = options.operands();
  return command;
}

}  // namespace

int EnvMain(Process& process) {
  SplitArguments(process);
  EnvCommand command = ParseEnv(process);
  Environment& environment = command.environment;
  const auto tell = [&](const std::string& line) {
    if (command.verbose) (void)process.Write(2, line + "\n");
  };
  const std::vector<std::string>& operands = command.operands;
  std::size_t next = 0;
  if (next < operands.size() && operands[next] == "-") {
    environment.Clear();
    command.ignore = true;
    ++next;
  }
  if (command.ignore) tell("cleaning environ");
  for (const std::string& name : command.unset) tell("unset:    " + name);
  for (; next < operands.size(); ++next) {
    const auto equals = operands[next].find('=');
    if (equals == std::string::npos) break;
    tell("setenv:   " + operands[next]);
    environment.Set(operands[next].substr(0, equals), operands[next].substr(equals + 1));
  }
  if (next == operands.size()) {
    if (command.folder) {
      UsageError(process, "must specify command with --chdir (-C)", kCannotRun);
    }
    Output out(process);
    environment.Print(out, command.end);
    return out.Finish(0);
  }
  if (command.end == '\0') {
    UsageError(process, "cannot specify --null (-0) with command", kCannotRun);
  }
  SpawnOptions child;
  child.args.assign(operands.begin() + static_cast<std::ptrdiff_t>(next), operands.end());
  if (command.folder) {
    if (!IsDirectory(process, *command.folder)) {
      Complain(process, "cannot change directory to " + QuotedName(*command.folder) +
                            ": No such file or directory");
      return kCannotRun;
    }
    child.cwd = process.AbsolutePath(*command.folder);
  }
  for (const auto& [signal, action] : command.signals) process.SetSignalAction(signal, action);
  if (command.list_signals) {
    for (const auto& [signal, action] : command.signals) {
      if (action != SignalAction::kIgnore) continue;
      std::string name = SignalName(signal);
      name.resize(std::max<std::size_t>(name.size(), 10), ' ');
      const std::string number = std::to_string(signal);
      (void)process.Write(2,
                          name + " (" + (number.size() == 1 ? " " : "") + number + "): IGNORE\n");
    }
  }
  if (command.folder) tell("chdir:    " + QuotedWord(*command.folder));
  tell("executing: " + child.args[0]);
  for (std::size_t i = 0; i < child.args.size(); ++i) {
    tell("   arg[" + std::to_string(i) + "]= " + QuotedWord(child.args[i]));
  }
  // The command is looked for in the new environment's PATH.
  process.env = environment.values();
  child.env = environment.values();
  return process.Execute(std::move(child), process.args[0]).ShellCode();
}

int PrintenvMain(Process& process) {
  char end = '\n';
  Options options(process, "+0", {{"null", '0'}}, 2);
  while (options.Next()) end = '\0';
  Output out(process);
  int status = 0;
  if (options.operands().empty()) {
    Environment(process.env).Print(out, end);
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
