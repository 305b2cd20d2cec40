#include <fnmatch.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/text/regex_limits.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/find/find_expression.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

FindTest GlobTest(const std::string& pattern, int flags,
                  const std::function<std::optional<std::string>(const FindFile&)>& subject) {
  return [=](FindFile& file) {
    const auto text = subject(file);
    return text && fnmatch(pattern.c_str(), text->c_str(), flags) == 0;
  };
}

std::optional<FindTest> ParseNameTest(FindRun& run, FindArguments& arguments,
                                      const std::string& primary) {
  const bool folds = primary.starts_with("-i");
  const std::string name = (folds ? "-" + primary.substr(2) : primary);
  const int flags = folds ? FNM_CASEFOLD : 0;
  if (name == "-name") {
    return GlobTest(arguments.ValueOf(primary), flags,
                    [](const FindFile& file) { return LastComponent(file.path); });
  }
  if (name == "-path" || name == "-wholename") {
    return GlobTest(arguments.ValueOf(primary), flags,
                    [](const FindFile& file) { return file.path; });
  }
  if (name == "-lname") {
    return GlobTest(arguments.ValueOf(primary), flags,
                    [&run](const FindFile& file) -> std::optional<std::string> {
                      const auto target =
                          run.process.files().ReadLink(run.process.AbsolutePath(file.path));
                      if (!target) return std::nullopt;
                      return *target;
                    });
  }
  return std::nullopt;
}

// The syntax of Emacs, which find takes unless it is told otherwise, as an extended expression:
// groups and alternatives have a backslash, and "{" is an ordinary character.
std::string ExtendedOfEmacs(std::string_view pattern) {
  std::string result;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\' && at + 1 < pattern.size()) {
      const char next = pattern[++at];
      if (next != '(' && next != ')' && next != '|') result += '\\';
      result += next;
    } else if (c == '[') {
      std::size_t end = at + 1;
      if (end < pattern.size() && pattern[end] == '^') ++end;
      if (end < pattern.size() && pattern[end] == ']') ++end;
      end = std::min(pattern.find(']', end), pattern.size() - 1);
      result += pattern.substr(at, end - at + 1);
      at = end;
    } else {
      if (std::string_view("(){}|").find(c) != std::string_view::npos) result += '\\';
      result += c;
    }
  }
  return result;
}

FindTest RegexTest(FindArguments& arguments, const std::string& type, const std::string& pattern,
                   bool folds) {
  const bool basic = type == "posix-basic" || type == "grep" || type == "sed" || type == "ed";
  const bool emacs = type.empty() || type == "emacs" || type == "findutils-default";
  const std::string inner = emacs ? ExtendedOfEmacs(pattern) : pattern;
  const std::string whole = basic ? "^\\(" + inner + "\\)$" : "^(" + inner + ")$";
  const auto fail = [&](const std::string& problem) {
    arguments.Fail("failed to compile regular expression " + QuotedName(pattern) + ": " + problem);
  };
  // Where a parenthesis is not escaped one too many is ordinary.
  if ((basic || emacs) && ClosesTooOften(inner, !basic)) fail("Unmatched ) or \\)");
  const auto regex = Regex::Compile(whole, {.extended = !basic, .ignore_case = folds});
  if (!regex) fail(regex.error());
  return [regex = *regex](FindFile& file) { return regex.Match(file.path); };
}

void CheckRegexType(FindArguments& arguments, const std::string& type) {
  static constexpr std::string_view kTypes[] = {"findutils-default",
                                                "ed",
                                                "emacs",
                                                "gnu-awk",
                                                "grep",
                                                "posix-awk",
                                                "awk",
                                                "posix-basic",
                                                "posix-egrep",
                                                "egrep",
                                                "posix-extended",
                                                "posix-minimal-basic",
                                                "sed"};
  std::string known;
  for (const std::string_view word : kTypes) {
    if (word == type) return;
    known += (known.empty() ? "" : ", ") + QuotedWord(word);
  }
  arguments.Fail("Unknown regular expression type " + QuotedWord(type) + "; valid types are " +
                 known + ".");
}

bool HasType(FileType type, std::string_view letters) {
  const char letter = type == FileType::kRegular ? 'f' : TypeLetter(type);
  return letters.find(letter) != std::string_view::npos;
}

// Letters with commas between, each once.
void CheckTypes(FindArguments& arguments, const std::string& primary, std::string_view letters) {
  if (letters.empty()) {
    arguments.Fail("Arguments to " + primary + " should contain at least one letter");
  }
  for (std::size_t i = 0; i < letters.size(); i += 2) {
    const std::string letter(1, letters[i]);
    if (std::string_view("bcdpflsD").find(letter) == std::string_view::npos) {
      arguments.Fail("Unknown argument to " + primary + ": " + letter);
    }
    if (letters.substr(0, i).find(letter) != std::string_view::npos) {
      arguments.Fail("Duplicate file type '" + letter + "' in the argument list to " + primary +
                     ".");
    }
    if (i + 1 == letters.size()) return;
    if (letters[i + 1] != ',') {
      arguments.Fail("Must separate multiple arguments to " + primary + " using: ','");
    }
  }
  arguments.Fail("Last file type in list argument to " + primary +
                 " is missing, i.e., list is ending on: ','");
}

