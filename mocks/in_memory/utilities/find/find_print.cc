#include <algorithm>
#include <string>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/find/find_expression.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

// find shows ten digits after the point.
std::string Fraction(FileTime time) { return FormatTime(".%N0", time); }

// The form of %a, %c and %t, which no letter of %T has.
constexpr char kWithFraction = '\0';

std::string TimeOf(FileTime time, char letter, const TimeZone& zone) {
  switch (letter) {
    case '@':
      return FormatTime("%s", time, zone) + Fraction(time);
    case '+':
      return FormatTime("%Y-%m-%d+%H:%M:%S", time, zone) + Fraction(time);
    case 'S':
      return FormatTime("%S", time, zone) + Fraction(time);
    case 'T':
    case 'X':
      return FormatTime("%H:%M:%S", time, zone) + Fraction(time);
    case kWithFraction:
      return FormatTime("%a %b %e %H:%M:%S", time, zone) + Fraction(time) +
             FormatTime(" %Y", time, zone);
    case 'c':
      return FormatTime("%a %b %e %H:%M:%S %Y", time, zone);
  }
  return FormatTime({std::string("%") + letter}, time, zone);
}

char TypeShown(FileType type) { return type == FileType::kRegular ? 'f' : TypeLetter(type); }

// The part of the path below the operand.
std::string BelowStart(const FindFile& file) {
  std::string below = file.path.substr(std::min(file.start.size(), file.path.size()));
  below.erase(0, std::min(below.find_first_not_of('/'), below.size()));
  return below;
}

// The last part; an operand keeps its slashes.
std::string NameOf(const FindFile& file) {
  std::string name = LastComponent(file.path);
  if (name == "/") return name;
  const auto slashes = file.path.size() - (file.path.find_last_not_of('/') + 1);
  return name + std::string(slashes, '/');
}

std::string DirectoryOf(const FindFile& file) {
  const auto end = file.path.find_last_not_of('/');
  if (end == std::string::npos) return "";
  const auto slash = file.path.find_last_of('/', end);
  if (slash == std::string::npos)
    return file.path.ends_with('/') ? file.path.substr(0, end + 1) : ".";
  return file.path.substr(0, slash);
}

std::string Octal(unsigned value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + value % 8));
    value /= 8;
  } while (value > 0);
  return digits;
}

char TargetType(FindRun& run, const FindFile& file) {
  if (file.status.type != FileType::kSymlink) return TypeShown(file.status.type);
  const auto target = StatPath(run.process, file.path);
  if (target) return TypeShown(target->type);
  return target.error() == std::errc::too_many_symbolic_link_levels ? 'L' : 'N';
}

std::string LinkTarget(FindRun& run, const FindFile& file) {
  if (file.status.type != FileType::kSymlink) return "";
  return run.process.files().ReadLink(run.process.AbsolutePath(file.path)).value_or("");
}

std::optional<std::string> Value(FindRun& run, const FindFile& file, char letter) {
  const FileStatus& status = file.status;
  switch (letter) {
    case 'a':
      return TimeOf(status.accessed, kWithFraction, run.zone);
    case 'b':
      return std::to_string(BlocksOf(status));
    case 'c':
      return TimeOf(status.changed, kWithFraction, run.zone);
    case 'd':
      return std::to_string(file.depth);
    case 'D':
      return std::to_string(status.device);
    case 'f':
      return NameOf(file);
    case 'g':
      return GroupName(run.process, status.gid);
    case 'G':
      return std::to_string(status.gid);
    case 'h':
      return DirectoryOf(file);
    case 'H':
      return file.start;
    case 'i':
      return std::to_string(status.inode);
    case 'k':
      return std::to_string(BlocksOf(status) / 2);
    case 'l':
      return LinkTarget(run, file);
    case 'm':
      return Octal(status.mode);
    case 'M':
      return ModeString(status.type, status.mode);
    case 'n':
      return std::to_string(status.links);
    case 'p':
      return file.path;
    case 'P':
      return BelowStart(file);
    case 's':
      return std::to_string(status.size);
    case 't':
      return TimeOf(status.modified, kWithFraction, run.zone);
    case 'u':
      return UserName(run.process, status.uid);
    case 'U':
      return std::to_string(status.uid);
    case 'y':
      return std::string(1, TypeShown(status.type));
    case 'Y':
      return std::string(1, TargetType(run, file));
    case '%':
      return "%";
  }
  return std::nullopt;
}

// The escape after a backslash; true for "\c".
bool AppendEscape(std::string& text, std::string_view format, std::size_t& at) {
  if (at == format.size()) {
    text += '\\';
    return false;
  }
  const char c = format[at++];
  static constexpr std::string_view kLetters = "abfnrtv\\";
  static constexpr std::string_view kBytes = "\a\b\f\n\r\t\v\\";
  if (c == 'c') return true;
  if (const auto known = kLetters.find(c); known != std::string_view::npos) {
    text += kBytes[known];
  } else if (c >= '0' && c <= '7') {
    --at;
    unsigned value = 0;
    for (int i = 0; i < 3 && at < format.size() && format[at] >= '0' && format[at] <= '7'; ++i) {
      value = value * 8 + static_cast<unsigned>(format[at++] - '0');
    }
    text += static_cast<char>(value);
  } else {
    text += '\\';
    text += c;
  }
  return false;
}

