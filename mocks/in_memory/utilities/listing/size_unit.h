#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_SIZE_UNIT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_SIZE_UNIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// What --block-size says: in which unit sizes are shown.
struct SizeUnit {
  std::uint64_t bytes = 1;
  std::string suffix;  // Shown behind each number, as for "K" but not for "1K".
  unsigned human = 0;  // The base of "human-readable" and "si"; 0 for neither.
};

// "K", "1M", "kB", "512", "human-readable", "si"; nullopt for anything else.
std::optional<SizeUnit> ParseSizeUnit(std::string_view text);

// A size in that unit, rounded up.
std::string InUnit(std::uint64_t bytes, const SizeUnit& unit);

// "1K-blocks", "2M-blocks", "512B-blocks", as df heads the column.
std::string UnitTitle(std::uint64_t bytes);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_SIZE_UNIT_H_
