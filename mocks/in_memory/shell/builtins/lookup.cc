#include <algorithm>
#include <set>
#include <string_view>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/syntax/parser.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/text/bash_order.h"

// What a name is, and which of its meanings is run: type, command, builtin, hash, enable.
namespace computesdk::in_memory::shell {
namespace {

// What `command -p` searches.
constexpr const char* kStandardPath = "/bin:/usr/bin:/sbin:/usr/sbin:/etc:/usr/etc";

Args From(const Args& args, std::size_t index) {
  return {args.begin() + static_cast<std::ptrdiff_t>(index), args.end()};
}

// Every program of that name, in the order of the folders.
std::vector<std::string> FindInPath(Interpreter& shell, const std::string& name,
                                    const std::string& path, bool all) {
  std::vector<std::string> found;
  std::string denied;  // To bash one that cannot be executed is better than none.
  const auto look = [&](const std::string& folder) {
    const auto program = shell.process.FindProgram(name, folder);
    if (program) {
      found.push_back(program->file);
    } else if (program.error() == std::errc::executable_format_error) {
      found.push_back(name.find('/') == std::string::npos ? JoinPath(folder, name) : name);
    } else if (program.error() == std::errc::permission_denied && denied.empty()) {
      const std::string file = JoinPath(folder, name);
      const auto status = shell.process.files().Stat(shell.process.AbsolutePath(file));
      if (status && status->type == FileType::kRegular) denied = file;
    }
  };
  if (name.find('/') != std::string::npos) {
    look("");
    // To sh it is enough that there is something.
    const bool there = shell.state.plain_sh &&
                       shell.process.files().Stat(shell.process.AbsolutePath(name)).has_value();
    if (!found.empty() || there) found.assign(1, name);
    return found;
  }
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    look(path.substr(at, end - at));
    if (!all && !found.empty()) break;
    at = end + 1;
  }
  if (found.empty() && !all && !denied.empty() && !shell.state.plain_sh) found.push_back(denied);
  return found;
}

// One question of `type` or `command -v`.
struct Question {
  bool all = false;            // -a
  bool kind = false;           // -t
  bool file_only = false;      // -p: nothing of what is no file.
  bool force_file = false;     // -P: as if nothing else had that name.
  bool no_functions = false;   // -f
  bool brief = false;          // command -v
  const char* path = nullptr;  // Instead of $PATH.
};

class Description {
 public:
  Description(Interpreter& shell, const std::string& name, const Question& question)
      : shell_(shell), name_(name), question_(question) {}

  // False if the name means nothing.
  bool Show() {
    if (!question_.force_file && ShowWords()) return true;
    ShowFiles();
    return found_;
  }

 private:
  void Say(const std::string& kind, const std::string& sentence, const std::string& brief) {
    found_ = true;
    if (question_.file_only && !question_.kind) return;
    shell_.Print((question_.kind ? kind : question_.brief ? brief : sentence) + "\n");
  }
  bool Ends() const { return found_ && !question_.all; }

  // True if it is one of the shell's own words, and no other meaning is asked for.
  bool ShowWords() {
    const auto alias = shell_.state.aliases.find(name_);
    if (alias != shell_.state.aliases.end() && shell_.state.shopt.expand_aliases) {
      const bool plain = shell_.state.plain_sh;
      Say("alias",
          name_ + (plain ? " is an alias for " + alias->second
                         : " is aliased to `" + alias->second + "'"),
          "alias " + name_ + "=" + QuoteListed(shell_, alias->second));
      if (Ends()) return true;
    }
    const bool of_bash = shell_.state.plain_sh && (IsBashWord(name_) || name_ == "time");
    if (IsReservedWord(name_) && !of_bash) {
      Say("keyword", name_ + " is a shell keyword", name_);
      if (Ends()) return true;
    }
    const auto function = shell_.state.functions.find(name_);
    const bool special = shell_.state.options.posix && IsSpecialBuiltin(name_);
    if (special) ShowBuiltin();
    if (Ends()) return true;
    if (!question_.no_functions && function != shell_.state.functions.end()) {
      Say("function",
          name_ + (shell_.state.plain_sh ? " is a shell function"
                                         : " is a function\n" + PrintFunction(*function->second)),
          name_);
      if (Ends()) return true;
    }
    if (!special) ShowBuiltin();
    return Ends();
  }

  void ShowBuiltin() {
    if (shell_.EnabledBuiltin(name_) == nullptr) return;
    const bool special = shell_.state.options.posix && IsSpecialBuiltin(name_);
    Say("builtin", name_ + (special ? " is a special shell builtin" : " is a shell builtin"),
        name_);
  }

