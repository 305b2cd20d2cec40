#include <algorithm>
#include <array>
#include <cstdio>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/listing/listing_programs.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

constexpr int kPrintf = 256;
constexpr int kCached = 257;

constexpr std::string_view kDefaultFormat =
    "  File: %N\n"
    "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
    "Device: %Hd,%Ld\tInode: %-10i  Links: %h\n"
    "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
    "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n";
constexpr std::string_view kDeviceFormat =
    "  File: %N\n"
    "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
    "Device: %Hd,%Ld\tInode: %-10i  Links: %-5h Device type: %Hr,%Lr\n"
    "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
    "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n";
constexpr std::string_view kFileSystemFormat =
    "  File: \"%n\"\n    ID: %-8i Namelen: %-7l Type: %T\n"
    "Block size: %-10s Fundamental block size: %S\n"
    "Blocks: Total: %-10b Free: %-10f Available: %a\n"
    "Inodes: Total: %-10c Free: %d\n";
constexpr std::string_view kTerseFileSystemFormat = "%n %i %l %t %s %S %b %f %a %c %d\n";
constexpr std::string_view kTerseFormat = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";

std::string InBase(std::uint64_t value, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Epoch(FileTime time, int precision) {
  const BrokenTime broken = BreakTime(time);
  std::string text = std::to_string(broken.seconds);
  if (precision <= 0) return text;
  std::string digits = InBase(static_cast<std::uint64_t>(broken.nanoseconds), "%09lu");
  digits.resize(static_cast<std::size_t>(precision), '0');
  return text + "." + digits;
}

struct Directive {
  bool left = false;
  bool zero = false;
  bool plus = false;
  bool alternate = false;
  bool blank = false;  // Where a sign would be.
  std::size_t width = 0;
  int precision = -1;
  char modifier = 0;  // H or L, of a device.
  char letter = 0;
};

class Shower {
 public:
  Shower(Process& process, const std::string& path, const FileStatus& status, bool quotes)
      : process_(process), path_(path), status_(status), quotes_(quotes) {}

  std::string Show(std::string_view format) {
    std::string text;
    for (std::size_t at = 0; at < format.size();) {
      if (format[at] != '%') {
        text += format[at++];
        continue;
      }
      const std::size_t begin = at;
      const Directive directive = Read(format, ++at);
      const bool cut = directive.letter == '%' || directive.letter == '\n';
      if (cut && at > begin + 2) {
        const std::size_t length = at - begin - (directive.letter == '\n' ? 1 : 0);
        Complain(process_, QuotedWord(format.substr(begin, length)) + ": invalid directive");
        process_.Exit(1);
      }
      if (directive.letter == '\n') {
        text += "%\n";  // Nothing stood behind the "%" of -c.
        continue;
      }
      const bool whole = directive.letter == '%' || directive.letter == 'N';
      text += whole ? Value(directive) : Padded(Value(directive), directive);
    }
    return text;
  }

 private:
  static Directive Read(std::string_view format, std::size_t& at) {
    Directive directive;
    for (; at < format.size(); ++at) {
      if (format[at] == '-') {
        directive.left = true;
      } else if (format[at] == '0') {
        directive.zero = true;
      } else if (format[at] == '+') {
        directive.plus = true;
      } else if (format[at] == '#') {
        directive.alternate = true;
      } else if (format[at] == ' ') {
        directive.blank = true;
      } else if (format[at] != '\'') {
        break;
      }
    }
    const auto number = [&] {
      std::size_t value = 0;
      while (at < format.size() && format[at] >= '0' && format[at] <= '9') {
        value =
            std::min<std::size_t>(value * 10 + static_cast<std::size_t>(format[at++] - '0'), 4096);
      }
      return value;
    };
    directive.width = number();
    if (at < format.size() && format[at] == '.') {
      const std::size_t before = ++at;
      directive.precision = static_cast<int>(number());
      if (at == before) directive.precision = 9;  // "%.Y" has the whole fraction.
    }
    if (at + 1 < format.size() && (format[at] == 'H' || format[at] == 'L')) {
      directive.modifier = format[at++];
    }
    directive.letter = at < format.size() ? format[at++] : '%';
    return directive;
  }

  static std::string Padded(std::string text, const Directive& directive) {
    const bool words =
        std::string_view("ACFGUNmnwxyz").find(directive.letter) != std::string_view::npos;
    if (words && directive.precision >= 0) {
      text = text.substr(0, static_cast<std::size_t>(directive.precision));
    }
    const bool number =
        std::string_view("abBdDfghiostTu").find(directive.letter) != std::string_view::npos;
    if (number && directive.precision > 0) {
      const auto digits = static_cast<std::size_t>(directive.precision);
      if (text.size() < digits) text.insert(0, digits - text.size(), '0');
    }
    if ((directive.plus || directive.blank) &&
        std::string_view("sXYZ").find(directive.letter) != std::string_view::npos) {
      text.insert(0, directive.plus ? "+" : " ");
    }
    if (text.size() >= directive.width) return text;
    const std::size_t missing = directive.width - text.size();
    if (directive.left) return text.append(missing, ' ');
    // As of printf: a precision leaves no zeros to the width.
    const bool time = std::string_view("WXYZ").find(directive.letter) != std::string_view::npos;
    const bool zeros = directive.zero && (time || (number && directive.precision < 0));
    return text.insert(0, missing, zeros ? '0' : ' ');
  }

  static std::string Known(const std::string& account) {
    return ParseInteger(account) ? "UNKNOWN" : account;
  }

  std::string Value(const Directive& directive) {
    switch (directive.letter) {
      case 'a':
        return InBase(status_.mode, directive.alternate ? "%#lo" : "%lo");
      case 'A':
        return ModeString(status_.type, status_.mode);
      case 'b':
        return std::to_string(BlocksOf(status_));
      case 'B':
        return "512";
      case 'C':
        return "?";
      case 'd':
        return directive.modifier == 'H' ? "0" : std::to_string(status_.device);
      case 'D':
        return InBase(status_.device, "%lx");
      case 'f':
        return InBase(RawMode(status_.type, status_.mode), directive.alternate ? "%#lx" : "%lx");
      case 'F':
        return std::string(FileTypeName(status_));
      case 'g':
        return std::to_string(status_.gid);
      case 'G':
        return Known(GroupName(process_, status_.gid));
      case 'h':
        return std::to_string(status_.links);
      case 'i':
        return std::to_string(status_.inode);
      case 'm':
        return "/";
      case 'n':
        return path_;
      case 'N':
        return WithTarget(directive);
      case '%':
        return "%";
      case 'o':
        return "4096";
      case 'r':
      case 'R': {
        const bool device = status_.type == FileType::kCharacterDevice;
        if (!device) return "0";
        if (directive.modifier != 0) return directive.modifier == 'H' ? "1" : "3";
        return directive.letter == 'r' ? "259" : "103";
      }
      case 's':
        return std::to_string(status_.size);
      case 't':
        return status_.type == FileType::kCharacterDevice ? "1" : "0";
      case 'T':
        return status_.type == FileType::kCharacterDevice ? "3" : "0";
      case 'u':
        return std::to_string(status_.uid);
      case 'U':
        return Known(UserName(process_, status_.uid));
      case 'w':
        return "-";
      case 'W':
        return "0";
      case 'x':
        return FullTime(status_.accessed, ZoneOf(process_));
      case 'X':
        return Epoch(status_.accessed, directive.precision);
      case 'y':
        return FullTime(status_.modified, ZoneOf(process_));
      case 'Y':
        return Epoch(status_.modified, directive.precision);
      case 'z':
        return FullTime(status_.changed, ZoneOf(process_));
      case 'Z':
        return Epoch(status_.changed, directive.precision);
    }
    return "?";
  }

  // A width is that of each name.
  std::string WithTarget(const Directive& directive) {
    const auto shown = [&](const std::string& name) {
      return Padded(quotes_ ? QuotedName(name) : name, directive);
    };
    if (status_.type != FileType::kSymlink) return shown(path_);
    const auto target = process_.files().ReadLink(process_.AbsolutePath(path_));
    return shown(path_) + " -> " + shown(target.value_or(""));
  }

  Process& process_;
  const std::string& path_;
  const FileStatus& status_;
  const bool quotes_;
};

// What stat -f says of the one file system of a sandbox.
class FileSystemFacts {
 public:
  FileSystemFacts(Process& process, const std::string& path) : process_(process), path_(path) {}

  std::string Show(std::string_view format) const {
    std::string text;
    for (std::size_t at = 0; at < format.size(); ++at) {
      if (format[at] != '%' || at + 1 == format.size()) {
        text += format[at];
        continue;
      }
      std::size_t end = at + 1;
      while (end + 1 < format.size() &&
             (format[end] == '-' || (format[end] >= '0' && format[end] <= '9'))) {
        ++end;
      }
      std::string width(format.substr(at + 1, end - at - 1));
      const bool left = width.starts_with('-');
      if (left) width.erase(0, 1);
      std::string value = Value(format[end]);
      const auto wanted =
          static_cast<std::size_t>(std::min<std::int64_t>(ParseInteger(width).value_or(0), 4096));
      const std::string blanks(wanted > value.size() ? wanted - value.size() : 0, ' ');
      text += left ? value + blanks : blanks + value;
      at = end;
    }
    return text;
  }

 private:
  std::string Value(char letter) const {
    constexpr std::uint64_t kBlock = 4096;
    const auto& limits = process_.kernel().limits().files;
    const std::uint64_t blocks = limits.bytes / kBlock;
    const std::uint64_t used = (process_.files().bytes_used() + kBlock - 1) / kBlock;
    const std::uint64_t free = blocks - std::min(blocks, used);
    const std::uint64_t inodes = limits.inodes;
    switch (letter) {
      case 'a':
      case 'f':
        return std::to_string(free);
      case 'b':
        return std::to_string(blocks);
      case 'c':
        return std::to_string(inodes);
      case 'd':
        return std::to_string(inodes - std::min(inodes, process_.files().inodes_used()));
      case 'i':
        return "0";
      case 'l':
        return "255";
      case 'n':
        return path_;
      case 's':
      case 'S':
        return std::to_string(kBlock);
      case 't':
        return "1021994";
      case 'T':
        return "tmpfs";
      case '%':
        return "%";
      default:
        return "?";
    }
  }

  Process& process_;
  const std::string& path_;
};

// Escapes of --printf.
std::string Unescaped(Process& process, std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result += text[at];
      continue;
    }
    const char c = text[++at];
    static constexpr std::string_view kLetters = "abefnrtv\\\"";
    static constexpr std::string_view kBytes = "\a\b\033\f\n\r\t\v\\\"";
    if (const auto known = kLetters.find(c); known != std::string_view::npos) {
      result += kBytes[known];
    } else if (c >= '0' && c <= '7') {
      unsigned value = 0;
      for (int i = 0; i < 3 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i) {
        value = value * 8 + static_cast<unsigned>(text[at++] - '0');
      }
      --at;
      result += static_cast<char>(value);
    } else if (c == 'x' && at + 1 < text.size() && HexValue(text[at + 1]) >= 0) {
      int value = 0;
      for (int i = 0; i < 2 && at + 1 < text.size() && HexValue(text[at + 1]) >= 0; ++i) {
        value = value * 16 + HexValue(text[++at]);
      }
      result += static_cast<char>(value);
    } else {
      Complain(process, std::string("warning: unrecognized escape '\\") + c + "'");
      result += c;
    }
  }
  return result;
}

}  // namespace

