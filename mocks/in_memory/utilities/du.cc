#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/listing_programs.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr int kApparent = 256;
constexpr int kExclude = 257;
constexpr int kSi = 258;

struct DuCommand {
  bool all = false;
  bool summarize = false;
  bool total = false;
  bool separate = false;
  bool dereference = false;
  bool count_links = false;
  bool apparent = false;
  unsigned human = 0;
  std::int64_t unit = 1024;
  std::int64_t depth = -1;
  char end = '\n';
  std::vector<std::string> excluded;
};

class DiskUsage {
 public:
  DiskUsage(Process& process, const DuCommand& command)
      : process_(process), command_(command), out_(process) {}

  int Run(const std::vector<std::string>& paths) {
    std::uint64_t total = 0;
    for (const std::string& path : paths) {
      const auto status = StatPath(process_, path, FollowLinks());
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
  Follow FollowLinks() const { return command_.dereference ? Follow::kYes : Follow::kNo; }

  std::uint64_t SizeOf(const FileStatus& status) const {
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

  std::uint64_t Measure(const std::string& path, const FileStatus& status, std::int64_t depth) {
    process_.Checkpoint();
    if (Excluded(path)) return 0;
    // Another name of what was counted already.
    if (status.links > 1 && status.type != FileType::kDirectory && !command_.count_links &&
        !seen_.insert(status.inode).second) {
      return 0;
    }
    const bool directory = status.type == FileType::kDirectory;
    std::uint64_t own = SizeOf(status);
    std::uint64_t below = 0;
    if (directory) {
      const auto entries = process_.files().List(process_.AbsolutePath(path));
      if (entries) {
        for (const DirectoryEntry& entry : *entries) {
          const std::string child = ChildPath(path, entry.name);
          const auto found = StatPath(process_, child, FollowLinks());
          if (!found) continue;
          const std::uint64_t size = Measure(child, *found, depth + 1);
          (found->type == FileType::kDirectory ? below : own) += size;
        }
      }
    }
    const std::int64_t limit = command_.summarize ? 0 : command_.depth;
    const bool shown = depth == 0 || ((directory || command_.all) && !command_.summarize);
    if (shown && (limit < 0 || depth <= limit)) {
      Print(command_.separate ? own : own + below, path);
    }
    return own + below;
  }

  void Print(std::uint64_t bytes, const std::string& path) {
    if (command_.human != 0) {
      out_ << HumanSize(bytes, command_.human);
    } else {
      const auto unit = static_cast<std::uint64_t>(command_.unit);
      out_ << std::to_string((bytes + unit - 1) / unit);
    }
    out_ << "\t" << path;
    out_.Put(command_.end);
  }

  Process& process_;
  const DuCommand& command_;
  Output out_;
  std::set<std::uint64_t> seen_;
  int status_ = 0;
};

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
      command.unit = 1;
      command.human = 0;
      break;
    case 'B': {
      const auto unit = ParseSize(option.value);
      if (!unit || *unit <= 0) {
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
        UsageError(process, "invalid maximum depth " + QuotedName(option.value));
      command.depth = *depth;
      break;
    }
    case 'h':
      command.human = 1024;
      break;
    case 'k':
      command.unit = 1024;
      break;
    case 'l':
      command.count_links = true;
      break;
    case 'L':
      command.dereference = true;
      break;
    case 'm':
      command.unit = 1024 * 1024;
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
      command.human = 1000;
      break;
    default:
      break;  // -x: there is one file system.
  }
}

}  // namespace

int DuMain(Process& process) {
  DuCommand command;
  Options options(process, "0abB:cd:hklLmPsSx",
                  {{"all", 'a'},
                   {"apparent-size", kApparent},
                   {"block-size", 'B', Options::kRequired},
                   {"bytes", 'b'},
                   {"count-links", 'l'},
                   {"dereference", 'L'},
                   {"exclude", kExclude, Options::kRequired},
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
  std::vector<std::string> paths = options.operands();
  if (paths.empty()) paths.emplace_back(".");
  return DiskUsage(process, command).Run(paths);
}

int DfMain(Process& process) {
  unsigned human = 0;
  Options options(
      process, "hkPHT",
      {{"human-readable", 'h'}, {"portability", 'P'}, {"si", 'H'}, {"print-type", 'T'}});
  bool type = false;
  bool portable = false;
  while (const auto option = options.Next()) {
    if (option->letter == 'h') human = 1024;
    if (option->letter == 'H') human = 1000;
    if (option->letter == 'T') type = true;
    if (option->letter == 'P') portable = true;
  }
  int status = 0;
  for (const std::string& path : options.operands()) {
    const auto found = StatPath(process, path);
    if (found) continue;
    ComplainOf(process, path, found.error());
    status = 1;
  }
  if (status != 0) return status;
  const std::uint64_t size = FileSystem::Limits{}.bytes;
  const std::uint64_t used = process.files().bytes_used();
  const std::uint64_t free = size > used ? size - used : 0;
  const auto shown = [&](std::uint64_t bytes) {
    return human != 0 ? HumanSize(bytes, human) : std::to_string((bytes + 1023) / 1024);
  };
  const std::string percent = std::to_string((used * 100 + size - 1) / size) + "%";
  const auto row = [&](const std::string& system, const std::string& kind, const std::string& total,
                       const std::string& taken, const std::string& left, const std::string& part) {
    const auto right = [](std::string text, std::size_t width) {
      if (text.size() < width) text.insert(0, width - text.size(), ' ');
      return text;
    };
    std::string line = system;
    line.resize(std::max<std::size_t>(line.size(), 14), ' ');
    if (type) line += " " + kind;
    const std::size_t width = human != 0 ? 5 : 9;
    return line + " " + right(total, width) + " " + right(taken, width) + " " +
           right(left, human != 0 ? 5 : 9) + " " + right(part, portable ? 8 : 4);
  };
  Output out(process);
  out << row("Filesystem", "Type ", human != 0 ? "Size" : (portable ? "1024-blocks" : "1K-blocks"),
             "Used", human != 0 ? "Avail" : "Available", portable ? "Capacity" : "Use%")
      << " Mounted on\n"
      << row("memory", "tmpfs", shown(size), shown(used), shown(free), percent) << " /\n";
  return out.Finish(0);
}

void AddListingPrograms(ProgramTable& table) {
  table["df"] = DfMain;
  table["du"] = DuMain;
  table["ls"] = LsMain;
  table["dir"] = [](Process& process) {
    process.args.insert(process.args.begin() + 1, "-Cb");
    return LsMain(process);
  };
  table["stat"] = StatMain;
}

}  // namespace computesdk::in_memory
