#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PROMPT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PROMPT_H_

#include <string>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// A text as a prompt shows it: its backslash escapes first, then the expansions that are in it.
std::string ExpandPrompt(Interpreter& shell, const std::string& text);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PROMPT_H_
