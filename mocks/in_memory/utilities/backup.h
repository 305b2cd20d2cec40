#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BACKUP_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BACKUP_H_

#include <optional>
#include <string>
#include <string_view>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// How what a file was is kept: not at all, as "f~", as "f.~1~", or as the last where one of its
// kind is there already and as the first otherwise.
enum class BackupKind { kNone, kSimple, kNumbered, kExisting };

// The words of --backup and VERSION_CONTROL, cut short or not; nullopt for others.
std::optional<BackupKind> ParseBackupKind(std::string_view word);

struct BackupStyle {
  BackupKind kind = BackupKind::kNone;
  std::string suffix = "~";
};

// What -b, --backup[=word] and -S say, with VERSION_CONTROL and SIMPLE_BACKUP_SUFFIX behind them.
class BackupOptions {
 public:
  // -b; and --backup, whose word wins over the variable.
  void Take(const std::string& word);
  void TakeSuffix(const std::string& suffix);
  bool given() const { return given_; }
  // Complains and ends the program where a word is none.
  BackupStyle Style(Process& process) const;

 private:
  bool given_ = false;
  std::string word_;
  std::string suffix_;
};

// Where the backup of a file goes; empty for kNone.
std::string BackupPath(Process& process, const std::string& path, const BackupStyle& style);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BACKUP_H_
