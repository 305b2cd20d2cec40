#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/archive/tar.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::tar {
namespace {

class Creator {
 public:
  Creator(Process& process, const Style& style, int fd)
      : process_(process),
        style_(style),
        out_(process, fd),
        list_(process, style.archive == "-" ? 2 : 1),
        writer_([this](std::string_view data) { Put(data); }, style.format, style.record) {
    if (process.File(fd) != nullptr) archive_ = process.File(fd)->Stat();
    if (style.gzip) gzip_.emplace([this](std::string_view data) { out_ << data; }, 6);
  }

  int Run(std::uint64_t begin, std::map<std::string, FileTime> known) {
    known_ = std::move(known);
    writer_.StartAt(begin);
    for (const Operand& operand : style_.operands) {
      std::string name = operand.name;
      while (name.size() > 1 && name.ends_with('/')) name.pop_back();
      Add(ChildOf(operand.folder, name), name, true);
    }
    writer_.Finish();
    if (gzip_) gzip_->Finish();
    list_.Flush();
    if (out_.Finish(0) != 0) status_ = 2;
    if (style_.check_links) CheckLinks();
    if (style_.totals) (void)process_.Write(2, Totals(process_, "written", writer_.written()));
    for (auto it = remove_.rbegin(); it != remove_.rend(); ++it) Remove(*it);
    return status_;
  }

 private:
  static std::string ChildOf(const std::string& folder, const std::string& name) {
    return folder.empty() || name.starts_with('/') ? name : ChildPath(folder, name);
  }
  void Put(std::string_view data) {
    process_.Checkpoint();
    if (gzip_) {
      gzip_->Write(data);
    } else {
      out_ << data;
    }
  }
  void Complaint(const std::string& message) {
    list_.Flush();
    Fail(process_, status_, message);
  }

  void Warn(std::string_view kind, const std::string& message) {
    if (style_.quiet_warnings.contains(kind)) return;
    list_.Flush();
    Complain(process_, message);
  }
  // What cannot be read: a failure, unless --ignore-failed-read makes it a warning.
  void Unreadable(const std::string& name, const char* what, std::errc error) {
    if (!style_.ignore_failed_read) {
      return Complaint(name + ": Cannot " + what + ": " + ErrnoText(error));
    }
    Warn("failed-read", name + ": Warning: Cannot " + what + ": " + ErrnoText(error));
  }

  // The tag in a folder that keeps its contents out; nullptr for none.
  const Style::Tag* TagIn(const std::string& folder) {
    for (const Style::Tag& tag : style_.tags) {
      const std::string path = process_.AbsolutePath(ChildPath(folder, tag.name));
      if (!process_.files().Stat(path, Follow::kNo)) continue;
      if (tag.content.empty()) return &tag;
      const auto content = process_.files().ReadFile(path);
      if (content && content->starts_with(tag.content)) return &tag;
    }
    return nullptr;
  }
  void TellOfTag(const TarMember& folder, const Style::Tag& tag, const char* what) {
    if (style_.verbose == 0) return;
    Warn("cachedir", Shown(folder.name) + ": contains a cache directory tag " + tag.name + what);
  }

  // `operand`: not found in a folder.
  void Add(const std::string& path, const std::string& name, bool operand = false) {
    process_.Checkpoint();
    if (IsExcluded(style_, name)) return;
    const auto status = StatPath(process_, path, style_.dereference ? Follow::kYes : Follow::kNo);
    if (!status && !operand && status.error() == std::errc::no_such_file_or_directory) {
      status_ = std::max(status_, 1);
      return Warn("file-removed", Shown(name) + ": File removed before we read it");
    }
    if (!status) return Unreadable(name, "stat", status.error());
    if (status->type != FileType::kDirectory && SameFile(*status, archive_)) {
      return Warn("ignore-archive", Shown(name) + ": file is the archive; not dumped");
    }
    if (status->type != FileType::kDirectory && style_.newer && status->modified < *style_.newer &&
        (!style_.newer_by_change || status->changed < *style_.newer)) {
      if (style_.verbose == 0) return;
      return Warn("file-unchanged", Shown(name) + ": file is unchanged; not dumped");
    }
    list_.Flush();
    if (!Confirm(process_, style_, "add", name)) return;
    TarMember member = Describe(*status, name);
    if (status->type == FileType::kDirectory) {
      if (!name.ends_with('/')) member.name += '/';
      const Style::Tag* const tag = TagIn(path);
      if (tag != nullptr && tag->kept == Style::Tagged::kKeepsNothing) {
        return TellOfTag(member, *tag, "; directory not dumped");
      }
      if (!Known(member)) (void)Write(member);
      if (style_.remove_files) remove_.push_back(path);
      if (!style_.recursive) return;
      if (tag != nullptr) {
        TellOfTag(member, *tag, "; contents not dumped");
        if (tag->kept == Style::Tagged::kKeepsFolder) return;
        return Add(ChildPath(path, tag->name), ChildPath(name, tag->name));
      }
      const auto entries = process_.files().List(process_.AbsolutePath(path));
      if (!entries) return Unreadable(name, "open", entries.error());
      for (const std::string& entry : Ordered(path, *entries)) {
        Add(ChildPath(path, entry), ChildPath(name, entry));
      }
      return;
    }
    if (Known(member)) return;
    if (style_.remove_files) remove_.push_back(path);
    if (!AddLink(member, *status, path)) AddFile(member, path, name);
    if (linked_.contains(status->inode)) TellOfRoot(name, told_link_, "hard link targets");
  }

