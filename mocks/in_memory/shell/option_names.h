#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_OPTION_NAMES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_OPTION_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// `set -e`, `set -o errexit`, and the same words on bash's own command line. False for what is
// none.
bool SetOptionByLetter(Options& options, char letter, bool on);
bool SetOptionByName(Options& options, std::string_view name, bool on);
// Whether sh has it.
bool IsPlainOption(std::string_view name);
// The first of them with what else comes with it in a shell that runs.
bool SetOption(Interpreter& shell, const std::string& name, bool on);
bool SetShoptByName(ShellOptions& options, const std::string& name, bool on);
// Null for what is none.
std::optional<bool> OptionByName(const Options& options, std::string_view name);
// All of them, in the order of their listings.
std::vector<std::string> SetOptionNames();
std::vector<std::string> ShoptNames();
// $SHELLOPTS and $BASHOPTS.
std::string EnabledOptions(const Options& options);
std::string EnabledShopts(const ShellOptions& options);
// What `set -o` and `set +o` print, and one line of it.
void ShowSetOptions(Interpreter& shell, bool as_commands, std::optional<bool> only = {});
std::string OptionLine(const std::string& name, bool on);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_OPTION_NAMES_H_
