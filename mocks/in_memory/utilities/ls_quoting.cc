#include "mocks/in_memory/utilities/ls_quoting.h"

#include <cstdio>
#include <utility>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

bool CannotBeSeen(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// With C's escapes, and a backslash before each of `special`.
std::string WithEscapes(const std::string& name, std::string_view special) {
  static constexpr std::string_view kNamed = "\a\b\f\n\r\t\v";
  std::string text;
  for (const char c : name) {
    if (const auto at = kNamed.find(c); at != std::string_view::npos) {
      text += {'\\', "abfnrtv"[at]};
    } else if (CannotBeSeen(c)) {
      char code[8];
      (void)std::snprintf(code, sizeof code, "\\%03o", static_cast<unsigned char>(c));
      text += code;
    } else {
      if (special.find(c) != std::string_view::npos) text += '\\';
      text += c;
    }
  }
  return text;
}

std::string Hidden(std::string name, bool hide) {
  if (!hide) return name;
  for (char& c : name) {
    if (CannotBeSeen(c)) c = '?';
  }
  return name;
}

// As a shell reads it, with what cannot be seen as it is.
std::string PlainShell(const std::string& name) {
  if (name.find('\'') != std::string::npos && name.find_first_of("\"$`\\!") == std::string::npos) {
    return "\"" + name + "\"";
  }
  std::string quoted = "'";
  for (const char c : name) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace

std::optional<Quoting> ParseQuoting(std::string_view word) {
  static constexpr std::pair<std::string_view, Quoting> kWords[] = {
      {"literal", Quoting::kLiteral},
      {"shell", Quoting::kShell},
      {"shell-always", Quoting::kShellAlways},
      {"shell-escape", Quoting::kShellEscape},
      {"shell-escape-always", Quoting::kShellEscapeAlways},
      {"c", Quoting::kC},
      {"escape", Quoting::kEscape},
      {"locale", Quoting::kLocale},
      {"clocale", Quoting::kClocale}};
  for (const auto& [name, style] : kWords) {
    if (name == word) return style;
  }
  return std::nullopt;
}

std::string QuoteForListing(const std::string& name, Quoting style, bool hide) {
  switch (style) {
    case Quoting::kLiteral:
      return Hidden(name, hide);
    case Quoting::kShell:
      return Hidden(ShownName(name) == name ? name : PlainShell(name), hide);
    case Quoting::kShellAlways:
      return Hidden(PlainShell(name), hide);
    case Quoting::kShellEscape:
      return ShownName(name);
    case Quoting::kShellEscapeAlways:
      return QuotedName(name);
    case Quoting::kC:
      return "\"" + WithEscapes(name, "\"\\") + "\"";
    case Quoting::kEscape:
      return WithEscapes(name, " \\");
    case Quoting::kLocale:
    case Quoting::kClocale:
      break;
  }
  return QuotedWord(WithEscapes(name, "\\"));
}

}  // namespace computesdk::in_memory
