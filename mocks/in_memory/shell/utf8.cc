#include "mocks/in_memory/shell/utf8.h"

#include <locale.h>
#include <wctype.h>

#include <algorithm>

#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory::shell {
namespace {

locale_t CharacterLocale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

}  // namespace

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char32_t DecodeUtf8(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return text[at++];
  const int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (BytesAreCharacters() || lead < 0xc2 || lead > 0xf4 || at + length > text.size()) {
    ++at;
    return kInvalidByte + lead;
  }
  char32_t value = lead & (0xff >> (length + 1));
  for (int i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) {
      ++at;
      return kInvalidByte + lead;
    }
    value = value << 6 | (byte(at + i) & 0x3f);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
    ++at;
    return kInvalidByte + lead;
  }
  at += length;
  return value;
}

bool IsPrintable(char32_t c) {
  if (c < 0x80) return c >= 0x20 && c != 0x7f;
  return c < kInvalidByte && iswprint_l(static_cast<wint_t>(c), CharacterLocale()) != 0;
}

bool AllPrintable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsPrintable(DecodeUtf8(text, at))) return false;
  }
  return true;
}

void AppendUtf8(std::uint32_t c, std::string& output) {
  if (c < 0x80) {
    output += static_cast<char>(c);
  } else if (c < 0x800) {
    output += static_cast<char>(0xc0 | c >> 6);
    output += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    output += static_cast<char>(0xe0 | c >> 12);
    output += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    output += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    output += static_cast<char>(0xf0 | (c >> 18 & 0x07));
    output += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    output += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    output += static_cast<char>(0x80 | (c & 0x3f));
  }
}

std::size_t CountCharacters(std::string_view text) {
  if (IsAscii(text)) return text.size();
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) DecodeUtf8(text, at);
  return count;
}

std::u32string DecodeAll(std::string_view text, std::vector<std::size_t>& offsets) {
  std::u32string characters;
  characters.reserve(text.size());
  offsets.clear();
  offsets.reserve(text.size() + 1);
  std::size_t at = 0;
  while (at < text.size()) {
    offsets.push_back(at);
    characters += DecodeUtf8(text, at);
  }
  offsets.push_back(text.size());
  return characters;
}

std::string_view SliceCharacters(std::string_view text, std::size_t first, std::size_t count) {
  if (IsAscii(text)) return first >= text.size() ? std::string_view() : text.substr(first, count);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < first && begin < text.size(); ++i) DecodeUtf8(text, begin);
  std::size_t end = begin;
  for (std::size_t i = 0; i < count && end < text.size(); ++i) DecodeUtf8(text, end);
  return text.substr(begin, end - begin);
}

char32_t ToUpper(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  return c >= kInvalidByte ? c : towupper_l(c, CharacterLocale());
}

char32_t ToLower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  return c >= kInvalidByte ? c : towlower_l(c, CharacterLocale());
}

void AppendCharacter(char32_t c, std::string& output) {
  if (c >= kInvalidByte) {
    output += static_cast<char>(c - kInvalidByte);
  } else {
    AppendUtf8(c, output);
  }
}

}  // namespace computesdk::in_memory::shell
