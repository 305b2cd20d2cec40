#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_PARSER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_PARSER_H_

#include <string>
#include <string_view>

#include "mocks/in_memory/shell/syntax/lexer.h"
#include "mocks/in_memory/shell/syntax/syntax.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory::shell {

// Recursive descent over the grammar of POSIX with bash's additions.
class Parser {
 public:
  explicit Parser(Lexer& lexer) : lexer_(lexer) {}

  // The commands up to the end of the next line that is not empty; null at the end of the input.
  // A shell reads that much before it runs anything.
  tl::expected<CommandPtr, SyntaxError> ParseLine();

  // For the reader of words: a list up to its ")", which is consumed.
  CommandPtr ParseToParenthesis();
  CommandPtr ParseToEnd();

 private:
  const Token& Peek();
  Token Take();
  bool AtOperator(std::string_view op);
  bool AtWord(std::string_view reserved);
  bool TakeOperator(std::string_view op);
  bool TakeWord(std::string_view reserved);
  void Expect(std::string_view reserved);
  void ExpectOperator(std::string_view op);
  void SkipNewlines();
  // `expected` is a literal, empty where several tokens could stand.
  [[noreturn]] void Unexpected(std::string_view expected = {});
  [[noreturn]] void ConditionalError(std::string message, bool of_next_token = true);
  std::string TokenText();  // As messages show the token that comes.
  void ExpandAliases();
  bool AtListEnd();

  CommandPtr ParseList(bool one_line);
  CommandPtr ParseBody();  // A list that may not be empty.
  CommandPtr ParseAndOr();
  CommandPtr ParsePipeline();
  CommandPtr ParseCommand();
  CommandPtr ParseCompound();
  CommandPtr ParseSimple();
  void ParseDeclarationWord(SimpleCommand& command);
  void ParseListWord(SimpleCommand& command);
  CommandPtr ParseParenthesis();
  CommandPtr ParseGroup();
  CommandPtr ParseIf();
  CommandPtr ParseCoprocess(int line);
  CommandPtr ParseWhile(bool until);
  CommandPtr ParseFor(bool select);
  CommandPtr ParseArithmeticFor();
  CommandPtr ParseCase();
  CommandPtr ParseFunction(std::string name, int line);
  CommandPtr ParseConditional();
  std::shared_ptr<const ConditionalNode> ParseConditionalOr();
  std::shared_ptr<const ConditionalNode> ParseConditionalAnd();
  // Operands with the operator between them, the first ones nested deepest.
  std::shared_ptr<const ConditionalNode> ParseConditionalChain(
      std::string_view op, ConditionalNode::Kind kind,
      std::shared_ptr<const ConditionalNode> (Parser::*parse_operand)());
  std::shared_ptr<const ConditionalNode> ParseConditionalTerm();
  CommandPtr ParseDo();
  CommandPtr ParseDoOrBraces();  // The body of for and select.
  bool AtRedirection();
  Redirection ParseRedirection();
  void ParseRedirections(Command& command);
  Word ArithmeticWord(std::string text, int line) const;

  Lexer& lexer_;
  Token token_;
  bool has_token_ = false;
};

// The list inside $( … ), the lexer standing behind the "("; its ")" is consumed. Throws
// SyntaxError, as all that the reader of words calls.
CommandPtr ParseSubstitution(Lexer& lexer);
// A whole text, as one list. Throws SyntaxError.
CommandPtr ParseWhole(std::string text, int line, const LexerContext* context);

bool IsReservedWord(std::string_view word);
// A reserved word that sh does not know.
bool IsBashWord(std::string_view word);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_PARSER_H_
