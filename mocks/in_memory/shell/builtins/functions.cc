#include <algorithm>
#include <set>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

// What declare, export and readonly do to functions, and say of them.
namespace computesdk::in_memory::shell {
namespace {

constexpr std::string_view kFunctionAttributes = "rtx";

std::set<std::string>& FunctionsWith(State& state, char attribute) {
  if (attribute == 'r') return state.readonly_functions;
  return attribute == 't' ? state.traced_functions : state.exported_functions;
}

std::string FunctionFlags(State& state, const std::string& name) {
  std::string flags = "f";
  for (const char attribute : kFunctionAttributes) {
    if (FunctionsWith(state, attribute).count(name) != 0) flags += attribute;
  }
  return flags;
}

int MarkFunctions(Interpreter& shell, const Args& args, std::size_t index,
                  const FunctionAttributes& attributes) {
  int status = 0;
  for (; index < args.size(); ++index) {
    const std::string& name = args[index];
    if (shell.state.functions.count(name) == 0) {
      shell.ComplainAs(args[0], name + ": not a function");
      status = 1;
      continue;
    }
    for (const char attribute : kFunctionAttributes) {
      std::set<std::string>& marked = FunctionsWith(shell.state, attribute);
      if (attributes.on.find(attribute) != std::string_view::npos) marked.insert(name);
      if (attributes.off.find(attribute) == std::string_view::npos) continue;
      if (attribute != 'r') {
        marked.erase(name);
      } else if (marked.count(name) != 0) {
        shell.ComplainAs(args[0], name + ": readonly function");
        status = 1;
      }
    }
  }
  shell.state.variables.set_environment_changed();
  return status;
}

void ShowAllFunctions(Interpreter& shell, bool names_only, std::string_view wanted) {
  for (const auto& [name, function] : shell.state.functions) {
    const std::string flags = FunctionFlags(shell.state, name);
    bool shown = true;
    for (const char attribute : kFunctionAttributes) {
      const bool asked = wanted.find(attribute) != std::string_view::npos;
      shown = shown && (!asked || flags.find(attribute) != std::string::npos);
    }
    if (!shown) continue;
    if (!names_only) shell.Print(PrintFunction(*function) + "\n");
    if (names_only || flags.size() > 1) shell.Print("declare -" + flags + " " + name + "\n");
  }
}

void ShowFunction(Interpreter& shell, const std::string& name, const FunctionDefinition& function,
                  bool names_only, bool described) {
  const std::string flags = FunctionFlags(shell.state, name);
  if (!names_only) shell.Print(PrintFunction(function) + "\n");
  if (described && (names_only || flags.size() > 1)) {
    shell.Print("declare -" + flags + " " + name + "\n");
  } else if (names_only && shell.state.shopt.extdebug) {
    const std::string file = function.file == nullptr ? "environment" : *function.file;
    shell.Print(name + " " + std::to_string(function.line) + " " + file + "\n");
  } else if (names_only) {
    shell.Print(name + "\n");
  }
}

// What `declare -f` does not take: attributes that only variables have, and values.
bool CheckFunctionUse(Interpreter& shell, const Args& args, std::size_t index,
                      std::string_view letters) {
  if (letters.find_first_of("fF") == std::string_view::npos) return true;
  const std::size_t wrong = letters.find_first_of("aAin");
  if (wrong != std::string_view::npos) {
    shell.ComplainAs(args[0], std::string("-") + letters[wrong] + ": invalid option");
    return false;
  }
  const bool assigns =
      std::any_of(args.begin() + static_cast<std::ptrdiff_t>(index), args.end(),
                  [](const std::string& arg) { return arg.find('=') != std::string::npos; });
  if (assigns) shell.ComplainAs(args[0], "cannot use `-f' to make functions");
  return !assigns;
}

}  // namespace

int DeclareFunctions(Interpreter& shell, const Args& args, std::size_t index,
                     const FunctionAttributes& attributes) {
  const bool names_only = attributes.on.find('F') != std::string_view::npos;
  const bool described = attributes.on.find('p') != std::string_view::npos;
  const bool changes = attributes.on.find_first_of("rtxluc") != std::string_view::npos ||
                       attributes.off.find_first_of(kFunctionAttributes) != std::string_view::npos;
  if (index >= args.size()) {
    ShowAllFunctions(shell, names_only, attributes.on);
    return 0;
  }
  if (!CheckFunctionUse(shell, args, index, attributes.on)) return 1;
  if (changes && !described) return MarkFunctions(shell, args, index, attributes);
  int status = 0;
  for (; index < args.size(); ++index) {
    const auto found = shell.state.functions.find(args[index]);
    if (found == shell.state.functions.end()) {
      status = 1;
    } else {
      ShowFunction(shell, args[index], *found->second, names_only, described);
    }
  }
  return status;
}

}  // namespace computesdk::in_memory::shell
