#include "providers/local/path_error.h"

#include <cerrno>
#include <system_error>

namespace computesdk::local {
namespace {

ErrorCode CodeOf(int error) {
  switch (error) {
    case ENOENT:
      return ErrorCode::kNotFound;
    case EEXIST:
      return ErrorCode::kAlreadyExists;
    case ENOTDIR:
    case EISDIR:
    case ENOTEMPTY:
    case ELOOP:
      return ErrorCode::kFailedPrecondition;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermissionDenied;
    case EINVAL:
    case ENAMETOOLONG:
      return ErrorCode::kInvalidArgument;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EFBIG:
      return ErrorCode::kResourceExhausted;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

tl::unexpected<Error> PathError(const std::string& doing, const std::string& path, int error) {
  return MakeError(CodeOf(error),
                   "cannot " + doing + " " + path + ": " + std::generic_category().message(error));
}

}  // namespace computesdk::local
