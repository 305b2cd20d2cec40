#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_GREP_MATCHER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_GREP_MATCHER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/grep/perl_regex.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory {

struct MatcherOptions {
  enum class Syntax { kBasic, kExtended, kFixed, kPerl } syntax = Syntax::kBasic;
  bool ignore_case = false;
  bool whole_line = false;
  bool whole_word = false;
  bool null_data = false;  // Lines end at NUL: they may hold newlines.
};

// Where the patterns of a grep are found in a line.
class LineMatcher {
 public:
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  // The error is a message for the user.
  static tl::expected<LineMatcher, std::string> Compile(const std::vector<std::string>& patterns,
                                                        MatcherOptions options);

  // What is odd about the patterns, yet has a meaning.
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Why the last search was given up; empty where it was not.
  const std::string& failure() const { return failure_; }

  bool Matches(std::string_view line) const { return Find(line, 0).has_value(); }
  // The leftmost match from `start` on, the longest of those.
  std::optional<Span> Find(std::string_view line, std::size_t start) const;

 private:
  struct Pattern {
    std::string literal;    // Without `regex`.
    bool at_start = false;  // The literal: of the line.
    std::optional<Regex> regex;
    std::optional<PerlRegex> perl;
  };

  static tl::expected<Pattern, std::string> CompilePerl(const std::string& text,
                                                        const MatcherOptions& options);
  static tl::expected<Pattern, std::string> CompileOne(const std::string& text,
                                                       const MatcherOptions& options,
                                                       std::vector<std::string>& warnings);
  std::optional<Span> FindRaw(const Pattern& pattern, std::string_view line,
                              std::size_t start) const;
  std::optional<Span> FindOne(const Pattern& pattern, std::string_view line,
                              std::size_t start) const;
  std::optional<Span> FindWord(const Pattern& pattern, std::string_view line,
                               std::size_t start) const;

  MatcherOptions options_;
  std::vector<Pattern> patterns_;
  std::vector<std::string> warnings_;
  mutable std::string failure_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_GREP_MATCHER_H_
