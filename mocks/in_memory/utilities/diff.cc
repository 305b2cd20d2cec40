#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <unordered_map>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/compare.h"
#include "mocks/in_memory/utilities/diff_algorithm.h"
#include "mocks/in_memory/utilities/diff_output.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

using diff::Change;
using diff::Text;

enum class DiffFormat { kNormal, kUnified, kContext };

struct DiffStyle {
  DiffFormat format = DiffFormat::kNormal;
  std::size_t context = 3;
  bool brief = false;
  bool report_same = false;
  bool recursive = false;
  bool new_file = false;
  bool ignore_case = false;
  bool ignore_all_space = false;
  bool ignore_space_change = false;
  bool ignore_trailing_space = false;
  bool ignore_blank_lines = false;
  bool as_text = false;
  std::vector<std::string> labels = {};
  std::vector<std::string> exclude = {};
  std::string command = "diff";  // As shown before the files of a folder.
};

// What of a line counts.
std::string KeyOf(std::string_view line, const DiffStyle& style) {
  std::string key;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (IsSpace(c) && style.ignore_all_space) continue;
    if (IsSpace(c) && (style.ignore_space_change || style.ignore_trailing_space)) {
      std::size_t end = i;
      while (end < line.size() && IsSpace(line[end])) ++end;
      if (end == line.size()) break;
      if (style.ignore_space_change) {
        key.push_back(' ');
        i = end - 1;
        continue;
      }
    }
    if (style.ignore_case && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    key.push_back(c);
  }
  return key;
}

class Diff {
 public:
  Diff(Process& process, DiffStyle style)
      : process_(process), style_(std::move(style)), out_(process) {}

  // 0 for the same, 1 for different, 2 for trouble.
  int CompareOperands(std::string first, std::string second) {
    const auto first_status = StatOf(first);
    const auto second_status = StatOf(second);
    const bool first_folder = IsFolder(first_status);
    const bool second_folder = IsFolder(second_status);
    if (first_folder && second_folder) return CompareFolders(first, second);
    // A file and a folder: the file of that name in it.
    if (first_folder && second_status) first = Inside(first, second);
    if (second_folder && first_status) second = Inside(second, first);
    return CompareFiles(first, second, false);
  }

  int Finish(int status) { return out_.Finish(status) != status ? 2 : status; }

 private:
  IoResult<FileStatus> StatOf(const std::string& name) const {
    if (name == "-") return process_.File(0) ? process_.File(0)->Stat() : FileStatus{};
    return process_.files().Stat(process_.AbsolutePath(name));
  }
  static bool IsFolder(const IoResult<FileStatus>& status) {
    return status && status->type == FileType::kDirectory;
  }
  static std::string Inside(const std::string& folder, const std::string& name) {
    return JoinPath(folder, name.substr(name.find_last_of('/') + 1));
  }

  int Trouble(const std::string& name, std::errc error) {
    out_.Flush();
    ComplainOf(process_, name, error);
    return 2;
  }

  std::vector<std::string> NamesIn(const std::string& folder, int& status) {
    std::vector<std::string> names;
    const auto entries = process_.files().List(process_.AbsolutePath(folder));
    if (!entries) {
      status = Trouble(folder, entries.error());
      return names;
    }
    for (const DirectoryEntry& entry : *entries) {
      const bool excluded =
          std::any_of(style_.exclude.begin(), style_.exclude.end(), [&](const std::string& glob) {
            return fnmatch(glob.c_str(), entry.name.c_str(), 0) == 0;
          });
      if (!excluded) names.push_back(entry.name);
    }
    return names;
  }

