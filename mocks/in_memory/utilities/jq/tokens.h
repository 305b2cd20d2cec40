#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_TOKENS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_TOKENS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {

struct Token {
  enum class Kind { kEnd, kName, kField, kVariable, kFormat, kNumber, kQuote, kSymbol };
  Kind kind = Kind::kEnd;
  std::string text;
};

// An error in a filter, which stands at that place of its text.
struct CompileError : JqError {
  std::size_t at = 0;
  std::vector<std::size_t> open_ifs;  // Where each "if" begins that has its "then" but no end.
  std::vector<CompileError> others;   // More names that are not defined.
};

// Reads a filter token by token; of a string, only the quote that begins it.
class TokenReader {
 protected:
  // Stands on the first token.
  explicit TokenReader(std::string_view text) : text_(text) { Shift(); }

  void Shift();
  // `expected` is what alone could stand there: "'$' or '['".
  [[noreturn]] void Unexpected(const std::string& expected = "") const;
  [[noreturn]] static void FailAt(const std::string& message, std::size_t at);
  bool IsEnd() const { return token_.kind == Token::Kind::kEnd; }
  bool IsSymbol(std::string_view text) const {
    return token_.kind == Token::Kind::kSymbol && token_.text == text;
  }
  bool IsWord(std::string_view text) const {
    return token_.kind == Token::Kind::kName && token_.text == text;
  }
  bool TakeSymbol(std::string_view text) {
    if (!IsSymbol(text)) return false;
    Shift();
    return true;
  }
  bool TakeWord(std::string_view text) {
    if (!IsWord(text)) return false;
    Shift();
    return true;
  }
  void Expect(std::string_view text) {
    if (!TakeSymbol(text) && !TakeWord(text)) Unexpected();
  }
  // One that stands in a string.
  void OpenBracket(char c) { open_ += c; }
  // Where the token begins; at the end, the one before it, or the blanks.
  std::size_t place() const { return IsEnd() ? before_ : begin_; }

  std::string_view text_;
  std::size_t at_ = 0;  // Behind the token.
  std::size_t begin_ = 0;
  std::size_t before_ = 0;  // Where the last token but one begins.
  Token token_;
  double number_ = 0;  // Of a kNumber.

 private:
  std::string TakeName(bool modules);
  void TakeBracket(char c);

  std::string open_;  // The brackets that are not closed.
};

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_TOKENS_H_
