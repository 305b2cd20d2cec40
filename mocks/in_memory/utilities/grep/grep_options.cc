#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/grep/grep.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

enum LongOnly {
  kColor = 300,
  kInclude,
  kExclude,
  kExcludeFrom,
  kExcludeFolder,
  kLabel,
  kLineBuffered,
  kBinaryFiles,
  kNoIgnoreCase,
  kGroupSeparator,
  kNoGroupSeparator,
};

const std::vector<Options::Long> kLongs = {
    {"extended-regexp", 'E'},
    {"fixed-strings", 'F'},
    {"basic-regexp", 'G'},
    {"perl-regexp", 'P'},
    {"regexp", 'e', Options::kRequired},
    {"file", 'f', Options::kRequired},
    {"ignore-case", 'i'},
    {"no-ignore-case", kNoIgnoreCase},
    {"invert-match", 'v'},
    {"word-regexp", 'w'},
    {"line-regexp", 'x'},
    {"count", 'c'},
    {"color", kColor, Options::kOptional},
    {"colour", kColor, Options::kOptional},
    {"files-without-match", 'L'},
    {"files-with-matches", 'l'},
    {"max-count", 'm', Options::kRequired},
    {"only-matching", 'o'},
    {"quiet", 'q'},
    {"silent", 'q'},
    {"no-messages", 's'},
    {"byte-offset", 'b'},
    {"with-filename", 'H'},
    {"no-filename", 'h'},
    {"label", kLabel, Options::kRequired},
    {"line-number", 'n'},
    {"initial-tab", 'T'},
    {"null", 'Z'},
    {"null-data", 'z'},
    {"after-context", 'A', Options::kRequired},
    {"before-context", 'B', Options::kRequired},
    {"context", 'C', Options::kRequired},
    {"text", 'a'},
    {"binary-files", kBinaryFiles, Options::kRequired},
    {"directories", 'd', Options::kRequired},
    {"recursive", 'r'},
    {"dereference-recursive", 'R'},
    {"include", kInclude, Options::kRequired},
    {"exclude", kExclude, Options::kRequired},
    {"exclude-from", kExcludeFrom, Options::kRequired},
    {"exclude-dir", kExcludeFolder, Options::kRequired},
    {"line-buffered", kLineBuffered},
    {"group-separator", kGroupSeparator, Options::kRequired},
    {"no-group-separator", kNoGroupSeparator},
    {"devices", 'D', Options::kRequired},
    {"binary", 'U'},
};

class GrepParser {
 public:
  explicit GrepParser(Process& process)
      : process_(process),
        options_(process, "0123456789A:B:C:D:EFGHILPRTUZabcd:e:f:hilm:noqrsuvwxyz", kLongs, 2) {}

  GrepStyle Parse() {
    while (auto option = options_.Next()) Apply(option->letter, option->value);
    if (digits_ && !style_.context) {
      style_.context = true;
      style_.before = style_.after = Number(*digits_);
    }
    auto& operands = style_.operands;
    operands = options_.operands();
    if (!style_.has_patterns) {
      if (operands.empty()) {
        (void)process_.Write(2,
                             "Usage: grep [OPTION]... PATTERNS [FILE]...\n"
                             "Try 'grep --help' for more information.\n");
        process_.Exit(2);
      }
      AddPatterns(operands[0]);
      operands.erase(operands.begin());
    }
    ChooseListing();
    if (style_.most == 0) style_.before = style_.after = 0;
    return std::move(style_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(2);
  }

  void ChooseSyntax(MatcherOptions::Syntax syntax) {
    if (syntax_ && *syntax_ != syntax) Fail("conflicting matchers specified");
    syntax_ = style_.matcher.syntax = syntax;
  }

  // -q outweighs -l and -L, and those outweigh -c.
  void ChooseListing() {
    if (quiet_) {
      style_.listing = Listing::kQuiet;
    } else if (files_) {
      style_.listing = *files_;
    } else if (count_) {
      style_.listing = Listing::kCount;
    }
  }

  std::int64_t Number(const std::string& text) {
    const auto value = ParseInteger(text);
    if (!value || *value < 0) Fail(text + ": invalid context length argument");
    return *value;
  }

  void AddPatterns(std::string_view text) {
    style_.has_patterns = true;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      style_.patterns.emplace_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  std::vector<std::string> LinesOf(const std::string& name) {
    std::vector<std::string> lines;
    const auto fd = name == "-" ? IoResult<int>(0) : process_.Open(name, O_RDONLY);
    if (!fd) Fail(name + ": " + ErrnoText(fd.error()));
    Input in(process_, *fd);
    while (auto line = in.ReadLine()) lines.emplace_back(*line);
    if (*fd != 0) (void)process_.Close(*fd);
    return lines;
  }

  void ApplyOutput(int letter, const std::string& value) {
    switch (letter) {
      case 'c':
        count_ = true;
        break;
      case 'l':
        files_ = Listing::kMatchingFiles;
        break;
      case 'L':
        files_ = Listing::kOtherFiles;
        break;
      case 'q':
        quiet_ = true;
        break;
      case 'o':
        style_.only_matching = true;
        break;
      case 's':
        style_.suppress_errors = true;
        break;
      case 'b':
        style_.byte_offset = true;
        break;
      case 'n':
        style_.line_number = true;
        break;
      case 'T':
        style_.initial_tab = true;
        break;
      case 'Z':
        style_.null_after_name = true;
        break;
      case 'H':
        style_.with_name = true;
        break;
      case 'h':
        style_.with_name = false;
        break;
      case 'm':
        style_.most = ParseInteger(value).value_or(-1);
        if (!ParseInteger(value)) Fail("invalid max count");
        if (style_.most < 0) style_.most = INT64_MAX;
        break;
      default:
        break;
    }
  }

  void Apply(int letter, const std::string& value);

  // GREP_COLORS="mt=01;32:fn=35:…"; what it says nothing of stays.
  void ReadColors() {
    const auto old = process_.env.find("GREP_COLOR");
    if (old != process_.env.end() && !old->second.empty()) {
      Complain(process_, "warning: GREP_COLOR='" + old->second +
                             "' is deprecated; use GREP_COLORS='mt=" + old->second + "'");
      style_.colors.match = style_.colors.context_match = old->second;
    }
    const auto variable = process_.env.find("GREP_COLORS");
    if (variable == process_.env.end()) return;
    GrepColors& colors = style_.colors;
    std::string_view list = variable->second;
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(':'), list.size());
      const std::string_view item = list.substr(0, end);
      list.remove_prefix(std::min(end + 1, list.size()));
      const std::size_t equals = item.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view name = item.substr(0, equals);
      const std::string color(item.substr(equals + 1));
      if (name == "mt" || name == "ms") colors.match = color;
      if (name == "mt" || name == "mc") colors.context_match = color;
      if (name == "fn") colors.file = color;
      if (name == "ln") colors.line = color;
      if (name == "bn") colors.offset = color;
      if (name == "se") colors.separator = color;
    }
  }

