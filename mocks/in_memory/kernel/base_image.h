#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_BASE_IMAGE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_BASE_IMAGE_H_

#include <string>
#include <string_view>

namespace computesdk::in_memory {

// A program of the table is a file in the sandbox, so that it can be looked up, copied, linked and
// removed like any other; its content says which program it is.
std::string ContentOfProgram(std::string_view name);

// The name that ContentOfProgram was given; empty for any other content.
std::string_view ProgramInFile(std::string_view content);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_BASE_IMAGE_H_
