#include "mocks/in_memory/utilities/backup.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/files/path.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct LinkCommand {
  bool folders = false;  // -d: tries, and fails, to make hard links of folders.
  bool symbolic = false;
  bool force = false;
  bool interactive = false;
  bool relative = false;
  bool verbose = false;
  bool follow = false;
  BackupStyle backup;
};

enum class Room { kMade, kRefused, kNone };

// `backup`: where what stood there was moved to.
Room MakeRoom(Process& process, const LinkCommand& command, const std::string& source,
              const std::string& link, std::string& backup) {
  const IoResult<FileStatus> there = StatLink(process, link);
  const bool keeps = command.backup.kind != BackupKind::kNone;
  const bool replaces = command.force || command.interactive || keeps;
  if (!there || !replaces) return Room::kMade;
  if (there->type == FileType::kDirectory) {
    Complain(process, link + ": cannot overwrite directory");
    return Room::kNone;
  }
  const IoResult<FileStatus> status =
      command.symbolic ? StatPath(process, source) : StatLink(process, source);
  // Another name of the file is made anew; its own is not, or the file would be lost.
  const auto place = [&](const std::string& path) {
    const auto parent = process.files().RealPath(process.AbsolutePath(ParentPath(path)));
    return ChildPath(parent.value_or(""), LastComponent(path));
  };
  if (!(command.symbolic && keeps) && status && SameFile(*status, *there) &&
      (there->links == 1 || place(source) == place(link))) {
    Complain(process, QuotedName(source) + " and " + QuotedName(link) + " are the same file");
    return Room::kNone;
  }
  if (command.interactive && !Confirm(process, "ln: replace " + QuotedName(link) + "? ")) {
    return Room::kRefused;
  }
  if (keeps) {
    backup = BackupPath(process, link, command.backup);
    const IoStatus moved =
        process.files().Rename(process.AbsolutePath(link), process.AbsolutePath(backup));
    if (!moved) CannotDo(process, "backup", link, moved.error());
    return moved ? Room::kMade : Room::kNone;
  }
  (void)process.files().Unlink(process.AbsolutePath(link));
  return Room::kMade;
}

bool MakeLink(Process& process, const LinkCommand& command, const std::string& source,
              const std::string& link) {
  FileSystem& files = process.files();
  std::string existing = process.AbsolutePath(source);
  if (!command.symbolic) {
    const IoResult<FileStatus> status =
        command.follow ? StatPath(process, source) : StatLink(process, source);
    if (!status) {
      Complain(process,
               "failed to access " + QuotedName(source) + ": " + ErrnoText(status.error()));
      return false;
    }
    if (status->type == FileType::kDirectory && command.folders) {
      Complain(process, "failed to create hard link " + QuotedName(link) + " => " +
                            QuotedName(source) + ": Operation not permitted");
      return false;
    }
    if (status->type == FileType::kDirectory) {
      Complain(process, source + ": hard link not allowed for directory");
      return false;
    }
    if (command.follow) existing = files.RealPath(existing).value_or(existing);
  }
  // Before the link is gone that may stand on the way.
  const std::string target = command.symbolic && command.relative
                                 ? RelativePath(process, source, ParentPath(link))
                                 : source;
  std::string backup;
  const Room room = MakeRoom(process, command, source, link, backup);
  if (room != Room::kMade) return room == Room::kRefused;
  const std::string path = process.AbsolutePath(link);
  const IoStatus made =
      command.symbolic ? files.MakeSymlink(target, path) : files.MakeHardLink(existing, path);
  if (!made) {
    const bool says_source =
        command.symbolic ? target.empty() : made.error() != std::errc::file_exists;
    Complain(process,
             std::string("failed to create ") +
                 (command.symbolic ? "symbolic link " : "hard link ") + QuotedName(link) +
                 (says_source ? (command.symbolic ? " -> " : " => ") + QuotedName(target) : "") +
                 ": " + ErrnoText(made.error()));
    return false;
  }
  if (command.verbose) {
    const std::string kept = backup.empty() ? "" : QuotedName(backup) + " ~ ";
    (void)process.Write(1, kept + QuotedName(link) + (command.symbolic ? " -> " : " => ") +
                               QuotedName(target) + "\n");
  }
  return true;
}

}  // namespace

int LnMain(Process& process) {
  LinkCommand command;
  std::string target_directory;
  bool no_target_directory = false;
  bool no_follow = false;
  constexpr int kBackupOption = 256;
  BackupOptions backup;
  Options options(process, "bdFfinrsS:t:TvLP",
                  {{"backup", kBackupOption, Options::kOptional},
                   {"directory", 'd'},
                   {"force", 'f'},
                   {"interactive", 'i'},
                   {"logical", 'L'},
                   {"no-dereference", 'n'},
                   {"no-target-directory", 'T'},
                   {"physical", 'P'},
                   {"relative", 'r'},
                   {"suffix", 'S', Options::kRequired},
                   {"symbolic", 's'},
                   {"target-directory", 't', Options::kRequired},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'b' || option->letter == kBackupOption) backup.Take(option->value);
    if (option->letter == 'S') backup.TakeSuffix(option->value);
    if (option->letter == 'd' || option->letter == 'F') command.folders = true;
    if (option->letter == 'f') command.force = true;
    if (option->letter == 'i') command.interactive = true;
    if (option->letter == 'L') command.follow = true;
    if (option->letter == 'n') no_follow = true;
    if (option->letter == 'P') command.follow = false;
    if (option->letter == 'r') command.relative = true;
    if (option->letter == 's') command.symbolic = true;
    if (option->letter == 't') target_directory = option->value;
    if (option->letter == 'T') no_target_directory = true;
    if (option->letter == 'v') command.verbose = true;
  }
  command.backup = backup.Style(process);
  if (command.relative && !command.symbolic) {
    Complain(process, "cannot do --relative without --symbolic");
    return 1;
  }
  std::vector<std::string> operands = options.operands();
  // One operand alone is linked into the current folder.
  if (operands.size() == 1 && target_directory.empty() && !no_target_directory) {
    target_directory = ".";
  }
  const Targets targets =
      FindTargets(process, std::move(operands), target_directory, no_target_directory, no_follow);
  int status = 0;
  for (const std::string& source : targets.sources) {
    process.Checkpoint();
    const std::string link = targets.For(source);
    if (!MakeLink(process, command, source, link)) status = 1;
  }
  return status;
}

}  // namespace computesdk::in_memory
