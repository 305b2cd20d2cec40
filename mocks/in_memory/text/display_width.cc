#include "mocks/in_memory/text/display_width.h"

#include <algorithm>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/text/utf8.h"

namespace computesdk::in_memory {

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Utf8Character character = DecodeUtf8(text);
    const int columns = character.valid ? ColumnsOf(character.code) : 1;
    width += static_cast<std::size_t>(std::max(columns, 0));
    text.remove_prefix(character.length);
  }
  return width;
}

}  // namespace computesdk::in_memory
