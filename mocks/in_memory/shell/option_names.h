#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_OPTION_NAMES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_OPTION_NAMES_H_

#include <string_view>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// `set -e`, `set -o errexit`, and the same words on bash's own command line. False for what is
// none.
bool SetOptionByLetter(Options& options, char letter, bool on);
bool SetOptionByName(Options& options, std::string_view name, bool on);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_OPTION_NAMES_H_