  int CompareFolders(const std::string& first, const std::string& second) {
    int status = 0;
    const std::vector<std::string> left = NamesIn(first, status);
    const std::vector<std::string> right = NamesIn(second, status);
    std::vector<std::string> all;
    std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(all));
    for (const std::string& name : all) {
      process_.Checkpoint();
      const bool in_left = std::binary_search(left.begin(), left.end(), name);
      const bool in_right = std::binary_search(right.begin(), right.end(), name);
      if (in_left && in_right) {
        status = std::max(status, CompareEntries(JoinPath(first, name), JoinPath(second, name)));
        continue;
      }
      const std::string& folder = in_left ? first : second;
      if (style_.new_file) {
        status = std::max(status, CompareEntries(JoinPath(first, name), JoinPath(second, name)));
      } else {
        out_ << "Only in " << folder << ": " << name << "\n";
        status = std::max(status, 1);
      }
    }
    return status;
  }

  int CompareEntries(const std::string& first, const std::string& second) {
    const auto first_status = StatOf(first);
    const auto second_status = StatOf(second);
    const bool first_folder = IsFolder(first_status);
    const bool second_folder = IsFolder(second_status);
    const bool one_missing = !first_status || !second_status;
    if ((first_folder && second_folder) || (one_missing && (first_folder || second_folder))) {
      if (style_.recursive) {
        if (!one_missing) return CompareFolders(first, second);
        return CompareMissingFolder(first, second);
      }
      out_ << "Common subdirectories: " << first << " and " << second << "\n";
      return 0;
    }
    if (first_folder || second_folder) {
      out_ << "File " << first << " is a " << KindOf(*first_status) << " while file " << second
           << " is a " << KindOf(*second_status) << "\n";
      return 1;
    }
    return CompareFiles(first, second, true);
  }

  // With -N a folder that is not there is empty.
  int CompareMissingFolder(const std::string& first, const std::string& second) {
    int status = 0;
    const bool first_there = StatOf(first).has_value();
    for (const std::string& name : NamesIn(first_there ? first : second, status)) {
      status = std::max(status, CompareEntries(JoinPath(first, name), JoinPath(second, name)));
    }
    return status;
  }

  static const char* KindOf(const FileStatus& status) {
    if (status.type == FileType::kDirectory) return "directory";
    if (status.type != FileType::kRegular) return "fifo";
    return status.size == 0 ? "regular empty file" : "regular file";
  }

  // Nothing where the file cannot be read; with -N a missing one is empty.
  std::optional<std::string> Read(const std::string& name, bool missing_allowed) {
    const auto fd = name == "-" ? IoResult<int>(0) : process_.Open(name, O_RDONLY);
    if (!fd) {
      if (missing_allowed && fd.error() == std::errc::no_such_file_or_directory) return "";
      Trouble(name, fd.error());
      return std::nullopt;
    }
    auto content = process_.ReadAll(*fd);
    if (*fd != 0) (void)process_.Close(*fd);
    if (content) return std::move(*content);
    Trouble(name, content.error());
    return std::nullopt;
  }

  static Text MakeText(std::string content) {
    Text text;
    text.content = std::move(content);
    const std::string_view all = text.content;
    text.ended = all.empty() || all.back() == '\n';
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = std::min(all.find('\n', begin), all.size());
      text.lines.push_back(all.substr(begin, end - begin));
      begin = end + 1;
    }
    return text;
  }

  std::vector<Change> ChangesOf(const Text& first, const Text& second) {
    std::unordered_map<std::string, std::size_t> numbers;
    const bool plain = !style_.ignore_case && !style_.ignore_all_space &&
                       !style_.ignore_space_change && !style_.ignore_trailing_space;
    const auto number_lines = [&](const Text& text) {
      std::vector<std::size_t> lines;
      lines.reserve(text.lines.size());
      for (std::size_t i = 0; i < text.lines.size(); ++i) {
        process_.Checkpoint();
        std::string key = plain ? std::string(text.lines[i]) : KeyOf(text.lines[i], style_);
        // The last line without its end is another line, unless white space is ignored.
        const bool endless = i + 1 == text.lines.size() && !text.ended;
        const bool matters = !style_.ignore_all_space && !style_.ignore_space_change &&
                             !style_.ignore_trailing_space;
        key.push_back(endless && matters ? '\0' : '\n');
        lines.push_back(numbers.try_emplace(std::move(key), numbers.size()).first->second);
      }
      return lines;
    };
    std::vector<std::size_t> old_lines = number_lines(first);
    std::vector<std::size_t> new_lines = number_lines(second);
    // What both files begin and end with is left out, but for the lines that are shown as context:
    // changes do not slide into it.
    const std::size_t horizon = style_.format == DiffFormat::kNormal ? 0 : style_.context;
    const std::size_t shorter = std::min(first.lines.size(), second.lines.size());
    std::size_t prefix = 0;
    while (prefix < shorter && old_lines[prefix] == new_lines[prefix]) ++prefix;
    prefix -= std::min(prefix, horizon);
    std::size_t suffix = 0;
    while (suffix < shorter - prefix &&
           old_lines[old_lines.size() - 1 - suffix] == new_lines[new_lines.size() - 1 - suffix]) {
      ++suffix;
    }
    suffix -= std::min(suffix, horizon);
    for (auto* lines : {&old_lines, &new_lines}) {
      lines->resize(lines->size() - suffix);
      lines->erase(lines->begin(), lines->begin() + static_cast<std::ptrdiff_t>(prefix));
    }
    std::vector<Change> changes = diff::Compare(process_, old_lines, new_lines);
    for (Change& change : changes) {
      for (auto* line : {&change.old_begin, &change.old_end, &change.new_begin, &change.new_end}) {
        *line += prefix;
      }
    }
    return changes;
  }

  bool Ignorable(const Change& change, const Text& first, const Text& second) const {
    if (!style_.ignore_blank_lines) return false;
    const auto blank = [&](std::string_view line) { return KeyOf(line, style_).empty(); };
    const auto all_blank = [&](const Text& text, std::size_t begin, std::size_t end) {
      return std::all_of(text.lines.begin() + static_cast<std::ptrdiff_t>(begin),
                         text.lines.begin() + static_cast<std::ptrdiff_t>(end), blank);
    };
    return all_blank(first, change.old_begin, change.old_end) &&
           all_blank(second, change.new_begin, change.new_end);
  }

  std::string Label(const std::string& name, std::size_t index) {
    if (index < style_.labels.size()) return style_.labels[index];
    const auto status = StatOf(name);
    const auto when = name == "-" && !process_.File(0)->inode() ? process_.clock().Now()
                      : status                                  ? status->modified
                                                                : FileTime{};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
    const std::time_t time = seconds.time_since_epoch().count();
    std::tm fields = {};
    gmtime_r(&time, &fields);
    char text[64];
    if (style_.format == DiffFormat::kContext) {
      std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &fields);
      return name + "\t" + text;
    }
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &fields);
    char fraction[32];
    std::snprintf(fraction, sizeof fraction, ".%09lld +0000",
                  static_cast<long long>((when - seconds).count()));
    return name + "\t" + text + fraction;
  }

  void Print(const Text& first, const Text& second, std::vector<Change> changes,
             const std::string& first_name, const std::string& second_name, bool in_folder) {
    if (in_folder) {
      const auto shown = [&](const std::string& name, std::size_t index) {
        return index < style_.labels.size() ? style_.labels[index] : name;
      };
      out_ << style_.command << " " << shown(first_name, 0) << " " << shown(second_name, 1) << "\n";
    }
    if (style_.format == DiffFormat::kNormal) {
      std::erase_if(changes,
                    [&](const Change& change) { return Ignorable(change, first, second); });
      return diff::PrintNormal(out_, first, second, changes);
    }
    std::vector<diff::Hunk> hunks = diff::MakeHunks(changes, style_.context);
    std::erase_if(hunks, [&](const diff::Hunk& hunk) {
      return std::all_of(hunk.changes.begin(), hunk.changes.end(),
                         [&](const Change& change) { return Ignorable(change, first, second); });
    });
    const diff::Headers headers = {Label(first_name, 0), Label(second_name, 1)};
    if (style_.format == DiffFormat::kUnified) {
      diff::PrintUnified(out_, first, second, hunks, style_.context, headers);
    } else {
      diff::PrintContext(out_, first, second, hunks, style_.context, headers);
    }
  }

  int CompareFiles(const std::string& first_name, const std::string& second_name, bool in_folder) {
    const bool missing_allowed = style_.new_file;
    auto first_content = Read(first_name, missing_allowed);
    auto second_content =
        second_name == first_name ? first_content : Read(second_name, missing_allowed);
    if (!first_content || !second_content) return 2;
    const bool same = *first_content == *second_content;
    const auto binary = [](const std::string& content) {
      return content.substr(0, 32768).find('\0') != std::string::npos;
    };
    if (!same && !style_.as_text && (binary(*first_content) || binary(*second_content))) {
      out_ << (style_.brief ? "Files " : "Binary files ") << first_name << " and " << second_name
           << " differ\n";
      return 1;
    }
    std::vector<Change> changes;
    const Text first = MakeText(std::move(*first_content));
    const Text second = MakeText(std::move(*second_content));
    if (!same) changes = ChangesOf(first, second);
    const bool differ = std::any_of(changes.begin(), changes.end(), [&](const Change& change) {
      return !Ignorable(change, first, second);
    });
    if (!differ) {
      if (style_.report_same) {
        out_ << "Files " << first_name << " and " << second_name << " are identical\n";
      }
      return 0;
    }
    if (style_.brief) {
      out_ << "Files " << first_name << " and " << second_name << " differ\n";
    } else {
      Print(first, second, std::move(changes), first_name, second_name, in_folder);
    }
    return 1;
  }

  Process& process_;
  const DiffStyle style_;
  Output out_;
};

