#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_FILE_FORMATS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_FILE_FORMATS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mocks/in_memory/utilities/inspect/inspect_programs.h"

namespace computesdk::in_memory {

// The bytes from `at` on as a number; those behind the end are left out.
std::uint64_t NumberAt(std::string_view content, std::size_t at, std::size_t bytes, bool little);

// Pictures, sounds, films and archives whose headers say more than what they are.
std::optional<ContentKind> MediaKind(std::string_view content);
std::optional<ContentKind> PackedKind(std::string_view content);
// Formats that are text, and begin in a way of their own; an encoding behind the words is left to
// the caller where `encoding` is empty.
std::optional<ContentKind> DocumentKind(std::string_view content);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_FILE_FORMATS_H_
