#include "mocks/in_memory/utilities/grep/grep.h"

#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <utility>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/grep/grep_matcher.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

bool IsText(std::string_view line) {
  if (IsAscii(line) && line.find('\0') == std::string_view::npos) return true;
  for (std::size_t i = 0; i < line.size();) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte != 0 && byte < 0x80) {
      ++i;
      continue;
    }
    const Utf8Character found = DecodeUtf8(line.substr(i));
    if (byte == 0 || !(found.valid || BytesAreCharacters())) return false;
    i += found.length;
  }
  return true;
}

// Looks through one file after the other.
class Grep {
 public:
  Grep(Process& process, const GrepStyle& style, const LineMatcher& matcher, bool with_name)
      : process_(process), style_(style), matcher_(matcher), with_name_(with_name), out_(process) {}

  // The names stand before the lines if there may be lines of several files.
  void ShowNames() { with_name_ = style_.with_name.value_or(true); }

  void SearchOperand(const std::string& name) {
    if (name == "-") {
      if (!RefuseOutput(0, style_.label)) SearchDescriptor(0, style_.label);
    } else {
      SearchPath(name, true);
    }
  }

  void SearchFolder(const std::string& path, const std::string& prefix) {
    const auto entries = process_.files().List(process_.AbsolutePath(path));
    if (!entries) return Failure(path, entries.error());
    for (const DirectoryEntry& entry : *entries) {
      process_.Checkpoint();
      if (quit_) return;
      SearchPath(prefix + entry.name, false);
    }
  }

  // A folder that is not one of those that this one is inside of.
  void EnterFolder(const std::string& name, const FileStatus& status) {
    const bool inside = std::any_of(above_.begin(), above_.end(), [&](const FileStatus& folder) {
      return SameFile(folder, status);
    });
    if (inside) {
      out_.Flush();
      if (!style_.suppress_errors) Complain(process_, name + ": warning: recursive directory loop");
      return;
    }
    above_.push_back(status);
    SearchFolder(name, name.ends_with('/') ? name : name + "/");
    above_.pop_back();
  }

  int Finish() {
    if (out_.Finish(0) != 0) return 2;
    return style_.listing == Listing::kQuiet && selected_ ? 0 : failed_ ? 2 : selected_ ? 0 : 1;
  }
  bool quit() const { return quit_; }

 private:
  void Failure(const std::string& name, std::errc error) {
    failed_ = true;
    if (style_.suppress_errors) return;
    out_.Flush();
    Complain(process_, name + ": " + ErrnoText(error));
  }

  static bool NameMatches(const std::string& glob, const std::string& name) {
    const std::string base = name.substr(name.find_last_of('/') + 1);
    return fnmatch(glob.c_str(), base.c_str(), 0) == 0 ||
           fnmatch(glob.c_str(), name.c_str(), 0) == 0;
  }

