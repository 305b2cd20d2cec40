#include "mocks/in_memory/utilities/awk/random.h"

namespace computesdk::in_memory::awk {
namespace {

// The minimal standard generator, which fills the state: 16807 x modulo 2^31 - 1 by Schrage's
// method, whose remainders keep the sign of x.
std::uint32_t FillFrom(std::uint32_t before) {
  constexpr std::int64_t kModulus = 0x7fffffff;
  constexpr std::int64_t kQuotient = 127773;
  constexpr std::int32_t kInsteadOfZero = 123459876;
  auto x = static_cast<std::int64_t>(static_cast<std::int32_t>(before));
  if (x == 0) x = kInsteadOfZero;
  x = 16807 * (x % kQuotient) - 2836 * (x / kQuotient);
  return static_cast<std::uint32_t>(x < 0 ? x + kModulus : x);
}

}  // namespace

void Random::Seed(std::uint32_t seed) {
  seeded_ = true;
  state_[0] = seed;
  for (std::size_t i = 1; i < kDegree; ++i) state_[i] = FillFrom(state_[i - 1]);
  front_ = 1;
  rear_ = 0;
  for (std::uint32_t& entry : table_) entry = Plain();
  last_ = Plain();
  for (std::size_t i = 0; i < 10 * kDegree; ++i) (void)Shuffled();
}

double Random::Next() {
  constexpr double kRange = 2147483648.0;
  if (!seeded_) Seed(1);
  while (true) {
    const double low = Shuffled();
    const double high = Shuffled();
    // The sum loses the bits that few numbers have.
    const double value = 0.5 + (low / kRange + high) / kRange - 0.5;
    if (value != 1.0) return value;
  }
}

std::uint32_t Random::Plain() {
  state_[front_] += state_[rear_];
  const std::uint32_t value = state_[front_] >> 1;
  front_ = (front_ + 1) % kDegree;
  rear_ = (rear_ + 1) % kDegree;
  return value;
}

std::uint32_t Random::Shuffled() {
  const std::uint32_t fresh = Plain();
  std::uint32_t& place = table_[last_ % kShuffled];
  last_ = place;
  place = fresh;
  return last_;
}

}  // namespace computesdk::in_memory::awk
