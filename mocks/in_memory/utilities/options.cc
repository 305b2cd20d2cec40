#include <algorithm>
#include <cctype>
#include <climits>
#include <tuple>
#include <utility>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/synopsis.h"

namespace computesdk::in_memory {
namespace {

// No program's own options have such numbers.
constexpr int kHelp = INT_MAX - 1;
constexpr int kVersion = INT_MAX;

// Scripts tell GNU's programs from others, and old ones from new ones, by this line.
std::string VersionOf(const std::string& name) {
  struct Family {
    std::string_view programs;  // With a blank between them.
    std::string_view version;   // "%" stands for the name.
  };
  static constexpr Family kFamilies[] = {
      {"awk gawk", "GNU Awk 5.2.1, API 3.2, PMA Avon 8-g1, (GNU MPFR 4.2.0, GNU MP 6.2.1)"},
      {"bc", "bc 1.07.1"},
      {"cmp diff diff3 sdiff", "% (GNU diffutils) 3.8"},
      {"dd", "% (coreutils) 9.1"},
      {"egrep fgrep grep rgrep", "grep (GNU grep) 3.8"},
      {"envsubst gettext ngettext", "% (GNU gettext-runtime) 0.21"},
      {"find xargs", "% (GNU findutils) 4.9.0"},
      {"file", "file-5.44"},
      {"tree", "tree v2.1.0"},
      {"getconf getent locale", "% (Debian GLIBC 2.36) 2.36"},
      {"ldd", "ldd (Debian GLIBC 2.36-9+deb12u14) 2.36"},
      {"less", "less 590 (GNU regular expressions)"},
      {"clear", "ncurses 6.4.20221231"},
      {"zegrep zfgrep zgrep", "zgrep (gzip) 1.12"},
      {"free kill pgrep pidof pkill ps uptime w watch", "% from procps-ng 4.0.2"},
      {"zcmp zdiff", "zdiff (gzip) 1.12"},
      {"gunzip uncompress zcat", "% (gzip) 1.12"},
      {"gzip", "gzip 1.12"},
      {"hostname", "hostname 3.23"},
      {"jq", "jq-1.6"},
      {"killall", "killall (PSmisc) 23.6"},
      {"patch", "GNU patch 2.7.6"},
      {"sed", "% (GNU sed) 4.9"},
      {"tar", "tar (GNU tar) 1.34"},
      {"iconv", "iconv (Debian GLIBC 2.36-9+deb12u14) 2.36"},
      {"strings", "GNU strings (GNU Binutils for Debian) 2.40"},
      {"chrt col colrm column flock getopt hd hexdump ionice logger look more rev setsid taskset "
       "whereis",
       "% from util-linux 2.38.1"},
  };
  std::string_view version = "% (GNU coreutils) 9.1";
  for (const Family& family : kFamilies) {
    const std::string padded = " " + std::string(family.programs) + " ";
    if (padded.find(" " + name + " ") != std::string::npos) version = family.version;
  }
  return version[0] == '%' ? name + std::string(version.substr(1)) : std::string(version);
}

}  // namespace

void ShowHelp(Process& process, const std::vector<std::string>& options) {
  std::string help = SynopsisOf(ProgramName(process));
  for (const std::string& option : options) help += "  " + option + "\n";
  (void)process.Write(1, help);
  process.Exit(0);
}

void ShowVersion(Process& process) {
  (void)process.Write(1, VersionOf(ProgramName(process)) + "\n");
  process.Exit(0);
}

void AnswerHelp(Process& process, const std::vector<std::string>& options) {
  if (process.args.size() != 2) return;
  if (process.args[1] == "--help") ShowHelp(process, options);
  if (process.args[1] == "--version") ShowVersion(process);
}

Options::Options(Process& process, std::string_view letters, std::vector<Long> longs,
                 int usage_status)
    : process_(process), letters_(letters), longs_(std::move(longs)), usage_status_(usage_status) {
  if (!letters_.empty() && letters_[0] == '+') {
    stop_at_operand_ = true;
    letters_.erase(0, 1);
  }
}

std::vector<std::string> Options::HelpLines() const {
  const auto with_value = [](std::string text, Value value, std::string_view between) {
    if (value == kRequired) return text.append(between) + "VALUE";
    if (value == kOptional) return text + "[" + (between == "=" ? "=" : "") + "VALUE]";
    return text;
  };
  static constexpr std::string_view kDigits = "0123456789";
  std::vector<std::string> lines;
  const bool any_number = letters_.find(kDigits) != std::string::npos;
  if (any_number) lines.emplace_back("-NUMBER");
  for (std::size_t at = 0; at < letters_.size(); ++at) {
    const char letter = letters_[at];
    if (letter == ':' || (any_number && kDigits.find(letter) != std::string_view::npos)) continue;
    const bool takes = letters_.compare(at + 1, 1, ":") == 0;
    const bool optional = letters_.compare(at + 1, 2, "::") == 0;
    std::string line = {'-', letter};
    std::string names;
    for (const Long& option : longs_) {
      if (option.letter != letter) continue;
      names += ", " + with_value("--" + std::string(option.name), option.value, "=");
    }
    if (names.empty())
      line = with_value(line, optional ? kOptional : takes ? kRequired : kNone, " ");
    lines.push_back(line + names);
  }
  const auto is_short = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  for (const Long& option : longs_) {
    const bool has_letter =
        option.letter < 256 && letters_.find(static_cast<char>(option.letter)) != std::string::npos;
    if (!has_letter) {
      lines.push_back("    " + with_value("--" + std::string(option.name), option.value, "="));
    }
  }
  lines.emplace_back("    --help");
  lines.emplace_back("    --version");
  // By letter, the small one first; what has no letter comes last, by name.
  std::sort(lines.begin(), lines.end(), [&](const std::string& one, const std::string& other) {
    const auto key = [&](const std::string& line) {
      const char letter = line[0] == '-' ? line[1] : '~';
      return std::tuple(is_short(letter) ? std::tolower(letter) : letter, letter < 'a', line);
    };
    return key(one) < key(other);
  });
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::optional<Options::Option> Options::Next() {
  if (position_ > 0) return NextShort();
  const auto& args = process_.args;
  while (index_ < args.size()) {
    const std::string& argument = args[index_];
    if (argument == "--") {
      ++index_;
      break;
    }
    if (argument.size() > 2 && argument.starts_with("--")) {
      ++index_;
      return NextLong(std::string_view(argument).substr(2));
    }
    if (argument.size() > 1 && argument[0] == '-') {
      position_ = 1;
      return NextShort();
    }
    if (stop_at_operand_) break;
    operands_.push_back(argument);
    ++index_;
  }
  for (; index_ < args.size(); ++index_) operands_.push_back(args[index_]);
  return std::nullopt;
}

std::optional<Options::Option> Options::NextShort() {
  const std::string& argument = process_.args[index_];
  const char letter = argument[position_++];
  const auto at = letter == ':' ? std::string::npos : letters_.find(letter);
  if (at == std::string::npos) {
    const std::string program = ProgramName(process_);
    if (program == "rm" && process_.files().Stat(process_.AbsolutePath(argument), Follow::kNo)) {
      Complain(process_, std::string("invalid option -- '") + letter + "'");
      (void)process_.Write(
          2, "Try 'rm ./" + argument + "' to remove the file " + QuotedName(argument) + ".\n");
      UsageHint(process_, usage_status_);
    }
    UsageError(process_,
               program == "tree" ? std::string("Invalid argument -`") + letter + "'."
                                 : std::string("invalid option -- '") + letter + "'",
               usage_status_);
  }
  Option option{letter, "", false};
  const bool takes_value = at + 1 < letters_.size() && letters_[at + 1] == ':';
  const bool optional = takes_value && at + 2 < letters_.size() && letters_[at + 2] == ':';
  if (takes_value && position_ < argument.size()) {
    option.value = argument.substr(position_);
    option.has_value = true;
    position_ = argument.size();
  }
  if (position_ == argument.size()) {
    position_ = 0;
    ++index_;
    if (takes_value && !optional && !option.has_value) {
      if (index_ >= process_.args.size()) {
        UsageError(process_, std::string("option requires an argument -- '") + letter + "'",
                   usage_status_);
      }
      option.value = process_.args[index_++];
      option.has_value = true;
    }
  }
  return option;
}

const Options::Long& Options::FindLong(std::string_view argument) {
  const std::string_view name = argument.substr(0, argument.find('='));
  std::vector<const Long*> matches;
  static constexpr Long kOfAll[] = {{"help", kHelp}, {"version", kVersion}};
  for (const Long& candidate : longs_) {
    if (candidate.name == name) return candidate;
    if (candidate.name.starts_with(name)) matches.push_back(&candidate);
  }
  for (const Long& candidate : kOfAll) {
    if (candidate.name == name) return candidate;
    const bool own = std::any_of(longs_.begin(), longs_.end(),
                                 [&](const Long& option) { return option.name == candidate.name; });
    if (!own && candidate.name.starts_with(name)) matches.push_back(&candidate);
  }
  if (matches.empty()) {
    const bool tree = ProgramName(process_) == "tree";  // Reads its options itself.
    UsageError(process_,
               tree ? "Invalid argument `--" + std::string(argument) + "'."
                    : "unrecognized option '--" + std::string(argument) + "'",
               usage_status_);
  }
  const bool same = std::all_of(matches.begin(), matches.end(), [&](const Long* match) {
    return match->letter == matches[0]->letter && match->value == matches[0]->value;
  });
  if (!same) {
    std::string message = "option '--" + std::string(name) + "' is ambiguous; possibilities:";
    for (const Long* match : matches) message += " '--" + std::string(match->name) + "'";
    UsageError(process_, message, usage_status_);
  }
  return *matches[0];
}

std::optional<Options::Option> Options::NextLong(std::string_view argument) {
  const auto equals = argument.find('=');
  const Long& found = FindLong(argument);
  Option option{found.letter, "", false};
  const std::string shown = "option '--" + std::string(found.name) + "'";
  if (equals != std::string_view::npos) {
    if (found.value == kNone) {
      UsageError(process_, shown + " doesn't allow an argument", usage_status_);
    }
    option.value = argument.substr(equals + 1);
    option.has_value = true;
  } else if (found.value == kRequired) {
    if (index_ >= process_.args.size()) {
      UsageError(process_, shown + " requires an argument", usage_status_);
    }
    option.value = process_.args[index_++];
    option.has_value = true;
  }
  if (option.letter == kHelp) ShowHelp(process_, HelpLines());
  if (option.letter == kVersion) ShowVersion(process_);
  return option;
}

}  // namespace computesdk::in_memory
