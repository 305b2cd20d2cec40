#ifndef COMPUTESDK_CONFORMANCE_SHELL_WORDS_H_
#define COMPUTESDK_CONFORMANCE_SHELL_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sdk/result.h"

namespace computesdk::conformance {

// Splits a command line into words as a POSIX shell does: blanks part them; quotes and backslashes
// keep what they enclose. Nothing is expanded. A quote without its end, or a backslash at the end,
// is kInvalidArgument.
Result<std::vector<std::string>> SplitShellWords(std::string_view line);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SHELL_WORDS_H_
