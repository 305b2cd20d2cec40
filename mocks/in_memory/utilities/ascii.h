#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ASCII_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ASCII_H_

#include <string>
#include <string_view>

namespace computesdk::in_memory {

// The classes of the C locale. Those of <cctype> follow the program's locale, and are undefined for
// a negative char.
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }
// What parts the fields of a line in sort and uniq.
constexpr bool IsBlankOrNewline(char c) { return IsBlank(c) || c == '\n'; }
constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
inline std::string AsciiLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = AsciiLower(c);
  return lower;
}

// What a hexadecimal digit is worth; -1 for anything else.
constexpr int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = AsciiLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ASCII_H_