struct Spec {
  bool left = false;
  bool zero = false;
  bool alternate = false;
  std::size_t width = 0;
  std::size_t precision = std::string::npos;
};

Spec ReadSpec(std::string_view format, std::size_t& at) {
  Spec spec;
  const auto is_digit = [&] {
    return at < format.size() && format[at] >= '0' && format[at] <= '9';
  };
  const auto number = [&] {
    std::size_t value = 0;
    while (is_digit()) {
      value =
          std::min<std::size_t>(value * 10 + static_cast<std::size_t>(format[at++] - '0'), 4096);
    }
    return value;
  };
  for (; at < format.size(); ++at) {
    if (format[at] == '-') {
      spec.left = true;
    } else if (format[at] == '0') {
      spec.zero = true;
    } else if (format[at] == '#') {
      spec.alternate = true;
    } else if (format[at] != '+' && format[at] != ' ') {
      break;
    }
  }
  spec.width = number();
  if (at < format.size() && format[at] == '.') {
    ++at;
    spec.precision = number();
  }
  return spec;
}

std::string Padded(std::string text, const Spec& spec, char letter) {
  const bool number = std::string_view("dm").find(letter) != std::string_view::npos;
  if (!number && text.size() > spec.precision) text.resize(spec.precision);
  if (text.size() >= spec.width) return text;
  const std::size_t missing = spec.width - text.size();
  if (spec.left) return text.append(missing, ' ');
  return text.insert(0, missing, number && spec.zero ? '0' : ' ');
}

// A name as -ls shows it.
std::string Escaped(const std::string& name) {
  static constexpr std::string_view kNamed = "\a\b\f\n\r\t\v";
  std::string text;
  for (const char c : name) {
    if (const auto at = kNamed.find(c); at != std::string_view::npos) {
      text += {'\\', "abfnrtv"[at]};
    } else {
      if (c == ' ' || c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

}  // namespace

void CheckFindFormat(Process& process, FindArguments& arguments, std::string_view format) {
  constexpr std::string_view kEscapes = "abcfnrtv\\01234567";
  constexpr std::string_view kPlain = "abcdDfFgGhHiklmMnpPsStuUyYZ%";
  constexpr std::string_view kTimes = "ABCT";
  for (std::size_t at = format.find_first_of("%\\"); at < format.size();
       at = format.find_first_of("%\\", at)) {
    const bool escape = format[at++] == '\\';
    if (!escape) {
      if (at == format.size()) arguments.Fail("error: % at end of format string");
      (void)ReadSpec(format, at);
    }
    const char letter = at < format.size() ? format[at++] : '\0';
    const bool ends = at == format.size();
    if (escape && letter == '\0') {
      Complain(process, "warning: escape `\\' followed by nothing at all");
    } else if (escape && kEscapes.find(letter) == std::string_view::npos) {
      Complain(process, std::string("warning: unrecognized escape `\\") + letter + "'");
    } else if (!escape && letter == '\0') {
      arguments.Fail(std::string("error: the format directive `%") + letter +
                     "' is reserved for future use");
    } else if (!escape && kTimes.find(letter) != std::string_view::npos) {
      if (ends) {
        Complain(process, std::string("warning: format directive `%") + letter +
                              "' should be followed by another character");
      }
      ++at;
    } else if (!escape && kPlain.find(letter) == std::string_view::npos) {
      Complain(process, std::string("warning: unrecognized format directive `%") + letter + "'");
    }
  }
}

std::string FormatFindFile(FindRun& run, const FindFile& file, std::string_view format,
                           bool& stopped) {
  std::string text;
  stopped = false;
  for (std::size_t at = 0; at < format.size() && !stopped;) {
    const char c = format[at++];
    if (c == '\\') {
      stopped = AppendEscape(text, format, at);
      continue;
    }
    if (c != '%' || at == format.size()) {
      text += c;
      continue;
    }
    const std::size_t start = at - 1;
    const Spec spec = ReadSpec(format, at);
    const char letter = at < format.size() ? format[at++] : '\0';
    if ((letter == 'A' || letter == 'C' || letter == 'T') && at < format.size()) {
      const FileTime time = letter == 'A'   ? file.status.accessed
                            : letter == 'C' ? file.status.changed
                                            : file.status.modified;
      text += Padded(TimeOf(time, format[at++], run.zone), spec, letter);
    } else if (const auto value = Value(run, file, letter)) {
      const bool octal = spec.alternate && letter == 'm' && (*value)[0] != '0';
      text += Padded(octal ? "0" + *value : *value, spec, letter);
    } else {
      text += format.substr(start, at - start);
    }
  }
  return text;
}

std::string FindListing(FindRun& run, const FindFile& file) {
  const FileTime time = file.status.modified;
  const bool recent = time <= run.now && time > run.now - std::chrono::seconds(31556952 / 2);
  bool stopped = false;
  std::string line = FormatFindFile(run, file, "%9i %6k %M %3n %-8u %-8g %8s ", stopped);
  line += FormatTime(recent ? "%b %e %H:%M " : "%b %e  %Y ", time, run.zone) + Escaped(file.path);
  if (file.status.type == FileType::kSymlink) line += " -> " + Escaped(LinkTarget(run, file));
  return line + "\n";
}

}  // namespace computesdk::in_memory
