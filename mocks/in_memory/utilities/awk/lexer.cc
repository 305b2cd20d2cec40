#include "mocks/in_memory/utilities/awk/lexer.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/awk/regex.h"
#include "mocks/in_memory/utilities/awk/tree.h"

namespace computesdk::in_memory::awk {
namespace {

constexpr std::string_view kKeywords[] = {
    "BEGIN", "BEGINFILE", "END",   "ENDFILE", "break",  "case",     "continue", "default", "delete",
    "do",    "else",      "exit",  "for",     "func",   "function", "getline",  "if",      "in",
    "next",  "nextfile",  "print", "printf",  "return", "switch",   "while"};

constexpr std::string_view kBuiltins[] = {
    "and",    "asort",  "asorti", "atan2",   "close",    "compl",   "cos",      "exp",
    "fflush", "gensub", "gsub",   "index",   "int",      "isarray", "length",   "log",
    "lshift", "match",  "mkbool", "mktime",  "patsplit", "typeof",  "or",       "rand",
    "rshift", "sin",    "split",  "sprintf", "sqrt",     "srand",   "strftime", "strtonum",
    "sub",    "substr", "system", "systime", "tolower",  "toupper", "xor"};

// Longest first where one begins another.
constexpr std::string_view kSymbols[] = {"**=", "&&", "|&", "||", "==", "!=", "<=", ">=", ">>",
                                         "++",  "--", "+=", "-=", "*=", "/=", "%=", "^=", "**",
                                         "!~",  "{",  "}",  "(",  ")",  "[",  "]",  ";",  ",",
                                         "+",   "-",  "*",  "/",  "%",  "^",  "!",  "<",  ">",
                                         "|",   "?",  ":",  "~",  "$",  "=",  "@"};

template <std::size_t kSize>
bool Contains(const std::string_view (&list)[kSize], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsNamePart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  tl::expected<TokenList, SyntaxError> Run() {
    while (SkipBlanks()) {
      if (!Next()) return tl::unexpected(error_);
    }
    // Every statement ends, the last one, too.
    begin_ = source_.size();
    Add(TokenKind::kNewline, "\n");
    Add(TokenKind::kEnd, "");
    return TokenList{std::move(tokens_), std::move(unknown_)};
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  // False at the end.
  bool SkipBlanks() {
    while (at_ < source_.size()) {
      const char c = Peek();
      if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '\\' && Peek(1) == '\n') {
        at_ += 2;
        ++line_;
      } else if (c == '\\' && Peek(1) == '\r' && Peek(2) == '\n') {
        at_ += 3;
        ++line_;
      } else if (c == '#') {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else {
        return true;
      }
    }
    return false;
  }

  void Add(TokenKind kind, std::string text, double number = 0) {
    tokens_.push_back({kind, std::move(text), number, line_, begin_});
  }

  bool Fail(std::string message, std::size_t at) {
    error_ = {line_, std::move(message), at};
    return false;
  }

  bool Next() {
    const char c = Peek();
    begin_ = at_;
    if (c == '\n') {
      Add(TokenKind::kNewline, "\n");
      ++at_;
      ++line_;
      return true;
    }
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (IsNameStart(c)) return Word();
    if (c == '"') return String();
    if (c == '/' && !AfterOperand()) return RegexToken();
    for (std::string_view symbol : kSymbols) {
      if (source_.substr(at_).starts_with(symbol)) {
        at_ += symbol.size();
        if (symbol == "**") symbol = "^";
        if (symbol == "**=") symbol = "^=";
        Add(TokenKind::kSymbol, std::string(symbol));
        return true;
      }
    }
    return Fail(std::string("invalid char '") + c + "' in expression", at_);
  }

  bool AfterOperand() const {
    if (tokens_.empty()) return false;
    const Token& last = tokens_.back();
    switch (last.kind) {
      case TokenKind::kNumber:
      case TokenKind::kString:
      case TokenKind::kRegex:
      case TokenKind::kName:
      case TokenKind::kBuiltin:
        return true;
      case TokenKind::kSymbol:
        return last.text == ")" || last.text == "]" || last.text == "$" || last.text == "++" ||
               last.text == "--";
      default:
        return false;
    }
  }

  bool Number() {
    if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && HexValue(Peek(2)) >= 0) {
      double value = 0;
      for (at_ += 2; HexValue(Peek()) >= 0; ++at_) value = value * 16 + HexValue(Peek());
      Add(TokenKind::kNumber, "", value);
      return true;
    }
    const std::size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.') ++at_;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == 'e' || Peek() == 'E') {
      const std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        at_ += 1 + sign;
        while (IsDigit(Peek())) ++at_;
      }
    }
    const std::string text(source_.substr(begin, at_ - begin));
    // As in C, 017 is 15.
    if (text.size() > 1 && text[0] == '0' &&
        text.find_first_not_of("01234567") == std::string::npos) {
      Add(TokenKind::kNumber, text, static_cast<double>(std::strtoull(text.c_str(), nullptr, 8)));
      return true;
    }
    Add(TokenKind::kNumber, text, std::strtod(text.c_str(), nullptr));
    return true;
  }