FindTest TypeTest(FindRun& run, FindArguments& arguments, const std::string& primary) {
  const std::string letters = arguments.ValueOf(primary);
  CheckTypes(arguments, primary, letters);
  if (primary == "-type") {
    return [=](FindFile& file) { return HasType(file.status.type, letters); };
  }
  // -xtype looks at the link where the others look through it, and the other way round.
  return [&run, letters](FindFile& file) {
    const Follow follow = run.FollowAt(file.depth) == Follow::kYes ? Follow::kNo : Follow::kYes;
    const auto status = StatPath(run.process, file.path, follow);
    if (!status && status.error() == std::errc::too_many_symbolic_link_levels) {
      run.Trouble(QuotedWord(file.path) + ": " + ErrnoText(status.error()));
      return false;
    }
    return HasType(status ? status->type : FileType::kSymlink, letters);
  };
}

FindTest SizeTest(FindArguments& arguments) {
  std::string text = arguments.ValueOf("-size");
  std::int64_t unit = 512;
  static constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'c', 1}, {'w', 2}, {'b', 512}, {'k', 1 << 10}, {'M', 1 << 20}, {'G', 1 << 30}};
  for (const auto& [letter, bytes] : kUnits) {
    if (!text.ends_with(letter)) continue;
    unit = bytes;
    text.pop_back();
    break;
  }
  if (text.find_first_not_of("0123456789+-") != std::string::npos || text.empty()) {
    arguments.Fail(std::string("invalid -size type `") + (text.empty() ? ' ' : text.back()) + "'");
  }
  const FindNumber number = ParseFindNumber(arguments, "-size", text);
  return [=](FindFile& file) {
    const auto size = static_cast<std::int64_t>(file.status.size);
    return number.Matches((size + unit - 1) / unit);
  };
}

FindTest PermTest(FindArguments& arguments) {
  const std::string text = arguments.ValueOf("-perm");
  const char kind = text.empty() ? '\0' : text[0];
  const bool some = kind == '/';
  const bool all = kind == '-';
  const auto change = ModeChange::Parse(some || all ? text.substr(1) : text);
  // "+111" had another meaning once, and is refused.
  const bool old = text.size() > 1 && kind == '+' && text[1] >= '0' && text[1] <= '7';
  if (!change || old) arguments.Fail("invalid mode " + QuotedWord(text));
  const unsigned mode = change->Apply(0, false, 0);
  if (some && mode == 0) {
    Complain(arguments.process(),
             "warning: you have specified a mode pattern " + text +
                 " (which is equivalent to /000). The meaning of -perm /000 has now been changed "
                 "to be consistent with -perm -000; that is, while it used to match no files, it "
                 "now matches all files.");
  }
  return [=](FindFile& file) {
    if (some) return mode == 0 || (file.status.mode & mode) != 0;
    return all ? (file.status.mode & mode) == mode : file.status.mode == mode;
  };
}

std::optional<FindTest> ParseOwnerTest(FindArguments& arguments, const std::string& primary) {
  Process& process = arguments.process();
  if (primary == "-user" || primary == "-group") {
    const bool user = primary == "-user";
    const std::string name = arguments.ValueOf(primary);
    const auto id = user ? FindUser(process, name) : FindGroup(process, name);
    if (!id) {
      arguments.Fail(QuotedWord(name) + " is not the name of " +
                     (user ? "a known user" : "an existing group"));
    }
    return [user, id = *id](FindFile& file) {
      return (user ? file.status.uid : file.status.gid) == id;
    };
  }
  if (primary == "-uid" || primary == "-gid") {
    const auto number = ParseFindNumber(arguments, primary, arguments.ValueOf(primary));
    return [number, user = primary == "-uid"](FindFile& file) {
      return number.Matches(user ? file.status.uid : file.status.gid);
    };
  }
  if (primary == "-nouser" || primary == "-nogroup") {
    return [&process, user = primary == "-nouser"](FindFile& file) {
      const unsigned id = user ? file.status.uid : file.status.gid;
      const std::string name = user ? UserName(process, id) : GroupName(process, id);
      return name == std::to_string(id);
    };
  }
  return std::nullopt;
}

FileStatus ReferenceOf(FindRun& run, FindArguments& arguments, const std::string& path) {
  const auto status = StatPath(run.process, path, run.FollowAt(0));
  if (!status) arguments.Fail(QuotedWord(path) + ": " + ErrnoText(status.error()));
  return *status;
}

FileTime FileStatus::*TimeNamed(char letter) {
  if (letter == 'a') return &FileStatus::accessed;
  if (letter == 'c') return &FileStatus::changed;
  return &FileStatus::modified;
}

