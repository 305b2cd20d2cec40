#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

using Args = std::vector<std::string>;
using BuiltinTable = std::map<std::string_view, Builtin>;

// Each family adds its own.
void AddControlBuiltins(BuiltinTable& table);   // break return exit eval . exec command trap …
void AddVariableBuiltins(BuiltinTable& table);  // declare export unset …
void AddOptionBuiltins(BuiltinTable& table);    // set shopt shift getopts alias
void AddOutputBuiltins(BuiltinTable& table);    // echo printf
void AddInputBuiltins(BuiltinTable& table);     // read mapfile
void AddFolderBuiltins(BuiltinTable& table);    // cd pwd pushd umask …
void AddJobBuiltins(BuiltinTable& table);       // wait kill jobs …
void AddTestBuiltins(BuiltinTable& table);      // test [

// The letters at the front of the arguments ("-xr"), the place of the first operand in `index`.
// Of a letter that is not known, complains with `usage` and gives false.
bool ReadLetters(Interpreter& shell, const Args& args, std::string_view known, std::string& letters,
                 std::size_t& index);

// One line of `declare -p`.
std::string DescribeVariable(const std::string& name, const Variable& variable);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_BUILTINS_H_
