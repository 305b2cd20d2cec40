#include "mocks/in_memory/utilities/backup.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr std::pair<std::string_view, BackupKind> kBackupWords[] = {
    {"none", BackupKind::kNone},         {"off", BackupKind::kNone},
    {"simple", BackupKind::kSimple},     {"never", BackupKind::kSimple},
    {"existing", BackupKind::kExisting}, {"nil", BackupKind::kExisting},
    {"numbered", BackupKind::kNumbered}, {"t", BackupKind::kNumbered}};

// The highest N of "name.~N~" beside a file; 0 without any.
std::int64_t LastNumber(Process& process, const std::string& path) {
  std::int64_t last = 0;
  const std::string prefix = LastComponent(path) + ".~";
  const auto entries = process.files().List(process.AbsolutePath(ParentPath(path)));
  if (!entries) return 0;
  for (const DirectoryEntry& entry : *entries) {
    std::string_view name = entry.name;
    if (!name.starts_with(prefix) || !name.ends_with('~')) continue;
    name.remove_prefix(prefix.size());
    if (name.empty()) continue;
    name.remove_suffix(1);
    const bool digits = !name.empty() && name[0] != '0' &&
                        name.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits) last = std::max(last, ParseInteger(name).value_or(0));
  }
  return last;
}

std::string Variable(const Process& process, const std::string& name) {
  const auto found = process.env.find(name);
  return found == process.env.end() ? "" : found->second;
}

}  // namespace

std::optional<BackupKind> ParseBackupKind(std::string_view word) {
  std::optional<BackupKind> found;
  for (const auto& [name, kind] : kBackupWords) {
    if (name == word) return kind;
    if (!name.starts_with(word) || word.empty()) continue;
    if (found && *found != kind) return std::nullopt;  // "n" may be four of them.
    found = kind;
  }
  return found;
}

void BackupOptions::Take(const std::string& word) {
  given_ = true;
  if (!word.empty()) word_ = word;
}

void BackupOptions::TakeSuffix(const std::string& suffix) {
  given_ = true;
  suffix_ = suffix;
}

BackupStyle BackupOptions::Style(Process& process) const {
  BackupStyle style;
  const std::string suffix = suffix_.empty() ? Variable(process, "SIMPLE_BACKUP_SUFFIX") : suffix_;
  if (!suffix.empty() && suffix.find('/') == std::string::npos) style.suffix = suffix;
  if (!given_) return style;
  const std::string word = word_.empty() ? Variable(process, "VERSION_CONTROL") : word_;
  const auto kind = word.empty() ? BackupKind::kExisting : ParseBackupKind(word);
  if (!kind) {
    UsageError(process, InvalidArgument(word, word_.empty() ? "$VERSION_CONTROL" : "backup type",
                                        {"none’, ‘off", "simple’, ‘never", "existing’, ‘nil",
                                         "numbered’, ‘t"}));
  }
  style.kind = *kind;
  return style;
}

std::string BackupPath(Process& process, const std::string& path, const BackupStyle& style) {
  const std::string plain = WithoutTrailingSlashes(path);
  std::int64_t last = 0;
  if (style.kind == BackupKind::kNumbered || style.kind == BackupKind::kExisting) {
    last = LastNumber(process, plain);
  }
  switch (style.kind) {
    case BackupKind::kNone:
      return "";
    case BackupKind::kSimple:
      break;
    case BackupKind::kExisting:
      if (last == 0) break;
      [[fallthrough]];
    case BackupKind::kNumbered:
      return plain + ".~" + std::to_string(last + 1) + "~";
  }
  return plain + style.suffix;
}

}  // namespace computesdk::in_memory
