#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/completion.h"
#include "mocks/in_memory/shell/builtins/help.h"

// compgen, complete and compopt. Nobody types here: what is registered is only kept and shown.
namespace computesdk::in_memory::shell {
namespace {

struct CompletionCommand {
  CompletionSpec spec;
  bool prints = false;   // -p
  bool removes = false;  // -r
  std::string special;   // -D, -E or -I instead of names.
  Args operands;
};

// Puts the value of an option in its place; the status of a mistake, or 0.
int StoreValue(Interpreter& shell, const std::string& name, char letter, std::string value,
               CompletionSpec& spec) {
  switch (letter) {
    case 'A':
      if (!IsCompletionAction(value)) {
        shell.ComplainAs(name, value + ": invalid action name");
        return 2;
      }
      spec.actions.insert(std::move(value));
      return 0;
    case 'o':
      if (!IsCompletionOption(value)) {
        shell.ComplainAs(name, value + ": invalid option name");
        return 2;
      }
      spec.options.insert(std::move(value));
      return 0;
    case 'G':
      spec.glob = std::move(value);
      return 0;
    case 'W':
      spec.words = std::move(value);
      return 0;
    case 'F':
      spec.function = std::move(value);
      return 0;
    case 'C':
      spec.command = std::move(value);
      return 0;
    case 'X':
      spec.filter = std::move(value);
      return 0;
    case 'P':
      spec.prefix = std::move(value);
      return 0;
    default:
      spec.suffix = std::move(value);
      return 0;
  }
}

// 0, or the status of a mistake.
int ReadCommand(Interpreter& shell, const Args& args, bool registers, CompletionCommand& command) {
  const std::string known =
      CompletionActionLetters() + "A:o:G:W:F:C:X:P:S:" + (registers ? "prDEI" : "");
  OptionReader options(shell, args, known);
  while (const auto letter = options.Next()) {
    const std::string action = ActionOfLetter(*letter);
    if (!action.empty()) {
      command.spec.actions.insert(action);
    } else if (*letter == 'p') {
      command.prints = true;
    } else if (*letter == 'r') {
      command.removes = true;
    } else if (*letter == 'D' || *letter == 'E' || *letter == 'I') {
      command.special = std::string("-") + *letter;
    } else if (const int status =
                   StoreValue(shell, args[0], *letter, options.value(), command.spec)) {
      return status;
    }
  }
  if (options.wrong()) return 2;
  command.operands = options.operands();
  if (!command.special.empty()) command.operands = {command.special};
  return 0;
}

int CompGen(Interpreter& shell, const Args& args) {
  CompletionCommand command;
  if (const int status = ReadCommand(shell, args, false, command)) return status;
  const std::string word = command.operands.empty() ? "" : command.operands[0];
  if (command.spec.function) {
    shell.ComplainAs("compgen", "warning: -F option may not work as you expect");
  }
  if (command.spec.command) {
    shell.ComplainAs("compgen", "warning: -C option may not work as you expect");
  }
  const std::vector<std::string> words = GenerateWords(shell, command.spec, word);
  for (const std::string& one : words) shell.Print(one + "\n");
  return words.empty() ? 1 : 0;
}

std::string CompleteLine(const std::string& name, const std::string& options) {
  return "complete " + options + (options.empty() ? "" : " ") + name + "\n";
}

int ShowCompletions(Interpreter& shell, const Args& names) {
  if (names.empty()) {
    for (const auto& [name, options] : shell.state.completions) {
      shell.Print(CompleteLine(name, options));
    }
    return 0;
  }
  int status = 0;
  for (const std::string& name : names) {
    const auto found = shell.state.completions.find(name);
    if (found == shell.state.completions.end()) {
      shell.ComplainAs("complete", name + ": no completion specification");
      status = 1;
    } else {
      shell.Print(CompleteLine(name, found->second));
    }
  }
  return status;
}

int RemoveCompletions(Interpreter& shell, const Args& names) {
  if (names.empty()) shell.state.completions.clear();
  int status = 0;
  for (const std::string& name : names) {
    if (shell.state.completions.erase(name) != 0) continue;
    shell.ComplainAs("complete", name + ": no completion specification");
    status = 1;
  }
  return status;
}

int Complete(Interpreter& shell, const Args& args) {
  CompletionCommand command;
  if (const int status = ReadCommand(shell, args, true, command)) return status;
  if (command.removes) return RemoveCompletions(shell, command.operands);
  if (command.prints || args.size() == 1) return ShowCompletions(shell, command.operands);
  if (command.operands.empty()) return UsageError(shell, "complete");
  for (const std::string& name : command.operands) {
    shell.state.completions[name] = command.spec.Text();
  }
  return 0;
}

int CompOpt(Interpreter& shell, const Args& args) {
  std::size_t index = 1;
  std::string options;
  for (; index < args.size() && args[index].size() > 1; ++index) {
    const std::string& arg = args[index];
    if (arg == "--") {
      ++index;
      break;
    }
    if (arg[0] != '-' && arg[0] != '+') break;
    if (arg != "-o" && arg != "+o" && arg != "-D" && arg != "-E" && arg != "-I") {
      return InvalidOption(shell, "compopt", arg);
    }
    if (arg[1] != 'o') continue;
    if (++index >= args.size()) {
      return UsageError(shell, "compopt", "-o: option requires an argument");
    }
    if (!IsCompletionOption(args[index])) {
      return UsageError(shell, "compopt", args[index] + ": invalid option name");
    }
    if (arg[0] == '-') options += "-o " + args[index] + " ";
  }
  if (index >= args.size()) {
    shell.ComplainAs("compopt", "not currently executing completion function");
    return 1;
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    const auto found = shell.state.completions.find(args[index]);
    if (found == shell.state.completions.end()) {
      shell.ComplainAs("compopt", args[index] + ": no completion specification");
      status = 1;
    } else if (options.empty()) {
      shell.Print("compopt " + found->second + " " + args[index] + "\n");
    } else {
      found->second = options + found->second;
    }
  }
  return status;
}

}  // namespace

void AddCompletionBuiltins(BuiltinTable& table) {
  table["compgen"] = CompGen;
  table["complete"] = Complete;
  table["compopt"] = CompOpt;
}

}  // namespace computesdk::in_memory::shell
