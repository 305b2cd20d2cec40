#include "mocks/in_memory/shell/syntax/lexer.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "mocks/in_memory/shell/syntax/word_reader.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr int kDeepestArithmetic = 2000;

// Longest first.
constexpr std::array<std::string_view, 22> kOperators = {
    "&>>", "<<<", "<<-", ";;&", "&&", "||", "|&", ";;", ";&", "&>", "<<",
    ">>",  "<&",  ">&",  "<>",  ">|", "&",  "|",  ";",  "<",  ">",  "("};

// "name", or "name[subscript]".
bool IsNameOrElement(std::string_view text) {
  const auto bracket = text.find('[');
  if (bracket == std::string_view::npos) return IsName(text);
  return IsName(text.substr(0, bracket)) && text.ends_with(']') && text.size() > bracket + 2;
}

bool IsBashOperator(std::string_view op) {
  constexpr std::array<std::string_view, 6> kOnly = {"&>>", "<<<", ";;&", "|&", ";&", "&>"};
  return std::find(kOnly.begin(), kOnly.end(), op) != kOnly.end();
}

bool IsRedirection(std::string_view op) { return op[0] == '<' || op[0] == '>'; }

bool EndsInBackslash(const std::string& line) {
  std::size_t count = 0;
  while (count < line.size() && line[line.size() - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

}  // namespace

bool IsName(std::string_view text) {
  return !text.empty() && IsNameStart(text[0]) && std::all_of(text.begin(), text.end(), IsNameChar);
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsDescriptor(std::string_view text) { return text.size() <= 5 && IsDigits(text); }

bool Lexer::Fill() {
  std::string more;
  if (!refill_ || !refill_(more)) return false;
  source_ += more;
  return true;
}

void Lexer::AddPiece(WordSource::Piece piece) {
  // One that encloses others, or is read again, takes their place.
  while (!pieces_.empty() && pieces_.back().start >= piece.start) pieces_.pop_back();
  pieces_.push_back(std::move(piece));
}

WordSourcePtr Lexer::SourceSince(std::size_t start, const Word* word) {
  auto first = pieces_.end();
  while (first != pieces_.begin() && std::prev(first)->start >= start) --first;
  const std::string* bare = word == nullptr ? nullptr : word->Bare();
  if (bare != nullptr && bare->size() == pos_ - start && first == pieces_.end()) return nullptr;
  auto source = std::make_shared<WordSource>();
  source->text = source_.substr(start, pos_ - start);
  for (auto piece = first; piece != pieces_.end(); ++piece) {
    if (piece->end > pos_) break;
    source->pieces.push_back(std::move(*piece));
    source->pieces.back().start -= start;
    source->pieces.back().end -= start;
  }
  pieces_.erase(first, pieces_.end());
  return source;
}

char Lexer::PeekChar(std::size_t ahead) {
  // A backslash before a newline joins two lines, between any two characters.
  while (true) {
    if (pos_ + ahead >= source_.size() && !Fill()) return '\0';
    if (ahead == 0 && source_[pos_] == '\\') {
      if (pos_ + 1 >= source_.size()) Fill();
      if (pos_ + 1 < source_.size() && source_[pos_ + 1] == '\n') {
        AddPiece({pos_, pos_ + 2, "", nullptr, false, ""});
        pos_ += 2;
        ++line_;
        continue;
      }
    }
    return source_[pos_ + ahead];
  }
}

// Removes a line continuation there: operators may have one inside.
void Lexer::JoinLine(std::size_t at) {
  if (at + 1 >= source_.size() || source_[at] != '\\' || source_[at + 1] != '\n') return;
  source_.erase(at, 2);
  ++line_;
}

bool Lexer::AtText(std::string_view text) {
  PeekChar();
  while (source_.size() - std::min(pos_, source_.size()) < text.size()) {
    if (!Fill()) return false;
  }
  return source_.compare(pos_, text.size(), text) == 0;
}

void Lexer::SkipBlanks() {
  while (true) {
    const char c = PeekChar();
    if (pos_ >= source_.size()) return;
    if (c == ' ' || c == '\t') {
      ++pos_;
    } else if (c == '#') {
      while (pos_ < source_.size() || Fill()) {
        if (source_[pos_] == '\n') break;
        ++pos_;
      }
      return;
    } else {
      return;
    }
  }
}

std::string Lexer::ReadLine(bool& ended) {
  std::size_t end = source_.find('\n', pos_);
  while (end == std::string::npos && Fill()) end = source_.find('\n', pos_);
  ended = end != std::string::npos;
  std::string line = source_.substr(pos_, ended ? end - pos_ : std::string::npos);
  pos_ = ended ? end + 1 : source_.size();
  if (ended) ++line_;
  return line;
}

void Lexer::ReadHereDocuments() {
  std::vector<std::shared_ptr<HereDocument>> pending;
  pending.swap(pending_);
  for (const auto& here : pending) {
    const int first_line = line_;
    std::string text;
    while (true) {
      if (pos_ >= source_.size() && !Fill()) {  // bash takes the end for the delimiter.
        warnings_.push_back("warning: here-document at line " + std::to_string(first_line - 1) +
                            " delimited by end-of-file (wanted `" + here->delimiter + "')");
        break;
      }
      bool ended = false;
      bool joined = false;
      std::string line = ReadLine(ended);
      if (!here->quoted) {
        while (ended && EndsInBackslash(line) && (pos_ < source_.size() || Fill())) {
          line.pop_back();
          line += ReadLine(ended);
          joined = true;
        }
      }
      const bool may_end = !joined || !plain();  // To dash a joined line is never the delimiter.
      if (may_end && line == here->delimiter) break;  // With tabs of its own, too.
      if (here->strip_tabs) line.erase(0, line.find_first_not_of('\t'));
      if (may_end && line == here->delimiter) break;
      text += line + '\n';
    }
    if (here->quoted) {
      here->body.parts.push_back({Literal{std::move(text)}, true});
    } else {
      auto source = std::make_shared<WordSource>();
      source->text = text;
      here->body = ParseText(std::move(text), first_line, context_, Quoting::kHereDocument);
      here->body.source = std::move(source);
    }
  }
}

void Lexer::SkipLine() {
  bool ended = false;
  ReadLine(ended);
  pending_.clear();
  joined_from_ = joined_until_ = 0;
}

std::string Lexer::LineText() const {
  // What was read may end with the newline of the line at fault.
  std::size_t end = std::min(pos_, source_.size());
  if (end > 0 && source_[end - 1] == '\n') --end;
  const std::size_t begin = end == 0 ? 0 : source_.rfind('\n', end - 1) + 1;
  return source_.substr(begin, source_.find('\n', end) - begin);
}

Token Lexer::Next() {
  SkipBlanks();
  Token token;
  token.line = line_;
  token.start = pos_;
  if (pos_ >= source_.size() && !Fill()) {
    ReadHereDocuments();
    return token;
  }
  if (source_[pos_] == '\n') {
    ++pos_;
    ++line_;
    token.kind = TokenKind::kNewline;
    ReadHereDocuments();
    return token;
  }
  return ReadOperatorOrWord();
}

Token Lexer::ReadOperatorOrWord(bool in_array) {
  Token token;
  token.line = line_;
  token.start = pos_;
  token.kind = TokenKind::kOperator;
  const char c = source_[pos_];
  if (c == ')') {
    token.op = ")";
    ++pos_;
    return token;
  }
  const bool process = !plain() && (c == '<' || c == '>') && AtText(c == '<' ? "<(" : ">(");
  if (!process && std::string_view("&|;<>(").find(c) != std::string_view::npos) {
    JoinLine(pos_ + 1);
    JoinLine(pos_ + 2);
    AtText("<<<");
    for (const std::string_view op : kOperators) {
      if (source_.compare(pos_, op.size(), op) != 0 || (plain() && IsBashOperator(op))) continue;
      token.op = op;
      pos_ += op.size();
      return token;
    }
  }
  token.kind = TokenKind::kWord;
  WordReader reader(*this);
  if (in_array) reader.set_in_array();
  token.word = reader.Read(Until::kWordEnd, Quoting::kNone);
  token.word.source = SourceSince(token.start, &token.word);
  const char next = PeekChar();
  if ((next == '<' || next == '>') && pos_ < source_.size()) {
    const std::string* bare = token.word.Bare();
    const std::string text = bare != nullptr ? *bare : "";
    const bool variable = !plain() && text.size() > 2 && text.front() == '{' &&
                          text.back() == '}' &&
                          IsNameOrElement(std::string_view(text).substr(1, text.size() - 2));
    if (IsDescriptor(text) || variable) {
      const std::size_t start = token.start;
      Token redirection = ReadOperatorOrWord();
      if (redirection.kind == TokenKind::kOperator && IsRedirection(redirection.op)) {
        if (variable) {
          redirection.variable = text.substr(1, text.size() - 2);
        } else {
          redirection.fd = std::stoi(text);
        }
        redirection.start = start;
        return redirection;
      }
      Rewind(redirection);
    }
  }
  return token;
}

void Lexer::Rewind(const Token& token) {
  pos_ = token.start;
  line_ = token.line;
}

bool Lexer::ReadArithmeticText(std::string& text) {
  int depth = 0;
  std::size_t at = pos_;
  while (true) {
    if (at >= source_.size() && !Fill()) {
      const bool ends_late = plain() && !source_.empty() && source_.back() == '\n';
      throw SyntaxError{plain() ? "Missing '))'" : "unexpected EOF while looking for matching `)'",
                        line_ + (ends_late ? 1 : 0), true};
    }
    const char c = source_[at];
    if (c == '\\') {
      if (at + 1 >= source_.size()) Fill();
      const std::size_t size = source_.size();
      JoinLine(at);
      if (source_.size() != size) continue;
      ++at;
    } else if (c == '\'' || c == '"') {
      std::size_t end = source_.find(c, at + 1);
      while (end == std::string::npos && Fill()) end = source_.find(c, at + 1);
      if (end == std::string::npos) return false;
      at = end;
    } else if (c == '(') {
      // Deeper than anything that can be evaluated; looking on would take time for nothing.
      if (++depth > kDeepestArithmetic) return false;
    } else if (c == ')') {
      if (depth == 0) {
        if (at + 1 >= source_.size()) Fill();
        JoinLine(at + 1);
        if (at + 1 >= source_.size() || source_[at + 1] != ')') return false;
        text = source_.substr(pos_, at - pos_);
        line_ += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
        pos_ = at + 2;
        return true;
      }
      --depth;
    }
    ++at;
  }
}

Word Lexer::ReadRegexWord() {
  SkipBlanks();
  const std::size_t start = pos_;
  Word word = WordReader(*this).Read(Until::kRegex, Quoting::kNone);
  word.source = SourceSince(start, &word);
  return word;
}

namespace {

// Whether what follows the text of an alias belongs to quotes that it has opened.
bool EndsInQuotes(std::string_view text) {
  char open = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && open != '\'') {
      ++at;
    } else if (open == '\0' && (c == '"' || c == '\'')) {
      open = c;
    } else if (c == open) {
      open = '\0';
    }
  }
  return open != '\0';
}

}  // namespace

bool Lexer::ExpandAlias(const Token& token, bool in_command_position) {
  if (context_ == nullptr || !context_->expand_aliases || context_->aliases == nullptr) {
    return false;
  }
  while (!active_aliases_.empty() && token.start >= active_aliases_.back().end) {
    alias_next_ = active_aliases_.back().next_too;
    active_aliases_.pop_back();
  }
  const auto& parts = token.word.parts;
  // One in quotes is no alias, and leaves the word behind it to be looked at.
  if (std::any_of(parts.begin(), parts.end(), [](const WordPart& p) { return p.quoted; })) {
    if (plain()) alias_next_ = false;
    return false;
  }
  const bool looked_at = in_command_position || alias_next_;
  const std::string* name = looked_at ? token.word.Bare() : nullptr;
  const auto found = name == nullptr ? context_->aliases->end() : context_->aliases->find(*name);
  const bool active =
      found != context_->aliases->end() &&
      std::any_of(active_aliases_.begin(), active_aliases_.end(),
                  [&](const ActiveAlias& alias) { return alias.name == found->first; });
  if (found == context_->aliases->end() || active) {
    alias_next_ = false;
    return false;
  }
  const std::string& text = found->second;
  const std::size_t length = pos_ - token.start;
  const std::string_view gap = EndsInQuotes(text) ? "" : " ";
  source_.replace(token.start, length, text + std::string(gap));
  for (ActiveAlias& outer : active_aliases_) outer.end += text.size() + gap.size() - length;
  const bool next_too = !text.empty() && (text.back() == ' ' || text.back() == '\t');
  active_aliases_.push_back({found->first, token.start + text.size() + gap.size(), next_too});
  pos_ = token.start;
  return true;
}

Word Lexer::ParseText(std::string text, int line, const LexerContext* context, Quoting quoting) {
  const char* const special = quoting == Quoting::kNone ? "$`\\\"'" : "$`\\\"";
  if (text.find_first_of(special) == std::string::npos) {
    Word word;
    word.line = line;
    word.parts.push_back({Literal{std::move(text)}, true});
    return word;
  }
  Lexer lexer(std::move(text), line, context);
  return WordReader(lexer).Read(Until::kText, quoting);
}

}  // namespace computesdk::in_memory::shell
