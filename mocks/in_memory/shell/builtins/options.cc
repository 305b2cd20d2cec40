#include <algorithm>
#include <array>
#include <string_view>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/option_names.h"
#include "mocks/in_memory/shell/plain_messages.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {
namespace {

struct OptionName {
  const char* name;
  char letter;            // 0 for one without.
  bool Options::*member;  // Null for what is known and has no effect here.
};

// In the order of bash's listing.
constexpr std::array<OptionName, 27> kOptions = {{
    {"allexport", 'a', &Options::all_export},
    {"braceexpand", 'B', &Options::brace_expand},
    {"emacs", 0, &Options::emacs},
    {"errexit", 'e', &Options::exit_on_error},
    {"errtrace", 'E', &Options::trace_errors},
    {"functrace", 'T', &Options::function_trace},
    {"hashall", 'h', &Options::hash_all},
    {"histexpand", 'H', &Options::hist_expand},
    {"history", 0, &Options::history},
    {"ignoreeof", 0, &Options::ignore_eof},
    {"interactive-comments", 0, nullptr},
    {"keyword", 'k', &Options::keyword},
    {"monitor", 'm', &Options::monitor},
    {"noclobber", 'C', &Options::no_clobber},
    {"noexec", 'n', &Options::no_execute},
    {"noglob", 'f', &Options::no_glob},
    {"nolog", 0, nullptr},
    {"notify", 'b', &Options::notify},
    {"nounset", 'u', &Options::unset_is_error},
    {"onecmd", 't', &Options::one_command},
    {"physical", 'P', &Options::physical},
    {"pipefail", 0, &Options::pipe_fail},
    {"posix", 0, &Options::posix},
    {"privileged", 'p', &Options::privileged},
    {"verbose", 'v', &Options::verbose},
    {"vi", 0, &Options::vi},
    {"xtrace", 'x', &Options::trace},
}};

bool IsOn(const Options& options, const OptionName& option) {
  if (option.member == nullptr) return std::string_view(option.name) == "interactive-comments";
  return options.*option.member;
}

}  // namespace

std::string OptionLine(const std::string& name, bool on) {
  std::string line = name;
  if (line.size() < 15) line.resize(15, ' ');
  return line + "\t" + (on ? "on" : "off") + "\n";
}

namespace {

// Those of sh, in its order.
constexpr std::array<std::string_view, 18> kPlainOptions = {
    "errexit",   "noglob", "ignoreeof", "interactive", "monitor", "noexec",
    "stdin",     "xtrace", "verbose",   "vi",          "emacs",   "noclobber",
    "allexport", "notify", "nounset",   "privileged",  "nolog",   "debug"};

constexpr std::string_view kPlainIdle = "EIVis";  // Of its editing, and what changes nothing.
constexpr std::string_view kOfBashOnly = "hktBHPTr";

void ShowPlainOptions(Interpreter& shell, bool as_commands) {
  if (!as_commands) shell.Print("Current option settings\n");
  for (const std::string_view option : kPlainOptions) {
    const std::string name(option);
    const bool on = OptionByName(shell.state.options, name).value_or(false);
    std::string padded = name;
    padded.resize(16, ' ');
    shell.Print(as_commands ? std::string("set ") + (on ? "-o " : "+o ") + name + "\n"
                            : padded + (on ? "on" : "off") + "\n");
  }
}

}  // namespace

void ShowSetOptions(Interpreter& shell, bool as_commands, std::optional<bool> only) {
  if (shell.state.plain_sh) return ShowPlainOptions(shell, as_commands);
  for (const OptionName& option : kOptions) {
    const bool on = IsOn(shell.state.options, option);
    if (only && *only != on) continue;
    shell.Print(as_commands ? std::string("set ") + (on ? "-o " : "+o ") + option.name + "\n"
                            : OptionLine(option.name, on));
  }
}

