#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_VERSION_ORDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_VERSION_ORDER_H_

#include <string_view>

namespace computesdk::in_memory {

// The order of `ls -v`: numbers in names by their value. Negative, 0 or positive.
int CompareVersions(std::string_view a, std::string_view b);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_VERSION_ORDER_H_
