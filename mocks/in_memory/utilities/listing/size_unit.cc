#include "mocks/in_memory/utilities/listing/size_unit.h"

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

std::optional<SizeUnit> ParseSizeUnit(std::string_view text) {
  if (text == "human-readable") return SizeUnit{.bytes = 1, .suffix = "", .human = 1024};
  if (text == "si") return SizeUnit{.bytes = 1, .suffix = "", .human = 1000};
  if (!text.empty() && text[0] == '\'') text.remove_prefix(1);  // Thousands' separators: none.
  const auto bytes = ParseSize(text);
  if (!bytes || *bytes <= 0) return std::nullopt;
  SizeUnit unit;
  unit.bytes = static_cast<std::uint64_t>(*bytes);
  if (text[0] < '0' || text[0] > '9') unit.suffix = text == "KB" ? "kB" : text;
  return unit;
}

std::string InUnit(std::uint64_t bytes, const SizeUnit& unit) {
  if (unit.human != 0) return HumanSize(bytes, unit.human);
  return std::to_string((bytes + unit.bytes - 1) / unit.bytes) + unit.suffix;
}

std::string UnitTitle(std::uint64_t bytes) {
  static constexpr std::string_view kPowers = "KMGTPE";
  for (const std::uint64_t base : {std::uint64_t{1024}, std::uint64_t{1000}}) {
    std::uint64_t rest = bytes;
    std::size_t power = 0;
    while (rest % base == 0 && power < kPowers.size()) {
      rest /= base;
      ++power;
    }
    if (power == 0) continue;
    std::string letter(1, kPowers[power - 1]);
    if (base == 1000) letter = (power == 1 ? "k" : letter) + "B";
    return std::to_string(rest) + letter + "-blocks";
  }
  return std::to_string(bytes) + "B-blocks";
}

}  // namespace computesdk::in_memory
