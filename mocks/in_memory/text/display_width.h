#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_DISPLAY_WIDTH_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string_view>

namespace computesdk::in_memory {

// The terminal columns that a text takes.
std::size_t DisplayWidth(std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_DISPLAY_WIDTH_H_
