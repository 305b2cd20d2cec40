#include "mocks/in_memory/utilities/numbers/numfmt_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace computesdk::in_memory {
namespace {

constexpr std::string_view kLetters = "KMGTPEZY";
// What a long double holds for sure, and what GNU accepts at all.
constexpr int kExactDigits = 18;
constexpr int kMostDigits = 27;

struct Parsed {
  long double value = 0;
  std::size_t precision = 0;
  NumberResult failure;
};

Parsed Failure(std::string error, std::vector<std::string> quoted) {
  return {0, 0, {"", std::move(error), std::move(quoted)}};
}

std::size_t DigitsAt(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of("0123456789", at), text.size());
}

// Digit by digit, with the errors of rounding that GNU's program shows.
long double Accumulated(std::string_view digits) {
  long double value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The sign, the digits and the fraction; `at` goes behind them. An error, or nothing.
std::string ParseDigits(std::string_view text, std::size_t& at, Parsed& parsed) {
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  at = DigitsAt(text, begin);
  if (at == text.size() && at == begin) return "invalid number: %s";
  const bool point = at < text.size() && text[at] == '.';
  if (at == begin && !point) return "invalid number: %s";
  std::size_t significant = text.substr(begin, at - begin).find_first_not_of('0');
  significant = significant == std::string_view::npos ? 0 : at - begin - significant;
  if (significant > static_cast<std::size_t>(kMostDigits)) {
    return "value too large to be converted: %s";
  }
  parsed.value = Accumulated(text.substr(begin, at - begin));
  if (point) {
    const std::size_t end = DigitsAt(text, at + 1);
    if (end == at + 1) return "invalid number: %s";
    parsed.precision = end - at - 1;
    parsed.value += Accumulated(text.substr(at + 1, parsed.precision)) /
                    std::pow(10.0L, static_cast<long double>(parsed.precision));
    at = end;
  }
  if (begin == 1) parsed.value = -parsed.value;
  return "";
}

Parsed ParseNumber(std::string_view text, const NumberStyle& style) {
  Parsed parsed;
  std::size_t at = 0;
  const std::string whole(text);
  if (std::string error = ParseDigits(text, at, parsed); !error.empty()) {
    return Failure(std::move(error), {whole});
  }
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (at == text.size()) {
    if (style.from != NumberScale::kIecI) return parsed;
    return Failure("missing 'i' suffix in input: %s (e.g Ki/Mi/Gi)", {whole});
  }
  const auto power = ScalePower(text[at]);
  if (!power) return Failure("invalid suffix in input: %s", {whole});
  if (style.from == NumberScale::kNone) {
    return Failure("rejecting suffix in input: %s (consider using --from)", {whole});
  }
  ++at;
  bool binary = style.from == NumberScale::kIec || style.from == NumberScale::kIecI;
  const bool marked = at < text.size() && text[at] == 'i';
  if (style.from == NumberScale::kAuto && marked) {
    binary = true;
    ++at;
  } else if (style.from == NumberScale::kIecI) {
    if (!marked) return Failure("missing 'i' suffix in input: %s (e.g Ki/Mi/Gi)", {whole});
    ++at;
  }
  if (at < text.size()) {
    return Failure("invalid suffix in input %s: %s", {whole, std::string(text.substr(at))});
  }
  parsed.value *= std::pow(binary ? 1024.0L : 1000.0L, *power);
  parsed.precision = 0;
  return parsed;
}

long double Rounded(long double value, NumberRound round) {
  switch (round) {
    case NumberRound::kUp:
      return std::ceil(value);
    case NumberRound::kDown:
      return std::floor(value);
    case NumberRound::kTowardsZero:
      return std::trunc(value);
    case NumberRound::kNearest:
      return std::round(value);
    default:
      return value < 0 ? std::floor(value) : std::ceil(value);
  }
}

// How often the base goes into the value, which keeps the rest.
int Reduce(long double& value, long double base) {
  int power = 0;
  for (; std::fabs(value) >= base && power < 100; ++power) value /= base;
  return power;
}

std::string Printed(long double value, std::size_t precision, std::size_t zero_width) {
  const int width = static_cast<int>(zero_width);
  const int digits = static_cast<int>(precision);
  const int length = std::snprintf(nullptr, 0, "%0*.*Lf", width, digits, value);
  std::string text(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
  (void)std::snprintf(text.data(), text.size(), "%0*.*Lf", width, digits, value);
  text.pop_back();
  return text;
}

std::string Unscaled(long double value, std::size_t precision, const NumberStyle& style) {
  const long double unit = std::pow(10.0L, static_cast<long double>(precision));
  return Printed(Rounded(value * unit, style.round) / unit, precision, style.zero_width);
}

std::string Scaled(long double value, const NumberStyle& style) {
  const long double base = style.to == NumberScale::kSi ? 1000 : 1024;
  int power = Reduce(value, base);
  int adjust = std::fabs(value) < 10 ? 1 : 0;
  if (style.precision) adjust = std::min(power * 3, static_cast<int>(*style.precision));
  const long double unit = std::pow(10.0L, adjust);
  value = Rounded(value * unit, style.round) / unit;
  if (std::fabs(value) >= base) {
    value /= base;
    ++power;
  }
  const bool fraction = value != 0 && std::fabs(value) < 10 && power > 0;
  std::string text = Printed(value, style.precision.value_or(fraction ? 1 : 0), style.zero_width);
  if (power > 0) text.push_back(kLetters[static_cast<std::size_t>(power - 1)]);
  if (power > 0 && style.to == NumberScale::kIecI) text.push_back('i');
  return text;
}

}  // namespace

std::optional<int> ScalePower(char letter) {
  const auto at = kLetters.find(letter);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<int>(at) + 1;
}

NumberResult ConvertNumber(std::string_view text, const NumberStyle& style) {
  Parsed parsed = ParseNumber(text, style);
  if (!parsed.failure.error.empty()) return std::move(parsed.failure);
  long double value = parsed.value;
  if (style.from_unit != 1 || style.to_unit != 1) value = value * style.from_unit / style.to_unit;

  const std::size_t precision = style.precision.value_or(parsed.precision);
  long double rest = value;
  const int digits = Reduce(rest, 10);
  std::array<char, 64> shown{};
  (void)std::snprintf(shown.data(), shown.size(), "%Lg", value);
  const bool scaled = style.to != NumberScale::kNone;
  if (!scaled && static_cast<std::size_t>(digits) + precision > kExactDigits) {
    const bool whole = precision == 0;
    return {"",
            std::string(whole ? "value" : "value/precision") + " too large to be printed: '" +
                shown.data() + (whole ? "" : "/" + std::to_string(precision)) +
                "' (consider using --to)",
            {}};
  }
  if (digits > kMostDigits - 1) {
    return {"",
            std::string("value too large to be printed: '") + shown.data() +
                "' (cannot handle values > 999Y)",
            {}};
  }
  return {scaled ? Scaled(value, style) : Unscaled(value, precision, style), "", {}};
}

}  // namespace computesdk::in_memory
