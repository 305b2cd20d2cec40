#include "mocks/in_memory/utilities/numbers/big_integer.h"

#include <limits>
#include <new>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "openssl/crypto.h"

namespace computesdk::in_memory {
namespace {

// libcrypto fails only for want of memory here.
void Require(int success) {
  if (success != 1) throw std::bad_alloc();
}

template <typename T>
T* Require(T* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

// libcrypto's own conversion, whose time grows with the square of the size.
std::string SmallToString(const BigInteger& value) {
  char* const digits = Require(BN_bn2dec(value.get()));
  std::string text = digits;
  OPENSSL_free(digits);
  return text;
}

// So many digits are converted at once.
constexpr std::size_t kPieceDigits = 2000;
constexpr std::size_t kPieceBits = 6640;

}  // namespace

BN_CTX* BigIntegerContext() {
  struct Free {
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  };
  thread_local const std::unique_ptr<BN_CTX, Free> context(Require(BN_CTX_new()));
  return context.get();
}

BigInteger::BigInteger(std::int64_t value) : number_(Require(BN_new())) {
  const std::uint64_t magnitude =
      value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  Require(BN_set_word(number_.get(), magnitude));
  BN_set_negative(number_.get(), value < 0 ? 1 : 0);
}

BigInteger::BigInteger(const BigInteger& other) : number_(Require(BN_dup(other.get()))) {}

BigInteger& BigInteger::operator=(const BigInteger& other) {
  if (this != &other) number_.reset(Require(BN_dup(other.get())));
  return *this;
}

std::optional<BigInteger> BigInteger::Parse(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  BigInteger result;
  BIGNUM* number = result.number_.get();
  if (BN_dec2bn(&number, std::string(text).c_str()) == 0) return std::nullopt;
  return result;
}

BigInteger BigInteger::PowerOfTen(std::size_t exponent) {
  return Power(10, static_cast<std::int64_t>(exponent));
}

std::optional<std::int64_t> BigInteger::ToInt64() const {
  if (Bits() > 63) return std::nullopt;
  const auto magnitude = static_cast<std::int64_t>(BN_get_word(number_.get()));
  return IsNegative() ? -magnitude : magnitude;
}

std::string BigInteger::ToString(Process* process) const {
  if (Bits() <= kPieceBits) return SmallToString(*this);
  // Halved until the pieces are small.
  std::vector<BigInteger> powers = {PowerOfTen(kPieceDigits)};
  while (powers.back().Bits() * 2 <= Bits()) powers.push_back(powers.back() * powers.back());
  std::vector<BigInteger> pieces = {Absolute()};
  for (auto power = powers.rbegin(); power != powers.rend(); ++power) {
    std::vector<BigInteger> halves;
    for (const BigInteger& piece : pieces) {
      if (process != nullptr) process->Checkpoint();
      Division halved = Divide(piece, *power);
      halves.push_back(std::move(halved.quotient));
      halves.push_back(std::move(halved.remainder));
    }
    pieces = std::move(halves);
  }
  std::string text;
  for (const BigInteger& piece : pieces) {
    if (text.empty() && piece.IsZero()) continue;
    const std::string digits = SmallToString(piece);
    if (!text.empty()) text.append(kPieceDigits - digits.size(), '0');
    text += digits;
  }
  return (IsNegative() ? "-" : "") + text;
}

BigInteger BigInteger::Absolute() const {
  BigInteger result(*this);
  BN_set_negative(result.get(), 0);
  return result;
}

BigInteger BigInteger::Shifted(int bits) const {
  BigInteger result;
  Require(bits >= 0 ? BN_lshift(result.get(), get(), bits) : BN_rshift(result.get(), get(), -bits));
  return result;
}

BigInteger BigInteger::operator-() const {
  BigInteger result(*this);
  BN_set_negative(result.get(), IsNegative() || IsZero() ? 0 : 1);
  return result;
}

BigInteger operator+(const BigInteger& a, const BigInteger& b) {
  BigInteger result;
  Require(BN_add(result.get(), a.get(), b.get()));
  return result;
}

BigInteger operator-(const BigInteger& a, const BigInteger& b) {
  BigInteger result;
  Require(BN_sub(result.get(), a.get(), b.get()));
  return result;
}

BigInteger operator*(const BigInteger& a, const BigInteger& b) {
  BigInteger result;
  Require(BN_mul(result.get(), a.get(), b.get(), BigIntegerContext()));
  return result;
}

BigInteger operator/(const BigInteger& a, const BigInteger& b) { return Divide(a, b).quotient; }

BigInteger operator%(const BigInteger& a, const BigInteger& b) { return Divide(a, b).remainder; }

std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b) {
  return BN_cmp(a.get(), b.get()) <=> 0;
}

Division Divide(const BigInteger& dividend, const BigInteger& divisor) {
  Division result;
  Require(BN_div(result.quotient.get(), result.remainder.get(), dividend.get(), divisor.get(),
                 BigIntegerContext()));
  return result;
}

BigInteger Power(const BigInteger& base, const BigInteger& exponent) {
  BigInteger result;
  Require(BN_exp(result.get(), base.get(), exponent.get(), BigIntegerContext()));
  return result;
}

BigInteger SquareRoot(const BigInteger& value) {
  if (value.IsZero()) return value;
  // Newton from above: falls until it has arrived.
  BigInteger root = BigInteger(1).Shifted(static_cast<int>((value.Bits() + 1) / 2));
  while (true) {
    BigInteger next = (root + value / root).Shifted(-1);
    if (next >= root) return root;
    root = std::move(next);
  }
}

}  // namespace computesdk::in_memory
