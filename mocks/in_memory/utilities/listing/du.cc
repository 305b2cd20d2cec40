#include <fnmatch.h>

#include <algorithm>
#include <optional>
#include <set>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/listing/listing_programs.h"
#include "mocks/in_memory/utilities/listing/size_unit.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

constexpr int kApparent = 256;
constexpr int kExclude = 257;
constexpr int kSi = 258;
constexpr int kInodes = 259;
constexpr int kDuTime = 260;
constexpr int kDuTimeStyle = 261;

struct DuCommand {
  bool all = false;
  bool summarize = false;
  bool total = false;
  bool separate = false;
  bool dereference = false;
  bool count_links = false;
  bool apparent = false;
  bool inodes = false;
  bool dereference_operands = false;
  SizeUnit unit = {.bytes = 1024, .suffix = "", .human = 0};
  std::optional<std::int64_t> threshold;  // Below 0: what is no larger than that.
  FileTime FileStatus::*time = nullptr;   // --time: the latest of what is below.
  std::string time_style = "long-iso";
  std::int64_t depth = -1;
  char end = '\n';
  std::vector<std::string> excluded;
};

class DiskUsage {
 public:
  DiskUsage(Process& process, const DuCommand& command)
      : process_(process), command_(command), out_(process) {}

  int Run(const std::vector<std::string>& paths) {
    Amount total;
    several_ = paths.size() > 1;
    for (const std::string& path : paths) {
      const bool follows = command_.dereference || command_.dereference_operands;
      const auto status = StatPath(process_, path, follows ? Follow::kYes : Follow::kNo);
      if (!status) {
        out_.Flush();
        CannotDo(process_, "access", path, status.error());
        status_ = 1;
        continue;
      }
      total += Measure(path, *status, 0);
    }
    if (command_.total) Print(total, "total");
    return out_.Finish(status_);
  }

 private:
  // What is shown of a file or of a folder as a whole.
  struct Amount {
    std::uint64_t size = 0;
    FileTime latest = {};
    Amount& operator+=(const Amount& other) {
      size += other.size;
      latest = std::max(latest, other.latest);
      return *this;
    }
  };

  Follow FollowLinks() const { return command_.dereference ? Follow::kYes : Follow::kNo; }

  std::uint64_t SizeOf(const FileStatus& status) const {
    if (command_.inodes) return 1;
    if (!command_.apparent) return BlocksOf(status) * 512;
    // Only what has content counts for its apparent size, as in coreutils 9.
    return status.type == FileType::kRegular || status.type == FileType::kSymlink ? status.size
           : status.type == FileType::kDirectory                                  ? 4096
                                                                                  : 0;
  }

  bool Excluded(const std::string& path) const {
    return std::any_of(command_.excluded.begin(), command_.excluded.end(), [&](const auto& glob) {
      return fnmatch(glob.c_str(), path.c_str(), 0) == 0 ||
             fnmatch(glob.c_str(), LastComponent(path).c_str(), 0) == 0;
    });
  }

  Amount Measure(const std::string& path, const FileStatus& status, std::int64_t depth) {
    process_.Checkpoint();
    if (Excluded(path)) return {};
    // Another name of what was counted already.
    const bool comes_again = several_ || command_.dereference ||
                             (status.links > 1 && status.type != FileType::kDirectory);
    if (comes_again && !command_.count_links && !seen_.insert(status.inode).second) {
      return {};
    }
    const bool directory = status.type == FileType::kDirectory;
    Amount own{SizeOf(status), command_.time != nullptr ? status.*command_.time : FileTime{}};
    Amount below;
    if (directory) {
      const auto entries = process_.files().List(process_.AbsolutePath(path));
      if (entries) {
        for (const DirectoryEntry& entry : *entries) {
          const std::string child = ChildPath(path, entry.name);
          const auto found = StatPath(process_, child, FollowLinks());
          if (!found) {
            if (Excluded(child)) continue;
            // Of a link that leads nowhere there is no more to say.
            const bool dangles = found.error() == std::errc::no_such_file_or_directory;
            Complain(process_, "cannot access " + QuotedName(child) +
                                   (dangles ? "" : ": " + ErrnoText(found.error())));
            status_ = 1;
            continue;
          }
          const Amount size = Measure(child, *found, depth + 1);
          (found->type == FileType::kDirectory ? below : own) += size;
        }
      }
    }
    const std::int64_t limit = command_.summarize ? 0 : command_.depth;
    const bool shown = depth == 0 || ((directory || command_.all) && !command_.summarize);
    if (shown && (limit < 0 || depth <= limit)) {
      Amount shown_amount = own;
      if (!command_.separate) shown_amount += below;
      if (IsLargeEnough(shown_amount.size)) Print(shown_amount, path);
    }
    own += below;
    return own;
  }

  bool IsLargeEnough(std::uint64_t size) const {
    if (!command_.threshold) return true;
    const auto bytes = static_cast<std::int64_t>(size);
    return *command_.threshold < 0 ? bytes <= -*command_.threshold : bytes >= *command_.threshold;
  }

  std::string TimeOf(FileTime time) const {
    const std::string& style = command_.time_style;
    if (style.starts_with('+')) return FormatTime(style.substr(1), time, ZoneOf(process_));
    if (style == "full-iso") return FullTime(time, ZoneOf(process_));
    return FormatTime(style == "iso" ? "%Y-%m-%d" : "%Y-%m-%d %H:%M", time, ZoneOf(process_));
  }

