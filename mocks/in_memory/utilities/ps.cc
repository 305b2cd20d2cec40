#include <algorithm>
#include <csignal>
#include <optional>
#include <set>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/process_programs.h"
#include "mocks/in_memory/utilities/signals.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

using ProcessInfo = Kernel::ProcessInfo;

// What Linux keeps of a program's name.
constexpr std::size_t kCommandLength = 15;

std::string CommandName(const ProcessInfo& info) {
  if (info.args.empty()) return "";
  const std::string& path = info.args[0];
  return path.substr(path.find_last_of('/') + 1).substr(0, kCommandLength);
}

std::string CommandLine(const ProcessInfo& info) {
  std::string line;
  for (const std::string& arg : info.args) line += (line.empty() ? "" : " ") + arg;
  return line;
}

std::vector<ProcessInfo> SortedProcesses(Process& process) {
  std::vector<ProcessInfo> all = process.kernel().Processes();
  std::sort(all.begin(), all.end(),
            [](const ProcessInfo& a, const ProcessInfo& b) { return a.pid < b.pid; });
  return all;
}

// --- ps -----------------------------------------------------------------------------------------

struct PsColumn {
  std::string name;
  std::string header;
  bool right = false;
  std::size_t width = 0;
  std::string (*text)(const ProcessInfo&) = nullptr;
};

const std::vector<PsColumn>& KnownColumns() {
  static const auto* const kColumns = new std::vector<PsColumn>{
      {"pid", "PID", true, 7, [](const ProcessInfo& p) { return std::to_string(p.pid); }},
      {"ppid", "PPID", true, 7, [](const ProcessInfo& p) { return std::to_string(p.parent_pid); }},
      {"pgid", "PGID", true, 7, [](const ProcessInfo& p) { return std::to_string(p.group); }},
      {"sid", "SID", true, 7, [](const ProcessInfo& p) { return std::to_string(p.group); }},
      {"uid", "UID", true, 5, [](const ProcessInfo&) { return std::string("0"); }},
      {"user", "USER", false, 8, [](const ProcessInfo&) { return std::string("root"); }},
      {"uname", "UID", false, 8, [](const ProcessInfo&) { return std::string("root"); }},
      {"comm", "COMMAND", false, 15, CommandName},
      {"cmdname", "CMD", false, 15, CommandName},
      {"args", "COMMAND", false, 27, CommandLine},
      {"cmd", "CMD", false, 27, CommandLine},
      {"stat", "STAT", false, 4, [](const ProcessInfo&) { return std::string("S"); }},
      {"state", "S", false, 1, [](const ProcessInfo&) { return std::string("S"); }},
      {"tty", "TT", false, 8, [](const ProcessInfo&) { return std::string("?"); }},
      {"ttyname", "TTY", false, 8, [](const ProcessInfo&) { return std::string("?"); }},
      {"time", "TIME", true, 8, [](const ProcessInfo&) { return std::string("00:00:00"); }},
      {"bsdtime", "TIME", true, 6, [](const ProcessInfo&) { return std::string("0:00"); }},
      {"etime", "ELAPSED", true, 11, [](const ProcessInfo&) { return std::string("00:00"); }},
      {"stime", "STIME", true, 5, [](const ProcessInfo&) { return std::string("00:00"); }},
      {"start", "START", true, 5, [](const ProcessInfo&) { return std::string("00:00"); }},
      {"c", "C", true, 2, [](const ProcessInfo&) { return std::string("0"); }},
      {"ni", "NI", true, 3, [](const ProcessInfo&) { return std::string("0"); }},
      {"%cpu", "%CPU", true, 4, [](const ProcessInfo&) { return std::string("0.0"); }},
      {"%mem", "%MEM", true, 4, [](const ProcessInfo&) { return std::string("0.0"); }},
      {"vsz", "VSZ", true, 6, [](const ProcessInfo&) { return std::string("0"); }},
      {"rss", "RSS", true, 5, [](const ProcessInfo&) { return std::string("0"); }}};
  return *kColumns;
}

struct PsStyle {
  bool all = false;
  std::optional<std::set<int>> pids;
  std::optional<std::set<int>> parents;
  std::optional<std::set<std::string>> commands;
  std::vector<PsColumn> columns;
  bool header = true;
};

class PsParser {
 public:
  explicit PsParser(Process& process) : process_(process) {}

