#include <algorithm>
#include <array>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/copier.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Long options without a short form.
enum Extra {
  kPreserve = 256,
  kNoPreserve,
  kParents,
  kRemoveDestination,
  kAttributesOnly,
  kContext,
  kCopyContents,
  kReflink,
  kStripSlashes,
  kBackup,
  kSparse
};

// A first letter is enough to tell one from the others.
constexpr std::array<std::string_view, 7> kAttributes = {
    "mode", "timestamps", "ownership", "links", "context", "xattr", "all"};

void SetPreserved(Process& process, CopyOptions& options, std::string_view list, bool value) {
  while (true) {
    const auto comma = list.find(',');
    const std::string_view given = list.substr(0, comma);
    const auto known = std::find_if(kAttributes.begin(), kAttributes.end(),
                                    [&](std::string_view name) { return name.starts_with(given); });
    if (given.empty() || known == kAttributes.end()) {
      UsageError(process, InvalidArgument(given, value ? "--preserve" : "--no-preserve",
                                          {kAttributes.begin(), kAttributes.end()}));
    }
    const std::string_view word = *known;
    const bool all = word == "all";
    if (all || word == "mode") options.preserve_mode = value;
    if (all || word == "mode") options.plain_mode = !value;
    if (all || word == "ownership") options.preserve_owner = value;
    if (all || word == "timestamps") options.preserve_times = value;
    if (all || word == "links") options.preserve_links = value;
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

struct CpCommand {
  CopyOptions copy;
  BackupOptions backup;
  bool strip_slashes = false;
  std::string target_directory;
  bool no_target_directory = false;
  bool parents = false;
  bool hard_links = false;
  bool symbolic_links = false;
};

void TakeCpOption(Process& process, const Options::Option& option, CpCommand& command) {
  CopyOptions& copy = command.copy;
  switch (option.letter) {
    case 'b':
    case kBackup:
      command.backup.Take(option.value);
      break;
    case 'S':
      command.backup.TakeSuffix(option.value);
      break;
    case kStripSlashes:
      command.strip_slashes = true;
      break;
    case kReflink:
      // A copy that shares what it copies is like any other.
      if (option.has_value && option.value != "auto" && option.value != "always" &&
          option.value != "never") {
        UsageError(process,
                   InvalidArgument(option.value, "--reflink", {"auto", "always", "never"}));
      }
      break;
    case kSparse:
      // A file without its zeros is stored as any other.
      if (option.value != "auto" && option.value != "always" && option.value != "never") {
        UsageError(process, InvalidArgument(option.value, "--sparse", {"never", "auto", "always"}));
      }
      break;
    case 'a':
      copy.recursive = true;
      copy.links = CopyOptions::Links::kKeep;
      SetPreserved(process, copy, "all", true);
      break;
    case 'd':
      copy.links = CopyOptions::Links::kKeep;
      copy.preserve_links = true;
      break;
    case 'f':
      copy.force = true;
      break;
    case 'H':
      copy.links = CopyOptions::Links::kFollowOperands;
      break;
    case 'i':
      copy.interactive = true;
      copy.no_clobber = false;
      break;
    case 'l':
      copy.method = CopyOptions::Method::kHardLink;
      command.hard_links = true;
      break;
    case 'L':
      copy.links = CopyOptions::Links::kFollow;
      break;
    case 'n':
      copy.no_clobber = true;
      copy.interactive = false;
      break;
    case 'P':
      copy.links = CopyOptions::Links::kKeep;
      break;
    case 'p':
      SetPreserved(process, copy, "mode,ownership,timestamps", true);
      break;
    case 'r':
    case 'R':
      copy.recursive = true;
      break;
    case 's':
      copy.method = CopyOptions::Method::kSymlink;
      command.symbolic_links = true;
      break;
    case 't':
      command.target_directory = option.value;
      break;
    case 'T':
      command.no_target_directory = true;
      break;
    case 'u':
      copy.update = true;
      break;
    case 'v':
      copy.verbose = true;
      break;
    case kPreserve:
      SetPreserved(process, copy, option.has_value ? option.value : "mode,ownership,timestamps",
                   true);
      break;
    case kNoPreserve:
      SetPreserved(process, copy, option.value, false);
      break;
    case kParents:
      command.parents = true;
      break;
    case kRemoveDestination:
      copy.remove_destination = true;
      break;
    case kCopyContents:
      copy.copy_contents = true;
      break;
    case kAttributesOnly:
      copy.attributes_only = true;
      break;
    default:
      break;  // -x, one file system, which there is one of.
  }
}

// --parents: DIR/a/b/c of a/b/c.
std::string PathWithParents(Process& process, const std::string& directory,
                            const std::string& source, bool verbose) {
  const std::string path = WithoutTrailingSlashes(source);
  for (std::size_t end = path.find('/', 1); end != std::string::npos;
       end = path.find('/', path.find_first_not_of('/', end))) {
    const std::string parent = path.substr(0, end);
    const std::string copy = ChildPath(directory, parent);
    const bool made = process.files()
                          .MakeDirectory(process.AbsolutePath(copy), 0777 & ~process.umask)
                          .has_value();
    if (made && verbose) (void)process.Write(1, parent + " -> " + copy + "\n");
  }
  return ChildPath(directory, path);
}

struct MoveCommand {
  bool no_clobber = false;
  bool interactive = false;
  bool update = false;
  bool verbose = false;
  BackupOptions backup;
  BackupStyle style;
};

bool MayReplace(Process& process, const MoveCommand& command, const FileStatus& source,
                const std::string& destination, const FileStatus& target) {
  const bool older = target.modified >= source.modified;
  if (command.update && older && source.type != FileType::kDirectory) return false;
  return !command.interactive ||
         Confirm(process, "mv: overwrite " + QuotedName(destination) + "? ");
}

bool MoveOne(Process& process, const MoveCommand& command, const std::string& source,
             const std::string& destination) {
  FileSystem& files = process.files();
  const std::string from = process.AbsolutePath(source);
  const std::string to = process.AbsolutePath(destination);
  const IoResult<FileStatus> status = StatLink(process, source);
  if (!status) {
    CannotDo(process, "stat", source, status.error());
    return false;
  }
  std::string backup;
  if (const auto target = StatLink(process, destination)) {
    if (command.no_clobber) return true;
    if (ReplacesOwnTarget(process, source, *status, destination, *target) ||
        SameFile(*status, *target)) {
      Complain(process,
               QuotedName(source) + " and " + QuotedName(destination) + " are the same file");
      return false;
    }
    if (!MayReplace(process, command, *status, destination, *target)) return true;
    const bool from_directory = status->type == FileType::kDirectory;
    const bool to_directory = target->type == FileType::kDirectory;
    const std::string name = LastComponent(source);
    if (name != "." && name != "..") backup = BackupPath(process, destination, command.style);
    const bool keeps = command.style.kind != BackupKind::kNone;
    if (!keeps && from_directory != to_directory) {
      Complain(process, from_directory
                            ? "cannot overwrite non-directory " + QuotedName(destination) +
                                  " with directory " + QuotedName(source)
                            : "cannot overwrite directory " + QuotedName(destination) +
                                  " with non-directory");
      return false;
    }
  }
  if (!backup.empty()) {
    const IoStatus kept = files.Rename(to, process.AbsolutePath(backup));
    if (!kept) {
      CannotDo(process, "backup", destination, kept.error());
      return false;
    }
  }
  if (const IoStatus moved = files.Rename(from, to); !moved) {
    const bool inside = moved.error() == std::errc::invalid_argument;
    Complain(process, "cannot move " + QuotedName(source) +
                          (inside ? " to a subdirectory of itself, " : " to ") +
                          QuotedName(destination) +
                          (inside ? "" : ": " + ErrnoText(moved.error())));
    return false;
  }
  if (command.verbose) {
    std::string line = "renamed " + QuotedName(source) + " -> " + QuotedName(destination);
    if (!backup.empty()) line += " (backup: " + QuotedName(backup) + ")";
    (void)process.Write(1, line + "\n");
  }
  return true;
}

// `option`: it was given by -t, of which ln and install speak in their own words.
[[noreturn]] void RefuseTarget(Process& process, const std::string& target, bool option,
                               bool links) {
  const IoResult<FileStatus> status = StatPath(process, target);
  const std::string reason = ErrnoText(status ? std::errc::not_a_directory : status.error());
  const bool installs = ProgramName(process) == "install";
  if (!option || (!links && !installs)) {
    Complain(process,
             (option ? "target directory " : "target ") + QuotedName(target) + ": " + reason);
  } else if (links && status) {
    Complain(process, "target " + QuotedName(target) + " is not a directory");
  } else {
    Complain(process, "failed to access " + QuotedName(target) + ": " + reason);
  }
  process.Exit(1);
}

}  // namespace

std::string Targets::For(const std::string& source) const {
  return into_directory ? ChildPath(target, LastComponent(source)) : target;
}

Targets FindTargets(Process& process, std::vector<std::string> operands,
                    const std::string& target_directory, bool no_target_directory, bool no_follow) {
  Targets targets;
  const bool links = ProgramName(process) == "ln";
  if (operands.empty()) UsageError(process, "missing file operand");
  if (!target_directory.empty()) {
    targets.target = target_directory;
    targets.into_directory = true;
  } else {
    if (operands.size() == 1) {
      UsageError(process, "missing destination file operand after " + QuotedName(operands[0]));
    }
    targets.target = operands.back();
    operands.pop_back();
    if (no_target_directory) {
      if (operands.size() > 1) UsageError(process, "extra operand " + QuotedName(targets.target));
    } else {
      const IoResult<FileStatus> link = StatLink(process, targets.target);
      const bool is_link = link && link->type == FileType::kSymlink;
      targets.into_directory = IsDirectory(process, targets.target) && !(no_follow && is_link);
    }
  }
  const bool both = !target_directory.empty() && no_target_directory;
  if (both && !links) {
    Complain(process, "cannot combine --target-directory (-t) and --no-target-directory (-T)");
    process.Exit(1);
  }
  const bool must_be_directory = !target_directory.empty() || operands.size() > 1;
  if (must_be_directory && !IsDirectory(process, targets.target)) {
    RefuseTarget(process, targets.target, !target_directory.empty(), links);
  }
  if (both) {
    Complain(process, "cannot combine --target-directory and --no-target-directory");
    process.Exit(1);
  }
  targets.into_directory |= must_be_directory;
  targets.sources = std::move(operands);
  return targets;
}

int CpMain(Process& process) {
  CpCommand command;
  Options options(process, "abdfHilLnPprRsS:t:TuvxZ",
                  {{"archive", 'a'},
                   {"attributes-only", kAttributesOnly},
                   {"backup", kBackup, Options::kOptional},
                   {"context", kContext, Options::kOptional},
                   {"copy-contents", kCopyContents},
                   {"dereference", 'L'},
                   {"force", 'f'},
                   {"interactive", 'i'},
                   {"link", 'l'},
                   {"no-clobber", 'n'},
                   {"no-dereference", 'P'},
                   {"no-preserve", kNoPreserve, Options::kRequired},
                   {"no-target-directory", 'T'},
                   {"one-file-system", 'x'},
                   {"parents", kParents},
                   {"preserve", kPreserve, Options::kOptional},
                   {"recursive", 'R'},
                   {"reflink", kReflink, Options::kOptional},
                   {"remove-destination", kRemoveDestination},
                   {"sparse", kSparse, Options::kRequired},
                   {"strip-trailing-slashes", kStripSlashes},
                   {"suffix", 'S', Options::kRequired},
                   {"symbolic-link", 's'},
                   {"target-directory", 't', Options::kRequired},
                   {"update", 'u'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) TakeCpOption(process, *option, command);
  if (command.hard_links && command.symbolic_links) {
    UsageError(process, "cannot make both hard and symbolic links");
  }
  if (command.backup.given() && command.copy.no_clobber) {
    UsageError(process, "options --backup and --no-clobber are mutually exclusive");
  }
  Targets targets = FindTargets(process, options.operands(), command.target_directory,
                                command.no_target_directory);
  if (command.parents && !targets.into_directory) {
    UsageError(process, "with --parents, the destination must be a directory");
  }
  command.copy.backup = command.backup.Style(process);
  if (command.strip_slashes) {
    for (std::string& source : targets.sources) source = WithoutTrailingSlashes(source);
  }
  Copier copier(process, command.copy);
  int status = 0;
  for (const std::string& source : targets.sources) {
    // The contents of a folder's parent, and not another folder for its name.
    const bool parent = targets.into_directory && LastComponent(source) == "..";
    const std::string destination =
        command.parents ? PathWithParents(process, targets.target, source, command.copy.verbose)
        : parent        ? ChildPath(targets.target, ".")
                        : targets.For(source);
    if (!command.copy.recursive && destination.ends_with('/') &&
        !IsDirectory(process, destination)) {
      const bool file = StatPath(process, WithoutTrailingSlashes(destination)).has_value();
      CannotDo(process, file ? "stat" : "create regular file", destination,
               std::errc::not_a_directory);
      status = 1;
      continue;
    }
    if (!copier.Copy(source, destination)) status = 1;
  }
  return status;
}

int MvMain(Process& process) {
  MoveCommand command;
  std::string target_directory;
  bool no_target_directory = false;
  bool strip_slashes = false;
  Options options(process, "bfinS:vt:TuZ",
                  {{"backup", kBackup, Options::kOptional},
                   {"context", 'Z'},
                   {"force", 'f'},
                   {"interactive", 'i'},
                   {"no-clobber", 'n'},
                   {"no-target-directory", 'T'},
                   {"strip-trailing-slashes", kStripSlashes},
                   {"suffix", 'S', Options::kRequired},
                   {"target-directory", 't', Options::kRequired},
                   {"update", 'u'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
      case kBackup:
        command.backup.Take(option->value);
        break;
      case 'S':
        command.backup.TakeSuffix(option->value);
        break;
      case 'f':
        command.no_clobber = command.interactive = false;
        break;
      case 'i':
        command.interactive = true;
        command.no_clobber = false;
        break;
      case 'n':
        command.no_clobber = true;
        command.interactive = false;
        break;
      case 't':
        target_directory = option->value;
        break;
      case 'T':
        no_target_directory = true;
        break;
      case 'u':
        command.update = true;
        break;
      case 'v':
        command.verbose = true;
        break;
      default:
        strip_slashes = true;
    }
  }
  if (command.backup.given() && command.no_clobber) {
    UsageError(process, "options --backup and --no-clobber are mutually exclusive");
  }
  Targets targets = FindTargets(process, options.operands(), target_directory, no_target_directory);
  if (strip_slashes) {
    for (std::string& source : targets.sources) source = WithoutTrailingSlashes(source);
  }
  command.style = command.backup.Style(process);
  int status = 0;
  for (const std::string& source : targets.sources) {
    process.Checkpoint();
    const std::string destination = targets.For(source);
    if (destination.ends_with('/') && !IsDirectory(process, source) &&
        StatPath(process, WithoutTrailingSlashes(destination))) {
      CannotDo(process, "stat", destination, std::errc::not_a_directory);
      status = 1;
    } else if (!MoveOne(process, command, source, destination)) {
      status = 1;
    }
  }
  return status;
}

}  // namespace computesdk::in_memory
