#include "conformance/unique_words.h"

#include <unistd.h>

#include <chrono>
#include <random>

namespace computesdk::conformance {
namespace {

constexpr std::uint32_t kThreeDigits = 36 * 36;  // And more, up to 36 times as many.

std::string Base36(std::uint64_t value) {
  std::string out;
  do {
    out.insert(out.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36]);
    value /= 36;
  } while (value > 0);
  return out;
}

}  // namespace

UniqueWords::UniqueWords() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  // A letter first, so that it may be a name anywhere; the count is kept apart from it.
  prefix_ = "k" + Base36(static_cast<std::uint64_t>(micros)) +
            Base36(kThreeDigits + std::random_device{}() % kThreeDigits) + "x";
}

std::string UniqueWords::Next() { return prefix_ + Base36(kThreeDigits + count_++); }

}  // namespace computesdk::conformance