const std::vector<Options::Long> kLongs = {{"unified", 'u', Options::kOptional},
                                           {"context", 'c', Options::kOptional},
                                           {"normal", 300},
                                           {"label", 'L', Options::kRequired},
                                           {"brief", 'q'},
                                           {"report-identical-files", 's'},
                                           {"recursive", 'r'},
                                           {"new-file", 'N'},
                                           {"text", 'a'},
                                           {"ignore-case", 'i'},
                                           {"ignore-all-space", 'w'},
                                           {"ignore-space-change", 'b'},
                                           {"ignore-trailing-space", 'Z'},
                                           {"ignore-blank-lines", 'B'},
                                           {"exclude", 'x', Options::kRequired},
                                           {"minimal", 'd'},
                                           {"color", 301, Options::kOptional}};

std::size_t ContextLines(Process& process, const std::string& text) {
  const auto lines = ParseInteger(text);
  if (!lines || *lines < 0) UsageError(process, "invalid context length " + QuotedName(text), 2);
  return static_cast<std::size_t>(std::min<std::int64_t>(*lines, INT32_MAX));
}

DiffStyle ParseDiff(Process& process, Options& options) {
  DiffStyle style;
  std::string digits;
  while (auto option = options.Next()) {
    const std::string& value = option->value;
    switch (option->letter) {
      case 'u':
      case 'U':
        style.format = DiffFormat::kUnified;
        if (option->has_value) style.context = ContextLines(process, value);
        break;
      case 'c':
      case 'C':
        style.format = DiffFormat::kContext;
        if (option->has_value) style.context = ContextLines(process, value);
        break;
      case 300:
        style.format = DiffFormat::kNormal;
        break;
      case 'L':
        style.labels.push_back(value);
        break;
      case 'q':
        style.brief = true;
        break;
      case 's':
        style.report_same = true;
        break;
      case 'r':
        style.recursive = true;
        break;
      case 'N':
        style.new_file = true;
        break;
      case 'a':
        style.as_text = true;
        break;
      case 'i':
        style.ignore_case = true;
        break;
      case 'w':
        style.ignore_all_space = true;
        break;
      case 'b':
        style.ignore_space_change = true;
        break;
      case 'Z':
        style.ignore_trailing_space = true;
        break;
      case 'B':
        style.ignore_blank_lines = true;
        break;
      case 'x':
        style.exclude.push_back(value);
        break;
      case 301:
        if (value == "always") UsageError(process, "--color=always is not supported", 2);
        break;
      case 'd':
        break;  // The changes are the fewest anyway.
      default:
        digits.push_back(static_cast<char>(option->letter));
        style.context = ContextLines(process, digits);
    }
  }
  // The command as it was given, without the operands, which stand at its end.
  std::vector<std::string> words(process.args.begin() + 1, process.args.end());
  for (auto operand = options.operands().rbegin(); operand != options.operands().rend();
       ++operand) {
    const auto last = std::find(words.rbegin(), words.rend(), *operand);
    if (last != words.rend()) words.erase(std::next(last).base());
  }
  for (const std::string& word : words) style.command += " " + word;
  return style;
}

}  // namespace

int DiffMain(Process& process) {
  Options options(process, "0123456789U:C:uL:cqsrNaiwbZBx:d", kLongs, 2);
  DiffStyle style = ParseDiff(process, options);
  const auto& operands = options.operands();
  if (operands.size() < 2) {
    UsageError(process,
               operands.empty() ? "missing operand after '" + process.args.back() + "'"
                                : "missing operand after " + QuotedName(operands[0]),
               2);
  }
  if (operands.size() > 2) UsageError(process, "extra operand " + QuotedName(operands[2]), 2);
  Diff diff(process, std::move(style));
  return diff.Finish(diff.CompareOperands(operands[0], operands[1]));
}

void AddComparePrograms(ProgramTable& table) {
  table["diff"] = DiffMain;
  table["cmp"] = CmpMain;
}

}  // namespace computesdk::in_memory
