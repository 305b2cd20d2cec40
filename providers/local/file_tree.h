#ifndef COMPUTESDK_PROVIDERS_LOCAL_FILE_TREE_H_
#define COMPUTESDK_PROVIDERS_LOCAL_FILE_TREE_H_

#include <string>
#include <vector>

#include "providers/local/path_walk.h"
#include "providers/local/staging.h"
#include "sdk/types.h"

namespace computesdk::local {

// The contract's file methods on a folder of this machine. Paths are those that commands use; one
// that leads out of the folder, by `..` or by a link, is kPermissionDenied.
class FileTree {
 public:
  // `path`: the folder, without links in it; `home`: its directory from which relative paths are
  // meant. `staging` outlives this and lies on the same file system.
  static Result<FileTree> Open(const std::string& path, const std::string& home, Staging& staging);

  // A file of more than `most` bytes is kResourceExhausted.
  Result<std::string> Read(const std::string& path, std::size_t most) const;
  // A reader, or another writer, meets the old content or the new, never a mixture.
  Status Write(const std::string& path, const std::string& content) const;
  Status MakeDirectory(const std::string& path) const;
  Result<std::vector<FileEntry>> List(const std::string& path) const;
  Result<bool> Exists(const std::string& path) const;
  Status Remove(const std::string& path) const;

 private:
  FileTree(Descriptor base, std::string path, std::string home, Staging& staging)
      : base_(std::move(base)),
        path_(std::move(path)),
        home_(std::move(home)),
        staging_(&staging) {}

  tl::expected<Place, int> Find(const std::string& path, WalkOptions options) const;
  tl::unexpected<Error> Failure(const std::string& doing, const std::string& path, int error) const;

  Descriptor base_;
  std::string path_;
  std::string home_;
  Staging* staging_;
};

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_FILE_TREE_H_
