#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_PARSER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_PARSER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/awk/lexer.h"
#include "mocks/in_memory/utilities/awk/tree.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory::awk {

struct ParsedProgram {
  Program program;
  std::map<std::string, int> slots;  // Of the global variables.
  std::vector<UnknownEscape> unknown_escapes;
};

// The function of awk's own that takes so many arguments.
std::optional<Builtin> FindBuiltin(std::string_view name, std::size_t arguments);

tl::expected<ParsedProgram, SyntaxError> Parse(std::string_view source);

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_PARSER_H_
