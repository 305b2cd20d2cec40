#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/compare/compare.h"
#include "mocks/in_memory/utilities/compare/diff_output.h"
#include "mocks/in_memory/utilities/compare/diff_style.h"
#include "mocks/in_memory/utilities/compare/diff_text.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

using diff::Change;
using diff::Form;
using diff::Text;

constexpr int kTrouble = 2;

class Diff {
 public:
  Diff(Process& process, const diff::Style& style)
      : process_(process),
        style_(style),
        out_(process),
        form_(style.form.value_or(Form::kNormal)) {}

  // 0 for the same, 1 for different, 2 for trouble.
  int CompareOperands(std::string first, std::string second) {
    const auto first_status = StatOf(first);
    const auto second_status = StatOf(second);
    const bool first_folder = IsFolder(first_status);
    const bool second_folder = IsFolder(second_status);
    if (first_folder && second_folder) {
      return SameFile(*first_status, *second_status) ? 0 : CompareFolders(first, second);
    }
    if ((first == "-" && second_folder) || (second == "-" && first_folder)) {
      out_.Flush();
      Complain(process_, "cannot compare '-' to a directory");
      return kTrouble;
    }
    const bool first_empty = style_.new_file || style_.unidirectional_new_file;
    if ((!first_status && second_folder && first_empty) ||
        (!second_status && first_folder && style_.new_file)) {
      return CompareMissingFolder(first, second);
    }
    if ((first_folder && !second_status) || (second_folder && !first_status)) {
      const bool first_is_there = first_folder;
      return Trouble(first_is_there ? second : first,
                     first_is_there ? second_status.error() : first_status.error());
    }
    // A file and a folder: the file of that name in it.
    if (first_folder && second_status) first = Inside(first, second);
    if (second_folder && first_status) second = Inside(second, first);
    return CompareFiles(first, second, false);
  }

  int Finish(int status) { return out_.Finish(status) != status ? kTrouble : status; }

 private:
  IoResult<FileStatus> StatOf(const std::string& name, Follow follow = Follow::kYes) const {
    if (name == "-") return process_.File(0) ? process_.File(0)->Stat() : FileStatus{};
    return process_.files().Stat(process_.AbsolutePath(name), follow);
  }
  static bool IsFolder(const IoResult<FileStatus>& status) {
    return status && status->type == FileType::kDirectory;
  }
  static std::string Inside(const std::string& folder, const std::string& name) {
    return JoinPath(folder, name.substr(name.find_last_of('/') + 1));
  }

  int Trouble(const std::string& name, std::errc error) {
    out_.Flush();
    Complain(process_, name + ": " + ErrnoText(error));
    return kTrouble;
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
    if (style_.ignore_file_name_case) std::sort(names.begin(), names.end(), Before);
    return names;
  }

  // The order of names where their case does not count.
  static bool Before(const std::string& a, const std::string& b) {
    return std::pair(AsciiLower(a), a) < std::pair(AsciiLower(b), b);
  }

  int CompareNames(const std::string& a, const std::string& b) const {
    return style_.ignore_file_name_case ? AsciiLower(a).compare(AsciiLower(b)) : a.compare(b);
  }

  int CompareFolders(const std::string& first, const std::string& second) {
    int status = 0;
    std::vector<std::string> left = NamesIn(first, status);
    std::vector<std::string> right = NamesIn(second, status);
    if (!std::exchange(started_, true) && !style_.starting_file.empty()) {
      for (auto* names : {&left, &right}) {
        std::erase_if(*names, [&](const std::string& name) {
          return CompareNames(name, style_.starting_file) < 0;
        });
      }
    }
    auto a = left.begin();
    auto b = right.begin();
    while (a != left.end() || b != right.end()) {
      process_.Checkpoint();
      const int order = a == left.end() ? 1 : b == right.end() ? -1 : CompareNames(*a, *b);
      const std::string& left_name = order <= 0 ? *a : *b;
      const std::string& right_name = order >= 0 ? *b : *a;
      const bool missing_is_empty =
          style_.new_file || (style_.unidirectional_new_file && order > 0);
      if (order == 0 || missing_is_empty) {
        status = std::max(status,
                          CompareEntries(JoinPath(first, left_name), JoinPath(second, right_name)));
      } else {
        out_ << "Only in " << (order < 0 ? first : second) << ": " << left_name << "\n";
        status = std::max(status, 1);
      }
      if (order <= 0) ++a;
      if (order >= 0) ++b;
    }
    return status;
  }

