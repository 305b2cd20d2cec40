#include "mocks/in_memory/utilities/bc/lexer.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

namespace computesdk::in_memory {
namespace {

bool IsBcDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }
bool IsBcLetter(char c) { return c >= 'a' && c <= 'z'; }

constexpr std::string_view kKeywords[] = {
    "auto",   "break", "continue", "define", "else",   "for",   "halt",     "history",
    "ibase",  "if",    "last",     "length", "limits", "obase", "print",    "quit",
    "random", "read",  "return",   "scale",  "sqrt",   "void",  "warranty", "while"};

}  // namespace

// --- the source
// -----------------------------------------------------------------------------------

char BcSource::Peek() {
  while (at_ >= line_.size()) {
    if (!NextLine()) return '\0';
  }
  return line_[at_];
}

std::optional<std::string> BcSource::ReadLine(Input& input) {
  const auto line = input.ReadLine();
  if (!line) return std::nullopt;
  std::string text(*line);
  // A NUL means the end to whoever asks for the next character.
  std::erase(text, '\0');
  if (input.ended()) text.push_back('\n');
  return text;
}

bool BcSource::NextLine() {
  while (!ended_) {
    if (in_standard_ && !standard_rest_.empty()) {
      line_ = std::exchange(standard_rest_, "");
      at_ = 0;
      return true;
    }
    if (file_ != nullptr || in_standard_) {
      if (auto line = ReadLine(in_standard_ ? standard_ : *file_)) {
        if (in_standard_ && echo_) (void)process_.Write(1, *line);
        line_ = std::move(*line);
        at_ = 0;
        return true;
      }
    }
    ended_ = !OpenNext();
  }
  return false;
}

bool BcSource::OpenNext() {
  file_.reset();
  descriptor_.reset();
  if (in_standard_) {
    line_number_ = 1;
    return false;
  }
  line_number_ = 1;
  if (next_file_ == files_.size()) {
    in_standard_ = true;
    name_ = "(standard_in)";
    return true;
  }
  name_ = files_[next_file_++];
  const auto fd = process_.Open(name_, O_RDONLY);
  if (!fd) {
    (void)process_.Write(2, "File " + name_ + " is unavailable.\n");
    process_.Exit(1);
  }
  descriptor_ = std::make_unique<ScopedDescriptor>(process_, *fd);
  file_ = std::make_unique<Input>(process_, *fd);
  return true;
}

std::string BcSource::ReadNumber() {
  // The line with the read() in it has been taken whole: a number stands behind it.
  std::string& text = standard_rest_;
  while (text.find_first_not_of(" \t\n") == std::string::npos) {
    auto line = ReadLine(standard_);
    if (!line) return "";
    text = std::move(*line);
  }
  const std::size_t begin = text.find_first_not_of(" \t\n");
  std::size_t end = begin;
  if (text[end] == '-') ++end;
  while (end < text.size() && (IsBcDigit(text[end]) || text[end] == '.')) ++end;
  const std::string number = text.substr(begin, end - begin);
  text.erase(0, end);
  if (text == "\n") text.clear();
  return number;
}

// --- the lexer
// --------------------------------------------------------------------------------------

void BcLexer::SkipComment() {
  char last = '\0';
  while (const char c = source_.Peek()) {
    source_.Take();
    if (c == '\n') source_.CountLine();
    if (last == '*' && c == '/') return;
    last = c;
  }
}

void BcLexer::SkipBlanks() {
  while (const char c = source_.Peek()) {
    if (c == '#') {
      while (source_.Peek() != '\n' && source_.Peek() != '\0') source_.Take();
      return;
    }
    if (c != ' ' && c != '\t' && c != '\\') return;
    source_.Take();
    if (c != '\\') continue;
    if (source_.Peek() == '\n') {
      source_.Take();
      source_.CountLine();
    } else {
      illegal_("\\");
    }
  }
}

BcToken BcLexer::NumberToken() {
  std::string text;
  bool point = false;
  while (const char c = source_.Peek()) {
    if (c == '\\') {
      source_.Take();
      if (source_.Peek() != '\n') {
        illegal_("\\");
        break;
      }
      source_.Take();
      source_.CountLine();
      continue;
    }
    if (!IsBcDigit(c) && (c != '.' || point)) break;
    point = point || c == '.';
    text.push_back(c);
    source_.Take();
    RequireMemory(process_, text.size());
  }
  // The last result, by its short name.
  if (text == ".") return {BcTokenKind::kKeyword, "last"};
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  if (text.ends_with('.')) text.pop_back();
  if (text.empty()) text = "0";
  return {BcTokenKind::kNumber, text};
}

std::optional<BcToken> BcLexer::StringToken() {
  source_.Take();
  std::string text;
  while (source_.Peek() != '"') {
    const char c = source_.Peek();
    if (c == '\0') {
      // Without an end it is no string: what follows is read as anything else.
      illegal_("\"");
      source_.Prepend(text);
      return std::nullopt;
    }
    source_.Take();
    if (c == '\n') source_.CountLine();
    text.push_back(c);
    RequireMemory(process_, text.size());
  }
  source_.Take();
  return BcToken{BcTokenKind::kString, text};
}

std::optional<BcToken> BcLexer::OperatorToken() {
  static constexpr std::string_view kLong[] = {
      "+=", "-=", "*=", "/=", "%=", "^=", "==", "!=", "<=", ">=", "++", "--", "&&", "||"};
  const char c = source_.Peek();
  source_.Take();
  if (c == '/' && source_.Peek() == '*') {
    source_.Take();
    SkipComment();
    return std::nullopt;
  }
  std::string text(1, c);
  text.push_back(source_.Peek());
  if (std::find(std::begin(kLong), std::end(kLong), text) != std::end(kLong)) {
    source_.Take();
    return BcToken{BcTokenKind::kOperator, text};
  }
  if (std::string_view("+-*/%^=!<>(){}[],;").find(c) != std::string_view::npos) {
    return BcToken{BcTokenKind::kOperator, {c}};
  }
  illegal_({c});
  return std::nullopt;
}

BcToken BcLexer::NameToken() {
  std::string name;
  while (IsBcLetter(source_.Peek()) || source_.Peek() == '_' ||
         (source_.Peek() >= '0' && source_.Peek() <= '9')) {
    name.push_back(source_.Peek());
    source_.Take();
  }
  const bool keyword =
      std::find(std::begin(kKeywords), std::end(kKeywords), name) != std::end(kKeywords);
  return {keyword ? BcTokenKind::kKeyword : BcTokenKind::kName, name};
}

BcToken BcLexer::Next() {
  while (true) {
    process_.Checkpoint();
    SkipBlanks();
    const char c = source_.Peek();
    if (c == '\0') return {BcTokenKind::kEnd, ""};
    if (c == '\n') {
      source_.Take();
      source_.CountLine();
      return {BcTokenKind::kNewline, ""};
    }
    if (IsBcDigit(c) || c == '.') return NumberToken();
    if (IsBcLetter(c)) return NameToken();
    if (auto token = c == '"' ? StringToken() : OperatorToken()) return std::move(*token);
  }
}

}  // namespace computesdk::in_memory
