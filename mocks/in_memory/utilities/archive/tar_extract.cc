#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/archive/tar.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::tar {
namespace {

bool HasDotDot(std::string_view name) {
  return name == ".." || name.starts_with("../") || name.ends_with("/..") ||
         name.find("/../") != std::string_view::npos;
}

class Extractor {
 public:
  Extractor(Process& process, const Style& style, TarReader& reader)
      : process_(process), style_(style), reader_(reader), out_(process) {
    found_.resize(style.operands.size(), false);
    status_list_ = style.to_stdout ? 2 : 1;
  }

  int Run() {
    while (const auto member = reader_.Next()) {
      process_.Checkpoint();
      if (!Wanted(style_, member->name, found_) || IsExcluded(style_, member->name)) continue;
      if (style_.mode == 't') {
        TarMember shown = *member;
        if (!style_.absolute && shown.name.starts_with('/')) TellOfRoot(false);
        if (style_.show_transformed) {
          shown.name = Transformed(style_.transforms, shown.name, NameKind::kMember);
        }
        List(shown, style_.verbose > 0);
      } else {
        ExtractMember(*member);
      }
    }
    // A folder gets its time and mode when nothing more goes into it.
    for (auto it = folders_.rbegin(); it != folders_.rend(); ++it) Adjust(it->second, it->first);
    out_.Flush();
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i]) continue;
      const std::string& name = style_.operands[i].name;
      if (!style_.wildcards_given && name.find_first_of("*?[\\") != std::string::npos) {
        Complain(process_, "Pattern matching characters used in file names");
        Complain(process_,
                 "Use --wildcards to enable pattern matching, or --no-wildcards to suppress this "
                 "warning");
      }
      Complaint(name + ": Not found in archive");
    }
    return status_;
  }

 private:
  void Complaint(const std::string& message) {
    out_.Flush();
    Fail(process_, status_, message);
  }

  void List(const TarMember& member, bool details) {
    const std::string line = Line(style_, member, details) + "\n";
    if (status_list_ == 1) {
      out_ << line;
    } else {
      (void)process_.Write(status_list_, line);
    }
  }

  void TellOfRoot(bool link) {
    bool& told = link ? told_link_ : told_root_;
    if (told) return;
    told = true;
    out_.Flush();
    Complain(process_, link ? "Removing leading `/' from hard link targets"
                            : "Removing leading `/' from member names");
  }

  // The name to extract to; empty for none.
  std::string Target(const std::string& name, bool link) {
    std::string target =
        Transformed(style_.transforms, name, link ? NameKind::kHardLink : NameKind::kMember);
    if (!style_.absolute && target.starts_with('/')) {
      TellOfRoot(link);
      target.erase(0, std::min(target.find_first_not_of('/'), target.size()));
      if (target.empty()) target = ".";
    }
    for (std::int64_t i = 0; i < style_.strip; ++i) {
      const std::size_t slash = target.find('/');
      if (slash == std::string::npos) return "";
      target.erase(0, std::min(target.find_first_not_of('/', slash), target.size()));
    }
    target = WithoutSlashes(target);
    // What a link leads to is looked for where its name says.
    if (link || !style_.top_level) return target;
    while (target.starts_with("./")) target.erase(0, 2);
    const bool there = target == *style_.top_level || target.starts_with(*style_.top_level + "/");
    return !there ? JoinPath(*style_.top_level, target) : target;
  }

  void ExtractMember(const TarMember& member) {
    const std::string target = Target(member.name, false);
    if (target.empty()) return;
    if (!style_.absolute && HasDotDot(member.name)) {
      return Complaint(Shown(member.name) + ": Member name contains '..'");
    }
    out_.Flush();
    if (!Confirm(process_, style_, "extract", member.name)) return;
    if (style_.verbose > 0) {
      TarMember shown = member;
      if (style_.show_transformed) shown.name = target + (member.type == '5' ? "/" : "");
      List(shown, style_.verbose > 1);
    }
    if (style_.to_stdout) {
      for (auto data = reader_.Data(); !data.empty(); data = reader_.Data()) {
        process_.Checkpoint();
        out_ << data;
      }
      return;
    }
    const std::string path =
        process_.AbsolutePath(style_.folder.empty() ? target : JoinPath(style_.folder, target));
    if (member.type == '5') return MakeFolder(path, target, member);
    const auto old = process_.files().Stat(path, Follow::kNo);
    if (old && !MakeWay(path, target, member, *old)) return;
    if (const IoStatus made = Make(path, target, member); !made) {
      return Complaint(Shown(target) + ": Cannot " + Verb(member) + ": " + ErrnoText(made.error()));
    }
    if (member.type != '1') Adjust(path, member);
  }

  std::string Verb(const TarMember& member) {
    if (member.type == '1') return "hard link to " + QuotedWord(Target(member.link, true));
    if (member.type == '2') return "create symlink to " + QuotedWord(member.link);
    if (member.type == '6') return "mkfifo";
    return "open";
  }

  // False where the old one stays.
  bool MakeWay(const std::string& path, const std::string& target, const TarMember& member,
               const FileStatus& old) {
    if (style_.skip_old) {
      if (!style_.quiet_warnings.contains("existing-file")) {
        out_.Flush();
        Complain(process_, Shown(target) + ": skipping existing file");
      }
      return false;
    }
    if (style_.keep_old) {
      Complaint(Shown(target) + ": Cannot " + Verb(member) + ": File exists");
      return false;
    }
    if (style_.keep_newer && old.modified >= member.modified) {
      out_.Flush();
      if (!style_.quiet_warnings.contains("ignore-newer")) {
        Complain(process_, "Current " + QuotedWord(target) + " is newer or same age");
      }
      return false;
    }
    const IoStatus gone = old.type == FileType::kDirectory ? process_.files().RemoveDirectory(path)
                                                           : process_.files().Unlink(path);
    if (gone) return true;
    Complaint(Shown(target) + ": Cannot " + Verb(member) + ": " +
              (old.type == FileType::kDirectory ? "Is a directory" : ErrnoText(gone.error())));
    return false;
  }

  IoStatus Make(const std::string& path, const std::string& target, const TarMember& member) {
    FileSystem& files = process_.files();
    (void)files.MakeDirectories(ParentPath(path), 0777 & ~process_.umask);
    switch (member.type) {
      case '1': {
        const std::string source = Target(member.link, true);
        return files.MakeHardLink(
            process_.AbsolutePath(style_.folder.empty() ? source : JoinPath(style_.folder, source)),
            path);
      }
      case '2':
        return files.MakeSymlink(Transformed(style_.transforms, member.link, NameKind::kSymlink),
                                 path);
      case '3':
      case '4':
        return IoError(std::errc::operation_not_permitted);
      case '6':
        return files.MakeFifo(path, member.mode);
      default:
        return WriteFile(path, target, member);
    }
  }

  IoStatus WriteFile(const std::string& path, const std::string& target, const TarMember&) {
    const auto fd = process_.Open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!fd) return IoError(fd.error());
    const ScopedDescriptor file(process_, *fd);
    for (auto data = reader_.Data(); !data.empty(); data = reader_.Data()) {
      process_.Checkpoint();
      const IoStatus written = process_.Write(*fd, data);
      if (written) continue;
      Complaint(Shown(target) + ": Cannot write: " + ErrnoText(written.error()));
      break;
    }
    return {};
  }

  void MakeFolder(const std::string& path, const std::string& target, const TarMember& member) {
    const auto old = process_.files().Stat(path);
    if (old && old->type == FileType::kDirectory && style_.keep_folders) return;
    if (!old || old->type != FileType::kDirectory) {
      if (process_.files().Stat(path, Follow::kNo)) (void)process_.files().Unlink(path);
      const IoStatus made = process_.files().MakeDirectories(path, 0777 & ~process_.umask);
      if (!made) {
        return Complaint(Shown(target) + ": Cannot mkdir: " + ErrnoText(made.error()));
      }
    }
    folders_.emplace_back(member, path);
  }

  void Adjust(const std::string& path, const TarMember& member) {
    FileSystem& files = process_.files();
    if (style_.same_owner) {
      const auto uid = style_.numeric ? std::nullopt : FindUser(process_, member.user);
      const auto gid = style_.numeric ? std::nullopt : FindGroup(process_, member.group);
      (void)files.SetOwner(path, uid.value_or(member.uid), gid.value_or(member.gid), Follow::kNo);
    }
    if (member.type != '2') {
      const unsigned mask = style_.same_mode ? 0 : process_.umask | 07000;
      (void)files.SetMode(path, member.mode & ~mask);
    }
    if (!style_.touch) {
      (void)files.SetTimes(path, process_.clock().Now(), member.modified, Follow::kNo);
    }
  }

  Process& process_;
  const Style& style_;
  TarReader& reader_;
  Output out_;
  int status_list_;
  std::vector<bool> found_;
  std::vector<std::pair<TarMember, std::string>> folders_;
  bool told_root_ = false;
  bool told_link_ = false;
  int status_ = 0;
};

