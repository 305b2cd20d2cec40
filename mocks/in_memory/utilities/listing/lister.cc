#include "mocks/in_memory/utilities/listing/lister.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "mocks/in_memory/text/display_width.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"
#include "mocks/in_memory/utilities/version_order.h"

namespace computesdk::in_memory {
namespace {

using Format = LsCommand::Format;
using Indicator = LsCommand::Indicator;
using Sort = LsCommand::Sort;

struct Entry {
  std::string name;
  std::string path;
  FileStatus status;
  std::string target;  // Of a link.
  FileStatus target_status;
  bool target_exists = false;
  bool unknown = false;  // A link that leads nowhere, where what it leads to was asked for.
};

// What GNU ls takes where no LS_COLORS is set.
std::string_view ColorOf(const FileStatus& status, bool exists = true) {
  if (!exists) return "";
  switch (status.type) {
    case FileType::kDirectory:
      if ((status.mode & 01002) == 01002) return "30;42";
      if ((status.mode & 0002) != 0) return "34;42";
      return (status.mode & 01000) != 0 ? "37;44" : "01;34";
    case FileType::kSymlink:
      return "01;36";
    case FileType::kFifo:
      return "33";
    case FileType::kCharacterDevice:
      return "01;33";
    case FileType::kRegular:
      if ((status.mode & 04000) != 0) return "37;41";
      if ((status.mode & 02000) != 0) return "30;43";
      return (status.mode & 0111) != 0 ? "01;32" : "";
  }
  return "";
}

std::string IndicatorOf(const LsCommand& command, const FileStatus& status) {
  if (command.indicator == Indicator::kNone) return "";
  if (status.type == FileType::kDirectory) return "/";
  if (command.indicator == Indicator::kSlash) return "";
  if (status.type == FileType::kSymlink) return "@";
  if (status.type == FileType::kFifo) return "|";
  const bool executable = status.type == FileType::kRegular && (status.mode & 0111) != 0;
  return executable && command.indicator == Indicator::kClassify ? "*" : "";
}

std::string Left(std::string text, std::size_t width) {
  const std::size_t shown = DisplayWidth(text);
  if (shown < width) text.append(width - shown, ' ');
  return text;
}

std::string Right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

class Lister {
 public:
  Lister(Process& process, const LsCommand& command)
      : process_(process),
        command_(command),
        out_(process),
        now_(process.clock().Now()),
        zone_(ZoneOf(process)) {}

  int Run(std::vector<std::string> operands) {
    const bool several = operands.size() > 1 || command_.recursive;
    if (operands.empty()) operands.emplace_back(".");
    std::vector<Entry> files;
    std::vector<Entry> directories;
    for (const std::string& operand : operands) {
      std::optional<Entry> entry = Look(operand, operand, true);
      if (!entry) {
        status_ = 2;
      } else if (entry->status.type == FileType::kDirectory && !command_.directories_themselves) {
        directories.push_back(std::move(*entry));
      } else {
        files.push_back(std::move(*entry));
      }
    }
    Order(files);
    Order(directories);
    Print(files, directories);
    bool first = files.empty();
    for (const Entry& directory : directories) {
      ListDirectory(directory.path, several || operands.size() > 1, first);
      first = false;
    }
    return out_.Finish(0) != 0 ? 2 : status_;
  }

 private:
  std::optional<Entry> Look(const std::string& name, const std::string& path, bool operand) {
    Entry entry{name, path, {}, "", {}, false};
    const auto link = StatLink(process_, path);
    auto status = link;
    std::errc failure{};
    const bool bare = command_.format != Format::kLong && !command_.directories_themselves &&
                      command_.indicator != Indicator::kClassify;
    if (link && link->type == FileType::kSymlink) {
      entry.target = process_.files().ReadLink(process_.AbsolutePath(path)).value_or("");
      const auto through = StatPath(process_, path);
      entry.target_exists = through.has_value();
      if (through) entry.target_status = *through;
      const bool to_directory = through && through->type == FileType::kDirectory;
      // A link that leads nowhere is listed itself; one that leads in circles is an error.
      const bool listed =
          through ? !to_directory : through.error() == std::errc::no_such_file_or_directory;
      // -L shows a link that leads to nothing as itself, where it was found in a folder.
      const bool dangles = !through && !operand;
      if (dangles) failure = through.error();
      if ((command_.dereference && !dangles) ||
          (operand && (command_.dereference_operands || (bare && !listed)))) {
        status = through;
      }
    }
    // What lies here is called by its name alone.
    const std::string shown = path == "./" + name ? name : path;
    if (!status) {
      out_.Flush();
      CannotDo(process_, "access", shown, status.error());
      return std::nullopt;
    }
    entry.status = *status;
    entry.unknown =
        command_.dereference && !operand && NeedsStatus() && status->type == FileType::kSymlink;
    if (entry.unknown) {
      out_.Flush();
      CannotDo(process_, "access", shown, failure);
      status_ = std::max(status_, 1);
      entry.status = {};
      entry.status.type = FileType::kSymlink;
    }
    return entry;
  }

