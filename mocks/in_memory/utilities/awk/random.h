#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_RANDOM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace computesdk::in_memory::awk {

// The numbers that gawk's rand() gives for a seed: BSD's additive generator of degree 63, whose
// numbers go through a table of 512 that exchanges their order. Programs with a seed of their own
// count on the same numbers in every run.
class Random {
 public:
  void Seed(std::uint32_t seed);
  // From 0 on, and less than 1.
  double Next();

 private:
  static constexpr std::size_t kDegree = 63;
  static constexpr std::size_t kShuffled = 512;

  std::uint32_t Plain();
  std::uint32_t Shuffled();

  std::array<std::uint32_t, kDegree> state_ = {};
  std::size_t front_ = 1;
  std::size_t rear_ = 0;
  std::array<std::uint32_t, kShuffled> table_ = {};
  std::uint32_t last_ = 0;
  bool seeded_ = false;
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_RANDOM_H_
