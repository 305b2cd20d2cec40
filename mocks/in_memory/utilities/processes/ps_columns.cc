#include "mocks/in_memory/utilities/processes/ps_columns.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

using Info = const ProcessInfo&;
using View = const PsView&;
using Text = std::string (*)(Info, View);
using Number = std::int64_t (*)(Info, View);

std::int64_t Pid(Info info, View) { return info.pid; }
std::int64_t ParentPid(Info info, View) { return info.parent_pid; }
std::int64_t Group(Info info, View) { return info.group; }
std::int64_t Niceness(Info info, View) { return info.niceness; }
std::int64_t Zero(Info, View) { return 0; }
std::int64_t SecondsAlive(Info info, View view) {
  return std::chrono::duration_cast<std::chrono::seconds>(view.now - info.began).count();
}
std::int64_t Began(Info info, View) {
  return std::chrono::floor<std::chrono::seconds>(info.began).time_since_epoch().count();
}
// The scheduler's view, by the scale of "pri" and by that of ps -l.
std::int64_t Priority(Info info, View) { return 19 - info.niceness; }
std::int64_t LongPriority(Info info, View) { return 80 + info.niceness; }
std::int64_t BsdPriority(Info info, View) { return 20 + info.niceness; }

template <Number number>
std::string AsText(Info info, View view) {
  return std::to_string(number(info, view));
}

// Everybody is root; no process has a terminal, memory of its own or time on a processor that
// anybody counts: those columns are what ps shows of an idle one.
std::string Root(Info, View) { return "root"; }
std::string Dash(Info, View) { return "-"; }
std::string One(Info, View) { return "1"; }
std::string MinusOne(Info, View) { return "-1"; }
std::string Question(Info, View) { return "?"; }
std::string NoTime(Info, View) { return "00:00:00"; }
std::string NoBsdTime(Info, View) { return "0:00"; }
std::string NoShare(Info, View) { return "0.0"; }
std::string TimeSharing(Info, View) { return "TS"; }

std::string Name(Info info, View) { return CommandName(info); }
std::string Line(Info info, View) { return CommandLine(info); }

std::string State(Info info, View view) { return info.pid == view.self ? "R" : "S"; }

std::string States(Info info, View view) {
  std::string states = State(info, view);
  if (info.niceness != 0) states += info.niceness > 0 ? 'N' : '<';
  if (info.pid == info.group) states += 's';
  return states;
}