  PsStyle Parse() {
    const auto& args = process_.args;
    for (std::size_t i = 1; i < args.size(); ++i) {
      const std::string& word = args[i];
      if (word.starts_with("--")) {
        Long(word);
      } else if (word.starts_with('-') && word.size() > 1) {
        i = Unix(i);
      } else {
        i = Bsd(i);
      }
    }
    if (style_.columns.empty()) Columns("pid,ttyname,time,cmdname");
    if (chosen_) {
      style_.header = std::any_of(style_.columns.begin(), style_.columns.end(),
                                  [](const PsColumn& column) { return !column.header.empty(); });
    }
    if (no_header_) style_.header = false;
    return std::move(style_);
  }

 private:
  [[noreturn]] void Usage(const std::string& message) {
    (void)process_.Write(
        2, "error: " + message +
               "\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'"
               "\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details "
               "see ps(1).\n");
    process_.Exit(1);
  }

  void Columns(std::string_view list) {
    while (!list.empty()) {
      std::size_t end = std::min(list.find_first_of(", "), list.size());
      const std::size_t equals = list.find('=');
      std::string name(list.substr(0, std::min(end, equals)));
      std::optional<std::string> header;
      if (equals < end) {
        // "pid=,args=": a header of its own runs to the end, an empty one to the comma.
        const bool empty = equals + 1 == end;
        if (!empty) end = list.size();
        header = list.substr(equals + 1, end - equals - 1);
      }
      list.remove_prefix(std::min(end + 1, list.size()));
      if (name.empty()) continue;
      static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
          {"command", "args"}, {"pcpu", "%cpu"},  {"pmem", "%mem"},    {"ucmd", "comm"},
          {"pgrp", "pgid"},    {"euser", "user"}, {"tt", "tty"},       {"sess", "sid"},
          {"s", "state"},      {"nice", "ni"},    {"cputime", "time"}, {"vsize", "vsz"},
          {"euid", "uid"},     {"rssize", "rss"}, {"tname", "ttyname"}};
      for (const auto& [alias, meant] : kAliases) {
        if (name == alias) name = meant;
      }
      const auto& known = KnownColumns();
      const auto found = std::find_if(known.begin(), known.end(),
                                      [&](const PsColumn& c) { return c.name == name; });
      if (found == known.end()) Usage("unknown user-defined format specifier \"" + name + "\"");
      style_.columns.push_back(*found);
      if (header) style_.columns.back().header = *header;
    }
  }

  void Long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, std::min(equals, word.size()) - 2);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (name == "no-headers" || name == "no-heading" || name == "noheaders") {
      no_header_ = true;
    } else if (name == "pid") {
      Numbers(style_.pids, value);
    } else if (name == "ppid") {
      Numbers(style_.parents, value);
    } else if (name == "format") {
      chosen_ = true;
      Columns(value);
    } else if (name != "forest" && name != "sort" && name != "headers" && name != "cols" &&
               name != "width") {
      Usage("unknown gnu long option");
    }
  }

  void Numbers(std::optional<std::set<int>>& into, std::string_view list) {
    if (!into) into.emplace();
    while (!list.empty()) {
      const std::size_t end = std::min(list.find_first_of(", "), list.size());
      const auto number = ParseInteger(list.substr(0, end));
      if (!number || *number < 1 || *number > 1 << 30) Usage("process ID list syntax error");
      into->insert(static_cast<int>(*number));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    if (into->empty()) Usage("list of process IDs must follow -p");
  }

  // The value of the letter at `at`: the rest of the word, or the next word.
  std::string Value(std::size_t& index, std::size_t at) {
    const std::string& word = process_.args[index];
    if (at + 1 < word.size()) return word.substr(at + 1);
    if (index + 1 == process_.args.size()) Usage("option requires an argument");
    return process_.args[++index];
  }

  std::size_t Unix(std::size_t index) {
    const std::string word = process_.args[index];
    for (std::size_t at = 1; at < word.size(); ++at) {
      switch (word[at]) {
        case 'e':
        case 'A':
        case 'a':
        case 'd':
        case 'N':
          style_.all = true;
          break;
        case 'f':
        case 'F':
          Columns("uname,pid,ppid,c,stime,ttyname,time,cmd");
          break;
        case 'l':
          Columns("state,uid,pid,ppid,c,ni,ttyname,time,cmdname");
          break;
        case 'j':
          Columns("pid,pgid,sid,ttyname,time,cmdname");
          break;
        case 'H':
        case 'w':
        case 'm':
        case 'L':
          break;
        case 'o':
          chosen_ = true;
          Columns(Value(index, at));
          return index;
        case 'p':
        case 'q':
          Numbers(style_.pids, Value(index, at));
          return index;
        case 'u':
        case 'U':
        case 'g':
        case 't':
          // Everybody is root, and nobody has a terminal.
          (void)Value(index, at);
          style_.all = true;
          return index;
        case 'C': {
          const std::string name = Value(index, at);
          if (!style_.commands) style_.commands.emplace();
          style_.commands->insert(name);
          return index;
        }
        default:
          Usage("unsupported SysV option");
      }
    }
    return index;
  }

  std::size_t Bsd(std::size_t index) {
    const std::string word = process_.args[index];
    if (word[0] >= '0' && word[0] <= '9') {
      Numbers(style_.pids, word);
      return index;
    }
    for (std::size_t at = 0; at < word.size(); ++at) {
      switch (word[at]) {
        case 'a':
        case 'x':
          style_.all = true;
          break;
        case 'u':
          Columns("user,pid,%cpu,%mem,vsz,rss,ttyname,stat,start,bsdtime,args");
          break;
        case 'e':
        case 'f':
        case 'w':
          break;
        case 'o':
          chosen_ = true;
          Columns(Value(index, at));
          return index;
        case 'p':
          Numbers(style_.pids, Value(index, at));
          return index;
        default:
          Usage("unsupported option (BSD syntax)");
      }
    }
    if (style_.columns.empty()) Columns("pid,ttyname,stat,bsdtime,args");
    return index;
  }

  Process& process_;
  PsStyle style_;
  bool chosen_ = false;
  bool no_header_ = false;
};

