#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <random>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr int kSuffix = 256;
constexpr int kTmpdir = 257;
constexpr int kContextOption = 258;

ModeChange ParseModeOrExit(Process& process, const std::string& text) {
  const auto change = ModeChange::Parse(text);
  if (!change) {
    Complain(process, "invalid mode " + QuotedWord(text));
    process.Exit(1);
  }
  return *change;
}

void CannotMakeDirectory(Process& process, const std::string& path, std::errc error) {
  Complain(process, "cannot create directory " + QuotedWord(path) + ": " + ErrnoText(error));
}

class DirectoryMaker {
 public:
  DirectoryMaker(Process& process, bool parents, bool verbose, std::optional<ModeChange> mode)
      : process_(process), parents_(parents), verbose_(verbose), mode_(std::move(mode)) {}

  bool Make(const std::string& path) {
    if (!parents_) return MakeOne(path, true);
    for (std::size_t end = path.find_first_not_of('/'); end != std::string::npos;) {
      end = std::min(path.find('/', end), path.size());
      const std::string part = path.substr(0, end);
      end = path.find_first_not_of('/', end);
      if (!IsDirectory(process_, part) && !MakeOne(part, end == std::string::npos)) return false;
    }
    return true;
  }

 private:
  bool MakeOne(const std::string& path, bool last) {
    unsigned mode = 0777 & ~process_.umask;
    if (last && mode_) mode = mode_->Apply(0777, true, process_.umask);
    if (!last) mode |= 0300;
    const IoStatus made = process_.files().MakeDirectory(process_.AbsolutePath(path), mode);
    if (!made) {
      // A folder cannot stand below a file.
      const bool in_the_way = !last && made.error() == std::errc::file_exists;
      CannotMakeDirectory(process_, path, in_the_way ? std::errc::not_a_directory : made.error());
      return false;
    }
    if (verbose_) {
      (void)process_.Write(1, "mkdir: created directory " + QuotedName(path) + "\n");
    }
    return true;
  }

  Process& process_;
  const bool parents_;
  const bool verbose_;
  const std::optional<ModeChange> mode_;
};

std::mt19937_64 MakeGenerator(Process& process) {
  const auto now = process.clock().Now().time_since_epoch().count();
  return std::mt19937_64(static_cast<std::uint64_t>(now) ^
                         (static_cast<std::uint64_t>(process.pid()) << 40));
}

struct TemporaryName {
  std::string before;
  std::size_t count = 0;
  std::string after;
};

TemporaryName SplitTemplate(Process& process, const std::string& pattern,
                            const std::optional<std::string>& suffix) {
  TemporaryName name;
  const auto last = pattern.find_last_of('X');
  if (last == std::string::npos || (suffix && last + 1 != pattern.size())) {
    Complain(process, suffix ? "with --suffix, template " + QuotedWord(pattern) + " must end in X"
                             : "too few X's in template " + QuotedWord(pattern));
    process.Exit(1);
  }
  const auto first = pattern.find_last_not_of('X', last);
  const std::size_t begin = first == std::string::npos ? 0 : first + 1;
  name.before = pattern.substr(0, begin);
  name.count = last + 1 - begin;
  name.after = suffix ? *suffix : pattern.substr(last + 1);
  if (name.after.find('/') != std::string::npos) {
    Complain(process,
             "invalid suffix " + QuotedWord(name.after) + ", contains directory separator");
    process.Exit(1);
  }
  if (name.count < 3) {
    Complain(process, "too few X's in template " + QuotedWord(pattern + suffix.value_or("")));
    process.Exit(1);
  }
  return name;
}

std::string FillName(const TemporaryName& name, std::mt19937_64& generator) {
  static constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string path = name.before;
  for (std::size_t i = 0; i < name.count; ++i) path += kLetters[generator() % kLetters.size()];
  return path + name.after;
}

}  // namespace

