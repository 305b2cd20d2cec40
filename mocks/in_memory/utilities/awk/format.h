#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_FORMAT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_FORMAT_H_

#include <string>
#include <vector>

#include "mocks/in_memory/utilities/awk/value.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory::awk {

// awk's sprintf. `values[0]` is the format; widths count characters. The error is a message.
tl::expected<std::string, std::string> FormatValues(const std::vector<Value>& values,
                                                    const std::string& number_format);

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_FORMAT_H_