  static bool MatchesAny(const std::vector<std::string>& globs, const std::string& name) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return NameMatches(glob, name); });
  }

  bool LeftOut(const std::string& name) const {
    const std::vector<NameRule>& rules = style_.names;
    const auto last = std::find_if(rules.rbegin(), rules.rend(), [&](const NameRule& rule) {
      return NameMatches(rule.glob, name);
    });
    if (last != rules.rend()) return !last->include;
    return !rules.empty() && rules[0].include;
  }

  // What a grep adds to its own input would be found again, without end.
  bool IsOutput(const FileStatus& input) const {
    const OpenFilePtr output = process_.File(1);
    if (output == nullptr || style_.listing == Listing::kQuiet || style_.most == 0) return false;
    if (input.type != FileType::kRegular) return false;
    const FileStatus status = output->Stat();
    return status.inode == input.inode && status.device == input.device &&
           status.type == FileType::kRegular;
  }

  void SearchPath(const std::string& name, bool operand) {
    const std::string path = process_.AbsolutePath(name);
    const bool follow = operand || style_.follow_links;
    const auto status = process_.files().Stat(path, follow ? Follow::kYes : Follow::kNo);
    if (status && status->type == FileType::kDirectory) {
      if (style_.folders == Folders::kSkip) return;
      if (style_.folders == Folders::kRecurse) {
        if (MatchesAny(style_.exclude_folders, name)) return;
        ShowNames();
        return EnterFolder(name, *status);
      }
    }
    if (status && status->type != FileType::kRegular && status->type != FileType::kDirectory &&
        (!operand || style_.skip_devices)) {
      return;
    }
    if (LeftOut(name)) return;
    const auto fd = process_.Open(name, O_RDONLY);
    if (!fd) return Failure(name, fd.error());
    ScopedDescriptor closer(process_, *fd);
    if (!RefuseOutput(*fd, name)) SearchDescriptor(*fd, name);
  }

  bool RefuseOutput(int fd, const std::string& name) {
    const OpenFilePtr file = process_.File(fd);
    if (file == nullptr || !IsOutput(file->Stat())) return false;
    failed_ = true;
    if (!style_.suppress_errors) {
      out_.Flush();
      Complain(process_, name + ": input file is also the output");
    }
    return true;
  }

  void SearchDescriptor(int fd, const std::string& name) {
    name_ = name;
    if (style_.initial_tab) number_width_ = WidestNumber(fd);
    Input in(process_, fd);
    binary_ = style_.binary != BinaryFiles::kText && style_.end == '\n' &&
              in.Peek().find('\0') != std::string_view::npos;
    if (binary_ && style_.binary == BinaryFiles::kWithoutMatch) return;
    const std::int64_t count = SearchLines(in);
    if (!matcher_.failure().empty()) GiveUp();
    if (binary_matches_) {
      out_.Flush();
      Complain(process_, name_ + ": binary file matches");
    }
    if (in.error()) Failure(name, *in.error());
    if (count > 0) selected_ = true;
    switch (style_.listing) {
      case Listing::kCount:
        PutName(':');
        out_ << std::to_string(count) << "\n";
        break;
      case Listing::kMatchingFiles:
      case Listing::kOtherFiles:
        // What -L lists is what counts as found, in its exit status.
        if ((count > 0) == (style_.listing == Listing::kMatchingFiles)) {
          PutColored(name_, style_.colors.file);
          out_.Put(style_.null_after_name ? '\0' : '\n');
        }
        break;
      case Listing::kQuiet:
        quit_ = count > 0;
        break;
      case Listing::kLines:
        break;
    }
  }

  // The digits of the last offset of a file; of the largest there is, where its size is not known.
  std::size_t WidestNumber(int fd) const {
    const FileStatus status = process_.File(fd)->Stat();
    if (status.type != FileType::kRegular) return std::to_string(INT64_MAX).size();
    return std::to_string(status.size + (style_.line_number ? 1 : 0)).size();
  }

  [[noreturn]] void GiveUp() {
    out_.Flush();
    Complain(process_, name_ + ": " + matcher_.failure());
    process_.Exit(2);
  }

  // How many lines were selected.
  std::int64_t SearchLines(Input& in) {
    std::int64_t count = 0;
    std::int64_t number = 0;
    std::int64_t after = 0;
    std::uint64_t offset = 0;
    held_.clear();
    rest_.reset();
    last_printed_ = 0;
    binary_matches_ = false;
    while (count < style_.most || after > 0) {
      const auto line = NextLine(in);
      if (!line || !matcher_.failure().empty()) break;
      ++number;
      const std::uint64_t begin = offset;
      offset += line->size() + 1;
      const bool chosen = count < style_.most && matcher_.Matches(*line) != style_.invert;
      if (chosen) {
        ++count;
        after = style_.after;
        if (style_.listing == Listing::kCount) continue;
        if (style_.listing != Listing::kLines) return count;
        if (!PrintSelected(*line, number, begin)) return count;
      } else if (style_.listing == Listing::kLines) {
        if (after > 0) {
          --after;
          PrintLine(*line, number, begin, '-');
        } else if (style_.before > 0) {
          held_.push_back({std::string(*line), number, begin});
          if (held_.size() > static_cast<std::size_t>(style_.before)) held_.pop_front();
        }
      }
    }
    if (count >= style_.most) in.GiveBack();
    return count;
  }

  // In a binary file a NUL ends a line, too.
  std::optional<std::string_view> NextLine(Input& in) {
    if (!rest_) rest_ = in.ReadLine(style_.end);
    const auto line = std::exchange(rest_, std::nullopt);
    const std::size_t nul = binary_ && line ? line->find('\0') : std::string_view::npos;
    if (nul == std::string_view::npos) return line;
    if (nul + 1 < line->size() || in.ended()) rest_ = line->substr(nul + 1);
    return line->substr(0, nul);
  }

  // False where the rest of the file is of no interest.
  bool PrintSelected(std::string_view line, std::int64_t number, std::uint64_t offset) {
    binary_matches_ = binary_matches_ || binary_;
    if (binary_) return false;
    if (!held_.empty()) {
      for (const Held& held : held_) PrintLine(held.line, held.number, held.offset, '-');
      held_.clear();
    }
    PrintLine(line, number, offset, ':');
    return true;
  }

  void PutColored(std::string_view text, std::string_view code) {
    if (!style_.color || code.empty()) {
      out_.Write(text);
      return;
    }
    out_ << "\033[" << code << "m\033[K" << text << "\033[m\033[K";
  }

  void PutSeparator(char separator) { PutColored({&separator, 1}, style_.colors.separator); }

  void PutName(char separator) {
    if (!with_name_) return;
    PutColored(name_, style_.colors.file);
    if (style_.null_after_name) {
      out_.Put('\0');
    } else {
      PutSeparator(separator);
    }
  }

  void PutPrefix(std::int64_t number, std::uint64_t offset, char separator) {
    PutName(separator);
    const auto put_number = [&](std::uint64_t value, const std::string& color) {
      std::string text = std::to_string(value);
      if (text.size() < number_width_) text.insert(0, number_width_ - text.size(), ' ');
      PutColored(text, color);
      PutSeparator(separator);
    };
    if (style_.line_number) put_number(static_cast<std::uint64_t>(number), style_.colors.line);
    if (style_.byte_offset) put_number(offset, style_.colors.offset);
    if (style_.initial_tab && (with_name_ || style_.line_number || style_.byte_offset)) {
      out_.Put('\t');
    }
  }

  // What is no text is not shown, only told of.
  bool Showable(std::string_view text) {
    if (style_.binary == BinaryFiles::kText || style_.end != '\n' || IsText(text)) return true;
    binary_matches_ = true;
    return false;
  }

  void PrintLine(std::string_view line, std::int64_t number, std::uint64_t offset, char separator) {
    if (style_.context && style_.group_separator && any_printed_ &&
        (last_printed_ == 0 || number > last_printed_ + 1)) {
      PutColored(*style_.group_separator, style_.colors.separator);
      out_.Put('\n');
    }
    last_printed_ = number;
    any_printed_ = true;
    if (style_.only_matching) {
      if ((separator == ':') != style_.invert) PrintMatches(line, number, offset, separator);
      return;
    }
    if (!Showable(line)) return;
    PutPrefix(number, offset, separator);
    if (style_.color && (separator == ':') != style_.invert) {
      PutHighlighted(line);
    } else {
      out_.Write(line);
    }
    out_.Put(style_.end);
  }

  template <typename Body>
  void ForEachMatch(std::string_view line, const Body& body) {
    std::size_t at = 0;
    while (at <= line.size()) {
      const auto span = matcher_.Find(line, at);
      if (!span) return;
      if (span->end > span->begin) {
        body(*span);
        at = span->end;
      } else {
        at = span->begin + 1;
      }
    }
  }

  void PrintMatches(std::string_view line, std::int64_t number, std::uint64_t offset,
                    char separator) {
    ForEachMatch(line, [&](LineMatcher::Span span) {
      const std::string_view match = line.substr(span.begin, span.end - span.begin);
      if (!Showable(match)) return;
      PutPrefix(number, offset + span.begin, separator);
      PutColored(match, style_.colors.match);
      out_.Put(style_.end);
    });
  }

  void PutHighlighted(std::string_view line) {
    std::size_t done = 0;
    ForEachMatch(line, [&](LineMatcher::Span span) {
      out_.Write(line.substr(done, span.begin - done));
      PutColored(line.substr(span.begin, span.end - span.begin),
                 style_.invert ? style_.colors.context_match : style_.colors.match);
      done = span.end;
    });
    out_.Write(line.substr(done));
  }

  struct Held {
    std::string line;
    std::int64_t number;
    std::uint64_t offset;
  };

  Process& process_;
  const GrepStyle& style_;
  const LineMatcher& matcher_;
  bool with_name_;
  Output out_;
  std::string name_;
  bool binary_ = false;
  std::optional<std::string_view> rest_;  // Of a line of a binary file, behind a NUL.
  std::size_t number_width_ = 0;          // -T.
  bool binary_matches_ = false;
  bool selected_ = false;
  std::vector<FileStatus> above_;  // The folders that the one being searched is inside of.
  bool failed_ = false;
  bool quit_ = false;
  bool any_printed_ = false;
  std::int64_t last_printed_ = 0;  // 0: nothing of this file.
  std::deque<Held> held_;
};

}  // namespace

