#include "mocks/in_memory/utilities/bc/number.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Times one more digit, this still fits into a word.
constexpr BN_ULONG kMaxUnit = 1U << 26;

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c - 'A' + 10;
}

// The digit in a base: a letter up to 16, a decimal number of some width beyond.
std::string DigitText(std::int64_t digit, std::int64_t base, std::size_t width) {
  if (base <= 16) return {"0123456789ABCDEF"[digit]};
  const std::string text = std::to_string(digit);
  return std::string(width - text.size(), '0') + text;
}

}  // namespace

void BcArithmetic::RequireBits(std::size_t bits) const {
  process_.Checkpoint();
  if (bits <= kMaxBcBits) return;
  (void)process_.Write(2, "Fatal error: Out of memory for malloc.\n");
  process_.Exit(1);
}

const BigInteger BcArithmetic::PowerOfTen(std::size_t exponent) const {
  RequireBits(exponent / 3 * 10);
  return BigInteger::PowerOfTen(exponent);
}

BcNumber BcArithmetic::Rescaled(const BcNumber& value, std::size_t scale) const {
  if (scale == value.scale) return value;
  if (scale < value.scale) return {value.digits / PowerOfTen(value.scale - scale), scale};
  RequireBits(value.digits.Bits() + (scale - value.scale) / 3 * 10);
  return {value.digits * PowerOfTen(scale - value.scale), scale};
}

BcNumber BcArithmetic::Add(const BcNumber& a, const BcNumber& b) const {
  const std::size_t scale = std::max(a.scale, b.scale);
  return {Rescaled(a, scale).digits + Rescaled(b, scale).digits, scale};
}

BcNumber BcArithmetic::Subtract(const BcNumber& a, const BcNumber& b) const {
  const std::size_t scale = std::max(a.scale, b.scale);
  return {Rescaled(a, scale).digits - Rescaled(b, scale).digits, scale};
}

BcNumber BcArithmetic::Multiply(const BcNumber& a, const BcNumber& b, std::size_t scale) const {
  RequireBits(a.digits.Bits() + b.digits.Bits());
  const std::size_t full = a.scale + b.scale;
  return Rescaled({a.digits * b.digits, full}, std::min(full, std::max({scale, a.scale, b.scale})));
}

BcNumber BcArithmetic::Divide(const BcNumber& a, const BcNumber& b, std::size_t scale) const {
  // a/10^m / (b/10^n) * 10^scale = a * 10^(scale + n - m) / b
  if (scale + b.scale >= a.scale) {
    const std::size_t zeros = scale + b.scale - a.scale;
    RequireBits(a.digits.Bits() + zeros / 3 * 10);
    return {a.digits * PowerOfTen(zeros) / b.digits, scale};
  }
  return {a.digits / (b.digits * PowerOfTen(a.scale - scale - b.scale)), scale};
}

BcNumber BcArithmetic::Modulo(const BcNumber& a, const BcNumber& b, std::size_t scale) const {
  const BcNumber quotient = Divide(a, b, scale);
  const std::size_t rest_scale = std::max(a.scale, b.scale + scale);
  return Rescaled(Subtract(a, Multiply(quotient, b, rest_scale)), rest_scale);
}

BcNumber BcArithmetic::Raise(const BcNumber& base, std::int64_t exponent, std::size_t scale) const {
  if (exponent == 0) return {1, 0};
  const bool negative = exponent < 0;
  const std::size_t times =
      negative ? ~static_cast<std::size_t>(exponent) + 1 : static_cast<std::size_t>(exponent);
  std::size_t bits = 0;
  std::size_t full = 0;
  if (__builtin_mul_overflow(times, base.digits.Bits(), &bits) ||
      __builtin_mul_overflow(times, base.scale, &full)) {
    bits = std::numeric_limits<std::size_t>::max();
  }
  // One and ten have no more digits, however often they are multiplied.
  const bool unit = base.scale == 0 && base.digits.Bits() <= 1;
  if (!unit) RequireBits(bits);
  const std::int64_t odd = times % 2 == 1 ? 1 : 2;
  const BcNumber power = {Power(base.digits, unit ? odd : static_cast<std::int64_t>(times)), full};
  if (!negative) return Rescaled(power, std::min(full, std::max(scale, base.scale)));
  if (power.IsZero()) return {0, 0};
  return Divide({1, 0}, power, scale);
}