void PrintRow(Output& out, const std::vector<PsColumn>& columns,
              const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out.Put(' ');
    const std::string blanks(widths[i] - std::min(widths[i], cells[i].size()), ' ');
    if (columns[i].right) out << blanks;
    out << cells[i];
    if (!columns[i].right && i + 1 < columns.size()) out << blanks;
  }
  out.Put('\n');
}

// --- pgrep and its relatives --------------------------------------------------------------------

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
  for (ProcessInfo& info : SortedProcesses(process)) {
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
  int signal = SIGTERM;
  if (kill && process.args.size() > 1 && process.args[1].size() > 1 && process.args[1][0] == '-') {
    if (const auto named = ParseSignal(std::string_view(process.args[1]).substr(1))) {
      signal = *named;
      process.args.erase(process.args.begin() + 1);
    }
  }
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

int PsMain(Process& process) {
  const PsStyle style = PsParser(process).Parse();
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (const PsColumn& column : style.columns) {
    widths.push_back(std::max(column.width, column.header.size()));
  }
  const bool chosen = style.pids || style.parents || style.commands;
  for (const ProcessInfo& info : SortedProcesses(process)) {
    // All are of one user and have no terminal: plain ps shows what an "x" would.
    const bool shown = !chosen || style.all || (style.pids && style.pids->contains(info.pid)) ||
                       (style.parents && style.parents->contains(info.parent_pid)) ||
                       (style.commands && style.commands->contains(CommandName(info)));
    if (!shown) continue;
    std::vector<std::string>& row = rows.emplace_back();
    for (std::size_t i = 0; i < style.columns.size(); ++i) {
      row.push_back(style.columns[i].text(info));
      if (i + 1 < style.columns.size()) widths[i] = std::max(widths[i], row.back().size());
    }
  }
  Output out(process);
  if (style.header) {
    std::vector<std::string> headers;
    for (const PsColumn& column : style.columns) headers.push_back(column.header);
    PrintRow(out, style.columns, headers, widths);
  }
  for (const auto& row : rows) PrintRow(out, style.columns, row, widths);
  return out.Finish(rows.empty() ? 1 : 0);
}

int PgrepMain(Process& process) { return RunPgrep(process, false); }
int PkillMain(Process& process) { return RunPgrep(process, true); }

int PidofMain(Process& process) {
  bool single = false;
  Options options(process, "sxco:");
  while (const auto option = options.Next()) {
    if (option->letter == 's') single = true;
  }
  std::string line;
  auto all = SortedProcesses(process);
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
  int signal = SIGTERM;
  auto& args = process.args;
  if (args.size() > 1 && args[1].size() > 1 && args[1][0] == '-') {
    if (const auto named = ParseSignal(std::string_view(args[1]).substr(1))) {
      signal = *named;
      args.erase(args.begin() + 1);
    }
  }
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
    for (const ProcessInfo& info : SortedProcesses(process)) {
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
