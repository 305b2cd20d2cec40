#include "mocks/in_memory/utilities/patch/options.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::patch {
namespace {

// Long options without a short form.
enum PatchExtra {
  kDryRun = 256,
  kBinary,
  kPosix,
  kVerbose,
  kBackupIfMismatch,
  kNoBackupIfMismatch,
  kRejectFormat,
  kReadOnly,
  kFollowSymlinks
};

constexpr std::string_view kLetters = "bB:cd:D:eEfF:i:lnNo:p:r:RstTuvV:Y:z:Z";

std::vector<Options::Long> LongOptions() {
  return {{"backup", 'b'},
          {"prefix", 'B', Options::kRequired},
          {"context", 'c'},
          {"directory", 'd', Options::kRequired},
          {"ifdef", 'D', Options::kRequired},
          {"ed", 'e'},
          {"remove-empty-files", 'E'},
          {"force", 'f'},
          {"fuzz", 'F', Options::kRequired},
          {"input", 'i', Options::kRequired},
          {"ignore-whitespace", 'l'},
          {"normal", 'n'},
          {"forward", 'N'},
          {"output", 'o', Options::kRequired},
          {"strip", 'p', Options::kRequired},
          {"reject-file", 'r', Options::kRequired},
          {"reverse", 'R'},
          {"quiet", 's'},
          {"silent", 's'},
          {"batch", 't'},
          {"set-time", 'T'},
          {"unified", 'u'},
          {"version-control", 'V', Options::kRequired},
          {"basename-prefix", 'Y', Options::kRequired},
          {"suffix", 'z', Options::kRequired},
          {"set-utc", 'Z'},
          {"dry-run", kDryRun},
          {"verbose", kVerbose},
          {"binary", kBinary},
          {"posix", kPosix},
          {"backup-if-mismatch", kBackupIfMismatch},
          {"no-backup-if-mismatch", kNoBackupIfMismatch},
          {"reject-format", kRejectFormat, Options::kRequired},
          {"read-only", kReadOnly, Options::kRequired},
          {"follow-symlinks", kFollowSymlinks}};
}

std::size_t Count(Process& process, const std::string& text, const std::string& what) {
  const auto number = ParseInteger(text);
  if (!number || *number < 0) Fatal(process, what + " " + text + " is not a number");
  return static_cast<std::size_t>(std::min<std::int64_t>(*number, INT32_MAX));
}

BackupKind KindOf(Process& process, const std::string& word, const std::string& context) {
  if (word.empty()) return BackupKind::kExisting;
  if (const auto kind = ParseBackupKind(word)) return *kind;
  UsageError(process,
             "invalid argument " + QuotedName(word) + " for '" + context +
                 "'\nValid arguments are:\n  - 'none', 'off'\n  - 'simple', 'never'\n"
                 "  - 'existing', 'nil'\n  - 'numbered', 't'",
             2);
}

// True if it is an option of those that say how the files are kept.
bool TakeBackupOption(Process& process, const Options::Option& option, PatchOptions& options) {
  switch (option.letter) {
    case 'b':
      options.make_backups = true;
      return true;
    case 'B':
    case 'Y':
      if (option.value.empty()) {
        Fatal(process, option.letter == 'B' ? "backup prefix is empty" : "backup base is empty");
      }
      (option.letter == 'B' ? options.backups.prefix : options.backups.base_prefix) = option.value;
      return true;
    case 'V':
      options.backups.style.kind = KindOf(process, option.value, "--version-control or -V option");
      return true;
    case 'z':
      if (option.value.empty()) Fatal(process, "backup suffix is empty");
      options.backups.style.suffix = option.value;
      options.backups.style.kind = BackupKind::kSimple;
      return true;
    case kBackupIfMismatch:
      options.backup_if_mismatch = true;
      return true;
    case kNoBackupIfMismatch:
      options.backup_if_mismatch = false;
      return true;
    default:
      return false;
  }
}

// True if it is an option of those that say what is read and written.
bool TakeFileOption(Process& process, const Options::Option& option, PatchOptions& options) {
  switch (option.letter) {
    case 'd':
      options.folder = option.value;
      return true;
    case 'i':
      options.patch_file = option.value;
      return true;
    case 'o':
      options.output = option.value;
      return true;
    case 'r':
      options.reject_file = option.value;
      return true;
    case 'c':
      options.format = Format::kContext;
      return true;
    case 'e':
      options.format = Format::kEd;
      return true;
    case 'n':
      options.format = Format::kNormal;
      return true;
    case 'u':
      options.format = Format::kUnified;
      return true;
    case kRejectFormat:
      if (option.value != "context" && option.value != "unified") {
        UsageError(process,
                   "invalid argument " + QuotedName(option.value) + " for '--reject-format'", 2);
      }
      options.reject_format = option.value == "context" ? Format::kContext : Format::kUnified;
      return true;
    case kReadOnly:
      // Everybody is root: no file is read-only.
      if (option.value != "ignore" && option.value != "warn" && option.value != "fail") {
        UsageError(process, "invalid argument " + QuotedName(option.value) + " for '--read-only'",
                   2);
      }
      return true;
    default:
      return false;
  }
}

void TakeOption(Process& process, const Options::Option& option, PatchOptions& options) {
  switch (option.letter) {
    case 'D':
      options.define = option.value;
      break;
    case 'E':
      options.remove_empty = true;
      break;
    case 'f':
      options.force = true;
      break;
    case 'F':
      options.fuzz = Count(process, option.value, "fuzz factor");
      break;
    case 'l':
      options.ignore_blanks = true;
      break;
    case 'N':
      options.forward = true;
      break;
    case 'p':
      options.strip = static_cast<int>(Count(process, option.value, "strip count"));
      break;
    case 'R':
      options.reverse = true;
      break;
    case 's':
      options.volume = Volume::kSilent;
      break;
    case 't':
      options.batch = true;
      break;
    case 'T':
    case 'Z':
      options.set_time = true;
      break;
    case 'v':
      (void)process.Write(1, "GNU patch 2.7.6\n");
      process.Exit(0);
    case kDryRun:
      options.dry_run = true;
      break;
    case kVerbose:
      options.volume = Volume::kVerbose;
      break;
    case kBinary:
      options.binary = true;
      break;
    case kPosix:
      options.posix = true;
      options.backup_if_mismatch = false;
      break;
    default:
      options.follow_links = true;
  }
}

}  // namespace

