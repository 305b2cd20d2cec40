// What finds processes by their names, and ends them.

#include <algorithm>
#include <cctype>
#include <chrono>
#include <csignal>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/processes/process_listing.h"
#include "mocks/in_memory/utilities/processes/process_programs.h"
#include "mocks/in_memory/utilities/signals.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// The signal of "-KILL" as the first argument, which is taken away; else SIGTERM.
int TakeSignalWord(Process& process) {
  std::vector<std::string>& args = process.args;
  if (args.size() < 2 || args[1].size() < 2 || args[1][0] != '-') return SIGTERM;
  const std::optional<int> named = ParseSignal(std::string_view(args[1]).substr(1));
  if (!named) return SIGTERM;
  args.erase(args.begin() + 1);
  return *named;
}

struct Selection {
  bool full = false;
  bool exact = false;
  bool invert = false;
  bool newest = false;
  bool oldest = false;
  bool ignore_case = false;
  bool nobody = false;  // Of a user or group that runs nothing: all is root's.
  std::set<int> parents;
  std::set<int> groups;
  std::optional<std::string> pattern;
};

[[noreturn]] void Refuse(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(2);
}

std::vector<ProcessInfo> Select(Process& process, const Selection& wanted) {
  std::optional<Regex> regex;
  if (wanted.pattern) {
    RegexOptions options;
    options.extended = true;
    options.ignore_case = wanted.ignore_case;
    const std::string text = wanted.exact ? "^(" + *wanted.pattern + ")$" : *wanted.pattern;
    auto compiled = Regex::Compile(text, options);
    if (!compiled) {
      Refuse(process, "regex error: " + compiled.error());
    }
    regex = *compiled;
  }
  std::vector<ProcessInfo> found;
  for (ProcessInfo& info : process.kernel().Processes()) {
    if (info.pid == process.pid()) continue;
    const bool match =
        !wanted.nobody &&
        (!regex || regex->Match(wanted.full ? CommandLine(info) : CommandName(info))) &&
        (wanted.parents.empty() || wanted.parents.contains(info.parent_pid)) &&
        (wanted.groups.empty() || wanted.groups.contains(info.group));
    if (match != wanted.invert) found.push_back(std::move(info));
  }
  if (wanted.newest && !found.empty()) found = {found.back()};
  if (wanted.oldest && !found.empty()) found = {found.front()};
  return found;
}

