#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"

namespace computesdk::in_memory::shell {
namespace {

bool UnsetElement(Interpreter& shell, const std::string& given, const std::string& subscript) {
  const std::string name = shell.ResolveReference(given);
  const Variable* variable = shell.state.variables.Find(name);
  if (variable == nullptr) return true;
  const bool declared_only = variable->is_array() && !variable->set;
  const bool whole = subscript == "@" || subscript == "*";
  if (whole && variable->kind != VariableKind::kAssociative) {
    Variable& edited = shell.state.variables.Edit(name);
    if (edited.kind == VariableKind::kIndexed) edited.indexed = std::make_shared<IndexedArray>();
    return true;
  }
  if (variable->kind == VariableKind::kAssociative) {
    const std::string key = shell.SubscriptFromText(name, subscript);
    if (declared_only) return true;
    shell.state.variables.Edit(name).MutableAssociative().Erase(key);
    return true;
  }
  const Variable copy = *variable;
  const std::int64_t index = shell.ResolveIndex(&copy, shell.SubscriptFromText(name, subscript));
  if (variable->kind == VariableKind::kScalar) {
    if (index != 0) {
      shell.ComplainAs("unset", name + ": not an array variable");
      return false;
    }
    shell.UnsetVariable(name);
    return true;
  }
  if (index < 0) {
    shell.ComplainAs("unset", "[" + subscript + "]: bad array subscript");
    return false;
  }
  if (declared_only) return true;
  shell.state.variables.Edit(name).MutableIndexed().erase(index);
  return true;
}

bool UnsetFunction(Interpreter& shell, const std::string& name) {
  if (shell.state.readonly_functions.count(name) != 0) {
    shell.ComplainAs("unset", name + ": cannot unset: readonly function");
    return false;
  }
  shell.state.functions.erase(name);
  shell.state.traced_functions.erase(name);
  if (shell.state.exported_functions.erase(name) != 0) {
    shell.state.variables.set_environment_changed();
  }
  return true;
}

int Unset(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "fvn", letters, index)) return 2;
  const bool only_functions = letters.find('f') != std::string::npos;
  const bool only_variables =
      letters.find_first_of("vn") != std::string::npos || (shell.state.plain_sh && !only_functions);
  const bool reference = letters.find('n') != std::string::npos;
  if (only_functions && only_variables) {
    shell.ComplainAs("unset", "cannot simultaneously unset a function and a variable");
    return 1;
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    const Operand target = SplitOperand(args[index]);
    if (only_functions) {
      if (!UnsetFunction(shell, args[index])) status = 1;
      continue;
    }
    if (reference) {
      const Variable* variable = shell.state.variables.Find(target.name);
      if (variable != nullptr && !variable->reference && !variable->readonly) continue;
    }
    if (target.subscript && IsName(target.name)) {
      if (!UnsetElement(shell, target.name, *target.subscript)) status = 1;
      continue;
    }
    if (only_variables && !IsName(args[index])) {
      shell.ComplainAs("unset", "`" + args[index] + "': not a valid identifier");
      status = 1;
      continue;
    }
    // A reference may mean an element.
    const Operand meant =
        reference ? Operand{args[index]} : SplitOperand(shell.ResolveReference(args[index]));
    if (meant.subscript && IsName(meant.name)) {
      if (!UnsetElement(shell, meant.name, *meant.subscript)) status = 1;
      continue;
    }
    const std::string name = reference ? args[index] : shell.ResolveReference(args[index]);
    const Variable* variable =
        reference ? shell.state.variables.Find(name) : shell.FindVariable(name);
    const bool of_calls = name == "BASH_ARGC" || name == "BASH_ARGV" || name == "BASH_LINENO" ||
                          name == "BASH_SOURCE";
    if (of_calls && !shell.state.plain_sh) {
      shell.ComplainAs("unset", name + ": cannot unset");
      status = 1;
    } else if ((variable != nullptr && variable->readonly) || shell.IsReadonly(name)) {
      shell.ComplainAs("unset", name + ": cannot unset: readonly variable");
      status = 1;
    } else if (variable != nullptr) {
      shell.UnsetVariable(name);
    } else if (!only_variables && !UnsetFunction(shell, args[index])) {
      status = 1;
    }
  }
  return status;
}

int Let(Interpreter& shell, const Args& args) {
  const std::size_t first = args.size() > 1 && args[1] == "--" ? 2 : 1;
  if (args.size() <= first) {
    shell.ComplainAs("let", "expression expected");
    return 1;
  }
  std::int64_t value = 0;
  try {
    for (std::size_t i = first; i < args.size(); ++i) value = shell.EvaluateText(args[i]);
  } catch (const ArithmeticError& error) {
    shell.ComplainAs("let", error.message);
    return 1;
  } catch (const ExpansionError& error) {
    if (error.fatal || error.leaves_all) throw;
    return 1;
  }
  return value != 0 ? 0 : 1;
}

}  // namespace

Operand SplitOperand(const std::string& arg) {
  Operand target;
  std::size_t at = 0;
  while (at < arg.size() && IsNameChar(arg[at])) ++at;
  target.name = arg.substr(0, at);
  if (at < arg.size() && arg[at] == '[') {
    const std::size_t end = FindClosingBracket(arg, at);
    if (end != std::string::npos) {
      target.subscript = arg.substr(at + 1, end - at - 1);
      at = end + 1;
    }
  }
  target.append = arg.compare(at, 2, "+=") == 0;
  if (target.append) ++at;
  if (at < arg.size() && arg[at] == '=') {
    target.value = arg.substr(at + 1);
  } else if (at < arg.size()) {
    target.name = arg;  // No name at all.
  }
  return target;
}

void AddUnsetBuiltins(BuiltinTable& table) {
  table["unset"] = Unset;
  table["let"] = Let;
}

}  // namespace computesdk::in_memory::shell
