#include "mocks/in_memory/shell/expansion/arithmetic_number.h"

#include <limits>

namespace computesdk::in_memory::shell {
namespace {

using Unsigned = std::uint64_t;

constexpr auto kGreatest = static_cast<Unsigned>(std::numeric_limits<std::int64_t>::max());

int Digit(char c, int base) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return base <= 36 ? c - 'A' + 10 : c - 'A' + 36;
  if (c == '@') return 62;
  return c == '_' ? 63 : 99;
}

tl::expected<int, NumberProblem> ParseBase(std::string_view text) {
  int base = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      const bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
      return tl::unexpected(NumberProblem{hex ? "invalid number" : "value too great for base"});
    }
    if (base <= 64) base = base * 10 + (c - '0');
  }
  if (text[0] == '0') {  // What begins with 0 has a base already.
    const bool octal = text.find_first_of("89") == std::string_view::npos;
    return tl::unexpected(NumberProblem{octal ? "invalid number" : "value too great for base"});
  }
  if (base < 2 || base > 64) return tl::unexpected(NumberProblem{"invalid arithmetic base"});
  return base;
}

}  // namespace

std::optional<std::int64_t> ParsePlainNumber(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 18 || (digits[0] == '0' && digits.size() > 1)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

tl::expected<std::int64_t, NumberProblem> ParseNumber(std::string_view text, bool plain) {
  int base = 10;
  const std::size_t hash = text.find('#');
  if (hash != std::string_view::npos) {
    if (plain) return tl::unexpected(NumberProblem{""});
    const auto given = ParseBase(text.substr(0, hash));
    if (!given) return tl::unexpected(given.error());
    base = *given;
    text.remove_prefix(hash + 1);
    if (text.find('#', 1) != std::string_view::npos) {
      return tl::unexpected(NumberProblem{"invalid number"});
    }
    if (text.empty() || text[0] == '#')
      return tl::unexpected(NumberProblem{"invalid integer constant"});
  } else if (text.size() > 1 && text[0] == '0') {
    const bool hex = text[1] == 'x' || text[1] == 'X';
    base = hex ? 16 : 8;
    text.remove_prefix(hex ? 2 : 1);
    if (plain && text.empty() && hex) return tl::unexpected(NumberProblem{""});
  }
  Unsigned value = 0;
  for (const char c : text) {
    const int digit = Digit(c, base);
    if (digit >= base) return tl::unexpected(NumberProblem{"value too great for base"});
    const auto added = static_cast<Unsigned>(digit);
    const auto factor = static_cast<Unsigned>(base);
    if (plain && value > (kGreatest - added) / factor) {  // As strtoimax() does.
      return static_cast<std::int64_t>(kGreatest);
    }
    value = value * factor + added;
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace computesdk::in_memory::shell
