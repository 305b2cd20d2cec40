#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_COPIER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_COPIER_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/backup.h"

namespace computesdk::in_memory {

struct CopyOptions {
  enum class Links { kDefault, kFollow, kFollowOperands, kKeep };
  enum class Method { kContent, kHardLink, kSymlink };
  Links links = Links::kDefault;
  Method method = Method::kContent;
  bool recursive = false;
  bool force = false;
  bool interactive = false;
  bool no_clobber = false;
  bool update = false;
  bool verbose = false;
  bool remove_destination = false;
  bool attributes_only = false;
  bool copy_contents = false;  // Of fifos and devices, too.
  bool preserve_mode = false;
  bool plain_mode = false;  // --no-preserve=mode: as of any new file.
  bool preserve_owner = false;
  bool preserve_times = false;
  bool preserve_links = false;
  BackupStyle backup = {};
};

// Copies files and trees as cp does, complaining as it goes.
class Copier {
 public:
  Copier(Process& process, CopyOptions options) : process_(process), options_(std::move(options)) {}

  // False if something was not copied that should have been.
  bool Copy(const std::string& source, const std::string& destination);

 private:
  enum class Step { kGo, kSkip, kFail };

  bool IsInside(const std::string& source, const std::string& destination);
  std::string PlaceOf(const std::string& path) const;
  bool CopyOne(const std::string& source, const std::string& destination, bool operand);
  bool CopyDirectory(const std::string& source, const FileStatus& status,
                     const std::string& destination, bool exists);
  bool CopyContent(const std::string& source, const FileStatus& status,
                   const std::string& destination, bool exists);
  bool MayLinkFrom(const std::string& source, const std::string& absolute,
                   const std::string& destination);
  bool MakeCopy(const std::string& source, const FileStatus& status, const std::string& destination,
                bool exists);
  Step LookAtDestination(const std::string& source, const FileStatus& status,
                         const std::string& destination, bool& exists);
  Step MayReplace(const std::string& source, const FileStatus& status, const FileStatus& target,
                  const std::string& destination);
  void Preserve(const FileStatus& status, const std::string& destination);
  void Show(const std::string& source, const std::string& destination);
  bool MakeBackup(const std::string& destination, bool& exists);
  bool Follows(bool operand) const;
  bool Check(IoStatus status, const std::string& verb, const std::string& path);

  Process& process_;
  const CopyOptions options_;
  std::map<std::uint64_t, std::string> copies_;  // Of inodes with several names.
  std::string backup_;                           // Of the file that is copied now; may be empty.
  bool inside_ = false;                          // The copy goes below what is copied.
  std::set<std::pair<std::string, std::uint64_t>> operands_;  // Places, with inodes.
  std::set<std::uint64_t> made_;  // Inodes, so that nothing is written twice.
};

// Whether a link would take the place of the file that it leads to, and be all that is left.
bool ReplacesOwnTarget(Process& process, const std::string& source, const FileStatus& status,
                       const std::string& destination, const FileStatus& there);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_COPIER_H_
