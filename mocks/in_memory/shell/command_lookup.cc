#include <algorithm>

#include "mocks/in_memory/shell/interpreter.h"

// How the name of a command becomes a builtin or a program.
namespace computesdk::in_memory::shell {

Builtin Interpreter::EnabledBuiltin(const std::string& name) const {
  if (!state.disabled_builtins.empty() && state.disabled_builtins.count(name) != 0) return nullptr;
  // A name that only sh has for it.
  return FindBuiltin(state.plain_sh && name == "chdir" ? "cd" : name);
}

CommandHash& Interpreter::EditHash() {
  const std::string path = GetString("PATH");
  if (state.hashed == nullptr || state.hashed->path != path) {
    state.hashed = std::make_shared<CommandHash>();
    state.hashed->path = path;
  } else if (state.hashed.use_count() > 1) {
    state.hashed = std::make_shared<CommandHash>(*state.hashed);
  }
  return *state.hashed;
}

// bash finds them again by "./…", dash as the path has it.
std::string Interpreter::HashedName(const std::string& file) const {
  const bool as_it_is = file.starts_with('/') || (state.plain_sh && file.find('/') != file.npos);
  return as_it_is ? file : "./" + file;
}

const HashedCommand* Interpreter::FindHashed(const std::string& name) {
  if (state.hashed == nullptr) return nullptr;
  const auto found = state.hashed->commands.find(name);
  if (found == state.hashed->commands.end()) return nullptr;
  const Variable* path = state.variables.Find("PATH");
  const bool same = path != nullptr && path->IsSet() ? *path->Scalar() == state.hashed->path
                                                     : state.hashed->path.empty();
  return same ? &found->second : nullptr;
}

IoResult<Process::Program> Interpreter::FindProgram(const std::string& name,
                                                    const std::string* path) {
  if (path != nullptr) return process.FindProgram(name, *path);
  const bool plain = name.find('/') == std::string::npos;
  if (plain) {
    if (const HashedCommand* known = FindHashed(name)) {
      auto program = process.FindProgram(known->file, "");
      const bool gone = !program && program.error() == std::errc::no_such_file_or_directory;
      // dash goes on along the path.
      const bool goes_on = state.plain_sh && !program && !gone;
      if (!goes_on && (!gone || !state.shopt.checkhash)) {
        ++EditHash().commands[name].hits;
        return program;
      }
      if (goes_on) EditHash().commands.erase(name);
    }
  }
  const Variable* variable = state.variables.Find("PATH");
  auto program = process.FindProgram(
      name, variable != nullptr && variable->IsSet() ? *variable->Scalar() : "");
  if (program && plain && state.options.hash_all) {
    EditHash().commands[name] = {HashedName(program->file), 1};
  }
  return program;
}

}  // namespace computesdk::in_memory::shell
