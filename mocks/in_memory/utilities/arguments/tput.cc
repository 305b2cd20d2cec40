#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// The exit codes of tput.
constexpr int kTputUsage = 2;
constexpr int kTputNoTerminal = 3;
constexpr int kTputUnknown = 4;

enum class TerminalKind { kDumb, kVt100, kAnsi, kLinux, kScreen, kXterm };

struct Terminal {
  TerminalKind kind = TerminalKind::kDumb;
  int colors = -1;
};

std::optional<Terminal> FindTerminal(const std::string& name) {
  const bool many = name.ends_with("-256color");
  const std::string base = many ? name.substr(0, name.size() - 9) : name;
  const int colors = many ? 256 : 8;
  if (name == "dumb") return Terminal{};
  if (name == "vt100" || name == "vt102" || name == "vt220") {
    return Terminal{TerminalKind::kVt100, -1};
  }
  if (name == "ansi") return Terminal{TerminalKind::kAnsi, 8};
  if (name == "linux") return Terminal{TerminalKind::kLinux, 8};
  if (base == "screen" || base == "tmux") return Terminal{TerminalKind::kScreen, colors};
  if (base == "xterm" || name == "xterm-color" || base == "rxvt") {
    return Terminal{TerminalKind::kXterm, colors};
  }
  return std::nullopt;
}

// Capabilities without parameters that terminals with an ANSI escape have.
constexpr std::pair<std::string_view, std::string_view> kStrings[] = {
    {"bel", "\a"},
    {"blink", "\033[5m"},
    {"bold", "\033[1m"},
    {"cr", "\r"},
    {"cub1", "\b"},
    {"cud1", "\n"},
    {"cuf1", "\033[C"},
    {"cuu1", "\033[A"},
    {"dim", "\033[2m"},
    {"ed", "\033[J"},
    {"el", "\033[K"},
    {"el1", "\033[1K"},
    {"home", "\033[H"},
    {"op", "\033[39;49m"},
    {"rc", "\0338"},
    {"rev", "\033[7m"},
    {"ritm", "\033[23m"},
    {"rmso", "\033[27m"},
    {"rmul", "\033[24m"},
    {"sc", "\0337"},
    {"sitm", "\033[3m"},
    {"smso", "\033[7m"},
    {"smul", "\033[4m"},
    {"civis", "\033[?25l"},
    {"cnorm", "\033[?12l\033[?25h"},
    {"rmcup", "\033[?1049l\033[23;0;0t"},
    {"smcup", "\033[?1049h\033[22;0;0t"}};

// What all of them have.
constexpr std::string_view kDumbStrings[] = {"bel", "cr", "cud1"};

std::string ClearOf(TerminalKind kind) {
  if (kind == TerminalKind::kXterm) return "\033[H\033[2J\033[3J";
  if (kind == TerminalKind::kLinux) return "\033[H\033[J\033[3J";
  return "\033[H\033[J";
}

std::string ResetOf(TerminalKind kind) {
  if (kind == TerminalKind::kXterm) return "\033(B\033[m";
  if (kind == TerminalKind::kAnsi) return "\033[0;10m";
  return "\033[m\017";
}

std::string ColorOf(std::int64_t color, bool background) {
  const std::int64_t plain = background ? 40 : 30;
  const std::int64_t bright = background ? 100 : 90;
  if (color < 8) return "\033[" + std::to_string(plain + color) + "m";
  if (color < 16) return "\033[" + std::to_string(bright + color - 8) + "m";
  return "\033[" + std::to_string(plain + 8) + ";5;" + std::to_string(color) + "m";
}

class TputPrinter {
 public:
  TputPrinter(Process& process, const std::string& name, const Terminal& terminal)
      : process_(process), name_(name), terminal_(terminal), out_(process) {}

  // A capability and its parameters; the exit code.
  int Print(const std::vector<std::string>& words) {
    const std::string& capability = words[0];
    if (const auto number = NumberOf(capability)) {
      out_ << std::to_string(*number) << "\n";
      return 0;
    }
    if (capability == "longname") {
      out_ << name_ << " terminal";
      return 0;
    }
    if (capability == "init" || capability == "reset") return 0;
    if (capability == "am") return terminal_.kind == TerminalKind::kDumb ? 1 : 0;
    bool known = false;
    const auto text = StringOf(words, known);
    if (text) {
      out_ << *text;
      return 0;
    }
    if (known) return 1;
    out_.Flush();
    Complain(process_, "unknown terminfo capability '" + capability + "'");
    return kTputUnknown;
  }

