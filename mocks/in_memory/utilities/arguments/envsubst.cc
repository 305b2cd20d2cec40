#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

bool BeginsName(char c) { return IsAlpha(c) || c == '_'; }

// "$NAME" or "${NAME}" at the front of a text.
struct Reference {
  std::string_view name;  // Empty where there is none.
  std::size_t length = 0;
};

Reference ReferenceAt(std::string_view text) {
  const bool braces = text.starts_with("${");
  const std::size_t begin = braces ? 2 : 1;
  std::size_t end = begin;
  if (end >= text.size() || !BeginsName(text[end])) return {};
  while (end < text.size() && (BeginsName(text[end]) || IsDigit(text[end]))) ++end;
  const std::string_view name = text.substr(begin, end - begin);
  if (!braces) return {name, end};
  if (end >= text.size() || text[end] != '}') return {};
  return {name, end + 1};
}

}  // namespace

int EnvsubstMain(Process& process) {
  bool list = false;
  Options options(process, "vhV", {{"variables", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'v') list = true;
    if (option->letter == 'V') {
      (void)process.Write(1, "envsubst (GNU gettext-runtime) 0.21\n");
      return 0;
    }
    if (option->letter == 'h') {
      (void)process.Write(1, "Usage: envsubst [OPTION] [SHELL-FORMAT]\n");
      return 0;
    }
  }
  const std::vector<std::string>& operands = options.operands();
  if (operands.size() > 1) {
    Complain(process, "too many arguments");
    return 1;
  }
  if (list && operands.empty()) {
    Complain(process, "missing arguments");
    return 1;
  }
  Output out(process);
  std::set<std::string, std::less<>> wanted;
  if (!operands.empty()) {
    const std::string_view format = operands[0];
    for (std::size_t i = 0; i < format.size();) {
      const Reference found = format[i] == '$' ? ReferenceAt(format.substr(i)) : Reference{};
      if (list && !found.name.empty()) out << found.name << "\n";
      if (!found.name.empty()) wanted.emplace(found.name);
      i += found.name.empty() ? 1 : found.length;
    }
    if (list) return out.Finish(0);
  }
  Input input(process, 0);
  while (const auto line = input.ReadLine()) {
    std::string_view rest = *line;
    while (!rest.empty()) {
      const std::size_t dollar = std::min(rest.find('$'), rest.size());
      out << rest.substr(0, dollar);
      rest.remove_prefix(dollar);
      if (rest.empty()) break;
      const Reference found = ReferenceAt(rest);
      const bool replaced =
          !found.name.empty() && (operands.empty() || wanted.contains(found.name));
      if (!replaced) {
        out.Put('$');
        rest.remove_prefix(1);
        continue;
      }
      const auto value = process.env.find(std::string(found.name));
      if (value != process.env.end()) out << value->second;
      rest.remove_prefix(found.length);
    }
    if (input.ended()) out.Put('\n');
  }
  return out.Finish(0);
}

void AddArgumentPrograms(ProgramTable& table) {
  table["clear"] = ClearMain;
  table["envsubst"] = EnvsubstMain;
  table["flock"] = FlockMain;
  table["getconf"] = GetconfMain;
  table["getent"] = GetentMain;
  table["getopt"] = GetoptMain;
  table["gettext"] = GettextMain;
  table["hostid"] = HostidMain;
  table["ldd"] = LddMain;
  table["less"] = LessMain;
  table["locale"] = LocaleMain;
  table["logger"] = LoggerMain;
  table["logname"] = LognameMain;
  table["more"] = MoreMain;
  table["ngettext"] = NgettextMain;
  table["stty"] = SttyMain;
  table["tput"] = TputMain;
  table["whereis"] = WhereisMain;
}

}  // namespace computesdk::in_memory
