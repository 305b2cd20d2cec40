#include "mocks/in_memory/utilities/version_order.h"

#include <cstddef>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory {
namespace {

int Sign(int value) { return (value > 0) - (value < 0); }

// The order of a character in the part of a version that is no number: "~" before the end, the
// end before letters, letters before the rest.
int VersionRank(std::string_view text, std::size_t i) {
  if (i >= text.size()) return -1;
  const char c = text[i];
  if (IsDigit(c)) return 0;
  if (IsAlpha(c)) return static_cast<unsigned char>(c);
  if (c == '~') return -2;
  return static_cast<unsigned char>(c) + 256;
}

int CompareVersionParts(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !IsDigit(a[i])) || (j < b.size() && !IsDigit(b[j]))) {
      const int difference = VersionRank(a, i) - VersionRank(b, j);
      if (difference != 0) return Sign(difference);
      ++i;
      ++j;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    int first = 0;
    while (i < a.size() && j < b.size() && IsDigit(a[i]) && IsDigit(b[j])) {
      if (first == 0) first = a[i] - b[j];
      ++i;
      ++j;
    }
    if (i < a.size() && IsDigit(a[i])) return 1;
    if (j < b.size() && IsDigit(b[j])) return -1;
    if (first != 0) return Sign(first);
  }
  return 0;
}

// The length of a name without its suffixes, such as ".tar.gz".
std::size_t WithoutSuffixes(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    end = ++i;
    // A suffix is "." with a letter or "~", and letters, digits and "~".
    while (i + 1 < text.size() && text[i] == '.' && (IsAlpha(text[i + 1]) || text[i + 1] == '~')) {
      for (i += 2; i < text.size() && (IsAlpha(text[i]) || IsDigit(text[i]) || text[i] == '~');) {
        ++i;
      }
    }
  }
  return end;
}

}  // namespace

int CompareVersions(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty() || b.empty()) return a.empty() ? -1 : 1;
  const bool dot_a = a[0] == '.';
  const bool dot_b = b[0] == '.';
  if (dot_a != dot_b) return dot_a ? -1 : 1;
  if (dot_a) {
    for (std::string_view special : {".", ".."}) {
      if (a == special) return -1;
      if (b == special) return 1;
    }
  }
  const std::string_view stem_a = a.substr(0, WithoutSuffixes(a));
  const std::string_view stem_b = b.substr(0, WithoutSuffixes(b));
  const int stems = CompareVersionParts(stem_a, stem_b);
  return stems != 0 ? stems : CompareVersionParts(a, b);
}

}  // namespace computesdk::in_memory
