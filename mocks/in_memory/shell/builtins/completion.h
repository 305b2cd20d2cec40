#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_COMPLETION_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_COMPLETION_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

// What `compgen` and `complete` are told: where words come from, and what is done to them.
struct CompletionSpec {
  std::set<std::string> options;  // -o
  std::set<std::string> actions;  // -A, and the letters that stand for one.
  std::optional<std::string> glob;
  std::optional<std::string> words;
  std::optional<std::string> function;
  std::optional<std::string> command;
  std::optional<std::string> filter;
  std::string prefix;
  std::string suffix;

  // The options that say it all, as `complete -p` prints them.
  std::string Text() const;
};

bool IsCompletionAction(const std::string& name);
// The letters that stand for an action, and the action of one; empty for any other.
std::string CompletionActionLetters();
std::string ActionOfLetter(char letter);
bool IsCompletionOption(const std::string& name);

// The words that begin with `word`.
std::vector<std::string> GenerateWords(Interpreter& shell, const CompletionSpec& spec,
                                       const std::string& word);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_COMPLETION_H_
