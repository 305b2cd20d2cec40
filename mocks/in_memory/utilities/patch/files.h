#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_FILES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_FILES_H_

#include <optional>
#include <set>
#include <string>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/backup.h"

namespace computesdk::in_memory::patch {

// Where patch keeps what a file was.
struct BackupNames {
  BackupStyle style = {BackupKind::kSimple, ".orig"};
  std::string prefix = {};       // Before the whole path.
  std::string base_prefix = {};  // Before its last part.
};

// The files that patch reads and writes.
class Files {
 public:
  Files(Process& process, BackupNames names, bool follow_links);

  std::optional<FileStatus> Stat(const std::string& name) const;
  // The bytes of a file, or the target of a link. Ends the program where they cannot be had.
  std::string Read(const std::string& name, const FileStatus& status) const;

  struct Output {
    std::string content;
    bool symlink = false;
    unsigned mode = 0644;
    std::optional<FileTime> time;
  };
  // Puts it in the place of what is there, which is kept before that where `backup` says so. Makes
  // the folders above it.
  void Replace(const std::string& name, const Output& output, bool backup);
  // Removes a file, and the folders above it that are empty then.
  void Remove(const std::string& name, bool backup);
  // Keeps a copy of the file, which stays.
  void KeepCopy(const std::string& name);
  // Writes rejected hunks; a second time, behind those that are there.
  void WriteRejects(const std::string& name, const std::string& text);

 private:
  [[noreturn]] void Fail(const std::string& what, const std::string& name, std::errc error);
  void Check(IoStatus status, const std::string& what, const std::string& name);
  std::string BackupOf(const std::string& name);
  void MakeBackup(const std::string& name, bool stays);
  void MakeParents(const std::string& name);

  Process& process_;
  const BackupNames names_;
  const bool follow_links_;
  std::set<std::string> made_;  // By this run: not worth a backup.
  std::set<std::string> rejected_;
};

}  // namespace computesdk::in_memory::patch

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_FILES_H_