  void Print(const Amount& amount, const std::string& path) {
    out_ << (command_.inodes && command_.unit.human == 0 ? std::to_string(amount.size)
                                                         : InUnit(amount.size, command_.unit));
    if (command_.time != nullptr) out_ << "\t" << TimeOf(amount.latest);
    out_ << "\t" << path;
    out_.Put(command_.end);
  }

  Process& process_;
  const DuCommand& command_;
  Output out_;
  bool several_ = false;  // Operands: what is below one may be below another.
  std::set<std::uint64_t> seen_;
  int status_ = 0;
};

FileTime FileStatus::*TimeNamed(Process& process, const std::string& word) {
  if (word.empty() || word == "mtime" || word == "modification") return &FileStatus::modified;
  if (word == "atime" || word == "access" || word == "use") return &FileStatus::accessed;
  if (word == "ctime" || word == "status") return &FileStatus::changed;
  UsageError(process, InvalidArgument(word, "--time"));
}

// The lines of a file of patterns.
void ReadPatterns(Process& process, const std::string& name, std::vector<std::string>& patterns) {
  const int status = ForEachInput(process, {name}, [&](int fd, const std::string&) {
    Input input(process, fd);
    while (const auto line = input.ReadLine()) patterns.emplace_back(*line);
  });
  if (status != 0) process.Exit(1);
}

void TakeDuOption(Process& process, const Options::Option& option, DuCommand& command) {
  switch (option.letter) {
    case '0':
      command.end = '\0';
      break;
    case 'a':
      command.all = true;
      break;
    case 'b':
      command.apparent = true;
      command.unit = {.bytes = 1, .suffix = "", .human = 0};
      break;
    case 'B': {
      const auto unit = ParseSizeUnit(option.value);
      if (!unit) {
        Complain(process, "invalid -B argument " + QuotedName(option.value));
        process.Exit(1);
      }
      command.unit = *unit;
      break;
    }
    case 'c':
      command.total = true;
      break;
    case 'd': {
      const auto depth = ParseInteger(option.value);
      if (!depth || *depth < 0)
        UsageError(process, "invalid maximum depth " + QuotedWord(option.value));
      command.depth = *depth;
      break;
    }
    case 'h':
      command.unit = {.bytes = 1, .suffix = "", .human = 1024};
      break;
    case 'k':
      command.unit = {.bytes = 1024, .suffix = "", .human = 0};
      break;
    case 'l':
      command.count_links = true;
      break;
    case 'L':
      command.dereference = true;
      break;
    case 'm':
      command.unit = {.bytes = std::uint64_t{1024} * 1024, .suffix = "", .human = 0};
      break;
    case 's':
      command.summarize = true;
      break;
    case 'S':
      command.separate = true;
      break;
    case kApparent:
      command.apparent = true;
      break;
    case kExclude:
      command.excluded.push_back(option.value);
      break;
    case kSi:
      command.unit = {.bytes = 1, .suffix = "", .human = 1000};
      break;
    case 'D':
    case 'H':
      command.dereference_operands = true;
      break;
    case 't': {
      command.threshold = ParseSize(option.value);
      if (!command.threshold || option.value == "-0") {
        Complain(process, "invalid -t argument " + QuotedName(option.value));
        process.Exit(1);
      }
      break;
    }
    case 'X':
      ReadPatterns(process, option.value, command.excluded);
      break;
    case kInodes:
      command.inodes = true;
      break;
    case kDuTime:
      command.time = TimeNamed(process, option.value);
      break;
    case kDuTimeStyle:
      command.time_style = option.value;
      break;
    default:
      break;  // -x: there is one file system.
  }
}

}  // namespace

int DuMain(Process& process) {
  DuCommand command;
  Options options(process, "0abB:cd:DhHklLmPsSt:xX:",
                  {{"all", 'a'},
                   {"apparent-size", kApparent},
                   {"block-size", 'B', Options::kRequired},
                   {"bytes", 'b'},
                   {"count-links", 'l'},
                   {"dereference", 'L'},
                   {"dereference-args", 'D'},
                   {"exclude", kExclude, Options::kRequired},
                   {"exclude-from", 'X', Options::kRequired},
                   {"inodes", kInodes},
                   {"threshold", 't', Options::kRequired},
                   {"time", kDuTime, Options::kOptional},
                   {"time-style", kDuTimeStyle, Options::kRequired},
                   {"human-readable", 'h'},
                   {"max-depth", 'd', Options::kRequired},
                   {"no-dereference", 'P'},
                   {"null", '0'},
                   {"one-file-system", 'x'},
                   {"separate-dirs", 'S'},
                   {"si", kSi},
                   {"summarize", 's'},
                   {"total", 'c'}});
  while (const auto option = options.Next()) TakeDuOption(process, *option, command);
  if (command.summarize && command.all) {
    UsageError(process, "cannot both summarize and show all entries");
  }
  if (command.summarize && command.depth == 0) {
    Complain(process, "warning: summarizing is the same as using --max-depth=0");
  } else if (command.summarize && command.depth > 0) {
    UsageError(process,
               "warning: summarizing conflicts with --max-depth=" + std::to_string(command.depth));
  }
  std::vector<std::string> paths = options.operands();
  if (paths.empty()) paths.emplace_back(".");
  return DiskUsage(process, command).Run(paths);
}

void AddListingPrograms(ProgramTable& table) {
  table["df"] = DfMain;
  table["dir"] = DirMain;
  table["du"] = DuMain;
  table["ls"] = LsMain;
  table["stat"] = StatMain;
  table["vdir"] = VdirMain;
}

}  // namespace computesdk::in_memory
