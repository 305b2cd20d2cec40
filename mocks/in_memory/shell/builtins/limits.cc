#include <algorithm>
#include <array>
#include <cstdio>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

// umask, ulimit and times.
namespace computesdk::in_memory::shell {
namespace {

std::string SymbolicMask(unsigned mask) {
  std::string text;
  const std::array<const char*, 3> who = {"u=", "g=", "o="};
  for (unsigned i = 0; i < who.size(); ++i) {
    const unsigned allowed = ~(mask >> (6 - 3 * i)) & 7U;
    if (i != 0) text += ',';
    text += who[i];
    if ((allowed & 4U) != 0) text += 'r';
    if ((allowed & 2U) != 0) text += 'w';
    if ((allowed & 1U) != 0) text += 'x';
  }
  return text;
}

// Empty, or what is wrong with the text.
std::string ApplySymbolicMask(const std::string& text, bool copies, unsigned& mask) {
  const unsigned before = ~mask & 0777U;
  unsigned allowed = before;
  std::size_t at = 0;
  const auto wrong = [&](const char* what) {
    const std::string shown(1, at < text.size() ? text[at] : '\0');
    return "`" + std::string(shown.c_str()) + "': invalid symbolic mode " + what;
  };
  do {
    unsigned who = 0;
    while (at < text.size() && std::string_view("ugoa").find(text[at]) != std::string_view::npos) {
      const char c = text[at++];
      who |= c == 'u' ? 0700U : c == 'g' ? 0070U : c == 'o' ? 0007U : 0777U;
    }
    if (who == 0) who = 0777U;
    if (at >= text.size() || std::string_view("+-=").find(text[at]) == std::string_view::npos) {
      return wrong("operator");
    }
    const char op = text[at++];
    unsigned bits = 0;
    for (; at < text.size() && text[at] != ','; ++at) {
      const char c = text[at];
      if (copies && (c == 'u' || c == 'g' || c == 'o')) {
        bits |= 0111U * ((before >> (c == 'u' ? 6U : c == 'g' ? 3U : 0U)) & 7U);
        continue;
      }
      if (std::string_view("rwxX").find(c) == std::string_view::npos) return wrong("character");
      if (c == 'r') bits |= 0444U;
      if (c == 'w') bits |= 0222U;
      if (c == 'x' || c == 'X') bits |= 0111U;
    }
    bits &= who;
    if (op == '+') allowed |= bits;
    if (op == '-') allowed &= ~bits;
    if (op == '=') allowed = (allowed & ~who) | bits;
  } while (at++ < text.size());
  mask = ~allowed & 0777U;
  return "";
}

int Umask(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, shell.state.plain_sh ? "S" : "pS", letters, index)) return 2;
  const bool symbolic = letters.find('S') != std::string::npos;
  if (index >= args.size()) {
    char octal[8];
    std::snprintf(octal, sizeof octal, "%04o", shell.process.umask);
    const std::string text = symbolic ? SymbolicMask(shell.process.umask) : octal;
    const bool reusable = letters.find('p') != std::string::npos;
    shell.Print((reusable ? symbolic ? "umask -S " : "umask " : "") + text + "\n");
    return 0;
  }
  const std::string& text = args[index];
  if (text.empty() && shell.state.plain_sh) return 0;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    constexpr std::size_t kDigits = 4;  // Of the greatest, 7777.
    const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size());
    if (text.find_first_not_of("01234567") != std::string::npos || text.size() - zeros > kDigits) {
      shell.ComplainAs("umask", text + ": octal number out of range");
      return WrongOperands(shell);
    }
    shell.process.umask = static_cast<unsigned>(std::stoul(text, nullptr, 8) & 0777U);
  } else {
    const std::string problem = ApplySymbolicMask(text, shell.state.plain_sh, shell.process.umask);
    if (!problem.empty()) {
      shell.ComplainAs("umask", shell.state.plain_sh ? "Illegal mode: " + text : problem);
      return WrongOperands(shell);
    }
  }
  if (symbolic && !shell.state.plain_sh) {
    shell.Print(SymbolicMask(shell.process.umask) + "\n");
  }
  return 0;
}

// --- ulimit -------------------------------------------------------------------------------------

constexpr std::int64_t kUnlimited = -1;

struct LimitName {
  char letter;
  const char* text;
  const char* unit;  // Null for a plain number.
  std::int64_t usual;
};

// In the order of `ulimit -a`.
constexpr std::array<LimitName, 17> kLimits = {
    {{'R', "real-time non-blocking time", "microseconds", kUnlimited},
     {'c', "core file size", "blocks", 0},
     {'d', "data seg size", "kbytes", kUnlimited},
     {'e', "scheduling priority", nullptr, 0},
     {'f', "file size", "blocks", kUnlimited},
     {'i', "pending signals", nullptr, 96364},
     {'l', "max locked memory", "kbytes", 8192},
     {'m', "max memory size", "kbytes", kUnlimited},
     {'n', "open files", nullptr, 1024},
     {'p', "pipe size", "512 bytes", 8},
     {'q', "POSIX message queues", "bytes", 819200},
     {'r', "real-time priority", nullptr, 0},
     {'s', "stack size", "kbytes", 8192},
     {'t', "cpu time", "seconds", kUnlimited},
     {'u', "max user processes", nullptr, 0},
     {'v', "virtual memory", "kbytes", kUnlimited},
     {'x', "file locks", nullptr, kUnlimited}}};

const LimitName* FindLimit(char letter) {
  const auto found = std::find_if(kLimits.begin(), kLimits.end(),
                                  [&](const LimitName& limit) { return limit.letter == letter; });
  return found == kLimits.end() ? nullptr : &*found;
}

