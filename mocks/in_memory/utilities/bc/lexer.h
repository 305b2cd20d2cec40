#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_LEXER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_LEXER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

// What bc reads: a text of its own (its library), the files that it is given, standard input.
class BcSource {
 public:
  // `echo`: what is read from standard input is shown, as a terminal does.
  BcSource(Process& process, std::vector<std::string> files, bool echo)
      : process_(process), files_(std::move(files)), echo_(echo), standard_(process, 0) {}

  // Reads this first.
  void Prepend(std::string_view text) {
    line_ = text;
    at_ = 0;
  }
  // Whether more of what was read from its file stands ready.
  bool HasText() const { return at_ < line_.size(); }
  // '\0' at the end of everything.
  char Peek();
  void Take() { ++at_; }
  // The file whose characters come, and the line in it.
  const std::string& name() const { return name_; }
  int line() const { return line_number_; }
  void CountLine() { ++line_number_; }
  void ResetLines() { line_number_ = 1; }
  // The number that stands next in standard input; empty at its end.
  std::string ReadNumber();

 private:
  bool NextLine();
  bool OpenNext();
  std::optional<std::string> ReadLine(Input& input);

  Process& process_;
  const std::vector<std::string> files_;
  const bool echo_;
  Input standard_;
  std::unique_ptr<ScopedDescriptor> descriptor_;
  std::unique_ptr<Input> file_;
  std::size_t next_file_ = 0;
  bool in_standard_ = false;
  bool ended_ = false;
  std::string line_;
  std::size_t at_ = 0;
  std::string standard_rest_;  // Of a line of standard input, behind a number that was read.
  std::string name_ = "(standard_in)";
  int line_number_ = 1;
};

enum class BcTokenKind { kEnd, kNewline, kNumber, kName, kKeyword, kString, kOperator, kFailed };

struct BcToken {
  BcTokenKind kind = BcTokenKind::kNewline;
  std::string text;
};

class BcLexer {
 public:
  // `illegal` is told of a character that means nothing, and the lexer goes on behind it.
  BcLexer(Process& process, BcSource& source, std::function<void(std::string)> illegal)
      : process_(process), source_(source), illegal_(std::move(illegal)) {}
  BcToken Next();

 private:
  void SkipBlanks();
  void SkipComment();
  BcToken NumberToken();
  BcToken NameToken();
  // Nothing for what is no token.
  std::optional<BcToken> StringToken();
  std::optional<BcToken> OperatorToken();

  Process& process_;
  BcSource& source_;
  const std::function<void(std::string)> illegal_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_LEXER_H_