  bool Word() {
    const std::size_t begin = at_;
    while (IsNamePart(Peek())) ++at_;
    std::string word(source_.substr(begin, at_ - begin));
    if (Contains(kKeywords, word)) {
      Add(TokenKind::kKeyword, word == "func" ? "function" : word);
    } else if (Contains(kBuiltins, word)) {
      Add(TokenKind::kBuiltin, std::move(word));
    } else {
      Add(Peek() == '(' ? TokenKind::kCallName : TokenKind::kName, std::move(word));
    }
    return true;
  }

  bool String() {
    const std::size_t begin = ++at_;
    while (at_ < source_.size() && Peek() != '"') {
      if (Peek() == '\n') return Fail("unterminated string", begin - 1);
      if (Peek() == '\\') {
        if (Peek(1) == '\n') ++line_;
        ++at_;
      }
      ++at_;
    }
    if (at_ >= source_.size()) return Fail("unterminated string", begin - 1);
    std::string letters;
    Add(TokenKind::kString, Unescape(source_.substr(begin, at_ - begin), &letters));
    for (char letter : letters) unknown_.push_back({letter, line_});
    ++at_;
    return true;
  }

  bool RegexToken() {
    const std::size_t begin = ++at_;
    bool in_brackets = false;
    for (; at_ < source_.size(); ++at_) {
      const char c = Peek();
      if (c == '\n') break;
      if (c == '\\') {
        ++at_;
      } else if (in_brackets) {
        if (c == '[' && (Peek(1) == ':' || Peek(1) == '.' || Peek(1) == '=')) {
          const char closing[] = {Peek(1), ']'};
          const auto end = source_.find({closing, 2}, at_ + 2);
          if (end != std::string_view::npos) at_ = end + 1;
        } else if (c == ']') {
          in_brackets = false;
        }
      } else if (c == '[') {
        in_brackets = true;
        // "]" in the first place is a character like others.
        if (Peek(1) == '^') ++at_;
        if (Peek(1) == ']') ++at_;
      } else if (c == '/') {
        const std::string_view text = source_.substr(begin, at_ - begin);
        for (const char letter : UnknownEscapes(text)) unknown_.push_back({letter, line_, true});
        Add(TokenKind::kRegex, std::string(text));
        ++at_;
        return true;
      }
    }
    return Fail("unterminated regexp", begin);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // Of the token that is read.
  int line_ = 1;
  std::vector<Token> tokens_;
  std::vector<UnknownEscape> unknown_;
  SyntaxError error_;
};

}  // namespace

tl::expected<TokenList, SyntaxError> Tokenize(std::string_view source) {
  return Lexer(source).Run();
}

std::string Unescape(std::string_view text, std::string* unknown) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result.push_back(text[i]);
      continue;
    }
    if (++i == text.size()) {
      result.push_back('\\');
      break;
    }
    const char c = text[i];
    static constexpr std::string_view kLetters = "abfnrtv";
    if (const auto at = kLetters.find(c); at != std::string_view::npos) {
      result.push_back("\a\b\f\n\r\t\v"[at]);
    } else if (c == '"' || c == '\\') {
      result.push_back(c);
    } else if (c == '\n') {
      continue;
    } else if (c >= '0' && c <= '7') {
      int value = c - '0';
      for (int digits = 1;
           digits < 3 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '7';
           ++digits) {
        value = value * 8 + (text[++i] - '0');
      }
      result.push_back(static_cast<char>(value));
    } else if (c == 'x' && i + 1 < text.size() && HexValue(text[i + 1]) >= 0) {
      int value = 0;
      for (int digits = 0; digits < 2 && i + 1 < text.size() && HexValue(text[i + 1]) >= 0;
           ++digits) {
        value = value * 16 + HexValue(text[++i]);
      }
      result.push_back(static_cast<char>(value));
    } else {
      if (unknown != nullptr) unknown->push_back(c);
      result.push_back(c);
    }
  }
  return result;
}

}  // namespace computesdk::in_memory::awk
