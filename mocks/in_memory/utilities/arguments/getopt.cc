#include <algorithm>
#include <optional>
#include <utility>

#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// The exit codes of util-linux.
constexpr int kWrongArguments = 1;
constexpr int kWrongUse = 2;
constexpr int kTestExit = 4;

enum class ShellQuotes { kNone, kBourne, kC };

struct LongName {
  std::string name;
  int arguments = 0;  // 0: none; 1: one; 2: it may have one.
};

struct GetoptStyle {
  std::string letters;
  std::vector<LongName> longs;
  std::string name = "getopt";
  bool alternative = false;  // Long options after a single "-", too.
  bool quiet_errors = false;
  bool quiet_output = false;
  ShellQuotes quotes = ShellQuotes::kBourne;
};

// Takes arguments apart as getopt_long(3) does, and prints them in order, so that a shell can read
// them.
class ArgumentSorter {
 public:
  ArgumentSorter(Process& process, const GetoptStyle& style, std::vector<std::string> arguments)
      : process_(process), style_(style), out_(process), arguments_(std::move(arguments)) {
    std::string_view letters = style.letters;
    if (letters.starts_with('+') || process.env.contains("POSIXLY_CORRECT")) stop_ = true;
    if (letters.starts_with('-')) in_order_ = true;
    if (letters.starts_with('+') || letters.starts_with('-')) letters.remove_prefix(1);
    silent_ = style.quiet_errors || letters.starts_with(':');
    letters_ = letters;
  }

  int Run() {
    while (index_ < arguments_.size()) {
      process_.Checkpoint();
      const std::string argument = arguments_[index_++];
      if (argument == "--") break;
      if (argument.size() < 2 || argument[0] != '-') {
        if (stop_) {
          --index_;
          break;
        }
        if (in_order_) {
          Print(Quoted(argument));
        } else {
          operands_.push_back(argument);
        }
        continue;
      }
      if (!TakeLong(argument)) TakeShort(argument);
    }
    operands_.insert(operands_.end(), arguments_.begin() + static_cast<std::ptrdiff_t>(index_),
                     arguments_.end());
    Print("--");
    for (const std::string& operand : operands_) Print(Quoted(operand));
    if (!style_.quiet_output) out_ << "\n";
    return out_.Finish(failed_ ? kWrongArguments : 0);
  }

 private:
  void Print(const std::string& word) {
    if (!style_.quiet_output) out_ << " " << word;
  }

  void Fail(const std::string& message) {
    failed_ = true;
    if (silent_) return;
    (void)process_.Write(2, style_.name + ": " + message + "\n");
  }

  std::string Quoted(const std::string& word) const {
    if (style_.quotes == ShellQuotes::kNone) return word;
    const bool c_shell = style_.quotes == ShellQuotes::kC;
    std::string quoted = "'";
    for (const char c : word) {
      if (c == '\'') {
        quoted += "'\\''";
      } else if (c_shell && c == '\\') {
        quoted += "\\\\";
      } else if (c_shell && c == '\n') {
        quoted += "\\n";
      } else if (c_shell && (c == '!' || c == ' ' || (c >= '\t' && c <= '\r'))) {
        quoted += std::string("'\\") + c + "'";
      } else {
        quoted += c;
      }
    }
    return quoted + "'";
  }

  // The option of that name, or the only one that it may be short for.
  const LongName* FindLong(const std::string& name, bool& ambiguous) const {
    const LongName* found = nullptr;
    for (const LongName& candidate : style_.longs) {
      if (candidate.name == name) {
        ambiguous = false;
        return &candidate;
      }
      if (!candidate.name.starts_with(name)) continue;
      ambiguous = found != nullptr;
      found = &candidate;
    }
    return found;
  }

  // False where it is to be looked at as letters.
  bool TakeLong(const std::string& argument) {
    const bool two_dashes = argument.starts_with("--");
    if (!two_dashes) {
      if (!style_.alternative) return false;
      const bool one_letter = argument.size() == 2 && IsLetter(argument[1]);
      if (one_letter) return false;
    }
    const std::string prefix = two_dashes ? "--" : "-";
    const std::string text = argument.substr(prefix.size());
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    bool ambiguous = false;
    const LongName* found = FindLong(name, ambiguous);
    if (ambiguous) {
      std::string message = "option '" + prefix + name + "' is ambiguous; possibilities:";
      for (const LongName& candidate : style_.longs) {
        if (candidate.name.starts_with(name)) message += " '" + prefix + candidate.name + "'";
      }
      Fail(message);
      return true;
    }
    if (found == nullptr) {
      if (!two_dashes && IsLetter(argument[1])) return false;
      Fail("unrecognized option '" + prefix + name + "'");
      return true;
    }
    std::optional<std::string> value;
    if (equals != std::string::npos) value = text.substr(equals + 1);
    if (value && found->arguments == 0) {
      Fail("option '" + prefix + found->name + "' doesn't allow an argument");
      return true;
    }
    if (!value && found->arguments == 1) {
      if (index_ >= arguments_.size()) {
        Fail("option '" + prefix + found->name + "' requires an argument");
        return true;
      }
      value = arguments_[index_++];
    }
    Print("--" + found->name);
    if (found->arguments > 0) Print(Quoted(value.value_or("")));
    return true;
  }

