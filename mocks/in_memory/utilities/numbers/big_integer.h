#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_NUMBERS_BIG_INTEGER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_NUMBERS_BIG_INTEGER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "openssl/bn.h"

namespace computesdk::in_memory {

class Process;

// A whole number of any size. The numbers are libcrypto's, which the digests need anyway.
class BigInteger {
 public:
  BigInteger() : BigInteger(0) {}
  BigInteger(std::int64_t value);  // NOLINT(google-explicit-constructor): as with built-in numbers.
  BigInteger(const BigInteger& other);
  BigInteger(BigInteger&& other) noexcept = default;
  BigInteger& operator=(const BigInteger& other);
  BigInteger& operator=(BigInteger&& other) noexcept = default;
  ~BigInteger() = default;

  // Decimal digits behind an optional "-"; nullopt for anything else.
  static std::optional<BigInteger> Parse(std::string_view text);
  // Ten to that power.
  static BigInteger PowerOfTen(std::size_t exponent);

  bool IsZero() const { return BN_is_zero(number_.get()) != 0; }
  bool IsNegative() const { return BN_is_negative(number_.get()) != 0; }
  bool IsOdd() const { return BN_is_odd(number_.get()) != 0; }
  // How many bits the magnitude has.
  std::size_t Bits() const { return static_cast<std::size_t>(BN_num_bits(number_.get())); }
  // The value, where 64 bits hold it.
  std::optional<std::int64_t> ToInt64() const;
  // In decimal. Numbers of a million digits take a while: looks at the process's Checkpoint.
  std::string ToString(Process* process = nullptr) const;
  BigInteger Absolute() const;
  // The magnitude times two to the power of `bits`; divided by it where negative.
  BigInteger Shifted(int bits) const;

  BigInteger operator-() const;
  friend BigInteger operator+(const BigInteger& a, const BigInteger& b);
  friend BigInteger operator-(const BigInteger& a, const BigInteger& b);
  friend BigInteger operator*(const BigInteger& a, const BigInteger& b);
  // Towards zero; the remainder has the sign of the dividend. `b` is not zero.
  friend BigInteger operator/(const BigInteger& a, const BigInteger& b);
  friend BigInteger operator%(const BigInteger& a, const BigInteger& b);
  friend std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b);
  friend bool operator==(const BigInteger& a, const BigInteger& b) { return (a <=> b) == 0; }

  // The number as libcrypto's functions take it.
  const BIGNUM* get() const { return number_.get(); }
  BIGNUM* get() { return number_.get(); }

 private:
  struct Free {
    void operator()(BIGNUM* number) const { BN_free(number); }
  };
  std::unique_ptr<BIGNUM, Free> number_;
};

struct Division {
  BigInteger quotient;
  BigInteger remainder;
};
// Both at once. `divisor` is not zero.
Division Divide(const BigInteger& dividend, const BigInteger& divisor);
// base to the power of `exponent`, which is not negative.
BigInteger Power(const BigInteger& base, const BigInteger& exponent);
// The square root of what is not negative, rounded down.
BigInteger SquareRoot(const BigInteger& value);
// Room for intermediate results, one for each thread.
BN_CTX* BigIntegerContext();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_NUMBERS_BIG_INTEGER_H_