[[noreturn]] void DieOfChild(Process& process, int status) {
  Complain(process, "Child returned status " + std::to_string(status));
  Die(process, "");
}

// What went wrong with the archive itself.
int JudgeEnd(Process& process, const TarReader& reader, const GzipReader* gzip, int status) {
  if (gzip != nullptr && gzip->error() != GzipError::kNone &&
      gzip->error() != GzipError::kTrailingGarbage) {
    const bool cut = gzip->error() == GzipError::kUnexpectedEnd;
    (void)process.Write(2, std::string("\ngzip: stdin: ") +
                               (gzip->error() == GzipError::kNotGzip ? "not in gzip format"
                                : cut                                ? "unexpected end of file"
                                : gzip->error() == GzipError::kBadChecksum
                                    ? "invalid compressed data--crc error"
                                    : "invalid compressed data--format violated") +
                               "\n");
    if (cut) {
      Complain(process, "Unexpected EOF in archive");
      Die(process, "");
    }
    DieOfChild(process, 1);
  }
  switch (reader.error()) {
    case TarReader::Error::kNone:
      return status;
    case TarReader::Error::kNotTar:
      Fail(process, status,
           reader.position() == 0 ? "This does not look like a tar archive"
                                  : "Skipping to next header");
      if (reader.position() == 0 && reader.bytes_read() >= kTarBlock) {
        Complain(process, "Skipping to next header");
      }
      return status;
    default:
      Complain(process, "Unexpected EOF in archive");
      Die(process, "");
  }
}

}  // namespace

