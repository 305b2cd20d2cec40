#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_CONDITIONAL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_CONDITIONAL_H_

#include <cstdint>
#include <string>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// The primaries that [[ and test share.
bool TestUnary(Interpreter& shell, const std::string& op, const std::string& operand);
bool CompareNumbers(const std::string& op, std::int64_t a, std::int64_t b);
bool IsFileComparison(const std::string& op);
bool TestBinaryFiles(Interpreter& shell, const std::string& op, const std::string& left,
                     const std::string& right);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_CONDITIONAL_H_
