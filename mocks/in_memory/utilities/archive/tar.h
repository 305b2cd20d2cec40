#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/text/time_zone.h"
#include "mocks/in_memory/utilities/archive/tar_format.h"
#include "mocks/in_memory/utilities/archive/tar_transform.h"
#include "mocks/in_memory/utilities/listing/ls_quoting.h"
#include "mocks/in_memory/utilities/mode.h"

namespace computesdk::in_memory::tar {

// A name on the command line (or of -T), and the folder that -C has set for it.
struct Operand {
  std::string name;
  std::string folder;
};

struct Style {
  char mode = 0;  // c x t r u d A, and D for --delete.
  std::string archive = "-";
  bool gzip = false;
  int verbose = 0;
  bool to_stdout = false;
  bool keep_old = false;
  bool skip_old = false;
  bool keep_newer = false;
  bool touch = false;
  bool dereference = false;
  bool absolute = false;
  bool recursive = true;
  bool numeric = false;
  bool same_owner = true;
  bool same_mode = true;
  bool wildcards = false;
  bool wildcards_given = false;
  bool hard_dereference = false;
  bool clamp_time = false;  // --mtime is the latest, not the only one.
  bool remove_files = false;
  bool totals = false;
  bool full_time = false;
  bool ignore_zeros = false;
  bool interactive = false;
  bool check_links = false;
  bool by_inode = false;      // The order of a folder's members; else by name.
  bool keep_folders = false;  // As they are, where they are there already.
  bool show_transformed = false;
  bool ignore_failed_read = false;
  bool anchored = false;  // Patterns of --exclude hold for whole names alone.
  TarFormat format = TarFormat::kGnu;
  std::size_t record = kTarRecord;
  std::set<std::string_view> quiet_warnings;
  std::vector<Transform> transforms;
  std::optional<std::string> top_level;
  std::optional<FileTime> newer;  // Only what has changed since.
  bool newer_by_change = false;   // Also by the time of a change of its inode.
  TimeZone zone;
  std::int64_t strip = 0;
  std::vector<std::string> excludes;
  bool ignore_case = false;   // Of `excludes`.
  bool slashes_part = false;  // "*" does not go beyond a slash in them.
  // --exclude-tag and --exclude-caches: a file that keeps a folder's contents out.
  enum class Tagged { kKeepsTag, kKeepsFolder, kKeepsNothing };
  struct Tag {
    std::string name;
    std::string content;  // How it has to begin.
    Tagged kept;
  };
  std::vector<Tag> tags;
  std::optional<Quoting> quoting;  // Of names in listings.
  std::vector<Operand> operands;
  std::string folder;  // Where extraction goes: the last -C.
  // Who --owner and --group name: "name:id", either part alone.
  struct Account {
    std::string name;
    std::optional<unsigned> id;
  };
  std::optional<ModeChange> mode_change;  // --mode.
  std::optional<Account> owner;
  std::optional<Account> group;
  std::optional<FileTime> time;
};

Style ParseStyle(Process& process);

// Complains; the program goes on, and ends with failure.
void Fail(Process& process, int& status, const std::string& message);
// Complains "Error is not recoverable: exiting now" after a message, and ends.
[[noreturn]] void Die(Process& process, const std::string& message);
std::string_view WithoutSlashes(std::string_view name);
// Whether --exclude names this member, or a folder above it.
bool IsExcluded(const Style& style, const std::string& name);
// Whether the operands name this member, or a folder above it; marks those that do.
bool Wanted(const Style& style, const std::string& name, std::vector<bool>& found);
// -w: asks "ACTION ‘NAME’?".
bool Confirm(Process& process, const Style& style, const char* action, const std::string& name);
// The line of --totals.
std::string Totals(Process& process, const char* what, std::uint64_t bytes);
// A line of -t or -v.
std::string Line(const Style& style, const TarMember& member, bool details);
// The names in a line: with backslashes for what is no character.
std::string Shown(const std::string& name);

// What c, r and u do. Statuses are exit codes.
int Create(Process& process, const Style& style);
// What x and t do.
int Extract(Process& process, const Style& style);
// What d does: 1 where archive and files differ.
int Compare(Process& process, const Style& style);
// --delete, and A: rewrite the archive.
int Delete(Process& process, const Style& style);
int Concatenate(Process& process, const Style& style);

}  // namespace computesdk::in_memory::tar

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_H_
