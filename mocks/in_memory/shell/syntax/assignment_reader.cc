#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/syntax/lexer.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"

// How a lexer reads name=…, name[…]=… and name=(…).
namespace computesdk::in_memory::shell {

std::size_t Lexer::SubscriptEnd(std::size_t open, int status) {
  int depth = 0;
  int parentheses = 0;
  char quote = '\0';
  for (std::size_t at = open;; ++at) {
    if (at >= source_.size() && !Fill()) {
      throw SyntaxError{"unexpected EOF while looking for matching `]'", line_, true, false,
                        status};
    }
    const char c = source_[at];
    if (c == '\\' && quote != '\'') {
      ++at;
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '(' && (parentheses > 0 || source_[at - 1] == '$')) {
      ++parentheses;
    } else if (c == ')' && parentheses > 0) {
      --parentheses;
    } else if (c == '[' && parentheses == 0) {
      ++depth;
    } else if (c == ']' && parentheses == 0 && --depth == 0) {
      return at;
    }
  }
}

bool Lexer::ReadAssignment(Assignment& assignment, bool in_command_position) {
  std::size_t at = pos_;
  if (at >= source_.size() || !IsNameStart(source_[at])) return false;
  while (at < source_.size() && IsNameChar(source_[at])) {
    ++at;
    JoinLine(at);
  }
  const std::string name = source_.substr(pos_, at - pos_);
  std::string subscript;
  bool has_subscript = false;
  if (at < source_.size() && source_[at] == '[' && !plain()) {
    const std::size_t end =
        in_command_position ? SubscriptEnd(at, 2) : FindClosingBracket(source_, at);
    if (end == std::string::npos) return false;
    subscript = source_.substr(at + 1, end - at - 1);
    const bool blanks = subscript.find_first_of(" \t") != std::string::npos &&
                        subscript.find_first_of("\"'$`\\") == std::string::npos;
    if (blanks && !in_command_position) return false;
    has_subscript = true;
    if (in_command_position) {
      joined_from_ = at;
      joined_until_ = end + 1;
    }
    at = end + 1;
  }
  const bool append = !plain() && source_.compare(at, 2, "+=") == 0;
  if (append) ++at;
  if (at >= source_.size() || source_[at] != '=') return false;
  pos_ = at + 1;
  assignment.name = name;
  assignment.append = append;
  if (has_subscript) {
    line_ += static_cast<int>(std::count(subscript.begin(), subscript.end(), '\n'));
    ParseSubscript(std::move(subscript), assignment.subscript, assignment.key);
  }
  if (!plain() && PeekChar() == '(') {
    ++pos_;
    assignment.array = true;
    ReadArrayElements(assignment);
    return true;
  }
  const char c = PeekChar();
  const bool process = AtText("<(") || AtText(">(");
  if (pos_ < source_.size() &&
      (process || std::string_view(" \t\n;&|<>()").find(c) == std::string_view::npos)) {
    WordReader reader(*this);
    reader.set_in_assignment();
    assignment.value = reader.Read(Until::kWordEnd, Quoting::kNone);
  }
  return true;
}

void Lexer::ReadArrayElements(Assignment& assignment) {
  if (StackIsLow()) throw TooDeep(line_);
  const int first_line = line_;
  while (true) {
    SkipBlanks();
    if (pos_ >= source_.size() && !Fill()) {
      throw SyntaxError{"unexpected EOF while looking for matching `)'", first_line, true, false,
                        1};
    }
    if (source_[pos_] == '\n') {
      ++pos_;
      ++line_;
      continue;
    }
    if (source_[pos_] == ')') {
      ++pos_;
      return;
    }
    ArrayElement element;
    const std::size_t start = pos_;
    if (source_[pos_] == '[') {
      const std::size_t end = SubscriptEnd(pos_, 1);
      joined_from_ = pos_;
      joined_until_ = end + 1;
      const bool append = source_.compare(end + 1, 2, "+=") == 0;
      if (append || source_.compare(end + 1, 1, "=") == 0) {
        ParseSubscript(source_.substr(pos_ + 1, end - pos_ - 1), element.subscript, element.key);
        element.append = append;
        pos_ = end + (append ? 3 : 2);
        const char c = PeekChar();
        if (std::string_view(" \t\n)").find(c) == std::string_view::npos) {
          WordReader reader(*this);
          reader.set_in_assignment();
          element.value = reader.Read(Until::kWordEnd, Quoting::kNone);
        }
        element.source = SourceSince(start);
        assignment.elements.push_back(std::move(element));
        continue;
      }
    }
    Token token = ReadOperatorOrWord(true);
    if (token.kind != TokenKind::kWord) {
      throw SyntaxError{
          .message = "syntax error near unexpected token `" + std::string(token.op) + "'",
          .line = line_,
          .status = 1,
          .in_list = true};
    }
    element.value = std::move(token.word);
    assignment.elements.push_back(std::move(element));
  }
}

void Lexer::ParseSubscript(std::string text, WordPtr& subscript, WordPtr& key) const {
  if (text.empty()) {
    subscript = std::make_shared<const Word>();
    return;
  }
  if (text.find_first_of("'\"\\") != std::string::npos) {
    key = std::make_shared<const Word>(ParseText(text, line_, context_, Quoting::kNone));
  }
  try {
    subscript = std::make_shared<const Word>(
        ParseText(std::move(text), line_, context_, Quoting::kArithmetic));
  } catch (const SyntaxError&) {
    // m['"'] is no expression, and a good key.
    if (key == nullptr) throw;
    subscript = key;
  }
}

}  // namespace computesdk::in_memory::shell
