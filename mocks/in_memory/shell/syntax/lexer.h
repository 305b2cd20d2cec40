#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_LEXER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_LEXER_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// Ends parsing. It never leaves the parser's public functions.
struct SyntaxError {
  std::string message;  // "syntax error near unexpected token `)'"
  int line = 0;
  bool at_end = false;           // The input ended too early.
  bool in_substitution = false;  // Inside $( … ).
  int status = 2;
  // Inside [[ ]]: a script, which ends there, still ends with the status of the command before.
  bool conditional = false;
  std::string_view expected = {};  // The one token that could stand there; a literal.
  bool too_deep = false;           // The stack is used up.
  bool in_list = false;            // Inside name=(…): bash goes on with the next line.
};

inline SyntaxError TooDeep(int line) {
  return {.message = "maximum nesting exceeded", .line = line, .too_deep = true};
}

// What of the shell's state decides how text is read. It may change between two commands.
struct LexerContext {
  bool plain = false;  // What only bash has is no syntax: sh.
  bool extglob = false;
  bool expand_aliases = false;
  bool posix = false;
  const std::map<std::string, std::string, std::less<>>* aliases = nullptr;
};

enum class TokenKind { kEnd, kNewline, kOperator, kWord };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view op;   // Of an operator.
  Word word = {};        // Of a word.
  int fd = -1;           // The number that stands before a redirection.
  std::string variable;  // {name} before a redirection.
  std::size_t start = 0;
  int line = 0;
};

// Where a sequence of word parts ends.
enum class Until {
  kWordEnd,      // A blank or an operator.
  kRegex,        // A blank outside parentheses: the right side of =~.
  kBrace,        // "}".
  kSlash,        // "/" or "}".
  kColon,        // ":" or "}", outside parentheses and ?: .
  kDoubleQuote,  // A double quote.
  kText,         // The end of the text.
};

// What quotes mean there.
enum class Quoting { kNone, kDouble, kHereDocument, kArithmetic };

// Turns text into tokens; words come with their structure. Throws SyntaxError.
class Lexer {
 public:
  // Whether what only bash has is no syntax.
  bool plain() const { return context_ != nullptr && context_->plain; }
  Lexer(std::string source, int line, const LexerContext* context)
      : source_(std::move(source)), line_(line), context_(context) {}

  // Gives the next piece of the source when it is used up; false at the end.
  void set_refill(std::function<bool(std::string&)> refill) { refill_ = std::move(refill); }

  Token Next();
  void Rewind(const Token& token);
  int line() const { return line_; }
  const LexerContext* context() const { return context_; }
  bool posix() const { return context_ != nullptr && context_->posix; }
  bool AtText(std::string_view text);
  void Skip(std::size_t count) { pos_ += count; }
  char PeekChar(std::size_t ahead = 0);
  std::size_t position() const { return pos_; }
  std::string_view TextFrom(std::size_t start) const {
    return std::string_view(source_).substr(start, pos_ - start);
  }

  // What is to be told of the text read so far, beside errors.
  std::vector<std::string> TakeWarnings() { return std::exchange(warnings_, {}); }
  // Nothing but blank lines is left of a text that is there as a whole.
  bool AtEndOfInput() const {
    return !refill_ && source_.find_first_not_of(" \t\n", pos_) == std::string::npos;
  }
  bool AtEndOfText() const { return !refill_ && pos_ >= source_.size(); }
  // What is left of the line is not read, nor the here-documents that it asks for.
  void SkipLine();
  // The line that was read last, without its end.
  std::string LineText() const;

  // Reads the text up to the "))" that closes what has just been opened by "((". False, with
  // nothing read, if it closes otherwise.
  bool ReadArithmeticText(std::string& text);
  // name=…, name+=…, name[…]=…: reads it whole. False, with nothing read, if it is none. Where a
  // command may stand blanks in the subscript belong to it, as an argument of `declare` they do
  // not.
  bool ReadAssignment(Assignment& assignment, bool in_command_position = true);
  Word ReadRegexWord();
  // The name of a function, which may have characters that a variable's may not.
  void AddHereDocument(std::shared_ptr<HereDocument> here) { pending_.push_back(std::move(here)); }
  bool has_pending_here_documents() const { return !pending_.empty(); }
  void set_force_extglob(bool force) { force_extglob_ = force; }
  // The text from `start` to here, for printing; null if it is just that of `word`.
  WordSourcePtr SourceSince(std::size_t start, const Word* word = nullptr);
  // Replaces the word just read by an alias's text; false if it has none. Elsewhere than in the
  // position of a command only what follows an alias that ends in a blank is one.
  bool ExpandAlias(const Token& token, bool in_command_position);

  // The parts of a text that stands alone: the inside of $((…)), a here-document, a subscript.
  static Word ParseText(std::string text, int line, const LexerContext* context, Quoting quoting);
  // An indexed array evaluates its subscript, an associative one takes it as a word: `key` is left
  // null where both read the same.
  void ParseSubscript(std::string text, WordPtr& subscript, WordPtr& key) const;

 private:
  friend class WordReader;

  // An alias whose text is being read.
  struct ActiveAlias {
    std::string name;
    std::size_t end = 0;
    bool next_too = false;
  };

  bool Fill();
  // Takes note of what is not printed as it is written.
  void AddPiece(WordSource::Piece piece);
  void SkipBlanks();
  void JoinLine(std::size_t at);
  Token ReadOperatorOrWord(bool in_array = false);  // Whether it is a word of name=(…).
  void ReadHereDocuments();
  std::string ReadLine(bool& ended);
  bool extglob() const { return force_extglob_ || (context_ != nullptr && context_->extglob); }
  void ReadArrayElements(Assignment& assignment);
  // Where the "]" is that closes the "[" at `open`, maybe lines further on; without one the shell
  // ends with `status`.
  std::size_t SubscriptEnd(std::size_t open, int status);

  std::string source_;
  std::size_t pos_ = 0;
  int line_;
  const LexerContext* context_;
  std::function<bool(std::string&)> refill_;
  std::vector<std::shared_ptr<HereDocument>> pending_;
  std::vector<WordSource::Piece> pieces_;  // Of the words that are being read.
  std::vector<std::string> warnings_;
  bool force_extglob_ = false;
  // Between these blanks belong to the word: those of name[1 + 2].
  std::size_t joined_from_ = 0;
  std::size_t joined_until_ = 0;
  bool alias_next_ = false;  // An alias that ends in a blank lets the next word be one, too.
  std::vector<ActiveAlias> active_aliases_;  // The innermost last.
};

inline bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
inline bool IsNameChar(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }
bool IsName(std::string_view text);
bool IsDigits(std::string_view text);  // One at least.
bool IsDescriptor(std::string_view text);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_LEXER_H_
