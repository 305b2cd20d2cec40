#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {

char32_t NextCharacter(std::string_view text, std::size_t& at) {
  const Utf8Character found = DecodeUtf8(text.substr(at));
  at += found.length;
  return found.valid ? found.code : kInvalidByte + found.code;
}

bool AllPrintable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsPrintable(NextCharacter(text, at))) return false;
  }
  return true;
}

std::size_t CountCharacters(std::string_view text) {
  if (IsAscii(text)) return text.size();
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) NextCharacter(text, at);
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
    characters += NextCharacter(text, at);
  }
  offsets.push_back(text.size());
  return characters;
}

std::string_view SliceCharacters(std::string_view text, std::size_t first, std::size_t count) {
  if (IsAscii(text)) return first >= text.size() ? std::string_view() : text.substr(first, count);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < first && begin < text.size(); ++i) NextCharacter(text, begin);
  std::size_t end = begin;
  for (std::size_t i = 0; i < count && end < text.size(); ++i) NextCharacter(text, end);
  return text.substr(begin, end - begin);
}

void AppendCharacter(char32_t c, std::string& output) {
  if (c >= kInvalidByte) {
    output += static_cast<char>(c - kInvalidByte);
  } else {
    AppendUtf8(output, c);
  }
}

}  // namespace computesdk::in_memory::shell
