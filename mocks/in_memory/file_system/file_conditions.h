#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_CONDITIONS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_CONDITIONS_H_

#include <optional>
#include <string_view>

#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {

// What test(1), [ and [[ ask of a file that is there, in the name of root, who may read and write
// all of them: 'd' for "-d".
bool FileIs(char letter, const FileStatus& status);

// "-nt", "-ot" and "-ef" of two files; nullopt is one that is not there.
bool CompareFiles(std::string_view op, const std::optional<FileStatus>& left,
                  const std::optional<FileStatus>& right);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_FILE_CONDITIONS_H_