ResourceLimit CurrentLimit(Interpreter& shell, const LimitName& limit) {
  const auto found = shell.state.limits.find(limit.letter);
  if (found != shell.state.limits.end()) return found->second;
  std::int64_t value = limit.usual;
  if (limit.letter == 'u') value = shell.process.kernel().limits().processes;
  // What nothing has set may be raised from its usual value, as the core files of every system.
  const bool raisable = limit.letter == 'c' || limit.letter == 's';
  return {value, raisable ? kUnlimited : value};
}

std::string LimitText(std::int64_t value) {
  return value == kUnlimited ? "unlimited" : std::to_string(value);
}

void ShowLimit(Interpreter& shell, const LimitName& limit, bool hard, bool labelled) {
  const ResourceLimit now = CurrentLimit(shell, limit);
  const std::string value = LimitText(hard ? now.hard : now.soft);
  if (!labelled) return shell.Print(value + "\n");
  const std::string unit = limit.unit == nullptr ? "(-" : "(" + std::string(limit.unit) + ", -";
  char line[96];
  std::snprintf(line, sizeof line, "%-20s %17s%c) %s\n", limit.text, unit.c_str(), limit.letter,
                value.c_str());
  shell.Print(line);
}

bool AtMost(std::int64_t value, std::int64_t limit) {
  return limit == kUnlimited || (value != kUnlimited && value <= limit);
}

// The kernel enforces its own limits; these are what scripts set and ask for.
int SetLimit(Interpreter& shell, const LimitName& limit, const std::string& text, bool soft,
             bool hard) {
  ResourceLimit now = CurrentLimit(shell, limit);
  std::int64_t value = 0;
  if (text == "unlimited") {
    value = kUnlimited;
  } else if (text == "soft") {
    value = now.soft;
  } else if (text == "hard") {
    value = now.hard;
  } else if (!text.empty() && text.size() < 18 &&
             text.find_first_not_of("0123456789") == std::string::npos) {
    value = static_cast<std::int64_t>(std::stoull(text));
  } else {
    shell.ComplainAs("ulimit", shell.state.plain_sh ? "bad number" : text + ": invalid number");
    return shell.state.plain_sh ? 2 : 1;
  }
  if (!AtMost(value, now.hard)) {
    shell.ComplainAs("ulimit",
                     std::string(limit.text) + ": cannot modify limit: Operation not permitted");
    return 1;
  }
  if (soft || !hard) now.soft = value;
  if (hard || !soft) now.hard = value;
  if (!AtMost(now.soft, now.hard)) {
    shell.ComplainAs("ulimit", std::string(limit.text) + ": cannot modify limit: Invalid argument");
    return 1;
  }
  shell.state.limits[limit.letter] = now;
  return 0;
}

int ShowAllLimits(Interpreter& shell, bool hard) {
  for (const LimitName& limit : kLimits) ShowLimit(shell, limit, hard, true);
  return 0;
}

int Ulimit(Interpreter& shell, const Args& args) {
  bool soft = false;
  bool hard = false;
  bool all = false;
  std::vector<std::pair<const LimitName*, std::optional<std::string>>> wanted;
  std::size_t index = 1;
  for (; index < args.size() && args[index].size() > 1 && args[index][0] == '-'; ++index) {
    if (args[index] == "--") {
      ++index;
      break;
    }
    for (const char c : args[index].substr(1)) {
      const LimitName* limit = FindLimit(c);
      soft = soft || c == 'S';
      hard = hard || c == 'H';
      all = all || c == 'a';
      if (limit != nullptr) {
        wanted.emplace_back(limit, std::nullopt);
      }
      const bool of_bash =
          shell.state.plain_sh && std::string_view("eiquxR").find(c) != std::string_view::npos;
      if (of_bash || (limit == nullptr && c != 'S' && c != 'H' && c != 'a')) {
        return InvalidOption(shell, "ulimit", std::string("-") + c);
      }
    }
    // A value follows its option, which may be followed by others.
    if (!wanted.empty() && index + 1 < args.size() && args[index + 1][0] != '-') {
      wanted.back().second = args[++index];
    }
  }
  if (all) return ShowAllLimits(shell, hard);
  if (wanted.empty()) {
    wanted.emplace_back(FindLimit('f'), std::nullopt);
  }
  if (index < args.size() && !wanted.back().second) wanted.back().second = args[index];
  int status = 0;
  for (const auto& [limit, text] : wanted) {
    if (text) {
      status = SetLimit(shell, *limit, *text, soft, hard);
      if (status != 0) return status;
    } else {
      ShowLimit(shell, *limit, hard && !soft, wanted.size() > 1);
    }
  }
  return status;
}

int Times(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "", letters, index)) return 2;
  char text[64];
  const double seconds = std::chrono::duration<double>(shell.process.Elapsed()).count();
  const int minutes = static_cast<int>(seconds / 60);
  std::snprintf(text, sizeof text,
                shell.state.plain_sh ? "%dm%.6fs 0m0.000000s\n0m0.000000s 0m0.000000s\n"
                                     : "%dm%.3fs 0m0.000s\n0m0.000s 0m0.000s\n",
                minutes, seconds - minutes * 60);
  shell.Print(text);
  return 0;
}

}  // namespace

void AddLimitBuiltins(BuiltinTable& table) {
  table["umask"] = Umask;
  table["ulimit"] = Ulimit;
  table["times"] = Times;
}

}  // namespace computesdk::in_memory::shell
