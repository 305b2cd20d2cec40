#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_PROGRAM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_PROGRAM_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace computesdk::in_memory {

// What the compiler of bc makes and its machine runs: code for a machine with a stack.
enum class BcOp {
  kConstant,   // operand: of texts.
  kLoad,       // operand: of the variables, as in the next three.
  kStore,      // Leaves the value.
  kIncrement,  // Touches the variable alone, as the next.
  kDecrement,
  kLoadElement,       // index -> value; operand: of the arrays, as in the next four.
  kStoreElement,      // index value -> value
  kIncrementElement,  // index ->
  kDecrementElement,
  kArray,  // -> the array itself, for a parameter.
  kDuplicate,
  kPop,
  kExchange,
  kPrintLine,
  kPrint,
  kString,  // operand: of texts.
  kEscapedString,
  kJump,        // operand: an instruction.
  kJumpIfTrue,  // Takes the value.
  kJumpIfFalse,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kRaise,
  kNegate,
  kNot,
  kEqual,
  kUnequal,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kCall,  // operand: of calls.
  kReturn,
  kLength,
  kScale,
  kSquareRoot,
  kRead,
  kRandom,
  kHalt,
};

struct BcInstruction {
  BcOp op;
  int operand = 0;
  // Where GNU's bc is after this instruction: it names the place of a runtime error so.
  int address = 0;
};

struct BcCall {
  int function = 0;
  std::vector<bool> arrays;  // One for each argument.
  int first_address = 0;     // Of the argument that is looked at first, which is the last.
};

// A name of a parameter list or of an auto list.
struct BcLocal {
  std::string name;
  int id = 0;
  bool array = false;
  bool by_reference = false;
};

struct BcFunction {
  std::string name;
  bool defined = false;
  bool is_void = false;
  bool in_library = false;  // Of bc itself: its constants are decimal, whatever ibase is.
  std::vector<BcLocal> parameters;
  std::vector<BcLocal> autos;
  std::vector<BcInstruction> code;
  std::vector<std::string> texts;
  std::vector<BcCall> calls;
};

// Numbers for names, in the order in which they are met.
class BcNames {
 public:
  explicit BcNames(int first) : first_(first) {}
  int IdOf(std::string_view name);
  const std::string& NameOf(int id) const { return names_[static_cast<std::size_t>(id - first_)]; }
  int end() const { return first_ + static_cast<int>(names_.size()); }

 private:
  const int first_;
  std::map<std::string, int, std::less<>> ids_;
  std::vector<std::string> names_;
};

// Variables of the language itself.
enum BcSpecial { kBcIbase = 0, kBcObase = 1, kBcScale = 2, kBcHistory = 3, kBcLast = 4 };
inline constexpr int kFirstBcVariable = 5;

struct BcProgram {
  BcNames variables{kFirstBcVariable};
  BcNames arrays{1};
  BcNames function_names{1};
  std::map<int, BcFunction> functions;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_PROGRAM_H_
