#include <cstdint>

#include "mocks/in_memory/shell/syntax/utf8.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"

namespace computesdk::in_memory::shell {
namespace {

int DigitOf(char c, int base) {
  int digit = -1;
  if (c >= '0' && c <= '9') digit = c - '0';
  if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
  if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
  return digit < base ? digit : -1;
}

// Up to `most` digits from `at`; how many there were.
int ReadDigits(std::string_view text, std::size_t at, int base, int most, std::uint32_t& value) {
  int count = 0;
  value = 0;
  while (count < most && at + count < text.size() && DigitOf(text[at + count], base) >= 0) {
    value = value * base + DigitOf(text[at + count], base);
    ++count;
  }
  return count;
}

}  // namespace

std::size_t AppendEscape(std::string_view text, std::size_t at, EscapeStyle style,
                         std::string& output, bool& stop) {
  const char c = text[at];
  std::uint32_t value = 0;
  int digits = 0;
  switch (c) {
    case 'a':
      output += '\a';
      return at + 1;
    case 'b':
      output += '\b';
      return at + 1;
    case 'e':
    case 'E':
      output += '\033';
      return at + 1;
    case 'f':
      output += '\f';
      return at + 1;
    case 'n':
      output += '\n';
      return at + 1;
    case 'r':
      output += '\r';
      return at + 1;
    case 't':
      output += '\t';
      return at + 1;
    case 'v':
      output += '\v';
      return at + 1;
    case '\\':
      output += '\\';
      return at + 1;
    case 'c':
      if (style == EscapeStyle::kAnsi) {
        if (at + 1 >= text.size() || text[at + 1] == '\'') break;  // The quotes end there.
        if (text[at + 1] == '\\' && at + 2 < text.size() && text[at + 2] == '\\') {
          output += '\x1c';
          return at + 3;
        }
        output += text[at + 1] == '?' ? '\x7f' : static_cast<char>(text[at + 1] & 0x1f);
        return at + 2;
      }
      if (style == EscapeStyle::kPrintf) break;  // Only %b and echo know it.
      stop = true;
      return text.size();
    case 'x':
      if (style == EscapeStyle::kAnsi && at + 1 < text.size() && text[at + 1] == '{') {
        digits = ReadDigits(text, at + 2, 16, 8, value);
        const std::size_t end = at + 2 + digits;
        if (digits != 0 && end < text.size() && text[end] == '}') {
          output += static_cast<char>(value);
          return end + 1;
        }
      }
      digits = ReadDigits(text, at + 1, 16, 2, value);
      if (digits == 0) break;
      output += static_cast<char>(value);
      return at + 1 + digits;
    case 'u':
    case 'U':
      digits = ReadDigits(text, at + 1, 16, c == 'u' ? 4 : 8, value);
      if (digits == 0) break;
      if (value <= 0x7FFFFFFF) AppendUtf8(output, value);
      return at + 1 + digits;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
      // echo and %b want a zero in front; $'…' and printf's format do not.
      if (style == EscapeStyle::kEcho) {
        if (c != '0') break;
        digits = ReadDigits(text, at + 1, 8, 3, value);
        output += static_cast<char>(value);
        return at + 1 + digits;
      }
      digits = ReadDigits(text, at, 8, 3, value);
      output += static_cast<char>(value);
      return at + digits;
    case '\'':
    case '"':
    case '?':
      if (style == EscapeStyle::kEcho) break;
      output += c;
      return at + 1;
    default:
      break;
  }
  output += '\\';
  output += c;
  return at + 1;
}

}  // namespace computesdk::in_memory::shell
