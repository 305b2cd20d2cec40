#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_HELP_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_HELP_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// What `help` knows: the builtins, and the reserved words.
struct HelpTopic {
  std::string_view name;
  std::string_view synopsis;
  std::string_view summary;
};
inline constexpr std::size_t kHelpTopics = 76;
const std::array<HelpTopic, kHelpTopics>& HelpTopics();
const HelpTopic* FindHelpTopic(std::string_view name);

// "cd: usage: cd [-L|[-P [-e]] [-@]] [dir]", after `message` if there is one; 2, the exit code of
// a builtin that is called wrongly.
int UsageError(Interpreter& shell, const std::string& name, const std::string& message = "");
// "-x: invalid option", with the usage.
int InvalidOption(Interpreter& shell, const std::string& name, const std::string& option);
// Of a builtin that gives up all that runs for one argument too many.
[[noreturn]] void FailTooMany(Interpreter& shell, const std::vector<std::string>& args);
// Whether `NAME --help` shows the help of the builtin; 2.
bool AnswersHelp(std::string_view name);
int ShowBuiltinHelp(Interpreter& shell, const std::string& name);
// The page that `NAME --help` and `help NAME` show.
std::string HelpPage(const HelpTopic& topic);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_HELP_H_
