#include "mocks/in_memory/utilities/files/copier.h"

#include <fcntl.h>

#include <algorithm>

#include "mocks/in_memory/file_system/inode.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/path.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

bool ReplacesOwnTarget(Process& process, const std::string& source, const FileStatus& status,
                       const std::string& destination, const FileStatus& there) {
  if (status.type != FileType::kSymlink || there.type == FileType::kSymlink) return false;
  const FileSystem& files = process.files();
  return files.RealPath(process.AbsolutePath(source)) ==
         files.RealPath(process.AbsolutePath(destination));
}

bool Copier::Copy(const std::string& source, const std::string& destination) {
  const bool inside = options_.recursive && IsInside(source, destination);
  inside_ = inside;
  const bool whole = CopyOne(source, destination, true);
  if (!inside) return whole;
  Complain(process_, "cannot copy a directory, " + QuotedName(source) + ", into itself, " +
                         QuotedName(destination));
  return false;
}

bool Copier::IsInside(const std::string& source, const std::string& destination) {
  if (!IsDirectory(process_, source)) return false;
  if (StatLink(process_, destination) && !IsDirectory(process_, destination)) return false;
  const FileSystem& files = process_.files();
  const auto from = files.RealPath(process_.AbsolutePath(source));
  const auto to = files.RealPath(process_.AbsolutePath(ParentPath(destination)));
  return from && to && (*to + "/").starts_with(*from == "/" ? "/" : *from + "/");
}

bool Copier::Follows(bool operand) const {
  switch (options_.links) {
    case CopyOptions::Links::kDefault:
      return !options_.recursive || options_.method == CopyOptions::Method::kHardLink;
    case CopyOptions::Links::kFollow:
      return true;
    case CopyOptions::Links::kFollowOperands:
      return operand;
    case CopyOptions::Links::kKeep:
      return false;
  }
  return true;
}

bool Copier::Check(IoStatus status, const std::string& verb, const std::string& path) {
  if (!status) CannotDo(process_, verb, path, status.error());
  return status.has_value();
}

void Copier::Show(const std::string& source, const std::string& destination) {
  if (!options_.verbose) return;
  std::string line = QuotedName(source) + " -> " + QuotedName(destination);
  if (!backup_.empty()) line += " (backup: " + QuotedName(backup_) + ")";
  (void)process_.Write(1, line + "\n");
}

// Moves away what stands where the copy goes.
bool Copier::MakeBackup(const std::string& destination, bool& exists) {
  backup_.clear();
  if (!exists || options_.backup.kind == BackupKind::kNone) return true;
  backup_ = BackupPath(process_, destination, options_.backup);
  const IoStatus moved =
      process_.files().Rename(process_.AbsolutePath(destination), process_.AbsolutePath(backup_));
  if (!moved) {
    CannotDo(process_, "backup", destination, moved.error());
    return false;
  }
  exists = false;
  return true;
}

// A name by which the same file is always known.
std::string Copier::PlaceOf(const std::string& path) const {
  const auto folder = process_.files().RealPath(process_.AbsolutePath(ParentPath(path)));
  return ChildPath(folder.value_or(""), LastComponent(path));
}

bool Copier::CopyOne(const std::string& source, const std::string& destination, bool operand) {
  process_.Checkpoint();
  const Follow follow = Follows(operand) ? Follow::kYes : Follow::kNo;
  const IoResult<FileStatus> status = StatPath(process_, source, follow);
  if (!status) {
    CannotDo(process_, "stat", source, status.error());
    return false;
  }
  if (status->type == FileType::kDirectory && !options_.recursive) {
    const bool has_option = ProgramName(process_) == "cp";
    Complain(process_,
             (has_option ? "-r not specified; omitting directory " : "omitting directory ") +
                 QuotedName(source));
    return false;
  }
  if (operand && options_.backup.kind == BackupKind::kNone &&
      !operands_.emplace(PlaceOf(source), status->inode).second) {
    const bool folder = status->type == FileType::kDirectory;
    Complain(process_, std::string("warning: source ") + (folder ? "directory " : "file ") +
                           QuotedName(source) + " specified more than once");
    return true;
  }
  bool exists = false;
  switch (LookAtDestination(source, *status, destination, exists)) {
    case Step::kSkip:
      return true;
    case Step::kFail:
      return false;
    case Step::kGo:
      break;
  }
  if (status->type == FileType::kDirectory) {
    return CopyDirectory(source, *status, destination, exists);
  }
  if (!MakeBackup(destination, exists)) return false;
  if (exists && options_.remove_destination) {
    if (!Check(process_.files().Unlink(process_.AbsolutePath(destination)), "remove",
               destination)) {
      return false;
    }
    if (options_.verbose) (void)process_.Write(1, "removed " + QuotedName(destination) + "\n");
    exists = false;
  }
  Show(source, destination);
  if (options_.preserve_links && status->links > 1) {
    const auto [copy, first] = copies_.emplace(status->inode, destination);
    if (!first) {
      if (exists) (void)process_.files().Unlink(process_.AbsolutePath(destination));
      return Check(process_.files().MakeHardLink(process_.AbsolutePath(copy->second),
                                                 process_.AbsolutePath(destination)),
                   "create hard link", destination);
    }
  }
  if (!MakeCopy(source, *status, destination, exists)) {
    if (!backup_.empty()) {
      (void)process_.files().Rename(process_.AbsolutePath(backup_),
                                    process_.AbsolutePath(destination));
    }
    return false;
  }
  if (const auto made = StatLink(process_, destination)) made_.insert(made->inode);
  if (options_.method == CopyOptions::Method::kContent) Preserve(*status, destination);
  return true;
}