std::string Elapsed(Info info, View view) {
  constexpr int kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  const std::int64_t seconds = SecondsAlive(info, view);
  const auto two = [](std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  std::string text = two(seconds % kHour / kMinute) + ":" + two(seconds % kMinute);
  if (seconds >= kHour) text.insert(0, two(seconds % kDay / kHour) + ":");
  if (seconds >= kDay) text.insert(0, std::to_string(seconds / kDay) + "-");
  return text;
}

std::string StartAs(Info info, View view, const char* today, const char* this_year) {
  constexpr std::int64_t kDay = 86400;
  const bool recent = SecondsAlive(info, view) < kDay;
  return FormatTime(recent ? today : this_year, info.began, view.zone);
}
std::string StartTime(Info info, View view) {
  const auto day = [&](FileTime time) { return FormatTime("%F", time, view.zone); };
  return FormatTime(day(info.began) == day(view.now) ? "%H:%M" : "%b%d", info.began, view.zone);
}
std::string Started(Info info, View view) { return StartAs(info, view, "%H:%M:%S", "%b %d"); }
std::string BsdStart(Info info, View view) { return StartAs(info, view, "%H:%M", "%b %d"); }
std::string LongStart(Info info, View view) {
  return FormatTime("%a %b %e %H:%M:%S %Y", info.began, view.zone);
}

const std::vector<PsColumn>& Columns() {
  static const auto* const kColumns =
      new std::vector<PsColumn>{{"pid", "PID", true, 7, AsText<Pid>, Pid},
                                {"ppid", "PPID", true, 7, AsText<ParentPid>, ParentPid},
                                {"pgid", "PGID", true, 7, AsText<Group>, Group},
                                {"sid", "SID", true, 7, AsText<Group>, Group},
                                {"tpgid", "TPGID", true, 5, MinusOne, Zero},
                                {"lwp", "LWP", true, 7, AsText<Pid>, Pid},
                                {"tid", "TID", true, 7, AsText<Pid>, Pid},
                                {"nlwp", "NLWP", true, 4, One, Zero},
                                {"uid", "UID", true, 5, AsText<Zero>, Zero},
                                {"gid", "GID", true, 5, AsText<Zero>, Zero},
                                {"user", "USER", false, 8, Root},
                                {"ruser", "RUSER", false, 8, Root},
                                {"euser", "EUSER", false, 8, Root},
                                {"group", "GROUP", false, 8, Root},
                                {"egroup", "EGROUP", false, 8, Root},
                                {"uname", "UID", false, 8, Root},
                                {"comm", "COMMAND", false, 15, Name},
                                {"ucmd", "CMD", false, 15, Name},
                                {"args", "COMMAND", false, 27, Line},
                                {"cmd", "CMD", false, 27, Line},
                                {"stat", "STAT", false, 4, States},
                                {"state", "S", false, 1, State},
                                {"tty", "TT", false, 8, Question},
                                {"tname", "TTY", false, 8, Question},
                                {"time", "TIME", true, 8, NoTime, Zero},
                                {"bsdtime", "TIME", true, 6, NoBsdTime, Zero},
                                {"cputimes", "TIME", true, 8, AsText<Zero>, Zero},
                                {"etime", "ELAPSED", true, 11, Elapsed, SecondsAlive},
                                {"etimes", "ELAPSED", true, 7, AsText<SecondsAlive>, SecondsAlive},
                                {"stime", "STIME", false, 5, StartTime, Began},
                                {"start_time", "START", false, 5, StartTime, Began},
                                {"bsdstart", "START", true, 6, BsdStart, Began},
                                {"start", "STARTED", true, 8, Started, Began},
                                {"lstart", "STARTED", true, 24, LongStart, Began},
                                {"c", "C", true, 2, AsText<Zero>, Zero},
                                {"cp", "CP", true, 3, AsText<Zero>, Zero},
                                {"f", "F", false, 1, AsText<Zero>, Zero},
                                {"ni", "NI", true, 3, AsText<Niceness>, Niceness},
                                {"pri", "PRI", true, 3, AsText<Priority>, Priority},
                                {"opri", "PRI", true, 3, AsText<LongPriority>, LongPriority},
                                {"priority", "PRI", true, 3, AsText<BsdPriority>, BsdPriority},
                                {"cls", "CLS", true, 3, TimeSharing},
                                {"psr", "PSR", true, 3, AsText<Zero>, Zero},
                                {"addr", "ADDR", false, 4, Dash},
                                {"wchan", "WCHAN", false, 6, Dash},
                                {"sz", "SZ", true, 5, AsText<Zero>, Zero},
                                {"%cpu", "%CPU", true, 4, NoShare, Zero},
                                {"%mem", "%MEM", true, 4, NoShare, Zero},
                                {"vsz", "VSZ", true, 6, AsText<Zero>, Zero},
                                {"rss", "RSS", true, 5, AsText<Zero>, Zero}};
  return *kColumns;
}

}  // namespace

const PsColumn* FindPsColumn(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
      {"command", "args"}, {"pcpu", "%cpu"},     {"pmem", "%mem"},    {"ucomm", "comm"},
      {"pgrp", "pgid"},    {"tt", "tty"},        {"sess", "sid"},     {"session", "sid"},
      {"s", "state"},      {"nice", "ni"},       {"cputime", "time"}, {"vsize", "vsz"},
      {"euid", "uid"},     {"ruid", "uid"},      {"egid", "gid"},     {"rgid", "gid"},
      {"rssize", "rss"},   {"rsz", "rss"},       {"class", "cls"},    {"policy", "cls"},
      {"thcount", "nlwp"}, {"spid", "lwp"},      {"flag", "f"},       {"flags", "f"},
      {"rgroup", "group"}, {"uid_hack", "uname"}};
  for (const auto& [alias, meant] : kAliases) {
    if (name == alias) name = meant;
  }
  const auto& columns = Columns();
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const PsColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace computesdk::in_memory
