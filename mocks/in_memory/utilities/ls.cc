#include "mocks/in_memory/utilities/lister.h"
#include "mocks/in_memory/utilities/listing_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

using Format = LsCommand::Format;
using Indicator = LsCommand::Indicator;
using Sort = LsCommand::Sort;

// Long options without a short form.
enum Extra {
  kColor = 256,
  kFileType,
  kFormat,
  kFullTime,
  kGroupDirectories,
  kHide,
  kIndicator,
  kSiUnits,
  kSort,
  kTime,
  kTimeStyle
};
Sort SortOf(Process& process, std::string_view word) {
  static constexpr std::pair<std::string_view, Sort> kWords[] = {
      {"none", Sort::kNone},       {"size", Sort::kSize},           {"time", Sort::kTime},
      {"version", Sort::kVersion}, {"extension", Sort::kExtension}, {"name", Sort::kName}};
  for (const auto& [name, sort] : kWords) {
    if (name == word) return sort;
  }
  UsageError(process, "invalid argument " + QuotedName(word) + " for '--sort'", 2);
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
  UsageError(process, "invalid argument " + QuotedName(word) + " for '--format'", 2);
}

FileTime FileStatus::*TimeOf(std::string_view word) {
  if (word == "atime" || word == "access" || word == "use") return &FileStatus::accessed;
  if (word == "ctime" || word == "status") return &FileStatus::changed;
  return &FileStatus::modified;
}

Indicator IndicatorNamed(std::string_view word) {
  if (word == "slash") return Indicator::kSlash;
  if (word == "file-type") return Indicator::kFileType;
  return word == "classify" ? Indicator::kClassify : Indicator::kNone;
}

void TakeLongOption(Process& process, const Options::Option& option, LsCommand& command) {
  switch (option.letter) {
    case kColor:  // "auto" and "tty" look for a terminal, and there is none.
      command.color = !option.has_value || option.value == "always" || option.value == "yes" ||
                      option.value == "force";
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
      if (!command.all && !command.almost_all) command.ignored.push_back(option.value);
      break;
    case kIndicator:
      command.indicator = IndicatorNamed(option.value);
      break;
    case kSiUnits:
      command.human = 1000;
      break;
    case kSort:
      command.sort = SortOf(process, option.value);
      command.sort_given = true;
      break;
    case kTime:
      command.time = TimeOf(option.value);
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
      command.escape = true;
      command.quote = false;
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
      break;
    case 'F':
      command.indicator = Indicator::kClassify;
      break;
    case 'g':
      command.format = Format::kLong;
      command.owner = false;
      break;
    case 'G':
      command.group = false;
      break;
    case 'h':
      command.human = 1024;
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
      break;  // The unit is a kilobyte anyway.
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
      command.quote = command.escape = false;
      break;
    case 'o':
      command.format = Format::kLong;
      command.group = false;
      break;
    case 'p':
      command.indicator = Indicator::kSlash;
      break;
    case 'Q':
      command.quote = true;
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
        Complain(process, "invalid line width: " + QuotedName(option.value));
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

}  // namespace

int LsMain(Process& process) {
  LsCommand command;
  Options options(process, "1aAbBcCdfFgGhHiI:klLmnNopQrRsStuUvw:xX",
                  {{"all", 'a'},
                   {"almost-all", 'A'},
                   {"classify", 'F', Options::kOptional},
                   {"color", kColor, Options::kOptional},
                   {"dereference", 'L'},
                   {"directory", 'd'},
                   {"escape", 'b'},
                   {"file-type", kFileType},
                   {"ignore-backups", 'B'},
                   {"format", kFormat, Options::kRequired},
                   {"full-time", kFullTime},
                   {"group-directories-first", kGroupDirectories},
                   {"hide", kHide, Options::kRequired},
                   {"human-readable", 'h'},
                   {"ignore", 'I', Options::kRequired},
                   {"indicator-style", kIndicator, Options::kRequired},
                   {"inode", 'i'},
                   {"literal", 'N'},
                   {"no-group", 'G'},
                   {"numeric-uid-gid", 'n'},
                   {"quote-name", 'Q'},
                   {"recursive", 'R'},
                   {"reverse", 'r'},
                   {"si", kSiUnits},
                   {"size", 's'},
                   {"sort", kSort, Options::kRequired},
                   {"time", kTime, Options::kRequired},
                   {"time-style", kTimeStyle, Options::kRequired},
                   {"width", 'w', Options::kRequired}},
                  2);
  while (const auto option = options.Next()) TakeOption(process, *option, command);
  // -c and -u alone sort by the time that -l does not show.
  if (command.time != &FileStatus::modified && !command.sort_given &&
      command.format != Format::kLong) {
    command.sort = Sort::kTime;
  }
  return ListFiles(process, command, options.operands());
}

}  // namespace computesdk::in_memory
