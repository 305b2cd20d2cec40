#include "mocks/in_memory/kernel/machine.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/processes/process_programs.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

// --- free ---------------------------------------------------------------------------------------

// Long options without a short form.
enum FreeExtra { kFreeSi = 256, kFreeKilo, kFreeMega, kFreeGiga, kFreeTera, kFreeTebi };

struct FreeStyle {
  std::uint64_t unit = 1024;
  bool human = false;
  bool si = false;
  bool wide = false;
  bool total = false;
};

std::string HumanMemory(std::uint64_t bytes, bool si) {
  const double base = si ? 1000 : 1024;
  static constexpr std::string_view kUnits[] = {"B", "Ki", "Mi", "Gi", "Ti", "Pi"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= base && unit + 1 < std::size(kUnits)) {
    value /= base;
    ++unit;
  }
  std::string name(kUnits[unit]);
  if (si && unit > 0) name.pop_back();
  char text[32];
  const bool whole = unit == 0 || value >= 10;
  (void)std::snprintf(text, sizeof text, whole ? "%.0f%s" : "%.1f%s",
                      whole ? static_cast<double>(static_cast<std::uint64_t>(value)) : value,
                      name.c_str());
  return text;
}

std::string FreeCell(std::uint64_t bytes, const FreeStyle& style) {
  const std::string value =
      style.human ? HumanMemory(bytes, style.si) : std::to_string(bytes / style.unit);
  return std::string(value.size() < 11 ? 11 - value.size() : 0, ' ') + value;
}

FreeStyle ParseFree(Process& process, Options& options) {
  FreeStyle style;
  std::size_t power = 1;
  bool decimal = false;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
        power = 0;
        break;
      case 'k':
        power = 1;
        break;
      case 'm':
        power = 2;
        break;
      case 'g':
        power = 3;
        break;
      case 'h':
        style.human = true;
        break;
      case 't':
        style.total = true;
        break;
      case 'w':
        style.wide = true;
        break;
      case 'V':
        (void)process.Write(1, "free from procps-ng 4.0.2\n");
        process.Exit(0);
      case kFreeSi:
        style.si = decimal = true;
        break;
      case kFreeTebi:
        power = 4;
        break;
      default:
        power = static_cast<std::size_t>(option->letter - kFreeKilo) + 1;
        decimal = true;
    }
  }
  style.unit = 1;
  for (std::size_t i = 0; i < power; ++i) style.unit *= decimal ? 1000 : 1024;
  return style;
}

// --- uptime, w ----------------------------------------------------------------------------------

std::chrono::seconds Up(Process& process) {
  return std::chrono::floor<std::chrono::seconds>(process.clock().Now() -
                                                  StartOf(process.kernel()));
}

// " 10:20:30 up  1:05,  0 user,  load average: 0.00, 0.00, 0.00".
std::string UptimeLine(Process& process) {
  const auto up = std::chrono::floor<std::chrono::minutes>(Up(process)).count();
  const auto days = up / 1440;
  const auto hours = up / 60 % 24;
  char text[64];
  std::string line = " " + FormatTime("%H:%M:%S", process.clock().Now(), ZoneOf(process)) + " up ";
  if (days > 0) line += std::to_string(days) + (days == 1 ? " day, " : " days, ");
  if (hours > 0) {
    (void)std::snprintf(text, sizeof text, "%2d:%02d", static_cast<int>(hours),
                        static_cast<int>(up % 60));
  } else {
    (void)std::snprintf(text, sizeof text, "%d min", static_cast<int>(up % 60));
  }
  // Nobody is logged in, and what waits to run is not counted.
  return line + text + ",  0 user,  load average: 0.00, 0.00, 0.00\n";
}

std::string PrettyUptime(Process& process) {
  const auto up = std::chrono::floor<std::chrono::minutes>(Up(process)).count();
  std::string text = "up ";
  const auto add = [&](std::int64_t count, const std::string& unit) {
    if (count == 0) return;
    text += (text.size() > 3 ? ", " : "") + std::to_string(count) + " " + unit +
            (count == 1 ? "" : "s");
  };
  add(up / 10080, "week");
  add(up / 1440 % 7, "day");
  add(up / 60 % 24, "hour");
  if (up % 60 > 0 || text.size() == 3) {
    text += (text.size() > 3 ? ", " : "") + std::to_string(up % 60) + " minute" +
            (up % 60 == 1 ? "" : "s");
  }
  return text + "\n";
}

}  // namespace

