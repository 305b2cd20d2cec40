// What finds processes by their names, and ends them.

#include <algorithm>
#include <csignal>
#include <optional>
#include <set>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/process_listing.h"
#include "mocks/in_memory/utilities/process_programs.h"
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
  std::set<int> parents;
  std::optional<std::string> pattern;
};

std::vector<ProcessInfo> Select(Process& process, const Selection& wanted) {
  std::optional<Regex> regex;
  if (wanted.pattern) {
    RegexOptions options;
    options.extended = true;
    options.ignore_case = wanted.ignore_case;
    const std::string text = wanted.exact ? "^(" + *wanted.pattern + ")$" : *wanted.pattern;
    auto compiled = Regex::Compile(text, options);
    if (!compiled) {
      Complain(process, compiled.error());
      process.Exit(2);
    }
    regex = *compiled;
  }
  std::vector<ProcessInfo> found;
  for (ProcessInfo& info : process.kernel().Processes()) {
    if (info.pid == process.pid()) continue;
    const bool match =
        (!regex || regex->Match(wanted.full ? CommandLine(info) : CommandName(info))) &&
        (wanted.parents.empty() || wanted.parents.contains(info.parent_pid));
    if (match != wanted.invert) found.push_back(std::move(info));
  }
  if (wanted.newest && !found.empty()) found = {found.back()};
  if (wanted.oldest && !found.empty()) found = {found.front()};
  return found;
}

int RunPgrep(Process& process, bool kill) {
  int signal = kill ? TakeSignalWord(process) : SIGTERM;
  Selection wanted;
  bool names = false;
  bool lines = false;
  bool count = false;
  std::string delimiter = "\n";
  Options options(process, kill ? "fxvnoiceP:u:U:" : "fxvnoilacP:d:u:U:",
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
                   {"euid", 'u', Options::kRequired},
                   {"signal", 300, Options::kRequired}},
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
      case 'P':
        wanted.parents.insert(static_cast<int>(ParseInteger(option->value).value_or(0)));
        criteria = true;
        break;
      case 300:
        signal = ParseSignal(option->value).value_or(-1);
        if (signal < 0) UsageError(process, "unknown signal \"" + option->value + "\"", 2);
        break;
      default:
        criteria = true;
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
  Options options(process, "sxco:");
  while (const auto option = options.Next()) {
    if (option->letter == 's') single = true;
  }
  std::string line;
  auto all = process.kernel().Processes();
  std::reverse(all.begin(), all.end());
  for (const std::string& name : options.operands()) {
    for (const ProcessInfo& info : all) {
      const bool match = !info.args.empty() && info.pid != process.pid() &&
                         (info.args[0] == name || CommandName(info) == name);
      if (!match || (single && !line.empty())) continue;
      line += (line.empty() ? "" : " ") + std::to_string(info.pid);
    }
  }
  if (line.empty()) return 1;
  (void)process.Write(1, line + "\n");
  return 0;
}

int KillallMain(Process& process) {
  int signal = TakeSignalWord(process);
  bool quiet = false;
  Options options(process, "qvwIes:", {{"quiet", 'q'}, {"signal", 's', Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == 'q') quiet = true;
    if (option->letter == 's') {
      signal = ParseSignal(option->value).value_or(-1);
      if (signal < 0) UsageError(process, option->value + ": unknown signal");
    }
  }
  if (options.operands().empty()) UsageError(process, "no process name specified");
  int status = 0;
  for (const std::string& name : options.operands()) {
    bool found = false;
    for (const ProcessInfo& info : process.kernel().Processes()) {
      if (info.pid == process.pid() || CommandName(info) != name) continue;
      found |= process.Kill(info.pid, signal).has_value();
    }
    if (found) continue;
    status = 1;
    if (!quiet) (void)process.Write(2, name + ": no process found\n");
  }
  return status;
}

}  // namespace computesdk::in_memory
