#include "mocks/in_memory/shell/builtins/completion.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/expansion/glob.h"
#include "mocks/in_memory/shell/expansion/pattern.h"
#include "mocks/in_memory/shell/option_names.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

namespace computesdk::in_memory::shell {
namespace {

using Words = std::vector<std::string>;

struct ActionName {
  const char* name;
  char letter;  // 0 for one without.
};

// Those with a letter first, in the order of `complete -p`.
constexpr std::array<ActionName, 24> kActions = {
    {{"alias", 'a'}, {"builtin", 'b'},  {"command", 'c'}, {"directory", 'd'}, {"export", 'e'},
     {"file", 'f'},  {"group", 'g'},    {"job", 'j'},     {"keyword", 'k'},   {"service", 's'},
     {"user", 'u'},  {"variable", 'v'}, {"arrayvar", 0},  {"binding", 0},     {"disabled", 0},
     {"enabled", 0}, {"function", 0},   {"helptopic", 0}, {"hostname", 0},    {"running", 0},
     {"setopt", 0},  {"shopt", 0},      {"signal", 0},    {"stopped", 0}}};

constexpr std::array<const char*, 8> kOptions = {"bashdefault", "default", "dirnames", "filenames",
                                                 "noquote",     "nosort",  "nospace",  "plusdirs"};

// In the order of bash's table.
constexpr std::array<const char*, 22> kKeywords = {
    "if", "then", "else", "elif",     "fi",   "case", "esac", "for", "select", "while", "until",
    "do", "done", "in",   "function", "time", "{",    "}",    "!",   "[[",     "]]",    "coproc"};

void AddVariables(Interpreter& shell, Words& words, bool exported, bool arrays) {
  for (std::string& name : shell.VariableNames()) {
    const Variable* own = shell.state.variables.Find(name);
    if (own != nullptr && !own->IsSet() && !own->is_array()) continue;
    const Variable& variable = own != nullptr ? *own : *shell.FindVariable(name);
    if ((exported && !variable.exported) || (arrays && !variable.is_array())) continue;
    words.push_back(std::move(name));
  }
}

// The first field of every line of /etc/passwd or /etc/group.
void AddAccounts(Interpreter& shell, Words& words, const char* path) {
  std::istringstream lines(shell.process.files().ReadFile(path).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    words.push_back(line.substr(0, line.find(':')));
  }
}

void AddFiles(Interpreter& shell, Words& words, const std::string& word, bool only_folders) {
  const std::size_t slash = word.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : word.substr(0, slash + 1);
  const std::string name = word.substr(folder.size());
  const auto entries =
      shell.process.files().List(shell.process.AbsolutePath(folder.empty() ? "." : folder));
  if (!entries) return;
  for (const DirectoryEntry& entry : *entries) {
    if (only_folders) {
      const auto status =
          shell.process.files().Stat(shell.process.AbsolutePath(folder + entry.name));
      if (!status || status->type != FileType::kDirectory) continue;
    }
    words.push_back(folder + entry.name);
  }
}

void AddPrograms(Interpreter& shell, Words& words) {
  std::set<std::string> names;
  const std::string path = shell.GetString("PATH");
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const auto entries =
        shell.process.files().List(shell.process.AbsolutePath(path.substr(at, end - at)));
    at = end + 1;
    if (!entries) continue;
    for (const DirectoryEntry& entry : *entries) names.insert(entry.name);
  }
  words.insert(words.end(), names.begin(), names.end());
}

void AddBuiltins(Interpreter& shell, Words& words, bool enabled, bool disabled) {
  for (const auto& [name, builtin] : Builtins()) {
    const bool off = shell.state.disabled_builtins.count(name) != 0;
    if (off ? disabled : enabled) words.emplace_back(name);
  }
}

void AddFunctions(Interpreter& shell, Words& words) {
  for (const auto& [name, function] : shell.state.functions) words.push_back(name);
}

void AddAliases(Interpreter& shell, Words& words) {
  for (const auto& [name, value] : shell.state.aliases) words.push_back(name);
}

void AddSignals(Words& words) {
  words.emplace_back("EXIT");
  for (int signal = 1; signal <= 64; ++signal) {
    if (signal != 32 && signal != 33) words.push_back("SIG" + SignalName(signal));
  }
  words.insert(words.end(), {"DEBUG", "ERR", "RETURN"});
}

void AddJobs(Interpreter& shell, Words& words, bool all) {
  shell.ReapJobs();
  for (const Job& job : shell.jobs.all()) {
    if (all || !job.done) words.push_back(job.text.substr(0, job.text.find(' ')));
  }
}

Words WordsOfAction(Interpreter& shell, const std::string& action, const std::string& word) {
  Words words;
  if (action == "alias" || action == "command") AddAliases(shell, words);
  if (action == "keyword" || action == "command") {
    words.insert(words.end(), kKeywords.begin(), kKeywords.end());
  }
  if (action == "function" || action == "command") AddFunctions(shell, words);
  if (action == "builtin" || action == "command") AddBuiltins(shell, words, true, true);
  if (action == "command") AddPrograms(shell, words);
  if (action == "enabled") AddBuiltins(shell, words, true, false);
  if (action == "disabled") AddBuiltins(shell, words, false, true);
  if (action == "variable") AddVariables(shell, words, false, false);
  if (action == "export") AddVariables(shell, words, true, false);
  if (action == "arrayvar") AddVariables(shell, words, false, true);
  if (action == "file") AddFiles(shell, words, word, false);
  if (action == "directory") AddFiles(shell, words, word, true);
  if (action == "user") AddAccounts(shell, words, "/etc/passwd");
  if (action == "group") AddAccounts(shell, words, "/etc/group");
  if (action == "hostname") words.push_back(shell.GetString("HOSTNAME"));
  if (action == "job" || action == "running") AddJobs(shell, words, action == "job");
  if (action == "setopt") words = SetOptionNames();
  if (action == "shopt") words = ShoptNames();
  if (action == "signal") AddSignals(words);
  if (action == "helptopic") {
    for (const HelpTopic& topic : HelpTopics()) words.emplace_back(topic.name);
  }
  return words;
}

// The list of -W: expanded and split as the words of a command.
Words SplitWords(Interpreter& shell, const std::string& text) {
  std::string expanded;
  try {
    expanded = shell.ExpandString(
        Lexer::ParseText(text, shell.state.line, shell.lexer_context(), Quoting::kNone));
  } catch (const SyntaxError&) {
    expanded = text;
  }
  const Variable* ifs = shell.state.variables.Find("IFS");
  const std::string separators = ifs == nullptr || !ifs->IsSet() ? " \t\n" : *ifs->Scalar();
  Words words;
  std::size_t at = 0;
  while (at < expanded.size()) {
    const std::size_t end = std::min(expanded.find_first_of(separators, at), expanded.size());
    if (end > at) words.push_back(expanded.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

Words WordsOfFunction(Interpreter& shell, const std::string& name, const std::string& word) {
  const auto found = shell.state.functions.find(name);
  if (found == shell.state.functions.end()) return {};
  const auto keep_alive = found->second;
  shell.SetIndexed("COMPREPLY", {});
  shell.CallFunction(*keep_alive, {name, "compgen", word, ""});
  const Variable* reply = shell.state.variables.Find("COMPREPLY");
  Words words = reply == nullptr ? Words() : reply->Values();
  shell.state.variables.Erase("COMPREPLY");
  return words;
}

// What a command prints, a word a line.
Words WordsOfCommand(Interpreter& shell, const std::string& command, const std::string& word) {
  const std::string text = "$(" + command + " compgen " + SingleQuote(word) + " '')";
  Words words;
  std::istringstream lines(shell.ExpandString(
      Lexer::ParseText(text, shell.state.line, shell.lexer_context(), Quoting::kDouble)));
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  return words;
}

void KeepMatches(Words& words, const std::string& word) {
  std::erase_if(words,
                [&](const std::string& one) { return one.compare(0, word.size(), word) != 0; });
}

// -X: what the pattern matches goes; with "!" in front, everything else.
void Filter(Interpreter& shell, Words& words, const std::string& filter, const std::string& word) {
  const bool negated = !filter.empty() && filter[0] == '!';
  std::string pattern;
  for (const char c : filter.substr(negated ? 1 : 0)) {
    if (c == '&') {
      pattern += word;
    } else {
      pattern += c;
    }
  }
  const Pattern matcher(pattern, shell.state.shopt.extglob, false);
  std::erase_if(words, [&](const std::string& one) { return matcher.Matches(one) != negated; });
}

void Append(Words& to, Words from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

bool IsCompletionAction(const std::string& name) {
  return std::any_of(kActions.begin(), kActions.end(),
                     [&](const ActionName& action) { return name == action.name; });
}

std::string CompletionActionLetters() {
  std::string letters;
  for (const ActionName& action : kActions) {
    if (action.letter != 0) letters += action.letter;
  }
  return letters;
}

std::string ActionOfLetter(char letter) {
  const auto found = std::find_if(kActions.begin(), kActions.end(), [&](const ActionName& action) {
    return action.letter == letter && letter != 0;
  });
  return found == kActions.end() ? "" : found->name;
}

bool IsCompletionOption(const std::string& name) {
  return std::find(kOptions.begin(), kOptions.end(), name) != kOptions.end();
}

std::string CompletionSpec::Text() const {
  std::string text;
  const auto add = [&](const std::string& option) { text += (text.empty() ? "" : " ") + option; };
  const auto add_value = [&](const std::string& option, const std::optional<std::string>& value) {
    if (value) add(option + " " + QuotePlainly(*value));
  };
  for (const std::string& option : options) add("-o " + option);
  for (const ActionName& action : kActions) {
    if (actions.count(action.name) == 0) continue;
    add(action.letter != 0 ? std::string("-") + action.letter : "-A " + std::string(action.name));
  }
  add_value("-G", glob);
  add_value("-W", words);
  if (!prefix.empty()) add_value("-P", prefix);
  if (!suffix.empty()) add_value("-S", suffix);
  add_value("-X", filter);
  add_value("-C", command);
  if (function) add("-F " + *function);
  return text;
}

Words GenerateWords(Interpreter& shell, const CompletionSpec& spec, const std::string& word) {
  Words words;
  for (const ActionName& action : kActions) {
    if (spec.actions.count(action.name) != 0) {
      Append(words, WordsOfAction(shell, action.name, word));
    }
  }
  KeepMatches(words, word);
  if (spec.glob) {
    const GlobOptions options{shell.state.shopt.extglob, shell.state.shopt.dotglob,
                              shell.state.shopt.globstar, shell.state.shopt.nocaseglob};
    Append(words, Glob(shell.process, *spec.glob, options));
  }
  if (spec.words) {
    Words listed = SplitWords(shell, *spec.words);
    KeepMatches(listed, word);
    Append(words, std::move(listed));
  }
  if (spec.function) Append(words, WordsOfFunction(shell, *spec.function, word));
  if (spec.command) Append(words, WordsOfCommand(shell, *spec.command, word));
  if (spec.filter) Filter(shell, words, *spec.filter, word);
  for (std::string& one : words) one = spec.prefix + one + spec.suffix;
  return words;
}

}  // namespace computesdk::in_memory::shell
