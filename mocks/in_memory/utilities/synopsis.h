#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SYNOPSIS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SYNOPSIS_H_

#include <string>
#include <string_view>

namespace computesdk::in_memory {

// The first lines of what `name --help` prints: "Usage: cp [OPTION]... [-T] SOURCE DEST".
std::string SynopsisOf(const std::string& name);

// What stands behind a complaint about the arguments of a program, "%" being what it was called.
std::string_view UsageHintOf(const std::string& name);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SYNOPSIS_H_
