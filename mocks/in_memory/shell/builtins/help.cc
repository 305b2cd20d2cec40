#include "mocks/in_memory/shell/builtins/help.h"

#include <algorithm>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/expansion/pattern.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr std::string_view kVersion = "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)";
constexpr std::size_t kScreenWidth = 80;

// One cell of the overview: a star for a builtin that is disabled, and the synopsis, cut with ">".
std::string Cell(Interpreter& shell, const HelpTopic& topic, std::size_t width) {
  const bool disabled = shell.state.disabled_builtins.count(std::string(topic.name)) != 0;
  std::string cell = (disabled ? "*" : " ") + std::string(topic.synopsis);
  if (cell.size() >= width) {
    cell.resize(width - 2);
    cell += '>';
  }
  return cell;
}

// Beyond bash's own overview: what a sandbox has in /usr/bin.
std::string ProgramsOverview(Interpreter& shell) {
  std::string text = "\nPrograms in /usr/bin; `NAME --help' shows the options of one.\n\n";
  std::string line;
  const auto entries = shell.process.files().List("/usr/bin");
  if (!entries) return {};
  for (const auto& entry : *entries) {
    if (line.size() + 1 + entry.name.size() >= kScreenWidth) {
      text += line + "\n";
      line.clear();
    }
    line += " " + entry.name;
  }
  return text + line + "\n";
}

void ShowOverview(Interpreter& shell) {
  std::string text(kVersion);
  text +=
      "\nThese shell commands are defined internally.  Type `help' to see this list.\n"
      "Type `help name' to find out more about the function `name'.\n"
      "Use `info bash' to find out more about the shell in general.\n"
      "Use `man -k' or `info' to find out more about commands not in this list.\n\n"
      "A star (*) next to a name means that the command is disabled.\n\n";
  const std::size_t width = kScreenWidth / 2;
  const std::size_t rows = (kHelpTopics + 1) / 2;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line = Cell(shell, HelpTopics()[row], width);
    if (row + rows < kHelpTopics) {
      line.resize(width, ' ');
      line += Cell(shell, HelpTopics()[row + rows], width);
    }
    text += line + "\n";
  }
  shell.Print(text + ProgramsOverview(shell));
}

std::string ManualPage(const HelpTopic& topic) {
  const std::string name(topic.name);
  return "NAME\n    " + name + " - " + std::string(topic.summary) + "\n\nSYNOPSIS\n    " +
         std::string(topic.synopsis) + "\n\nDESCRIPTION\n    " + std::string(topic.summary) +
         "\n\nSEE ALSO\n    bash(1)\n\nIMPLEMENTATION\n    " + std::string(kVersion) + "\n\n";
}

void ShowTopic(Interpreter& shell, const HelpTopic& topic, const std::string& letters) {
  const std::string name(topic.name);
  if (letters.empty()) return shell.Print(HelpPage(topic));
  switch (letters.back()) {
    case 'd':
      return shell.Print(name + " - " + std::string(topic.summary) + "\n");
    case 's':
      return shell.Print(name + ": " + std::string(topic.synopsis) + "\n");
    default:
      return shell.Print(ManualPage(topic));
  }
}

// A name that is one exactly is preferred to those that begin with it.
bool ShowMatches(Interpreter& shell, const std::string& wanted, const std::string& letters) {
  const bool pattern = HasPatternCharacters(wanted, false);
  if (!pattern) {
    if (const HelpTopic* topic = FindHelpTopic(wanted)) {
      ShowTopic(shell, *topic, letters);
      return true;
    }
  }
  const Pattern matcher(pattern ? wanted : wanted + "*", false, false);
  bool found = false;
  for (const HelpTopic& topic : HelpTopics()) {
    if (!matcher.Matches(topic.name)) continue;
    found = true;
    ShowTopic(shell, topic, letters);
  }
  return found;
}

int Help(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "dms", letters, index)) return 2;
  if (index >= args.size()) {
    ShowOverview(shell);
    return 0;
  }
  if (HasPatternCharacters(args[index], false)) {
    shell.Print("Shell commands matching keyword" +
                std::string(args.size() > index + 1 ? "s" : "") + " `" + args[index] + "'\n\n");
  }
  bool any = false;
  for (std::size_t i = index; i < args.size(); ++i) {
    if (ShowMatches(shell, args[i], letters)) any = true;
  }
  if (any) return 0;
  shell.ComplainAs("help", "no help topics match `" + args.back() +
                               "'.  Try `help help' or `man -k " + args.back() + "' or `info " +
                               args.back() + "'.");
  return 1;
}

}  // namespace

const HelpTopic* FindHelpTopic(std::string_view name) {
  const auto& topics = HelpTopics();
  const auto found = std::find_if(topics.begin(), topics.end(),
                                  [&](const HelpTopic& topic) { return topic.name == name; });
  return found == topics.end() ? nullptr : &*found;
}

std::string HelpPage(const HelpTopic& topic) {
  return std::string(topic.name) + ": " + std::string(topic.synopsis) + "\n    " +
         std::string(topic.summary) + "\n";
}

bool AnswersHelp(std::string_view name) {
  for (const std::string_view other : {"echo", "test", "[", ":", "true", "false"}) {
    if (name == other) return false;
  }
  return true;
}

int ShowBuiltinHelp(Interpreter& shell, const std::string& name) {
  if (const HelpTopic* topic = FindHelpTopic(name)) shell.Print(HelpPage(*topic));
  return 2;
}

int UsageError(Interpreter& shell, const std::string& name, const std::string& message) {
  shell.builtin_failed = true;
  if (!message.empty()) shell.ComplainAs(name, message);
  const HelpTopic* topic = shell.state.plain_sh ? nullptr : FindHelpTopic(name);
  if (topic != nullptr) {
    (void)shell.process.Write(2, name + ": usage: " + std::string(topic->synopsis) + "\n");
  }
  return 2;
}

int InvalidOption(Interpreter& shell, const std::string& name, const std::string& option) {
  return UsageError(shell, name, option + ": invalid option");
}

void FailTooMany(Interpreter& shell, const std::vector<std::string>& args) {
  shell.ComplainAs(args[0], "too many arguments");
  throw ExpansionError{.status = 1, .leaves_all = true};
}

void AddHelpBuiltins(BuiltinTable& table) { table["help"] = Help; }

}  // namespace computesdk::in_memory::shell