  // The names of a folder, as --sort orders them.
  std::vector<std::string> Ordered(const std::string& path,
                                   const std::vector<DirectoryEntry>& entries) {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const DirectoryEntry& entry : entries) {
      const auto status = style_.by_inode ? StatLink(process_, ChildPath(path, entry.name))
                                          : IoError(std::errc::no_such_file_or_directory);
      order.emplace_back(status ? status->inode : 0, entry.name);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::string> names;
    names.reserve(order.size());
    for (auto& [inode, name] : order) names.push_back(std::move(name));
    return names;
  }

  // -l: of a file with several names, all have to be there.
  void CheckLinks() {
    for (const auto& [inode, link] : linked_) {
      if (link.left > 0) Complain(process_, "Missing links to " + QuotedWord(link.name) + ".");
    }
  }

  // u: what the archive has and is not older.
  bool Known(const TarMember& member) const {
    const auto found = known_.find(WithoutRoot(member.name));
    return found != known_.end() &&
           std::chrono::floor<std::chrono::seconds>(member.modified) <= found->second;
  }

  TarMember Describe(const FileStatus& status, const std::string& name) {
    TarMember member;
    member.name = name;
    member.mode = status.mode;
    if (style_.mode_change) {
      member.mode = style_.mode_change->Apply(status.mode, status.type == FileType::kDirectory,
                                              process_.umask);
    }
    member.uid = status.uid;
    member.gid = status.gid;
    member.modified = style_.time.value_or(status.modified);
    if (style_.clamp_time) member.modified = std::min(member.modified, status.modified);
    if (style_.owner) {
      const auto& owner = *style_.owner;
      member.uid = owner.id.value_or(FindUser(process_, owner.name).value_or(member.uid));
    }
    if (style_.group) {
      const auto& group = *style_.group;
      member.gid = group.id.value_or(FindGroup(process_, group.name).value_or(member.gid));
    }
    if (!style_.numeric) {
      const bool owner_named = style_.owner && !style_.owner->name.empty();
      const bool group_named = style_.group && !style_.group->name.empty();
      member.user = owner_named ? style_.owner->name : UserName(process_, member.uid);
      member.group = group_named ? style_.group->name : GroupName(process_, member.gid);
      // Who has no name is told by his number.
      if (!owner_named && ParseInteger(member.user)) member.user.clear();
      if (!group_named && ParseInteger(member.group)) member.group.clear();
    }
    switch (status.type) {
      case FileType::kRegular:
        member.size = status.size;
        break;
      case FileType::kDirectory:
        member.type = '5';
        break;
      case FileType::kSymlink:
        member.type = '2';
        break;
      case FileType::kCharacterDevice:
        member.type = '3';
        break;
      case FileType::kFifo:
        member.type = '6';
        break;
    }
    return member;
  }

  // True for what has no content of its own.
  bool AddLink(TarMember& member, const FileStatus& status, const std::string& path) {
    if (status.type == FileType::kSymlink) {
      member.link = process_.files().ReadLink(process_.AbsolutePath(path)).value_or("");
    } else if ((status.links > 1 || style_.dereference) && !style_.hard_dereference) {
      const auto [first, added] = linked_.emplace(status.inode, Link{member.name, status.links});
      --first->second.left;
      if (added) return false;
      member.type = '1';
      member.size = 0;
      member.link = WithoutRoot(first->second.name);
    } else if (status.type == FileType::kRegular) {
      return false;
    }
    (void)Write(member);
    return true;
  }

