#include "mocks/in_memory/shell/syntax/word_reader.h"

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/syntax/parser.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr std::string_view kMetaCharacters = " \t\n;&|<>()";

bool IsTildeNameChar(char c) { return IsNameChar(c) || c == '-' || c == '+' || c == '.'; }

}  // namespace

std::size_t FindClosingBracket(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') return std::string_view::npos;
    if (c == '\\') {
      ++at;
    } else if (c == '\'' || c == '"' || c == '`') {
      const std::string_view ends = c == '"' ? "\"\\" : c == '`' ? "`\\" : "'";
      at = text.find_first_of(ends, at + 1);
      while (at != std::string_view::npos && text[at] == '\\')
        at = text.find_first_of(ends, at + 2);
      if (at == std::string_view::npos) return at;
    } else if (c == '[' || c == '{' || c == '(') {
      ++depth;
    } else if (c == ']' || c == '}' || c == ')') {
      if (--depth == 0) return c == ']' ? at : std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

void WordReader::AddText(std::string_view text, bool quoted) {
  if (!word_.parts.empty() && word_.parts.back().quoted == quoted) {
    if (auto* literal = std::get_if<Literal>(&word_.parts.back().value)) {
      literal->text += text;
      return;
    }
  }
  Add(Literal{std::string(text)}, quoted);
}

void WordReader::Unterminated(std::string_view closing) const {
  throw SyntaxError{"unexpected EOF while looking for matching `" + std::string(closing) + "'",
                    word_.line, true};
}

bool WordReader::AtEnd() {
  lexer_.PeekChar();
  return lexer_.pos_ >= lexer_.source_.size();
}

Word WordReader::Read(Until until, Quoting quoting) {
  if (StackIsLow()) throw TooDeep(lexer_.line_);
  const std::size_t start = lexer_.pos_;
  ReadParts(until, quoting);
  TellBadParameters(start);
  const std::string* bare = word_.Bare();
  word_.plain = (bare != nullptr && !word_.braces &&
                 bare->find_first_of("*?[\\") == std::string::npos && !lexer_.extglob()) ||
                (word_.parts.size() == 1 && word_.parts[0].quoted &&
                 std::holds_alternative<Literal>(word_.parts[0].value));
  return std::move(word_);
}

bool WordReader::Ends(char c, Until until, Quoting quoting) {
  switch (until) {
    case Until::kWordEnd:
      if (lexer_.pos_ >= lexer_.joined_from_ && lexer_.pos_ < lexer_.joined_until_) return false;
      if ((c == '<' || c == '>') && lexer_.PeekChar(1) == '(') return lexer_.plain();
      return kMetaCharacters.find(c) != std::string_view::npos;
    case Until::kRegex:
      if (c == '(') ++parentheses_;
      if (c == ')' && --parentheses_ < 0) return true;
      if (std::string_view("\n;&<>").find(c) != std::string_view::npos) return parentheses_ == 0;
      return (c == ' ' || c == '\t') && parentheses_ == 0;
    case Until::kBrace:
      return c == '}' && !in_single_quotes_;
    case Until::kSlash:
      return c == '}' || (c == '/' && !word_.parts.empty());
    case Until::kColon:
      if (c == '(') ++parentheses_;
      if (c == ')') --parentheses_;
      if (c == '?' && parentheses_ == 0) ++questions_;
      if (c == ':' && parentheses_ == 0) return questions_-- <= 0;
      return c == '}';
    case Until::kDoubleQuote:
      return c == '"';
    case Until::kText:
      return false;
  }
  static_cast<void>(quoting);
  return false;
}

void WordReader::ReadParts(Until until, Quoting quoting) {
  const bool quoted = quoting != Quoting::kNone;
  while (!AtEnd()) {
    const char c = lexer_.PeekChar();
    if (Ends(c, until, quoting)) return;
    if (c == '\n') ++lexer_.line_;
    if (c == '$') {
      ReadDollar(until, quoting);
    } else if (c == '"' && in_single_quotes_) {
      lexer_.Skip(1);  // It goes, and opens nothing.
    } else if (c == '`') {
      ReadBackquotes(quoting);
    } else if (c == '\\') {
      ReadBackslash(quoting, until);
    } else if (c == '"' && (quoting != Quoting::kHereDocument || until == Until::kBrace) &&
               (quoting != Quoting::kArithmetic || !lexer_.plain())) {
      // In "${x:-"\a"}" they end those around them.
      const bool inner = quoting == Quoting::kDouble && until == Until::kBrace && !lexer_.plain();
      const bool before = std::exchange(in_inner_quotes_, inner);
      ReadDoubleQuotes();
      in_inner_quotes_ = before;
    } else if (!quoted) {
      ReadUnquoted(c, until);
    } else {
      // In "${x:-it's}" a quote stays as it is, and hides a "}" until the next one.
      if (c == '\'' && until == Until::kBrace && quoting == Quoting::kDouble && !lexer_.posix()) {
        in_single_quotes_ = !in_single_quotes_;
      }
      if (IsNameChar(c)) {
        AddRun(true);
        continue;
      }
      AddText({&c, 1}, true);
      lexer_.Skip(1);
    }
  }
  if (in_single_quotes_) Unterminated("'");
  if (until == Until::kBrace || until == Until::kSlash || until == Until::kColon) {
    Unterminated("}");
  }
  if (until == Until::kDoubleQuote) Unterminated("\"");
}

void WordReader::ReadUnquoted(char c, Until until) {
  const bool tilde_allowed = tilde_allowed_ && (word_.parts.empty() || in_assignment_);
  tilde_allowed_ = false;
  if (c == '\'') return ReadSingleQuotes();
  if (c == '~' && tilde_allowed && ReadTilde(until)) return;
  if ((c == '<' || c == '>') && until == Until::kWordEnd) return ReadProcessSubstitution(c == '<');
  if (until != Until::kRegex && lexer_.extglob() && lexer_.PeekChar(1) == '(' &&
      std::string_view("?*+@!").find(c) != std::string_view::npos) {
    return ReadExtendedPattern();
  }
  if (c == '{') word_.braces = true;
  if (c == '=' && !in_assignment_ && !in_array_ && until == Until::kWordEnd) {
    const std::string* bare = word_.Bare();
    if (bare != nullptr) {
      const std::size_t bracket = bare->find('[');
      std::string_view name = std::string_view(*bare).substr(0, bracket);
      if (bracket == std::string::npos && !name.empty() && name.back() == '+') {
        name.remove_suffix(1);
      }
      if (IsName(name)) word_.looks_like_assignment = in_assignment_ = tilde_allowed_ = true;
    }
  }
  if (c == ':' && in_assignment_) tilde_allowed_ = true;
  if (c == '[' && until == Until::kWordEnd && word_.parts.size() == 1) {
    // a[i + 1]=x: only the whole assignment can tell; the parser looks again.
    const std::string* bare = word_.Bare();
    if (bare != nullptr && IsName(*bare)) word_.looks_like_assignment = true;
  }
  if (!IsNameChar(c)) {
    AddText({&c, 1}, false);
    return lexer_.Skip(1);
  }
  AddRun(false);
}

// What follows of characters that mean nothing but themselves anywhere, at once.
void WordReader::AddRun(bool quoted) {
  const std::string& source = lexer_.source_;
  std::size_t end = lexer_.pos_ + 1;
  while (end < source.size() && IsNameChar(source[end])) ++end;
  AddText(std::string_view(source).substr(lexer_.pos_, end - lexer_.pos_), quoted);
  lexer_.pos_ = end;
}

void WordReader::ReadBackslash(Quoting quoting, Until until) {
  lexer_.Skip(1);
  if (lexer_.pos_ >= lexer_.source_.size() && !lexer_.Fill()) {
    AddText("\\", quoting != Quoting::kNone);
    return;
  }
  const char c = lexer_.source_[lexer_.pos_];
  if (in_single_quotes_ && c == '\'') return AddText("\\", true);
  lexer_.Skip(1);
  if (quoting == Quoting::kNone) {
    AddText({&c, 1}, true);
    return;
  }
  bool special = c == '$' || c == '`' || c == '\\';
  if (c == '"') special = quoting != Quoting::kHereDocument || until == Until::kBrace;
  if (c == '}') special = until == Until::kBrace || until == Until::kSlash;
  if (!special && !in_inner_quotes_) AddText("\\", true);
  AddText({&c, 1}, true);
}

namespace {

bool IsList(const WordPart& part) {
  const auto* parameter = std::get_if<std::shared_ptr<const Parameter>>(&part.value);
  return parameter != nullptr && ((*parameter)->list == '@' || (*parameter)->name == "@");
}

}  // namespace

void WordReader::ReadDoubleQuotes() {
  lexer_.Skip(1);
  tilde_allowed_ = false;
  const std::size_t before = word_.parts.size();
  const bool joins = before != 0 && word_.parts.back().quoted &&
                     std::holds_alternative<Literal>(word_.parts.back().value);
  if (!joins) Add(Literal{}, true);
  const std::size_t first = word_.parts.size();
  const int saved_line = word_.line;
  word_.line = lexer_.line_;
  auto outside = std::exchange(bad_, {});
  const std::size_t start = lexer_.pos_;
  ReadParts(Until::kDoubleQuote, Quoting::kDouble);
  TellBadParameters(start);
  bad_ = std::move(outside);
  word_.line = saved_line;
  lexer_.Skip(1);
  const auto begin = word_.parts.begin() + static_cast<std::ptrdiff_t>(first);
  if (std::any_of(begin, word_.parts.end(), IsList)) {
    std::for_each(begin, word_.parts.end(), [](WordPart& p) { p.beside_list = !IsList(p); });
  }
  // "" alone is an empty field; in front of an expansion the mark would keep "$@" from vanishing.
  if (first > before && word_.parts.size() > first) {
    const auto* literal = std::get_if<Literal>(&word_.parts[first - 1].value);
    if (literal != nullptr && literal->text.empty()) {
      word_.parts.erase(word_.parts.begin() + static_cast<std::ptrdiff_t>(first) - 1);
    }
  }
}

void WordReader::ReadSingleQuotes() {
  lexer_.Skip(1);
  std::size_t end = lexer_.source_.find('\'', lexer_.pos_);
  while (end == std::string::npos && lexer_.Fill()) {
    end = lexer_.source_.find('\'', lexer_.pos_);
  }
  const std::string_view text =
      std::string_view(lexer_.source_).substr(lexer_.pos_, end - lexer_.pos_);
  for (const char c : text) lexer_.line_ += c == '\n';
  if (end == std::string::npos) Unterminated("'");
  AddText(text, true);
  lexer_.pos_ = end + 1;
}

void WordReader::ReadAnsiQuotes() {
  const std::size_t start = lexer_.pos_ - 2;
  std::string text;
  bool stop = false;
  while (true) {
    if (lexer_.pos_ >= lexer_.source_.size() && !lexer_.Fill()) Unterminated("'");
    const char c = lexer_.source_[lexer_.pos_++];
    if (c == '\'') break;
    if (c == '\n') ++lexer_.line_;
    if (c != '\\') {
      text += c;
    } else {
      if (lexer_.pos_ >= lexer_.source_.size() && !lexer_.Fill()) Unterminated("'");
      lexer_.pos_ = AppendEscape(lexer_.source_, lexer_.pos_, EscapeStyle::kAnsi, text, stop);
    }
  }
  // A NUL ends the string, as everywhere in a variable.
  text.erase(std::min(text.find('\0'), text.size()));
  lexer_.AddPiece({start, lexer_.pos_, "", nullptr, true, text});
  AddText(text, true);
}

void WordReader::ReadDollar(Until until, Quoting quoting) {
  const bool quoted = quoting != Quoting::kNone;
  lexer_.JoinLine(lexer_.pos_ + 1);
  const char next = lexer_.PeekChar(1);
  tilde_allowed_ = false;
  if (next == '(') {
    lexer_.JoinLine(lexer_.pos_ + 2);
    if (lexer_.PeekChar(2) == '(') {
      const std::size_t start = lexer_.pos_;
      const int line = lexer_.line_;
      std::string text;
      lexer_.Skip(3);
      if (lexer_.ReadArithmeticText(text)) {
        auto word = std::make_shared<const Word>(
            Lexer::ParseText(std::move(text), line, lexer_.context_, Quoting::kArithmetic));
        return Add(ArithmeticExpansion{std::move(word)}, quoted);
      }
      if (lexer_.plain()) throw SyntaxError{"Missing '))'", line};
      lexer_.pos_ = start;
    }
    lexer_.Skip(2);
    return ReadCommandSubstitution(quoted);
  }
  if (next == '{') {
    lexer_.Skip(2);
    return ReadParameter(quoted, quoting);
  }
  if (next == '[' && !lexer_.plain()) {  // $[…], the old form of $((…)).
    const std::size_t end = FindClosingBracket(lexer_.source_, lexer_.pos_ + 1);
    if (end != std::string_view::npos) {
      const std::size_t begin = lexer_.pos_ + 2;
      auto word = std::make_shared<const Word>(
          Lexer::ParseText(lexer_.source_.substr(begin, end - begin), lexer_.line_, lexer_.context_,
                           Quoting::kArithmetic));
      lexer_.pos_ = end + 1;
      return Add(ArithmeticExpansion{std::move(word)}, quoted);
    }
  }
  const bool default_word = quoting == Quoting::kDouble && until == Until::kBrace;
  if ((!quoted || default_word) && next == '\'' && !lexer_.plain()) {
    lexer_.Skip(2);
    return ReadAnsiQuotes();
  }
  if ((!quoted || quoting == Quoting::kArithmetic) && next == '"' &&
      !lexer_.plain()) {  // $"…": the message itself, there being no translation.
    lexer_.AddPiece({lexer_.pos_, lexer_.pos_ + 1, "", nullptr, false, ""});
    lexer_.Skip(1);
    return ReadDoubleQuotes();
  }
  auto parameter = std::make_shared<Parameter>();
  if (IsNameStart(next)) {
    lexer_.Skip(1);
    const std::size_t start = lexer_.pos_;
    while (lexer_.pos_ < lexer_.source_.size() && IsNameChar(lexer_.source_[lexer_.pos_])) {
      lexer_.Skip(1);
      lexer_.JoinLine(lexer_.pos_);
    }
    parameter->name = lexer_.TextFrom(start);
  } else if (next != '\0' &&
             std::string_view("0123456789@*#?$!-").find(next) != std::string_view::npos) {
    lexer_.Skip(2);
    parameter->name = next;
    if (next == '@' || next == '*') parameter->list = next;
  } else {
    AddText("$", quoted);
    lexer_.Skip(1);
    return;
  }
  Add(std::shared_ptr<const Parameter>(std::move(parameter)), quoted);
}

// The here-documents of the line around it come behind it, not at a newline in it.
CommandPtr WordReader::ReadInnerCommand() {
  auto pending = std::exchange(lexer_.pending_, {});
  CommandPtr body = ParseSubstitution(lexer_);
  if (const std::size_t left = lexer_.pending_.size(); left > 0 && !lexer_.plain()) {
    lexer_.warnings_.push_back("warning: command substitution: " + std::to_string(left) +
                               " unterminated here-document" + (left == 1 ? "" : "s"));
  }
  pending.insert(pending.end(), lexer_.pending_.begin(), lexer_.pending_.end());
  lexer_.pending_ = std::move(pending);
  return body;
}

void WordReader::ReadCommandSubstitution(bool quoted) {
  const std::size_t start = lexer_.pos_ - 2;
  CommandPtr body = ReadInnerCommand();
  lexer_.AddPiece({start, lexer_.pos_, "$(", body, false, ""});
  Add(CommandSubstitution{std::move(body), ""}, quoted);
}

void WordReader::ReadProcessSubstitution(bool reads) {
  const std::size_t start = lexer_.pos_;
  lexer_.Skip(2);
  CommandPtr body = ReadInnerCommand();
  lexer_.AddPiece({start, lexer_.pos_, reads ? "<(" : ">(", body, false, ""});
  Add(ProcessSubstitution{std::move(body), reads}, true);
}

void WordReader::ReadBackquotes(Quoting quoting) {
  const int line = lexer_.line_;
  lexer_.Skip(1);
  tilde_allowed_ = false;
  std::string text;
  while (true) {
    if (lexer_.pos_ >= lexer_.source_.size() && !lexer_.Fill()) Unterminated("`");
    const char c = lexer_.source_[lexer_.pos_++];
    if (c == '`') break;
    if (c == '\n') ++lexer_.line_;
    if (c == '\\' && lexer_.pos_ >= lexer_.source_.size()) lexer_.Fill();
    if (c == '\\' && lexer_.pos_ < lexer_.source_.size()) {
      const char next = lexer_.source_[lexer_.pos_];
      if (next == '\n') {  // It joins the lines, between single quotes too.
        lexer_.AddPiece({lexer_.pos_ - 1, lexer_.pos_ + 1, "", nullptr, false, ""});
        ++lexer_.pos_;
        ++lexer_.line_;
        continue;
      }
      const bool special = next == '`' || next == '\\' || next == '$' ||
                           (next == '"' && quoting == Quoting::kDouble);
      if (!special) text += c;
      text += next;
      ++lexer_.pos_;
    } else {
      text += c;
    }
  }
  CommandSubstitution substitution;
  try {
    substitution.body = ParseWhole(std::move(text), line, lexer_.context_);
  } catch (const SyntaxError& error) {
    substitution.error = error.message;
  }
  Add(std::move(substitution), quoting != Quoting::kNone);
}

bool WordReader::ReadTilde(Until until) {
  const std::string& source = lexer_.source_;
  std::size_t end = lexer_.pos_ + 1;
  while (end < source.size() && IsTildeNameChar(source[end])) ++end;
  const char c = end < source.size() ? source[end] : '\n';
  const bool ends = c == '/' || c == ':' || (c == '}' && until == Until::kBrace) ||
                    kMetaCharacters.find(c) != std::string_view::npos;
  if (!ends) return false;
  Add(Tilde{source.substr(lexer_.pos_ + 1, end - lexer_.pos_ - 1)}, false);
  lexer_.pos_ = end;
  return true;
}

void WordReader::ReadExtendedPattern() {
  AddText(std::string_view(lexer_.source_).substr(lexer_.pos_, 2), false);
  lexer_.Skip(2);
  // Blanks and operators inside belong to the pattern.
  while (true) {
    if (AtEnd()) Unterminated(")");
    const char c = lexer_.PeekChar();
    if (c == ')') break;
    if (c == '$') {
      ReadDollar(Until::kText, Quoting::kNone);
    } else if (c == '`') {
      ReadBackquotes(Quoting::kNone);
    } else if (c == '\\') {
      ReadBackslash(Quoting::kNone, Until::kText);
    } else if (c == '"') {
      ReadDoubleQuotes();
    } else if (c == '\'') {
      ReadSingleQuotes();
    } else if (lexer_.PeekChar(1) == '(' &&
               std::string_view("?*+@!").find(c) != std::string_view::npos) {
      if (StackIsLow()) throw TooDeep(lexer_.line_);
      ReadExtendedPattern();
    } else {
      AddText({&c, 1}, false);
      lexer_.Skip(1);
    }
  }
  AddText(")", false);
  lexer_.Skip(1);
}

}  // namespace computesdk::in_memory::shell