Copier::Step Copier::LookAtDestination(const std::string& source, const FileStatus& status,
                                       const std::string& destination, bool& exists) {
  const IoResult<FileStatus> link = StatLink(process_, destination);
  exists = link.has_value();
  if (!exists) return Step::kGo;
  const IoResult<FileStatus> through = StatPath(process_, destination);
  const bool keeps = options_.backup.kind != BackupKind::kNone;
  if (!through && status.type == FileType::kRegular && !options_.remove_destination && !keeps) {
    Complain(process_, "not writing through dangling symlink " + QuotedName(destination));
    return Step::kFail;
  }
  // A link takes the place of a link.
  const bool keeps_link = status.type == FileType::kSymlink;
  const FileStatus& target = through && !keeps_link ? *through : *link;
  // A backup takes the other name away first.
  const bool renamed = keeps && (link->type == FileType::kSymlink ||
                                 process_.files().RealPath(process_.AbsolutePath(source)) !=
                                     process_.files().RealPath(process_.AbsolutePath(destination)));
  const bool own_target = !keeps && ReplacesOwnTarget(process_, source, status, destination, *link);
  if (own_target || (SameFile(status, target) && !options_.remove_destination && !renamed)) {
    if (options_.method == CopyOptions::Method::kHardLink) return Step::kSkip;
    Complain(process_,
             QuotedName(source) + " and " + QuotedName(destination) + " are the same file");
    return Step::kFail;
  }
  const bool from_directory = status.type == FileType::kDirectory;
  const bool to_directory = target.type == FileType::kDirectory;
  if (from_directory && !to_directory) {
    Complain(process_, "cannot overwrite non-directory " + QuotedName(destination) +
                           " with directory " + QuotedName(source));
    return Step::kFail;
  }
  if (!from_directory && to_directory) {
    Complain(process_,
             "cannot overwrite directory " + QuotedName(destination) + " with non-directory");
    return Step::kFail;
  }
  if (from_directory) return Step::kGo;
  return MayReplace(source, status, target, destination);
}

Copier::Step Copier::MayReplace(const std::string& source, const FileStatus& status,
                                const FileStatus& target, const std::string& destination) {
  if (made_.contains(target.inode)) {
    Complain(process_, "will not overwrite just-created " + QuotedName(destination) + " with " +
                           QuotedName(source));
    return Step::kFail;
  }
  if (options_.no_clobber) return Step::kSkip;
  if (options_.update && target.modified >= status.modified) return Step::kSkip;
  if (options_.interactive &&
      !Confirm(process_, "cp: overwrite " + QuotedName(destination) + "? ")) {
    return Step::kSkip;
  }
  return Step::kGo;
}

bool Copier::CopyDirectory(const std::string& source, const FileStatus& status,
                           const std::string& destination, bool exists) {
  // The copy itself, below the source; Copy complains of it.
  if (inside_ && made_.contains(status.inode)) return true;
  FileSystem& files = process_.files();
  // Listed before the copy is made, so that one inside the source is not copied again and again.
  const auto entries = files.List(process_.AbsolutePath(source));
  if (!entries) {
    CannotDo(process_, "access", source, entries.error());
    return false;
  }
  if (!exists) {
    const unsigned wanted = options_.plain_mode ? 0777 : status.mode;
    const unsigned mode = options_.preserve_mode ? status.mode : wanted & ~process_.umask;
    if (!Check(files.MakeDirectory(process_.AbsolutePath(destination), mode), "create directory",
               destination)) {
      return false;
    }
    Show(source, destination);
  }
  if (const auto made = StatPath(process_, destination)) made_.insert(made->inode);
  bool whole = true;
  for (const DirectoryEntry& entry : *entries) {
    const std::string child = ChildPath(source, entry.name);
    whole &= CopyOne(child, ChildPath(destination, entry.name), false);
  }
  Preserve(status, destination);
  return whole;
}

