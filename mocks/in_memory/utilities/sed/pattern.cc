#include "mocks/in_memory/utilities/sed/pattern.h"

#include <cctype>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory::sed {
namespace {

// The pattern as the C library reads it: escapes for control characters replaced.
std::string WithoutEscapes(std::string_view text) {
  std::string result;
  bool brackets = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      std::size_t next = i + 1;
      if (const auto control = ControlEscape(text, next)) {
        const bool special = !brackets && std::string_view("\\[].*^$+?(){}|").find(*control) !=
                                              std::string_view::npos;
        if (special) result += "\\";
        result.push_back(*control);
        i = next;
        continue;
      }
      result.push_back(c);
      // In brackets a backslash is ordinary, and what follows keeps its meaning.
      if (!brackets) result.push_back(text[i + 1]);
      i += brackets ? 1 : 2;
      continue;
    }
    result.push_back(c);
    ++i;
    if (!brackets && c == '[') {
      brackets = true;
      if (i < text.size() && text[i] == '^') result.push_back(text[i++]);
      if (i < text.size() && text[i] == ']') result.push_back(text[i++]);
    } else if (brackets && c == '[' && i < text.size() &&
               std::string_view(".:=").find(text[i]) != std::string_view::npos) {
      const char closing[] = {text[i], ']'};
      const auto end = text.find(std::string_view(closing, 2), i + 1);
      if (end != std::string_view::npos) {
        result.append(text, i, end + 2 - i);
        i = end + 2;
      }
    } else if (brackets && c == ']') {
      brackets = false;
    }
  }
  return result;
}

bool IsLiteral(std::string_view pattern) {
  return pattern.find_first_of("\\[].*^$+?(){}|") == std::string_view::npos;
}

}  // namespace

std::optional<char> ControlEscape(std::string_view text, std::size_t& i) {
  static constexpr std::string_view kLetters = "afnrtv";
  const char letter = text[i];
  if (const auto at = kLetters.find(letter); at != std::string_view::npos) {
    ++i;
    return "\a\f\n\r\t\v"[at];
  }
  if (letter == 'c' && i + 1 < text.size()) {
    i += 2;
    return static_cast<char>(std::toupper(static_cast<unsigned char>(text[i - 1])) ^ 0x40);
  }
  const int base = letter == 'x' ? 16 : letter == 'd' ? 10 : letter == 'o' ? 8 : 0;
  if (base == 0) return std::nullopt;
  const std::size_t most = base == 16 ? 2 : 3;
  int value = 0;
  std::size_t digits = 0;
  while (digits < most && i + 1 + digits < text.size()) {
    const char c = text[i + 1 + digits];
    const int digit = IsDigit(c) ? c - '0'
                      : std::isxdigit(static_cast<unsigned char>(c)) != 0
                          ? std::tolower(static_cast<unsigned char>(c)) - 'a' + 10
                          : 99;
    if (digit >= base) break;
    value = value * base + digit;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  i += 1 + digits;
  return static_cast<char>(value);
}

tl::expected<Pattern, std::string> CompileSedPattern(std::string_view source,
                                                     RegexOptions options) {
  const std::string text = WithoutEscapes(source);
  Pattern pattern;
  if (!options.ignore_case && !options.newline && IsLiteral(text)) {
    pattern.literal = text;
    return pattern;
  }
  auto regex = Regex::Compile(text, options);
  if (!regex) return tl::unexpected(regex.error());
  pattern.regex = std::move(*regex);
  return pattern;
}

bool Pattern::Find(std::string_view text, std::vector<Regex::Group>& groups,
                   std::size_t start) const {
  if (regex) return regex->Match(text, &groups, false, start);
  const auto at = text.find(literal, start);
  if (at == std::string_view::npos) return false;
  groups.assign(
      1, {static_cast<std::ptrdiff_t>(at), static_cast<std::ptrdiff_t>(at + literal.size())});
  return true;
}

std::optional<std::string> TakeDelimited(std::string_view text, std::size_t& at, char delimiter,
                                         bool regex) {
  std::string result;
  bool brackets = false;
  const auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  while (at < text.size()) {
    const char c = text[at++];
    if (c == delimiter && !brackets) return result;
    if (c == '\\' && !brackets && at < text.size()) {
      const char next = text[at++];
      if (next == delimiter && !(delimiter == 'n' && regex)) {
        // A character that is special by being escaped, or only if it is not, becomes ordinary.
        if (!regex && delimiter == '&') result += "\\";
        result.push_back(next);
      } else {
        result.push_back(c);
        result.push_back(next);
      }
      continue;
    }
    if (c == '\n' && regex && !brackets) return std::nullopt;
    result.push_back(c);
    if (!regex) continue;
    if (!brackets && c == '[') {
      brackets = true;
      if (peek() == '^') result.push_back(text[at++]);
      if (peek() == ']') result.push_back(text[at++]);
    } else if (brackets && c == '[' && at < text.size() &&
               std::string_view(".:=").find(peek()) != std::string_view::npos) {
      const char closing[] = {peek(), ']'};
      const auto end = text.find(std::string_view(closing, 2), at + 1);
      if (end != std::string_view::npos) {
        result.append(text.substr(at, end + 2 - at));
        at = end + 2;
      }
    } else if (brackets && c == ']') {
      brackets = false;
    }
  }
  return std::nullopt;
}

}  // namespace computesdk::in_memory::sed
