#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/tar.h"

namespace computesdk::in_memory::tar {
namespace {

class Creator {
 public:
  Creator(Process& process, const Style& style, int fd)
      : process_(process),
        style_(style),
        out_(process, fd),
        list_(process, style.archive == "-" ? 2 : 1),
        writer_([this](std::string_view data) { Put(data); }) {
    if (process.File(fd) != nullptr) archive_ = process.File(fd)->Stat();
    if (style.gzip) gzip_.emplace([this](std::string_view data) { out_ << data; }, 6);
  }

  int Run(std::uint64_t begin, std::map<std::string, FileTime> known) {
    known_ = std::move(known);
    writer_.StartAt(begin);
    for (const Operand& operand : style_.operands) {
      std::string name = operand.name;
      while (name.size() > 1 && name.ends_with('/')) name.pop_back();
      Add(ChildOf(operand.folder, name), name);
    }
    writer_.Finish();
    if (gzip_) gzip_->Finish();
    list_.Flush();
    if (out_.Finish(0) != 0) status_ = 2;
    if (style_.totals) {
      (void)process_.Write(2, "Total bytes written: " + std::to_string(writer_.written()) + " (" +
                                  HumanTotal() + ", 1.0MiB/s)\n");
    }
    for (auto it = remove_.rbegin(); it != remove_.rend(); ++it) Remove(*it);
    return status_;
  }

 private:
  static std::string ChildOf(const std::string& folder, const std::string& name) {
    return folder.empty() || name.starts_with('/') ? name : ChildPath(folder, name);
  }
  std::string HumanTotal() const {
    const std::uint64_t kib = writer_.written() / 1024;
    return kib < 1024 ? std::to_string(kib) + "KiB" : HumanSize(writer_.written()) + "iB";
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

  void Add(const std::string& path, const std::string& name) {
    process_.Checkpoint();
    if (IsExcluded(style_, name)) return;
    const auto status = StatPath(process_, path, style_.dereference ? Follow::kYes : Follow::kNo);
    if (!status) return Complaint(name + ": Cannot stat: " + ErrnoText(status.error()));
    if (status->type != FileType::kDirectory && SameFile(*status, archive_)) {
      list_.Flush();
      Complain(process_, Shown(name) + ": file is the archive; not dumped");
      return;
    }
    TarMember member = Describe(*status, name);
    if (status->type == FileType::kDirectory) {
      if (!name.ends_with('/')) member.name += '/';
      if (!Known(member)) Write(member);
      if (style_.remove_files) remove_.push_back(path);
      if (!style_.recursive) return;
      const auto entries = process_.files().List(process_.AbsolutePath(path));
      if (!entries) return Complaint(name + ": Cannot open: " + ErrnoText(entries.error()));
      for (const DirectoryEntry& entry : *entries) {
        Add(ChildPath(path, entry.name), ChildPath(name, entry.name));
      }
      return;
    }
    if (Known(member)) return;
    if (style_.remove_files) remove_.push_back(path);
    if (!AddLink(member, *status, path)) AddFile(member, path, name);
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
    member.uid = status.uid;
    member.gid = status.gid;
    member.modified = style_.time.value_or(status.modified);
    if (style_.owner) member.uid = FindUser(process_, *style_.owner).value_or(0);
    if (style_.group) member.gid = FindGroup(process_, *style_.group).value_or(0);
    if (!style_.numeric) {
      member.user = style_.owner.value_or(UserName(process_, member.uid));
      member.group = style_.group.value_or(GroupName(process_, member.gid));
      for (std::string* who : {&member.user, &member.group}) {
        if (ParseInteger(*who)) who->clear();
      }
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
    } else if (status.links > 1) {
      const auto [first, added] = linked_.emplace(status.inode, member.name);
      if (added) return false;
      member.type = '1';
      member.size = 0;
      member.link = WithoutRoot(first->second);
    } else if (status.type == FileType::kRegular) {
      return false;
    }
    Write(member);
    return true;
  }

  void AddFile(const TarMember& member, const std::string& path, const std::string& name) {
    if (member.type != '0') return Write(member);
    const auto fd = process_.Open(path, O_RDONLY);
    if (!fd) return Complaint(name + ": Cannot open: " + ErrnoText(fd.error()));
    const ScopedDescriptor file(process_, *fd);
    Write(member);
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
      Complaint(name + ": File shrank by " + std::to_string(left) + " bytes; padding with zeros");
      for (; left > 0; left -= std::min<std::uint64_t>(left, kTarBlock)) {
        writer_.Data(std::string(std::min<std::uint64_t>(left, kTarBlock), '\0'));
      }
    }
    writer_.EndMember();
  }

  std::string WithoutRoot(const std::string& name) const {
    if (style_.absolute) return name;
    const std::size_t first = std::min(name.find_first_not_of('/'), name.size());
    return first == name.size() && first > 0 ? "./" : name.substr(first);
  }

  void Write(TarMember member) {
    const std::string shown = member.name;
    member.name = WithoutRoot(member.name);
    if (member.name.size() != shown.size() && !told_root_) {
      told_root_ = true;
      list_.Flush();
      Complain(process_, "Removing leading `/' from member names");
    }
    TarMember line = member;
    line.name = shown;
    if (style_.verbose > 0) list_ << Line(style_, line, style_.verbose > 1) << "\n";
    writer_.Member(member);
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
  std::map<std::uint64_t, std::string> linked_;  // First names of inodes.
  std::map<std::string, FileTime> known_;
  std::vector<std::string> remove_;
  bool told_root_ = false;
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