  void AddFile(const TarMember& member, const std::string& path, const std::string& name) {
    if (member.type != '0') return (void)Write(member);
    const auto fd = process_.Open(path, O_RDONLY);
    if (!fd) return Unreadable(name, "open", fd.error());
    const ScopedDescriptor file(process_, *fd);
    if (!Write(member)) return;
    Input input(process_, *fd);
    std::uint64_t left = member.size;
    while (left > 0) {
      std::string_view block = input.ReadBlock();
      if (block.empty()) break;
      block =
          block.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size())));
      writer_.Data(block);
      left -= block.size();
    }
    if (left > 0) {
      Warn("file-shrank",
           name + ": File shrank by " + std::to_string(left) + " bytes; padding with zeros");
      status_ = std::max(status_, 1);
      for (; left > 0; left -= std::min<std::uint64_t>(left, kTarBlock)) {
        writer_.Data(std::string(std::min<std::uint64_t>(left, kTarBlock), '\0'));
      }
    }
    writer_.EndMember();
  }

  std::string WithoutRoot(const std::string& name) const {
    if (style_.absolute) return name;
    const std::size_t first = RootLength(name);
    return first == name.size() && first > 0 ? "./" : name.substr(first);
  }

  // How much leads out of where the archive will be unpacked: up to the last "..", and slashes.
  static std::size_t RootLength(const std::string& name) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < name.size();) {
      const std::size_t end = std::min(name.find('/', at), name.size());
      if (std::string_view(name).substr(at, end - at) == "..") length = end;
      at = end + 1;
    }
    return std::min(name.find_first_not_of('/', length), name.size());
  }

  void TellOfRoot(const std::string& name, bool& told, const char* what) {
    if (told || style_.absolute || RootLength(name) == 0) return;
    told = true;
    list_.Flush();
    Complain(process_, "Removing leading `" + name.substr(0, RootLength(name)) + "' from " + what);
  }

  // The member's header; false where the format has no place for its name.
  bool Write(TarMember member) {
    TarMember line = member;
    TellOfRoot(member.name, told_root_, "member names");
    member.name = WithoutRoot(member.name);
    member.name = Transformed(style_.transforms, member.name, NameKind::kMember);
    if (!member.link.empty()) {
      member.link = Transformed(style_.transforms, member.link,
                                member.type == '1' ? NameKind::kHardLink : NameKind::kSymlink);
    }
    if (const std::string objection = writer_.Objection(member); !objection.empty()) {
      Complaint(member.name + ": " + objection + "; not dumped");
      return false;
    }
    if (style_.show_transformed) line.name = member.name;
    if (style_.verbose > 0) list_ << Line(style_, line, style_.verbose > 1) << "\n";
    writer_.Member(member);
    return true;
  }

  void Remove(const std::string& path) {
    const std::string absolute = process_.AbsolutePath(path);
    const IoStatus gone = IsDirectory(process_, path) && !IsSymlink(path)
                              ? process_.files().RemoveDirectory(absolute)
                              : process_.files().Unlink(absolute);
    if (!gone) Complaint(path + ": Cannot unlink: " + ErrnoText(gone.error()));
  }
  bool IsSymlink(const std::string& path) {
    const auto status = StatLink(process_, path);
    return status && status->type == FileType::kSymlink;
  }

  Process& process_;
  const Style& style_;
  Output out_;
  Output list_;
  TarWriter writer_;
  std::optional<GzipWriter> gzip_;
  FileStatus archive_{};
  struct Link {
    std::string name;    // The first.
    std::uint64_t left;  // Names that have not been met.
  };
  std::map<std::uint64_t, Link> linked_;
  std::map<std::string, FileTime> known_;
  std::vector<std::string> remove_;
  bool told_root_ = false;
  bool told_link_ = false;
  int status_ = 0;
};

// Where the members of an archive end, and which there are: for r and u.
std::uint64_t FindEnd(Process& process, const Style& style, int fd,
                      std::map<std::string, FileTime>& known) {
  Input input(process, fd);
  if (LooksGzipped(input.Peek())) {
    Die(process, "Cannot update compressed archives");
  }
  TarReader reader([&] { return input.ReadBlock(); });
  while (const auto member = reader.Next()) {
    FileTime& time = known[member->name];
    time = std::max(time, member->modified);
  }
  const bool empty = reader.error() == TarReader::Error::kNotTar && reader.position() == 0 &&
                     process.File(fd)->Stat().size == 0;
  if (reader.error() != TarReader::Error::kNone && !empty) {
    Die(process, "This does not look like a tar archive");
  }
  if (style.mode == 'r') known.clear();
  return reader.position();
}

}  // namespace

int Create(Process& process, const Style& style) {
  if (style.archive == "-") {
    if (style.mode != 'c') Die(process, "Options '-Aru' are incompatible with '-f -'");
    return Creator(process, style, 1).Run(0, {});
  }
  const int flags = style.mode == 'c' ? O_WRONLY | O_CREAT | O_TRUNC : O_RDWR | O_CREAT;
  const auto fd = process.Open(style.archive, flags);
  if (!fd) {
    Die(process, style.archive + ": Cannot open: " + ErrnoText(fd.error()));
  }
  const ScopedDescriptor file(process, *fd);
  std::map<std::string, FileTime> known;
  std::uint64_t begin = 0;
  if (style.mode != 'c') {
    if (style.gzip) Die(process, "Cannot update compressed archives");
    begin = FindEnd(process, style, *fd, known);
    (void)process.File(*fd)->Seek(static_cast<std::int64_t>(begin), SEEK_SET);
  }
  return Creator(process, style, *fd).Run(begin, std::move(known));
}

}  // namespace computesdk::in_memory::tar