int StatMain(Process& process) {
  std::string format(kDefaultFormat);
  Follow follow = Follow::kNo;
  bool file_system = false;
  Options options(process, "c:fLt",
                  {{"cached", kCached, Options::kRequired},
                   {"dereference", 'L'},
                   {"file-system", 'f'},
                   {"format", 'c', Options::kRequired},
                   {"printf", kPrintf, Options::kRequired},
                   {"terse", 't'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'c') format = option->value + "\n";
    if (option->letter == kPrintf) format = Unescaped(process, option->value);
    if (option->letter == 'f') file_system = true;
    if (option->letter == 'L') follow = Follow::kYes;
    if (option->letter == 't') format = kTerseFormat;
    if (option->letter == kCached && option->value != "default" && option->value != "never" &&
        option->value != "always") {
      UsageError(process,
                 InvalidArgument(option->value, "--cached", {"default", "never", "always"}));
    }
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  Output out(process);
  int status = 0;
  if (file_system) {
    if (format == kDefaultFormat) format = kFileSystemFormat;
    if (format == kTerseFormat) format = kTerseFileSystemFormat;
  }
  for (const std::string& path : options.operands()) {
    if (file_system && path == "-") {
      out.Flush();
      Complain(process, "using '-' to denote standard input does not work in file system mode");
      status = 1;
      continue;
    }
    if (file_system) {
      if (const auto found = StatPath(process, path)) {
        out << FileSystemFacts(process, path).Show(format);
      } else {
        out.Flush();
        Complain(process, "cannot read file system information for " + QuotedName(path) + ": " +
                              ErrnoText(found.error()));
        status = 1;
      }
      continue;
    }
    const OpenFilePtr input = path == "-" ? process.File(0) : nullptr;
    const auto found =
        input ? IoResult<FileStatus>(input->Stat()) : StatPath(process, path, follow);
    if (!found) {
      out.Flush();
      Complain(process, "cannot statx " + QuotedName(path) + ": " + ErrnoText(found.error()));
      status = 1;
      continue;
    }
    // "%10N" alone has none, as GNU looks for the bare directive.
    const bool plain = format == kDefaultFormat;
    const bool quotes = !plain && format.find("%N") != std::string::npos;
    if (plain && found->type == FileType::kCharacterDevice) {
      out << Shower(process, path, *found, quotes).Show(kDeviceFormat);
      continue;
    }
    out << Shower(process, path, *found, quotes).Show(format);
  }
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
