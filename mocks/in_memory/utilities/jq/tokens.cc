#include "mocks/in_memory/utilities/jq/tokens.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {
namespace {

bool NameBegin(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool NamePart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

void TokenReader::Shift() {
  before_ = token_.kind == Token::Kind::kVariable ? begin_ + 1 : begin_;
  const std::size_t blanks = at_;
  while (at_ < text_.size()) {
    if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    } else if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      break;
    }
  }
  token_ = {};
  begin_ = at_;
  if (at_ == text_.size() && blanks < at_) before_ = blanks;
  if (at_ == text_.size()) return;
  const char c = text_[at_];
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (NameBegin(c)) {
    token_ = {Token::Kind::kName, TakeName(true)};
  } else if (c == '.' && NameBegin(next)) {
    ++at_;
    token_ = {Token::Kind::kField, TakeName(false)};
  } else if (c == '$' && NameBegin(next)) {
    ++at_;
    token_ = {Token::Kind::kVariable, TakeName(true)};
  } else if (c == '@' && NameBegin(next)) {
    ++at_;
    token_ = {Token::Kind::kFormat, "@" + TakeName(false)};
  } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 ||
             (c == '.' && std::isdigit(static_cast<unsigned char>(next)) != 0)) {
    const std::string rest(text_.substr(at_, 400));
    char* end = nullptr;
    token_ = {Token::Kind::kNumber, ""};
    number_ = std::strtod(rest.c_str(), &end);
    at_ += static_cast<std::size_t>(end - rest.c_str());
  } else if (c == '"') {
    token_ = {Token::Kind::kQuote, "\""};
    ++at_;
  } else {
    static constexpr std::string_view kSymbols[] = {
        "?//=", "?//", "//=", "|=", "+=", "-=", "*=", "/=",
        "%=",   "==",  "!=",  "<=", ">=", "//", ".."};
    for (const std::string_view symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      token_ = {Token::Kind::kSymbol, std::string(symbol)};
      return;
    }
    token_ = {Token::Kind::kSymbol, std::string(1, c)};
    ++at_;
    TakeBracket(c);
  }
}

// One that closes nothing is no token.
void TokenReader::TakeBracket(char c) {
  constexpr std::string_view kOpen = "([{";
  constexpr std::string_view kClose = ")]}";
  if (kOpen.find(c) != std::string_view::npos) open_ += c;
  const std::size_t closes = kClose.find(c);
  if (closes == std::string_view::npos) return;
  if (open_.empty() || open_.back() != kOpen[closes]) {
    token_.text = std::string("\\") + c;
  } else {
    open_.pop_back();
  }
}

void TokenReader::FailAt(const std::string& message, std::size_t at) {
  CompileError error;
  error.value = Value(message);
  error.at = at;
  throw error;
}

std::string TokenReader::TakeName(bool modules) {
  const std::size_t begin = at_;
  while (at_ < text_.size() &&
         (NamePart(text_[at_]) || (modules && text_.substr(at_).starts_with("::") &&
                                   at_ + 2 < text_.size() && NameBegin(text_[at_ + 2])))) {
    at_ += text_[at_] == ':' ? 2 : 1;
  }
  return std::string(text_.substr(begin, at_ - begin));
}

void TokenReader::Unexpected(const std::string& expected) const {
  std::string name;
  switch (token_.kind) {
    case Token::Kind::kEnd:
      name = "$end";
      break;
    case Token::Kind::kName:
      name = "IDENT";
      for (const char* word : {"and", "as", "catch", "def", "elif", "else", "end", "foreach", "if",
                               "label", "or", "reduce", "then", "try"}) {
        if (token_.text == word) name = word;
      }
      break;
    case Token::Kind::kField:
      name = "FIELD";
      break;
    case Token::Kind::kVariable:
      name = "'$'";
      break;
    case Token::Kind::kFormat:
      name = "FORMAT";
      break;
    case Token::Kind::kNumber:
      name = "LITERAL";
      break;
    case Token::Kind::kQuote:
      name = "QQSTRING_START";
      break;
    case Token::Kind::kSymbol:
      static constexpr std::string_view kKnown = ".[]{}()|,:;=<>+-*/%?$";
      name = token_.text.size() > 1 ? token_.text : "'" + token_.text + "'";
      if (token_.text[0] == '\\' ||
          (token_.text.size() == 1 && kKnown.find(token_.text) == std::string_view::npos)) {
        name = "INVALID_CHARACTER";
      }
  }
  FailAt("syntax error, unexpected " + name + (expected.empty() ? "" : ", expecting " + expected) +
             " (Unix shell quoting issues?)",
         place());
}

}  // namespace computesdk::in_memory::jq
