#ifndef COMPUTESDK_PROVIDERS_LOCAL_PATH_ERROR_H_
#define COMPUTESDK_PROVIDERS_LOCAL_PATH_ERROR_H_

#include <string>

#include "sdk/result.h"

namespace computesdk::local {

// The contract's error for an errno: "cannot read PATH: Is a directory".
tl::unexpected<Error> PathError(const std::string& doing, const std::string& path, int error);

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_PATH_ERROR_H_
