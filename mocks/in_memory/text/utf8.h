#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_UTF8_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {

bool IsAscii(std::string_view text);

// A character and the bytes it takes; a byte that belongs to none counts as one, not valid. Where
// bytes are characters (character_set.h) none goes beyond ASCII.
struct Utf8Character {
  char32_t code = 0;
  std::size_t length = 1;
  bool valid = false;
};

// The character at the front of a text that is not empty.
inline Utf8Character DecodeUtf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  if (BytesAreCharacters()) return {first, 1, false};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {first, 1, false};
  char32_t code = first & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {first, 1, false};
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (overlong || surrogate || code > 0x10ffff) return {first, 1, false};
  return {code, length, true};
}

// Where the character before `end` begins.
inline std::size_t Utf8Previous(std::string_view text, std::size_t end) {
  for (std::size_t length = 1; length <= 4 && length <= end; ++length) {
    const Utf8Character found = DecodeUtf8(text.substr(end - length, length));
    if (found.valid && found.length == length) return end - length;
  }
  return end - 1;
}

// In up to six bytes, as UTF-8 once was: numbers beyond the last character have a form, too.
inline void AppendUtf8(std::string& text, char32_t code) {
  if (code < 0x80) return text.push_back(static_cast<char>(code));
  unsigned length = 2;
  while (length < 6 && code >> (5 * length + 1) != 0) ++length;
  text.push_back(static_cast<char>(0xff00 >> length | code >> 6 * (length - 1)));
  while (--length > 0) text.push_back(static_cast<char>(0x80 | (code >> 6 * (length - 1) & 0x3f)));
}

// Characters, each byte that belongs to none being one.
inline std::size_t Utf8Length(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += DecodeUtf8(text.substr(i)).length) ++count;
  return count;
}

// The bytes that the first `count` characters take.
inline std::size_t Utf8Offset(std::string_view text, std::size_t count) {
  std::size_t i = 0;
  while (count-- > 0 && i < text.size()) i += DecodeUtf8(text.substr(i)).length;
  return i;
}

char32_t ToUpper(char32_t code);
char32_t ToLower(char32_t code);
// False for a control character, and for what is no character at all.
bool IsPrintable(char32_t code);

inline bool IsWideSpace(char32_t code) {
  return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x205f ||
         code == 0x3000 || code == 0xa0 || code == 0x202f || code == 0x2007 || code == 0x2060;
}

// Terminal columns; -1 for a control character.
inline int ColumnsOf(char32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return -1;
  if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f) ||
      (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x20d0 && code <= 0x20ff)) {
    return 0;
  }
  const bool wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
                    (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1f64f) ||
                    (code >= 0x1f900 && code <= 0x1f9ff) || (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_UTF8_H_
