#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {

constexpr int kMaxParseDepth = 256;

void Parser::Fail(const std::string& message) {
  Raise(message + " at line " + std::to_string(line_) + ", column " + std::to_string(column_));
}

void Parser::Advance() {
  if (text_[at_++] == '\n') {
    ++line_;
    column_ = 0;
  } else {
    ++column_;
  }
}

void Parser::SkipBlanks() {
  while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos) {
    Advance();
  }
}

std::optional<Value> Parser::Next() {
  SkipBlanks();
  if (at_ == text_.size()) return std::nullopt;
  return ParseValue(0);
}

namespace {

// NaN, -Infinity and their like; "nan" begins as "null" does.
bool IsWordNumber(std::string word) {
  if (word == "nan") return false;
  if (word.starts_with('-') || word.starts_with('+')) word.erase(0, 1);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word == "nan" || word == "inf" || word == "infinity";
}

}  // namespace

Value Parser::ParseToken() {
  const std::size_t begin = at_;
  while (at_ < text_.size() &&
         std::string_view(" \t\r\n,:[]{}\"").find(text_[at_]) == std::string::npos) {
    Advance();
  }
  const std::string token(text_.substr(begin, at_ - begin));
  if (token == "null") return Value();
  if (token == "true") return Value(true);
  if (token == "false") return Value(false);
  char* end = nullptr;
  const double number = std::strtod(token.c_str(), &end);
  const bool plain =
      token.find_first_not_of("0123456789+-.eE") == std::string::npos || IsWordNumber(token);
  if (!token.empty() && plain && *end == '\0') return Value(number);
  if (at_ < text_.size()) {
    Advance();
    Fail("Invalid numeric literal");
  }
  Fail("Invalid numeric literal at EOF");
}

char32_t Parser::ParseHex() {
  char32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    if (at_ == text_.size()) Fail("Unfinished string at EOF");
    const char c = text_[at_];
    const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos) Fail("Invalid escape");
    code = code * 16 + static_cast<char32_t>(digit);
    Advance();
  }
  return code;
}

// What stands behind a high surrogate, from 0 on.
char32_t Parser::ParseLowSurrogate() {
  constexpr const char* kWrong = "Invalid \\uXXXX\\uXXXX surrogate pair escape";
  if (!text_.substr(at_).starts_with("\\u")) Fail(kWrong);
  Advance();
  Advance();
  const char32_t low = ParseHex();
  if (low < 0xdc00 || low >= 0xe000) Fail(kWrong);
  return low - 0xdc00;
}

std::string Parser::ParseString() {
  std::string text;
  bool raw_control = false;
  Advance();
  while (true) {
    if (at_ == text_.size()) Fail("Unfinished string at EOF");
    const char c = text_[at_];
    Advance();
    if (c == '"' && raw_control) {
      Fail("Invalid string: control characters from U+0000 through U+001F must be escaped");
    }
    if (c == '"') return text;
    if (c != '\\') {
      raw_control = raw_control || static_cast<unsigned char>(c) < ' ';
      text += c;
      continue;
    }
    if (at_ == text_.size()) Fail("Unfinished string at EOF");
    const char escape = text_[at_];
    Advance();
    if (escape == 'u') {
      char32_t code = ParseHex();
      if (code >= 0xd800 && code < 0xdc00) {
        code = 0x10000 + ((code - 0xd800) << 10) + ParseLowSurrogate();
      } else if (code >= 0xdc00 && code < 0xe000) {
        code = 0xfffd;
      }
      AppendUtf8(text, code);
      continue;
    }
    const auto at = std::string_view("\"\\/bfnrt").find(escape);
    if (at == std::string_view::npos) Fail("Invalid escape");
    text += "\"\\/\b\f\n\r\t"[at];
  }
}

Value Parser::ParseValue(int depth) {
  if (depth > kMaxParseDepth) Fail("Exceeds depth limit for parsing");
  const char c = text_[at_];
  const auto unfinished = [&] {
    SkipBlanks();
    if (at_ == text_.size()) Fail("Unfinished JSON term at EOF");
    return text_[at_];
  };
  if (c == '"') return Value(ParseString());
  if (c == '[') {
    Array array;
    Advance();
    if (unfinished() == ']') {
      Advance();
      return Value(std::move(array));
    }
    while (true) {
      if (unfinished() == ']') {
        Advance();
        Fail("Expected another array element");
      }
      array.push_back(ParseValue(depth + 1));
      const char next = unfinished();
      Advance();
      if (next == ']') return Value(std::move(array));
      if (next != ',') Fail("Expected separator between values");
    }
  }
  if (c == '{') {
    Object object;
    Advance();
    if (unfinished() == '}') {
      Advance();
      return Value(std::move(object));
    }
    while (true) {
      if (unfinished() == '}') {
        Advance();
        Fail("Expected another key-value pair");
      }
      if (text_[at_] != '"') {
        (void)ParseValue(depth + 1);
        Fail("Object keys must be strings");
      }
      const std::string key = ParseString();
      if (unfinished() != ':') {
        (void)ParseValue(depth + 1);
        Advance();
        Fail("Objects must consist of key:value pairs");
      }
      Advance();
      (void)unfinished();
      object[key] = ParseValue(depth + 1);
      const char next = unfinished();
      Advance();
      if (next == '}') return Value(std::move(object));
      if (next != ',') Fail("Expected separator between values");
    }
  }
  if (c == ']' || c == '}') {
    Advance();
    Fail(std::string("Unmatched '") + c + "'");
  }
  if (c == ',' || c == ':') {
    Advance();
    Fail(c == ',' ? "Expected value before ','" : "':' not as part of an object");
  }
  return ParseToken();
}

Value ParseWhole(std::string_view text) {
  Parser parser(text);
  std::optional<Value> value = parser.Next();
  if (value && parser.Next()) Raise("Unexpected extra JSON values");
  return value.value_or(Value());
}

}  // namespace computesdk::in_memory::jq