// A relative link to the source leads to it from here alone.
bool Copier::MayLinkFrom(const std::string& source, const std::string& absolute,
                         const std::string& destination) {
  const std::string folder = absolute.substr(0, std::max<std::size_t>(absolute.rfind('/'), 1));
  if (source[0] == '/' || CanonicalPath(process_, folder, Missing::kNothing) ==
                              CanonicalPath(process_, ".", Missing::kNothing)) {
    return true;
  }
  Complain(process_, destination + ": can make relative symbolic links only in current directory");
  return false;
}

bool Copier::MakeCopy(const std::string& source, const FileStatus& status,
                      const std::string& destination, bool exists) {
  FileSystem& files = process_.files();
  const std::string from = process_.AbsolutePath(source);
  const std::string to = process_.AbsolutePath(destination);
  const bool linking = options_.method != CopyOptions::Method::kContent;
  const bool symlink = status.type == FileType::kSymlink;
  if (options_.method == CopyOptions::Method::kSymlink && !MayLinkFrom(source, to, destination)) {
    return false;
  }
  if (exists && linking && !options_.force) {
    const bool hard = options_.method == CopyOptions::Method::kHardLink;
    Complain(process_, std::string("cannot create ") + (hard ? "hard" : "symbolic") + " link " +
                           QuotedName(destination) + " to " + QuotedName(source) + ": File exists");
    return false;
  }
  if (exists && (linking || symlink)) {
    if (!Check(files.Unlink(to), "remove", destination)) return false;
    exists = false;
  }
  if (options_.method == CopyOptions::Method::kHardLink) {
    const std::string existing = symlink ? from : files.RealPath(from).value_or(from);
    return Check(files.MakeHardLink(existing, to), "create hard link", destination);
  }
  if (options_.method == CopyOptions::Method::kSymlink) {
    return Check(files.MakeSymlink(source, to), "create symbolic link", destination);
  }
  if (symlink) {
    const auto target = files.ReadLink(from);
    return target && Check(files.MakeSymlink(*target, to), "create symbolic link", destination);
  }
  if (options_.recursive && status.type == FileType::kFifo && !options_.copy_contents) {
    return Check(files.MakeFifo(to, status.mode & ~process_.umask), "create fifo", destination);
  }
  if (options_.recursive && status.type == FileType::kCharacterDevice && !options_.copy_contents) {
    if (exists && !Check(files.Unlink(to), "remove", destination)) return false;
    const auto device = files.Find(from);
    return device && Check(files.MakeDevice(to, (*device)->content, status.mode & ~process_.umask),
                           "create special file", destination);
  }
  return CopyContent(source, status, destination, exists);
}

bool Copier::CopyContent(const std::string& source, const FileStatus& status,
                         const std::string& destination, bool exists) {
  const auto in = process_.Open(source, O_RDONLY);
  if (!in) {
    Complain(process_,
             "cannot open " + QuotedName(source) + " for reading: " + ErrnoText(in.error()));
    return false;
  }
  const ScopedDescriptor reader(process_, *in);
  const int truncate = options_.attributes_only ? 0 : O_TRUNC;
  const unsigned mode = options_.plain_mode ? 0666 : status.mode & 0777;
  const auto out = process_.Open(destination, O_WRONLY | truncate | (exists ? 0 : O_CREAT), mode);
  if (!out) {
    CannotDo(process_, "create regular file", destination, out.error());
    return false;
  }
  const ScopedDescriptor writer(process_, *out);
  if (options_.attributes_only) return true;
  std::string block(std::size_t{1} << 16, '\0');
  while (true) {
    process_.Checkpoint();
    const auto count = process_.Read(*in, block.data(), block.size());
    if (!count) {
      Complain(process_, "error reading " + QuotedName(source) + ": " + ErrnoText(count.error()));
      return false;
    }
    if (*count == 0) return true;
    const auto written = process_.Write(*out, std::string_view(block).substr(0, *count));
    if (!written) {
      Complain(process_,
               "error writing " + QuotedName(destination) + ": " + ErrnoText(written.error()));
      return false;
    }
  }
}

void Copier::Preserve(const FileStatus& status, const std::string& destination) {
  FileSystem& files = process_.files();
  const std::string path = process_.AbsolutePath(destination);
  const bool link = status.type == FileType::kSymlink;
  const Follow follow = link ? Follow::kNo : Follow::kYes;
  if (options_.preserve_owner) (void)files.SetOwner(path, status.uid, status.gid, follow);
  if (options_.preserve_mode && !link) (void)files.SetMode(path, status.mode);
  if (options_.preserve_times) {
    (void)files.SetTimes(path, status.accessed, status.modified, follow);
  }
}

}  // namespace computesdk::in_memory
