#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_OPTIONS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_OPTIONS_H_

#include <cstddef>
#include <optional>
#include <string>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/patch/files.h"
#include "mocks/in_memory/utilities/patch/reader.h"

namespace computesdk::in_memory::patch {

enum class Volume { kSilent, kNormal, kVerbose };

struct PatchOptions {
  std::optional<std::string> input = {};   // The file to patch, whatever the patch says.
  std::string patch_file = "-";            // "-": standard input.
  std::optional<std::string> output = {};  // "-": standard output.
  std::optional<std::string> reject_file = {};
  std::optional<std::string> folder = {};
  std::optional<Format> format = {};
  std::optional<Format> reject_format = {};
  int strip = -1;
  std::size_t fuzz = 2;
  std::string define = {};
  BackupNames backups = {};
  bool make_backups = false;
  bool backup_if_mismatch = true;
  bool remove_empty = false;
  bool force = false;
  bool batch = false;
  bool forward = false;
  bool reverse = false;
  bool ignore_blanks = false;
  bool dry_run = false;
  bool binary = false;
  bool posix = false;
  bool set_time = false;
  bool follow_links = false;
  Volume volume = Volume::kNormal;
};

// The arguments; complains and ends the program where they are wrong.
PatchOptions ParsePatch(Process& process);

}  // namespace computesdk::in_memory::patch

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_OPTIONS_H_
