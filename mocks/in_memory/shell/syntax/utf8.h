#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_UTF8_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/text/utf8.h"

namespace computesdk::in_memory::shell {

// A byte that is no part of a valid character stands for itself, as a value of its own. So does
// each beyond ASCII where bytes are characters (character_set.h).
inline constexpr char32_t kInvalidByte = 0x110000;

// The character at `at`, which is moved behind it.
char32_t NextCharacter(std::string_view text, std::size_t& at);
void AppendCharacter(char32_t character, std::string& output);

std::size_t CountCharacters(std::string_view text);
// The characters, and where each begins (with the end of the text as the last).
std::u32string DecodeAll(std::string_view text, std::vector<std::size_t>& offsets);
// `count` characters from character `first`.
std::string_view SliceCharacters(std::string_view text, std::size_t first, std::size_t count);

bool AllPrintable(std::string_view text);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_UTF8_H_
