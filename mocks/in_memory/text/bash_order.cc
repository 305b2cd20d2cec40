#include "mocks/in_memory/text/bash_order.h"

#include <algorithm>
#include <tuple>

namespace computesdk::in_memory {

std::uint32_t BashHash(std::string_view key) {
  std::uint32_t hash = 2166136261U;
  for (const char c : key) {
    hash *= 16777619U;
    hash ^= static_cast<std::uint32_t>(static_cast<signed char>(c));
  }
  return hash;
}

std::vector<std::string> InBashOrder(std::vector<std::string> names, std::uint32_t chains) {
  std::sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    const std::uint32_t chain_of_a = BashHash(a) % chains;
    const std::uint32_t chain_of_b = BashHash(b) % chains;
    return std::tie(chain_of_a, a) < std::tie(chain_of_b, b);
  });
  return names;
}

}  // namespace computesdk::in_memory