// Calls `body` for each part of "a,b".
template <typename Body>
void ForEachPart(std::string_view list, const Body& body) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    body(std::string(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

// The options that choose processes by what they belong to; false for another.
bool TakeOwner(Process& process, const Options::Option& option, Selection& wanted) {
  const auto numbers = [&](std::set<int>& into, int own) {
    ForEachPart(option.value, [&](const std::string& part) {
      const auto number = ParseInteger(part);
      if (!number) Refuse(process, "not a number: " + part);
      into.insert(*number == 0 ? own
                               : static_cast<int>(std::clamp<std::int64_t>(*number, -1, 1 << 30)));
    });
  };
  const auto accounts = [&](auto find, const char* what) {
    bool root = false;
    ForEachPart(option.value, [&](const std::string& part) {
      const auto id = find(process, part);
      if (!id) Refuse(process, std::string("invalid ") + what + " name: " + part);
      root |= *id == 0;
    });
    wanted.nobody |= !root;
  };
  switch (option.letter) {
    case 'P':
      numbers(wanted.parents, 0);
      return true;
    case 'g':
    case 's':  // Every group is a session of its own.
      numbers(wanted.groups, process.group());
      return true;
    case 'u':
    case 'U':
      accounts(FindUser, "user");
      return true;
    case 'G':
      accounts(FindGroup, "group");
      return true;
    case 't':
      // No process has a terminal.
      wanted.nobody |= option.value != "?" && option.value != "-";
      return true;
    default:
      return false;
  }
}

constexpr int kSignalOption = 256;

int RunPgrep(Process& process, bool kill) {
  int signal = kill ? TakeSignalWord(process) : SIGTERM;
  Selection wanted;
  bool names = false;
  bool lines = false;
  bool count = false;
  std::string delimiter = "\n";
  Options options(process, kill ? "fxvnoiceG:g:P:s:t:u:U:" : "fxvnoilacd:G:g:P:s:t:u:U:",
                  {{"full", 'f'},
                   {"exact", 'x'},
                   {"inverse", 'v'},
                   {"newest", 'n'},
                   {"oldest", 'o'},
                   {"ignore-case", 'i'},
                   {"list-name", 'l'},
                   {"list-full", 'a'},
                   {"count", 'c'},
                   {"echo", 'e'},
                   {"parent", 'P', Options::kRequired},
                   {"delimiter", 'd', Options::kRequired},
                   {"group", 'G', Options::kRequired},
                   {"pgroup", 'g', Options::kRequired},
                   {"session", 's', Options::kRequired},
                   {"terminal", 't', Options::kRequired},
                   {"euid", 'u', Options::kRequired},
                   {"uid", 'U', Options::kRequired},
                   {"signal", kSignalOption, Options::kRequired}},
                  2);
  bool criteria = false;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'f':
        wanted.full = true;
        break;
      case 'x':
        wanted.exact = true;
        break;
      case 'v':
        wanted.invert = true;
        break;
      case 'n':
        wanted.newest = criteria = true;
        break;
      case 'o':
        wanted.oldest = criteria = true;
        break;
      case 'i':
        wanted.ignore_case = true;
        break;
      case 'l':
      case 'e':
        names = true;
        break;
      case 'a':
        lines = true;
        break;
      case 'c':
        count = true;
        break;
      case 'd':
        delimiter = option->value;
        break;
      case kSignalOption:
        signal = ParseSignal(option->value).value_or(-1);
        if (signal < 0) UsageError(process, "unknown signal \"" + option->value + "\"", 2);
        break;
      default:
        criteria |= TakeOwner(process, *option, wanted);
    }
  }
  if (options.operands().size() > 1) {
    UsageError(process, "only one pattern can be provided", 2);
  }
  if (!options.operands().empty()) wanted.pattern = options.operands()[0];
  if (!wanted.pattern && !criteria) UsageError(process, "no matching criteria specified", 2);
  const auto found = Select(process, wanted);
  Output out(process);
  std::size_t done = 0;
  for (const ProcessInfo& info : found) {
    const std::string pid = std::to_string(info.pid);
    if (kill) {
      if (const IoStatus killed = process.Kill(info.pid, signal); !killed) {
        out.Flush();
        Complain(process, "killing pid " + pid + " failed: " + ErrnoText(killed.error()));
        continue;
      }
      if (names) out << CommandName(info) << " killed (pid " << pid << ")\n";
    } else if (!count) {
      if (done > 0) out << delimiter;
      out << pid;
      if (lines) out << " " << CommandLine(info);
      if (names && !lines) out << " " << CommandName(info);
    }
    ++done;
  }
  if (count) {
    out << std::to_string(done) << "\n";
  } else if (!kill && done > 0) {
    out << "\n";
  }
  return out.Finish(done > 0 ? 0 : 1);
}

}  // namespace

int PgrepMain(Process& process) { return RunPgrep(process, false); }
int PkillMain(Process& process) { return RunPgrep(process, true); }

int PidofMain(Process& process) {
  bool single = false;
  bool scripts = false;
  std::set<int> omitted = {process.pid()};
  Options options(process, "sxcqo:",
                  {{"single-shot", 's'},
                   {"check-root", 'c'},
                   {"quiet", 'q'},
                   {"omit-pid", 'o', Options::kRequired}});
  bool quiet = false;
  while (const auto option = options.Next()) {
    if (option->letter == 's') single = true;
    if (option->letter == 'q') quiet = true;
    // -c asks for the same root folder; in a sandbox all have it.
    if (option->letter == 'x') scripts = true;
    if (option->letter == 'o') {
      ForEachPart(option->value, [&](const std::string& part) {
        const auto pid = part == "%PPID" ? process.parent_pid() : ParseInteger(part).value_or(0);
        if (pid == 0) UsageError(process, "illegal omit pid value (" + part + ")!");
        omitted.insert(static_cast<int>(std::clamp<std::int64_t>(pid, 0, 1 << 30)));
      });
    }
  }
  std::string line;
  auto all = process.kernel().Processes();
  std::reverse(all.begin(), all.end());
  const auto file_name = [](const std::string& path) {
    return path.substr(path.find_last_of('/') + 1);
  };
  for (const std::string& name : options.operands()) {
    for (const ProcessInfo& info : all) {
      const auto& args = info.args;
      const bool match = !args.empty() && !omitted.contains(info.pid) &&
                         (args[0] == name || CommandName(info) == name ||
                          (scripts && args.size() > 1 && file_name(args[1]) == file_name(name)));
      if (!match || (single && !line.empty())) continue;
      line += (line.empty() ? "" : " ") + std::to_string(info.pid);
    }
  }
  if (line.empty()) return 1;
  if (!quiet) (void)process.Write(1, line + "\n");
  return 0;
}

// --- killall --------------------------------------------------------------------------------

namespace {

class Killer {
 public:
  explicit Killer(Process& process) : process_(process), signal_(TakeSignalWord(process)) {}

