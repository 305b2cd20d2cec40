#include "mocks/in_memory/text/utf8.h"

#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace computesdk::in_memory {
namespace {

locale_t CharacterLocale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

bool WordIsAscii(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080) == 0;
}

}  // namespace

bool IsAscii(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (text.size() < kWord) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  }
  for (std::size_t i = 0; i + kWord < text.size(); i += kWord) {
    if (!WordIsAscii(text.data() + i)) return false;
  }
  return WordIsAscii(text.data() + text.size() - kWord);
}

char32_t ToUpper(char32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z' ? code - 32 : code;
  return towupper_l(code, CharacterLocale());
}

char32_t ToLower(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  return towlower_l(code, CharacterLocale());
}

bool IsPrintable(char32_t code) {
  if (code < 0x80) return code >= 0x20 && code != 0x7f;
  return iswprint_l(code, CharacterLocale()) != 0;
}

}  // namespace computesdk::in_memory