  int CompareEntries(const std::string& first, const std::string& second) {
    const Follow follow = style_.no_dereference ? Follow::kNo : Follow::kYes;
    const auto first_status = StatOf(first, follow);
    const auto second_status = StatOf(second, follow);
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
    if (!one_missing && Category(*first_status) != Category(*second_status)) {
      out_ << "File " << first << " is a " << FileTypeName(*first_status) << " while file "
           << second << " is a " << FileTypeName(*second_status) << "\n";
      return 1;
    }
    if (first_status && first_status->type == FileType::kSymlink) {
      return CompareLinks(first, second);
    }
    return CompareFiles(first, second, true);
  }

  // What can be compared with each other.
  static FileType Category(const FileStatus& status) {
    const bool special =
        status.type == FileType::kFifo || status.type == FileType::kCharacterDevice;
    return special ? FileType::kRegular : status.type;
  }

  int CompareLinks(const std::string& first, const std::string& second) {
    FileSystem& files = process_.files();
    const auto target = files.ReadLink(process_.AbsolutePath(first));
    const auto other = files.ReadLink(process_.AbsolutePath(second));
    if (target && other && *target == *other) return 0;
    out_ << "Symbolic links " << first << " and " << second << " differ\n";
    return 1;
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

  // Nothing where the file cannot be read; a missing one may be empty.
  std::optional<std::string> Read(const std::string& name, bool missing_allowed) {
    const auto fd = name == "-" ? IoResult<int>(0) : process_.Open(name, O_RDONLY);
    if (!fd) {
      // A link to nothing is there.
      if (missing_allowed && !StatOf(name, Follow::kNo)) return "";
      Trouble(name, fd.error());
      return std::nullopt;
    }
    auto content = process_.ReadAll(*fd);
    if (*fd != 0) (void)process_.Close(*fd);
    if (content) return Stripped(std::move(*content));
    Trouble(name, content.error());
    return std::nullopt;
  }

  std::string Stripped(std::string content) const {
    if (!style_.strip_trailing_cr) return content;
    std::string stripped;
    for (std::size_t i = 0; i < content.size(); ++i) {
      if (content[i] == '\r' && i + 1 < content.size() && content[i + 1] == '\n') continue;
      stripped += content[i];
    }
    return stripped;
  }

  std::string Label(const std::string& name, std::size_t index) {
    if (index < style_.labels.size()) return style_.labels[index];
    const auto status = StatOf(name);
    const auto when = name == "-" && process_.File(0) && !process_.File(0)->inode()
                          ? process_.clock().Now()
                      : status ? status->modified
                               : FileTime{};
    return name + "\t" + FullTime(when, ZoneOf(process_));
  }

  void PrintChanges(const diff::Comparison& comparison) {
    switch (form_) {
      case Form::kNormal:
        return diff::PrintNormal(out_, comparison);
      case Form::kUnified:
        return diff::PrintUnified(out_, comparison);
      case Form::kContext:
        return diff::PrintContext(out_, comparison);
      case Form::kEd:
        return diff::PrintEd(out_, comparison);
      case Form::kForwardEd:
        return diff::PrintForwardEd(out_, comparison);
      case Form::kRcs:
        return diff::PrintRcs(out_, comparison);
      case Form::kGroups:
        return diff::PrintGroups(out_, comparison);
      case Form::kSideBySide:
        return diff::PrintSideBySide(out_, comparison);
    }
  }

  void Print(const Text& first, const Text& second, const std::vector<Change>& changes,
             const std::string& first_name, const std::string& second_name, bool in_folder) {
    diff::Comparison comparison{first, second, changes, style_, {}, {}};
    if (form_ == Form::kUnified || form_ == Form::kContext) {
      comparison.old_label = Label(first_name, 0);
      comparison.new_label = Label(second_name, 1);
    }
    const auto shown = [&](const std::string& name, std::size_t index) {
      return index < style_.labels.size() ? style_.labels[index] : name;
    };
    const std::string command =
        style_.command + " " + shown(first_name, 0) + " " + shown(second_name, 1);
    if (in_folder && !style_.paginate) out_ << command << "\n";
    if (style_.paginate) {
      Paginate(comparison, command);
    } else {
      PrintChanges(comparison);
    }
  }

  // -l: by way of pr, which sets the pages.
  void Paginate(const diff::Comparison& comparison, const std::string& header) {
    out_.Flush();
    auto [read_end, write_end] = MakePipe();
    SpawnOptions child;
    child.args = {"pr", "-h", header};
    child.files[0] = read_end;
    const auto path = process_.env.find("PATH");
    const auto program =
        process_.FindProgram("pr", path == process_.env.end() ? "/usr/bin:/bin" : path->second);
    if (!program) {
      Complain(process_, "pr: " + ErrnoText(program.error()));
      process_.Exit(kTrouble);
    }
    const auto pid = process_.Spawn(std::move(child), program->main);
    if (!pid) {
      Complain(process_, "fork: " + ErrnoText(pid.error()));
      process_.Exit(kTrouble);
    }
    read_end.reset();
    const OpenFilePtr standard_output = process_.File(1);
    process_.SetFile(1, std::move(write_end));
    PrintChanges(comparison);
    out_.Flush();
    process_.SetFile(1, standard_output);
    (void)process_.Wait(*pid);
  }

  // Whether two files that are the same are printed as a whole.
  bool PrintsWithoutChange() const {
    if (form_ == Form::kSideBySide) return !style_.suppress_common_lines;
    if (form_ != Form::kGroups) return false;
    const std::string& group = *style_.group_formats[diff::kUnchanged];
    return !group.empty() && (group != "%=" || !style_.line_formats[diff::kUnchanged]->empty());
  }

  int CompareFiles(const std::string& first_name, const std::string& second_name, bool in_folder) {
    // One of the two has to be there, even with -N.
    const auto missing = [this](const std::string& name) { return name != "-" && !StatOf(name); };
    const bool both_missing = missing(first_name) && missing(second_name);
    const bool second_missing_allowed = style_.new_file && !both_missing;
    const bool first_missing_allowed =
        (style_.new_file || style_.unidirectional_new_file) && !both_missing;
    auto first_content = Read(first_name, first_missing_allowed);
    auto second_content =
        second_name == first_name ? first_content : Read(second_name, second_missing_allowed);
    if (!first_content || !second_content) return kTrouble;
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
    const Text first(std::move(*first_content));
    const Text second(std::move(*second_content));
    if (!same) changes = diff::ChangesOf(process_, first, second, style_);
    const bool differ = std::any_of(changes.begin(), changes.end(), [&](const Change& change) {
      return !diff::IsIgnorable(change, first, second, style_);
    });
    int status = differ ? 1 : 0;
    if (style_.brief) {
      if (differ) out_ << "Files " << first_name << " and " << second_name << " differ\n";
    } else if (differ || PrintsWithoutChange()) {
      Print(first, second, changes, first_name, second_name, in_folder && differ);
    }
    if (style_.IsEdScript() && !style_.brief) {
      if (!first.ended) status = EndMissing(first_name);
      if (!second.ended) status = EndMissing(second_name);
    }
    if (status == 0 && style_.report_same) {
      out_ << "Files " << first_name << " and " << second_name << " are identical\n";
    }
    return status;
  }

  int EndMissing(const std::string& name) {
    out_.Flush();
    Complain(process_, name + ": No newline at end of file\n");
    return kTrouble;
  }

  Process& process_;
  const diff::Style& style_;
  Output out_;
  const Form form_;
  bool started_ = false;  // Whether -S has been looked at.
};

}  // namespace

int DiffMain(Process& process) {
  const diff::Style style = diff::ParseDiff(process);
  const auto& operands = style.operands;
  Diff diff(process, style);
  if (style.from_file || style.to_file) {
    if (style.from_file && style.to_file) {
      Complain(process, "--from-file and --to-file both specified");
      return kTrouble;
    }
    int status = 0;
    for (const std::string& operand : operands) {
      const int one = style.from_file ? diff.CompareOperands(*style.from_file, operand)
                                      : diff.CompareOperands(operand, *style.to_file);
      status = std::max(status, one);
    }
    return diff.Finish(status);
  }
  if (operands.size() < 2) {
    UsageError(process, "missing operand after " + QuotedName(process.args.back()), kTrouble);
  }
  if (operands.size() > 2)
    UsageError(process, "extra operand " + QuotedName(operands[2]), kTrouble);
  return diff.Finish(diff.CompareOperands(operands[0], operands[1]));
}

void AddComparePrograms(ProgramTable& table) {
  table["cmp"] = CmpMain;
  table["diff"] = DiffMain;
  table["diff3"] = Diff3Main;
  table["sdiff"] = SdiffMain;
}

}  // namespace computesdk::in_memory
