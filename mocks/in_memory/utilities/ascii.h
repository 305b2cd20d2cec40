#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ASCII_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ASCII_H_

namespace computesdk::in_memory {

// The classes of the C locale. Those of <cctype> follow the program's locale, and are undefined for
// a negative char.
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }
// What parts the fields of a line in sort and uniq.
constexpr bool IsBlankOrNewline(char c) { return IsBlank(c) || c == '\n'; }
constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ASCII_H_
