#include <fnmatch.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "mocks/in_memory/utilities/listing/lister.h"
#include "mocks/in_memory/utilities/listing/listing_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

using Format = LsCommand::Format;
using Indicator = LsCommand::Indicator;
using Sort = LsCommand::Sort;

// Long options without a short form.
enum Extra {
  kAuthor = 256,
  kBlockSize,
  kDereferenceToDirectory,
  kQuotingStyle,
  kShowControl,
  kZero,
  kColor,
  kFileType,
  kFormat,
  kFullTime,
  kGroupDirectories,
  kHyperlink,
  kHide,
  kIndicator,
  kSiUnits,
  kSort,
  kTime,
  kTimeStyle
};
const std::vector<std::string_view> kWhen = {"always’, ‘yes’, ‘force", "never’, ‘no’, ‘none",
                                             "auto’, ‘tty’, ‘if-tty"};

bool IsColorWord(std::string_view word) {
  for (const std::string_view known :
       {"always", "yes", "force", "never", "no", "none", "auto", "tty", "if-tty"}) {
    if (word == known) return true;
  }
  return false;
}

Sort SortOf(Process& process, std::string_view word) {
  static constexpr std::pair<std::string_view, Sort> kWords[] = {
      {"none", Sort::kNone},       {"size", Sort::kSize},           {"time", Sort::kTime},
      {"version", Sort::kVersion}, {"extension", Sort::kExtension}, {"width", Sort::kWidth}};
  for (const auto& [name, sort] : kWords) {
    if (name == word) return sort;
  }
  UsageError(process, InvalidArgument(word, "--sort",
                                      {"none", "time", "size", "extension", "version", "width"}));
}

Format FormatOf(Process& process, std::string_view word) {
  static constexpr std::pair<std::string_view, Format> kWords[] = {
      {"single-column", Format::kOnePerLine},
      {"long", Format::kLong},
      {"verbose", Format::kLong},
      {"commas", Format::kCommas},
      {"vertical", Format::kColumns},
      {"horizontal", Format::kAcross},
      {"across", Format::kAcross}};
  for (const auto& [name, format] : kWords) {
    if (name == word) return format;
  }
  UsageError(process, InvalidArgument(word, "--format",
                                      {"verbose’, ‘long", "commas", "horizontal’, ‘across",
                                       "vertical", "single-column"}));
}

FileTime FileStatus::*TimeOf(Process& process, std::string_view word) {
  if (word == "atime" || word == "access" || word == "use") return &FileStatus::accessed;
  if (word == "ctime" || word == "status") return &FileStatus::changed;
  if (word == "birth" || word == "creation") {
    return &FileStatus::modified;
  }
  UsageError(process,
             InvalidArgument(word, "--time",
                             {"atime’, ‘access’, ‘use", "ctime’, ‘status", "birth’, ‘creation"}));
}

Indicator IndicatorNamed(Process& process, std::string_view word) {
  if (word == "slash") return Indicator::kSlash;
  if (word == "file-type") return Indicator::kFileType;
  if (word == "classify") return Indicator::kClassify;
  if (word == "none") return Indicator::kNone;
  UsageError(process, InvalidArgument(word, "--indicator-style",
                                      {"none", "slash", "file-type", "classify"}));
}

void CheckTimeStyle(Process& process, std::string& style) {
  if (style.starts_with("posix-")) style.erase(0, 6);
  if (style.starts_with('+') || style == "full-iso" || style == "long-iso" || style == "iso" ||
      style == "locale") {
    return;
  }
  Complain(process, InvalidArgument(style, "time style"));
  (void)process.Write(2,
                      "Valid arguments are:\n  - [posix-]full-iso\n  - [posix-]long-iso\n"
                      "  - [posix-]iso\n  - [posix-]locale\n"
                      "  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\n");
  UsageHint(process, 2);
}

