#include "mocks/in_memory/utilities/digest/blake2b.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace computesdk::in_memory {
namespace {

constexpr std::array<std::uint64_t, 8> kInitial = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

constexpr std::array<std::array<unsigned char, 16>, 10> kSigma = {{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};

using Words = std::array<std::uint64_t, 16>;

void Mix(Words& v, const std::array<std::size_t, 4>& at, std::uint64_t x, std::uint64_t y) {
  auto& [a, b, c, d] = at;
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 32);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 24);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 63);
}

}  // namespace

Blake2b::Blake2b(std::size_t bytes) : bytes_(bytes), state_(kInitial) {
  state_[0] ^= 0x01010000 ^ bytes;
}

void Blake2b::Update(std::string_view data) {
  while (!data.empty()) {
    // The last block is compressed in another way: a full one waits until more comes.
    if (used_ == kBlock) Compress(false);
    const std::size_t taken = std::min(kBlock - used_, data.size());
    std::memcpy(block_.data() + used_, data.data(), taken);
    used_ += taken;
    data.remove_prefix(taken);
  }
}

std::string Blake2b::Finish() {
  std::fill(block_.begin() + static_cast<std::ptrdiff_t>(used_), block_.end(), '\0');
  Compress(true);
  std::string digest;
  for (std::size_t i = 0; i < bytes_; ++i) {
    digest.push_back(static_cast<char>(state_[i / 8] >> (8 * (i % 8)) & 0xff));
  }
  return digest;
}

void Blake2b::Compress(bool last) {
  length_ += used_;
  used_ = 0;
  Words message{};
  for (std::size_t i = 0; i < kBlock; ++i) {
    message[i / 8] |= static_cast<std::uint64_t>(block_[i]) << (8 * (i % 8));
  }
  Words v{};
  std::copy(state_.begin(), state_.end(), v.begin());
  std::copy(kInitial.begin(), kInitial.end(), v.begin() + 8);
  v[12] ^= length_;
  if (last) v[14] = ~v[14];
  static constexpr std::array<std::array<std::size_t, 4>, 8> kPlaces = {{{0, 4, 8, 12},
                                                                         {1, 5, 9, 13},
                                                                         {2, 6, 10, 14},
                                                                         {3, 7, 11, 15},
                                                                         {0, 5, 10, 15},
                                                                         {1, 6, 11, 12},
                                                                         {2, 7, 8, 13},
                                                                         {3, 4, 9, 14}}};
  for (std::size_t round = 0; round < 12; ++round) {
    const auto& order = kSigma[round % kSigma.size()];
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
      Mix(v, kPlaces[i], message[order[2 * i]], message[order[2 * i + 1]]);
    }
  }
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i] ^= v[i] ^ v[i + 8];
}

}  // namespace computesdk::in_memory
