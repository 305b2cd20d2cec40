#ifndef COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_IO_RESULT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_IO_RESULT_H_

#include <string>
#include <system_error>

#include "tl/expected.hpp"

namespace computesdk::in_memory {

// What a system call of the sandbox gives: a value, or an errno under its portable name.
template <typename T>
using IoResult = tl::expected<T, std::errc>;

using IoStatus = IoResult<void>;

inline tl::unexpected<std::errc> IoError(std::errc code) { return tl::unexpected<std::errc>(code); }

// "No such file or directory": the words that the GNU utilities print.
std::string ErrnoText(std::errc code);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_FILE_SYSTEM_IO_RESULT_H_
