#include "mocks/in_memory/utilities/version_order.h"

#include <cctype>

namespace computesdk::in_memory {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "~" is before the end, which is before letters, which are before everything else.
int Weight(std::string_view text, std::size_t at) {
  if (at >= text.size()) return -1;
  const auto c = static_cast<unsigned char>(text[at]);
  if (IsDigit(text[at])) return 0;
  if (std::isalpha(c)) return c;
  if (c == '~') return -2;
  return c + 256;
}

int CompareRuns(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !IsDigit(a[i])) || (j < b.size() && !IsDigit(b[j]))) {
      const int left = Weight(a, i);
      const int right = Weight(b, j);
      if (left != right) return left - right;
      ++i;
      ++j;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    int difference = 0;
    while (i < a.size() && j < b.size() && IsDigit(a[i]) && IsDigit(b[j])) {
      if (difference == 0) difference = a[i] - b[j];
      ++i;
      ++j;
    }
    if (i < a.size() && IsDigit(a[i])) return 1;
    if (j < b.size() && IsDigit(b[j])) return -1;
    if (difference != 0) return difference;
  }
  return 0;
}

// The name without extensions such as ".tar.gz".
std::string_view Stem(std::string_view name) {
  std::size_t end = name.size();
  std::size_t at = name.size();
  while (at > 0) {
    const char c = name[at - 1];
    if (c == '.') {
      const bool extension =
          at < name.size() &&
          (std::isalpha(static_cast<unsigned char>(name[at])) || name[at] == '~');
      if (!extension || at == 1) break;
      end = at - 1;
      name = name.substr(0, end);
      at = end;
      continue;
    }
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '~') break;
    --at;
  }
  return name.substr(0, end);
}

}  // namespace

int CompareVersions(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  for (std::string_view special : {"", ".", ".."}) {
    if (a == special) return -1;
    if (b == special) return 1;
  }
  if ((a[0] == '.') != (b[0] == '.')) return a[0] == '.' ? -1 : 1;
  const int stems = CompareRuns(Stem(a), Stem(b));
  return stems != 0 ? stems : CompareRuns(a, b);
}

}  // namespace computesdk::in_memory
