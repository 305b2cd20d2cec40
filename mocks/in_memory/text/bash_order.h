#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_BASH_ORDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_BASH_ORDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace computesdk::in_memory {

// What bash's tables go by, which scripts see in the order of what is listed: FNV-1 over the bytes.
std::uint32_t BashHash(std::string_view key);

// The chains of its tables of variables and of associative arrays, and of the one of `hash`.
inline constexpr std::uint32_t kBashVariableChains = 1024;
inline constexpr std::uint32_t kBashCommandChains = 256;
// Those of an associative array that was another variable before.
inline constexpr std::uint32_t kBashConvertedChains = 128;

// Names by their chains.
std::vector<std::string> InBashOrder(std::vector<std::string> names, std::uint32_t chains);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_BASH_ORDER_H_
