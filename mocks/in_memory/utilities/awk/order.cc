#include "mocks/in_memory/utilities/awk/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace computesdk::in_memory::awk {
namespace {

constexpr std::size_t kLongestChain = 2;  // On average; then the table grows.
constexpr std::array<std::size_t, 11> kSizes = {
    13, 127, 1021, 8191, 131071, 1048573, 8388593, 16777213, 33554393, 67108859, 134217689};

std::size_t NextSize(std::size_t size) {
  const auto* const next = std::upper_bound(kSizes.begin(), kSizes.end(), size);
  return next == kSizes.end() ? size : *next;
}

// A whole number of 32 bits, as it is printed.
std::optional<std::int64_t> WholeNumber(std::string_view key) {
  constexpr std::size_t kMostDigits = 10;
  const bool negative = key.starts_with('-');
  const std::string_view digits = key.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > kMostDigits ||
      (digits[0] == '0' && (digits.size() > 1 || negative))) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (value > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return negative ? -value : value;
}

// sdbm's hash of 32 bits, over signed bytes.
std::uint32_t HashText(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char c : text) {
    hash = static_cast<std::uint32_t>(static_cast<signed char>(c)) + 65599U * hash;
  }
  return hash;
}

std::uint32_t HashNumber(std::int64_t number) {
  auto hash = static_cast<std::uint32_t>(number);
  hash ^= hash << 3;
  hash += hash >> 5;
  hash ^= hash << 4;
  hash += hash >> 17;
  hash ^= hash << 25;
  hash += hash >> 6;
  return hash;
}

// Chains, of which the element that came last is the first one.
class TextTable {
 public:
  void Add(const std::string& key) {
    if (chains_.empty()) Grow();
    if (++count_ / chains_.size() > kLongestChain) Grow();
    Put(chains_, {HashText(key), &key});
  }
  void List(std::vector<std::string>& keys) const {
    for (const Chain& chain : chains_) {
      for (auto entry = chain.rbegin(); entry != chain.rend(); ++entry)
        keys.push_back(*entry->second);
    }
  }

 private:
  using Chain = std::vector<std::pair<std::uint32_t, const std::string*>>;  // The first one last.

  static void Put(std::vector<Chain>& chains, const Chain::value_type& entry) {
    chains[entry.first % chains.size()].push_back(entry);
  }
  void Grow() {
    std::vector<Chain> grown(NextSize(chains_.size()));
    for (const Chain& chain : chains_) {
      for (auto entry = chain.rbegin(); entry != chain.rend(); ++entry) Put(grown, *entry);
    }
    chains_ = std::move(grown);
  }

  std::vector<Chain> chains_;
  std::size_t count_ = 0;
};

// Whole numbers that stand in no block, two to a bucket; and texts, in a table of their own.
class NumberTable {
 public:
  void Add(const std::string& key) {
    const auto number = WholeNumber(key);
    if (!number) return texts_.Add(key);
    if (chains_.empty()) Grow();
    if (++count_ / chains_.size() > kLongestChain) Grow();
    Put(chains_, *number);
  }
  void List(std::vector<std::string>& keys) const {
    texts_.List(keys);
    for (const Chain& chain : chains_) {
      for (auto bucket = chain.rbegin(); bucket != chain.rend(); ++bucket) {
        for (const std::int64_t number : *bucket) keys.push_back(std::to_string(number));
      }
    }
  }

 private:
  using Chain = std::vector<std::vector<std::int64_t>>;  // The first bucket last.

  static void Put(std::vector<Chain>& chains, std::int64_t number) {
    Chain& chain = chains[HashNumber(number) % chains.size()];
    if (chain.empty() || chain.back().size() == 2) chain.emplace_back();
    chain.back().push_back(number);
  }
  void Grow() {
    std::vector<Chain> grown(NextSize(chains_.size()));
    for (const Chain& chain : chains_) {
      for (auto bucket = chain.rbegin(); bucket != chain.rend(); ++bucket) {
        for (const std::int64_t number : *bucket) Put(grown, number);
      }
    }
    chains_ = std::move(grown);
  }

  TextTable texts_;
  std::vector<Chain> chains_;
  std::size_t count_ = 0;
};

// Numbers from 0 on, in blocks that double in size, each of leaves.
class BlockTable {
 public:
  // False where the leaf would waste too much.
  bool Add(std::int64_t number) {
    constexpr int kFirstBlock = 10;  // As long as all of 2 to this.
    constexpr std::size_t kMostUnused = 2048;
    const int bits = number == 0 ? 0 : std::bit_width(static_cast<std::uint64_t>(number)) - 1;
    const int block = std::max(bits, kFirstBlock);
    // What the leaf is taken to need is not always what it gets.
    int expected = block;
    while (expected >= kFirstBlock) expected = (expected + 1) / 2;
    int leaf = (block + 1) / 2;
    while (leaf > kFirstBlock) leaf = (leaf + 1) / 2;
    const std::size_t needed = capacity_ + (std::size_t{1} << expected);
    if (needed > numbers_.size() + kMostUnused) return false;
    const int name = bits < kFirstBlock ? kFirstBlock : bits + 1;
    if (leaves_.emplace(name, number >> leaf).second) capacity_ += std::size_t{1} << leaf;
    numbers_.push_back(number);
    return true;
  }
  void List(std::vector<std::string>& keys) {
    std::sort(numbers_.begin(), numbers_.end());
    for (const std::int64_t number : numbers_) keys.push_back(std::to_string(number));
  }

 private:
  std::set<std::pair<int, std::int64_t>> leaves_;
  std::vector<std::int64_t> numbers_;
  std::size_t capacity_ = 0;
};

}  // namespace

std::vector<std::string> TableOrder(const std::vector<std::string>& keys) {
  std::vector<std::string> listed;
  listed.reserve(keys.size());
  if (keys.empty()) return listed;
  // The first key says of what kind the table is; the first one that is none of these begins
  // another.
  const auto first = WholeNumber(keys[0]);
  BlockTable blocks;
  std::unique_ptr<TextTable> texts;
  std::unique_ptr<NumberTable> numbers;
  for (const std::string& key : keys) {
    const auto number = WholeNumber(key);
    if (first && *first >= 0 && number && *number >= 0 && blocks.Add(*number)) continue;
    if (!texts && !numbers) {
      if (number) {
        numbers = std::make_unique<NumberTable>();
      } else {
        texts = std::make_unique<TextTable>();
      }
    }
    if (texts) texts->Add(key);
    if (numbers) numbers->Add(key);
  }
  if (texts) texts->List(listed);
  if (numbers) numbers->List(listed);
  blocks.List(listed);
  return listed;
}

}  // namespace computesdk::in_memory::awk
