#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_BUILTINS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_BUILTINS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

using Args = std::vector<std::string>;
using BuiltinTable = std::map<std::string_view, Builtin>;

// Each family adds its own.
void AddControlBuiltins(BuiltinTable& table);      // break return exit eval . exec command trap …
void AddVariableBuiltins(BuiltinTable& table);     // declare export …
void AddUnsetBuiltins(BuiltinTable& table);        // unset let
void AddAliasBuiltins(BuiltinTable& table);        // alias unalias
void AddOptionBuiltins(BuiltinTable& table);       // set shift getopts
void AddShoptBuiltins(BuiltinTable& table);        // shopt
void AddOutputBuiltins(BuiltinTable& table);       // echo printf
void AddInputBuiltins(BuiltinTable& table);        // read mapfile
void AddFolderBuiltins(BuiltinTable& table);       // cd pwd
void AddDirectoryBuiltins(BuiltinTable& table);    // pushd popd dirs
void AddLimitBuiltins(BuiltinTable& table);        // umask ulimit times
void AddJobBuiltins(BuiltinTable& table);          // wait jobs fg bg disown
void AddKillBuiltins(BuiltinTable& table);         // kill
void AddTestBuiltins(BuiltinTable& table);         // test [
void AddLookupBuiltins(BuiltinTable& table);       // type command builtin hash enable
void AddTrapBuiltins(BuiltinTable& table);         // trap
void AddCompletionBuiltins(BuiltinTable& table);   // compgen complete compopt
void AddInteractiveBuiltins(BuiltinTable& table);  // history fc bind suspend logout
void AddHelpBuiltins(BuiltinTable& table);         // help

// The status of a builtin whose operands were wrong: dash's is that of any wrong use.
inline int WrongOperands(const Interpreter& shell) { return shell.state.plain_sh ? 2 : 1; }

// The options at the front of a builtin's arguments, as getopt(3) reads them. A letter of `known`
// that ':' follows takes a value.
class OptionReader {
 public:
  OptionReader(Interpreter& shell, const Args& args, std::string_view known)
      : shell_(shell), args_(args), known_(known) {}

  // The next letter; nullopt behind the last, and of a mistake, which is complained about with the
  // usage.
  std::optional<char> Next();
  // Of the letter, where it takes one.
  const std::string& value() const { return value_; }
  // Whether there was a mistake; the builtin answers 2.
  bool wrong() const { return wrong_; }
  // Where the operands begin; once Next has given nullopt.
  std::size_t index() const { return index_; }
  Args operands() const;

 private:
  std::optional<char> Wrong() {
    wrong_ = true;
    return std::nullopt;
  }

  Interpreter& shell_;
  const Args& args_;
  std::string_view known_;
  std::string value_;
  bool wrong_ = false;
  std::size_t index_ = 1;
  std::size_t at_ = 0;  // In the word at index_; 0 before it.
};

// The letters at the front of the arguments ("-xr"), the place of the first operand in `index`.
// Of a letter that is not known, complains with the usage and gives false.
bool ReadLetters(Interpreter& shell, const Args& args, std::string_view known, std::string& letters,
                 std::size_t& index);

// name, subscript and value of an argument like a[1]+=x.
struct Operand {
  std::string name;
  std::optional<std::string> subscript = {};
  std::optional<std::string> value = {};
  bool append = false;
};
Operand SplitOperand(const std::string& arg);

// The letters of declare, export and readonly that are turned on, and off.
struct FunctionAttributes {
  std::string_view on;
  std::string_view off;
};
// Shows the functions that the operands name, or all with these attributes; or gives them.
int DeclareFunctions(Interpreter& shell, const Args& args, std::size_t index,
                     const FunctionAttributes& attributes);

// The logical name of the current folder.
std::string CurrentFolder(Interpreter& shell);
// Makes it the current one; empty, or what is wrong.
std::string EnterFolder(Interpreter& shell, const std::string& folder, bool physical);

// `kill -l` and `trap -l`.
void ListAllSignals(Interpreter& shell);

std::string VariableFlags(const Variable& variable);  // "aix"
std::string ArrayText(const Variable& variable);      // ([0]="a" [1]="b")
std::string PairsText(const Variable& variable);      // 0 "a" 1 "b"
// A value inside double quotes, or as $'…', as `declare -p` has it.
std::string DoubleQuote(const std::string& text);
// How alias and trap write a text, in bash and in sh.
std::string QuoteListed(const Interpreter& shell, std::string_view text);
// One line of `declare -p`.
std::string DescribeVariable(const std::string& name, const Variable& variable);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_BUILTINS_H_