  // Whether more than the names and types of files in a folder is asked for.
  bool NeedsStatus() const {
    return command_.format == Format::kLong || command_.sort == Sort::kSize ||
           command_.sort == Sort::kTime || command_.recursive || command_.inodes ||
           command_.blocks || command_.indicator != LsCommand::Indicator::kNone;
  }

  bool Hidden(const std::string& name) const {
    if (name[0] == '.' && !command_.all && !command_.almost_all) return true;
    return std::any_of(command_.ignored.begin(), command_.ignored.end(), [&](const auto& pattern) {
      return fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
    });
  }

  void ListDirectory(const std::string& path, bool titled, bool first) {
    process_.Checkpoint();
    const auto names = process_.files().List(process_.AbsolutePath(path));
    if (!names) {
      out_.Flush();
      Complain(process_,
               "cannot open directory " + QuotedName(path) + ": " + ErrnoText(names.error()));
      status_ = std::max(status_, 1);
      return;
    }
    if (!first) out_ << "\n";
    if (titled) out_ << ShownFile(path) << ":\n";
    std::vector<Entry> entries;
    const auto add = [&](const std::string& name) {
      if (auto entry = Look(name, ChildPath(path, name), false)) {
        entries.push_back(std::move(*entry));
      } else {
        status_ = std::max(status_, 1);
      }
    };
    if (command_.all) {
      add(".");
      add("..");
    }
    for (const DirectoryEntry& name : *names) {
      if (!Hidden(name.name)) add(name.name);
    }
    Order(entries);
    if (command_.format == Format::kLong || command_.blocks) {
      std::uint64_t blocks = 0;
      for (const Entry& entry : entries) blocks += BlocksOf(entry.status);
      out_ << "total " << InUnit(blocks * 512, command_.block_unit) << "\n";
    }
    Print(entries);
    if (!command_.recursive) return;
    for (const Entry& entry : entries) {
      if (entry.status.type != FileType::kDirectory || entry.name == "." || entry.name == "..") {
        continue;
      }
      ListDirectory(entry.path, true, false);
    }
  }

  bool Before(const Entry& a, const Entry& b) const {
    switch (command_.sort) {
      case Sort::kSize:
        if (a.status.size != b.status.size) return a.status.size > b.status.size;
        break;
      case Sort::kTime:
        if (a.status.*command_.time != b.status.*command_.time) {
          return a.status.*command_.time > b.status.*command_.time;
        }
        break;
      case Sort::kVersion:
        if (const int order = CompareVersions(a.name, b.name); order != 0) return order < 0;
        break;
      case Sort::kWidth:
        if (const std::size_t first = DisplayWidth(a.name), second = DisplayWidth(b.name);
            first != second) {
          return first < second;
        }
        break;
      case Sort::kExtension: {
        const auto extension = [](const std::string& name) {
          const auto dot = name.rfind('.');
          return dot == std::string::npos ? std::string() : name.substr(dot);
        };
        const int order = extension(a.name).compare(extension(b.name));
        if (order != 0) return order < 0;
        break;
      }
      default:
        break;
    }
    return a.name < b.name;
  }

  void Order(std::vector<Entry>& entries) const {
    if (command_.sort != Sort::kNone) {
      std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
        return command_.reverse ? Before(b, a) : Before(a, b);
      });
    }
    if (!command_.directories_first) return;
    std::stable_partition(entries.begin(), entries.end(), [](const Entry& entry) {
      const FileStatus& status = entry.target_exists ? entry.target_status : entry.status;
      return status.type == FileType::kDirectory;
    });
  }

