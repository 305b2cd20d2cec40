#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_LEXER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_LEXER_H_

#include <string>
#include <string_view>
#include <vector>

#include "tl/expected.hpp"

namespace computesdk::in_memory::awk {

enum class TokenKind {
  kEnd,
  kNewline,
  kNumber,
  kString,
  kRegex,
  kName,
  kCallName,  // A name with "(" right behind it.
  kBuiltin,
  kKeyword,
  kSymbol,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  double number = 0;
  int line = 1;
  std::size_t at = 0;  // Where it begins in the source.
};

// The letter of an escape without a meaning.
struct UnknownEscape {
  char letter = '\0';
  int line = 0;  // 0 outside the program.
  bool of_regex = false;
};

struct TokenList {
  std::vector<Token> tokens;
  std::vector<UnknownEscape> unknown_escapes;
};

struct SyntaxError {
  int line = 1;
  std::string message;
  std::size_t at = std::string::npos;  // The place in the source; npos for none in particular.
};

// The whole program at once: whether "/" divides or begins a regular expression is told by what
// stands before it.
tl::expected<TokenList, SyntaxError> Tokenize(std::string_view source);

// A string with awk's escapes replaced, as in the program and in -v. A letter without a meaning
// stays, and is added to `unknown`.
std::string Unescape(std::string_view text, std::string* unknown = nullptr);

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_LEXER_H_
