#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_REGEX_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_REGEX_H_

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/in_memory/text/regex.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory::awk {

// A regular expression of awk: escapes as in strings, also in brackets; "{" where it can be no
// interval is ordinary. One of ordinary characters alone is searched for as such.
class Matcher {
 public:
  static tl::expected<Matcher, std::string> Compile(std::string_view source, bool ignore_case);

  bool Matches(std::string_view text) const {
    return regex_ ? regex_->Match(text) : text.find(literal_) != std::string_view::npos;
  }
  bool Find(std::string_view text, std::vector<Regex::Group>& groups, std::size_t start) const;

 private:
  std::string literal_;
  std::optional<Regex> regex_;
};

// The letters whose escapes mean nothing in a regular expression: gawk warns of them.
std::string UnknownEscapes(std::string_view source);

// Compiled expressions by their text: a dynamic one is often the same again.
class MatcherCache {
 public:
  // `fresh` is set where it has not been compiled before.
  tl::expected<const Matcher*, std::string> Get(const std::string& source, bool ignore_case,
                                                bool& fresh);

 private:
  std::unordered_map<std::string, Matcher> matchers_[2];
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_REGEX_H_
