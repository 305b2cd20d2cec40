#include "mocks/in_memory/utilities/tar.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "mocks/in_memory/utilities/archive_programs.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace tar {

void Fail(Process& process, int& status, const std::string& message) {
  Complain(process, message);
  status = 2;
}

void Die(Process& process, const std::string& message) {
  if (!message.empty()) Complain(process, message);
  Complain(process, "Error is not recoverable: exiting now");
  process.Exit(2);
}

bool IsExcluded(const Style& style, const std::string& name) {
  std::string trimmed = name;
  while (trimmed.size() > 1 && trimmed.ends_with('/')) trimmed.pop_back();
  for (const std::string& pattern : style.excludes) {
    // A pattern holds from any slash on.
    for (std::size_t at = 0; at != std::string::npos;) {
      if (fnmatch(pattern.c_str(), trimmed.c_str() + at, FNM_LEADING_DIR) == 0) return true;
      at = trimmed.find('/', at);
      if (at != std::string::npos) ++at;
    }
  }
  return false;
}

std::string Shown(const std::string& name) {
  static constexpr std::string_view kLetters = "\a\b\f\n\r\t\v\\";
  std::string shown;
  for (const char c : name) {
    const auto at = kLetters.find(c);
    if (at != std::string_view::npos) {
      shown += {'\\', "abfnrtv\\"[at]};
    } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      std::array<char, 8> octal{};
      std::snprintf(octal.data(), octal.size(), "\\%03o", static_cast<unsigned char>(c));
      shown += octal.data();
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string Line(const Style& style, const TarMember& member, bool details) {
  if (!details) return Shown(member.name);
  char type = '-';
  switch (member.type) {
    case '1':
      type = 'h';
      break;
    case '2':
      type = 'l';
      break;
    case '3':
      type = 'c';
      break;
    case '5':
      type = 'd';
      break;
    case '6':
      type = 'p';
      break;
  }
  const auto name = [&](const std::string& text, unsigned id) {
    return text.empty() || style.numeric ? std::to_string(id) : text;
  };
  const std::string owner = name(member.user, member.uid) + "/" + name(member.group, member.gid);
  std::string size = member.type == '3' ? "0,0" : std::to_string(member.size);
  constexpr std::size_t kWidth = 19;  // Of owner and size.
  if (owner.size() + 1 + size.size() < kWidth) {
    size.insert(0, kWidth - owner.size() - 1 - size.size(), ' ');
  }
  std::string line =
      type + PermissionString(member.mode) + " " + owner + " " + size + " " +
      FormatTime(style.full_time ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", member.modified) + " " +
      Shown(member.name);
  if (member.type == '2') line += " -> " + Shown(member.link);
  if (member.type == '1') line += " link to " + Shown(member.link);
  return line;
}

namespace {

// Options that have no short form.
enum LongOnly {
  kExclude = 256,
  kStrip,
  kOwner,
  kGroup,
  kNumeric,
  kTime,
  kNoRecursion,
  kRecursion,
  kWildcards,
  kNoWildcards,
  kSameOwner,
  kNoSameOwner,
  kNoSamePermissions,
  kSkipOld,
  kKeepNewer,
  kRemoveFiles,
  kTotals,
  kFullTime,
  kNull,
  kAccepted,       // Changes nothing here.
  kAcceptedValue,  // The same, with a value.
  kExcludeVcs,
  kOverwrite,
};

const std::vector<Options::Long>& LongOptions() {
  static const auto* const kOptions =
      new std::vector<Options::Long>{{"create", 'c'},
                                     {"extract", 'x'},
                                     {"get", 'x'},
                                     {"list", 't'},
                                     {"append", 'r'},
                                     {"update", 'u'},
                                     {"file", 'f', Options::kRequired},
                                     {"verbose", 'v'},
                                     {"gzip", 'z'},
                                     {"gunzip", 'z'},
                                     {"ungzip", 'z'},
                                     {"bzip2", 'j'},
                                     {"xz", 'J'},
                                     {"auto-compress", 'a'},
                                     {"directory", 'C', Options::kRequired},
                                     {"files-from", 'T', Options::kRequired},
                                     {"exclude-from", 'X', Options::kRequired},
                                     {"exclude", kExclude, Options::kRequired},
                                     {"exclude-vcs", kExcludeVcs},
                                     {"strip-components", kStrip, Options::kRequired},
                                     {"to-stdout", 'O'},
                                     {"keep-old-files", 'k'},
                                     {"skip-old-files", kSkipOld},
                                     {"keep-newer-files", kKeepNewer},
                                     {"overwrite", kOverwrite},
                                     {"touch", 'm'},
                                     {"dereference", 'h'},
                                     {"absolute-names", 'P'},
                                     {"preserve-permissions", 'p'},
                                     {"same-permissions", 'p'},
                                     {"no-same-permissions", kNoSamePermissions},
                                     {"same-owner", kSameOwner},
                                     {"no-same-owner", kNoSameOwner},
                                     {"owner", kOwner, Options::kRequired},
                                     {"group", kGroup, Options::kRequired},
                                     {"numeric-owner", kNumeric},
                                     {"mtime", kTime, Options::kRequired},
                                     {"no-recursion", kNoRecursion},
                                     {"recursion", kRecursion},
                                     {"wildcards", kWildcards},
                                     {"no-wildcards", kNoWildcards},
                                     {"remove-files", kRemoveFiles},
                                     {"totals", kTotals},
                                     {"full-time", kFullTime},
                                     {"null", kNull},
                                     {"sparse", 'S'},
                                     {"no-auto-compress", kAccepted},
                                     {"no-overwrite-dir", kAccepted},
                                     {"one-file-system", kAccepted},
                                     {"format", kAcceptedValue, Options::kRequired},
                                     {"sort", kAcceptedValue, Options::kRequired},
                                     {"warning", kAcceptedValue, Options::kRequired}};
  return *kOptions;
}

constexpr std::string_view kTarLetters = "cxtruf:vzjJaC:T:X:OkmhPpSoBb:H:iwlU";

std::vector<std::string> ReadNames(Process& process, const std::string& file, char delimiter) {
  int fd = 0;
  if (file != "-") {
    const auto opened = process.Open(file, 0);
    if (!opened) Die(process, file + ": Cannot open: " + ErrnoText(opened.error()));
    fd = *opened;
  }
  const ScopedDescriptor scoped(process, file == "-" ? -1 : fd);
  std::vector<std::string> names;
  std::size_t bytes = 0;
  Input input(process, fd);
  while (const auto line = input.ReadLine(delimiter)) {
    RequireMemory(process, bytes += line->size() + 1);
    if (!line->empty()) names.emplace_back(*line);
  }
  return names;
}

// "tar xzf FILE": letters without a dash, their values behind them in order.
void ModernizeLetters(Process& process) {
  auto& args = process.args;
  if (args.size() < 2 || args[1].empty() || args[1][0] == '-') return;
  const std::string letters = args[1];
  std::vector<std::string> modern = {args[0]};
  std::size_t next = 2;
  for (const char letter : letters) {
    modern.push_back(std::string("-") + letter);
    const std::size_t at = kTarLetters.find(letter);
    if (letter == ':' || at == std::string_view::npos || at + 1 >= kTarLetters.size() ||
        kTarLetters[at + 1] != ':') {
      continue;
    }
    if (next == args.size()) {
      Complain(process, std::string("Old option '") + letter + "' requires an argument.");
      (void)process.Write(2, "Try 'tar --help' or 'tar --usage' for more information.\n");
      process.Exit(2);
    }
    modern.push_back(args[next++]);
  }
  modern.insert(modern.end(), args.begin() + static_cast<std::ptrdiff_t>(next), args.end());
  args = std::move(modern);
}

[[noreturn]] void TarUsage(Process& process, const std::string& message) {
  Complain(process, message);
  (void)process.Write(2, "Try 'tar --help' or 'tar --usage' for more information.\n");
  process.Exit(2);
}

class StyleParser {
 public:
  explicit StyleParser(Process& process)
      : process_(process), options_(process, kTarLetters, LongOptions(), 2) {}

  Style Parse() {
    while (const auto option = options_.Next()) {
      // What stands before a -C belongs to the folder before it.
      TakeOperands();
      Take(option->letter, option->value);
    }
    TakeOperands();
    if (style_.mode == 0) {
      TarUsage(process_,
               "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
    }
    if (style_.mode == 'c' && style_.operands.empty() && !from_file_) {
      TarUsage(process_, "Cowardly refusing to create an empty archive");
    }
    style_.folder = folder_;
    if (automatic_ && style_.mode == 'c') {
      style_.gzip |= style_.archive.ends_with(".gz") || style_.archive.ends_with(".tgz");
    }
    return std::move(style_);
  }

 private:
  void TakeOperands() {
    const auto& operands = options_.operands();
    for (; taken_ < operands.size(); ++taken_) {
      style_.operands.push_back({operands[taken_], folder_});
    }
  }

  void Mode(char letter) {
    if (style_.mode != 0 && style_.mode != letter) {
      TarUsage(
          process_,
          "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
    }
    style_.mode = letter;
  }

  [[noreturn]] void NoCompressor(const std::string& name) {
    (void)process_.Write(2, "tar (child): " + name +
                                ": Cannot exec: No such file or directory\n"
                                "tar (child): Error is not recoverable: exiting now\n");
    Complain(process_, "Child returned status 2");
    Die(process_, "");
  }

  void Take(int letter, const std::string& value) {
    switch (letter) {
      case 'c':
      case 'x':
      case 't':
      case 'r':
      case 'u':
        return Mode(static_cast<char>(letter));
      case 'f':
        style_.archive = value;
        return;
      case 'v':
        ++style_.verbose;
        return;
      case 'z':
        style_.gzip = true;
        return;
      case 'j':
        NoCompressor("bzip2");
      case 'J':
        NoCompressor("xz");
      case 'a':
        automatic_ = true;
        return;
      case 'C':
        folder_ = folder_.empty() ? value : JoinPath(folder_, value);
        if (!IsDirectory(process_, folder_)) {
          const auto status = StatPath(process_, folder_);
          Die(process_,
              value + ": Cannot open: " + (status ? "Not a directory" : ErrnoText(status.error())));
        }
        return;
      case 'T':
        from_file_ = true;
        for (std::string& name : ReadNames(process_, value, null_ ? '\0' : '\n')) {
          style_.operands.push_back({std::move(name), folder_});
        }
        return;
      case 'X':
        for (std::string& pattern : ReadNames(process_, value, '\n')) {
          style_.excludes.push_back(std::move(pattern));
        }
        return;
      case 'O':
        style_.to_stdout = true;
        return;
      case 'k':
        style_.keep_old = true;
        return;
      case 'm':
        style_.touch = true;
        return;
      case 'h':
        style_.dereference = true;
        return;
      case 'P':
        style_.absolute = true;
        return;
      case 'p':
        style_.same_mode = true;
        return;
      case 'o':
        if (style_.mode == 'x') style_.same_owner = false;
        return;
      default:
        TakeLong(letter, value);
    }
  }

  void TakeLong(int letter, const std::string& value) {
    switch (letter) {
      case kExclude: {
        std::string pattern = value;
        while (pattern.size() > 1 && pattern.ends_with('/')) pattern.pop_back();
        style_.excludes.push_back(pattern);
        return;
      }
      case kExcludeVcs:
        for (const char* name : {".git", ".gitignore", ".gitattributes", ".gitmodules", ".svn",
                                 ".hg", ".hgignore", ".bzr", "CVS", "RCS", "SCCS"}) {
          style_.excludes.emplace_back(name);
        }
        return;
      case kStrip: {
        const auto count = ParseInteger(value);
        if (!count || *count < 0) TarUsage(process_, value + ": Invalid number of elements");
        style_.strip = *count;
        return;
      }
      case kOwner:
        style_.owner = AccountOf(value);
        return;
      case kGroup:
        style_.group = AccountOf(value);
        return;
      case kTime: {
        const auto now = process_.clock().Now();
        const bool number = value.starts_with('@') || !value.starts_with('/');
        style_.time = number ? ParseTime(value, now) : std::nullopt;
        if (!number) {
          const auto status = StatPath(process_, value);
          if (status) style_.time = status->modified;
        }
        if (!style_.time) {
          TarUsage(process_,
                   "Substituting -9223372036854775808 for unknown date format '" + value + "'");
        }
        return;
      }
      case kNumeric:
        style_.numeric = true;
        return;
      case kNoRecursion:
        style_.recursive = false;
        return;
      case kRecursion:
        style_.recursive = true;
        return;
      case kWildcards:
        style_.wildcards = true;
        return;
      case kNoWildcards:
        style_.wildcards = false;
        return;
      case kSameOwner:
        style_.same_owner = true;
        return;
      case kNoSameOwner:
        style_.same_owner = false;
        return;
      case kNoSamePermissions:
        style_.same_mode = false;
        return;
      case kSkipOld:
        style_.skip_old = true;
        return;
      case kKeepNewer:
        style_.keep_newer = true;
        return;
      case kOverwrite:
        style_.keep_old = style_.skip_old = false;
        return;
      case kRemoveFiles:
        style_.remove_files = true;
        return;
      case kTotals:
        style_.totals = true;
        return;
      case kFullTime:
        style_.full_time = true;
        return;
      case kNull:
        null_ = true;
        return;
      default:
        // Blocking, sparse files, formats and orders: what comes out holds the same members.
        return;
    }
  }

  // "name:id" and "+id" are known by either part.
  static std::string AccountOf(const std::string& value) {
    const std::string name = value.substr(0, value.find(':'));
    return name.starts_with('+') ? name.substr(1) : name;
  }

  Process& process_;
  Options options_;
  Style style_;
  std::string folder_;
  std::size_t taken_ = 0;
  bool from_file_ = false;
  bool automatic_ = false;
  bool null_ = false;
};

}  // namespace
}  // namespace tar

int TarMain(Process& process) {
  tar::ModernizeLetters(process);
  const tar::Style style = tar::StyleParser(process).Parse();
  const bool reads = style.mode == 'x' || style.mode == 't';
  const int status = reads ? tar::Extract(process, style) : tar::Create(process, style);
  if (status != 0) Complain(process, "Exiting with failure status due to previous errors");
  return status;
}

}  // namespace computesdk::in_memory