namespace {

void ShowVariables(Interpreter& shell) {
  for (const std::string& name : shell.VariableNames()) {
    const Variable variable = shell.ListedVariable(name);
    if (!variable.set) continue;
    if (variable.is_array()) {
      const std::string text = DescribeVariable(name, variable);
      shell.Print(text.substr(text.find(name)) + "\n");
      continue;
    }
    if (shell.state.plain_sh) {
      shell.Print(name + "=" + PlainQuote(variable.value) + "\n");
      continue;
    }
    const bool plain = AllPrintable(variable.value) && !NeedsQuotes(variable.value);
    const bool raw = shell.state.options.posix;  // Even what cannot be printed.
    shell.Print(name + "=" +
                (plain ? variable.value
                 : raw ? QuotePlainly(variable.value)
                       : SingleQuote(variable.value)) +
                "\n");
  }
  if (shell.state.options.posix) return;
  for (const auto& [name, function] : shell.state.functions) {
    shell.Print(PrintFunction(*function) + "\n");
  }
}

// To the getopts of dash new arguments are those of another call.
void BeginOptions(Interpreter& shell) {
  if (!shell.state.plain_sh || shell.GetString("OPTIND").empty()) return;
  shell.Assign("OPTIND", "1");
  shell.state.option_letter = 0;
}

int Set(Interpreter& shell, const Args& args) {
  if (args.size() == 1) {
    ShowVariables(shell);
    return 0;
  }
  std::size_t index = 1;
  for (; index < args.size(); ++index) {
    const std::string& arg = args[index];
    if (arg == "--") {
      shell.state.positional_set = true;
      shell.SetPositional({args.begin() + static_cast<std::ptrdiff_t>(index) + 1, args.end()});
      BeginOptions(shell);
      return 0;
    }
    if (arg == "-") {
      shell.state.options.trace = shell.state.options.verbose = false;
      if (index + 1 < args.size()) {
        shell.state.positional_set = true;
        shell.SetPositional({args.begin() + static_cast<std::ptrdiff_t>(index) + 1, args.end()});
      }
      return 0;
    }
    if (arg == "+") continue;
    if (arg.size() < 2 || (arg[0] != '-' && arg[0] != '+')) break;
    const bool on = arg[0] == '-';
    for (const char c : arg.substr(1)) {
      if (c == 'o' && index + 1 >= args.size()) {
        ShowSetOptions(shell, !on);
      } else if (c == 'o') {
        const std::string& name = args[++index];
        const bool plain = shell.state.plain_sh;
        if (plain && (name == "interactive" || name == "stdin" || name == "debug")) continue;
        if ((plain && !IsPlainOption(name)) || !SetOption(shell, name, on)) {
          shell.builtin_failed = true;
          shell.ComplainAs("set", name + ": invalid option name");
          return 2;
        }
      } else if (shell.state.plain_sh && kPlainIdle.find(c) != std::string_view::npos) {
        continue;
      } else if ((shell.state.plain_sh && kOfBashOnly.find(c) != std::string_view::npos) ||
                 !SetOptionByLetter(shell.state.options, c, on)) {
        return InvalidOption(shell, "set", std::string(1, arg[0]) + c);
      }
    }
  }
  if (index < args.size()) {
    shell.state.positional_set = true;
    shell.SetPositional({args.begin() + static_cast<std::ptrdiff_t>(index), args.end()});
    BeginOptions(shell);
  }
  return 0;
}

int Shift(Interpreter& shell, const Args& args) {
  std::int64_t count = 1;
  const std::size_t first = args.size() > 1 && args[1] == "--" && !shell.state.plain_sh ? 2 : 1;
  if (args.size() > first + 1 && !shell.state.plain_sh) FailTooMany(shell, args);
  if (args.size() > first) {
    const auto given = ParsePlainNumber(args[first]);
    if (!given) {
      shell.ComplainAs("shift", args[first] + ": numeric argument required");
      return 1;
    }
    count = *given;
  }
  const auto& positional = shell.positional();
  if (count < 0) {
    shell.ComplainAs("shift", args[first] + ": shift count out of range");
    return 1;
  }
  if (static_cast<std::size_t>(count) > positional.size()) {
    if (shell.state.plain_sh) {
      shell.ComplainAs("shift", "can't shift that many");
      throw ExpansionError{2, true};
    }
    if (shell.state.shopt.shift_verbose || shell.state.options.posix) {
      shell.ComplainAs("shift", std::to_string(count) + ": shift count out of range");
    }
    return 1;
  }
  const int letter = shell.state.option_letter;
  shell.SetPositional({positional.begin() + static_cast<std::ptrdiff_t>(count), positional.end()});
  shell.state.option_letter = letter;
  return 0;
}

// --- getopts ------------------------------------------------------------------------------------

class OptionScan {
 public:
  OptionScan(Interpreter& shell, const Args& args)
      : shell_(shell),
        letters_(args[1]),
        name_(args[2]),
        words_(args.size() > 3 ? Args(args.begin() + 3, args.end()) : shell.positional()) {
    silent_ = !letters_.empty() && letters_[0] == ':';
    index_ = static_cast<std::size_t>(ParsePlainNumber(shell.GetString("OPTIND")).value_or(1));
    if (index_ < 1) index_ = 1;
    // sh counts a word when it begins.
    if (shell.state.plain_sh && shell.state.option_letter != 0 && index_ > 1) --index_;
  }