  int Run() {
    const std::vector<std::string> names = ReadOptions();
    int status = 0;
    for (const std::string& name : names) {
      if (KillNamed(name)) continue;
      status = 1;
      if (!quiet_) (void)process_.Write(2, name + ": no process found\n");
    }
    if (wait_) WaitForAll();
    return status;
  }

 private:
  std::vector<std::string> ReadOptions() {
    constexpr int kKillallSignals = 31;
    Options options(process_, "egIlqrs:u:vw",
                    {{"exact", 'e'},
                     {"process-group", 'g'},
                     {"ignore-case", 'I'},
                     {"list", 'l'},
                     {"quiet", 'q'},
                     {"regexp", 'r'},
                     {"signal", 's', Options::kRequired},
                     {"user", 'u', Options::kRequired},
                     {"verbose", 'v'},
                     {"wait", 'w'}});
    while (const auto option = options.Next()) {
      if (option->letter == 'e') exact_ = true;
      if (option->letter == 'g') group_ = true;
      if (option->letter == 'I') ignore_case_ = true;
      if (option->letter == 'q') quiet_ = true;
      if (option->letter == 'r') regex_ = true;
      if (option->letter == 'v') verbose_ = true;
      if (option->letter == 'w') wait_ = true;
      if (option->letter == 'l') {
        std::string list;
        for (int signal = 1; signal <= kKillallSignals; ++signal) list += SignalName(signal) + " ";
        (void)process_.Write(1, list + "\n");
        process_.Exit(0);
      }
      if (option->letter == 's') {
        signal_ = ParseSignal(option->value).value_or(-1);
        if (signal_ < 0) Refuse(option->value + ": unknown signal; killall -l lists signals.");
      }
      if (option->letter == 'u') {
        const auto user = FindUser(process_, option->value);
        if (!user) Refuse("Cannot find user " + option->value);
        nobody_ = *user != 0;
        any_name_ = true;
      }
    }
    if (options.operands().empty() && !any_name_) {
      (void)process_.Write(2, "Usage: killall [OPTION]... [--] NAME...\n");
      process_.Exit(1);
    }
    return options.operands().empty() ? std::vector<std::string>{""} : options.operands();
  }

  [[noreturn]] void Refuse(const std::string& message) {
    (void)process_.Write(2, message + "\n");
    process_.Exit(1);
  }

  // Whether the process has this name; of a long one, the kernel keeps the beginning.
  bool Matches(const ProcessInfo& info, const std::string& name) {
    if (nobody_) return false;
    if (name.empty()) return true;
    if (regex_) {
      RegexOptions options;
      options.extended = true;
      options.ignore_case = ignore_case_;
      const auto regex = Regex::Compile(name, options);
      if (!regex) {
        Complain(process_, "Bad regular expression: " + name);
        process_.Exit(1);
      }
      return regex->Match(CommandName(info));
    }
    std::string known = CommandName(info);
    std::string wanted = name.substr(name.find_last_of('/') + 1);
    if (exact_ && wanted.size() > kCommandLength && !info.args.empty()) {
      known = info.args[0].substr(info.args[0].find_last_of('/') + 1);
    } else {
      wanted = wanted.substr(0, kCommandLength);
    }
    const auto same = [this](char a, char b) {
      const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
      return ignore_case_ ? lower(a) == lower(b) : a == b;
    };
    return std::equal(known.begin(), known.end(), wanted.begin(), wanted.end(), same);
  }

  bool KillNamed(const std::string& name) {
    bool found = false;
    for (const ProcessInfo& info : process_.kernel().Processes()) {
      if (info.pid == process_.pid() || !Matches(info, name)) continue;
      const IoStatus killed = process_.Kill(group_ ? -info.group : info.pid, signal_);
      if (!killed) continue;
      found = true;
      killed_.insert(info.pid);
      if (!verbose_) continue;
      (void)process_.Write(2, "Killed " + CommandName(info) + "(" + std::to_string(info.pid) +
                                  ") with signal " + std::to_string(signal_) + "\n");
    }
    return found;
  }

  void WaitForAll() {
    const auto alive = [&] {
      const auto processes = process_.kernel().Processes();
      return std::any_of(processes.begin(), processes.end(),
                         [&](const ProcessInfo& info) { return killed_.contains(info.pid); });
    };
    // killall looks once a second; so that nothing is missed, and a virtual clock hardly moves.
    constexpr std::chrono::milliseconds kPause(10);
    while (alive()) (void)process_.Sleep(kPause);
  }

  Process& process_;
  int signal_;
  bool exact_ = false, group_ = false, ignore_case_ = false, quiet_ = false, regex_ = false;
  bool verbose_ = false, wait_ = false, nobody_ = false, any_name_ = false;
  std::set<int> killed_;
};

}  // namespace

int KillallMain(Process& process) { return Killer(process).Run(); }

}  // namespace computesdk::in_memory
