#include "mocks/in_memory/shell/builtins/builtins.h"

#include <cstdio>
#include <set>

#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/plain_messages.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {

const std::map<std::string_view, Builtin>& Builtins() {
  static const BuiltinTable* const table = [] {
    auto* made = new BuiltinTable;
    AddControlBuiltins(*made);
    AddVariableBuiltins(*made);
    AddUnsetBuiltins(*made);
    AddAliasBuiltins(*made);
    AddOptionBuiltins(*made);
    AddShoptBuiltins(*made);
    AddOutputBuiltins(*made);
    AddInputBuiltins(*made);
    AddFolderBuiltins(*made);
    AddDirectoryBuiltins(*made);
    AddLimitBuiltins(*made);
    AddJobBuiltins(*made);
    AddKillBuiltins(*made);
    AddTestBuiltins(*made);
    AddLookupBuiltins(*made);
    AddTrapBuiltins(*made);
    AddCompletionBuiltins(*made);
    AddInteractiveBuiltins(*made);
    AddHelpBuiltins(*made);
    return made;
  }();
  return *table;
}

Builtin FindBuiltin(std::string_view name) {
  const auto found = Builtins().find(name);
  return found == Builtins().end() ? nullptr : found->second;
}

bool IsSpecialBuiltin(std::string_view name) {
  static const std::set<std::string_view> names = {
      ".",        ":",      "break", "continue", "eval",   "exec",  "exit", "export",
      "readonly", "return", "set",   "shift",    "source", "times", "trap", "unset"};
  return names.count(name) != 0;
}

std::optional<char> OptionReader::Next() {
  if (at_ == 0) {
    if (index_ >= args_.size() || args_[index_].size() < 2 || args_[index_][0] != '-') {
      return std::nullopt;
    }
    if (args_[index_] == "--") {
      ++index_;
      return std::nullopt;
    }
    at_ = 1;
  }
  const char letter = args_[index_][at_++];
  const std::size_t known = letter == ':' ? std::string_view::npos : known_.find(letter);
  if (known == std::string_view::npos) {
    InvalidOption(shell_, args_[0], std::string("-") + letter);
    return Wrong();
  }
  if (known + 1 < known_.size() && known_[known + 1] == ':') {
    value_ = args_[index_].substr(at_);
    if (value_.empty()) {
      if (++index_ >= args_.size()) {
        UsageError(shell_, args_[0], std::string("-") + letter + ": option requires an argument");
        return Wrong();
      }
      value_ = args_[index_];
    }
    at_ = args_[index_].size();
  }
  if (at_ == args_[index_].size()) {
    ++index_;
    at_ = 0;
  }
  return letter;
}

Args OptionReader::operands() const {
  return {args_.begin() + static_cast<std::ptrdiff_t>(index_), args_.end()};
}

bool ReadLetters(Interpreter& shell, const Args& args, std::string_view known, std::string& letters,
                 std::size_t& index) {
  OptionReader options(shell, args, known);
  while (const auto letter = options.Next()) letters += *letter;
  index = options.index();
  return !options.wrong();
}

namespace {

void AppendOctal(unsigned char byte, std::string& text) {
  char octal[8];
  std::snprintf(octal, sizeof octal, "\\%03o", byte);
  text += octal;
}

// $'…', with escapes for what cannot be seen.
std::string AnsiQuote(std::string_view text) {
  constexpr std::string_view kEscaped = "\n\t\r\a\b\f\v\033'\\";
  constexpr std::string_view kLetters = "ntrabfvE'\\";
  std::string quoted = "$'";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const bool printable = IsPrintable(NextCharacter(text, at));
    const std::size_t letter = kEscaped.find(text[start]);
    if (letter != std::string_view::npos) {
      quoted += '\\';
      quoted += kLetters[letter];
      continue;
    }
    for (std::size_t i = start; i < at; ++i) {
      if (printable) {
        quoted += text[i];
      } else {
        AppendOctal(static_cast<unsigned char>(text[i]), quoted);
      }
    }
  }
  return quoted + "'";
}

}  // namespace

std::string SingleQuote(std::string_view text) {
  return AllPrintable(text) ? QuotePlainly(text) : AnsiQuote(text);
}

std::string QuoteListed(const Interpreter& shell, std::string_view text) {
  return shell.state.plain_sh ? PlainQuote(text) : QuotePlainly(text);
}

std::string QuoteForShell(std::string_view text) {
  if (text.empty()) return "''";
  if (!AllPrintable(text)) return AnsiQuote(text);
  std::string quoted;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool special =
        std::string_view(" \t!\"#$&'()*,;<>?[\\]^`{|}").find(c) != std::string_view::npos;
    // Where an assignment would expand it, too.
    const bool tilde = c == '~' && (i == 0 || text[i - 1] == '=' || text[i - 1] == ':');
    if (c == '#' ? i == 0 : (special || tilde)) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

}  // namespace computesdk::in_memory::shell
