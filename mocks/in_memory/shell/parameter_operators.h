#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PARAMETER_OPERATORS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PARAMETER_OPERATORS_H_

#include <optional>
#include <string>

#include "mocks/in_memory/shell/expansion/pattern.h"
#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// What ${x#p}, ${x/p/r}, ${x^p} and their family do to one string. The operands are expanded once,
// for all elements of a list.
class TextOperator {
 public:
  TextOperator(Interpreter& shell, const Parameter& parameter);
  std::string operator()(const std::string& text) const;

 private:
  std::string Replace(const std::string& text) const;
  std::string ChangeCase(const std::string& text) const;
  void AppendReplacement(std::string_view match, std::string& output) const;

  Interpreter& shell_;
  ParameterOp op_;
  bool any_ = false;  // No pattern is given: every character counts.
  std::optional<Pattern> pattern_;
  std::string replacement_;
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PARAMETER_OPERATORS_H_
