#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TAR_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TAR_H_

#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/tar_format.h"

namespace computesdk::in_memory::tar {

// A name on the command line (or of -T), and the folder that -C has set for it.
struct Operand {
  std::string name;
  std::string folder;
};

struct Style {
  char mode = 0;  // c x t r u.
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
  bool remove_files = false;
  bool totals = false;
  bool full_time = false;
  std::int64_t strip = 0;
  std::vector<std::string> excludes;
  std::vector<Operand> operands;
  std::string folder;  // Where extraction goes: the last -C.
  std::optional<std::string> owner;
  std::optional<std::string> group;
  std::optional<FileTime> time;
};

// Complains; the program goes on, and ends with failure.
void Fail(Process& process, int& status, const std::string& message);
// Complains "Error is not recoverable: exiting now" after a message, and ends.
[[noreturn]] void Die(Process& process, const std::string& message);
// Whether --exclude names this member, or a folder above it.
bool IsExcluded(const Style& style, const std::string& name);
// A line of -t or -v.
std::string Line(const Style& style, const TarMember& member, bool details);
// The names in a line: with backslashes for what is no character.
std::string Shown(const std::string& name);

// What c, r and u do. Statuses are exit codes.
int Create(Process& process, const Style& style);
// What x and t do.
int Extract(Process& process, const Style& style);

}  // namespace computesdk::in_memory::tar

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TAR_H_