  int Finish(int status) { return out_.Finish(status); }

 private:
  // Nobody looks at the output, so that the size is the usual one unless the variables know.
  std::int64_t SizeOf(const std::string& variable, std::int64_t usual) const {
    const auto found = process_.env.find(variable);
    if (found == process_.env.end()) return usual;
    const auto number = ParseInteger(found->second);
    return number && *number > 0 ? *number : usual;
  }

  std::optional<std::int64_t> NumberOf(const std::string& capability) const {
    if (capability == "cols") return SizeOf("COLUMNS", 80);
    if (capability == "lines") return SizeOf("LINES", 24);
    if (capability == "colors") return terminal_.colors;
    if (capability == "it") return terminal_.kind == TerminalKind::kDumb ? -1 : 8;
    return std::nullopt;
  }

  // `known` where there is such a capability, whether the terminal has it or not.
  std::optional<std::string> StringOf(const std::vector<std::string>& words, bool& known) const {
    const std::string& name = words[0];
    const auto parameter = [&](std::size_t i) {
      return words.size() > i ? ParseInteger(words[i]).value_or(0) : 0;
    };
    const bool dumb = terminal_.kind == TerminalKind::kDumb;
    known = true;
    if (name == "setaf" || name == "setab") {
      if (terminal_.colors < 0) return std::nullopt;
      return ColorOf(parameter(1), name == "setab");
    }
    if (name == "cup") {
      if (dumb) return std::nullopt;
      return "\033[" + std::to_string(parameter(1) + 1) + ";" + std::to_string(parameter(2) + 1) +
             "H";
    }
    static constexpr std::pair<std::string_view, char> kMoves[] = {
        {"cuu", 'A'}, {"cud", 'B'}, {"cuf", 'C'}, {"cub", 'D'},
        {"ech", 'X'}, {"il", 'L'},  {"dl", 'M'},  {"dch", 'P'}};
    for (const auto& [move, letter] : kMoves) {
      if (name != move) continue;
      if (dumb) return std::nullopt;
      return "\033[" + std::to_string(parameter(1)) + letter;
    }
    if (name == "clear") return dumb ? std::nullopt : std::optional(ClearOf(terminal_.kind));
    if (name == "sgr0") return dumb ? std::nullopt : std::optional(ResetOf(terminal_.kind));
    for (const auto& [string, text] : kStrings) {
      if (name != string) continue;
      const bool has = !dumb || std::find(std::begin(kDumbStrings), std::end(kDumbStrings),
                                          string) != std::end(kDumbStrings);
      return has ? std::optional(std::string(text)) : std::nullopt;
    }
    known = false;
    return std::nullopt;
  }

  Process& process_;
  const std::string& name_;
  const Terminal& terminal_;
  Output out_;
};

}  // namespace

int TputMain(Process& process) {
  std::string name;
  bool from_input = false;
  bool given = false;
  Options options(process, "+ST:Vx", {}, kTputUsage);
  while (const auto option = options.Next()) {
    if (option->letter == 'S') from_input = true;
    if (option->letter == 'T') {
      name = option->value;
      given = true;
    }
    if (option->letter == 'V') {
      (void)process.Write(1, "ncurses 6.4.20221231\n");
      return 0;
    }
  }
  if (!given) {
    const auto variable = process.env.find("TERM");
    if (variable != process.env.end()) name = variable->second;
    if (name.empty()) {
      Complain(process, "No value for $TERM and no -T specified");
      return kTputUsage;
    }
  }
  const auto terminal = FindTerminal(name);
  if (!terminal) {
    Complain(process, "unknown terminal \"" + name + "\"");
    return kTputNoTerminal;
  }
  TputPrinter printer(process, name, *terminal);
  if (from_input) {
    int status = 0;
    Input input(process, 0);
    while (const auto line = input.ReadLine()) {
      std::vector<std::string> words;
      std::string_view rest = *line;
      while (!rest.empty()) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
        if (end > 0) words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end);
      }
      if (!words.empty() && printer.Print(words) != 0) status = kTputUnknown;
    }
    return printer.Finish(status);
  }
  if (options.operands().empty()) {
    (void)process.Write(2, "Usage: tput [options] [command]\n");
    return kTputUsage;
  }
  return printer.Finish(printer.Print(options.operands()));
}

}  // namespace computesdk::in_memory