PatchOptions ParsePatch(Process& process) {
  PatchOptions result;
  const auto variable = [&](const std::string& name) {
    const auto found = process.env.find(name);
    return found == process.env.end() ? std::string() : found->second;
  };
  result.posix = process.env.contains("POSIXLY_CORRECT");
  result.backup_if_mismatch = !result.posix;
  std::string control = variable("PATCH_VERSION_CONTROL");
  std::string context = "$PATCH_VERSION_CONTROL";
  if (control.empty()) {
    control = variable("VERSION_CONTROL");
    context = "$VERSION_CONTROL";
  }
  result.backups.style.kind = KindOf(process, control, context);
  if (const std::string suffix = variable("SIMPLE_BACKUP_SUFFIX"); !suffix.empty()) {
    result.backups.style.suffix = suffix;
  }
  Options options(process, kLetters, LongOptions(), 2);
  while (const auto option = options.Next()) {
    if (!TakeBackupOption(process, *option, result) && !TakeFileOption(process, *option, result)) {
      TakeOption(process, *option, result);
    }
  }
  const auto& operands = options.operands();
  if (!operands.empty() && !operands[0].empty()) result.input = operands[0];
  if (operands.size() > 1) result.patch_file = operands[1];
  if (operands.size() > 2) UsageError(process, ShownName(operands[2]) + ": extra operand", 2);
  return result;
}

}  // namespace computesdk::in_memory::patch