  std::string Colored(const std::string& text, std::string_view color) {
    if (!command_.color || color.empty()) return text;
    const std::string start = colored_ ? "" : "\033[0m";
    colored_ = true;
    return start + "\033[" + std::string(color) + "m" + text + "\033[0m";
  }

  std::string ShownFile(const std::string& name) const {
    return QuoteForListing(name, command_.quoting, command_.hide_control);
  }

  bool HasQuotes(const Entry& entry) const { return ShownFile(entry.name) != entry.name; }

  std::string Name(const Entry& entry) {
    std::string text = Colored(ShownFile(entry.name), ColorOf(entry.status));
    if (command_.format != Format::kLong || entry.status.type != FileType::kSymlink ||
        entry.unknown) {
      return text + IndicatorOf(command_, entry.status);
    }
    text += " -> " + Colored(ShownFile(entry.target),
                             entry.target_exists ? ColorOf(entry.target_status) : "");
    const bool marked = entry.target_exists && command_.indicator != Indicator::kSlash;
    return marked ? text + IndicatorOf(command_, entry.target_status) : text;
  }

  std::string Size(std::uint64_t bytes) const { return InUnit(bytes, command_.size_unit); }
  std::string Blocks(const FileStatus& status) const {
    return InUnit(BlocksOf(status) * 512, command_.block_unit);
  }

  std::string Time(FileTime time) const {
    using std::chrono::seconds;
    const std::string& style = command_.time_style;
    const bool recent = time <= now_ && time > now_ - seconds(31556952 / 2);
    if (style.starts_with('+')) {
      const auto newline = style.find('\n');
      if (newline == std::string::npos) return FormatTime(style.substr(1), time, zone_);
      return FormatTime(recent ? style.substr(newline + 1) : style.substr(1, newline - 1), time,
                        zone_);
    }
    if (style == "full-iso") return FullTime(time, zone_);
    if (style == "long-iso") return FormatTime("%Y-%m-%d %H:%M", time, zone_);
    if (style == "iso") return FormatTime(recent ? "%m-%d %H:%M" : "%Y-%m-%d ", time, zone_);
    return FormatTime(recent ? "%b %e %H:%M" : "%b %e  %Y", time, zone_);
  }

  // The columns before the name, the left-aligned ones marked.
  std::vector<std::string> Columns(const Entry& entry) {
    const FileStatus& status = entry.status;
    std::vector<std::string> columns;
    const auto known = [&](std::string text) { return entry.unknown ? "?" : std::move(text); };
    columns.push_back(command_.inodes ? known(std::to_string(status.inode)) : "");
    columns.push_back(command_.blocks ? known(Blocks(status)) : "");
    if (command_.format != Format::kLong) return columns;
    const auto owner = [&](bool wanted, unsigned id, std::string (*name)(Process&, unsigned)) {
      if (!wanted) return std::string();
      if (entry.unknown) return std::string("?");
      return command_.numeric ? std::to_string(id) : name(process_, id);
    };
    columns.push_back(entry.unknown ? "l?????????" : ModeString(status.type, status.mode));
    columns.push_back(known(std::to_string(status.links)));
    columns.push_back(owner(command_.owner, status.uid, UserName));
    columns.push_back(owner(command_.group, status.gid, GroupName));
    columns.push_back(owner(command_.author, status.uid, UserName));
    const bool device = status.type == FileType::kCharacterDevice;
    columns.push_back(device ? "1, 3" : known(Size(status.size)));
    columns.push_back(known(Time(status.*command_.time)));
    return columns;
  }

