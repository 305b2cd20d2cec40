#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_ARGUMENTS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_ARGUMENTS_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::tar {

// Options that have no short form.
enum LongOnly {
  kExclude = 256,
  kStrip,
  kOwner,
  kGroup,
  kMode,
  kNumeric,
  kTime,
  kNoRecursion,
  kRecursion,
  kWildcards,
  kNoWildcards,
  kSameOwner,
  kNoSameOwner,
  kAddFile,
  kNoSamePermissions,
  kSkipOld,
  kKeepNewer,
  kRemoveFiles,
  kTotals,
  kFullTime,
  kNull,
  kExcludeVcs,
  kExcludeBackups,
  kOverwrite,
  kDelete,
  kNoAutoCompress,
  kKeepFolders,
  kOverwriteFolders,
  kSort,
  kWarning,
  kTransform,
  kShowTransformed,
  kTopLevel,
  kRecordSize,
  kIgnoreFailedRead,
  kAnchored,
  kNotAnchored,
  kNewerTime,
  kUtc,
  kOtherCompressor,
  kHardDereference,
  kExcludeTag,
  kExcludeTagUnder,
  kExcludeTagAll,
  kExcludeCaches,
  kExcludeCachesUnder,
  kExcludeCachesAll,
  kClampTime,
  kIgnoreCase,
  kMatchSlash,
  kNoMatchSlash,
  kNoIgnoreCase,
  kQuotingStyle,
  // What no sandbox could tell: it has one file system, keeps no holes and attributes, and reads
  // whole blocks.
  kOneFileSystem,
};

// The words of --sort and of --warning.
inline constexpr std::array<std::string_view, 3> kSortWords = {"none", "name", "inode"};
inline constexpr std::array<std::string_view, 25> kWarnings = {"all",
                                                               "alone-zero-block",
                                                               "bad-dumpdir",
                                                               "cachedir",
                                                               "contiguous-cast",
                                                               "file-changed",
                                                               "file-ignored",
                                                               "file-removed",
                                                               "file-shrank",
                                                               "file-unchanged",
                                                               "filename-with-nuls",
                                                               "ignore-archive",
                                                               "ignore-newer",
                                                               "new-directory",
                                                               "rename-directory",
                                                               "symlink-cast",
                                                               "timestamp",
                                                               "unknown-cast",
                                                               "unknown-keyword",
                                                               "xdev",
                                                               "decompress-program",
                                                               "existing-file",
                                                               "xattr-write",
                                                               "record-size",
                                                               "failed-read"};

const std::vector<Options::Long>& LongOptions();
inline constexpr std::string_view kTarLetters = "AcdxtruN:f:vzjJZI:aC:T:X:OkmhPpSoBb:H:iwlUnWs";

// "tar xzf FILE": letters without a dash, their values behind them in order.
void ModernizeLetters(Process& process);
// The lines of a file, or "-", empty ones left out: for -T and -X.
std::vector<std::string> ReadNames(Process& process, const std::string& file, char delimiter);

}  // namespace computesdk::in_memory::tar

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_ARGUMENTS_H_