int MkdirMain(Process& process) {
  bool parents = false;
  bool verbose = false;
  std::optional<ModeChange> mode;
  Options options(process, "m:pvZ",
                  {{"context", kContextOption, Options::kOptional},
                   {"mode", 'm', Options::kRequired},
                   {"parents", 'p'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == kContextOption && option->has_value) {
      Complain(process, "warning: ignoring --context; it requires an SELinux/SMACK-enabled kernel");
    }
    if (option->letter == 'm') mode = ParseModeOrExit(process, option->value);
    if (option->letter == 'p') parents = true;
    if (option->letter == 'v') verbose = true;
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  DirectoryMaker maker(process, parents, verbose, mode);
  int status = 0;
  for (const std::string& path : options.operands()) {
    process.Checkpoint();
    if (path.empty()) {
      CannotMakeDirectory(process, path, std::errc::no_such_file_or_directory);
      status = 1;
    } else if (!maker.Make(path)) {
      status = 1;
    }
  }
  return status;
}

int MkfifoMain(Process& process) {
  unsigned mode = 0666 & ~process.umask;
  Options options(process, "m:", {{"mode", 'm', Options::kRequired}});
  while (const auto option = options.Next()) {
    const auto change = ModeChange::Parse(option->value);
    if (!change) {
      Complain(process, "invalid mode");
      return 1;
    }
    mode = change->Apply(0666, false, process.umask);
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  int status = 0;
  for (const std::string& path : options.operands()) {
    const IoStatus made = process.files().MakeFifo(process.AbsolutePath(path), mode);
    if (made) continue;
    CannotDo(process, "create fifo", path, made.error());
    status = 1;
  }
  return status;
}

int MktempMain(Process& process) {
  bool directory = false;
  bool dry_run = false;
  bool quiet = false;
  bool in_folder = false;
  bool last_part_only = false;  // -t
  std::string folder;
  std::optional<std::string> suffix;
  Options options(process, "dp:qtu",
                  {{"directory", 'd'},
                   {"dry-run", 'u'},
                   {"quiet", 'q'},
                   {"suffix", kSuffix, Options::kRequired},
                   {"tmpdir", kTmpdir, Options::kOptional}});
  while (const auto option = options.Next()) {
    if (option->letter == 'd') directory = true;
    if (option->letter == 'u') dry_run = true;
    if (option->letter == 'q') quiet = true;
    if (option->letter == 't') last_part_only = true;
    if (option->letter == 't' || option->letter == 'p' || option->letter == kTmpdir) {
      in_folder = true;
    }
    if (option->letter == 'p' || option->letter == kTmpdir) folder = option->value;
    if (option->letter == kSuffix) suffix = option->value;
  }
  if (options.operands().size() > 1) UsageError(process, "too many templates");
  std::string pattern = "tmp.XXXXXXXXXX";
  if (options.operands().empty()) {
    in_folder = true;
  } else {
    pattern = options.operands()[0];
  }
  if (in_folder) {
    if (last_part_only && pattern.find('/') != std::string::npos) {
      Complain(process,
               "invalid template, " + QuotedWord(pattern) + ", contains directory separator");
      return 1;
    }
    if (pattern.starts_with('/')) {
      Complain(process, "invalid template, " + QuotedWord(pattern) +
                            "; with --tmpdir, it may not be absolute");
      return 1;
    }
    const auto variable = process.env.find("TMPDIR");
    if (folder.empty() && variable != process.env.end()) folder = variable->second;
    pattern = ChildPath(folder.empty() ? "/tmp" : folder, pattern);
  }
  const TemporaryName name = SplitTemplate(process, pattern, suffix);
  std::mt19937_64 generator = MakeGenerator(process);
  while (true) {
    process.Checkpoint();
    const std::string path = FillName(name, generator);
    const std::string absolute = process.AbsolutePath(path);
    IoStatus made;
    if (dry_run) {
      if (StatLink(process, path)) continue;
    } else if (directory) {
      made = process.files().MakeDirectory(absolute, 0700);
    } else if (const auto file = process.files().Create(absolute, 0600, true); !file) {
      made = IoError(file.error());
    }
    if (made) {
      Output out(process);
      out << path << "\n";
      return out.Finish(0);
    }
    if (made.error() == std::errc::file_exists) continue;
    if (!quiet) {
      Complain(process, std::string("failed to create ") + (directory ? "directory" : "file") +
                            " via template " + QuotedWord(pattern) + ": " +
                            ErrnoText(made.error()));
    }
    return 1;
  }
}

int SyncMain(Process& process) {
  Options options(process, "df", {{"data", 'd'}, {"file-system", 'f'}});
  bool data = false;
  bool file_system = false;
  while (const auto option = options.Next()) (option->letter == 'd' ? data : file_system) = true;
  if (data && file_system) {
    Complain(process, "cannot specify both --data and --file-system");
    return 1;
  }
  if (data && options.operands().empty()) {
    Complain(process, "--data needs at least one argument");
    return 1;
  }
  int status = 0;
  for (const std::string& path : options.operands()) {
    const auto found = StatPath(process, path);
    if (found) continue;
    Complain(process, "error opening " + QuotedName(path) + ": " + ErrnoText(found.error()));
    status = 1;
  }
  return status;
}

void AddFilePrograms(ProgramTable& table) {
  table["chgrp"] = ChgrpMain;
  table["chmod"] = ChmodMain;
  table["chown"] = ChownMain;
  table["cp"] = CpMain;
  table["dd"] = DdMain;
  table["install"] = InstallMain;
  table["link"] = LinkMain;
  table["ln"] = LnMain;
  table["mkdir"] = MkdirMain;
  table["mkfifo"] = MkfifoMain;
  table["mknod"] = MknodMain;
  table["mktemp"] = MktempMain;
  table["mv"] = MvMain;
  table["rm"] = RmMain;
  table["rmdir"] = RmdirMain;
  table["shred"] = ShredMain;
  table["sync"] = SyncMain;
  table["touch"] = TouchMain;
  table["truncate"] = TruncateMain;
  table["unlink"] = UnlinkMain;
}

}  // namespace computesdk::in_memory
