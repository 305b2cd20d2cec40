#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JSON_TEXT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JSON_TEXT_H_

#include <string>
#include <string_view>

namespace computesdk::in_memory {

// A text as JSON has it, in quotes. Bytes that are no UTF-8 stay as they are.
std::string JsonText(std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JSON_TEXT_H_