  // `others` have a say in how wide the columns are.
  void Print(const std::vector<Entry>& entries, const std::vector<Entry>& others = {}) {
    std::vector<std::string> lines;
    std::vector<std::vector<std::string>> rows;
    std::array<std::size_t, 9> widths{};
    for (const Entry& entry : entries) {
      process_.Checkpoint();
      rows.push_back(Columns(entry));
      for (std::size_t i = 0; i < rows.back().size(); ++i) {
        widths[i] = std::max(widths[i], rows.back()[i].size());
      }
    }
    for (const Entry& entry : others) {
      const std::vector<std::string> columns = Columns(entry);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        widths[i] = std::max(widths[i], columns[i].size());
      }
    }
    // Where some names have quotes, the others stand under what is inside them.
    const bool shell =
        command_.quoting == Quoting::kShell || command_.quoting == Quoting::kShellEscape;
    const bool aligns = shell && command_.format != Format::kOnePerLine &&
                        command_.format != Format::kCommas &&
                        std::any_of(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return HasQuotes(entry); });
    for (std::size_t i = 0; i < entries.size(); ++i) {
      std::string line;
      for (std::size_t column = 0; column < rows[i].size(); ++column) {
        const bool time = column == 8;  // Has its blank even where the style shows nothing.
        if (widths[column] == 0 && !time) continue;
        const bool names = column >= 4 && column <= 6;
        // A time is as wide as it is, unless it is not known.
        line += time && !entries[i].unknown  ? rows[i][column]
                : names && !command_.numeric ? Left(rows[i][column], widths[column])
                                             : Right(rows[i][column], widths[column]);
        line += ' ';
      }
      lines.push_back(line + (aligns && !HasQuotes(entries[i]) ? " " : "") + Name(entries[i]));
    }
    PrintLines(lines);
  }

  void PrintLines(const std::vector<std::string>& lines) {
    switch (command_.format) {
      case Format::kCommas:
        PrintWithCommas(lines);
        break;
      case Format::kColumns:
      case Format::kAcross:
        PrintInColumns(lines);
        break;
      default:
        for (const std::string& line : lines) {
          out_ << line;
          out_.Put(command_.end);
        }
    }
  }

  void PrintWithCommas(const std::vector<std::string>& lines) {
    std::size_t position = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::size_t length = DisplayWidth(lines[i]);
      if (i > 0) {
        const bool fits = position + length + 2 < command_.width;
        out_ << (fits ? ", " : ",\n");
        position = fits ? position + 2 : 0;
      }
      out_ << lines[i];
      position += length;
    }
    if (!lines.empty()) out_ << "\n";
  }

  // From one column to another, with tabs where they reach.
  void Indent(std::size_t from, std::size_t to) {
    const std::size_t width = command_.tab;
    while (from < to) {
      const bool tab = width > 0 && to / width > (from + 1) / width;
      out_.Put(tab ? '\t' : ' ');
      from += tab ? width - from % width : 1;
    }
  }

  // The most columns that fit, each as wide as its widest name and two blanks.
  void PrintInColumns(const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    const std::size_t count = lines.size();
    const bool across = command_.format == Format::kAcross;
    std::vector<std::size_t> widths;
    std::size_t rows = 1;
    for (std::size_t columns = std::min<std::size_t>(count, command_.width / 3 + 1); columns > 0;
         --columns) {
      rows = (count + columns - 1) / columns;
      widths.assign(columns, 0);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t column = across ? i % columns : i / rows;
        const std::size_t gap = column + 1 == columns ? 0 : 2;
        widths[column] = std::max(widths[column], DisplayWidth(lines[i]) + gap);
      }
      std::size_t total = 0;
      for (std::size_t width : widths) total += width;
      if (total < command_.width || columns == 1) break;
    }
    for (std::size_t row = 0; row < rows; ++row) {
      std::size_t position = 0;
      for (std::size_t column = 0; column < widths.size(); ++column) {
        const std::size_t at = across ? row * widths.size() + column : column * rows + row;
        if (at >= count) break;
        const std::size_t next = across ? at + 1 : at + rows;
        const bool last = column + 1 == widths.size() || next >= count;
        out_ << lines[at];
        const std::size_t length = DisplayWidth(lines[at]);
        if (!last) Indent(position + length, position + widths[column]);
        position += widths[column];
      }
      out_ << "\n";
    }
  }

  Process& process_;
  const LsCommand& command_;
  Output out_;
  const FileTime now_;
  const TimeZone zone_;
  int status_ = 0;
  bool colored_ = false;
};

}  // namespace

int ListFiles(Process& process, const LsCommand& command, std::vector<std::string> operands) {
  return Lister(process, command).Run(std::move(operands));
}

}  // namespace computesdk::in_memory