BcNumber BcArithmetic::Root(const BcNumber& value, std::size_t scale) const {
  if (value.IsZero()) return {0, 0};
  if (Compare(value, {1, 0}) == 0) return {1, 0};
  const std::size_t result_scale = std::max(scale, value.scale);
  return {SquareRoot(Rescaled(value, 2 * result_scale).digits), result_scale};
}

int BcArithmetic::Compare(const BcNumber& a, const BcNumber& b) const {
  const std::size_t scale = std::max(a.scale, b.scale);
  const auto order = Rescaled(a, scale).digits <=> Rescaled(b, scale).digits;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

BigInteger BcArithmetic::Whole(const BcNumber& value) const { return Rescaled(value, 0).digits; }

BcNumber BcArithmetic::Parse(std::string_view text, int base) const {
  const auto point = std::min(text.find('.'), text.size());
  const std::size_t fraction = text.size() - std::min(point + 1, text.size());
  if (text.size() == 1 && point != 0) return {DigitValue(text[0]), 0};
  RequireBits(text.size() * 4);
  BigInteger digits;
  for (std::size_t at = 0; at < text.size();) {
    // As many digits at a time as fit into a word.
    BN_ULONG chunk = 0;
    BN_ULONG unit = 1;
    for (; at < text.size() && unit < kMaxUnit; ++at) {
      if (text[at] == '.') continue;
      unit *= static_cast<BN_ULONG>(base);
      // A digit that stands alone before the point may be more than the base has.
      const int digit = DigitValue(text[at]);
      const bool alone = at == 0 && point == 1;
      chunk = chunk * static_cast<BN_ULONG>(base) +
              static_cast<BN_ULONG>(alone ? digit : std::min(digit, base - 1));
    }
    BN_mul_word(digits.get(), unit);
    BN_add_word(digits.get(), chunk);
    process_.Checkpoint();
  }
  if (base == 10) return {digits, fraction};
  const BigInteger unit = Power(base, static_cast<std::int64_t>(fraction));
  return Divide({digits, 0}, {unit, 0}, fraction);
}

std::string BcArithmetic::InDecimal(const BcNumber& value) const {
  std::string digits = value.digits.Absolute().ToString(&process_);
  if (digits.size() <= value.scale) digits.insert(0, value.scale + 1 - digits.size(), '0');
  std::string text = digits.substr(0, digits.size() - value.scale);
  if (text == "0") text.clear();
  if (value.scale > 0) text += "." + digits.substr(digits.size() - value.scale);
  return text;
}

std::string BcArithmetic::WholeInBase(BigInteger value, std::int64_t base,
                                      std::size_t width) const {
  std::vector<std::string> digits;
  while (!value.IsZero()) {
    process_.Checkpoint();
    const auto digit = BN_div_word(value.get(), static_cast<BN_ULONG>(base));
    digits.push_back(DigitText(static_cast<std::int64_t>(digit), base, width));
    RequireMemory(process_, digits.size() * sizeof(std::string));
  }
  std::string text;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    if (base > 16) text += ' ';
    text += *digit;
  }
  return text;
}

std::string BcArithmetic::FractionInBase(const BcNumber& value, std::int64_t base,
                                         std::size_t width) const {
  const BigInteger one = PowerOfTen(value.scale);
  BigInteger rest = value.digits.Absolute() % one;
  std::string text = ".";
  // As many digits as say as much as the decimal ones.
  for (BigInteger unit = 1; unit < one; unit = unit * base) {
    Division division = in_memory::Divide(rest * base, one);
    if (base > 16 && text.size() > 1) text += ' ';
    text += DigitText(division.quotient.ToInt64().value_or(0), base, width);
    rest = std::move(division.remainder);
    process_.Checkpoint();
  }
  return text;
}

std::string BcArithmetic::ToText(const BcNumber& value, std::int64_t base) const {
  if (value.IsZero()) return "0";
  const std::string sign = value.IsNegative() ? "-" : "";
  if (base == 10) return sign + InDecimal(value);
  const std::size_t width = std::to_string(base - 1).size();
  std::string text = sign + WholeInBase(Whole(value).Absolute(), base, width);
  if (value.scale > 0) text += FractionInBase(value, base, width);
  return text;
}

}  // namespace computesdk::in_memory
