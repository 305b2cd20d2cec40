#include <algorithm>
#include <string>
#include <vector>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

namespace computesdk::in_memory::shell {
namespace {

// dash lists its aliases by the chains of its table.
unsigned PlainAliasChain(const std::string& name) {
  constexpr unsigned kChains = 39;
  unsigned sum = name.empty() ? 0 : static_cast<unsigned char>(name[0]) << 4;
  for (const char c : name) sum += static_cast<unsigned char>(c);
  return sum % kChains;
}

int Alias(Interpreter& shell, const Args& args) {
  int status = 0;
  // In the POSIX mode they are shown without a command in front, but for -p.
  const bool listed_alone =
      shell.state.options.posix && (args.size() < 2 || args[1].compare(0, 2, "-p") != 0);
  const auto show = [&](const std::string& name, const std::string& value) {
    const bool prefixed = !listed_alone && !shell.state.plain_sh;
    shell.Print((prefixed ? "alias " : "") + name + "=" + QuoteListed(shell, value) + "\n");
  };
  std::string letters;
  std::size_t index = 1;
  // The one of sh knows no options.
  if (!shell.state.plain_sh && !ReadLetters(shell, args, "p", letters, index)) return 2;
  if (index >= args.size() || !letters.empty()) {
    std::vector<std::string> names;
    for (const auto& [name, value] : shell.state.aliases) names.push_back(name);
    if (shell.state.plain_sh) {
      std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
        return PlainAliasChain(a) < PlainAliasChain(b);
      });
    }
    for (const std::string& name : names) show(name, shell.state.aliases.at(name));
  }
  for (std::size_t i = index; i < args.size(); ++i) {
    const std::size_t equals = args[i].find('=');
    if (equals != std::string::npos && equals != 0) {
      const std::string name = args[i].substr(0, equals);
      if (!shell.state.plain_sh &&
          name.find_first_of(" \t\n;&|<>()'\"\\$`/") != std::string::npos) {
        shell.ComplainAs("alias", "`" + name + "': invalid alias name");
        status = 1;
        continue;
      }
      shell.state.aliases[args[i].substr(0, equals)] = args[i].substr(equals + 1);
      continue;
    }
    const auto found = shell.state.aliases.find(args[i]);
    if (found != shell.state.aliases.end()) {
      show(found->first, found->second);
    } else {
      if (shell.state.plain_sh) {
        (void)shell.process.Write(2, "alias: " + args[i] + " not found\n");
      } else {
        shell.ComplainAs("alias", args[i] + ": not found");
      }
      status = 1;
    }
  }
  return status;
}

int Unalias(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "a", letters, index)) return 2;
  if (!letters.empty()) {
    shell.state.aliases.clear();
    return 0;
  }
  if (index >= args.size() && shell.state.plain_sh) return 0;
  if (index >= args.size()) return UsageError(shell, "unalias");
  int status = 0;
  for (std::size_t i = index; i < args.size(); ++i) {
    if (shell.state.aliases.erase(args[i]) == 0) {
      if (shell.state.plain_sh) {
        (void)shell.process.Write(2, "unalias: " + args[i] + " not found\n");
      } else {
        shell.ComplainAs("unalias", args[i] + ": not found");
      }
      status = 1;
    }
  }
  return status;
}

}  // namespace

void AddAliasBuiltins(BuiltinTable& table) {
  table["alias"] = Alias;
  table["unalias"] = Unalias;
}

}  // namespace computesdk::in_memory::shell
