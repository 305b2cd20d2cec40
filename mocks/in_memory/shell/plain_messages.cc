#include "mocks/in_memory/shell/plain_messages.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace computesdk::in_memory::shell {
namespace {

struct Ending {
  std::string_view of_bash;
  std::string_view of_dash;
};

constexpr std::array kEndings = {
    Ending{": command not found", ": not found"},
    Ending{": unbound variable", ": parameter not set"},
    Ending{": cannot unset: readonly variable", ": is read only"},
    Ending{": readonly variable", ": is read only"},
    Ending{": parameter null or not set", ": parameter not set or null"},
    Ending{": unary operator expected", ": unexpected operator"},
    Ending{": binary operator expected", ": unexpected operator"},
    Ending{": can only be used in a function", ": not in a function"},
    Ending{": no job control", ": No current job"},
    Ending{": missing `]'", ": missing ]"},
    Ending{": current: no such job", ": No current job"},
    Ending{": invalid number", ": expected numeric value"},
};

// "exit: x: numeric argument required": the word at fault stands behind what dash says of it.
constexpr std::array kSubjectLast = {
    Ending{": numeric argument required", ": Illegal number: "},
    Ending{": integer expression expected", ": Illegal number: "},
    Ending{": invalid option name", ": Illegal option -o "},
    Ending{": invalid option", ": Illegal option "},
    Ending{": no such job", ": No such job: "},
    Ending{": octal number out of range", ": Illegal number: "},
};

// dash says nothing there.
constexpr std::array<std::string_view, 2> kSilent = {
    "only meaningful in a `for', `while', or `until' loop", "is not a child of this shell"};

std::string Quoted(std::string_view token) { return '"' + std::string(token) + '"'; }

// The token of "syntax error near unexpected token `)'", as dash names it.
std::string NameToken(std::string_view token) {
  constexpr std::array<std::string_view, 17> kReserved = {
      "!",  "{",   "}",  "case", "do",   "done",  "elif",  "else",   "esac",
      "fi", "for", "if", "in",   "then", "until", "while", "newline"};
  if (token == "newline") return "newline";
  if (token.find_first_of("<>") != std::string_view::npos) return "redirection";
  for (const std::string_view word : kReserved) {
    if (token == word) return Quoted(token);
  }
  return token.find_first_not_of("|&;()") == std::string_view::npos ? Quoted(token) : "word";
}

}  // namespace

std::string PlainMessage(const std::string& message) {
  for (const std::string_view silent : kSilent) {
    if (message.ends_with(silent)) return "";
  }
  if (message.ends_with(": bad substitution")) return "Bad substitution";
  constexpr std::string_view kPrintf = "printf: ";
  if (message.starts_with(kPrintf) && message.ends_with(": invalid number") &&
      std::string_view("0123456789").find(message[kPrintf.size()]) != std::string_view::npos) {
    return message.substr(0, message.rfind(':')) + ": not completely converted";
  }
  if (message.starts_with("$")) return PlainMessage(message.substr(1));
  for (const auto& [of_bash, of_dash] : kEndings) {
    if (message.ends_with(of_bash)) {
      return message.substr(0, message.size() - of_bash.size()) + std::string(of_dash);
    }
  }
  const std::size_t colon = message.find(": ");
  for (const auto& [of_bash, of_dash] : kSubjectLast) {
    if (colon == std::string::npos || !message.ends_with(of_bash)) continue;
    const std::size_t end = message.size() - of_bash.size();
    if (end < colon + 2) continue;
    return message.substr(0, colon) + std::string(of_dash) +
           message.substr(colon + 2, end - colon - 2);
  }
  constexpr std::string_view kBadName = "': not a valid identifier";
  const std::size_t quote = message.find('`');
  if (quote != std::string::npos && message.ends_with(kBadName)) {
    const std::string word =
        message.substr(quote + 1, message.size() - kBadName.size() - quote - 1);
    return message.substr(0, quote) + word.substr(0, word.find('=')) + ": bad variable name";
  }
  return message;
}

std::string PlainSyntaxMessage(const std::string& message, std::string_view expected) {
  constexpr std::string_view kNear = "syntax error near unexpected token `";
  constexpr std::string_view kMatching = "unexpected EOF while looking for matching `";
  const std::string wanted = expected.empty() ? "" : " (expecting " + Quoted(expected) + ")";
  if (message.starts_with("Bad ") || message.starts_with("Missing "))
    return "Syntax error: " + message;
  if (message.starts_with(kNear)) {
    const std::string_view rest = std::string_view(message).substr(kNear.size());
    return "Syntax error: " + NameToken(rest.substr(0, rest.size() - 1)) + " unexpected" + wanted;
  }
  if (message.starts_with(kMatching)) {
    switch (message[kMatching.size()]) {
      case '}':
        return "Syntax error: Missing '}'";
      case ')':
        return "Syntax error: end of file unexpected (expecting \")\")";
      case '`':
        return "Syntax error: EOF in backquote substitution";
      default:
        return "Syntax error: Unterminated quoted string";
    }
  }
  return "Syntax error: end of file unexpected" + wanted;
}

std::string PlainQuote(std::string_view text) {
  std::string quoted;
  do {
    const std::size_t plain = std::min(text.find('\''), text.size());
    quoted += '\'' + std::string(text.substr(0, plain)) + '\'';
    text.remove_prefix(plain);
    const std::size_t quotes = std::min(text.find_first_not_of('\''), text.size());
    if (quotes != 0) quoted += '"' + std::string(text.substr(0, quotes)) + '"';
    text.remove_prefix(quotes);
  } while (!text.empty());
  return quoted;
}

}  // namespace computesdk::in_memory::shell
