#include "conformance/checks/values.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "conformance/check_context.h"

namespace computesdk::conformance {
namespace {

const std::vector<NamedValue>& PlainTexts() {
  static const auto* const values = new std::vector<NamedValue>{
      {"a leading dash", "-n"},
      {"a long option", "--help"},
      {"the end of options", "--"},
      {"characters beyond ASCII", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"},
      {"a combining character", "e\xcc\x81"},
  };
  return *values;
}

}  // namespace

const std::vector<NamedValue>& ShellTexts() {
  static const auto* const values = new std::vector<NamedValue>{
      {"a blank inside", "two words"},
      {"several blanks", "a  b   c"},
      {"blanks at both ends", "  x  "},
      {"a blank only", " "},
      {"tabs", "\ta\tb\t"},
      {"a single quote", "it's"},
      {"double quotes", "say \"x\""},
      {"both quotes", "'\"'\"'"},
      {"a variable", "$HOME"},
      {"a variable in braces", "${HOME}"},
      {"a command substitution", "$(printf x)"},
      {"backticks", "`printf x`"},
      {"an arithmetic expansion", "$((1+1))"},
      {"an asterisk", "*"},
      {"a pattern", "[a-z]?*"},
      {"braces", "{a,b}"},
      {"a tilde", "~"},
      {"a semicolon", ";id"},
      {"an ampersand", "a & b"},
      {"a pipe and a redirection", "a | b > c < d"},
      {"a hash", "# x"},
      {"an exclamation mark", "!x!"},
      {"a percent sign", "%s%%d"},
      {"a backslash", "a\\b"},
      {"backslashes at the end", "a\\\\"},
      {"escape letters", "\\n\\t\\0"},
      {"a newline inside", "a\nb"},
      {"newlines at both ends", "\nx\n\n"},
      {"a carriage return", "a\r\nb"},
      {"an assignment", "A=b"},
  };
  return *values;
}

const std::vector<NamedValue>& AwkwardTexts() {
  static const auto* const values = [] {
    auto* all = new std::vector<NamedValue>(ShellTexts());
    all->insert(all->end(), PlainTexts().begin(), PlainTexts().end());
    return all;
  }();
  return *values;
}

std::vector<NamedValue> Injections(const std::string& command) {
  return {
      {"after a semicolon", "; " + command + " ;"},
      {"after &&", "x && " + command},
      {"after a pipe", "x | " + command},
      {"in the background", "x & " + command + " &"},
      {"after a newline", "x\n" + command + "\n"},
      {"in $(…)", "$(" + command + ")"},
      {"in backticks", "`" + command + "`"},
      {"out of single quotes", "'; " + command + "; '"},
      {"out of double quotes", "\"; " + command + "; \""},
      {"in $(…) out of single quotes", "'$(" + command + ")'"},
      {"after a backslash and a quote", "\\'; " + command + "; #"},
      {"after a closing parenthesis", "); " + command + "; ("},
  };
}

std::string AllBytes() {
  std::string bytes = "\xff";
  for (int byte = 0; byte < 255; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

const std::vector<NamedValue>& AwkwardBytes() {
  static const auto* const values = new std::vector<NamedValue>{
      {"nothing", ""},
      {"no newline at the end", "x"},
      {"one newline at the end", "x\n"},
      {"many newlines at the end", "x\n\n\n"},
      {"newlines only", "\n\n\n"},
      {"blank lines inside", "a\n\n\n\nb\n"},
      {"blanks at both ends", "  \t x \t  "},
      {"CR LF", "a\r\nb\r\n"},
      {"a lone CR", "a\rb\r"},
      {"escape sequences", "\x1b[31mred\x1b[0m\x1b]0;title\a\b\v\f"},
      {"NUL", std::string("a\0b\0", 4)},
      {"characters beyond ASCII", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\n"},
      {"invalid UTF-8", "\xc3\x28 \xff\xfe \xed\xa0\x80"},
      {"a character cut off at the end", "x\xe2\x82"},
      {"a byte order mark", "\xef\xbb\xbfx"},
      {"line and paragraph separators",
       "a\xe2\x80\xa8"
       "b\xe2\x80\xa9"
       "c\xc2\x85"
       "d"},
      {"all 256 bytes", AllBytes()},
  };
  return *values;
}

std::string PrintfOctal(std::string_view bytes) {
  std::string format;
  format.reserve(bytes.size() * 4);
  for (const char c : bytes) {
    // Some shells expand escapes before they look for conversions.
    if (c == '%') {
      format += "%%";
      continue;
    }
    std::array<char, 8> escape;
    std::snprintf(escape.data(), escape.size(), "\\%03o", static_cast<unsigned char>(c));
    format += escape.data();
  }
  return format;
}

std::string BackslashQuote(std::string_view path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
  std::string quoted;
  for (const char c : path) {
    const bool plain = kPlain.find(c) != std::string_view::npos || (c & 0x80) != 0;
    if (!plain) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

std::string DefineNap() { return "nap() { sleep 0.05 || { sleep 1; naps=$((naps+19)); }; }; "; }

std::string AwaitPath(std::string_view path, Milliseconds limit) {
  const std::string quoted = ShellQuote(path);
  return DefineNap() + "naps=0; while [ ! -e " + quoted + " ] && [ $naps -lt " +
         std::to_string(std::max<long long>(limit.count() / 50, 1)) +
         " ]; do nap; naps=$((naps+1)); done; [ -e " + quoted + " ]";
}

}  // namespace computesdk::conformance
