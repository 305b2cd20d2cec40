#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {

namespace {

constexpr std::size_t kMaxParseDepth = 256;

bool IsOfWord(char c) {
  return std::string_view(" \t\r\n,:[]{}\"").find(c) == std::string_view::npos;
}

}  // namespace

void Parser::Fail(const std::string& message) {
  Raise(message + " at line " + std::to_string(line_) + ", column " + std::to_string(column_));
}

std::optional<Value> Parser::Next() {
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 0;
    } else {
      ++column_;
    }
    const bool in_string = quoted_ != Quoted::kNo;
    if (in_string ? c != '"' || quoted_ == Quoted::kEscape : IsOfWord(c)) {
      if (!in_token_) begin_ = at_ - 1;
      in_token_ = true;
      if (in_string) {
        quoted_ = c == '\\' && quoted_ == Quoted::kText ? Quoted::kEscape : Quoted::kText;
      }
      continue;
    }
    if (in_string) {
      quoted_ = Quoted::kNo;
      TakeValue(StringOf(TakeToken(1)));
    } else {
      TakeWord(TakeToken(1), "");
      std::optional<Value> done = TakeDone();
      if (c == '"') {
        quoted_ = Quoted::kText;
      } else {
        TakeStructure(c);
      }
      if (done) return done;
    }
    if (std::optional<Value> done = TakeDone()) return done;
  }
  if (quoted_ != Quoted::kNo) Fail("Unfinished string at EOF");
  TakeWord(TakeToken(0), " at EOF");
  if (!open_.empty()) Fail("Unfinished JSON term at EOF");
  return std::exchange(value_, std::nullopt);
}

// What has been read of a word or a string, but for the last characters.
std::string_view Parser::TakeToken(std::size_t without) {
  return std::exchange(in_token_, false) ? text_.substr(begin_, at_ - without - begin_)
                                         : std::string_view();
}

// The value that is whole where nothing is open.
std::optional<Value> Parser::TakeDone() {
  return open_.empty() ? std::exchange(value_, std::nullopt) : std::nullopt;
}

namespace {

// NaN, -Infinity and their like.
bool IsWordNumber(std::string word) {
  if (word.starts_with('-') || word.starts_with('+')) word.erase(0, 1);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word == "nan" || word == "inf" || word == "infinity";
}

}  // namespace

void Parser::TakeWord(std::string_view token, const std::string& where) {
  if (token.empty()) return;
  const std::string word(token);
  // Any that begins as one of these must be it: so must "nan".
  for (const auto& [name, value] :
       {std::pair("null", Value()), {"true", Value(true)}, {"false", Value(false)}}) {
    if (word[0] != name[0]) continue;
    if (word != name) Fail("Invalid literal" + where);
    return TakeValue(value);
  }
  char* end = nullptr;
  const double number = std::strtod(word.c_str(), &end);
  const bool plain =
      word.find_first_not_of("0123456789+-.eE") == std::string::npos || IsWordNumber(word);
  if (!plain || *end != '\0') Fail("Invalid numeric literal" + where);
  TakeValue(Value(number));
}

void Parser::TakeValue(Value value) {
  if (value_) Fail("Expected separator between values");
  value_ = std::move(value);
}

// The four digits behind "\u".
char32_t Parser::HexOf(std::string_view digits) {
  if (digits.size() < 4) Fail("Invalid \\uXXXX escape");
  char32_t code = 0;
  for (const char c : digits.substr(0, 4)) {
    const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos) Fail("Invalid characters in \\uXXXX escape");
    code = code * 16 + static_cast<char32_t>(digit);
  }
  return code;
}

// What stands behind a high surrogate, from 0 on.
char32_t Parser::LowSurrogateOf(std::string_view rest) {
  const bool escaped = rest.size() >= 6 && rest.starts_with("\\u");
  const char32_t low = escaped ? HexOf(rest.substr(2)) : 0;
  if (low < 0xdc00 || low >= 0xe000) Fail("Invalid \\uXXXX\\uXXXX surrogate pair escape");
  return low - 0xdc00;
}

Value Parser::StringOf(std::string_view raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c != '\\') {
      if (static_cast<unsigned char>(c) < ' ') {
        Fail("Invalid string: control characters from U+0000 through U+001F must be escaped");
      }
      text += c;
      continue;
    }
    const char escape = raw[++i];  // The quote that would end the string is not behind a backslash.
    if (escape == 'u') {
      char32_t code = HexOf(raw.substr(i + 1));
      i += 4;
      if (code >= 0xd800 && code < 0xdc00) {
        code = 0x10000 + ((code - 0xd800) << 10) + LowSurrogateOf(raw.substr(i + 1));
        i += 6;
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
  return Value(std::move(text));
}

// A blank, or a character of ",:[]{}".
void Parser::TakeStructure(char c) {
  switch (c) {
    case '[':
    case '{':
      if (open_.size() >= kMaxParseDepth) Fail("Exceeds depth limit for parsing");
      if (value_) Fail("Expected separator between values");
      open_.push_back({c == '[' ? Value(Array()) : Value(Object()), std::nullopt});
      break;
    case ':':
      if (!value_) Fail("Expected string key before ':'");
      if (open_.empty() || !open_.back().value.Is(Kind::kObject) || open_.back().key) {
        Fail("':' not as part of an object");
      }
      if (!value_->Is(Kind::kString)) Fail("Object keys must be strings");
      open_.back().key = std::exchange(value_, std::nullopt)->text();
      break;
    case ',':
      if (!value_ || open_.empty()) Fail("Expected value before ','");
      Append();
      break;
    case ']':
    case '}': {
      const bool array = c == ']';
      const bool inside = !open_.empty() && open_.back().value.Is(Kind::kArray) == array;
      if (!array && value_ && !open_.empty() && !open_.back().key) {
        Fail("Objects must consist of key:value pairs");
      }
      if (!inside || (!value_ && open_.back().key)) Fail(std::string("Unmatched '") + c + "'");
      if (value_) {
        Append();
      } else if (array && !open_.back().value.array().empty()) {
        Fail("Expected another array element");
      } else if (!array && !open_.back().value.object().items.empty()) {
        Fail("Expected another key-value pair");
      }
      value_ = std::move(open_.back().value);
      open_.pop_back();
      break;
    }
    default:
      break;
  }
}

// Puts the value into what is open.
void Parser::Append() {
  Open& last = open_.back();
  Value value = *std::exchange(value_, std::nullopt);
  if (last.value.Is(Kind::kArray)) {
    last.value.MutableArray().push_back(std::move(value));
  } else if (last.key) {
    last.value.MutableObject()[*std::exchange(last.key, std::nullopt)] = std::move(value);
  } else {
    Fail("Objects must consist of key:value pairs");
  }
}

Value ParseWhole(std::string_view text) {
  Parser parser(text);
  std::optional<Value> value = parser.Next();
  if (value && parser.Next()) Raise("Unexpected extra JSON values");
  return value.value_or(Value());
}

}  // namespace computesdk::in_memory::jq
