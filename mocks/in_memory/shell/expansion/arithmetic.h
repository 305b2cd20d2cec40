#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_ARITHMETIC_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_ARITHMETIC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "mocks/in_memory/shell/expansion/arithmetic_number.h"

namespace computesdk::in_memory::shell {

// The variables that an expression reads and writes.
class ArithmeticVariables {
 public:
  virtual ~ArithmeticVariables() = default;
  // The value, valid until the next call; empty for one that is not set. The subscript is as
  // written, expanded already.
  virtual const std::string& Get(std::string_view name, const std::string* subscript) = 0;
  virtual void Set(std::string_view name, const std::string* subscript, std::int64_t value) = 0;
  // Whether its subscripts are texts, and no expressions.
  virtual bool HasKeys(std::string_view name) = 0;
};

// Thrown for an expression that has no value; the shell catches it where the expression stands.
struct ArithmeticError {
  std::string message;        // "1/0: division by 0 (error token is "0")"
  bool of_subscript = false;  // It is that of a subscript in the expression.
};

// The value of an expression of C on 64-bit numbers, as bash has it: all operators with
// assignments, `,` and `**`, numbers in every base, variables whose values are expressions. An
// empty expression is 0. Throws ArithmeticError.
// `plain` is what sh knows: no `,`, `**`, `++`, `--` and no other bases, and variables are numbers.
std::int64_t EvaluateArithmetic(std::string_view expression, ArithmeticVariables& variables,
                                bool plain = false);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_ARITHMETIC_H_
