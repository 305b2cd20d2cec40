#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_PRINT_COMMAND_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_PRINT_COMMAND_H_

#include <string>
#include <string_view>

#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// Syntax trees as text, in bash's own layout, which scripts see in `declare -f` and its like.

// As `jobs` and BASH_COMMAND show it.
std::string PrintCommand(const Command& command);
// What BASH_COMMAND is while a compound command begins: its first line. `part` of a for ((…)) is
// the expression about to be evaluated: 0, 1 or 2.
std::string PrintHeader(const Command& command, int part);
// "f () \n{ \n    echo a\n}".
std::string PrintFunction(const FunctionDefinition& function);
// "() {  echo a\n}", for the environment of a child.
std::string PrintExportedFunction(const FunctionDefinition& function);
// A word, with its quotes.
std::string PrintWord(const Word& word);
std::string PrintAssignment(const Assignment& assignment);
std::string PrintCondition(const ConditionalNode& node);
// What stands between "$(" and ")".
std::string PrintSubstitution(const CommandPtr& body);
// 'it'\''s', and every other character as it is.
std::string QuotePlainly(std::string_view text);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_PRINT_COMMAND_H_