int GrepMain(Process& process) {
  const GrepStyle style = ParseGrep(process);
  const std::vector<std::string>& operands = style.operands;
  auto matcher = LineMatcher::Compile(style.patterns, style.matcher);
  if (!matcher) {
    Complain(process, matcher.error());
    return 2;
  }
  for (const std::string& warning : matcher->warnings()) {
    Complain(process, "warning: " + warning);
  }
  const bool recursive = style.folders == Folders::kRecurse;
  const bool with_name = style.with_name.value_or(operands.size() > 1);
  Grep grep(process, style, *matcher, with_name);
  if (operands.empty() && recursive) {
    grep.ShowNames();
    grep.SearchFolder(".", "");
  } else if (operands.empty()) {
    grep.SearchOperand("-");
  }
  for (const std::string& operand : operands) {
    if (!grep.quit()) grep.SearchOperand(operand);
  }
  return grep.Finish();
}

void AddSearchPrograms(ProgramTable& table) {
  const auto with = [](const char* option) {
    return [option](Process& process) {
      process.args.insert(process.args.begin() + 1, option);
      return GrepMain(process);
    };
  };
  table["grep"] = GrepMain;
  table["egrep"] = with("-E");
  table["fgrep"] = with("-F");
  table["rgrep"] = with("-r");
}

}  // namespace computesdk::in_memory
