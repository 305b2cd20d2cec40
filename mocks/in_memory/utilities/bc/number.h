#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_NUMBER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_NUMBER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mocks/in_memory/utilities/numbers/big_integer.h"

namespace computesdk::in_memory {

// The largest number that bc works with, in bits: a million digits. One operation on such numbers
// takes about a second, and nothing can stop it meanwhile.
inline constexpr std::size_t kMaxBcBits = std::size_t{1} << 22;

// A decimal number: `digits` divided by ten to the power of `scale`.
struct BcNumber {
  BigInteger digits;
  std::size_t scale = 0;

  bool IsZero() const { return digits.IsZero(); }
  bool IsNegative() const { return digits.IsNegative(); }
};

// The arithmetic of bc: how many digits each result keeps, and what is cut off. What would be
// larger than kMaxBcBits ends the program with "Out of memory".
class BcArithmetic {
 public:
  explicit BcArithmetic(Process& process) : process_(process) {}

  BcNumber Add(const BcNumber& a, const BcNumber& b) const;
  BcNumber Subtract(const BcNumber& a, const BcNumber& b) const;
  BcNumber Multiply(const BcNumber& a, const BcNumber& b, std::size_t scale) const;
  // `b` is not zero.
  BcNumber Divide(const BcNumber& a, const BcNumber& b, std::size_t scale) const;
  BcNumber Modulo(const BcNumber& a, const BcNumber& b, std::size_t scale) const;
  BcNumber Raise(const BcNumber& base, std::int64_t exponent, std::size_t scale) const;
  // `value` is not negative.
  BcNumber Root(const BcNumber& value, std::size_t scale) const;
  // Less, equal or greater as a number below, equal to or above 0.
  int Compare(const BcNumber& a, const BcNumber& b) const;
  // Digits in any base up to 36, with a point; digits too large for the base count as its largest.
  BcNumber Parse(std::string_view text, int base) const;
  // As bc prints it. `leading_space` is not there for the first digit of a fraction.
  std::string ToText(const BcNumber& value, std::int64_t base) const;
  // The number with that many digits after the point: more are zeros, fewer cut it.
  BcNumber Rescaled(const BcNumber& value, std::size_t scale) const;
  // What stands before the point.
  BigInteger Whole(const BcNumber& value) const;

 private:
  void RequireBits(std::size_t bits) const;
  const BigInteger PowerOfTen(std::size_t exponent) const;
  std::string InDecimal(const BcNumber& value) const;
  std::string WholeInBase(BigInteger value, std::int64_t base, std::size_t width) const;
  std::string FractionInBase(const BcNumber& value, std::int64_t base, std::size_t width) const;

  Process& process_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_NUMBER_H_
