#include "mocks/in_memory/shell/plain_messages.h"

#include <algorithm>
#include <array>
#include <utility>

// What sh says where bash says something else.
namespace computesdk::in_memory::shell {
namespace {

struct Ending {
  std::string_view text;
  std::string_view plain;
};

constexpr std::array<Ending, 6> kEndings = {{
    {": command not found", ": not found"},
    {": unbound variable", ": parameter not set"},
    {": parameter null or not set", ": parameter not set or null"},
    {": readonly variable", ": is read only"},
    {": can only be used in a function", ": not in a function"},
    {": invalid number", ": expected numeric value"},
}};

// What names the culprit first in bash, and last in sh: "exit: x: numeric argument required".
constexpr std::array<Ending, 5> kBefore = {{
    {": numeric argument required", "Illegal number: "},
    {": integer expression expected", "Illegal number: "},
    {": octal number out of range", "Illegal number: "},
    {": invalid option", "Illegal option "},
    {": invalid option name", "Illegal option -o "},
}};

std::string Before(std::string_view message, std::string_view plain) {
  const std::size_t at = message.rfind(": ");
  const std::size_t begin = at == std::string_view::npos ? 0 : at + 2;
  return std::string(message.substr(0, begin)) + std::string(plain) +
         std::string(message.substr(begin));
}

std::string Quoted(std::string_view message) {
  const std::size_t begin = message.find('`');
  return std::string(message.substr(begin + 1, message.rfind('\'') - begin - 1));
}

}  // namespace

std::string PlainMessage(const std::string& message) {
  if (message.ends_with(": bad substitution")) return "Bad substitution";
  if (message.starts_with("shift: shift count")) return "shift: can't shift that many";
  constexpr std::string_view kNoName = "': not a valid identifier";
  if (message.ends_with(kNoName)) {
    const std::size_t begin = message.find('`');
    return message.substr(0, begin) + Quoted(message) + ": bad variable name";
  }
  for (const Ending& ending : kEndings) {
    if (!message.ends_with(ending.text)) continue;
    return message.substr(0, message.size() - ending.text.size()) + std::string(ending.plain);
  }
  for (const Ending& ending : kBefore) {
    if (!message.ends_with(ending.text)) continue;
    return Before(std::string_view(message).substr(0, message.size() - ending.text.size()),
                  ending.plain);
  }
  return message;
}

std::string PlainSyntaxError(const std::string& message) {
  if (message.find("unexpected token") != std::string::npos) {
    const std::string token = Quoted(message);
    return "Syntax error: " + (token == "newline" ? token : '"' + token + '"') + " unexpected";
  }
  if (message.find("matching `\"'") != std::string::npos ||
      message.find("matching `''") != std::string::npos) {
    return "Syntax error: Unterminated quoted string";
  }
  return "Syntax error: end of file unexpected";
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