  Process& process_;
  Options options_;
  GrepStyle style_;
  std::optional<std::string> digits_;
  std::optional<MatcherOptions::Syntax> syntax_;
  bool quiet_ = false;
  bool count_ = false;
  std::optional<Listing> files_;
};

void GrepParser::Apply(int letter, const std::string& value) {
  using Syntax = MatcherOptions::Syntax;
  switch (letter) {
    case 'E':
      ChooseSyntax(Syntax::kExtended);
      break;
    case 'F':
      ChooseSyntax(Syntax::kFixed);
      break;
    case 'G':
      ChooseSyntax(Syntax::kBasic);
      break;
    case 'P':
      ChooseSyntax(Syntax::kPerl);
      break;
    case 'u':
      Complain(process_, "warning: --unix-byte-offsets (-u) is obsolete");
      break;
    case 'e':
      AddPatterns(value);
      break;
    case 'f':
      style_.has_patterns = true;
      for (std::string& line : LinesOf(value)) style_.patterns.push_back(std::move(line));
      break;
    case 'i':
    case 'y':
      style_.matcher.ignore_case = true;
      break;
    case kNoIgnoreCase:
      style_.matcher.ignore_case = false;
      break;
    case 'v':
      style_.invert = true;
      break;
    case 'w':
      style_.matcher.whole_word = true;
      break;
    case 'x':
      style_.matcher.whole_line = true;
      break;
    case kColor:
      style_.color = value == "always";
      ReadColors();
      break;
    case 'z':
      style_.end = '\0';
      style_.matcher.null_data = true;
      break;
    case 'A':
      style_.after = Number(value);
      style_.context = true;
      break;
    case 'B':
      style_.before = Number(value);
      style_.context = true;
      break;
    case 'C':
      style_.before = style_.after = Number(value);
      style_.context = true;
      break;
    case 'a':
      style_.binary = BinaryFiles::kText;
      break;
    case 'I':
      style_.binary = BinaryFiles::kWithoutMatch;
      break;
    case kBinaryFiles:
      if (value != "binary" && value != "text" && value != "without-match") {
        Fail("unknown binary-files type");
      }
      style_.binary = value == "text"            ? BinaryFiles::kText
                      : value == "without-match" ? BinaryFiles::kWithoutMatch
                                                 : BinaryFiles::kBinary;
      break;
    case 'd':
      if (value != "read" && value != "recurse" && value != "skip") {
        UsageError(process_, InvalidArgument(value, "--directories", {"read", "recurse", "skip"}));
      }
      style_.folders = value == "skip"      ? Folders::kSkip
                       : value == "recurse" ? Folders::kRecurse
                                            : Folders::kRead;
      break;
    case 'R':
      style_.follow_links = true;
      [[fallthrough]];
    case 'r':
      style_.folders = Folders::kRecurse;
      break;
    case kInclude:
      style_.names.push_back({value, true});
      break;
    case kExclude:
      style_.names.push_back({value, false});
      break;
    case kExcludeFrom:
      for (std::string& line : LinesOf(value)) style_.names.push_back({std::move(line), false});
      break;
    case kExcludeFolder:
      style_.exclude_folders.push_back(value.ends_with('/') ? value.substr(0, value.size() - 1)
                                                            : value);
      break;
    case kLabel:
      style_.label = value;
      break;
    case kGroupSeparator:
      style_.group_separator = value;
      break;
    case kNoGroupSeparator:
      style_.group_separator.reset();
      break;
    case 'D':
      if (value != "read" && value != "skip") Fail("unknown devices method");
      style_.skip_devices = value == "skip";
      break;
    default:
      if (letter >= '0' && letter <= '9') {
        digits_ = digits_.value_or("") + static_cast<char>(letter);
      } else {
        ApplyOutput(letter, value);
      }
  }
}

}  // namespace

GrepStyle ParseGrep(Process& process) { return GrepParser(process).Parse(); }

}  // namespace computesdk::in_memory