  int Next() {
    int& letter_at = shell_.state.option_letter;
    if (index_ > words_.size()) return End();
    const std::string& word = words_[index_ - 1];
    // The arguments may be others than those of the last call.
    if (static_cast<std::size_t>(letter_at) >= word.size()) letter_at = 0;
    if (letter_at == 0) {
      if (word.size() < 2 || word[0] != '-') return End();
      if (word == "--") {
        ++index_;
        return End();
      }
      letter_at = 1;
    }
    const char letter = word[static_cast<std::size_t>(letter_at)];
    const std::size_t known =
        letter == ':' ? std::string::npos : letters_.find(letter, silent_ ? 1 : 0);
    const bool last = static_cast<std::size_t>(letter_at) + 1 >= word.size();
    int next_letter = last ? 0 : letter_at + 1;
    std::size_t next_index = last ? index_ + 1 : index_;
    std::string found(1, letter);
    std::optional<std::string> value;
    if (known == std::string::npos) {
      Report("illegal option", letter, value);
      found = "?";
    } else if (known + 1 < letters_.size() && letters_[known + 1] == ':') {
      next_letter = 0;
      next_index = index_ + 1;
      if (!last) {
        value = word.substr(static_cast<std::size_t>(letter_at) + 1);
      } else if (index_ < words_.size()) {
        value = words_[index_];
        next_index = index_ + 2;
      } else {
        Report("option requires an argument", letter, value);
        found = silent_ ? ":" : "?";
      }
    }
    if (shell_.state.plain_sh && found != "?" && !value) value = "";
    return Store(found, value, next_index, next_letter);
  }

 private:
  void Report(const std::string& message, char letter, std::optional<std::string>& value) {
    if (silent_) {
      value = std::string(1, letter);
    } else if (shell_.GetString("OPTERR") != "0") {
      std::string text = shell_.state.name + ": " + message + " -- " + letter + "\n";
      if (shell_.state.plain_sh) {
        text = message[0] == 'i' ? std::string("Illegal option -") + letter + "\n"
                                 : std::string("No arg for -") + letter + " option\n";
      }
      (void)shell_.process.Write(2, text);
    }
  }

  int Store(const std::string& found, const std::optional<std::string>& value, std::size_t index,
            int letter) {
    if (value) {
      shell_.Assign("OPTARG", *value);
    } else {
      shell_.state.variables.Erase("OPTARG");
    }
    const bool ahead = shell_.state.plain_sh && letter != 0;
    shell_.Assign("OPTIND", std::to_string(ahead ? index + 1 : index));
    shell_.state.option_letter = letter;
    if (!IsName(name_)) {
      shell_.ComplainAs("getopts", "`" + name_ + "': not a valid identifier");
      return WrongOperands(shell_);
    }
    return shell_.Assign(name_, found) ? 0 : 2;
  }