// Where nothing names the colors there are some only for a terminal that is known to have them.
bool HasColors(const Process& process) {
  for (const char* name : {"LS_COLORS", "COLORTERM"}) {
    const auto variable = process.env.find(name);
    if (variable != process.env.end() && !variable->second.empty()) return true;
  }
  const auto term = process.env.find("TERM");
  if (term == process.env.end()) return false;
  static constexpr const char* kKnown[] = {"Eterm",   "ansi",       "*color*", "con[0-9]*x[0-9]*",
                                           "cons25",  "console",    "cygwin",  "*direct*",
                                           "dtterm",  "gnome",      "hurd",    "jfbterm",
                                           "konsole", "kterm",      "linux",   "linux-c",
                                           "mlterm",  "putty",      "rxvt*",   "screen*",
                                           "st",      "terminator", "tmux*",   "vt100",
                                           "xterm*"};
  return std::any_of(std::begin(kKnown), std::end(kKnown), [&](const char* pattern) {
    return fnmatch(pattern, term->second.c_str(), 0) == 0;
  });
}

void TakeLongOption(Process& process, const Options::Option& option, LsCommand& command) {
  switch (option.letter) {
    case kColor:  // "auto" and "tty" look for a terminal, and there is none.
      if (option.has_value && !IsColorWord(option.value))
        UsageError(process, InvalidArgument(option.value, "--color", kWhen));
      command.color = (!option.has_value || option.value == "always" || option.value == "yes" ||
                       option.value == "force") &&
                      HasColors(process);
      break;
    case kAuthor:
      command.author = true;
      break;
    case kBlockSize: {
      const auto unit = ParseSizeUnit(option.value);
      if (!unit) {
        Complain(process, "invalid --block-size argument " + QuotedName(option.value));
        process.Exit(2);
      }
      command.size_unit = command.block_unit = *unit;
      break;
    }
    case kDereferenceToDirectory:
      command.dereference_operands = true;
      break;
    case kQuotingStyle: {
      const auto style = ParseQuoting(option.value);
      if (!style)
        UsageError(process, InvalidArgument(option.value, "--quoting-style",
                                            {"literal", "shell", "shell-always", "shell-escape",
                                             "shell-escape-always", "c", "c-maybe", "escape",
                                             "locale", "clocale"}));
      command.quoting = *style;
      break;
    }
    case kShowControl:
      command.hide_control = false;
      break;
    case kZero:
      command.end = '\0';
      command.color = false;
      command.quoting = Quoting::kLiteral;
      if (command.format != Format::kLong) command.format = Format::kOnePerLine;
      break;
    case kFileType:
      command.indicator = Indicator::kFileType;
      break;
    case kFormat:
      command.format = FormatOf(process, option.value);
      break;
    case kFullTime:
      command.format = Format::kLong;
      command.time_style = "full-iso";
      break;
    case kGroupDirectories:
      command.directories_first = true;
      break;
    case kHide:
      command.hidden.push_back(option.value);
      break;
    case kHyperlink:  // Only for a terminal, too, unless it is always.
      if (option.has_value && !IsColorWord(option.value))
        UsageError(process, InvalidArgument(option.value, "--hyperlink", kWhen));
      break;
    case kIndicator:
      command.indicator = IndicatorNamed(process, option.value);
      break;
    case kSiUnits:
      command.size_unit = command.block_unit = {.bytes = 1, .suffix = "", .human = 1000};
      break;
    case kSort:
      command.sort = SortOf(process, option.value);
      command.sort_given = true;
      break;
    case kTime:
      command.time = TimeOf(process, option.value);
      break;
    case kTimeStyle:
      command.time_style = option.value;
      break;
  }
}

void TakeSort(LsCommand& command, Sort sort) {
  command.sort = sort;
  command.sort_given = true;
}

