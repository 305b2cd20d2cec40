#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/copier.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/files/path.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct InstallCommand {
  bool directories = false;
  bool make_parents = false;
  bool verbose = false;
  bool preserve_times = false;
  bool no_target_directory = false;
  std::string target_directory;
  std::string mode = "755";
  std::string owner;
  std::string group;
  bool compare = false;
  BackupStyle backup;
  std::vector<std::string> operands;
};

InstallCommand ParseInstall(Process& process) {
  constexpr int kBackupOption = 256;
  constexpr int kStripProgram = 257;
  InstallCommand command;
  BackupOptions backup;
  Options options(process, "bcCdDg:m:o:psS:t:TvZ",
                  {{"backup", kBackupOption, Options::kOptional},
                   {"compare", 'C'},
                   {"context", 'Z', Options::kOptional},
                   {"directory", 'd'},
                   {"group", 'g', Options::kRequired},
                   {"mode", 'm', Options::kRequired},
                   {"no-target-directory", 'T'},
                   {"owner", 'o', Options::kRequired},
                   {"preserve-timestamps", 'p'},
                   {"strip", 's'},  // A program of the sandbox has no symbols.
                   {"strip-program", kStripProgram, Options::kRequired},
                   {"suffix", 'S', Options::kRequired},
                   {"target-directory", 't', Options::kRequired},
                   {"verbose", 'v'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'b' || option->letter == kBackupOption) backup.Take(option->value);
    if (option->letter == 'S') backup.TakeSuffix(option->value);
    if (option->letter == 'C') command.compare = true;
    if (option->letter == 'd') command.directories = true;
    if (option->letter == 'D') command.make_parents = true;
    if (option->letter == 'g') command.group = option->value;
    if (option->letter == 'm') command.mode = option->value;
    if (option->letter == 'o') command.owner = option->value;
    if (option->letter == 'p') command.preserve_times = true;
    if (option->letter == 't') command.target_directory = option->value;
    if (option->letter == 'T') command.no_target_directory = true;
    if (option->letter == 'v') command.verbose = true;
  }
  command.backup = backup.Style(process);
  command.operands = options.operands();
  return command;
}

// Gives what it makes its mode and its owner.
class Installer {
 public:
  Installer(Process& process, const InstallCommand& command)
      : process_(process), command_(command), change_(ModeChange::Parse(command.mode)) {
    if (!change_) {
      Complain(process, "invalid mode " + QuotedWord(command.mode));
      process.Exit(1);
    }
    if (!command.owner.empty())
      owner_ = Find(FindUser(process, command.owner), "user", command.owner);
    if (!command.group.empty()) {
      group_ = Find(FindGroup(process, command.group), "group", command.group);
    }
  }

  bool MakeDirectories(const std::string& name) {
    if (!MakeParents(name)) return false;
    Finish(name, true);
    return true;
  }

  // A folder and those above it, with the usual modes.
  bool MakeParents(const std::string& name, bool last = true) {
    const auto status = StatPath(process_, name);
    if (status && status->type == FileType::kDirectory) return true;
    if (status) {
      return Refuse(name, last ? std::errc::file_exists : std::errc::not_a_directory);
    }
    const std::string parent = ParentPath(name);
    if (parent != name && !MakeParents(parent, false)) return false;
    const IoStatus made = process_.files().MakeDirectory(process_.AbsolutePath(name), 0755);
    if (!made) {
      return Refuse(name, made.error());
    }
    if (command_.verbose) {
      (void)process_.Write(1, "install: creating directory " + QuotedName(name) + "\n");
    }
    return true;
  }

  // -C: whether the same bytes are there already, with the same mode and owner.
  bool IsInstalled(const std::string& source, const std::string& destination) {
    const auto there = StatLink(process_, destination);
    const auto from = StatPath(process_, source);
    if (!there || !from || there->type != FileType::kRegular) return false;
    if (there->size != from->size || there->mode != change_->Apply(0, false, 0)) return false;
    if (there->uid != owner_.value_or(0) || there->gid != group_.value_or(0)) return false;
    FileSystem& files = process_.files();
    const auto bytes = files.ReadFile(process_.AbsolutePath(source));
    return bytes && bytes == files.ReadFile(process_.AbsolutePath(destination));
  }

  void Finish(const std::string& name, bool directory) {
    FileSystem& files = process_.files();
    const std::string path = process_.AbsolutePath(name);
    if (owner_ || group_) {
      if (const auto status = files.Stat(path)) {
        (void)files.SetOwner(path, owner_.value_or(status->uid), group_.value_or(status->gid));
      }
    }
    (void)files.SetMode(path, change_->Apply(0, directory, 0));
  }

 private:
  bool Refuse(const std::string& folder, std::errc error) {
    Complain(process_, "cannot create directory " + QuotedWord(folder) + ": " + ErrnoText(error));
    return false;
  }

  unsigned Find(std::optional<unsigned> id, const std::string& kind, const std::string& name) {
    if (id) return *id;
    Complain(process_, "invalid " + kind + " " + QuotedWord(name));
    process_.Exit(1);
  }

  Process& process_;
  const InstallCommand& command_;
  const std::optional<ModeChange> change_;
  std::optional<unsigned> owner_;
  std::optional<unsigned> group_;
};

}  // namespace

int InstallMain(Process& process) {
  const InstallCommand command = ParseInstall(process);
  const std::vector<std::string>& operands = command.operands;
  if (operands.empty()) UsageError(process, "missing file operand");
  Installer installer(process, command);
  int status = 0;
  if (command.directories) {
    for (const std::string& name : operands) {
      if (!installer.MakeDirectories(name)) status = 1;
    }
    return status;
  }
  if (command.make_parents) {
    const std::string& target = command.target_directory;
    if (!installer.MakeParents(target.empty() ? ParentPath(operands.back()) : target)) return 1;
  }
  const Targets targets =
      FindTargets(process, operands, command.target_directory, command.no_target_directory);
  Copier copier(process, {.verbose = command.verbose,
                          .remove_destination = true,
                          .preserve_times = command.preserve_times,
                          .backup = command.backup});
  for (const std::string& source : targets.sources) {
    const std::string destination = targets.For(source);
    if (command.compare && installer.IsInstalled(source, destination)) continue;
    const auto from = StatPath(process, source);
    const auto there = StatLink(process, destination);
    const bool same_name = NormalisedPath(process.AbsolutePath(source)) ==
                           NormalisedPath(process.AbsolutePath(destination));
    if (from && there && SameFile(*from, *there) && (same_name || there->links == 1)) {
      Complain(process,
               QuotedName(source) + " and " + QuotedName(destination) + " are the same file");
      status = 1;
      continue;
    }
    if (copier.Copy(source, destination)) {
      installer.Finish(destination, false);
    } else {
      status = 1;
    }
  }
  return status;
}

}  // namespace computesdk::in_memory
