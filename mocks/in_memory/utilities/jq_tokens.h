#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_TOKENS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_TOKENS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace computesdk::in_memory::jq {

struct Token {
  enum class Kind { kEnd, kName, kField, kVariable, kFormat, kNumber, kQuote, kSymbol };
  Kind kind = Kind::kEnd;
  std::string text;
};

// Reads a filter token by token; of a string, only the quote that begins it.
class TokenReader {
 protected:
  // Stands on the first token.
  explicit TokenReader(std::string_view text) : text_(text) { Shift(); }

  void Shift();
  [[noreturn]] void Unexpected() const;
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

  std::string_view text_;
  std::size_t at_ = 0;  // Behind the token.
  Token token_;
  double number_ = 0;  // Of a kNumber.

 private:
  std::string TakeName(bool modules);
};

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_TOKENS_H_