void TakeOption(Process& process, const Options::Option& option, LsCommand& command) {
  switch (option.letter) {
    case '1':
      if (command.format != Format::kLong) command.format = Format::kOnePerLine;
      break;
    case 'a':
      command.all = true;
      break;
    case 'A':
      command.almost_all = true;
      command.all = false;
      break;
    case 'b':
      command.quoting = Quoting::kEscape;
      break;
    case 'B':
      command.ignored.insert(command.ignored.end(), {"*~", ".*~"});
      break;
    case 'c':
      command.time = &FileStatus::changed;
      break;
    case 'C':
      command.format = Format::kColumns;
      break;
    case 'd':
      command.directories_themselves = true;
      break;
    case 'f':
      TakeSort(command, Sort::kNone);
      command.all = true;
      command.color = false;
      if (command.format == Format::kLong) command.format = Format::kOnePerLine;
      break;
    case 'F':
      if (option.has_value && !IsColorWord(option.value)) {
        UsageError(process, InvalidArgument(option.value, "--classify", kWhen));
      }
      // "auto" looks for a terminal, and there is none.
      command.indicator = !option.has_value || option.value == "always" || option.value == "yes" ||
                                  option.value == "force"
                              ? Indicator::kClassify
                              : Indicator::kNone;
      break;
    case 'g':
      command.format = Format::kLong;
      command.owner = false;
      break;
    case 'G':
      command.group = false;
      break;
    case 'h':
      command.size_unit = command.block_unit = {.bytes = 1, .suffix = "", .human = 1024};
      break;
    case 'H':
      command.dereference_operands = true;
      break;
    case 'i':
      command.inodes = true;
      break;
    case 'I':
      command.ignored.push_back(option.value);
      break;
    case 'k':
      command.block_unit = {.bytes = 1024, .suffix = "", .human = 0};
      break;
    case 'l':
      command.format = Format::kLong;
      break;
    case 'L':
      command.dereference = true;
      break;
    case 'm':
      command.format = Format::kCommas;
      break;
    case 'n':
      command.format = Format::kLong;
      command.numeric = true;
      break;
    case 'N':
      command.quoting = Quoting::kLiteral;
      break;
    case 'o':
      command.format = Format::kLong;
      command.group = false;
      break;
    case 'p':
      command.indicator = Indicator::kSlash;
      break;
    case 'q':
      command.hide_control = true;
      break;
    case 'Q':
      command.quoting = Quoting::kC;
      break;
    case 'r':
      command.reverse = true;
      break;
    case 'R':
      command.recursive = true;
      break;
    case 's':
      command.blocks = true;
      break;
    case 'S':
      TakeSort(command, Sort::kSize);
      break;
    case 't':
      TakeSort(command, Sort::kTime);
      break;
    case 'T': {
      const auto columns = ParseInteger(option.value);
      if (!columns || *columns < 0) {
        Complain(process, "invalid tab size: " + QuotedWord(option.value));
        process.Exit(2);
      }
      command.tab = static_cast<std::size_t>(*columns);
      break;
    }
    case 'u':
      command.time = &FileStatus::accessed;
      break;
    case 'U':
      TakeSort(command, Sort::kNone);
      break;
    case 'v':
      TakeSort(command, Sort::kVersion);
      break;
    case 'w': {
      const auto width = ParseInteger(option.value);
      if (!width || *width < 0) {
        Complain(process, "invalid line width: " + QuotedWord(option.value));
        process.Exit(2);
      }
      command.width = *width == 0 ? 1'000'000 : static_cast<unsigned>(*width);
      break;
    }
    case 'x':
      command.format = Format::kAcross;
      break;
    case 'X':
      TakeSort(command, Sort::kExtension);
      break;
    default:
      TakeLongOption(process, option, command);
  }
}

