#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/numbers/big_integer.h"
#include "mocks/in_memory/utilities/numbers/number_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

__extension__ using Wide = unsigned __int128;

// What is divided out one by one, before anything cleverer.
constexpr std::uint64_t kTrialLimit = 4096;
// One power modulo a larger number would take seconds, and nothing could stop it meanwhile.
constexpr std::size_t kMaxBits = 4000;
constexpr std::uint64_t kWitnesses[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};

// Arithmetic modulo a number of 64 bits.
class WordRing {
 public:
  using Number = std::uint64_t;
  explicit WordRing(Number modulus) : modulus_(modulus) {}
  Number modulus() const { return modulus_; }
  Number Of(std::uint64_t value) const { return value % modulus_; }
  Number Multiply(Number a, Number b) const {
    return static_cast<Number>(static_cast<Wide>(a) * b % modulus_);
  }
  Number Increment(Number a, std::uint64_t by) const {
    return static_cast<Number>((static_cast<Wide>(a) + by) % modulus_);
  }
  static Number Distance(Number a, Number b) { return a > b ? a - b : b - a; }
  Number Gcd(Number a) const {
    Number b = modulus_;
    while (a != 0) b = std::exchange(a, b % a);
    return b;
  }
  Number Power(Number base, Number exponent) const {
    Number result = 1;
    for (; exponent > 0; exponent /= 2) {
      if (exponent % 2 == 1) result = Multiply(result, base);
      base = Multiply(base, base);
    }
    return result;
  }
  static bool IsOdd(Number a) { return a % 2 == 1; }
  static Number Half(Number a) { return a / 2; }

 private:
  const Number modulus_;
};

// The same for numbers of any size.
class BigRing {
 public:
  using Number = BigInteger;
  explicit BigRing(Number modulus) : modulus_(std::move(modulus)) {}
  const Number& modulus() const { return modulus_; }
  Number Of(std::uint64_t value) const { return BigInteger(static_cast<std::int64_t>(value)); }
  Number Multiply(const Number& a, const Number& b) const { return a * b % modulus_; }
  Number Increment(const Number& a, std::uint64_t by) const {
    return (a + static_cast<std::int64_t>(by)) % modulus_;
  }
  static Number Distance(const Number& a, const Number& b) { return (a - b).Absolute(); }
  Number Gcd(const Number& a) const {
    BigInteger result;
    BN_gcd(result.get(), a.get(), modulus_.get(), BigIntegerContext());
    return result;
  }
  Number Power(const Number& base, const Number& exponent) const {
    BigInteger result;
    BN_mod_exp(result.get(), base.get(), exponent.get(), modulus_.get(), BigIntegerContext());
    return result;
  }
  static bool IsOdd(const Number& a) { return a.IsOdd(); }
  static Number Half(const Number& a) { return a.Shifted(-1); }

 private:
  const Number modulus_;
};

// The test of Miller and Rabin of an odd number; sure below 2^64, and as good as sure above.
template <typename Ring>
bool IsPrime(const Ring& ring) {
  using Number = typename Ring::Number;
  const Number last = ring.modulus() - 1;
  Number odd = last;
  int halvings = 0;
  for (; !Ring::IsOdd(odd); ++halvings) odd = Ring::Half(odd);
  for (const std::uint64_t witness : kWitnesses) {
    const Number base = ring.Of(witness);
    if (base == Number(0)) continue;
    Number power = ring.Power(base, odd);
    bool passed = power == Number(1) || power == last;
    for (int i = 1; i < halvings && !passed; ++i) {
      power = ring.Multiply(power, power);
      passed = power == last;
    }
    if (!passed) return false;
  }
  return true;
}

