#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_UTF8_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace computesdk::in_memory::shell {

// A byte that is no part of a valid character stands for itself, as a value of its own. So does
// each beyond ASCII where bytes are characters (character_set.h).
inline constexpr char32_t kInvalidByte = 0x110000;

bool IsAscii(std::string_view text);
// The character at `at`, which is moved behind it.
char32_t DecodeUtf8(std::string_view text, std::size_t& at);
void AppendUtf8(std::uint32_t character, std::string& output);

std::size_t CountCharacters(std::string_view text);
// The characters, and where each begins (with the end of the text as the last).
std::u32string DecodeAll(std::string_view text, std::vector<std::size_t>& offsets);
// `count` characters from character `first`.
std::string_view SliceCharacters(std::string_view text, std::size_t first, std::size_t count);

// False for a control character and for a byte that is no part of one.
bool IsPrintable(char32_t character);
bool AllPrintable(std::string_view text);

char32_t ToUpper(char32_t character);
char32_t ToLower(char32_t character);
void AppendCharacter(char32_t character, std::string& output);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_UTF8_H_
