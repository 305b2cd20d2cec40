#include "mocks/in_memory/text/bash_order.h"

#include <algorithm>
#include <utility>

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
  std::vector<std::pair<std::uint32_t, std::string>> by_chain;
  by_chain.reserve(names.size());
  for (std::string& name : names) {
    const std::uint32_t chain = BashHash(name) % chains;
    by_chain.emplace_back(chain, std::move(name));
  }
  std::sort(by_chain.begin(), by_chain.end());
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = std::move(by_chain[i].second);
  return names;
}

}  // namespace computesdk::in_memory
