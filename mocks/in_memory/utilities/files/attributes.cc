#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

constexpr int kReference = 256;
constexpr int kTime = 257;
constexpr int kWithRoot = 258;
constexpr int kFrom = 259;

std::string ModeDescription(unsigned mode) {
  char octal[16];
  std::snprintf(octal, sizeof octal, "%04o", mode);
  return std::string(octal) + " (" + PermissionString(mode) + ")";
}

FileStatus ReferenceStatus(Process& process, const std::string& path) {
  const auto status = StatPath(process, path);
  if (!status) {
    Complain(process,
             "failed to get attributes of " + QuotedName(path) + ": " + ErrnoText(status.error()));
    process.Exit(1);
  }
  return *status;
}

// --- chmod ----------------------------------------------------------------------------------

// Modes such as "-w" and "-rwx" look like options; they are taken out of the arguments.
std::string TakeDashedMode(Process& process) {
  std::string mode;
  auto& args = process.args;
  for (std::size_t i = 1; i < args.size();) {
    if (args[i] == "--") break;
    const bool is_mode =
        args[i].size() > 1 && args[i][0] == '-' &&
        std::string_view("rwxXstugoa+=01234567").find(args[i][1]) != std::string_view::npos;
    if (!is_mode) {
      ++i;
      continue;
    }
    mode += (mode.empty() ? "" : ",") + args[i];
    args.erase(args.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return mode;
}

struct ChmodCommand {
  bool dashed = false;  // The mode looked like an option, as in "-w".
  std::optional<ModeChange> change;
  unsigned reference = 0;
  bool recursive = false;
  bool quiet = false;
  bool verbose = false;
  bool changes = false;
};

bool ChangeMode(Process& process, const ChmodCommand& command, const std::string& path,
                const FileStatus& status) {
  const bool directory = status.type == FileType::kDirectory;
  const unsigned mode = command.change
                            ? command.change->Apply(status.mode, directory, process.umask)
                            : command.reference;
  const IoStatus set = process.files().SetMode(process.AbsolutePath(path), mode);
  if (!set) {
    if (!command.quiet) {
      Complain(process,
               "changing permissions of " + QuotedName(path) + ": " + ErrnoText(set.error()));
    }
    return false;
  }
  const bool changed = mode != status.mode;
  if (changed && (command.verbose || command.changes)) {
    (void)process.Write(1, "mode of " + QuotedName(path) + " changed from " +
                               ModeDescription(status.mode) + " to " + ModeDescription(mode) +
                               "\n");
  } else if (!changed && command.verbose) {
    (void)process.Write(
        1, "mode of " + QuotedName(path) + " retained as " + ModeDescription(mode) + "\n");
  }
  // "-w" leaves what the umask protects; whoever wrote it may have meant more.
  const unsigned meant = command.dashed ? command.change->Apply(status.mode, directory, 0) : mode;
  if ((mode & ~meant) == 0) return true;
  Complain(process, ShownName(path) + ": new permissions are " + PermissionString(mode) + ", not " +
                        PermissionString(meant));
  return false;
}

// Of all that lies in a folder, which may be a link to one.
bool ChangeModesIn(Process& process, const ChmodCommand& command, const std::string& folder) {
  bool all = true;
  const auto visit = [&](const std::string& path, const FileStatus& status) {
    if (status.type == FileType::kSymlink) {
      if (command.verbose) {
        (void)process.Write(
            1, "neither symbolic link " + QuotedName(path) + " nor referent has been changed\n");
      }
      return false;
    }
    all &= ChangeMode(process, command, path, status);
    return true;
  };
  const auto entries = process.files().List(process.AbsolutePath(folder));
  if (!entries) return true;
  for (const DirectoryEntry& entry : *entries) {
    ForEachInTree(process, ChildPath(folder, entry.name), visit);
  }
  return all;
}

// --- chown ----------------------------------------------------------------------------------

struct ChownCommand {
  std::optional<unsigned> uid;
  std::optional<unsigned> gid;
  std::string wanted;  // As it was given.
  // --from: only what belongs to these.
  std::optional<unsigned> from_uid;
  std::optional<unsigned> from_gid;
  bool recursive = false;
  bool quiet = false;
  bool verbose = false;
  bool changes = false;
  Follow follow = Follow::kYes;
};

bool ChangeOwner(Process& process, const ChownCommand& command, const std::string& path,
                 const FileStatus& status) {
  if (command.from_uid.value_or(status.uid) != status.uid ||
      command.from_gid.value_or(status.gid) != status.gid) {
    return true;
  }
  const unsigned uid = command.uid.value_or(status.uid);
  const unsigned gid = command.gid.value_or(status.gid);
  const IoStatus set =
      process.files().SetOwner(process.AbsolutePath(path), uid, gid, command.follow);
  if (!set) {
    if (!command.quiet) {
      Complain(process,
               "changing ownership of " + QuotedName(path) + ": " + ErrnoText(set.error()));
    }
    return false;
  }
  const bool changed = uid != status.uid || gid != status.gid;
  if (!command.verbose && !(command.changes && changed)) return true;
  const auto shown = [&](unsigned user, unsigned group) {
    std::string text = command.uid ? UserName(process, user) : "";
    if (command.uid && command.gid) text += ":";
    return command.gid ? text + GroupName(process, group) : text;
  };
  std::string line = (command.uid ? "ownership of " : "group of ") + QuotedName(path);
  line = changed ? "changed " + line + " from " + shown(status.uid, status.gid) + " to " +
                       command.wanted
                 : line + " retained as " + shown(uid, gid);
  (void)process.Write(1, line + "\n");
  return true;
}

struct Owner {
  std::optional<unsigned> uid;
  std::optional<unsigned> gid;
};

// Where no user has that name, but one has its beginning, "." is read as ":".
bool HasOldSeparator(Process& process, const std::string& text) {
  const auto point = text.find('.');
  return point != std::string::npos && text.find(':') == std::string::npos &&
         !FindUser(process, text) && (point == 0 || FindUser(process, text.substr(0, point))) &&
         (point + 1 == text.size() || FindGroup(process, text.substr(point + 1)));
}

// "user", "user:group", "user:" for the user's own group, ":group".
Owner ParseOwner(Process& process, std::string text, bool group_only) {
  if (!group_only && HasOldSeparator(process, text)) {
    Complain(process, "warning: '.' should be ':': " + QuotedWord(text));
    text[text.find('.')] = ':';
  }
  Owner command;
  const auto colon = text.find(':');
  const std::string user = text.substr(0, colon);
  if (!user.empty()) {
    command.uid = FindUser(process, user);
    const bool number = user.find_first_not_of("0123456789") == std::string::npos;
    if ((number || !command.uid) && colon != std::string::npos && colon + 1 == text.size()) {
      Complain(process, "invalid spec: " + QuotedWord(text));
      process.Exit(1);
    }
    if (!command.uid) {
      Complain(process, "invalid user: " + QuotedWord(text));
      process.Exit(1);
    }
  }
  if (colon == std::string::npos || colon + 1 == text.size()) {
    if (colon != std::string::npos && command.uid) command.gid = command.uid;
    return command;
  }
  command.gid = FindGroup(process, text.substr(colon + 1));
  if (!command.gid) {
    Complain(process, "invalid group: " + QuotedWord(group_only ? text.substr(1) : text));
    process.Exit(1);
  }
  return command;
}

int ChangeOwners(Process& process, bool group_only) {
  ChownCommand command;
  std::optional<FileStatus> reference;
  bool walks_links = false;  // -H and -L
  Options options(process, "cfhHLPRv",
                  {{"changes", 'c'},
                   {"dereference", 'L'},
                   {"from", kFrom, Options::kRequired},
                   {"no-preserve-root", kWithRoot},
                   {"preserve-root", kWithRoot},
                   {"no-dereference", 'h'},
                   {"quiet", 'f'},
                   {"recursive", 'R'},
                   {"reference", kReference, Options::kRequired},
                   {"silent", 'f'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'c') command.changes = true;
    if (option->letter == 'f') command.quiet = true;
    if (option->letter == 'h') command.follow = Follow::kNo;
    if (option->letter == 'H' || option->letter == 'L') walks_links = true;
    if (option->letter == 'P') walks_links = false;
    if (option->letter == 'R') command.recursive = true;
    if (option->letter == 'v') command.verbose = true;
    if (option->letter == kFrom) {
      const Owner from = ParseOwner(process, option->value, false);
      command.from_uid = from.uid;
      command.from_gid = from.gid;
    }
    if (option->letter == kReference) reference = ReferenceStatus(process, option->value);
  }
  if (command.recursive && !walks_links) command.follow = Follow::kNo;
  std::vector<std::string> paths = options.operands();
  if (reference) {
    if (!group_only) command.uid = reference->uid;
    command.gid = reference->gid;
    command.wanted = (group_only ? "" : UserName(process, reference->uid) + ":") +
                     GroupName(process, reference->gid);
  } else {
    if (paths.empty()) UsageError(process, "missing operand");
    const Owner owner = ParseOwner(process, (group_only ? ":" : "") + paths[0], group_only);
    command.uid = owner.uid;
    command.gid = owner.gid;
    command.wanted = paths[0].substr(!group_only && paths[0].starts_with(':') ? 1 : 0);
    if (paths.size() == 1) UsageError(process, "missing operand after " + QuotedWord(paths[0]));
    paths.erase(paths.begin());
  }
  if (paths.empty()) UsageError(process, "missing operand");
  int status = 0;
  for (const std::string& path : paths) {
    const auto found = StatPath(process, path, command.follow);
    if (!found) {
      if (!command.quiet) CannotDo(process, "access", path, found.error());
      if (command.verbose) {
        (void)process.Write(1, std::string("failed to change ") +
                                   (command.uid ? "ownership" : "group") + " of " +
                                   QuotedName(path) + " to " + command.wanted + "\n");
      }
      status = 1;
    } else if (command.recursive && found->type == FileType::kDirectory) {
      command.follow = Follow::kNo;
      ForEachInTree(process, path, [&](const std::string& inner, const FileStatus& inner_status) {
        if (!ChangeOwner(process, command, inner, inner_status)) status = 1;
        return true;
      });
    } else if (!ChangeOwner(process, command, path, *found)) {
      status = 1;
    }
  }
  return status;
}

// --- touch ----------------------------------------------------------------------------------

struct TouchCommand {
  FileTime accessed{};
  FileTime modified{};
  bool access = true;
  bool modification = true;
  bool no_create = false;
  Follow follow = Follow::kYes;
};

bool Touch(Process& process, const TouchCommand& command, const std::string& path) {
  FileSystem& files = process.files();
  // What standard output goes to; only a file has times to set.
  const bool output = path == "-";
  if (output && process.File(1) == nullptr) {
    Complain(process, "setting times of '-': Bad file descriptor");
    return false;
  }
  if (output && process.File(1)->Stat().type != FileType::kRegular) return true;
  const std::string absolute = process.AbsolutePath(output ? "/dev/stdout" : path);
  IoResult<FileStatus> status = files.Stat(absolute, command.follow);
  bool names_folder = false;
  if (!status && status.error() == std::errc::no_such_file_or_directory) {
    if (command.no_create) return true;
    if (command.follow == Follow::kYes) {
      const auto made = files.Create(absolute, 0666 & ~process.umask);
      status = made ? files.Stat(absolute) : IoResult<FileStatus>(IoError(made.error()));
      // A name that ends in a slash can only be a directory's.
      if (!made && made.error() == std::errc::is_a_directory) {
        status = IoError(std::errc::no_such_file_or_directory);
        names_folder = true;
      }
    }
  }
  if (!status) {
    const bool slash = path.ends_with('/') && status.error() == std::errc::not_a_directory;
    const bool missing = status.error() == std::errc::no_such_file_or_directory &&
                         command.follow == Follow::kYes && !names_folder;
    Complain(process, (missing || (status.error() == std::errc::not_a_directory && !slash)
                           ? "cannot touch "
                           : "setting times of ") +
                          QuotedName(path) + ": " + ErrnoText(status.error()));
    return false;
  }
  const FileTime accessed = command.access ? command.accessed : status->accessed;
  const FileTime modified = command.modification ? command.modified : status->modified;
  const IoStatus set = files.SetTimes(absolute, accessed, modified, command.follow);
  if (!set) {
    Complain(process, "setting times of " + QuotedName(path) + ": " + ErrnoText(set.error()));
  }
  return set.has_value();
}

}  // namespace

int ChmodMain(Process& process) {
  ChmodCommand command;
  std::string mode = TakeDashedMode(process);
  bool reference = false;
  Options options(process, "cfRv",
                  {{"changes", 'c'},
                   {"no-preserve-root", kWithRoot},
                   {"preserve-root", kWithRoot},
                   {"quiet", 'f'},
                   {"recursive", 'R'},
                   {"reference", kReference, Options::kRequired},
                   {"silent", 'f'},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'c') command.changes = true;
    if (option->letter == 'f') command.quiet = true;
    if (option->letter == 'R') command.recursive = true;
    if (option->letter == 'v') command.verbose = true;
    if (option->letter == kReference) {
      command.reference = ReferenceStatus(process, option->value).mode;
      reference = true;
    }
  }
  std::vector<std::string> paths = options.operands();
  if (!reference) {
    if (mode.empty()) {
      if (paths.empty()) UsageError(process, "missing operand");
      mode = paths[0];
      paths.erase(paths.begin());
      if (paths.empty()) UsageError(process, "missing operand after " + QuotedWord(mode));
    }
    command.dashed = mode[0] == '-';
    command.change = ModeChange::Parse(mode);
    if (!command.change) UsageError(process, "invalid mode: " + QuotedWord(mode));
  }
  if (paths.empty()) UsageError(process, "missing operand");
  int status = 0;
  for (const std::string& path : paths) {
    const auto found = StatPath(process, path);
    if (!found) {
      if (!command.quiet) {
        if (StatLink(process, path)) {
          Complain(process, "cannot operate on dangling symlink " + QuotedName(path));
        } else {
          CannotDo(process, "access", path, found.error());
        }
      }
      if (command.verbose) {
        (void)process.Write(1, QuotedName(path) + " could not be accessed\n");
      }
      status = 1;
      continue;
    }
    if (!ChangeMode(process, command, path, *found)) status = 1;
    if (command.recursive && !ChangeModesIn(process, command, path)) status = 1;
  }
  return status;
}

int ChownMain(Process& process) { return ChangeOwners(process, false); }
int ChgrpMain(Process& process) { return ChangeOwners(process, true); }

constexpr std::string_view kTimeWords[] = {"atime", "access", "use", "mtime", "modify"};

int TouchMain(Process& process) {
  TouchCommand command;
  bool access_only = false;
  bool modification_only = false;
  command.accessed = command.modified = process.clock().Now();
  std::optional<std::string> date;
  bool referred = false;
  bool stamped = false;
  Options options(process, "acd:fhmr:t:",
                  {{"date", 'd', Options::kRequired},
                   {"no-create", 'c'},
                   {"no-dereference", 'h'},
                   {"reference", 'r', Options::kRequired},
                   {"time", kTime, Options::kRequired}});
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'a':
        access_only = true;
        break;
      case 'c':
        command.no_create = true;
        break;
      case 'd':
        date = option->value;
        break;
      case 'h':
        command.follow = Follow::kNo;
        break;
      case 'm':
        modification_only = true;
        break;
      case 'r': {
        referred = true;
        const FileStatus status = ReferenceStatus(process, option->value);
        command.accessed = status.accessed;
        command.modified = status.modified;
        break;
      }
      case 't': {
        stamped = true;
        const auto time = ParseTimeStamp(option->value, process.clock().Now(), ZoneOf(process));
        if (!time) {
          Complain(process, "invalid date format " + QuotedWord(option->value));
          return 1;
        }
        command.accessed = command.modified = *time;
        break;
      }
      case kTime:
        if (std::find(std::begin(kTimeWords), std::end(kTimeWords), option->value) ==
            std::end(kTimeWords)) {
          UsageError(process, "invalid argument " + QuotedWord(option->value) +
                                  " for ‘--time’\nValid arguments are:\n"
                                  "  - ‘atime’, ‘access’, ‘use’\n  - ‘mtime’, ‘modify’");
        }
        (option->value == "atime" || option->value == "access" || option->value == "use"
             ? access_only
             : modification_only) = true;
        break;
      default:
        break;  // -f is there for old scripts and does nothing.
    }
  }
  if (stamped && (date || referred)) {
    UsageError(process, "cannot specify times from more than one source");
  }
  if (date) {
    // Relative dates start at the reference's times.
    for (FileTime* time : {&command.accessed, &command.modified}) {
      const auto parsed = ParseTime(*date, *time, ZoneOf(process));
      if (!parsed) {
        Complain(process, "invalid date format " + QuotedWord(*date));
        return 1;
      }
      *time = *parsed;
    }
  }
  if (access_only != modification_only) {
    command.access = access_only;
    command.modification = modification_only;
  }
  if (options.operands().empty()) UsageError(process, "missing file operand");
  int status = 0;
  for (const std::string& path : options.operands()) {
    process.Checkpoint();
    if (!Touch(process, command, path)) status = 1;
  }
  return status;
}

}  // namespace computesdk::in_memory
