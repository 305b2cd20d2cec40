#include <algorithm>
#include <optional>
#include <set>

#include "mocks/in_memory/utilities/process_listing.h"
#include "mocks/in_memory/utilities/process_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

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

}  // namespace

int PsMain(Process& process) {
  const PsStyle style = PsParser(process).Parse();
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (const PsColumn& column : style.columns) {
    widths.push_back(std::max(column.width, column.header.size()));
  }
  const bool chosen = style.pids || style.parents || style.commands;
  for (const ProcessInfo& info : process.kernel().Processes()) {
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

}  // namespace computesdk::in_memory
