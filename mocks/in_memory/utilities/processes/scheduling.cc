// What starts a program with another share of the machine. One process of a sandbox runs at a time,
// in its turn: the shares are checked, and change nothing.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/processes/process_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

int GoOnAs(Process& process, std::vector<std::string> command) {
  const std::string caller = ProgramName(process) + ": failed to execute ";
  process.args = std::move(command);
  return process.Exec(caller);
}

// A number within bounds, or the end of the program.
std::int64_t NumberWithin(Process& process, const std::string& text, std::int64_t low,
                          std::int64_t high, const std::string& what) {
  const auto number = ParseInteger(text);
  if (!number || *number < low || *number > high) {
    Complain(process, "invalid " + what + " argument: '" + text + "'");
    process.Exit(1);
  }
  return *number;
}

std::vector<std::string> Behind(const std::vector<std::string>& words, std::size_t count) {
  return {words.begin() + static_cast<std::ptrdiff_t>(count), words.end()};
}

bool IsMask(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF,") == text.npos;
}

bool IsList(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789,-:") == text.npos;
}

}  // namespace

int IoniceMain(Process& process) {
  static constexpr std::array<std::string_view, 4> kClasses = {"none", "realtime", "best-effort",
                                                               "idle"};
  Options options(process, "+c:n:p:P:u:thV",
                  {{"class", 'c', Options::kRequired},
                   {"classdata", 'n', Options::kRequired},
                   {"pid", 'p', Options::kRequired},
                   {"pgid", 'P', Options::kRequired},
                   {"uid", 'u', Options::kRequired},
                   {"ignore", 't'}});
  bool of_process = false;
  bool changes = false;
  while (const auto option = options.Next()) {
    changes |= option->letter == 'c' || option->letter == 'n';
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    if (option->letter == 'V') ShowVersion(process);
    if (option->letter == 'n') (void)NumberWithin(process, option->value, 0, 7, "class data");
    if (option->letter == 'p' || option->letter == 'P' || option->letter == 'u') {
      (void)NumberWithin(process, option->value, 0, 1 << 30, "PID");
      of_process = true;
    }
    if (option->letter != 'c') continue;
    if (const auto number = ParseInteger(option->value)) {
      // Said, and done without.
      if (*number < 0 || *number > 3) {
        Complain(process, "unknown prio class " + std::to_string(*number));
      }
    } else if (std::find(kClasses.begin(), kClasses.end(), option->value) == kClasses.end()) {
      Complain(process, "unknown scheduling class: '" + option->value + "'");
      return 1;
    }
  }
  if (!of_process && !options.operands().empty()) return GoOnAs(process, options.operands());
  if (!changes) (void)process.Write(1, "none: prio 0\n");
  return 0;
}

int TasksetMain(Process& process) {
  bool list = false;
  bool of_process = false;
  Options options(process, "+acphV", {{"all-tasks", 'a'}, {"cpu-list", 'c'}, {"pid", 'p'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'c') list = true;
    if (option->letter == 'p') of_process = true;
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    if (option->letter == 'V') ShowVersion(process);
  }
  const auto& words = options.operands();
  if (of_process && !words.empty()) {
    (void)process.Write(
        1, "pid " + words.back() + "'s current affinity " + (list ? "list: 0\n" : "mask: 1\n"));
    return 0;
  }
  if (words.size() < 2) UsageError(process, "bad usage");
  if (list ? !IsList(words[0]) : !IsMask(words[0])) {
    Complain(process,
             std::string("failed to parse CPU ") + (list ? "list" : "mask") + ": " + words[0]);
    return 1;
  }
  return GoOnAs(process, Behind(words, 1));
}

int ChrtMain(Process& process) {
  bool of_process = false;
  bool real_time = true;
  Options options(process, "+abdefFiomprRvT:P:D:hV",
                  {{"batch", 'b'},
                   {"fifo", 'f'},
                   {"idle", 'i'},
                   {"other", 'o'},
                   {"rr", 'r'},
                   {"max", 'm'},
                   {"pid", 'p'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'p') of_process = true;
    if (option->letter == 'b' || option->letter == 'i' || option->letter == 'o') real_time = false;
    if (option->letter == 'f' || option->letter == 'r') real_time = true;
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    if (option->letter == 'V') ShowVersion(process);
    if (option->letter != 'm') continue;
    (void)process.Write(
        1,
        "SCHED_OTHER min/max priority\t: 0/0\nSCHED_FIFO min/max priority\t: 1/99\n"
        "SCHED_RR min/max priority\t: 1/99\nSCHED_BATCH min/max priority\t: 0/0\n"
        "SCHED_IDLE min/max priority\t: 0/0\nSCHED_DEADLINE min/max priority\t: 0/0\n");
    return 0;
  }
  const auto& words = options.operands();
  if (of_process && words.size() == 1) {
    (void)process.Write(1, "pid " + words[0] + "'s current scheduling policy: SCHED_OTHER\npid " +
                               words[0] + "'s current scheduling priority: 0\n");
    return 0;
  }
  if (words.size() < 2) UsageError(process, "bad usage");
  const auto priority = ParseInteger(words[0]);
  if (!priority) {
    Complain(process, "invalid priority argument: '" + words[0] + "'");
    return 1;
  }
  if (real_time ? *priority < 1 || *priority > 99 : *priority != 0) {
    Complain(process, "unsupported priority value for the policy: " + words[0] +
                          ": see --max for valid range");
    return 1;
  }
  return of_process ? 0 : GoOnAs(process, Behind(words, 1));
}

}  // namespace computesdk::in_memory