int FreeMain(Process& process) {
  Options options(process, "bghkmtwV",
                  {{"bytes", 'b'},
                   {"giga", kFreeGiga},
                   {"gibi", 'g'},
                   {"human", 'h'},
                   {"kibi", 'k'},
                   {"kilo", kFreeKilo},
                   {"mebi", 'm'},
                   {"mega", kFreeMega},
                   {"si", kFreeSi},
                   {"tebi", kFreeTebi},
                   {"tera", kFreeTera},
                   {"total", 't'},
                   {"wide", 'w'}});
  const FreeStyle style = ParseFree(process, options);
  // The memory of a sandbox is what its files may take.
  const std::uint64_t total = process.kernel().limits().files.bytes;
  const std::uint64_t cache = std::min(total, process.files().bytes_used());
  const std::uint64_t free = total - cache;
  Output out(process);
  out << "               total        used        free      shared  "
      << (style.wide ? "   buffers       cache" : "buff/cache") << "   available\nMem:    ";
  for (const std::uint64_t value : {total, std::uint64_t{0}, free, std::uint64_t{0}}) {
    out << " " << FreeCell(value, style);
  }
  if (style.wide) out << " " << FreeCell(0, style);
  out << " " << FreeCell(cache, style) << " " << FreeCell(total, style) << "\nSwap:   ";
  for (int i = 0; i < 3; ++i) out << " " << FreeCell(0, style);
  if (style.total) {
    out << "\nTotal:  ";
    for (const std::uint64_t value : {total, std::uint64_t{0}, free}) {
      out << " " << FreeCell(value, style);
    }
  }
  out << "\n";
  return out.Finish(0);
}

int UptimeMain(Process& process) {
  char form = ' ';
  Options options(process, "phsV", {{"pretty", 'p'}, {"since", 's'}});
  while (const auto option = options.Next()) form = static_cast<char>(option->letter);
  if (!options.operands().empty()) UsageError(process, "unexpected argument");
  Output out(process);
  if (form == 'p') {
    out << PrettyUptime(process);
  } else if (form == 's') {
    out << FormatTime("%Y-%m-%d %H:%M:%S", StartOf(process.kernel()), ZoneOf(process)) << "\n";
  } else if (form == 'V') {
    out << "uptime from procps-ng 4.0.2\n";
  } else {
    out << UptimeLine(process);
  }
  return out.Finish(0);
}

// Nobody logs in to a sandbox: the lists are empty.
int WhoMain(Process& process) {
  bool heading = false;
  bool count = false;
  Options options(process, "abdHlmpqrstTuw",
                  {{"all", 'a'},
                   {"boot", 'b'},
                   {"count", 'q'},
                   {"dead", 'd'},
                   {"heading", 'H'},
                   {"login", 'l'},
                   {"mesg", 'T'},
                   {"message", 'T'},
                   {"process", 'p'},
                   {"runlevel", 'r'},
                   {"short", 's'},
                   {"time", 't'},
                   {"users", 'u'},
                   {"writable", 'T'},
                   {"lookup", 256}});
  while (const auto option = options.Next()) {
    if (option->letter == 'H') heading = true;
    if (option->letter == 'q') count = true;
  }
  if (options.operands().size() > 2) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[2]));
  }
  Output out(process);
  if (count) {
    out << "\n# users=0\n";
  } else if (heading) {
    out << "NAME     LINE         TIME             COMMENT\n";
  }
  return out.Finish(0);
}

int UsersMain(Process& process) {
  Options options(process, "");
  while (options.Next()) {
  }
  if (options.operands().size() > 1) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[1]));
  }
  return 0;
}

int WMain(Process& process) {
  bool heading = true;
  Options options(process, "hsfiouV",
                  {{"no-header", 'h'},
                   {"short", 's'},
                   {"from", 'f'},
                   {"ip-addr", 'i'},
                   {"old-style", 'o'},
                   {"no-current", 'u'}});
  bool from = true;
  bool brief = false;
  while (const auto option = options.Next()) {
    if (option->letter == 'h') heading = false;
    if (option->letter == 'f') from = !from;
    if (option->letter == 's') brief = true;
  }
  Output out(process);
  if (heading) {
    out << UptimeLine(process) << "USER     TTY      " << (from ? "FROM             " : "")
        << (brief ? " IDLE WHAT\n" : "LOGIN@   IDLE   JCPU   PCPU WHAT\n");
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