  bool IsLetter(char c) const { return c != ':' && letters_.find(c) != std::string::npos; }

  void TakeShort(const std::string& argument) {
    for (std::size_t i = 1; i < argument.size(); ++i) {
      const char c = argument[i];
      if (!IsLetter(c)) {
        Fail(std::string("invalid option -- '") + c + "'");
        continue;
      }
      const std::string_view rest = std::string_view(letters_).substr(letters_.find(c) + 1);
      const bool takes = rest.starts_with(':');
      const bool may_take = rest.starts_with("::");
      if (!takes) {
        Print(std::string("-") + c);
        continue;
      }
      std::string value = argument.substr(i + 1);
      if (value.empty() && !may_take) {
        if (index_ >= arguments_.size()) {
          Fail(std::string("option requires an argument -- '") + c + "'");
          return;
        }
        value = arguments_[index_++];
      }
      Print(std::string("-") + c);
      Print(Quoted(value));
      return;
    }
  }

  Process& process_;
  const GetoptStyle& style_;
  Output out_;
  const std::vector<std::string> arguments_;
  std::vector<std::string> operands_;
  std::string letters_;
  std::size_t index_ = 0;
  bool stop_ = false;      // At the first operand.
  bool in_order_ = false;  // Operands are printed where they stand.
  bool silent_ = false;
  bool failed_ = false;
};

// "file:,verbose,opt::".
void AddLongNames(Process& process, std::string_view list, std::vector<LongName>& longs) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t\n"), list.size());
    std::string_view word = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (word.empty()) continue;
    LongName name;
    while (name.arguments < 2 && word.ends_with(':')) {
      word.remove_suffix(1);
      ++name.arguments;
    }
    if (word.empty()) {
      UsageError(process, "empty long option after -l or --long argument", kWrongUse);
    }
    name.name = word;
    longs.push_back(std::move(name));
  }
}

ShellQuotes QuotesOf(Process& process, const std::string& shell) {
  if (shell == "sh" || shell == "bash") return ShellQuotes::kBourne;
  if (shell == "csh" || shell == "tcsh") return ShellQuotes::kC;
  UsageError(process, "unknown shell after -s or --shell argument", kWrongUse);
}

}  // namespace

int GetoptMain(Process& process) {
  const std::vector<std::string>& args = process.args;
  const bool compatible = process.env.contains("GETOPT_COMPATIBLE");
  GetoptStyle style;
  if (args.size() == 1) {
    if (!compatible) UsageError(process, "missing optstring argument", kWrongUse);
    (void)process.Write(1, " --\n");
    return 0;
  }
  // As getopt was before it had options of its own.
  if (!args[1].starts_with('-') || compatible) {
    style.quotes = ShellQuotes::kNone;
    style.letters = args[1].substr(std::min(args[1].find_first_not_of("-+"), args[1].size()));
    return ArgumentSorter(process, style, {args.begin() + 2, args.end()}).Run();
  }
  bool has_letters = false;
  Options options(process, "+ao:l:n:qQs:TuhV",
                  {{"alternative", 'a'},
                   {"longoptions", 'l', Options::kRequired},
                   {"name", 'n', Options::kRequired},
                   {"options", 'o', Options::kRequired},
                   {"quiet", 'q'},
                   {"quiet-output", 'Q'},
                   {"shell", 's', Options::kRequired},
                   {"test", 'T'},
                   {"unquoted", 'u'}},
                  kWrongUse);
  while (const auto option = options.Next()) {
    if (option->letter == 'a') style.alternative = true;
    if (option->letter == 'l') AddLongNames(process, option->value, style.longs);
    if (option->letter == 'n') style.name = option->value;
    if (option->letter == 'q') style.quiet_errors = true;
    if (option->letter == 'Q') style.quiet_output = true;
    if (option->letter == 's') style.quotes = QuotesOf(process, option->value);
    if (option->letter == 'T') return kTestExit;
    if (option->letter == 'u') style.quotes = ShellQuotes::kNone;
    if (option->letter == 'o') {
      style.letters = option->value;
      has_letters = true;
    }
    if (option->letter == 'h') {
      (void)process.Write(1, "Usage: getopt <optstring> <parameters>\n");
      return 0;
    }
    if (option->letter == 'V') {
      (void)process.Write(1, "getopt from util-linux 2.38.1\n");
      return 0;
    }
  }
  std::vector<std::string> operands = options.operands();
  if (!has_letters) {
    if (operands.empty()) UsageError(process, "missing optstring argument", kWrongUse);
    style.letters = operands[0];
    operands.erase(operands.begin());
  }
  return ArgumentSorter(process, style, std::move(operands)).Run();
}

}  // namespace computesdk::in_memory
