#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_ARITHMETIC_NUMBER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_ARITHMETIC_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "tl/expected.hpp"

// The constants of an arithmetic expression.
namespace computesdk::in_memory::shell {

// A whole number in decimal; nullopt for anything else. Most expressions are just that.
std::optional<std::int64_t> ParsePlainNumber(std::string_view text);

struct NumberProblem {
  const char* message;
};

// 12, 017, 0x1f, 36#zz: a number in any base to 64; what is beyond 64 bits wraps around. `plain` is
// what sh knows: no "#", and the greatest number for what is beyond it.
tl::expected<std::int64_t, NumberProblem> ParseNumber(std::string_view text, bool plain);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_ARITHMETIC_NUMBER_H_
