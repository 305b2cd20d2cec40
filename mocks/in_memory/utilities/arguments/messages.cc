// What gives messages to people: in their language, or to the log.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

template <typename Words>
bool IsWordOf(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "user.notice", either part alone, or a number.
bool IsPriority(std::string_view text) {
  constexpr std::array<std::string_view, 21> kFacilities = {
      "kern",   "user",   "mail",   "daemon",   "auth",   "syslog", "lpr",
      "news",   "uucp",   "cron",   "authpriv", "ftp",    "local0", "local1",
      "local2", "local3", "local4", "local5",   "local6", "local7", "security"};
  constexpr std::array<std::string_view, 11> kLevels = {"emerg",   "alert",  "crit", "err",
                                                        "warning", "notice", "info", "debug",
                                                        "panic",   "error",  "warn"};
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return IsWordOf(kLevels, text) || ParseInteger(text);
  return IsWordOf(kFacilities, text.substr(0, dot)) && IsWordOf(kLevels, text.substr(dot + 1));
}

// The escapes that -e asks for; false where "\c" ends the text.
bool AddUnescaped(std::string_view text, std::string& output) {
  constexpr std::string_view kLetters = "abfnrtv\\";
  constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      output += text[i];
      continue;
    }
    const char letter = text[++i];
    if (letter == 'c') return false;
    const std::size_t known = kLetters.find(letter);
    if (known != std::string_view::npos) {
      output += kMeant[known];
    } else {
      (output += '\\') += letter;
    }
  }
  return true;
}

struct MessageStyle {
  bool escapes = false;
  bool line = false;  // -s: as echo does.
  bool newline = true;
};

MessageStyle ParseMessages(Process& process, Options& options) {
  MessageStyle style;
  while (const auto option = options.Next()) {
    if (option->letter == 'e') style.escapes = true;
    if (option->letter == 's') style.line = true;
    if (option->letter == 'n') style.newline = false;
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    if (option->letter == 'V') ShowVersion(process);
  }
  return style;
}

}  // namespace

// There is no log in a sandbox. logger says so only where it was asked to print, too.
int LoggerMain(Process& process) {
  bool prints = false;
  Options options(process, "+f:in:p:P:st:Tu:dS:e",
                  {{"file", 'f', Options::kRequired},
                   {"id", 'i', Options::kOptional},
                   {"priority", 'p', Options::kRequired},
                   {"server", 'n', Options::kRequired},
                   {"port", 'P', Options::kRequired},
                   {"stderr", 's'},
                   {"tag", 't', Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == 's') prints = true;
    if (option->letter == 'p' && !IsPriority(option->value)) {
      Complain(process, "unknown priority name: " + option->value);
      return 1;
    }
  }
  if (!prints) return 0;
  Complain(process, "socket /dev/log: No such file or directory");
  return 1;
}

// No message has a translation.
int GettextMain(Process& process) {
  Options options(process, "+d:c:eEhnsV",
                  {{"domain", 'd', Options::kRequired}, {"context", 'c', Options::kRequired}});
  const MessageStyle style = ParseMessages(process, options);
  const auto& words = options.operands();
  if (!style.line && words.empty()) {
    Complain(process, "missing arguments");
    return 1;
  }
  if (!style.line && words.size() > 2) {
    Complain(process, "too many arguments");
    return 1;
  }
  std::string text;
  bool goes_on = true;
  for (std::size_t i = style.line ? 0 : words.size() - 1; i < words.size() && goes_on; ++i) {
    if (style.escapes) {
      goes_on = AddUnescaped(words[i], text);
    } else {
      text += words[i];
    }
    if (goes_on && i + 1 < words.size()) text += ' ';
  }
  if (style.line && style.newline && goes_on) text += '\n';
  (void)process.Write(1, text);
  return 0;
}

int NgettextMain(Process& process) {
  Options options(process, "+d:c:eEhV",
                  {{"domain", 'd', Options::kRequired}, {"context", 'c', Options::kRequired}});
  const MessageStyle style = ParseMessages(process, options);
  const auto& words = options.operands();
  if (words.size() < 3) {
    Complain(process, "missing arguments");
    return 1;
  }
  const std::size_t first = words.size() > 3 ? 1 : 0;
  const std::string& chosen = words[first + (words[first + 2] == "1" ? 0 : 1)];
  std::string text;
  if (!style.escapes) {
    text = chosen;
  } else {
    (void)AddUnescaped(chosen, text);
  }
  (void)process.Write(1, text);
  return 0;
}

}  // namespace computesdk::in_memory