  void ShowFiles() {
    const bool asks_path = question_.file_only || question_.force_file;
    if (!question_.all && name_.find('/') == std::string::npos) {
      if (const HashedCommand* known = shell_.FindHashed(name_)) {
        const bool plain = shell_.state.plain_sh;
        const bool dotted = known->file.starts_with('/') || known->file.starts_with("./");
        const std::string file = plain || dotted ? known->file : "./" + known->file;
        const std::string how =
            plain ? " is a tracked alias for " + file : " is hashed (" + file + ")";
        return ShowFile(file, name_ + how, asks_path);
      }
    }
    const std::string path = question_.path != nullptr ? question_.path : shell_.GetString("PATH");
    for (const std::string& file : FindInPath(shell_, name_, path, question_.all)) {
      ShowFile(file, name_ + " is " + file, asks_path);
      // Who asks dash has it remember what it found.
      if (shell_.state.plain_sh && name_ != file) shell_.EditHash().commands[name_] = {file, 0};
    }
  }

  void ShowFile(const std::string& file, const std::string& sentence, bool asks_path) {
    found_ = true;
    shell_.Print((question_.kind ? "file" : asks_path || question_.brief ? file : sentence) + "\n");
  }

  Interpreter& shell_;
  const std::string& name_;
  const Question& question_;
  bool found_ = false;
};

int Type(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  const bool plain = shell.state.plain_sh;
  if (!plain && !ReadLetters(shell, args, "afptP", letters, index)) return 2;
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  // Of these three the last one holds.
  const std::size_t last = letters.find_last_of("tpP");
  const char shown = last == std::string::npos ? '\0' : letters[last];
  const Question question{has('a'), shown == 't', shown == 'p', has('P'), has('f')};
  int status = 0;
  for (; index < args.size(); ++index) {
    if (Description(shell, args[index], question).Show()) continue;
    status = plain ? 127 : 1;
    if (plain) {
      shell.Print(args[index] + ": not found\n");
    } else if (!has('t') && !has('p') && !has('P')) {
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
  const bool standard = letters.find('p') != std::string::npos;
  if (standard && shell.state.options.restricted) {
    shell.ComplainAs("command", "-p: restricted");
    return 1;
  }
  if (letters.find_first_of("vV") != std::string::npos) {
    const bool verbose = letters.find('V') != std::string::npos;
    Question question;
    question.brief = !verbose;
    if (standard) question.path = kStandardPath;
    const bool plain = shell.state.plain_sh;
    int status = plain ? 127 : 1;
    for (; index < args.size(); ++index) {
      if (Description(shell, args[index], question).Show()) {
        status = 0;
      } else if (verbose && plain) {
        shell.Print(args[index] + ": not found\n");
      } else if (verbose) {
        shell.ComplainAs("command", args[index] + ": not found");
      }
      if (plain) break;  // It looks at one name alone.
    }
    return status;
  }
  const std::string path = kStandardPath;
  const std::string before = std::exchange(shell.builtin_name, "");
  int status = 0;
  shell.ended_by_error = false;
  try {
    status = shell.RunCommandWords(From(args, index), false, true, standard ? &path : nullptr);
  } catch (const ExpansionError&) {
    if (!shell.state.plain_sh) throw;
    status = 2;  // Behind `command` no error ends the shell.
  }
  if (shell.state.plain_sh && shell.flow == Flow::kExit && shell.ended_by_error) {
    shell.flow = Flow::kNone;
    shell.discarding = false;
    status = 2;
  }
  static const std::set<std::string_view> strict = {"export", "readonly", "unset", "shift"};
  if (shell.state.plain_sh && status == 1 && strict.count(args[index]) != 0) status = 2;
  shell.builtin_name = before;
  return status;
}

int BuiltinBuiltin(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "", letters, index)) return 2;
  if (index >= args.size()) return 0;
  return shell.RunCommandWords(From(args, index), false, false);
}

// --- hash ---------------------------------------------------------------------------------------

std::vector<std::string> HashedNames(const CommandHash& hash) {
  std::vector<std::string> names;
  for (const auto& [name, command] : hash.commands) names.push_back(name);
  return InBashOrder(std::move(names), kBashCommandChains);
}

std::string ReusableHash(const std::string& name, const HashedCommand& command) {
  return "builtin hash -p " + command.file + " " + name + "\n";
}

int ListHash(Interpreter& shell, bool reusable) {
  const CommandHash& hash = shell.EditHash();
  if (hash.commands.empty()) {
    if (!shell.state.plain_sh) shell.Print("hash: hash table empty\n");
    return 0;
  }
  if (shell.state.plain_sh) {
    for (const std::string& name : HashedNames(hash)) {
      shell.Print(hash.commands.at(name).file + "\n");
    }
    return 0;
  }
  if (!reusable) shell.Print("hits\tcommand\n");
  for (const std::string& name : HashedNames(hash)) {
    const HashedCommand& command = hash.commands.at(name);
    const std::string hits = std::to_string(command.hits);
    shell.Print(reusable ? ReusableHash(name, command)
                         : std::string(hits.size() < 4 ? 4 - hits.size() : 0, ' ') + hits + "\t" +
                               command.file + "\n");
  }
  return 0;
}

// hash -p FILE NAME…
int RememberFile(Interpreter& shell, const std::string& file, const Args& names) {
  const auto status = shell.process.files().Stat(shell.process.AbsolutePath(file));
  if (status && status->type == FileType::kDirectory) {
    shell.ComplainAs("hash", file + ": Is a directory");
    return 1;
  }
  if (shell.state.options.restricted && file.find('/') != std::string::npos) {
    shell.ComplainAs("hash", file + ": restricted");
    return 1;
  }
  for (const std::string& name : names) shell.EditHash().commands[name] = {file, 0};
  return 0;
}

// One operand of `hash`, with -d or -t or neither; false if it is not found.
bool HashOne(Interpreter& shell, const std::string& name, const std::string& letters,
             bool with_name) {
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  if (has('d')) return shell.EditHash().commands.erase(name) != 0;
  if (has('t')) {
    const HashedCommand* known = shell.FindHashed(name);
    if (known == nullptr) return false;
    shell.Print(has('l')    ? ReusableHash(name, *known)
                : with_name ? name + "\t" + known->file + "\n"
                            : known->file + "\n");
    ++shell.EditHash().commands[name].hits;
    return true;
  }
  if (name.find('/') != std::string::npos || shell.EnabledBuiltin(name) != nullptr ||
      shell.state.functions.count(name) != 0) {
    return true;
  }
  shell.EditHash().commands.erase(name);
  const auto program = shell.FindProgram(name);
  if (program) shell.EditHash().commands[name] = {program->file, 0};
  return program || program.error() == std::errc::executable_format_error;
}

int Hash(Interpreter& shell, const Args& args) {
  if (!shell.state.options.hash_all) {
    shell.ComplainAs("hash", "hashing disabled");
    return 1;
  }
  std::string letters;
  std::optional<std::string> file;
  OptionReader options(shell, args, "rldtp:");
  while (const auto letter = options.Next()) {
    if (*letter == 'p') {
      file = options.value();
    } else {
      letters += *letter;
    }
  }
  if (options.wrong()) return 2;
  const Args names = options.operands();
  for (const char c : {'t', 'd'}) {
    if (letters.find(c) == std::string::npos || !names.empty()) continue;
    shell.ComplainAs("hash", std::string("-") + c + ": option requires an argument");
    return 1;
  }
  if (letters.find('d') != std::string::npos && shell.state.hashed == nullptr) return 0;
  if (letters.find('r') != std::string::npos && shell.state.hashed != nullptr) {
    shell.EditHash().commands.clear();
  }
  if (file) return RememberFile(shell, *file, names);
  const bool listing = letters.find_first_not_of('l') == std::string::npos;
  if (names.empty() && listing) return ListHash(shell, !letters.empty());
  int status = 0;
  for (const std::string& name : names) {
    if (HashOne(shell, name, letters, names.size() > 1)) continue;
    shell.ComplainAs("hash", name + ": not found");
    status = 1;
  }
  return status;
}

// --- enable -------------------------------------------------------------------------------------

int ListBuiltins(Interpreter& shell, const std::string& letters) {
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  for (const auto& [name, builtin] : Builtins()) {
    const bool disabled = shell.state.disabled_builtins.count(name) != 0;
    if (has('s') && !IsSpecialBuiltin(name)) continue;
    if (!has('a') && disabled != has('n')) continue;
    shell.Print(std::string(disabled ? "enable -n " : "enable ") + std::string(name) + "\n");
  }
  return 0;
}

int Enable(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "adnpsf", letters, index)) return 2;
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  if (has('f') && index >= args.size()) {
    return UsageError(shell, "enable", "-f: option requires an argument");
  }
  if (index >= args.size()) return ListBuiltins(shell, letters);
  if (has('f') || has('d')) {
    const std::string& name = args[index];
    const std::string problem = has('f') ? ": cannot open shared object file: " +
                                               ErrnoText(std::errc::no_such_file_or_directory)
                                : FindBuiltin(name) == nullptr ? ": not a shell builtin"
                                                               : ": not dynamically loaded";
    const std::string subject = has('f') ? "cannot open shared object " + name + ": " + name : name;
    shell.ComplainAs("enable", shell.state.options.restricted ? "restricted" : subject + problem);
    return 1;
  }
  if (index >= args.size()) return ListBuiltins(shell, letters);
  int status = 0;
  for (; index < args.size(); ++index) {
    if (FindBuiltin(args[index]) == nullptr) {
      shell.ComplainAs("enable", args[index] + ": not a shell builtin");
      status = 1;
    } else if (has('n')) {
      shell.state.disabled_builtins.insert(args[index]);
    } else {
      shell.state.disabled_builtins.erase(args[index]);
    }
  }
  return status;
}

}  // namespace

void AddLookupBuiltins(BuiltinTable& table) {
  table["type"] = Type;
  table["command"] = CommandBuiltin;
  table["builtin"] = BuiltinBuiltin;
  table["hash"] = Hash;
  table["enable"] = Enable;
}

}  // namespace computesdk::in_memory::shell
