#include "mocks/in_memory/utilities/patch/files.h"

#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/patch/reader.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::patch {

Files::Files(Process& process, BackupNames names, bool follow_links)
    : process_(process), names_(std::move(names)), follow_links_(follow_links) {}

void Files::Fail(const std::string& what, const std::string& name, std::errc error) {
  Fatal(process_, "Can't " + what + " file " + ShownName(name) + " : " + ErrnoText(error));
}

void Files::Check(IoStatus status, const std::string& what, const std::string& name) {
  if (!status) Fail(what, name, status.error());
}

std::optional<FileStatus> Files::Stat(const std::string& name) const {
  const auto status = StatPath(process_, name, follow_links_ ? Follow::kYes : Follow::kNo);
  return status ? std::optional(*status) : std::nullopt;
}

std::string Files::Read(const std::string& name, const FileStatus& status) const {
  const std::string path = process_.AbsolutePath(name);
  RequireMemory(process_, status.size);
  auto content = status.type == FileType::kSymlink ? process_.files().ReadLink(path)
                                                   : process_.files().ReadFile(path);
  if (!content) {
    Fatal(process_, "Can't open file " + ShownName(name) + " : " + ErrnoText(content.error()));
  }
  return std::move(*content);
}

std::string Files::BackupOf(const std::string& name) {
  if (names_.prefix.empty() && names_.base_prefix.empty()) {
    return BackupPath(process_, name, names_.style);
  }
  const std::size_t last = name.find_last_of('/') + 1;
  return names_.prefix + name.substr(0, last) + names_.base_prefix + name.substr(last) +
         (names_.style.suffix == ".orig" ? "" : names_.style.suffix);
}

// A file that is not there yet has an empty backup.
void Files::MakeBackup(const std::string& name, bool stays) {
  if (made_.contains(name)) return;
  const std::string backup = BackupOf(name);
  if (backup.empty()) return;
  FileSystem& files = process_.files();
  MakeParents(backup);
  const auto status = StatLink(process_, name);
  if (!status) {
    Check(files.WriteFile(process_.AbsolutePath(backup), "", 0), "create", backup);
    (void)files.SetMode(process_.AbsolutePath(backup), 0);
  } else if (stays) {
    Check(files.WriteFile(process_.AbsolutePath(backup), Read(name, *status), status->mode),
          "create", backup);
  } else {
    Check(files.Rename(process_.AbsolutePath(name), process_.AbsolutePath(backup)), "rename", name);
  }
}

void Files::KeepCopy(const std::string& name) { MakeBackup(name, true); }

void Files::MakeParents(const std::string& name) {
  const std::string parent = ParentPath(name);
  if (IsDirectory(process_, parent)) return;
  Check(process_.files().MakeDirectories(process_.AbsolutePath(parent), 0777 & ~process_.umask),
        "create directory of", name);
}

void Files::Replace(const std::string& name, const Output& output, bool backup) {
  FileSystem& files = process_.files();
  const auto before = StatLink(process_, name);
  if (backup) MakeBackup(name, false);
  MakeParents(name);
  std::string path = process_.AbsolutePath(name);
  if (follow_links_) path = files.RealPath(path).value_or(path);
  (void)files.Unlink(path);
  if (output.symlink) {
    Check(files.MakeSymlink(output.content, path), "create symbolic link", name);
  } else {
    Check(files.WriteFile(path, output.content, output.mode), "create", name);
    (void)files.SetMode(path, output.mode);
  }
  if (before) (void)files.SetOwner(path, before->uid, before->gid, Follow::kNo);
  if (output.time) (void)files.SetTimes(path, *output.time, *output.time, Follow::kNo);
  made_.insert(name);
}

void Files::Remove(const std::string& name, bool backup) {
  FileSystem& files = process_.files();
  if (backup) MakeBackup(name, false);
  (void)files.Unlink(process_.AbsolutePath(name));
  for (std::string parent = ParentPath(name); parent != "." && parent != "/";
       parent = ParentPath(parent)) {
    if (!files.RemoveDirectory(process_.AbsolutePath(parent))) break;
  }
}

void Files::WriteRejects(const std::string& name, const std::string& text) {
  FileSystem& files = process_.files();
  const std::string path = process_.AbsolutePath(name);
  std::string content;
  if (!rejected_.insert(name).second) content = files.ReadFile(path).value_or("");
  content += text;
  (void)files.Unlink(path);
  Check(files.WriteFile(path, content, 0666 & ~process_.umask), "create", name);
}

}  // namespace computesdk::in_memory::patch
