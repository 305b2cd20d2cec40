#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_PERL_REGEX_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_PERL_REGEX_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tl/expected.hpp"

namespace computesdk::in_memory {

struct PerlOptions {
  bool ignore_case = false;
  bool multiline = false;  // "^" and "$" match at each line's ends.
  bool extended = false;   // Blanks and comments in the expression mean nothing.
  bool unicode = false;    // \w, \d and their like know the letters of all scripts.
};

// A regular expression of Perl on UTF-8 text, as PCRE2 has it, with its limits against explosions.
class PerlRegex {
 public:
  // Byte offsets; {npos, npos} where nothing is found.
  using Span = std::pair<std::size_t, std::size_t>;

  // Errors are PCRE2's words.
  static tl::expected<PerlRegex, std::string> Compile(std::string_view pattern,
                                                      PerlOptions options);

  // The leftmost match that begins at `start` or later.
  tl::expected<Span, std::string> Find(std::string_view subject, std::size_t start) const;
  // The same, with the groups behind it; {npos, npos} for one that took no part. False for none.
  tl::expected<bool, std::string> Match(std::string_view subject, std::size_t start,
                                        std::vector<Span>& groups) const;
  // The names of the groups, from the first; empty for one without.
  std::vector<std::string> GroupNames() const;

 private:
  struct Impl;
  explicit PerlRegex(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  std::shared_ptr<const Impl> impl_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_PERL_REGEX_H_
