#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "mocks/in_memory/utilities/numbers/big_integer.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

[[noreturn]] void SeqError(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(1);
}

struct Operand {
  std::string text;
  long double value = 0;
  std::size_t width = 0;                     // Of the number in plain digits.
  std::optional<std::size_t> precision = 0;  // Digits after the point; none for "1e3" or "0x1".
};

struct Sequence {
  Operand first;
  Operand step;
  Operand last;
};

// Larger exponents name numbers that are infinite or zero.
constexpr std::int64_t kMaxExponent = 20000;

// Counts the digits that a number has when it is written without its exponent.
void ApplyExponent(Operand& operand, std::int64_t exponent, bool has_point) {
  const auto size = static_cast<std::size_t>(std::abs(exponent));
  if (exponent < 0) {
    *operand.precision += size;
    if (!has_point) ++operand.width;
  } else {
    *operand.precision -= std::min(*operand.precision, size);
  }
  operand.width += size;
}

Operand ParseOperand(Process& process, const std::string& text) {
  Operand operand;
  operand.text = text;
  char* end = nullptr;
  operand.value = std::strtold(text.c_str(), &end);
  if (text.empty() || *end != '\0') {
    UsageError(process, "invalid floating point argument: " + LocaleQuoted(process, text));
  }
  if (std::isnan(operand.value)) {
    UsageError(process, "invalid " + LocaleQuoted(process, "not-a-number") +
                            " argument: " + LocaleQuoted(process, text));
  }
  std::string_view digits = text;
  while (std::isspace(static_cast<unsigned char>(digits[0])) != 0) digits.remove_prefix(1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  operand.width = digits.size();
  if (std::isinf(operand.value)) return operand;
  if (digits.find_first_of("xX") != std::string_view::npos) {
    if (digits.find_first_of(".pP") != std::string_view::npos) operand.precision.reset();
    return operand;
  }
  std::optional<std::int64_t> exponent;
  if (const auto letter = digits.find_first_of("eE"); letter != std::string_view::npos) {
    exponent = std::clamp<std::int64_t>(ParseInteger(digits.substr(letter + 1)).value_or(0),
                                        -kMaxExponent, kMaxExponent);
    digits = digits.substr(0, letter);
    operand.width = digits.size();
  }
  if (const auto point = digits.find('.'); point != std::string_view::npos) {
    operand.precision = digits.size() - point - 1;
    if (*operand.precision == 0) --operand.width;
    if (point == 0 || (point == 1 && digits[0] == '-')) ++operand.width;
  }
  if (exponent) ApplyExponent(operand, *exponent, digits.find('.') != std::string_view::npos);
  return operand;
}

Sequence ParseSequence(Process& process, const std::vector<std::string>& operands) {
  if (operands.empty()) UsageError(process, "missing operand");
  if (operands.size() > 3)
    UsageError(process, "extra operand " + LocaleQuoted(process, operands[3]));
  Sequence sequence;
  sequence.last = ParseOperand(process, operands.back());
  sequence.first = ParseOperand(process, operands.size() > 1 ? operands[0] : "1");
  sequence.step = ParseOperand(process, operands.size() > 2 ? operands[1] : "1");
  if (sequence.step.value == 0) {
    UsageError(process,
               "invalid Zero increment value: " + LocaleQuoted(process, sequence.step.text));
  }
  return sequence;
}

// Numbers may be negative: what looks like one is no option.
void ProtectNegativeNumbers(Process& process) {
  auto& args = process.args;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::string& word = args[i];
    if (word == "--" || word.empty() || word[0] != '-') return;
    if (word.size() > 1 && (word[1] == '.' || (word[1] >= '0' && word[1] <= '9'))) {
      args.insert(args.begin() + static_cast<std::ptrdiff_t>(i), "--");
      return;
    }
    if (word == "-s" || word == "-f" || word == "--separator" || word == "--format") ++i;
  }
}

constexpr std::size_t kMaxSeqDigits = 100000;

// Shown as "-0", by what prints decimals.
bool IsNegativeZero(const Operand& operand) {
  return operand.value == 0 && std::signbit(operand.value);
}

std::optional<std::int64_t> Whole(const Operand& operand) {
  if (operand.precision != std::size_t{0} || operand.text.find('.') != std::string::npos) {
    return std::nullopt;
  }
  if (std::fabs(operand.value) > 1e18L) return std::nullopt;
  if (IsNegativeZero(operand)) return std::nullopt;
  return ParseInteger(operand.text);
}

void PrintWhole(Process& process, Output& out, std::int64_t first, std::int64_t step,
                std::int64_t last, const std::string& separator) {
  char digits[24];
  bool started = false;
  for (std::int64_t value = first; (step > 0 ? value <= last : value >= last) && out.ok();
       value += step) {
    process.Checkpoint();
    if (started) out << separator;
    started = true;
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.Write({digits, static_cast<std::size_t>(end - digits)});
  }
  if (started) out.Put('\n');
}

