#ifndef COMPUTESDK_SDK_FILE_SYSTEM_FUNCTIONS_H_
#define COMPUTESDK_SDK_FILE_SYSTEM_FUNCTIONS_H_

#include <functional>
#include <string>
#include <vector>

#include "sdk/result.h"
#include "sdk/types.h"

namespace computesdk {

using RunCommandFunction =
    std::function<Result<ExecutionResult>(const std::string& sandbox_id, const RunCommandRequest&)>;

// The six methods of the capability filesystem; what each promises stands in provider.h.
struct FileSystemFunctions {
  template <typename R, typename... Extra>
  using OnPath =
      std::function<R(const std::string& sandbox_id, const std::string& path, const Extra&...)>;

  OnPath<Result<std::string>> read_file = {};
  OnPath<Status, std::string> write_file = {};  // The last argument is the content.
  OnPath<Status> mkdir = {};
  OnPath<Result<std::vector<FileEntry>>> readdir = {};
  OnPath<Result<bool>> exists = {};
  OnPath<Status> remove = {};
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_FILE_SYSTEM_FUNCTIONS_H_
