#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr int kInteractive = 256;
constexpr int kPreserveRoot = 257;
constexpr int kNoPreserveRoot = 258;
constexpr int kIgnoreNonEmpty = 259;
constexpr int kOneFileSystem = 260;

struct RemoveCommand {
  bool recursive = false;
  bool force = false;
  bool directories = false;
  bool interactive = false;
  bool once = false;
  bool verbose = false;
  bool preserve_root = true;
};

class Remover {
 public:
  Remover(Process& process, const RemoveCommand& command) : process_(process), command_(command) {}

  bool Remove(const std::string& path) {
    const IoResult<FileStatus> status = StatLink(process_, path);
    if (!status) {
      const bool missing = status.error() == std::errc::no_such_file_or_directory ||
                           status.error() == std::errc::not_a_directory;
      if (command_.force && missing) return true;
      CannotDo(process_, "remove", path, status.error());
      return false;
    }
    const bool directory = status->type == FileType::kDirectory;
    if (directory && !command_.recursive && !command_.directories) {
      CannotDo(process_, "remove", path, std::errc::is_a_directory);
      return false;
    }
    if (const std::string last = LastComponent(path); last == "." || last == "..") {
      const auto entries = process_.files().List(process_.AbsolutePath(path));
      if (!command_.recursive && entries && !entries->empty()) {
        CannotDo(process_, "remove", path, std::errc::directory_not_empty);
      } else {
        Complain(process_,
                 "refusing to remove '.' or '..' directory: skipping " + QuotedName(path));
      }
      return false;
    }
    if (directory && command_.recursive && command_.preserve_root &&
        process_.files().RealPath(process_.AbsolutePath(path)) == "/") {
      Complain(process_, "it is dangerous to operate recursively on " + QuotedName(path) +
                             (path == "/" ? "" : " (same as '/')"));
      Complain(process_, "use --no-preserve-root to override this failsafe");
      return false;
    }
    if (directory && command_.recursive) return RemoveTree(path);
    return RemoveOne(path, *status);
  }

 private:
  bool RemoveTree(const std::string& path) {
    if (!command_.verbose && !command_.interactive) {
      return Report(process_.files().RemoveTree(process_.AbsolutePath(path)), path);
    }
    process_.Checkpoint();
    const IoResult<FileStatus> status = StatLink(process_, path);
    if (!status) return false;
    bool whole = true;
    if (status->type == FileType::kDirectory) {
      const auto entries = process_.files().List(process_.AbsolutePath(path));
      if (entries && !entries->empty() && command_.interactive &&
          !Confirm(process_, "rm: descend into directory " + QuotedName(path) + "? ")) {
        return true;
      }
      if (entries) {
        for (const DirectoryEntry& entry : *entries) {
          whole &= RemoveTree(ChildPath(path, entry.name));
        }
      }
      // Something in it was kept.
      const auto left = process_.files().List(process_.AbsolutePath(path));
      if (left && !left->empty() && command_.interactive) return whole;
    }
    return RemoveOne(path, *status) && whole;
  }

  bool RemoveOne(const std::string& path, const FileStatus& status) {
    const bool directory = status.type == FileType::kDirectory;
    if (command_.interactive && !Confirm(process_, Question(path, status))) return true;
    const std::string absolute = process_.AbsolutePath(path);
    const IoStatus removed =
        directory ? process_.files().RemoveDirectory(absolute) : process_.files().Unlink(absolute);
    if (removed && command_.verbose) {
      (void)process_.Write(
          1, (directory ? "removed directory " : "removed ") + QuotedName(path) + "\n");
    }
    return Report(removed, path);
  }

  static std::string Question(const std::string& path, const FileStatus& status) {
    std::string kind = "regular file";
    if (status.type == FileType::kRegular && status.size == 0) kind = "regular empty file";
    if (status.type == FileType::kDirectory) kind = "directory";
    if (status.type == FileType::kSymlink) kind = "symbolic link";
    if (status.type == FileType::kFifo) kind = "fifo";
    return "rm: remove " + kind + " " + QuotedName(path) + "? ";
  }

  bool Report(IoStatus status, const std::string& path) {
    if (!status) CannotDo(process_, "remove", path, status.error());
    return status.has_value();
  }

  Process& process_;
  const RemoveCommand& command_;
};

