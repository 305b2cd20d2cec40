#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_PARSER_IMPL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_PARSER_IMPL_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/awk/parser.h"

namespace computesdk::in_memory::awk {

// Recursive descent. Inside, an error is an exception of this type; Parse turns it into a value.
struct ParseFailure {
  SyntaxError error;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens);
  ParsedProgram Run();

 private:
  // Programs nested deeper than this are refused before they use up the stack.
  static constexpr int kMaxDepth = 200;
  static constexpr int kMaxTreeDepth = 2000;
  class DepthGuard {
   public:
    explicit DepthGuard(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth) parser_.Fail("program is nested too deeply");
    }
    ~DepthGuard() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  // --- tokens (parser.cc) ------------------------------------------------------------------------
  const Token& Peek(std::size_t ahead = 0) const;
  Token Take();
  bool IsSymbol(std::string_view text, std::size_t ahead = 0) const;
  bool IsKeyword(std::string_view text, std::size_t ahead = 0) const;
  bool TakeSymbol(std::string_view text);
  bool TakeKeyword(std::string_view text);
  void ExpectSymbol(std::string_view text);
  void SkipNewlines();
  void SkipTerminators();
  [[noreturn]] void Fail(const std::string& message) const;
  [[noreturn]] static void FailAt(const Token& token, const std::string& message);

  // --- names -------------------------------------------------------------------------------------
  void Resolve(const std::string& name, int& slot, bool& local);
  int FunctionSlot(const std::string& name);

  // --- statements (parser.cc) --------------------------------------------------------------------
  void ParseItem();
  void ParseFunction();
  StatementPtr ParseBlock();
  StatementPtr ParseStatement();
  StatementPtr ParseOneStatement();
  StatementPtr ParseSimpleOrEmpty();
  StatementPtr ParseSimple();
  StatementPtr ParsePrint();
  StatementPtr ParseDelete();
  StatementPtr ParseIf();
  StatementPtr ParseWhile();
  StatementPtr ParseDo();
  StatementPtr ParseFor();
  StatementPtr ParseForIn();
  StatementPtr ParseSwitch();
  StatementPtr ParseBody();
  StatementPtr ParseLoopBody();
  void CheckJump(const Token& jump) const;
  void EndStatement();

  // --- expressions (expressions.cc) --------------------------------------------------------------
  ExpressionPtr ParseExpression();
  ExpressionPtr ParseTernary();
  ExpressionPtr ParseOr();
  ExpressionPtr ParseAnd();
  ExpressionPtr ParseIn();
  ExpressionPtr ParseMatch();
  ExpressionPtr ParseComparison();
  ExpressionPtr ParsePipes();
  ExpressionPtr ParseConcatenation();
  ExpressionPtr ParseAdditive();
  ExpressionPtr ParseMultiplicative();
  ExpressionPtr ParseUnary();
  ExpressionPtr ParsePower();
  ExpressionPtr ParsePostfix();
  ExpressionPtr ParsePrimary();
  ExpressionPtr ParseGroup();
  ExpressionPtr ParseName();
  // A variable, or an element of it, of an element of it, …: a[i][j].
  ExpressionPtr ParseSubscripts(const Token& name);
  ExpressionPtr ParseIndirect();
  ExpressionPtr ParseBuiltin();
  ExpressionPtr ParseGetline();
  ExpressionPtr ParseOptionalTarget();
  std::vector<ExpressionPtr> ParseList(std::string_view closing);
  ExpressionPtr Binary(Operation operation, ExpressionPtr left, ExpressionPtr right);
  bool StartsOperand() const;

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  ParsedProgram result_;
  std::map<std::string, int> functions_;
  std::map<std::string, int> locals_;  // Of the function that is being read.
  bool in_function_ = false;
  std::string_view special_rule_;  // The rule that is being read, where next has no meaning.
  int loops_ = 0;                  // Around the statement that is being read.
  int switches_ = 0;
  bool no_greater_ = false;  // In a print, where ">" redirects.
  bool no_in_ = false;
};

// Makes s = s a b an operation of its own: a text that grows need not be copied each time.
void MakeAppend(Expression& assignment);

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_PARSER_IMPL_H_
