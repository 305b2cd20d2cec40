#include <algorithm>
#include <cstdio>
#include <string_view>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/plain_messages.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/shell/syntax/utf8.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"

namespace computesdk::in_memory::shell {
namespace {

struct Attributes {
  std::string on;
  std::string off;
  bool Has(char c) const { return on.find(c) != std::string::npos; }
};

void SetFlag(bool& flag, char letter, const Attributes& attributes) {
  if (attributes.on.find(letter) != std::string::npos) flag = true;
  if (attributes.off.find(letter) != std::string::npos) flag = false;
}

// -l, -u and -c exclude each other: the one given last holds, two at once are none.
void ApplyCase(Variable& variable, const Attributes& attributes) {
  SetFlag(variable.lower, 'l', attributes);
  SetFlag(variable.upper, 'u', attributes);
  SetFlag(variable.capital, 'c', attributes);
  const int given = attributes.Has('l') + attributes.Has('u') + attributes.Has('c');
  if (given == 0) return;
  variable.lower = given == 1 && attributes.Has('l');
  variable.upper = given == 1 && attributes.Has('u');
  variable.capital = given == 1 && attributes.Has('c');
}

// One that was there before is another variable still, with fewer chains.
void MakeAssociative(Variable& variable, bool known) {
  const bool was_set = variable.set;
  const std::string value = std::exchange(variable.value, "");
  variable.set = false;
  AssociativeArray& array = variable.MutableAssociative();
  if (known) array.set_chains(kBashConvertedChains);
  if (was_set) array.Set("0", value);
  variable.set = was_set;
}

bool ApplyAttributes(Interpreter& shell, const std::string& name, const Attributes& attributes,
                     bool known) {
  const bool fresh = shell.state.variables.Find(name) == nullptr;
  Variable& variable = shell.state.variables.Edit(name);
  const bool array = attributes.on.find_first_of("aA") != std::string::npos;
  if (fresh && !array && shell.state.options.all_export) variable.exported = true;
  const char kind = variable.kind == VariableKind::kAssociative ? 'A' : 'a';
  if (variable.is_array() && attributes.off.find(kind) != std::string::npos) {
    shell.ComplainAs(shell.builtin_name, name + ": cannot destroy array variables in this way");
    return false;
  }
  if (attributes.Has('a') && (attributes.Has('A') || variable.kind == VariableKind::kAssociative)) {
    shell.ComplainAs(shell.builtin_name, name + ": cannot convert associative to indexed array");
    return false;
  }
  if (attributes.Has('A')) {
    if (variable.kind == VariableKind::kIndexed) {
      shell.ComplainAs(shell.builtin_name, name + ": cannot convert indexed to associative array");
      return false;
    }
    if (variable.kind != VariableKind::kAssociative) MakeAssociative(variable, known);
  } else if (attributes.Has('a') && variable.kind == VariableKind::kScalar) {
    const bool was_set = variable.set;
    variable.MutableIndexed();
    variable.set = was_set;
  }
  SetFlag(variable.integer, 'i', attributes);
  ApplyCase(variable, attributes);
  SetFlag(variable.exported, 'x', attributes);
  SetFlag(variable.traced, 't', attributes);
  SetFlag(variable.reference, 'n', attributes);
  shell.state.variables.set_environment_changed();
  return true;
}

// What a name reference may mean.
bool CheckReference(Interpreter& shell, const Operand& target, bool local) {
  const Variable* before = shell.state.variables.Find(target.name);
  if (!local && before != nullptr && before->is_array()) {
    shell.ComplainAs(shell.builtin_name, target.name + ": reference variable cannot be an array");
    return false;
  }
  const bool keeps = !target.value && before != nullptr && !before->reference && before->set &&
                     (!local || shell.state.variables.IsLocal(target.name));
  if (!target.value && !keeps) return true;
  const std::string text = keeps ? before->value : *target.value;
  if (!keeps && text.empty()) {
    shell.ComplainAs(shell.builtin_name, "`': not a valid identifier");
    if (local) shell.state.variables.MakeLocal(target.name, false);
    return false;
  }
  const Operand meant = SplitOperand(text);
  if (!IsName(meant.name) || meant.value || meant.append) {
    shell.ComplainAs(shell.builtin_name,
                     "`" + text + "': invalid variable name for name reference");
    return false;
  }
  if (keeps || meant.name != target.name) return true;
  if (local) {
    shell.ComplainAs(shell.builtin_name, "warning: " + target.name + ": circular name reference");
    return true;
  }
  shell.ComplainAs(shell.builtin_name,
                   target.name + ": nameref variable self references not allowed");
  return false;
}

// declare -a x='(…)': the text is read as an assignment to the array.
std::optional<Assignment> ArrayInText(Interpreter& shell, const Operand& target, bool array) {
  if (!array || !target.value || target.subscript || target.value->size() < 2) return std::nullopt;
  if (target.value->front() != '(' || target.value->back() != ')') return std::nullopt;
  Assignment assignment;
  try {
    Lexer lexer(target.name + (target.append ? "+=" : "=") + *target.value, shell.state.line,
                shell.lexer_context());
    if (!lexer.ReadAssignment(assignment) || !lexer.AtEndOfText()) return std::nullopt;
  } catch (const SyntaxError&) {
    return std::nullopt;
  }
  return assignment;
}

// What a function cannot have of its own.
bool IsOfCalls(const std::string& name) {
  return name == "FUNCNAME" || name == "BASH_SOURCE" || name == "BASH_LINENO" ||
         name == "BASH_ARGC" || name == "BASH_ARGV" || name == "GROUPS";
}

// A local variable that is made an array afterwards loses its value.
void ForgetLocalScalar(Interpreter& shell, const std::string& name) {
  if (!shell.state.variables.IsLocal(name)) return;
  Variable& variable = shell.state.variables.Edit(name);
  if (variable.kind != VariableKind::kScalar || !variable.set) return;
  variable.value.clear();
  variable.MutableIndexed().clear();
}

// One operand of declare, local, export, readonly.
bool DeclareOne(Interpreter& shell, const std::string& arg, const Assignment* array,
                const Attributes& attributes, bool local) {
  Operand target = SplitOperand(arg);
  const bool plain = shell.builtin_name == "export" || shell.builtin_name == "readonly";
  if (plain && target.subscript && IsName(target.name)) {
    shell.ComplainAs(shell.builtin_name,
                     "`" + target.name + "[" + *target.subscript + "]': not a valid identifier");
    return false;
  }
  if (target.append && shell.state.plain_sh && !plain) {
    shell.Complain("`" + target.name + "+': not a valid identifier");
    throw ExpansionError{2, true};
  }
  if (!IsName(target.name) || (target.append && shell.state.plain_sh)) {
    shell.ComplainAs(shell.builtin_name, "`" + arg + "': not a valid identifier");
    return false;
  }
  if (attributes.Has('n') && !CheckReference(shell, target, local)) return false;
  const Variable* before = shell.state.variables.Find(target.name);
  const bool assigns = array != nullptr || target.value.has_value();
  // A local variable may hide one of the function that called, which is not to be written to.
  const bool hides = local && before != nullptr && !shell.state.variables.IsLocal(target.name) &&
                     shell.state.variables.FindGlobal(target.name) != before;
  if (shell.IsReadonly(target.name) && !hides &&
      (assigns || (local && !shell.state.plain_sh && !shell.state.variables.IsLocal(target.name)) ||
       attributes.off.find('r') != std::string::npos)) {
    Variable* const marked = plain ? shell.state.variables.EditKnown(target.name) : nullptr;
    if (marked != nullptr) {  // Exported all the same.
      SetFlag(marked->exported, 'x', attributes);
      shell.state.variables.set_environment_changed();
    }
    const bool named = !plain || shell.state.plain_sh;
    shell.Complain((named ? shell.builtin_name + ": " : "") + target.name + ": readonly variable");
    if (shell.state.plain_sh) throw ExpansionError{2, true};
    if (plain && shell.state.options.posix) {
      throw ExpansionError{.status = 1, .fatal = true, .keeps_status = true};
    }
    return false;
  }
  if (local && IsOfCalls(target.name)) {
    shell.ComplainAs(shell.builtin_name, target.name + ": variable may not be assigned value");
    return false;
  }
  const bool known = !local && before != nullptr;
  if (local) {
    const bool inherit = attributes.Has('I') || shell.state.shopt.localvar_inherit ||
                         shell.state.plain_sh;  // dash's `local x` keeps the value.
    const bool fresh = shell.state.variables.MakeLocal(target.name, inherit);
    if (fresh && attributes.Has('A')) {
      Variable& variable = shell.state.variables.Edit(target.name);
      if (variable.kind == VariableKind::kScalar && variable.set) {
        variable.value.clear();
        variable.set = false;
        variable.MutableAssociative();
      }
    } else if (attributes.on.find_first_of("aA") != std::string::npos || target.subscript) {
      ForgetLocalScalar(shell, target.name);
    }
  }
  const std::string name =
      attributes.Has('n') || attributes.off.find('n') != std::string::npos || local
          ? target.name
          : shell.ResolveReference(target.name);
  if (array != nullptr && !array->append && before != nullptr && !attributes.Has('A') && local &&
      before->kind == VariableKind::kAssociative) {
    shell.state.variables.Edit(name).kind = VariableKind::kIndexed;
  }
  Attributes early = attributes;
  std::erase(early.on, 'n');
  std::erase(early.off, 'n');  // The value is still that of what it means.
  if (target.subscript && !target.value) early.on += shell.IsAssociative(name) ? 'A' : 'a';
  if (!ApplyAttributes(shell, name, early, known)) return false;
  bool done = true;
  const Variable& made = shell.state.variables.Edit(name);
  const auto read = ArrayInText(shell, target, made.is_array());
  if (read) array = &*read;
  if (array != nullptr) {
    done = shell.AssignArray(name, *array);
  } else if (target.value && target.subscript) {
    done = shell.CheckIsElement(name, *target.subscript) &&
           shell.AssignElement(name, shell.SubscriptFromText(name, *target.subscript),
                               *target.value, target.append);
  } else if (target.value && attributes.Has('n') && !target.value->empty()) {
    done = shell.SetReference(name, *target.value);
  } else if (target.value && made.is_array()) {
    done = shell.AssignElement(name, "0", *target.value, target.append);
  } else if (target.value) {
    done = shell.Assign(name, *target.value, target.append);
  }
  if (attributes.Has('n')) shell.state.variables.Edit(name).reference = true;
  if (attributes.off.find('n') != std::string::npos)
    shell.state.variables.Edit(name).reference = false;
  if (attributes.Has('r') || attributes.Has('x')) {
    Variable& variable = shell.state.variables.Edit(name);
    variable.readonly |= attributes.Has('r');
    variable.outlives |= variable.temporary;
  }
  return done;
}

bool ReadAttributes(Interpreter& shell, const Args& args, std::string_view known,
                    Attributes& attributes, std::size_t& index) {
  for (index = 1; index < args.size(); ++index) {
    const std::string& arg = args[index];
    if (arg == "--") {
      ++index;
      return true;
    }
    if (arg.size() < 2 || (arg[0] != '-' && arg[0] != '+')) return true;
    for (const char c : arg.substr(1)) {
      if (known.find(c) == std::string_view::npos) {
        InvalidOption(shell, args[0], std::string(1, arg[0]) + c);
        return false;
      }
      (arg[0] == '-' ? attributes.on : attributes.off) += c;
    }
  }
  return true;
}

const Assignment* ArrayAt(const Interpreter& shell, std::size_t index) {
  const auto found = shell.declaration_arrays.find(index);
  return found == shell.declaration_arrays.end() ? nullptr : found->second;
}

// Whether it has one of the attributes; of arrays only, where they are asked for.
bool Wanted(const Variable& variable, std::string wanted) {
  const std::string flags = VariableFlags(variable);
  for (const char kind : {'a', 'A'}) {
    if (wanted.find(kind) == std::string::npos) continue;
    if (flags.find(kind) == std::string::npos) return false;
    if (wanted.size() > 1) std::erase(wanted, kind);
    break;
  }
  return wanted.empty() || flags.find_first_of(wanted) != std::string::npos;
}

int ShowVariables(Interpreter& shell, const Args& args, std::size_t index,
                  const Attributes& attributes) {
  if (index >= args.size()) {
    std::string wanted = attributes.on;
    std::erase_if(wanted, [](char c) { return c == 'p' || c == 'g' || c == 'I'; });
    for (const std::string& name : shell.VariableNames()) {
      const Variable variable = shell.ListedVariable(name);
      if (!Wanted(variable, wanted)) continue;
      std::string line = DescribeVariable(name, variable);
      if (shell.state.plain_sh) {
        line = args[0] + " " + name + (variable.set ? "=" + PlainQuote(variable.value) : "");
        shell.Print(line + "\n");
        continue;
      }
      if (shell.state.options.posix && (args[0] == "export" || args[0] == "readonly")) {
        const std::string_view kind = variable.kind == VariableKind::kIndexed       ? " -a"
                                      : variable.kind == VariableKind::kAssociative ? " -A"
                                                                                    : "";
        line.replace(0, line.find(' ', sizeof "declare"), args[0] + std::string(kind));
      }
      shell.Print(line + "\n");
    }
    return 0;
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    const Variable* variable = shell.state.variables.Find(args[index]);
    if (variable == nullptr) variable = shell.FindVariable(args[index]);
    if (variable == nullptr) {
      shell.ComplainAs(args[0], args[index] + ": not found");
      status = 1;
    } else {
      shell.Print(DescribeVariable(args[index], *variable) + "\n");
    }
  }
  return status;
}

int Declare(Interpreter& shell, const Args& args) {
  Attributes attributes;
  std::size_t index = 1;
  if (!ReadAttributes(shell, args, "aAcfFgiIlnprtux", attributes, index)) return 2;
  if (attributes.Has('f') || attributes.Has('F')) {
    return DeclareFunctions(shell, args, index, {attributes.on, attributes.off});
  }
  const bool shows = attributes.Has('p') || attributes.off.find('p') != std::string::npos;
  const bool filters = attributes.on.find_first_not_of("gI") != std::string::npos;
  if (index >= args.size() && !shows && !filters) {
    FindBuiltin("set")(shell, {"set"});
    return 0;
  }
  if (shows || index >= args.size()) return ShowVariables(shell, args, index, attributes);
  const bool local = shell.state.variables.in_function() && !attributes.Has('g');
  int status = 0;
  for (; index < args.size(); ++index) {
    std::optional<GlobalView> view;
    if (attributes.Has('g')) {
      view.emplace(shell.state.variables, SplitOperand(args[index]).name);
    }
    if (!DeclareOne(shell, args[index], ArrayAt(shell, index), attributes, local)) {
      status = 1;
    }
  }
  return status;
}

// Where dash gives up.
int EndPlainShell(Interpreter& shell) {
  shell.flow = Flow::kExit;
  shell.discarding = false;
  return shell.exit_status = 2;
}

int Local(Interpreter& shell, const Args& args) {
  if (!shell.state.variables.in_function()) {
    shell.ComplainAs("local", "can only be used in a function");
    if (!shell.state.plain_sh) return 1;
    return EndPlainShell(shell);
  }
  if (shell.state.plain_sh && args.size() > 1 && args[1].size() > 1 && args[1][0] == '-') {
    shell.ComplainAs("local", "`" + args[1] + "': not a valid identifier");
    return EndPlainShell(shell);
  }
  const bool only_options = std::all_of(args.begin() + 1, args.end(), [](const std::string& arg) {
    return arg.size() > 1 && arg[0] == '-';
  });
  Attributes ignored;
  std::size_t end = 0;
  if (!ReadAttributes(shell, args, "aAcfFgiIlnprtux", ignored, end)) return 2;
  if (only_options) {
    for (const std::string& name : shell.state.variables.Names()) {
      if (!shell.state.variables.IsLocal(name)) continue;
      shell.Print(DescribeVariable(name, *shell.state.variables.Find(name)) + "\n");
    }
    return 0;
  }
  // "-" stands for the options of `set`.
  Args variables = args;
  const auto dash = std::find(variables.begin() + 1, variables.end(), "-");
  if (dash != variables.end()) {
    variables.erase(std::remove(variables.begin() + 1, variables.end(), "-"), variables.end());
    FunctionFrame& frame = shell.state.frames.back();
    if (frame.options == nullptr) {
      frame.options = std::make_shared<const Options>(shell.state.options);
    }
    if (variables.size() == 1) return 0;
  }
  return Declare(shell, variables);
}

int Export(Interpreter& shell, const Args& args) {
  Attributes attributes;
  std::size_t index = 1;
  if (!ReadAttributes(shell, args, shell.state.plain_sh ? "p" : "aAfnp", attributes, index)) {
    return 2;
  }
  if (attributes.Has('f')) {
    std::string on = attributes.Has('n') ? "" : "x";
    if (attributes.Has('p')) on += 'p';
    return DeclareFunctions(shell, args, index, {on, attributes.Has('n') ? "x" : ""});
  }
  if (index >= args.size()) return ShowVariables(shell, {args[0]}, 1, {"x", ""});
  Attributes applied = attributes.Has('n') ? Attributes{"", "x"} : Attributes{"x", ""};
  int status = 0;
  for (; index < args.size(); ++index) {
    const Assignment* array = ArrayAt(shell, index);
    if (attributes.Has('n') && IsName(args[index]) &&
        shell.state.variables.Find(args[index]) == nullptr) {
      continue;
    }
    Attributes here = applied;
    if (array != nullptr && attributes.Has('a')) here.on += 'a';
    if (!DeclareOne(shell, args[index], array, here, false)) status = 1;
  }
  return status;
}

int Readonly(Interpreter& shell, const Args& args) {
  Attributes attributes;
  std::size_t index = 1;
  if (!ReadAttributes(shell, args, "aAfnp", attributes, index)) return 2;
  // With -n the variables stay as they are.
  if (std::erase(attributes.on, 'n') == 0) attributes.on += 'r';
  if (attributes.Has('f')) return DeclareFunctions(shell, args, index, {attributes.on, ""});
  if (index >= args.size()) return ShowVariables(shell, {args[0]}, 1, attributes);
  std::erase(attributes.on, 'p');
  // Without a value nothing becomes an array.
  Attributes scalar = attributes;
  std::erase_if(scalar.on, [](char c) { return c == 'a' || c == 'A'; });
  int status = 0;
  for (; index < args.size(); ++index) {
    const Assignment* array = ArrayAt(shell, index);
    const bool valued = array != nullptr || args[index].find('=') != std::string::npos;
    if (!valued && !attributes.Has('r') && IsName(args[index])) continue;
    if (!DeclareOne(shell, args[index], array, valued ? attributes : scalar, false)) status = 1;
  }
  return status;
}

}  // namespace

void AddVariableBuiltins(BuiltinTable& table) {
  table["declare"] = Declare;
  table["typeset"] = Declare;
  table["local"] = Local;
  table["export"] = Export;
  table["readonly"] = Readonly;
}

}  // namespace computesdk::in_memory::shell