// `parent`: of one that was an operand.
bool RemoveEmptyDirectory(Process& process, const std::string& path, bool verbose,
                          bool ignore_non_empty, bool parent) {
  if (verbose) {
    (void)process.Write(1, "rmdir: removing directory, " + QuotedName(path) + "\n");
  }
  const IoStatus removed = process.files().RemoveDirectory(process.AbsolutePath(path));
  if (removed) return true;
  const auto link = StatLink(process, WithoutTrailingSlashes(path));
  if (path.ends_with('/') && link && link->type == FileType::kSymlink) {
    Complain(process, "failed to remove " + QuotedName(path) + ": Symbolic link not followed");
    return false;
  }
  if (!ignore_non_empty || removed.error() != std::errc::directory_not_empty) {
    Complain(process, std::string("failed to remove ") + (parent ? "directory " : "") +
                          QuotedName(path) + ": " + ErrnoText(removed.error()));
  }
  return ignore_non_empty && removed.error() == std::errc::directory_not_empty;
}

}  // namespace

int RmMain(Process& process) {
  RemoveCommand command;
  Options options(process, "dfiIrRv",
                  {{"dir", 'd'},
                   {"force", 'f'},
                   {"interactive", kInteractive, Options::kOptional},
                   {"no-preserve-root", kNoPreserveRoot},
                   {"one-file-system", kOneFileSystem},  // There is no other.
                   {"preserve-root", kPreserveRoot, Options::kOptional},
                   {"recursive", 'r'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'd':
        command.directories = true;
        break;
      case 'f':
        command.force = true;
        command.interactive = command.once = false;
        break;
      case 'i':
        command.interactive = true;
        command.once = command.force = false;
        break;
      case 'I':
        command.once = true;
        command.interactive = command.force = false;
        break;
      case kInteractive:
        command.interactive =
            !option->has_value || option->value == "always" || option->value == "yes";
        command.once = option->value == "once";
        if (!command.interactive && !command.once && option->value != "never" &&
            option->value != "no" && option->value != "none") {
          UsageError(process, InvalidArgument(option->value, "--interactive",
                                              {"never’, ‘no’, ‘none", "once", "always’, ‘yes"}));
        }
        break;
      case 'r':
      case 'R':
        command.recursive = true;
        break;
      case 'v':
        command.verbose = true;
        break;
      case kPreserveRoot:
        if (option->has_value && option->value != "all") {
          Complain(process, "unrecognized --preserve-root argument: " + QuotedName(option->value));
          return 1;
        }
        command.preserve_root = true;
        break;
      case kNoPreserveRoot:
        command.preserve_root = false;
        break;
      default:
        break;
    }
  }
  const std::vector<std::string>& paths = options.operands();
  if (paths.empty()) {
    if (command.force) return 0;
    UsageError(process, "missing operand");
  }
  if (command.once && (command.recursive || paths.size() > 3)) {
    const std::string count = std::to_string(paths.size());
    if (!Confirm(process, "rm: remove " + count + (paths.size() == 1 ? " argument" : " arguments") +
                              (command.recursive ? " recursively? " : "? "))) {
      return 0;
    }
  }
  Remover remover(process, command);
  int status = 0;
  for (const std::string& path : paths) {
    process.Checkpoint();
    if (!remover.Remove(path)) status = 1;
  }
  return status;
}

int RmdirMain(Process& process) {
  bool parents = false;
  bool verbose = false;
  bool ignore_non_empty = false;
  Options options(
      process, "pv",
      {{"ignore-fail-on-non-empty", kIgnoreNonEmpty}, {"parents", 'p'}, {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'p') parents = true;
    if (option->letter == 'v') verbose = true;
    if (option->letter == kIgnoreNonEmpty) ignore_non_empty = true;
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  int status = 0;
  for (std::string path : options.operands()) {
    bool parent = false;
    while (true) {
      if (!RemoveEmptyDirectory(process, path, verbose, ignore_non_empty,
                                std::exchange(parent, true))) {
        status = 1;
        break;
      }
      path = WithoutTrailingSlashes(path);
      if (!parents || path.find('/') == std::string::npos || path == "/") break;
      path = ParentPath(path);
      if (path == "/") break;
    }
  }
  return status;
}

int UnlinkMain(Process& process) {
  Options options(process, "");
  while (options.Next()) {
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  if (options.operands().size() > 1) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[1]));
  }
  const std::string& path = options.operands()[0];
  const IoStatus removed = process.files().Unlink(process.AbsolutePath(path));
  if (!removed) CannotDo(process, "unlink", path, removed.error());
  return removed ? 0 : 1;
}

}  // namespace computesdk::in_memory
