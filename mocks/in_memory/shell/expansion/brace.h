#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_BRACE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_BRACE_H_

#include <optional>
#include <vector>

#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// {a,b}, {1..5}, {a..e..2}: the words that the word stands for, in order; the word itself if no
// brace in it makes a list. nullopt where they would be more than memory is worth.
std::optional<std::vector<Word>> ExpandBraces(const Word& word);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_BRACE_H_