// A factor of what is not prime: Pollard's rho, with Brent's way to find the cycle.
template <typename Ring>
typename Ring::Number FindFactor(Process& process, const Ring& ring) {
  using Number = typename Ring::Number;
  for (std::uint64_t offset = 1;; ++offset) {
    const auto next = [&](const Number& x) { return ring.Increment(ring.Multiply(x, x), offset); };
    Number slow = ring.Of(2);
    Number fast = slow;
    Number product = ring.Of(1);
    std::uint64_t length = 1;
    std::uint64_t steps = 0;
    while (true) {
      // The common divisor costs much: it is taken of a hundred differences together.
      const Number block = fast;
      std::uint64_t block_steps = 0;
      for (; block_steps < 100 && steps + block_steps < length; ++block_steps) {
        fast = next(fast);
        product = ring.Multiply(product, Ring::Distance(slow, fast));
      }
      process.Checkpoint();
      Number divisor = ring.Gcd(product);
      if (divisor == ring.modulus()) {
        Number again = block;
        do {
          process.Checkpoint();
          again = next(again);
          divisor = ring.Gcd(Ring::Distance(slow, again));
        } while (divisor == Number(1));
      }
      if (divisor == ring.modulus()) break;  // Another offset.
      if (!(divisor == Number(1))) return divisor;
      steps += block_steps;
      if (steps == length) {
        slow = fast;
        length *= 2;
        steps = 0;
      }
    }
  }
}

class Factorizer {
 public:
  explicit Factorizer(Process& process) : process_(process) {}

  std::vector<BigInteger> Run(BigInteger value) {
    for (std::uint64_t divisor = 2; divisor < kTrialLimit; divisor += divisor == 2 ? 1 : 2) {
      while (!value.IsZero() && BN_mod_word(value.get(), divisor) == 0) {
        process_.Checkpoint();
        BN_div_word(value.get(), divisor);
        primes_.emplace_back(static_cast<std::int64_t>(divisor));
      }
    }
    std::vector<BigInteger> pending = {std::move(value)};
    while (!pending.empty()) {
      BigInteger number = std::move(pending.back());
      pending.pop_back();
      if (number == 1 || number == 0) continue;
      std::optional<BigInteger> factor = FactorOf(number);
      if (!factor) {
        primes_.push_back(std::move(number));
        continue;
      }
      pending.push_back(number / *factor);
      pending.push_back(std::move(*factor));
    }
    std::sort(primes_.begin(), primes_.end());
    return std::move(primes_);
  }

 private:
  std::optional<BigInteger> FactorOf(const BigInteger& number) {
    if (number.Bits() <= 63) {
      const WordRing ring(static_cast<std::uint64_t>(number.ToInt64().value_or(0)));
      if (IsPrime(ring)) return std::nullopt;
      return BigInteger(static_cast<std::int64_t>(FindFactor(process_, ring)));
    }
    if (number.Bits() > kMaxBits) {
      Complain(process_, "a factor of " + std::to_string(number.Bits()) + " bits is too large");
      process_.Exit(1);
    }
    const BigRing ring(number);
    process_.Checkpoint();
    if (IsPrime(ring)) return std::nullopt;
    return FindFactor(process_, ring);
  }

  Process& process_;
  std::vector<BigInteger> primes_;
};

bool FactorWord(Process& process, Output& out, std::string_view word) {
  const std::string shown(word);
  while (word.starts_with(' ')) word.remove_prefix(1);
  if (word.starts_with('+')) word.remove_prefix(1);
  // Numbers of more digits would take longer than anybody waits.
  constexpr std::size_t kMaxDigits = 20000;
  const auto value =
      word.size() > kMaxDigits || word.starts_with('-') ? std::nullopt : BigInteger::Parse(word);
  if (!value) {
    Complain(process, LocaleQuoted(process, shown) + " is not a valid positive integer");
    return false;
  }
  out << value->ToString() << ":";
  for (const BigInteger& prime : Factorizer(process).Run(*value)) out << " " << prime.ToString();
  out.Put('\n');
  return true;
}

}  // namespace

int FactorMain(Process& process) {
  Options options(process, "");
  while (options.Next()) {
  }
  Output out(process);
  bool good = true;
  for (const std::string& operand : options.operands()) {
    good = FactorWord(process, out, operand) && good;
  }
  if (options.operands().empty()) {
    Input in(process, 0);
    while (const auto line = in.ReadLine()) {
      std::string_view rest = *line;
      while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.empty()) break;
        const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
        good = FactorWord(process, out, word) && good;
        rest.remove_prefix(word.size());
      }
    }
  }
  return out.Finish(good ? 0 : 1);
}

}  // namespace computesdk::in_memory