// The same for numbers of any size.
void PrintLarge(Process& process, Output& out, const Sequence& sequence,
                const std::string& separator) {
  const auto parse = [](const Operand& operand) {
    const std::string_view digits = operand.text;
    return BigInteger::Parse(digits.substr(digits.starts_with('+') ? 1 : 0)).value_or(0);
  };
  const BigInteger step = parse(sequence.step);
  const BigInteger last = parse(sequence.last);
  bool started = false;
  for (BigInteger value = parse(sequence.first);
       (step.IsNegative() ? value >= last : value <= last) && out.ok(); value = value + step) {
    process.Checkpoint();
    if (started) out << separator;
    started = true;
    out << value.ToString();
  }
  if (started) out.Put('\n');
}

bool IsLargeWhole(const Operand& operand) {
  if (IsNegativeZero(operand)) return false;
  std::string_view digits = operand.text;
  if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
  return !digits.empty() && digits.size() < kMaxSeqDigits &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

// A format with the one directive that seq allows, made fit for long double.
std::string CheckedFormat(Process& process, const std::string& format) {
  const std::string shown = LocaleQuoted(process, format);
  std::string result;
  int directives = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    result.push_back(format[i]);
    if (format[i] != '%') continue;
    if (i + 1 < format.size() && format[i + 1] == '%') {
      result.push_back(format[++i]);
      continue;
    }
    const auto letter = format.find_first_not_of("-+#0 '123456789.", i + 1);
    if (letter == std::string::npos ||
        std::string_view("aAeEfFgG").find(format[letter]) == std::string_view::npos) {
      SeqError(process, letter == std::string::npos
                            ? "format " + shown + " ends in %"
                            : "format " + shown + " has unknown %" + format[letter] + " directive");
    }
    if (++directives > 1) {
      SeqError(process, "format " + shown + " has too many % directives");
    }
    result.append(format, i + 1, letter - i - 1);
    result.push_back('L');
    result.push_back(format[letter]);
    i = letter;
  }
  if (directives == 0) SeqError(process, "format " + shown + " has no % directive");
  return result;
}

std::string DefaultFormat(const Sequence& sequence, bool equal_width) {
  const Operand& first = sequence.first;
  const Operand& last = sequence.last;
  if (!first.precision || !sequence.step.precision || !last.precision) return "%Lg";
  const std::size_t precision = std::max(*first.precision, *sequence.step.precision);
  std::string format = "%";
  if (equal_width) {
    const auto width = [&](const Operand& operand) {
      std::size_t result = operand.width + precision - *operand.precision;
      if (precision > 0 && *operand.precision == 0) ++result;
      if (precision == 0 && *operand.precision > 0) --result;
      return result;
    };
    format += "0" + std::to_string(std::max(width(first), width(last)));
  }
  return format + "." + std::to_string(precision) + "Lf";
}

std::string Formatted(const std::string& format, long double value) {
  char small[128];
  const int length = std::snprintf(small, sizeof small, format.c_str(), value);
  if (length < 0) return "";
  if (static_cast<std::size_t>(length) < sizeof small)
    return {small, static_cast<std::size_t>(length)};
  std::string large(static_cast<std::size_t>(length) + 1, '\0');
  (void)std::snprintf(large.data(), large.size(), format.c_str(), value);
  large.pop_back();
  return large;
}

void PrintDecimals(Process& process, Output& out, const Sequence& sequence,
                   const std::string& format, const std::string& separator) {
  const long double step = sequence.step.value;
  const long double last = sequence.last.value;
  const auto beyond = [&](long double value) { return step < 0 ? value < last : value > last; };
  std::string before;
  bool started = false;
  for (long double i = 0; out.ok(); ++i) {
    process.Checkpoint();
    // A sum would take the sign of -0.
    const long double value = i == 0 ? sequence.first.value : sequence.first.value + i * step;
    const std::string text = Formatted(format, value);
    if (beyond(value)) {
      // 0.1 * 3 may lie just above 0.3: what prints as the last number is the last number.
      const bool rounded = started && text != before && std::strtold(text.c_str(), nullptr) == last;
      if (!rounded) break;
    }
    if (started) out << separator;
    started = true;
    out << text;
    if (beyond(value)) break;
    before = text;
  }
  if (started) out.Put('\n');
}

}  // namespace

int SeqMain(Process& process) {
  ProtectNegativeNumbers(process);
  Options options(process, "+f:s:w",
                  {{"format", 'f', Options::kRequired},
                   {"separator", 's', Options::kRequired},
                   {"equal-width", 'w'}});
  std::optional<std::string> format;
  std::string separator = "\n";
  bool equal_width = false;
  while (auto option = options.Next()) {
    if (option->letter == 'f') format = CheckedFormat(process, option->value);
    if (option->letter == 's') separator = option->value;
    if (option->letter == 'w') equal_width = true;
  }
  const Sequence sequence = ParseSequence(process, options.operands());
  if (format && equal_width) {
    UsageError(process, "format string may not be specified when printing equal width strings");
  }
  Output out(process);
  const auto first = Whole(sequence.first);
  const auto step = Whole(sequence.step);
  const auto last = Whole(sequence.last);
  if (first && step && last && !format && !equal_width) {
    PrintWhole(process, out, *first, *step, *last, separator);
  } else if (!format && !equal_width && IsLargeWhole(sequence.first) &&
             IsLargeWhole(sequence.step) && IsLargeWhole(sequence.last)) {
    PrintLarge(process, out, sequence, separator);
  } else {
    PrintDecimals(process, out, sequence, format.value_or(DefaultFormat(sequence, equal_width)),
                  separator);
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
