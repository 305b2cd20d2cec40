#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_COMPILER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_COMPILER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/bc/lexer.h"
#include "mocks/in_memory/utilities/bc/program.h"

namespace computesdk::in_memory {

// What POSIX does not know is accepted (kGnu), warned of (-w), or an error (-s).
enum class BcDialect { kGnu, kWarn, kStandard };

// Nested deeper, a program is refused before it uses up the stack.
inline constexpr int kMaxBcDepth = 400;

// Reads one line (or function) of a program after the other.
class BcCompiler {
 public:
  BcCompiler(Process& process, BcSource& source, BcProgram& program, Output& out,
             BcDialect dialect);

  // The code of the next line; nullopt at the end, or after quit. Functions go into the program.
  // What is wrong has been complained of, and its code is empty.
  std::optional<BcFunction> Next();
  // Reads the definitions of bc's library.
  void ReadLibrary(std::string_view text);

 private:
  enum Precedence : int { kLowest, kOr, kAnd, kNot, kRelation, kSum, kProduct, kPower, kUnary };
  // What an expression is, beside its value.
  struct Kind {
    bool assignment = false;
    bool comparison = false;
    bool is_void = false;
  };
  struct Loop {
    std::vector<std::size_t> breaks;
    std::vector<std::size_t> continues;
  };
  struct Place {  // A variable or an element.
    int id = 0;
    bool element = false;
  };

  // tokens
  void Advance();
  bool At(std::string_view text) const;  // An operator or keyword.
  bool Accept(std::string_view text);
  void Expect(std::string_view text);
  void SkipNewline();
  void NameToken();
  void Report(const std::string& message);
  // This line is wrong, and what follows in it is not looked at.
  void Fail(const std::string& message);
  void SyntaxError() { Fail("syntax error"); }
  // The line is understood, but will not be run.
  void Reject(const std::string& message);
  void Warn(const std::string& construct);
  void RecoverFromError();

  // code
  std::size_t Emit(BcOp op, int operand = 0);
  int AddText(const std::string& text);
  void EmitConstant(const std::string& text);
  void EmitLoad(const Place& place);
  void EmitStep(const Place& place, bool up);
  void JumpHere(std::size_t jump);
  void JumpTo(std::size_t jump, std::size_t target);

  // functions
  void Definition();
  void LocalList(std::vector<BcLocal>& locals, bool parameters);
  BcLocal Local(bool parameter);
  void CheckLocals(const BcFunction& function);

  // statements
  void StatementList(bool block);
  void Statement();
  void SimpleStatement();
  void ExpressionStatement();
  void PrintStatement();
  void ReturnStatement();
  void LoopExit(bool is_break);
  void IfStatement();
  void WhileStatement();
  void ForStatement();
  bool ForPart(std::string_view end);
  void CloseLoop(std::size_t continue_target);

  // expressions
  void Value();
  Kind Expression(int least);
  bool Infixed(Kind& left, int least);
  void OrOperator();
  void AndOperator();
  Kind Prefix();
  Kind StepBefore();
  Kind Primary();
  Kind Named(const std::string& name);
  Kind KeywordPrimary();
  Kind AfterPlace(const Place& place);
  Kind Call(const std::string& name);
  void Argument(BcCall& call);
  std::optional<Place> ParsePlace();
  Place PlaceOf(const std::string& name);
  Place ElementOf(const std::string& name);

  Process& process_;
  BcSource& source_;
  BcProgram& program_;
  Output& out_;
  const BcDialect dialect_;
  BcLexer lexer_;
  BcToken token_;
  bool failed_ = false;
  bool rejected_ = false;
  bool at_line_end_ = false;  // It was there that it failed.
  bool quit_ = false;
  int quiet_tokens_ = 0;
  int depth_ = 0;
  BcFunction* function_ = nullptr;  // Whose code is being made.
  bool in_function_ = false;
  bool in_library_ = false;
  std::vector<Loop> loops_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_COMPILER_H_