// Age in whole units, fractions dropped for days and rounded up for minutes.
FindTest AgeTest(FindRun& run, FindArguments& arguments, const std::string& primary) {
  const FileTime FileStatus::*time = TimeNamed(primary[1]);
  const bool days = primary.ends_with("time");
  const FindNumber number = ParseFindNumber(arguments, primary, arguments.ValueOf(primary));
  return [&run, time, days, number](FindFile& file) {
    const auto age = run.cut - file.status.*time;
    if (days) return number.Matches(std::chrono::floor<std::chrono::days>(age).count());
    const std::chrono::minutes limit(number.value);
    if (number.sign == '+') return age > limit;
    if (number.sign == '-') return age < limit;
    return age <= limit && age > limit - std::chrono::minutes(1);
  };
}

}  // namespace

std::optional<FindTest> ParseFindTimeTest(FindRun& run, FindArguments& arguments,
                                          const std::string& primary) {
  for (const char* name : {"-mtime", "-atime", "-ctime", "-mmin", "-amin", "-cmin"}) {
    if (primary == name) return AgeTest(run, arguments, primary);
  }
  std::string kinds;  // As in -newerXY.
  if (primary == "-newer") kinds = "mm";
  if (primary == "-anewer") kinds = "am";
  if (primary == "-cnewer") kinds = "cm";
  if (primary.starts_with("-newer") && primary.size() == 8) kinds = primary.substr(6);
  if (kinds.empty() || std::string_view("amc").find(kinds[0]) == std::string_view::npos ||
      std::string_view("amct").find(kinds[1]) == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string value = arguments.ValueOf(primary);
  FileTime limit{};
  if (kinds[1] == 't') {
    const auto parsed = ParseTime(value, run.now, run.zone);
    if (!parsed) {
      arguments.Fail("I cannot figure out how to interpret " + QuotedWord(value) +
                     " as a date or time");
    }
    limit = *parsed;
  } else {
    limit = ReferenceOf(run, arguments, value).*TimeNamed(kinds[1]);
  }
  return [time = TimeNamed(kinds[0]), limit](FindFile& file) { return file.status.*time > limit; };
}

std::optional<FindTest> ParseFindTest(FindRun& run, FindArguments& arguments,
                                      const std::string& primary) {
  if (auto name = ParseNameTest(run, arguments, primary)) return name;
  if (auto owner = ParseOwnerTest(arguments, primary)) return owner;
  if (primary == "-type" || primary == "-xtype") return TypeTest(run, arguments, primary);
  if (primary == "-size") return SizeTest(arguments);
  if (primary == "-perm") return PermTest(arguments);
  if (primary == "-false") return [](FindFile&) { return false; };
  if (primary == "-regex" || primary == "-iregex" || primary == "-regextype") {
    // The type holds for what follows it.
    std::string type;
    std::string name = primary;
    if (name == "-regextype") {
      type = arguments.ValueOf(name);
      CheckRegexType(arguments, type);
      if (arguments.AtEnd() || (arguments.Peek() != "-regex" && arguments.Peek() != "-iregex")) {
        return [](FindFile&) { return true; };
      }
      name = arguments.Take();
    }
    return RegexTest(arguments, type, arguments.ValueOf(name), name == "-iregex");
  }
  if (primary == "-empty") {
    return [&process = run.process](FindFile& file) {
      if (file.status.type == FileType::kRegular) return file.status.size == 0;
      if (file.status.type != FileType::kDirectory) return false;
      const auto entries = process.files().List(process.AbsolutePath(file.path));
      return entries && entries->empty();
    };
  }
  if (primary == "-fstype") {
    return [wanted = arguments.ValueOf(primary) == "tmpfs"](FindFile&) { return wanted; };
  }
  if (primary == "-context") {
    // No file of a sandbox has a label.
    arguments.Fail("invalid predicate -context: SELinux is not enabled.");
  }
  if (primary == "-used") {
    const auto number = ParseFindNumber(arguments, primary, arguments.ValueOf(primary));
    return [number](FindFile& file) {
      const auto idle = file.status.accessed - file.status.changed;
      return idle.count() >= 0 &&
             number.Matches(std::chrono::floor<std::chrono::days>(idle).count());
    };
  }
  if (primary == "-links" || primary == "-inum") {
    const auto number = ParseFindNumber(arguments, primary, arguments.ValueOf(primary));
    return [number, links = primary == "-links"](FindFile& file) {
      return number.Matches(links ? file.status.links
                                  : static_cast<std::int64_t>(file.status.inode));
    };
  }
  if (primary == "-samefile") {
    const FileStatus reference = ReferenceOf(run, arguments, arguments.ValueOf(primary));
    return [reference](FindFile& file) { return SameFile(reference, file.status); };
  }
  if (primary == "-readable" || primary == "-writable") {
    return [&run](FindFile& file) { return StatPath(run.process, file.path).has_value(); };
  }
  if (primary == "-executable") {
    return [&run](FindFile& file) {
      const auto status = StatPath(run.process, file.path);
      return status && ((status->mode & 0111) != 0 || status->type == FileType::kDirectory);
    };
  }
  return std::nullopt;
}

}  // namespace computesdk::in_memory
