#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_TREE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_TREE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace computesdk::in_memory::awk {

enum class Operation {
  // Values.
  kNumber,
  kString,
  kRegex,     // /re/: matches $0, or is itself where a regular expression is wanted.
  kVariable,  // slot, local.
  kElement,   // slot, local: an array, or target: an element that is one; operands: subscripts.
  kPattern,   // @/re/
  kField,     // operands[0]: which.
  kGroup,     // (a, b): the left side of "in", or the list of a print.
  // Operators.
  kAssign,         // operands: where, what.
  kAssignCompute,  // The same, by way of `binary`.
  kAppend,         // s = s a b. operands: s, "a b".
  kConditional,
  kOr,
  kAnd,
  kIn,  // slot, local or target: the array; operands: the subscripts.
  kMatch,
  kNoMatch,
  kLess,
  kLessEqual,
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterEqual,
  kConcatenate,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kNegate,
  kPlus,
  kNot,
  kPreIncrement,
  kPreDecrement,
  kPostIncrement,
  kPostDecrement,
  // Calls.
  kCall,         // slot: the function.
  kCallByName,   // target: the variable that holds its name.
  kBuiltin,      // builtin.
  kGetline,      // From the main input; target.
  kGetlineFile,  // operands[0]: the name; target.
  kGetlinePipe,  // operands[0]: the command; target.
  kGetlineBoth,  // The same of a coprocess.
};

enum class Builtin {
  kAsort,
  kAsorti,
  kAtan2,
  kClose,
  kCos,
  kExp,
  kFflush,
  kGensub,
  kGsub,
  kIndex,
  kInt,
  kIsarray,
  kLength,
  kLog,
  kMatch,
  kMkbool,
  kMktime,
  kPatsplit,
  kRand,
  kSin,
  kSplit,
  kSprintf,
  kSqrt,
  kSrand,
  kStrftime,
  kStrtonum,
  kSub,
  kSubstr,
  kSystem,
  kSystime,
  kTolower,
  kToupper,
  kTypeof,
  kAnd,
  kOr,
  kXor,
  kLshift,
  kRshift,
  kCompl,
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Expression {
  Operation operation = Operation::kNumber;
  std::vector<ExpressionPtr> operands = {};
  ExpressionPtr target = nullptr;
  std::string text = {};
  double number = 0;
  int slot = 0;
  bool local = false;
  bool grouped = false;  // Stood in parentheses.
  int depth = 1;         // Of the tree from here.
  Operation binary = Operation::kAdd;
  Builtin builtin = Builtin::kLength;
};

enum class StatementKind {
  kExpression,
  kPrint,
  kPrintf,
  kBlock,
  kIf,
  kWhile,
  kDo,
  kFor,
  kForIn,
  kSwitch,
  kBreak,
  kContinue,
  kNext,
  kNextFile,
  kExit,
  kReturn,
  kDelete,
};

enum class Redirection { kNone, kFile, kAppend, kPipe, kBoth };

struct Statement;
using StatementPtr = std::unique_ptr<Statement>;

// What a switch compares with; none for "default".
struct SwitchCase {
  ExpressionPtr value;
  std::vector<StatementPtr> body;
};

struct Statement {
  StatementKind kind = StatementKind::kExpression;
  // Expression: the one. Print: the list. If, while, do: the condition. For: the condition, and in
  // `init` and `step` the rest. For-in: the variable and the array. Delete: a kElement or
  // kVariable.
  std::vector<ExpressionPtr> expressions = {};
  StatementPtr init = nullptr;
  StatementPtr step = nullptr;
  StatementPtr body = nullptr;
  StatementPtr other = nullptr;
  std::vector<StatementPtr> statements = {};
  std::vector<SwitchCase> cases = {};
  Redirection redirection = Redirection::kNone;
  ExpressionPtr destination = nullptr;
  int line = 0;  // Of the program.
};

struct Rule {
  enum class Kind { kBegin, kEnd, kBeginFile, kEndFile, kPattern, kRange } kind = Kind::kPattern;
  ExpressionPtr pattern = nullptr;  // None: every record.
  ExpressionPtr end = nullptr;
  StatementPtr action = nullptr;  // None: print.
  int line = 0;
};

struct Function {
  std::string name = {};
  std::size_t parameters = 0;
  bool defined = false;
  StatementPtr body = nullptr;
};

// The variables that mean something to awk come first, in this order.
enum Special {
  kArgc,
  kArgind,
  kArgv,
  kConvfmt,
  kEnviron,
  kErrno,
  kFieldwidths,
  kFilename,
  kFnr,
  kFpat,
  kFs,
  kIgnorecase,
  kNf,
  kNr,
  kOfmt,
  kOfs,
  kOrs,
  kProcinfo,
  kRlength,
  kRs,
  kRstart,
  kRt,
  kSubsep,
  kSpecials,
};

// Whether it can be assigned to.
inline bool IsPlace(const Expression& expression) {
  return expression.operation == Operation::kVariable ||
         expression.operation == Operation::kElement || expression.operation == Operation::kField;
}

struct Program {
  std::vector<Rule> rules = {};
  std::vector<Function> functions = {};
  std::vector<std::string> globals = {};  // By slot.
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_TREE_H_
