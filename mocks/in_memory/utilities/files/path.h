#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_PATH_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_PATH_H_

#include <string>
#include <string_view>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// How much of a path has to be there for it to be resolved.
enum class Missing { kNothing, kLastPart, kAnything };

// The absolute path without links, dots and double slashes.
IoResult<std::string> CanonicalPath(Process& process, std::string_view path, Missing missing);

// Without "." and "..", looking at nothing.
std::string NormalisedPath(std::string_view absolute);

// The way from a directory to a path, both of which need not be there.
std::string RelativePath(Process& process, std::string_view path, std::string_view directory);
// The same between two canonical paths.
std::string PathBetween(std::string_view directory, std::string_view path);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_PATH_H_