  int End() {
    // To dash the argument before stays.
    const bool plain = shell_.state.plain_sh;
    const Variable* before = plain ? shell_.state.variables.Find("OPTARG") : nullptr;
    Store("?", before == nullptr ? std::nullopt : std::optional(before->value),
          std::min(index_, words_.size() + 1), 0);
    return 1;
  }

  Interpreter& shell_;
  std::string letters_;
  std::string name_;
  Args words_;
  bool silent_ = false;
  std::size_t index_ = 1;
};

int GetOpts(Interpreter& shell, const Args& args) {
  if (args.size() > 1 && args[1].size() > 1 && args[1][0] == '-') {
    return InvalidOption(shell, "getopts", args[1].substr(0, 2));
  }
  if (args.size() < 3) {
    return UsageError(shell, "getopts",
                      shell.state.plain_sh ? "Usage: getopts optstring var [arg...]" : "");
  }
  return OptionScan(shell, args).Next();
}

}  // namespace

bool SetOptionByLetter(Options& options, char letter, bool on) {
  if (letter == 'r' && (on || !options.restricted)) {
    options.restricted = on;
    return true;
  }
  for (const OptionName& option : kOptions) {
    if (option.letter != letter || letter == 0) continue;
    if (option.member != nullptr) options.*option.member = on;
    return true;
  }
  return false;
}

bool SetOption(Interpreter& shell, const std::string& name, bool on) {
  if (name == "posix") {
    shell.state.shopt.SetPosix(on);
    if (on) {
      shell.Assign("POSIXLY_CORRECT", "y");
    } else {
      shell.UnsetVariable("POSIXLY_CORRECT");
    }
  }
  return SetOptionByName(shell.state.options, name, on);
}

bool IsPlainOption(std::string_view name) {
  return std::find(kPlainOptions.begin(), kPlainOptions.end(), name) != kPlainOptions.end();
}

bool SetOptionByName(Options& options, std::string_view name, bool on) {
  for (const OptionName& option : kOptions) {
    if (name != option.name) continue;
    // One line editor at most.
    if (on && (name == "vi" || name == "emacs")) options.vi = options.emacs = false;
    if (option.member != nullptr) options.*option.member = on;
    return true;
  }
  return false;
}

std::optional<bool> OptionByName(const Options& options, std::string_view name) {
  for (const OptionName& option : kOptions) {
    if (name == option.name) return IsOn(options, option);
  }
  return std::nullopt;
}

std::vector<std::string> SetOptionNames() {
  std::vector<std::string> names;
  names.reserve(kOptions.size());
  for (const OptionName& option : kOptions) names.emplace_back(option.name);
  return names;
}

std::string EnabledOptions(const Options& options) {
  std::string joined;
  for (const OptionName& option : kOptions) {
    if (IsOn(options, option)) joined += (joined.empty() ? "" : ":") + std::string(option.name);
  }
  return joined;
}

std::string Interpreter::OptionFlags() const {
  std::string flags;
  const std::string_view letters = state.plain_sh ? "pubaCvxnmfe" : "abefhkmnprtuvxBCEHPT";
  for (const char letter : letters) {
    if (letter == 'r' && state.options.restricted) flags += letter;
    for (const OptionName& option : kOptions) {
      if (option.letter == letter && option.member != nullptr && IsOn(state.options, option)) {
        flags += letter;
      }
    }
  }
  if (state.options.from_command && !state.plain_sh) flags += 'c';
  if (state.options.from_stdin) flags += 's';
  return flags;
}

void AddOptionBuiltins(BuiltinTable& table) {
  table["set"] = Set;
  table["shift"] = Shift;
  table["getopts"] = GetOpts;
}

}  // namespace computesdk::in_memory::shell
