#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SIGNALS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SIGNALS_H_

#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// "TERM" of 15; the number itself where it has no name.
std::string SignalName(int signal);
// Of "15", "TERM", "SIGTERM", "term"; 0 ("EXIT") is one, too.
std::optional<int> ParseSignal(std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SIGNALS_H_