int RunLs(Process& process, LsCommand command) {
  const auto columns = process.env.find("COLUMNS");
  if (columns != process.env.end()) {
    const auto width = ParseInteger(columns->second);
    if (width && *width > 0) {
      command.width = static_cast<unsigned>(std::min<std::int64_t>(*width, 1'000'000));
    }
  }
  const auto style = process.env.find("QUOTING_STYLE");
  if (style != process.env.end()) {
    const auto quoting = ParseQuoting(style->second);
    if (!quoting) {
      Complain(process, "ignoring invalid value of environment variable QUOTING_STYLE: " +
                            QuotedWord(style->second));
    }
    command.quoting = quoting.value_or(command.quoting);
  }
  Options options(process, "1aAbBcCdfFgGhHiI:klLmnNopqQrRsStT:uUvw:xX",
                  {{"all", 'a'},
                   {"almost-all", 'A'},
                   {"author", kAuthor},
                   {"block-size", kBlockSize, Options::kRequired},
                   {"classify", 'F', Options::kOptional},
                   {"color", kColor, Options::kOptional},
                   {"dereference", 'L'},
                   {"dereference-command-line", 'H'},
                   {"dereference-command-line-symlink-to-dir", kDereferenceToDirectory},
                   {"directory", 'd'},
                   {"escape", 'b'},
                   {"file-type", kFileType},
                   {"ignore-backups", 'B'},
                   {"format", kFormat, Options::kRequired},
                   {"full-time", kFullTime},
                   {"group-directories-first", kGroupDirectories},
                   {"hide", kHide, Options::kRequired},
                   {"hide-control-chars", 'q'},
                   {"human-readable", 'h'},
                   {"hyperlink", kHyperlink, Options::kOptional},
                   {"ignore", 'I', Options::kRequired},
                   {"indicator-style", kIndicator, Options::kRequired},
                   {"inode", 'i'},
                   {"literal", 'N'},
                   {"no-group", 'G'},
                   {"numeric-uid-gid", 'n'},
                   {"kibibytes", 'k'},
                   {"quote-name", 'Q'},
                   {"quoting-style", kQuotingStyle, Options::kRequired},
                   {"recursive", 'R'},
                   {"reverse", 'r'},
                   {"show-control-chars", kShowControl},
                   {"si", kSiUnits},
                   {"size", 's'},
                   {"sort", kSort, Options::kRequired},
                   {"tabsize", 'T', Options::kRequired},
                   {"time", kTime, Options::kRequired},
                   {"time-style", kTimeStyle, Options::kRequired},
                   {"width", 'w', Options::kRequired},
                   {"zero", kZero}},
                  2);
  while (const auto option = options.Next()) TakeOption(process, *option, command);
  if (command.format != Format::kLong && command.format != Format::kOnePerLine &&
      columns != process.env.end() && !columns->second.empty() && !ParseInteger(columns->second)) {
    Complain(process, "ignoring invalid width in environment variable COLUMNS: " +
                          QuotedWord(columns->second));
  }
  if (!command.all && !command.almost_all) {
    command.ignored.insert(command.ignored.end(), command.hidden.begin(), command.hidden.end());
  }
  const auto named = process.env.find("TIME_STYLE");
  if (command.time_style.empty() && named != process.env.end()) {
    command.time_style = named->second;
  }
  if (command.format == Format::kLong && !command.time_style.empty()) {
    CheckTimeStyle(process, command.time_style);
  }
  // -c and -u alone sort by the time that -l does not show.
  if (command.time != &FileStatus::modified && !command.sort_given &&
      command.format != Format::kLong) {
    command.sort = Sort::kTime;
  }
  return ListFiles(process, command, options.operands());
}

}  // namespace

int LsMain(Process& process) { return RunLs(process, {}); }

int DirMain(Process& process) {
  LsCommand command;
  command.format = Format::kColumns;
  command.quoting = Quoting::kEscape;
  return RunLs(process, std::move(command));
}

int VdirMain(Process& process) {
  LsCommand command;
  command.format = Format::kLong;
  command.quoting = Quoting::kEscape;
  return RunLs(process, std::move(command));
}

}  // namespace computesdk::in_memory
