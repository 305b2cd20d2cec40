#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_WORD_READER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_WORD_READER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/syntax/lexer.h"
#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// Reads one word: quotes, escapes, expansions, and what is nested in them.
class WordReader {
 public:
  explicit WordReader(Lexer& lexer) : lexer_(lexer) { word_.line = lexer.line_; }

  // The word is the value of an assignment: "~" is expanded at its start and after each ":".
  void set_in_assignment() {
    in_assignment_ = true;
    tilde_allowed_ = true;
  }
  // In name=(…) a word a=~ is no assignment.
  void set_in_array() { in_array_ = true; }
  // Stops before the character that ends it.
  Word Read(Until until, Quoting quoting);

 private:
  void ReadParts(Until until, Quoting quoting);
  bool Ends(char c, Until until, Quoting quoting);
  void ReadUnquoted(char c, Until until);
  void AddRun(bool quoted);
  void ReadBackslash(Quoting quoting, Until until);
  void ReadDoubleQuotes();
  void ReadSingleQuotes();
  void ReadAnsiQuotes();
  void ReadDollar(Until until, Quoting quoting);
  void ReadBackquotes(Quoting quoting);
  CommandPtr ReadInnerCommand();
  void ReadCommandSubstitution(bool quoted);
  void JoinBehind();
  void ReadParameter(bool quoted, Quoting quoting);
  void ReadParameterName(Parameter& parameter);
  void ReadParameterOperator(Parameter& parameter, Quoting quoting);
  void ReadSubstring(Parameter& parameter);
  void ReadReplacement(Parameter& parameter, Quoting quoting);
  void SkipBadParameter(Parameter& parameter);
  void TellBadParameters(std::size_t start);
  bool ReadTilde(Until until);
  void ReadExtendedPattern();
  void ReadProcessSubstitution(bool reads);

  void Add(WordPart::Value value, bool quoted) {
    word_.parts.push_back({std::move(value), quoted});
  }
  void AddText(std::string_view text, bool quoted);
  [[noreturn]] void Unterminated(std::string_view closing) const;
  bool AtEnd();

  Lexer& lexer_;
  Word word_;
  bool in_assignment_ = false;
  bool in_array_ = false;
  bool tilde_allowed_ = true;
  bool in_single_quotes_ = false;                // Those of "${x:-'…'}", which quote nothing.
  bool in_inner_quotes_ = false;                 // Those of "${x:-"…"}", where a backslash goes.
  std::vector<std::shared_ptr<Parameter>> bad_;  // Whose message shows what is being read.
  int parentheses_ = 0;
  int questions_ = 0;
};

// The "]" that closes the "[" at `open`, quotes and nesting respected; npos without one, or if the
// line ends before.
std::size_t FindClosingBracket(std::string_view text, std::size_t open);

// Reads the escapes of $'…' and `echo -e`, `printf %b`: the escape begins at text[at] (behind the
// backslash); appends what it means and gives the position after it.
enum class EscapeStyle { kAnsi, kEcho, kPrintf };
std::size_t AppendEscape(std::string_view text, std::size_t at, EscapeStyle style,
                         std::string& output, bool& stop);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_WORD_READER_H_
