#include <fcntl.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text_layout/text_layout.h"

namespace computesdk::in_memory {
namespace {

constexpr const char* kWords = "/usr/share/dict/words";

struct LookStyle {
  bool alphanumeric = false;  // -d: other characters do not count.
  bool ignore_case = false;
  std::optional<char> last;  // -t: the text counts up to there.
};

// The text as it is compared.
std::string Compared(std::string_view text, const LookStyle& style) {
  std::string result;
  for (const char c : text) {
    const bool counts = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ' ' || c == '\t';
    if (style.alphanumeric && !counts) continue;
    result += style.ignore_case ? AsciiLower(c) : c;
  }
  return result;
}

}  // namespace

int LookMain(Process& process) {
  LookStyle style;
  Options options(process, "abdft:hV",
                  {{"alternative", 'a'},
                   {"binary", 'b'},
                   {"alphanum", 'd'},
                   {"ignore-case", 'f'},
                   {"terminate", 't', Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == 'd') style.alphanumeric = true;
    if (option->letter == 'f') style.ignore_case = true;
    if (option->letter == 't' && !option->value.empty()) style.last = option->value[0];
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    if (option->letter == 'V') ShowVersion(process);
  }
  const auto& operands = options.operands();
  if (operands.empty() || operands.size() > 2) UsageError(process, "bad usage");
  // The list of words is asked in the order of a dictionary.
  if (operands.size() == 1) style.alphanumeric = style.ignore_case = true;
  std::string wanted = operands[0];
  if (style.last)
    wanted = wanted.substr(0, std::min(wanted.find(*style.last), wanted.size() - 1) + 1);
  wanted = Compared(wanted, style);
  const std::string file = operands.size() == 2 ? operands[1] : kWords;
  const auto fd = process.Open(file, O_RDONLY);
  if (!fd) {
    Complain(process, file + ": " + ErrnoText(fd.error()));
    return 1;
  }
  const ScopedDescriptor closes(process, *fd);
  if (process.File(*fd)->Stat().size == 0) {  // It is mapped, and nothing cannot be.
    Complain(process, file + ": Invalid argument");
    return 1;
  }
  Output out(process);
  Input input(process, *fd);
  bool found = false;
  while (const auto line = input.ReadLine()) {
    if (!Compared(*line, style).starts_with(wanted)) {
      // The file is sorted.
      if (found) break;
      continue;
    }
    found = true;
    out << *line << "\n";
  }
  return out.Finish(found ? 0 : 1);
}

int ColrmMain(Process& process) {
  Options options(process, "hV");
  while (const auto option = options.Next()) {
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    ShowVersion(process);
  }
  std::size_t bounds[2] = {0, 0};
  const auto& operands = options.operands();
  for (std::size_t i = 0; i < std::min<std::size_t>(operands.size(), 2); ++i) {
    const auto number = ParseInteger(operands[i]);
    if (!number || *number < 0) {
      Complain(process,
               std::string(i == 0 ? "first" : "second") + " argument: '" + operands[i] + "'");
      return 1;
    }
    bounds[i] = static_cast<std::size_t>(*number);
  }
  const auto [first, last] = bounds;
  Output out(process);
  Input input(process, 0);
  while (const auto line = input.ReadLine()) {
    std::size_t column = 0;
    for (const char c : *line) {
      column = c == '\t' ? (column + 8) / 8 * 8 : column + 1;
      const bool removed = first != 0 && column >= first && (last == 0 || column <= last);
      if (!removed) out.Put(c);
    }
    if (input.ended()) out.Put('\n');
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