int Extract(Process& process, const Style& style) {
  int fd = 0;
  if (style.archive != "-") {
    const auto opened = process.Open(style.archive, O_RDONLY);
    if (!opened) {
      const std::string message = style.archive + ": Cannot open: " + ErrnoText(opened.error());
      if (!style.gzip) Die(process, message);
      // GNU tar opens it in the child that decompresses.
      (void)process.Write(
          2, "tar (child): " + message + "\ntar (child): Error is not recoverable: exiting now\n");
      DieOfChild(process, 2);
    }
    fd = *opened;
  }
  const ScopedDescriptor file(process, style.archive == "-" ? -1 : fd);
  if (!style.folder.empty() && style.mode == 'x' && !IsDirectory(process, style.folder)) {
    const auto status = StatPath(process, style.folder);
    Die(process, style.folder +
                     ": Cannot open: " + (status ? "Not a directory" : ErrnoText(status.error())));
  }
  Input input(process, fd);
  const bool gzipped = LooksGzipped(input.Peek());
  if (gzipped && !style.gzip && style.archive == "-") {
    Die(process, "Archive is compressed. Use -z option");
  }
  std::optional<GzipReader> gzip;
  if (gzipped || style.gzip) gzip.emplace([&] { return input.ReadBlock(); });
  TarReader reader(
      [&]() -> std::string_view {
        process.Checkpoint();
        return gzip ? gzip->Next() : input.ReadBlock();
      },
      style.ignore_zeros);
  int status = Extractor(process, style, reader).Run();
  status = JudgeEnd(process, reader, gzip ? &*gzip : nullptr, status);
  if (style.totals) {
    const std::uint64_t records = (reader.bytes_read() + style.record - 1) / style.record;
    (void)process.Write(2, Totals(process, "read", records * style.record));
  }
  return status;
}

}  // namespace computesdk::in_memory::tar
