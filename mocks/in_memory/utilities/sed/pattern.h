#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_PATTERN_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/text/regex.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory::sed {

// A regular expression of a script; one of ordinary characters alone is searched for as such.
struct Pattern {
  std::string literal = {};
  std::optional<Regex> regex = {};

  bool Find(std::string_view text, std::vector<Regex::Group>& groups, std::size_t start) const;
};

// Takes sed's escapes for control characters, too.
tl::expected<Pattern, std::string> CompileSedPattern(std::string_view source, RegexOptions options);

// The text from `at` up to the delimiter, behind which `at` is moved; nullopt where there is none.
// An escaped delimiter stands for itself; so does one in the brackets of a regular expression.
std::optional<std::string> TakeDelimited(std::string_view text, std::size_t& at, char delimiter,
                                         bool regex);

// \t, \x41 and their like, at text[i] behind the backslash; moves i behind it.
std::optional<char> ControlEscape(std::string_view text, std::size_t& i);

}  // namespace computesdk::in_memory::sed

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_PATTERN_H_
