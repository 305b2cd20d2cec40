#include "mocks/in_memory/utilities/listing/ls_quoting.h"

#include <cstdio>
#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Calls `use` with each character of the name, and whether it can be seen.
template <typename Use>
void ForEachCharacter(std::string_view name, const Use& use) {
  while (!name.empty()) {
    const Utf8Character character = DecodeUtf8(name);
    use(name.substr(0, character.length), character.valid && ColumnsOf(character.code) >= 0);
    name.remove_prefix(character.length);
  }
}

std::string Octal(char c) {
  char code[8];
  (void)std::snprintf(code, sizeof code, "\\%03o", static_cast<unsigned char>(c));
  return code;
}

// With C's escapes, and a backslash before each of `special`.
std::string WithEscapes(std::string_view name, std::string_view special) {
  static constexpr std::string_view kNamed = "\a\b\f\n\r\t\v";
  std::string text;
  ForEachCharacter(name, [&](std::string_view character, bool seen) {
    if (seen) {
      if (special.find(character) != std::string_view::npos) text += '\\';
      text += character;
    } else if (const auto at = kNamed.find(character); at != std::string_view::npos) {
      text += {'\\', "abfnrtv"[at]};
    } else {
      for (const char c : character) text += Octal(c);
    }
  });
  return text;
}

std::string Hidden(std::string_view name, bool hide) {
  if (!hide) return std::string(name);
  std::string text;
  ForEachCharacter(name,
                   [&](std::string_view character, bool seen) { text += seen ? character : "?"; });
  return text;
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
  return "‘" + WithEscapes(name, "\\") + "’";
}

std::string EscapedForListing(std::string_view name) { return WithEscapes(name, "\\"); }

}  // namespace computesdk::in_memory
